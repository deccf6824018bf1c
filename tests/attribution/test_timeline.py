"""The timeline test: exact over all shifts, blind to growth and volume, and quiet when it sees too little."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.attribution.timeline import compared, contrasts, judged, shifted_means

START = date(2025, 1, 1)


def day(i):
    return START + timedelta(days=int(i))


def outcome(volume, places, others=None, window=30, lag=0, alpha=0.05):
    volume = np.asarray(volume, float)
    named = lambda at: [(day(p), f"release {p}") for p in at]  # noqa: E731
    return judged(
        {day(i): v for i, v in enumerate(volume) if v}, named(places), None if others is None else named(others),
        observed=(START, day(volume.size - 1)), without=0, window=window, lag=lag, alpha=alpha, version="0",
        custody=[], replay="",
    )  # fmt: skip


def naive(volume, window, lag):
    """c by its definition, day by day."""
    out = []
    for d in range(window + lag, volume.size - window + 1):
        b, a = volume[d - lag - window : d - lag].sum(), volume[d : d + window].sum()
        out.append((b - a) / (b + a) if b + a else 0.0)
    return np.array(out)


@given(seed=st.integers(0, 10_000), window=st.integers(7, 20), lag=st.integers(0, 9), days=st.integers(0, 90))
@settings(max_examples=60)
def test_contrasts_are_what_their_definition_says(seed, window, lag, days):
    volume = np.random.default_rng(seed).poisson(0.4, days).astype(float)
    assert np.allclose(contrasts(volume, window, lag)[3], naive(volume, window, lag))


@given(seed=st.integers(0, 10_000), n=st.integers(20, 80), k=st.integers(1, 6))
@settings(max_examples=60)
@pytest.mark.slow
def test_p_is_exact_whatever_the_series(seed, n, k):
    """If every place on the calendar is equally likely, p <= alpha happens in at most alpha of the places."""
    rng = np.random.default_rng(seed)
    c = np.round(np.cumsum(rng.normal(size=n)), 1)
    at = rng.choice(n, k, replace=False)
    p = []
    for turn in range(n):
        means = shifted_means(np.roll(c, turn), at)
        p.append(np.mean(means >= means[0] - 1e-9))
    p = np.sort(p)
    assert (p >= np.arange(1, n + 1) / n - 1e-9).all()


def harvest_before(places, days=1100, length=25, seed=0, background=2.0):
    """Noise, and a burst that ends a few days before each place."""
    rng = np.random.default_rng(seed)
    volume = rng.poisson(background, days).astype(float)
    for p in places:
        volume[p - length - 3 : p - 3] += 20
    return volume


PLACES = [90, 200, 330, 421, 560, 633, 777, 901, 1000]


def test_a_harvest_before_each_release_supports():
    found = outcome(harvest_before(PLACES), PLACES)
    assert found.verdict == "supports" and "not a finding" in found.statement
    assert found.found.mean > 0.7 and found.found.low > 0.5
    assert found.found.p_floor <= found.found.p <= 0.05
    assert found.found.p_floor == pytest.approx(1 / found.found.shifts)


@pytest.mark.parametrize(
    "volume",
    [
        pytest.param(np.full(1100, 5.0), id="the same every day"),
        pytest.param(1.01 ** np.arange(1100), id="growth"),
        pytest.param(np.random.default_rng(4).poisson(3, 1100), id="noise"),
        pytest.param(harvest_before([p + 60 for p in PLACES if p < 1000], seed=2), id="after each release"),
        pytest.param(harvest_before(range(60, 1060, 14), length=5), id="every second week"),
    ],
)
def test_a_harvest_with_another_reason_does_not(volume):
    found = outcome(volume, PLACES)
    assert found.verdict == "inconclusive" and found.found.p > 0.05


def test_one_huge_burst_does_not_decide():
    volume = harvest_before([])
    volume[PLACES[3] - 20 : PLACES[3] - 5] = 1e6
    assert outcome(volume, PLACES).verdict == "inconclusive"


def test_what_also_precedes_other_makers_points_at_nobody():
    near = [p + 4 for p in PLACES]
    found = outcome(harvest_before(PLACES), PLACES, others=near)
    assert found.verdict == "inconclusive" and "point at nobody" in found.statement
    apart = [p + 45 for p in PLACES[:-1]]
    assert outcome(harvest_before(PLACES), PLACES, others=apart).verdict == "supports"


@pytest.mark.parametrize(
    ("volume", "places", "said"),
    [
        pytest.param(harvest_before(PLACES[:4]), PLACES[:4], "4 release dates", id="four releases"),
        pytest.param(
            harvest_before(PLACES), [*PLACES[:4], *PLACES[:4]], "4 release dates", id="four, each twice"
        ),
        pytest.param(
            harvest_before([40]), [5, 10, 20, 1090, 1095, 40], "1 release dates", id="none inside but one"
        ),
        pytest.param(np.zeros(1100), PLACES, "nothing was harvested", id="no harvest"),
        pytest.param(
            harvest_before([40], days=75), [31, 34, 37, 40, 43, 45], "16 shifts; 20 days", id="a short time"
        ),
        pytest.param(np.ones(3), [1], "0 release dates", id="three days"),
    ],
)
def test_too_little_says_what_would_suffice(volume, places, said):
    found = outcome(volume, places)
    assert found.verdict == "inconclusive"
    assert any(said in reason for reason in found.reasons), found.reasons


def test_what_lies_outside_is_named():
    found, _ = compared(
        np.ones(200), START, [(day(5), "early"), (day(100), "mid"), (day(300), "late")], 30, 0
    )
    assert [r.name for r in found.releases] == ["mid"]
    assert found.left_out == ["2025-01-06 early", "2025-10-28 late"]


@pytest.mark.slow
def test_false_alarms_over_random_calendars():
    """Harvest bursts and releases placed apart from each other: 400 cases, seeds 0 to 399."""
    hits = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        bursts = np.sort(rng.choice(np.arange(60, 1000), 8, replace=False))
        places = np.sort(rng.choice(np.arange(60, 1000), 8, replace=False))
        hits += outcome(harvest_before(bursts, seed=seed), places).found.p <= 0.05
    assert hits <= 400 * 0.05 + 3 * (400 * 0.05 * 0.95) ** 0.5
