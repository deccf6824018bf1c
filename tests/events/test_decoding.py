"""Records of a file in any layout of JSON: each object once, with the line where it starts."""

import codecs
import gzip
import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.errors import UnreadableInputError
from stillwatch.events.decoding import records
from stillwatch.events.documents import items
from stillwatch.events.quarantine import Quarantine

ROWS = [{"a": i, "text": f'brace }} " \\ [{i}'} for i in range(5)]
LINES = [json.dumps(row) for row in ROWS]


def zstd(data):
    return pa.compress(data, "zstd", asbytes=True)


LAYOUTS = [
    ("one a line", "\n".join(LINES), [1, 2, 3, 4, 5]),
    ("carriage returns and blank lines", "\r\n\r\n".join(LINES) + "\r\n", [1, 3, 5, 7, 9]),
    ("an array on one line", json.dumps(ROWS), [1] * 5),
    ("an array a line", "\n".join(f"[{line}]" for line in LINES), [1, 2, 3, 4, 5]),
    ("an array over several lines", "[\n" + ",\n".join(LINES) + "\n]", [2, 3, 4, 5, 6]),
    ("an array that starts on its first record", "[" + ",\n".join(LINES) + "]", [1, 2, 3, 4, 5]),
    ("a pretty-printed array", json.dumps(ROWS, indent=2), [2, 6, 10, 14, 18]),
    ("pretty-printed objects", "\n".join(json.dumps(r, indent=1) for r in ROWS), [1, 5, 9, 13, 17]),
]
WRAPPED = [
    ("plain", lambda data: data),
    ("with a byte order mark", lambda data: codecs.BOM_UTF8 + data),
    ("in UTF-16", lambda data: data.decode().encode("utf-16")),
    ("in big-endian UTF-16", lambda data: codecs.BOM_UTF16_BE + data.decode().encode("utf-16-be")),
    ("in gzip", gzip.compress),
    ("in two gzip members", lambda data: gzip.compress(data[:50]) + gzip.compress(data[50:])),
    ("in gzip in gzip", lambda data: gzip.compress(gzip.compress(data))),
    ("in gzip in zstd", lambda data: zstd(gzip.compress(data))),
    ("in zstd in gzip", lambda data: gzip.compress(zstd(data))),
]


def read(tmp_path, data, name="log.jsonl"):
    file = tmp_path / name
    file.write_bytes(data)
    quarantine = Quarantine()
    return [(p.rsplit(":", 1)[1], r) for p, r in records(file, quarantine)], quarantine


@pytest.mark.parametrize("wrap", [c[1] for c in WRAPPED], ids=[c[0] for c in WRAPPED])
@pytest.mark.parametrize(("text", "places"), [c[1:] for c in LAYOUTS], ids=[c[0] for c in LAYOUTS])
@pytest.mark.slow
def test_every_layout_in_every_wrapping_gives_the_same_records(tmp_path, text, places, wrap):
    found, quarantine = read(tmp_path, wrap(text.encode()))
    assert [record for _, record in found] == ROWS
    assert [int(place) for place, _ in found] == places
    assert quarantine.total == 0


@pytest.mark.parametrize("first", ["{", "[", "[{", "[[", '{"a": [', '[{"a": 1}, {"b', '"', "[1,"])
def test_a_damaged_first_line_loses_no_other(tmp_path, first):
    found, _ = read(tmp_path, "\n".join([first, *LINES]).encode())
    assert [record for _, record in found] == ROWS


def test_an_array_cut_short_keeps_its_whole_records(tmp_path):
    text = json.dumps(ROWS, indent=2)
    found, quarantine = read(tmp_path, text[:-15].encode())
    assert [record for _, record in found] == ROWS[:4]
    assert dict(quarantine.counts) == {"not JSON": 1}
    assert quarantine.places[0][0].endswith(":18")


def test_a_bad_record_of_an_array_is_placed_at_its_line(tmp_path):
    lines = [*LINES[:2], '{"a": nope}', *LINES[2:]]
    found, quarantine = read(tmp_path, ("[\n" + ",\n".join(lines) + "\n]").encode())
    assert [record for _, record in found] == ROWS
    assert [place.rsplit(":", 1)[1] for place, _ in quarantine.places] == ["4"]


@pytest.mark.parametrize(
    ("wrap", "harm"),
    [
        pytest.param(gzip.compress, lambda data, half: data[:half], id="gzip cut short"),
        pytest.param(zstd, lambda data, half: data[:half], id="zstd cut short"),
        pytest.param(
            gzip.compress, lambda data, half: data[:half] + b"\0" * 64 + data[half + 64 :], id="gzip harmed"
        ),
    ],
)
def test_damaged_compression_is_one_error_that_says_so(tmp_path, wrap, harm):
    data = wrap("\n".join(json.dumps({"a": i, "b": str(i**9)}) for i in range(20_000)).encode())
    with pytest.raises(UnreadableInputError, match="damaged or cut short"):
        read(tmp_path, harm(data, len(data) // 2))


@given(
    st.lists(
        st.dictionaries(st.text(max_size=4), st.text(max_size=9) | st.integers(), max_size=3), max_size=8
    ),
    st.integers(1, 40),
    st.sampled_from([None, 1]),
)
@settings(max_examples=80)
def test_items_are_those_of_the_whole_document_however_it_is_cut(rows, size, indent):
    data = json.dumps(rows, indent=indent, ensure_ascii=False).encode()
    cut = [data[i : i + size] for i in range(0, len(data), size)]
    assert [json.loads(item) for _, item in items(cut)] == rows


def test_an_item_above_the_limit_is_left_out_and_its_neighbours_kept():
    data = [b'[{"a":1},{"b":"', b"x" * 50, b"y" * 50, b'"},{"c":1}]']
    assert [item for _, item in items(data, item_bytes_max=60)] == [b'{"a":1}', None, b'{"c":1}']
