"""Origins of events against a ledger held as a Python dictionary: the rule in plain words, case by case."""

from collections import defaultdict
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.events.schema import CONTENT, EVENTS
from stillwatch.features import Batch, Family, Keyring, event_keys
from stillwatch.features.families import family_of, tagged
from stillwatch.features.served import DAY_US, ELSEWHERE, FOREIGN, OWN, UNJUDGED, Issued
from stillwatch.text import hash_strings, tokenize
from stillwatch.text.spans import spans

TOKEN = Keyring.of(b"secret").token
KEY = np.uint64(77)
TODAY = 20_000


def prose(seed, words=60):
    rng = np.random.default_rng(seed)
    return " ".join("".join(chr(97 + c) for c in rng.integers(0, 26, 6)) for _ in range(words))


def spans_of(text):
    return spans(tokenize(pa.array([text], pa.large_string()), TOKEN), 1 << 20)[0]


def mark(account):
    return hash_strings(pa.array([account], pa.large_string()), KEY)[0]


class Book:
    """The naive ledger: span -> [(response, account, day)]."""

    def __init__(self, *responses, covered=True, common=()):
        self.held, self.covered = defaultdict(list), covered
        self.common = {int(s) for text in common for s in spans_of(text)}
        for number, (account, day, text) in enumerate(responses):
            for span in set(spans_of(text).tolist()):
                self.held[span].append((number, mark(account), day))

    def lookup(self, asked):
        rows = [
            (i, *hit)
            for i, s in enumerate(asked.tolist())
            if s not in self.common
            for hit in self.held.get(s, [])
        ]
        query, response, account, day = zip(*rows, strict=True) if rows else ((),) * 4
        return SimpleNamespace(
            query=np.array(query, np.int64), response=np.array(response, np.int64),
            account=np.array(account, np.uint64), day=np.array(day, np.int32),
            common=np.array([s in self.common for s in asked.tolist()], np.bool_),
        )  # fmt: skip

    def identity(self, responses):
        return responses.astype(np.uint64) * np.uint64(2) + np.uint64(1)

    def covers(self, source, day):
        return self.covered


def batch(*rows):
    columns = {f.name: pa.array([r.get(f.name) for r in rows], f.type) for f in EVENTS}
    messages = pa.array([r["messages"] for r in rows], CONTENT.field("messages").type)
    return Batch(pa.record_batch(columns), pa.record_batch({"messages": messages}))


def call(account, *turns, day=TODAY, **columns):
    roles = ("user", "assistant")
    messages = [{"role": roles[i % 2], "text": t} for i, t in enumerate(turns)]
    return {"account_id": account, "ts": day * DAY_US, "messages": messages, **columns}


def judged(book, row, **options):
    ring = Keyring.of(b"secret", issued=Issued(book, KEY, **options))
    return event_keys(batch(row), ring)


R = prose(41)
HALF = " ".join(R.split()[:30])
SENTENCE = " ".join(R.split()[:9])


@pytest.mark.parametrize(
    ("book", "row", "back"),
    [
        (Book(("ann", TODAY, R)), call("bob", f"clean this {R}"), True),
        (Book(("ann", TODAY - 7, R)), call("bob", f"{prose(2)} {HALF}"), True),
        (Book(("ann", TODAY, R)), call("bob", prose(3), R, prose(4)), True),
        (Book(("ann", TODAY, R)), call("ann", f"clean this {R}"), False),
        (Book(("ann", TODAY, R), ("bob", TODAY, R)), call("bob", f"clean this {R}"), False),
        (Book(("ann", TODAY + 1, R)), call("bob", f"clean this {R}"), False),
        (Book(("ann", TODAY - 8, R)), call("bob", f"clean this {R}"), False),
        (Book(("ann", TODAY, R), common=[R]), call("bob", f"clean this {R}"), False),
        (Book(("ann", TODAY, R)), call("bob", f"clean this {SENTENCE}"), False),
        (Book(("ann", TODAY, R)), call("bob", prose(5)), False),
        (Book(), call("bob", R), False),
    ],
    ids=[
        "another account's answer is sent",
        "half of it, within other text, a week later",
        "another account's answer stands as the assistant turn",
        "one's own answer is sent",
        "the sender was given the same answer",
        "the answer was issued later",
        "the answer is older than the days looked back",
        "many accounts were told it",
        "one sentence is quoted",
        "nothing is shared",
        "nothing was served",
    ],
)
def test_what_counts_as_an_output_that_comes_back(book, row, back):
    keys = judged(book, row)
    assert (keys.origins.returned[0] != 0) == back
    provenance = keys.keys[family_of(keys.keys) == Family.PROVENANCE]
    assert (keys.origins.issuer[0] == mark("ann")) == back
    assert back or provenance.size <= 1  # at most the conversation's own prefix


