"""The public-text index: what it reads, what counts as public, how it complains."""

import json
import zlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.errors import ConfigError
from stillwatch.policy.public_text import PublicText, builtin_texts

HASHES = st.lists(st.integers(0, 2**64 - 1), max_size=30)


def spans(texts) -> list[np.ndarray]:
    """Three-word shingles under a plain checksum: enough to stand in for the keyed spans."""
    out = []
    for text in texts:
        words = text.lower().split()
        grams = [" ".join(words[i : i + 3]) for i in range(len(words) - 2)]
        out.append(np.array([zlib.crc32(g.encode()) for g in grams], dtype=np.uint64))
    return out


def share(index: PublicText, text: str) -> float:
    return index.share(spans([text])[0])


@given(HASHES, HASHES)
def test_membership_equals_a_set(public, asked) -> None:
    index = PublicText(np.array(public, dtype=np.uint64))
    asked = asked + public[:3]
    wanted = [h in set(public) for h in asked]
    got = np.array(asked, dtype=np.uint64)
    assert index.contains(got).tolist() == wanted
    assert index.share(got) == pytest.approx(np.mean(wanted) if wanted else 0.0)


@given(HASHES, HASHES)
def test_union_is_the_union(a, b) -> None:
    both = PublicText(np.array(a, dtype=np.uint64)) | PublicText(np.array(b, dtype=np.uint64))
    assert set(both.hashes.tolist()) == set(a) | set(b)


def test_the_built_in_list_knows_its_own_texts_and_not_others() -> None:
    texts = builtin_texts()
    assert len(texts) >= 30
    assert not any(line.startswith("#") for text in texts for line in text.splitlines())
    index = PublicText.build(spans)
    assert share(index, texts[0]) == 1.0
    assert share(index, "our kiln logs show seven cracked glazes since Tuesday, list causes") == 0.0


ONE, TWO = "the herons of lake morrow nest late", "count every lantern in the harbour twice"


def as_txt(folder):
    (folder / "public.txt").write_text(f"# a comment\n{ONE}\n\n\n{TWO}\n")


def as_jsonl(folder):
    lines = [{"question": ONE, "id": 4}, {"choices": [{"text": TWO}], "none": None}]
    (folder / "public.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n")


def as_parquet(folder):
    table = pa.table({"prompt": [ONE, None], "turns": [[], [TWO]], "n": [1, 2]})
    pq.write_table(table, folder / "public.parquet")


@pytest.mark.parametrize("write", [as_txt, as_jsonl, as_parquet])
def test_every_kind_of_file_gives_the_same_index(tmp_path, write) -> None:
    write(tmp_path)
    index = PublicText.build(spans, [tmp_path], builtin=False)
    assert set(index.hashes.tolist()) == set(np.concatenate(spans([ONE, TWO])).tolist())
    assert 0.0 < share(index, ONE + " and then some") < 1.0


def test_batches_change_nothing() -> None:
    texts = [f"item number {i} of a long list" for i in range(2_500)]
    index = PublicText.of_texts(spans, texts)
    assert set(index.hashes.tolist()) == set(np.concatenate(spans(texts)).tolist())


def test_no_texts_no_spans() -> None:
    index = PublicText.of_texts(spans, [])
    assert (len(index), share(index, ONE)) == (0, 0.0)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("gone.txt", None, "cannot read"),
        ("list.csv", b"a", "unknown kind of file"),
        ("bad.jsonl", b'{"a": 1}\n{"a":', r"bad\.jsonl:2: not a JSON record"),
        ("bad.parquet", b"PAR1 not really", "not a readable Parquet"),
    ],
)
def test_mistakes_are_named(tmp_path, name, data, says) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ConfigError, match=says) as raised:
        PublicText.build(spans, [path])
    assert name in str(raised.value)


def test_broken_bytes_and_deep_nesting_do_not_crash(tmp_path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one two three four\xff\xfe five six")
    (tmp_path / "b.jsonl").write_text("[" * 400 + json.dumps(ONE) + "]" * 400)
    assert share(PublicText.build(spans, [tmp_path], builtin=False), ONE) == 1.0
