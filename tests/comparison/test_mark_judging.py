"""From mark tests to a verdict: thresholds after Holm, decoys that fail, and what a small dataset is told."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stillwatch.comparison import mark_judging as judging
from stillwatch.comparison.mark_result import AccountMarks, HouseMark
from stillwatch.comparison.result import RegisteredTest


def house(p, decoys_pass=True, slots=5000):
    return HouseMark(
        slots=slots, agree=0.5, p=p, decoys=1000, decoys_above=0, decoys_low=50, decoys_pass=decoys_pass
    )


def accounts(p, decoys_pass=True):
    return AccountMarks(
        tested=10, slots=5000, p_family=p, decoys=1000, decoys_above=0, decoys_low=50, decoys_pass=decoys_pass,
        best=[judging.MarkedAccount(account="a", agree=0.6, p=p / 10, p_bonferroni=p, listed=False)],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "many", "verdict"),
    [
        (house(1e-3), None, "strong"),
        (house(1.1e-3), None, "investigate"),
        (house(0.01), None, "investigate"),
        (house(0.011), None, "inconclusive"),
        (house(6e-4), accounts(0.5), "investigate"),  # Holm: two tests
        (house(5e-4), accounts(0.5), "strong"),
        (house(0.5), accounts(5e-4), "strong"),
        (house(1e-30, decoys_pass=False), None, "inconclusive"),
        (house(1e-30), accounts(1e-9, decoys_pass=False), "inconclusive"),
    ],
)
def test_verdicts(one, many, verdict):
    tests = judging.registered(one, many)
    got, reasons = judging.decide(tests, one, many, 10_000)
    assert got == verdict and reasons
    if many is not None:
        named = judging.listed(many, got).best[0].listed
        assert named == (got != "inconclusive" and many.p_family <= judging.FAMILY_ALPHA)


def test_holm_goes_over_the_trace_as_well():
    trace = RegisteredTest(name="served-response trace", null="-", p=0.9, p_holm=0.9, p_floor=0.0)
    tests = judging.registered(house(4e-4), accounts(0.5), [trace])
    assert [t.name for t in tests] == ["served-response trace", "house mark", "account marks"]
    assert tests[1].p_holm == pytest.approx(1.2e-3)
    assert judging.decide(tests, house(4e-4), accounts(0.5), 10_000)[0] == "investigate"


def test_a_small_dataset_is_told_what_it_needs():
    one = house(0.4, slots=20)
    _, reasons = judging.decide(judging.registered(one, None), one, None, 40)
    assert any("40 distinct slots are few" in r for r in reasons)
    # half of the slots are the house's; a tenth marked agree 55 % of the time: (3.09 / 0.1)^2 of them, about
    assert 1800 < judging.slots_needed() < 2400


def test_decoys_pass_at_their_level_and_fail_far_above_it():
    weights = np.full(400, 4)
    rng = np.random.default_rng(1)
    fair = 4 * rng.binomial(400, 0.5, 1000)
    low = judging.decoys_low(weights, fair)
    assert 20 < low < 80 and judging.passes(low, 1000)
    assert not judging.passes(judging.decoys_low(weights, fair + 80), 1000)


def test_p_never_underflows():
    assert judging.told(-math.inf) > 0