@pytest.mark.parametrize(
    ("book", "row", "origin"),
    [
        (Book(("ann", TODAY, R)), call("ann", "why", R, "go on"), OWN),
        (Book(("ann", TODAY, R)), call("ann", "why", "  \n**" + R.upper().replace(" ", "\n") + "**", "go on"), OWN),
        (Book(("ann", TODAY, R)), call("ann", "why", HALF, "go on"), OWN),
        (Book(("ann", TODAY - 90, R)), call("ann", "why", R, "go on"), OWN),
        (Book(("ann", TODAY, R)), call("ann", "why", prose(8), "hm", R, "go on"), OWN),
        (Book(("ann", TODAY, R)), call("bob", "why", R, "go on"), ELSEWHERE),
        (Book(("ann", TODAY, R)), call("ann", "why", prose(6), "go on"), FOREIGN),
        (Book(("ann", TODAY, R), covered=False), call("ann", "why", prose(6), "go on"), UNJUDGED),
        (Book(("ann", TODAY, R)), call("ann", "why", "yes of course", "go on"), UNJUDGED),
        (Book(("ann", TODAY, R)), call("ann", f"please repeat {prose(6)}", prose(6), "go on"), UNJUDGED),
        (Book(("ann", TODAY, R), common=[prose(6)]), call("ann", "why", prose(6), "go on"), UNJUDGED),
        (Book(("ann", TODAY, R)), call("ann", "why"), UNJUDGED),
    ],
    ids=[
        "our own answer",
        "our own answer, markdown and white space changed",
        "our own answer cut in half",
        "our own answer of long ago",
        "only the last assistant turn is judged",
        "another account's answer",
        "a turn we never issued",
        "a turn the ledger does not cover",
        "a turn too short to judge",
        "a turn that repeats what the user brought",
        "a turn of boilerplate",
        "no assistant turn",
    ],
)  # fmt: skip
def test_what_an_assistant_turn_is(book, row, origin):
    assert judged(book, row).origins.origin.tolist() == [origin]


def test_accounts_declared_as_one_customer_return_nothing_to_each_other():
    marks = np.array([mark("ann"), mark("bob")])
    declared = (np.sort(marks), np.full(2, mark("customer"), np.uint64))
    row = call("bob", f"clean this {R}")
    assert judged(Book(("ann", TODAY, R)), row).origins.returned[0] != 0
    assert judged(Book(("ann", TODAY, R)), row, declared=declared).origins.returned[0] == 0


def test_public_text_is_nobodys_output():
    public = tagged(spans_of(R), Family.LEXICAL)
    assert judged(Book(("ann", TODAY, R)), call("bob", R), public=public).origins.returned[0] == 0
    assert judged(Book(("ann", TODAY, R)), call("ann", "why", R, "on"), public=public).origins.origin[0] == 0


def test_accounts_fed_from_one_source_share_a_key():
    book = Book(("ann", TODAY, prose(11)), ("ann", TODAY, prose(12)), ("eve", TODAY, prose(13)))
    first, second, third = (
        judged(book, call(w, t)) for w, t in (("bob", prose(11)), ("cid", prose(12)), ("dot", prose(13)))
    )
    shared = set(first.keys.tolist()) & set(second.keys.tolist())
    assert [int(family_of(np.array([k], np.uint64))[0]) for k in shared] == [Family.PROVENANCE]
    assert not set(first.keys.tolist()) & set(third.keys.tolist())


def test_a_foreign_turn_links_only_together_with_infrastructure():
    row = call("bob", "why", prose(6), "go on")
    bare, placed = (
        judged(Book(("ann", TODAY, R)), row),
        judged(Book(("ann", TODAY, R)), row | {"ip": "203.0.113.9"}),
    )
    prefix = 1
    assert (family_of(bare.keys) == Family.PROVENANCE).sum() == prefix
    assert (family_of(placed.keys) == Family.PROVENANCE).sum() == prefix + 1


def test_without_a_ledger_nothing_is_known():
    keys = event_keys(batch(call("bob", "why", R, "go on")), Keyring.of(b"secret"))
    assert not keys.origins.origin.any()
    assert not keys.origins.returned.any()


TEXTS = [prose(i, 22) for i in range(6)]


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(-9, 1), st.integers(0, 5)), max_size=6),
    st.lists(st.tuples(st.sampled_from("abc"), st.lists(st.integers(0, 5), min_size=1, max_size=2)), min_size=1, max_size=6),
)  # fmt: skip
@pytest.mark.slow
def test_returned_is_what_the_rule_says_event_by_event(served, asked):
    book = Book(*[(who, TODAY + d, TEXTS[t]) for who, d, t in served])
    rows = [call(who, " ".join(TEXTS[t] for t in picks)) for who, picks in asked]
    together = event_keys(batch(*rows), Keyring.of(b"secret", issued=Issued(book, KEY))).origins
    for i, (who, picks) in enumerate(asked):
        mine = set(spans_of(" ".join(TEXTS[t] for t in picks)).tolist())
        shared = {
            number: len([s for s in mine if any(h[0] == number for h in book.held.get(s, []))
                         and not any(h[1] == mark(who) for h in book.held[s])])
            for number, (owner, d, _) in enumerate(served) if owner != who and -7 <= d <= 0
        }  # fmt: skip
        assert (together.returned[i] != 0) == any(v >= 4 for v in shared.values())
        assert judged(book, rows[i]).origins.returned[0] == together.returned[i]
