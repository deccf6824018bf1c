"""Bytes held: arrays by their values, dataclasses by their fields, and more events hold more."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from stillwatch.engine.held import held_bytes
from stillwatch.service.scanning import scan
from stillwatch.testing.traffic import START_US, WEEK_US, honest, write


@dataclass
class Part:
    rows: np.ndarray
    names: list = field(default_factory=list)
    inner: object = None


def test_fields_add_up_as_deep_as_they_go():
    flat = held_bytes(Part(np.zeros(10)))
    assert flat == 80 + held_bytes([]) + held_bytes(None)
    assert held_bytes(Part(np.zeros(10), inner=Part(np.zeros(3)))) == flat - held_bytes(None) + held_bytes(
        Part(np.zeros(3))
    )
    assert held_bytes(["acct-1"]) - held_bytes([]) > len("acct-1")


@pytest.mark.slow
def test_a_scan_says_what_it_kept_and_keeps_more_of_more_events(tmp_path):
    held = []
    for each in (4, 12):
        rng, place = np.random.default_rng(1), tmp_path / str(each)
        write(place, honest(rng, 30, each, START_US))
        write(place / "reference", honest(rng, 30, each, START_US - WEEK_US), tag="r")
        held.append(scan([place], workers=1).state_bytes)
        assert scan([place], workers=2).state_bytes == held[-1]
    assert held[1] >= held[0] + 30 * 8 * 22
