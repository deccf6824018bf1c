"""Token sets: their size says only a power of two, their form nothing, and comparing finds exactly what is in both."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.exchange.overlap import epoch, tokens


def record(n: int, size: int = 16) -> bytes:
    return hashlib.shake_256(f"record {n}".encode()).digest(size)


@given(st.integers(0, 300))
@settings(max_examples=30)
def test_a_set_is_filled_to_a_power_of_two_and_passes_its_own_check(
    ceremony: epoch.Ceremony, count: int
) -> None:
    records = [record(n) for n in range(count)]
    data = tokens.filled(records, ceremony.epoch, b"secret")
    size = tokens.check(data, ceremony.epoch)
    assert size == tokens.bucket(count)
    assert size >= max(64, count)
    assert size < 128 or size < 2 * count
    held = {data[i : i + 16] for i in range(0, len(data), 16)}
    assert set(records) <= held


def test_publishing_again_changes_only_what_was_added(ceremony: epoch.Ceremony) -> None:
    def held(count: int, secret: bytes) -> set[bytes]:
        data = tokens.filled([record(n) for n in range(count)], ceremony.epoch, secret)
        return {data[i : i + 16] for i in range(0, len(data), 16)}

    assert held(10, b"s") == held(10, b"s")
    assert len(held(11, b"s") - held(10, b"s")) == 1  # a filling went for the new record
    assert len(held(10, b"s") & held(10, b"t")) == 10


def test_other_forms_of_a_set_are_refused(ceremony: epoch.Ceremony) -> None:
    good = tokens.filled([], ceremony.epoch, b"secret")
    first, second, rest = good[:16], good[16:32], good[32:]
    for bent in (
        b"",
        good[:-1],
        good[:-16],
        good + good,
        second + first + rest,
        first + first + rest,
        good[:512],
    ):
        with pytest.raises(ValueError, match="a set is"):
            tokens.check(bent, ceremony.epoch)
    with pytest.raises(ValueError, match="16 bytes"):
        tokens.filled([bytes(15)], ceremony.epoch, b"secret")


def test_a_set_has_a_largest_size(templates: epoch.Epoch) -> None:
    most = tokens.SET_BYTES_MAX // (32 * 16)
    with pytest.raises(ValueError, match=f"at most {most:,}"):
        tokens.filled([n.to_bytes(512, "big") for n in range(most + 1)], templates, b"secret")


@given(st.sets(st.integers(0, 60)), st.lists(st.sets(st.integers(0, 60)), max_size=3))
@settings(max_examples=50)
def test_comparing_finds_the_intersection_with_the_union_of_the_others(
    ceremony: epoch.Ceremony, own: set[int], others: list[set[int]]
) -> None:
    sets = [tokens.filled([record(n) for n in o], ceremony.epoch, bytes([i])) for i, o in enumerate(others)]
    theirs = tokens.merged(sets, ceremony.epoch)
    got = tokens.found({n: record(n) for n in own}, theirs, ceremony.epoch)
    assert got == dict.fromkeys(own & set().union(*others), 1)


@pytest.mark.parametrize(("agreeing", "found"), [(0, {}), (1, {}), (2, {7: 2}), (31, {7: 31})])
def test_templates_are_found_by_two_bands_of_one_record(
    templates: epoch.Epoch, agreeing: int, found: dict[int, int]
) -> None:
    mine, theirs = record(1, 512), record(2, 512)
    data = tokens.filled([mine[: 16 * agreeing] + theirs[16 * agreeing :], record(3, 512)], templates, b"s")
    assert tokens.found({7: mine}, data, templates) == found


def test_one_band_in_each_of_two_templates_is_no_match(templates: epoch.Epoch) -> None:
    mine = record(1, 512)
    pieces = [mine[:16] + record(2, 496), record(3, 16) + mine[16:32] + record(4, 480)]
    assert tokens.found({7: mine}, tokens.filled(pieces, templates, b"s"), templates) == {}


def test_nobody_published_anything(ceremony: epoch.Ceremony, templates: epoch.Epoch) -> None:
    assert tokens.merged([], ceremony.epoch) == b""
    assert tokens.found({1: record(1)}, b"", ceremony.epoch) == {}
    assert tokens.found({1: record(1, 512)}, b"", templates) == {}
