"""The ledger against a dictionary, and what survives merges, drops, deletion, kills and damage."""

import os

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.errors import ConfigError, StorageError, UnreadableInputError
from stillwatch.ledger import Ledger, View
from stillwatch.ledger import ledger as module
from stillwatch.ledger.sketches import DAY_US, SPANS_MAX, sketches
from stillwatch.ledger.view import ACCOUNTS_MAX
from stillwatch.ledger.words import HASH_MASK
from stillwatch.text import tokenize
from stillwatch.text.spans import spans

SECRET = b"secret"
WORDS = [
    "amber",
    "brook",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "inlet",
    "jetty",
    "knoll",
    "larch",
]


def text(seed, words=40):
    rng = np.random.default_rng(seed)
    return " ".join(WORDS[i] + WORDS[j] for i, j in rng.integers(0, len(WORDS), (words, 2)))


def batch(*rows):
    """Rows (id, account, day, output, prompt)."""
    return pa.record_batch(
        {
            "event_id": [r[0] for r in rows],
            "account_id": [r[1] for r in rows],
            "ts": pa.array([r[2] * DAY_US for r in rows], pa.timestamp("us", tz="UTC")),
            "output_text": pa.array([r[3] for r in rows], pa.string()),
            "messages": [[{"role": "user", "text": r[4] if len(r) > 4 else "why"}] for r in rows],
        }
    )


def ledger(folder, *batches, **options):
    made = Ledger.create(folder, SECRET, durable=False, **options)
    for one in batches:
        made.append([one])
    return made


def asked(made, words):
    seed = np.uint64(made.seeds.token)
    return spans(tokenize(pa.array([words], pa.large_string()), seed), 1 << 20)[0]


def named(made, words):
    """{(account, day, id)} of every posting of a text."""
    view = made.view()
    return set(view.names(np.unique(view.lookup(asked(made, words)).response)))


def everything(made):
    """The ledger as a dictionary: span -> sorted list of (account, day, id), common spans included."""
    out = {}
    for part in made.manifest.parts:
        segment = module.Segment(made.folder / part.file)
        view = View([segment])
        names = view.names(np.arange(segment.responses))
        for p in np.flatnonzero(segment.partition_sizes()).tolist():
            for word in segment.partition(p).tolist():
                span = (p << 36) | (word >> 28)
                out.setdefault(span, []).append(names[word & ((1 << 28) - 1)])
    return {k: sorted(v) for k, v in out.items()}


def oracle(made, batches, keep=lambda row: True):
    """The same from the sketches, by a Python dictionary."""
    out = {}
    for one in batches:
        held = sketches(one, np.uint64(made.seeds.token))
        for i, (account, name, day) in enumerate(
            zip(held.account.to_pylist(), held.id.to_pylist(), held.day.tolist(), strict=True)
        ):
            for span in held.spans[held.ends[i] : held.ends[i + 1]].tolist():
                if keep((account, day, name)):
                    out.setdefault(span & int(HASH_MASK), []).append((account, day, name))
    return {k: sorted(v) for k, v in out.items()}


ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(20_000, 20_004), st.integers(0, 30)), min_size=1, max_size=12
)


def numbered(rows, tag):
    return batch(*[(f"{tag}-{i}", f"acct-{a}", d, text(s)) for i, (a, d, s) in enumerate(rows)])


def test_a_response_is_named_by_account_day_and_id(tmp_path):
    made = ledger(tmp_path, batch(("ev-1", "ann", 20_000, text(1)), ("ev-2", "bob", 20_001, text(2))))
    assert named(made, text(1)) == {("ann", 20_000, "ev-1")}
    assert named(made, text(2)) == {("bob", 20_001, "ev-2")}
    assert named(made, text(3)) == set()


