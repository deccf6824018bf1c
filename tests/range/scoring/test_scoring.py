"""Scores against truths small enough to count by hand, and laws every score obeys."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.errors import UnreadableInputError
from stillwatch.range import score_findings
from stillwatch.range.scoring.scoring import Comparison

START = 1_780_000_000_000_000
HOUR = 3_600_000_000


def world(folder: Path, owners: list[str], campaigns: list[dict], look_alikes=()) -> Path:
    """A window with one event an hour, owners in order; returns truth.json."""
    folder.mkdir(parents=True, exist_ok=True)
    table = {
        "event_id": [f"e{i}" for i in range(len(owners))],
        "account_id": owners,
        "ts": pa.array([START + i * HOUR for i in range(len(owners))], pa.timestamp("us", tz="UTC")),
    }
    pq.write_table(pa.table(table), folder / "events.parquet")
    truth = {"world": "hand", "seed": 0, "campaigns": campaigns, "look_alikes": list(look_alikes)}
    (folder / "truth.json").write_text(json.dumps(truth))
    return folder / "truth.json"


def findings(folder: Path, *campaigns: dict[str, float] | list[str], **extra) -> Path:
    """Findings raising `campaigns`: account ids, or account -> p."""
    listed = [
        {"accounts": [{"account_id": a, "p_value": c[a] if isinstance(c, dict) else 0.001} for a in c]}
        for c in campaigns
    ]
    path = folder / "findings.json"
    path.write_text(json.dumps({"campaigns": listed, **extra}))
    return path


@pytest.fixture
def small(tmp_path):
    """Two campaigns (a: 4 events of a1..a4; b: 2 events of b1, b2), ten honest accounts, one look-alike."""
    owners = ["a1", "a2", "a3", "a4", "b1", "b2", *(f"h{i}" for i in range(10))]
    campaigns = [
        {"name": "a", "accounts": ["a1", "a2", "a3", "a4"], "events": ["e0", "e1", "e2", "e3"]},
        {"name": "b", "accounts": ["b1", "b2"], "events": ["e4", "e5"]},
    ]
    alikes = [{"kind": "batch", "accounts": ["h0", "h1", "h2", "h3"]}, {"kind": "batch", "accounts": ["h4"]}]
    return tmp_path, world(tmp_path, owners, campaigns, alikes)


CASES = [
    ("nothing raised", [], (0, 0.0, 0.0, 0, 0.0, 0.0)),
    ("everything guilty raised", [["a1", "a2", "a3", "a4"], ["b1", "b2"]], (2, 1.0, 1.0, 0, 0.0, 0.0)),
    ("half of one campaign is found", [["a1", "a2"]], (1, 1 / 3, 1 / 3, 0, 0.0, 0.0)),
    ("a quarter is not", [["a1"]], (0, 1 / 6, 1 / 6, 0, 0.0, 0.0)),
    ("an honest account among them", [["a1", "a2", "h9"]], (1, 1 / 3, 1 / 3, 1, 1 / 3, 0.0)),
    ("a campaign of honest accounts only", [["a1", "a2"], ["h8", "h9"]], (1, 1 / 3, 1 / 3, 2, 0.5, 0.0)),
    ("the worst group of a kind counts, not the mean", [["h4"]], (0, 0.0, 0.0, 1, 1.0, 1.0)),
    ("an account raised twice counts once", [["a1", "a2"], ["a2", "a3"]], (1, 0.5, 0.5, 0, 0.0, 0.0)),
]


@pytest.mark.parametrize(("raised", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_counts_by_hand(small, raised, expected):
    folder, truth = small
    s = score_findings(truth, findings(folder, *raised))
    got = (
        s.campaigns_found, s.account_recall, s.event_recall, s.false_accounts, s.realised_fdr, s.worst_look_alike_share
    )  # fmt: skip
    assert got == pytest.approx(expected)
    assert s.false_account_bound > s.false_account_rate
    assert s.account_recall_interval[0] <= s.account_recall <= s.account_recall_interval[1]


def test_false_campaigns_are_counted_against_those_raised(small):
    folder, truth = small
    s = score_findings(truth, findings(folder, ["a1", "h1"], ["h8"], ["h9"], fdr=0.05))
    assert (s.false_campaigns, s.raised_campaigns, s.nominal_fdr) == (2, 3, 0.05)
    assert s.realised_campaign_fdr.share == pytest.approx(2 / 3)


def test_ranking_uses_scores_before_p_values_and_breaks_no_tie_in_our_favour(small):
    folder, truth = small
    scores = {"a1": 5.0, "a2": 4.0, "h0": 4.0, "a3": 3.0, "h1": 2.0, "b1": 1.0}
    path = findings(folder, ["h9"], account_scores=scores)
    tenth = Comparison(truth, path, (0.1,)).at(0.1)
    assert (tenth.accounts.k, tenth.false_accounts) == (
        3,
        1,
    )  # a1 a2 a3 above h1; h0 is the one false account
    scores["h1"] = 4.0
    tied = Comparison(truth, findings(folder, ["h9"], account_scores=scores), (0.1,)).at(0.1)
    assert (tied.accounts.k, tied.false_accounts) == (1, 0)  # two honest tie at 4: neither may be admitted


def test_p_values_rank_listed_accounts_and_the_unlisted_come_last(small):
    folder, truth = small
    path = findings(folder, {"a1": 1e-6, "a2": 1e-5, "h0": 1e-4, "h1": 1e-3, "b1": 0.5})
    at = Comparison(truth, path, (0.1, 0.2)).at
    assert (at(0.1).accounts.k, at(0.1).campaigns.k, at(0.1).events.k) == (2, 1, 2)
    assert (at(0.2).accounts.k, at(0.2).campaigns.k) == (3, 2)


def test_a_rate_finer_than_the_honest_accounts_is_not_resolvable(small):
    folder, truth = small
    at = Comparison(truth, findings(folder, ["a1"]), (0.1, 0.099)).at
    assert at(0.1).resolvable
    fine = at(0.099)
    assert (fine.resolvable, fine.accounts, fine.honest_needed) == (False, None, 11)


def look(hour: float, *campaigns: list[str]) -> dict:
    stamp = f"2026-05-28T{20 + int(hour):02d}:{26 + int(hour * 60 % 60):02d}:40Z"
    return {"until": stamp, "campaigns": list(campaigns)}


REPLAYS = [
    ("raised at once", [look(0.5, ["a1"])], (0.25, 0.0, 0.5)),
    (
        "raised at the second look, half of those active by then",
        [look(1), look(2, ["a1", "a2"])],
        (0.75, 0.5, 2.0),
    ),
    ("what one look raised stays raised", [look(0.5, ["a1"]), look(1.5, ["a2"])], (0.25, 0.0, 0.5)),
    ("never raised", [look(1), look(3.5)], (1.0, 1.0, None)),
    ("too few of those active", [look(2, ["a1"]), look(3, ["a1", "a2"])], (1.0, 0.75, 3.0)),
]


@pytest.mark.parametrize(("looks", "expected"), [r[1:] for r in REPLAYS], ids=[r[0] for r in REPLAYS])
def test_harvest_before_detection_by_hand(small, looks, expected):
    folder, truth = small
    path = findings(folder, ["a1", "a2", "a3"], replay={"fdr": 0.02, "looks": looks})
    s = score_findings(truth, path)
    first = s.outcomes[0]
    assert (first.harvest, first.harvest_from, first.hours_to_detection) == pytest.approx(expected)
    assert s.nominal_fdr == 0.02
    assert s.harvest_before_detection == pytest.approx((4 * first.harvest + 2 * s.outcomes[1].harvest) / 6)
    assert s.raised_by_day[0].campaigns == (expected[2] is not None)


def test_a_plain_scan_sees_the_whole_window_at_once(small):
    folder, truth = small
    s = score_findings(truth, findings(folder, ["a1", "a2", "a3"]))
    assert (s.harvest_before_detection, s.hours_to_detection, s.raised_by_day) == (1.0, None, [])


def test_the_cheapest_campaign_sets_the_cost_multiplier(tmp_path):
    costs = [{"per_example": 0.6, "undefended_per_example": 0.05, "items": {"proxies": 0.2}}, None]
    campaigns = [
        {"name": n, "accounts": [n], "events": [f"e{i}"]} | ({"cost": c} if c else {})
        for i, (n, c) in enumerate(zip("ab", costs, strict=True))
    ]
    truth = world(tmp_path, ["a", "b", "h"], campaigns)
    s = score_findings(truth, findings(tmp_path, ["a"], measured={"events_per_s": 2e5}))
    assert s.cost_multiplier == pytest.approx(12)
    assert s.outcomes[1].cost_multiplier is None
    assert s.measured == {"events_per_s": 2e5}


BROKEN_FINDINGS = [
    ("cut in half", '{"campaigns": [\n{"accounts": [', "findings.json:2", "not JSON"),
    ("no campaigns", '{"groups": []}', "findings.json:$", "campaigns"),
    ("an account without id", '{"campaigns": [{"accounts": [{}]}]}', "$.campaigns[0].accounts[0]", "account_id"),
    ("a p-value above 1", '{"campaigns": [{"accounts": [{"account_id": "a1", "p_value": 3}]}]}', "accounts[0].p_value", "[0, 1]"),
    ("a score that is text", '{"campaigns": [], "account_scores": {"a1": "high"}}', "$.account_scores", "float"),
    ("a time that is none", '{"campaigns": [], "replay": {"looks": [{"until": "soon", "campaigns": []}]}}', "looks[0].until", "RFC 3339"),
    ("looks out of order", json.dumps({"campaigns": [], "replay": {"looks": [look(2), look(1)]}}), "looks[1].until", "order"),
    ("another world's findings", '{"campaigns": [{"accounts": [{"account_id": "zz"}]}]}', "$.campaigns", "none of its accounts"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "where", "said"), [b[1:] for b in BROKEN_FINDINGS], ids=[b[0] for b in BROKEN_FINDINGS]
)
def test_broken_findings_give_one_error_with_its_place(small, text, where, said):
    folder, truth = small
    (folder / "f").mkdir()
    path = folder / "f" / "findings.json"
    path.write_text(text)
    with pytest.raises(UnreadableInputError) as caught:
        score_findings(truth, path)
    assert where in caught.value.where
    assert said in caught.value.message
    assert caught.value.hint


BROKEN_TRUTHS = [
    ("an event of no window", {"campaigns": [{"name": "a", "accounts": ["a"], "events": ["e9"]}]}, "$.campaigns[0].events"),
    ("a campaign of nobody", {"campaigns": [{"name": "a", "accounts": [], "events": []}]}, "$.campaigns[0].accounts"),
    ("accounts that are numbers", {"campaigns": [{"name": "a", "accounts": [1], "events": []}]}, "$.campaigns[0].accounts[0]"),
    ("an undefended cost of 0", {"campaigns": [{"name": "a", "accounts": ["a"], "events": [], "cost": {"per_example": 1, "undefended_per_example": 0}}]}, "$.campaigns[0].cost"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("truth", "where"), [b[1:] for b in BROKEN_TRUTHS], ids=[b[0] for b in BROKEN_TRUTHS]
)
def test_a_broken_truth_gives_one_error_with_its_place(tmp_path, truth, where):
    world(tmp_path, ["a"], [])
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    with pytest.raises(UnreadableInputError) as caught:
        score_findings(tmp_path / "truth.json", findings(tmp_path))
    assert where in caught.value.where


def test_a_truth_without_its_world_says_so(tmp_path):
    (tmp_path / "truth.json").write_text('{"campaigns": []}')
    with pytest.raises(UnreadableInputError, match=r"no readable events\.parquet"):
        score_findings(tmp_path / "truth.json", findings(tmp_path))


@given(
    ranks=st.lists(st.integers(-3, 6), min_size=16, max_size=16),
    rates=st.lists(st.floats(0.1, 0.99), min_size=2, max_size=5),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.slow
def test_recall_at_a_rate_is_monotone_bounded_and_keeps_the_rate(small, ranks, rates):
    folder, truth = small
    names = Comparison(truth, findings(folder), (0.1,)).traffic.names
    scores = {n: float(r) for n, r in zip(names, ranks, strict=True) if r >= 0}
    rates = sorted(rates)
    seen = Comparison(truth, findings(folder, account_scores=scores), tuple(rates))
    points = [seen.at(r) for r in rates]
    for rate, point in zip(rates, points, strict=True):
        assert point.false_accounts <= rate * 10 + 1e-9
        for part in (point.accounts, point.events, point.campaigns):
            assert 0 <= part.low <= part.share <= part.high <= 1
    assert [p.accounts.k for p in points] == sorted(p.accounts.k for p in points)
    doubled = {n: 2 * s + 1 for n, s in scores.items()}
    again = Comparison(truth, findings(folder, account_scores=doubled), tuple(rates))
    assert [again.at(r).accounts.k for r in rates] == [p.accounts.k for p in points]
