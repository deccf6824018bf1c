"""The matcher: a signature's own vectors, wording, bounds, windows; many signatures like one at a time."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.signatures import plain_matching

from stillwatch.policy.authorisations import Authorisation, Authorisations
from stillwatch.signatures import wording
from stillwatch.signatures.buckets import at_hour
from stillwatch.signatures.matching import Fields, Matcher
from stillwatch.signatures.signature import BANDS, DistillationSignature, Shape, Structure, Vector
from stillwatch.signatures.sketch import ForumKey
from stillwatch.signatures.tally import Rows, Tally, most_in_a_day, told
from stillwatch.signatures.vectors import accounts_needed
from stillwatch.signatures.wording import Wording


def _traffic(signature: DistillationSignature, vector: Vector, hour: int = 0) -> Fields:
    """One request an account, in one hour, as the vector describes it."""
    n = vector.accounts
    assert signature.template is not None
    tokens = np.array([int(b, 16) for b in signature.template.bands], np.uint64)
    tokens[vector.bands_agreeing :] ^= np.uint64(1 << 40)
    shape = signature.shape

    def filled(value: float | None) -> np.ndarray:
        return np.full(n, np.nan if value is None else float(value))

    return Fields(
        account=np.arange(n),
        hour=np.full(n, hour),
        bands=np.tile(tokens, (n, 1)),
        input_tokens=filled(vector.input_tokens),
        output_tokens=filled(vector.output_tokens),
        max_tokens=filled(shape.max_tokens if shape else None),
        stream=filled(shape.stream if shape else None),
    )


def _found(signature: DistillationSignature, key: ForumKey, *parts: Fields, epoch: str | None = None):
    matcher = Matcher([signature], epoch or key.epoch)
    for part in parts:
        matcher.add(part)
    return next(matcher.found(["indicator--x"], [f"acct-{i}" for i in range(5000)]))


def test_every_vector_of_the_signature_does_as_it_says(signature: DistillationSignature, key: ForumKey):
    assert {v.fires for v in signature.vectors} == {True, False}
    for vector in signature.vectors:
        seen = _found(signature, key, _traffic(signature, vector)).verdict == "seen"
        assert seen == vector.fires, vector


def test_a_match_informs_and_weighs_nothing(signature: DistillationSignature, key: ForumKey):
    match = _found(signature, key, _traffic(signature, signature.vectors[0]))
    assert match.evidence.bits == 0
    assert match.evidence.counter
    assert match.local_checks == list(signature.local_checks)
    assert len(match.accounts) == signature.vectors[0].accounts


def test_without_a_needed_field_nothing_can_be_said(signature: DistillationSignature, key: ForumKey):
    part = _traffic(signature, signature.vectors[0])
    bare = Fields(**{f: getattr(part, f) for f in Fields.__dataclass_fields__} | {"bands": None})
    match = _found(signature, key, bare)
    assert match.verdict == "cannot-say"
    assert match.missing == ["forum.template_bands"]


def test_a_sketch_of_another_key_cannot_be_looked_for(signature: DistillationSignature, key: ForumKey):
    match = _found(signature, key, _traffic(signature, signature.vectors[0]), epoch="0" * 16)
    assert match.verdict == "cannot-say"


def test_accounts_spread_over_days_are_not_seen_together(signature: DistillationSignature, key: ForumKey):
    needed = accounts_needed(signature)
    half = signature.vectors[2]
    assert half.accounts < needed
    parts = [_traffic(signature, half, hour=0), _traffic(signature, half, hour=24)]
    parts[1] = Fields(
        **{f: getattr(parts[1], f) for f in Fields.__dataclass_fields__} | {"account": parts[1].account + 500}
    )
    assert _found(signature, key, *parts).verdict == "not-seen"
    near = Fields(
        **{f: getattr(parts[1], f) for f in Fields.__dataclass_fields__} | {"hour": parts[1].hour - 1}
    )
    assert _found(signature, key, parts[0], near).most_in_a_day == 2 * half.accounts


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 90)), max_size=40))
def test_the_sliding_day_is_the_naive_one(rows: list[tuple[int, int]]):
    account = np.array([a for a, _ in rows], np.int64)
    hour = np.array([h for _, h in rows], np.int64)
    naive = max((len({a for a, h in rows if start <= h < start + 24}) for start in range(-24, 91)), default=0)
    assert most_in_a_day(account, hour) == naive


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_many_signatures_give_what_each_gives_alone(seed: int):
    draw = random.Random(seed)
    tokens = [[draw.randrange(1, 6) for _ in range(BANDS)] for _ in range(4)]
    made = [_bare([f"{t:016x}" for t in row]) for row in tokens]
    n = 30
    part = Fields(
        account=np.arange(n), hour=np.zeros(n, np.int64),
        bands=np.array([[draw.randrange(0, 60) for _ in range(BANDS)] for _ in range(n)], np.uint64),
        input_tokens=np.full(n, 64.0), output_tokens=np.full(n, np.nan), max_tokens=np.full(n, np.nan),
        stream=np.full(n, np.nan),
    )  # fmt: skip
    together = Matcher(made, "e" * 16)
    together.add(part)
    names = [str(i) for i in range(n)]
    for i, match in enumerate(together.found(list("abcd"), names)):
        naive = [j for j in range(n) if (part.bands[j] == np.array(tokens[i], np.uint64)).sum() >= 2]
        assert match.accounts == [names[j] for j in naive]


def _bare(bands: list[str]) -> DistillationSignature:
    return msgspec.convert(
        {
            "extension_type": "property-extension", "schema_version": 1, "pattern": "extraction",
            "category": "general", "grade": "inferred", "first_seen": "2026-05-04T00:00:00.000Z",
            "last_seen": "2026-05-04T00:00:00.000Z", "scale": {"accounts": 8, "events": 8, "days": 1},
            "template": {
                "scheme": "minhash128-words3-bands32x4-siphash24", "epoch": "e" * 16, "bands": bands, "agree_min": 2,
            },
        },
        DistillationSignature,
    )  # fmt: skip


@pytest.mark.parametrize(("accounts", "needed"), [(8, 8), (64, 8), (128, 16), (1 << 20, 1024)])
def test_accounts_needed_follow_from_the_published_scale(
    signature: DistillationSignature, accounts: int, needed: int
):
    scale = msgspec.structs.replace(signature.scale, accounts=accounts)
    assert accounts_needed(msgspec.structs.replace(signature, scale=scale)) == needed


REGISTRY = Authorisations(
    [
        Authorisation(
            customer="Meadowlark Assessments",
            kind="evaluation",
            accounts=("acct-1*",),
            expires=datetime(1970, 1, 2, tzinfo=UTC),
        )
    ]
)


@pytest.mark.parametrize(
    ("hour", "verdict", "holds"),
    [
        pytest.param(0, "declared", True, id="within its bounds"),
        pytest.param(100, "seen", False, id="after it expired"),
    ],
)
def test_declared_accounts_are_left_out_while_their_declaration_holds(
    signature: DistillationSignature, key: ForumKey, hour: int, verdict: str, holds: bool
):
    needed = accounts_needed(signature)
    vector = msgspec.structs.replace(signature.vectors[0], accounts=needed)
    matcher = Matcher([signature], key.epoch)
    matcher.add(_traffic(signature, vector, hour))
    (match,) = matcher.found(["i"], [f"acct-{i}" for i in range(needed)], REGISTRY)
    mine = sum(f"{i}".startswith("1") for i in range(needed))
    assert (match.verdict, match.open_in_a_day) == (verdict, needed - mine if holds else needed)
    assert [(d.accounts, d.holds) for d in match.declared] == [(mine, holds)]
    assert match.most_in_a_day == needed
    assert match.evidence.bits == 0


def test_each_customer_is_judged_by_its_own_hours(signature: DistillationSignature, key: ForumKey):
    """Others go on after the declaration ended; that does not make its customer leave its bounds."""
    vector = msgspec.structs.replace(signature.vectors[0], accounts=8)
    matcher = Matcher([signature], key.epoch)
    matcher.add(_traffic(signature, vector, hour=0))
    later = _traffic(signature, vector, hour=100)
    matcher.add(dataclasses.replace(later, account=later.account + 8))
    (match,) = matcher.found(
        ["i"], [*(f"acct-1{i}" for i in range(8)), *(f"other-{i}" for i in range(8))], REGISTRY
    )
    assert [(d.accounts, d.holds) for d in match.declared] == [(8, True)]


POWERS = st.sampled_from([None, 1, 2, 4, 64, 1 << 20, 1 << 30])
RULES = st.tuples(st.integers(0, 3), POWERS, POWERS, POWERS, st.sampled_from([None, False, True]))


def _rule(kind: int, first: int | None, second: int | None, most: int | None, stream: bool | None):
    """A signature with no wording (0), or with one of three sketches; the last is of another epoch."""
    # The last bands of the second say that there is no token, which nothing agrees with.
    made = _bare([f"{0 if kind == 2 and b > 20 else kind * 32 + b // 8 + 1:016x}" for b in range(BANDS)])
    template = made.template if kind else None
    if kind == 3 and template is not None:
        template = msgspec.structs.replace(template, epoch="f" * 16)
    return msgspec.structs.replace(
        made, template=template,
        structure=Structure(input_tokens=first, output_tokens=second), shape=Shape(max_tokens=most, stream=stream),
    )  # fmt: skip


def _bands(draw: np.random.Generator, n: int) -> np.ndarray:
    """Texts that agree with one of the sketches in up to three bands, and have no token in some others."""
    kind, agree = draw.integers(1, 4, (n, 1)), draw.permuted(np.tile(np.arange(BANDS), (n, 1)), axis=1)
    tokens = kind * 32 + np.arange(BANDS) // 8 + 1
    other = draw.choice([0, 1000], (n, BANDS))
    return np.where(agree < draw.integers(0, 4, (n, 1)), tokens, other).astype(np.uint64)


@settings(max_examples=60)
@given(st.lists(RULES, min_size=1, max_size=8), st.integers(0, 10_000), st.booleans())
def test_every_signature_finds_what_the_naive_search_finds(
    rules: list[tuple[Any, ...]], seed: int, texts: bool
):
    draw = np.random.default_rng(seed)
    signatures, parts = [_rule(*rule) for rule in rules], []
    edges = np.array([0, 0.5, 1, 2, 3, 15, 16, 63, 64, 511, 512, 2**18, 2**33 - 1, 2**33, np.nan, np.inf, -1])
    for n in (7, 1, 25):
        parts.append(
            Fields(
                account=draw.integers(0, 6, n), hour=draw.integers(-30, 30, n),
                bands=_bands(draw, n) if texts else None,
                input_tokens=draw.choice(edges, n), output_tokens=draw.choice(edges, n),
                max_tokens=draw.choice(edges, n), stream=draw.choice([0.0, 1.0, np.nan], n),
            )
        )  # fmt: skip
    matcher, names = Matcher(signatures, "e" * 16), [f"acct-{i}" for i in range(6)]
    for part in parts:
        matcher.add(part)
    found = list(matcher.found([str(i) for i in range(len(signatures))], names))
    for signature, match in zip(signatures, found, strict=True):
        plain = plain_matching.hits(signature, "e" * 16, parts, names)
        assert (match.accounts, match.events, match.most_in_a_day) == plain[:3]
        assert (match.first_seen, match.last_seen) == (
            (at_hour(plain.first), at_hour(plain.last)) if plain.events else ("", "")
        )


def test_texts_that_agree_with_many_sketches_are_taken_in_parts(monkeypatch: pytest.MonkeyPatch):
    draw = np.random.default_rng(4)
    sketches = [[f"{t:016x}" for t in draw.integers(1, 4, BANDS)] for _ in range(6)]
    bands = draw.integers(0, 4, (20, BANDS)).astype(np.uint64)
    whole = Wording(sketches).agreeing(bands)
    monkeypatch.setattr(wording, "_PAIRS_MAX", 1)
    parted = Wording(sketches).agreeing(bands)
    assert len(whole[0]) > 20
    assert sorted(zip(*map(np.ndarray.tolist, whole), strict=True)) == sorted(
        zip(*map(np.ndarray.tolist, parted), strict=True)
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(0, 3), st.integers(1, 3)), max_size=30
    ),
    st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_rows_of_some_cells_tell_what_these_rows_alone_tell(rows: list[tuple[int, ...]], chosen: list[bool]):
    rows = sorted(rows, key=lambda row: row[1])
    every, mine = (
        Rows(*np.array(some, np.int64).reshape(-1, 4).T) for some in (rows, [r for r in rows if chosen[r[0]]])
    )
    some, alone = told(every, np.array(chosen)), told(mine)
    assert (some.who.tolist(), *some[1:]) == (alone.who.tolist(), *alone[1:])
    assert alone.events == sum(mine.events)
    assert alone.most_in_a_day == max(
        (len({r[2] for r in rows if chosen[r[0]] and h <= r[1] < h + 24}) for h in range(61)), default=0
    )


@given(st.lists(st.lists(st.tuples(*[st.integers(0, 3)] * 3), max_size=12), max_size=6))
def test_a_tally_is_the_count_of_each_row(parts: list[list[tuple[int, int, int]]]):
    tally, counted = Tally(), Counter[tuple[int, int, int]]()
    for part in parts:
        columns = np.array(part, np.int64).reshape(-1, 3).T
        tally.add(*columns)
        counted.update(part)
        if len(part) % 2:
            tally.rows()
    rows = [column.tolist() for column in tally.rows()]
    assert list(zip(*rows, strict=True)) == [(*key, counted[key]) for key in sorted(counted)]


@pytest.mark.parametrize(
    ("times", "holds"), [(1, True), (3, False)], ids=["as declared", "three times as much"]
)
def test_repeated_requests_count_towards_a_declared_volume(
    signature: DistillationSignature, key: ForumKey, times: int, holds: bool
):
    needed = accounts_needed(signature)
    registry = Authorisations(
        [Authorisation(customer="Tern", kind="study", accounts=("acct-*",), max_events_per_day=2 * needed)]
    )
    part = _traffic(signature, msgspec.structs.replace(signature.vectors[0], accounts=needed))
    matcher = Matcher([signature], key.epoch)
    for _ in range(times):
        matcher.add(part)
    (match,) = matcher.found(["i"], [f"acct-{i}" for i in range(needed)], registry)
    assert match.events == times * needed
    assert [d.holds for d in match.declared] == [holds]