@pytest.mark.parametrize(
    ("change", "edit"),
    [
        ("cut to its first half", lambda t: t[: len(t) // 2]),
        ("cut to its second half", lambda t: t[len(t) // 2 :]),
        ("in capitals with markdown", lambda t: "**" + t.upper().replace(" ", "  \n- ") + "**"),
        ("every fifteenth word dropped", lambda t: " ".join(w for i, w in enumerate(t.split()) if i % 15 != 14)),
        ("halves exchanged", lambda t: t[len(t) // 2 :] + " and then " + t[: len(t) // 2]),
        ("quoted inside another text", lambda t: text(90) + " " + t + " " + text(91)),
    ],
)  # fmt: skip
def test_an_edited_copy_is_still_found(tmp_path, change, edit):
    made = ledger(
        tmp_path, batch(("ev-1", "ann", 20_000, text(1, 120)), ("ev-2", "bob", 20_000, text(2, 120)))
    )
    view = made.view()
    hits = view.lookup(asked(made, edit(text(1, 120)))).response
    assert {view.names(np.array([r]))[0][2] for r in set(hits.tolist())} == {"ev-1"}
    assert hits.size >= 4, change


def test_text_of_the_prompt_is_not_ours(tmp_path):
    both = f"{text(5)} {text(6)}"
    made = ledger(tmp_path, batch(("ev-1", "ann", 20_000, both, f"please repeat {text(5)} and go on")))
    assert named(made, text(5)) == set()
    assert named(made, text(6)) == {("ann", 20_000, "ev-1")}


def test_what_many_accounts_were_told_is_common(tmp_path):
    rows = [(f"ev-{i}", f"acct-{i}", 20_000, f"{text(7)} {text(100 + i)}") for i in range(ACCOUNTS_MAX + 1)]
    few, many = ledger(tmp_path / "few", batch(*rows[:-1])), ledger(tmp_path / "many", batch(*rows))
    assert len(named(few, text(7))) == ACCOUNTS_MAX
    assert named(many, text(7)) == set()
    assert many.view().lookup(asked(many, text(7))).common.all()
    assert named(many, text(100)) == {("acct-0", 20_000, "ev-0")}


def test_a_response_is_bounded(tmp_path):
    made = ledger(tmp_path, batch(*[(f"{i:036d}", f"a-{i % 9}", 20_000, text(i, 900)) for i in range(60)]))
    part = made.manifest.parts[0]
    assert part.postings <= 60 * SPANS_MAX
    directory = 8 * 4097
    assert (part.size - directory) / part.responses <= 600


def test_a_long_id_is_kept_short_and_distinct(tmp_path):
    made = ledger(tmp_path, batch(*[(f"{'x' * 500}{i}", "ann", 20_000, text(i)) for i in range(3)]))
    names = {n for i in range(3) for _, _, n in named(made, text(i))}
    assert len(names) == 3
    assert all(len(n) <= 40 and n.startswith("x" * 20) for n in names)


@settings(max_examples=25)
@given(ROWS, ROWS, ROWS)
@pytest.mark.slow
def test_it_is_what_a_dictionary_would_be_in_any_grouping_and_order(tmp_path_factory, a, b, c):
    folder = tmp_path_factory.mktemp("l")
    parts = [numbered(rows, tag) for rows, tag in ((a, "a"), (b, "b"), (c, "c"))]
    left, right = ledger(folder / "1", *parts), ledger(folder / "2", *reversed(parts))
    whole = Ledger.create(folder / "3", SECRET, durable=False)
    whole.append(parts)
    expected = oracle(left, parts)
    assert everything(left) == everything(right) == everything(whole) == expected
    nested = ledger(folder / "4", *parts[:2])
    nested.compact()
    nested.append([parts[2]])
    for made in (left, right, nested):
        made.compact()
        assert len(made.manifest.parts) <= 1
        assert everything(made) == expected
    files = [[(m.folder / p.file).read_bytes() for p in m.manifest.parts] for m in (left, nested, whole)]
    assert files[0] == files[1] == files[2]


@settings(max_examples=25)
@given(ROWS, ROWS, st.integers(0, 4), st.sets(st.integers(20_000, 20_004)))
def test_forgetting_and_dropping_leave_nothing_behind(tmp_path_factory, a, b, who, days):
    folder = tmp_path_factory.mktemp("l")
    parts = [numbered(rows, tag) for rows, tag in ((a, "a"), (b, "b"))]
    made = ledger(folder, *parts)
    gone = made.forget(f"acct-{who}")
    assert everything(made) == oracle(made, parts, lambda row: row[0] != f"acct-{who}")
    assert gone == sum(x == who for rows in (a, b) for x, _, _ in rows)
    assert not any(f"acct-{who}".encode() in p.read_bytes() for p in folder.glob("segment-*"))
    made.drop(days)
    kept = oracle(made, parts, lambda row: row[0] != f"acct-{who}" and row[1] not in days)
    assert everything(made) == everything(Ledger.open(folder, SECRET)) == kept
    assert {p.name for p in folder.glob("segment-*")} == {p.file for p in made.manifest.parts}


def test_the_same_input_gives_the_same_bytes_whatever_the_memory(tmp_path):
    parts = [numbered([(i % 5, 20_000 + i % 3, i * 31 + j) for i in range(40)], f"t{j}") for j in range(4)]
    for name in "ab":
        Ledger.create(tmp_path / name, SECRET, postings_max=300).append(parts)
    small = Ledger.create(tmp_path / "c", SECRET, postings_max=50)
    small.append(parts)
    assert {p.name: p.read_bytes() for p in (tmp_path / "a").iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "b").iterdir()
    }
    first, third = Ledger.open(tmp_path / "a", SECRET), small
    for made in (first, third):
        made.compact()
    one, two = ((m.folder / m.manifest.parts[0].file).read_bytes() for m in (first, third))
    assert one == two


def test_many_appends_stay_few_segments(tmp_path):
    made = ledger(tmp_path)
    rows = []
    for i in range(30):
        rows.append((i % 5, 20_000 + i, i))
        made.append([numbered(rows[-1:], f"t{i}")])
    assert len(made.manifest.parts) < 2 * module.FAN
    assert sum(p.responses for p in made.manifest.parts) == 30


def test_no_text_is_on_disk(tmp_path):
    made = ledger(tmp_path, batch(("ev-1", "ann", 20_000, text(1), text(2))))
    stored = b"".join(p.read_bytes() for p in made.folder.iterdir())
    assert b"ann" in stored
    assert not [w for w in (text(1) + " " + text(2)).split() if w.encode() in stored]


def test_another_secret_is_refused_and_finds_nothing(tmp_path):
    made = ledger(tmp_path / "a", batch(("ev-1", "ann", 20_000, text(1))))
    with pytest.raises(ConfigError, match="another secret"):
        Ledger.open(tmp_path / "a", b"other")
    other = Ledger.create(tmp_path / "b", b"other")
    assert made.lookup(asked(other, text(1))).query.size == 0


def test_a_failed_append_leaves_the_ledger_as_it_was(tmp_path, monkeypatch):
    made = ledger(tmp_path, batch(("ev-1", "ann", 20_000, text(1))))
    before = everything(made)

    def poor(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_responses", poor)
    with pytest.raises(StorageError, match="No space left"):
        made.append([batch(("ev-2", "bob", 20_000, text(2)))])
    again = Ledger.open(tmp_path, SECRET)
    assert everything(again) == before
    assert not list(tmp_path.glob("*.part"))


def test_a_kill_between_segment_and_manifest_leaves_the_ledger_as_it_was(tmp_path, monkeypatch):
    made = ledger(tmp_path, batch(("ev-1", "ann", 20_000, text(1))))
    before = everything(made)
    with monkeypatch.context() as patch:
        patch.setattr(module.book, "commit", lambda *_, **__: os._exit(9))
        child = os.fork()
        if child == 0:
            made.append([batch(("ev-2", "bob", 20_000, text(2)))])
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert len(list(tmp_path.glob("segment-*"))) == 2
    again = Ledger.open(tmp_path, SECRET)
    assert everything(again) == before
    again.append([batch(("ev-2", "bob", 20_000, text(2)))])
    assert named(again, text(2)) == {("bob", 20_000, "ev-2")}


def test_a_long_append_keeps_no_merged_segment(tmp_path, monkeypatch):
    made = Ledger.create(tmp_path, SECRET, postings_max=50)
    made.append([numbered([(1, 20_000, 1), (2, 20_000, 2)], "before")])
    before = {part.file for part in made.manifest.parts}
    most, merged = 0, 0
    kept = made._merged

    def watched(group, number):
        nonlocal most, merged
        out = kept(group, number)
        most = max(most, len(list(tmp_path.glob("segment-*"))))
        merged += 1
        assert before <= {path.name for path in tmp_path.glob("segment-*")}
        return out

    monkeypatch.setattr(made, "_merged", watched)
    made.append([numbered([(i % 5, 20_001, i)] * 4, f"t{i}") for i in range(70)])
    assert merged >= 4
    assert most <= module.FAN + 2  # the group, what it becomes, and what the manifest named before
    assert len(list(tmp_path.glob("segment-*"))) == len(made.manifest.parts)


def test_a_killed_drop_has_done_a_part_and_the_same_call_does_the_rest(tmp_path, monkeypatch):
    parts = [numbered([(i % 3, 20_000 + i % 2, 10 * j + i) for i in range(6)], f"t{j}") for j in range(3)]
    made = ledger(tmp_path, *parts)
    assert len(made.manifest.parts) > 1
    made.drop([])
    rewritten = made._rewritten
    calls = []

    def second_fails(group, number):
        calls.append(number)
        if len(calls) == 2:
            raise StorageError("no space left")
        return rewritten(group, number)

    monkeypatch.setattr(made, "_rewritten", second_fails)
    with pytest.raises(StorageError):
        made.drop([20_000])
    again = Ledger.open(tmp_path, SECRET)
    left = everything(again)
    kept = oracle(again, parts, lambda row: row[1] != 20_000)
    assert kept != left != oracle(again, parts, lambda row: True)
    assert not any(logged for source, day, _, logged in again.manifest.coverage if day == 20_000)
    again.drop([20_000])
    assert everything(again) == kept


def test_a_handle_opened_before_a_change_reads_the_ledger_after_it(tmp_path):
    made = ledger(tmp_path, *(numbered([(1, 20_000 + j, j)], f"t{j}") for j in range(3)))
    old = Ledger.open(tmp_path, SECRET)
    made.compact()
    assert old.view().responses == 3
    assert old.manifest == made.manifest
    (tmp_path / made.manifest.parts[0].file).unlink()
    with pytest.raises(UnreadableInputError, match="missing"):
        old.view()


def test_a_drop_keeps_the_days_that_another_handle_covered_since(tmp_path):
    made = ledger(tmp_path, numbered([(1, 20_000, 1), (1, 20_001, 2)], "a"))
    Ledger.open(tmp_path, SECRET).append([numbered([(1, 20_005, 3)], "b")])
    made.drop([20_000])
    assert {day: logged for _, day, _, logged in made.manifest.coverage} == {20_000: 0, 20_001: 1, 20_005: 1}


def test_two_writers_do_not_meet(tmp_path):
    made = ledger(tmp_path)
    with module.book.writing(tmp_path), pytest.raises(StorageError, match="another process"):
        made.append([batch(("ev-1", "ann", 20_000, text(1)))])


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path, data: path.write_bytes(data[:-100]), "cut short"),
        (lambda path, data: path.write_bytes(b""), "cut short"),
        (lambda path, data: path.write_bytes(data[:-3] + b"xyz"), "cut short"),
        (lambda path, data: path.write_bytes(data[:-40] + bytes(20) + data[-20:]), "changed"),
        (lambda path, data: path.unlink(), "missing"),
    ],
    ids=["truncated", "emptied", "another end", "footer overwritten", "removed"],
)
def test_a_damaged_segment_is_named(tmp_path, damage, said):
    made = ledger(tmp_path, batch(("ev-1", "ann", 20_000, text(1))))
    path = tmp_path / made.manifest.parts[0].file
    damage(path, path.read_bytes())
    with pytest.raises(UnreadableInputError, match=said) as caught:
        Ledger.open(tmp_path, SECRET).view()
    assert str(path) in str(caught.value)


def test_changed_postings_are_found_by_verifying(tmp_path):
    made = ledger(tmp_path, batch(("ev-1", "ann", 20_000, text(1))))
    path = tmp_path / made.manifest.parts[0].file
    module.Segment(path).verify()
    data = bytearray(path.read_bytes())
    data[3] ^= 1
    path.write_bytes(data)
    with pytest.raises(UnreadableInputError, match="changed after it was written"):
        module.Segment(path).verify()


def test_cover_needs_logged_outputs_on_the_day_and_before(tmp_path):
    rows = [
        (f"ev-{d}-{i}", "ann", d, text(i) if (d, i) != (20_005, 0) else None)
        for d in range(20_000, 20_006)
        for i in range(4)
    ]
    made = ledger(tmp_path, batch(*rows))
    view = made.view()
    assert [view.covers("", d) for d in range(19_999, 20_007)] == [False] * 3 + [True] * 3 + [False] * 2
    assert not view.covers("elsewhere", 20_004)
    made.drop([20_002])
    assert [made.view().covers("", d) for d in (20_003, 20_004)] == [False, False]


def test_no_folder_and_no_manifest_are_no_ledger(tmp_path):
    for place in (tmp_path, tmp_path / "none"):
        with pytest.raises(UnreadableInputError, match="is no ledger"):
            Ledger.open(place, SECRET)
