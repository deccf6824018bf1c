"""The bandit finds the better arm, and an operator that learns leaves what the detector sees."""

import json
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.range import adapting
from stillwatch.range.adapting import WORLD, adapt, curves, shortlist
from stillwatch.range.archetypes import ARCHETYPES
from stillwatch.range.bandit import UCB1
from stillwatch.range.cost import prices
from stillwatch.range.curve import svg
from stillwatch.range.defending import Ran

HYDRA = next(one for one in ARCHETYPES if one.id == "hydra")
SMALL = {"honest": 15, "accounts": 12, "per_day": 4.0, "days": 1.0, "reference_ratio": 1.0}


def everything(world):
    """A detector that raises all of the operator, whatever it does."""
    truth = json.loads((world / "truth.json").read_text())
    return frozenset(a for campaign in truth["campaigns"] for a in campaign["accounts"])


def templates(world):
    """A detector that sees templates and no paraphrase."""
    truth = json.loads((world / "truth.json").read_text())
    return frozenset() if truth["attackers"][0]["plan"]["work"]["paraphrased"] else everything(world)


def nothing(world):
    return frozenset()


def play(detector, rounds=8, looks=4):
    return adapt(
        "hydra", rounds=rounds, seed=2, price=prices(), detector=detector, looks=looks, settings=SMALL
    )


def test_ucb1_pulls_every_arm_once_in_order_and_then_the_better_one():
    bandit = UCB1(3)
    rng = np.random.default_rng(0)
    chosen = []
    for _ in range(2000):
        arm = bandit.choose()
        chosen.append(arm)
        bandit.learn(arm, float(rng.random() < (0.2, 0.8, 0.4)[arm]))
    assert chosen[:3] == [0, 1, 2]
    assert bandit.pulls[1] > 0.85 * 2000


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.integers(1, 5))
def test_the_index_is_the_formula(rewards, arms):
    bandit = UCB1(arms)
    seen = [[] for _ in range(arms)]
    for reward in rewards:
        arm = bandit.choose()
        if all(seen):
            total = sum(map(len, seen))
            index = [sum(s) / len(s) + (2 * np.log(total) / len(s)) ** 0.5 for s in seen]
            assert index[arm] == pytest.approx(max(index))
        seen[arm].append(reward)
        bandit.learn(arm, reward)
    with pytest.raises(ValueError, match="reward"):
        bandit.learn(0, 1.5)


def test_the_shortlist_holds_the_cheapest_arm_and_the_best_estimates():
    arms = shortlist(HYDRA, dict(HYDRA.knobs) | dict(WORLD), prices(), 16, most=4)
    wide = shortlist(HYDRA, dict(HYDRA.knobs) | dict(WORLD), prices(), 16, most=99)
    assert len(arms) <= 4 < len(wide)
    assert min(a.usd_per_example for a in arms) == min(a.usd_per_example for a in wide)
    assert arms[0].linked < 0.5


def test_an_operator_leaves_what_the_detector_sees():
    record = play(templates, rounds=16)
    pulls = {arm["evasions"]: arm["pulls"] for arm in record["arms"]}
    seen = [n for name, n in pulls.items() if "L3" not in name]
    unseen = [n for name, n in pulls.items() if "L3" in name]
    assert max(unseen) > max(seen)
    assert sum(r["banned"] for r in record["rounds"][:8]) >= sum(r["banned"] for r in record["rounds"][8:])


def test_bans_make_an_example_dearer_and_no_ban_costs_only_the_trying():
    worst, calm = play(everything), play(nothing)
    assert 1 <= calm["cost_multiplier"] < worst["cost_multiplier"]
    assert worst["cost_multiplier"] > 2
    assert all(r["banned_at_looks"] == (r["accounts"], 0, 0, 0) for r in worst["rounds"])
    assert all(r["kept_share"] == r["sent_share"] == 1.0 for r in calm["rounds"])
    first, last = worst["rounds"][0]["undefended"], worst["rounds"][-1]["undefended"]
    assert last["usd_per_retained_example"] < first["usd_per_retained_example"]


def test_the_same_seed_gives_the_same_curve_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    one = play(templates, rounds=3)
    assert one == play(templates, rounds=3)
    assert list(tmp_path.iterdir()) == []
    drawn = curves(one)
    assert [day for day, _ in drawn["defended"]] == [1.0, 2.0, 3.0]
    picture = svg(one)
    assert picture.count("<polyline") == 2
    assert "undefended" in picture
    assert 'role="img"' in picture
    assert "<title>Cost per retained example over time</title>" in picture


def test_an_unknown_archetype_is_refused():
    with pytest.raises(UnknownNameError, match="hydr"):
        adapt("hydr", rounds=1, seed=0, price=prices(), detector=nothing)


def test_more_looks_find_it_earlier_and_leave_it_less():
    one, four = play(everything, rounds=2, looks=1), play(everything, rounds=2)
    assert [r["kept_share"] for r in one["rounds"]] == [1.0, 1.0]
    assert all(0.0 < r["kept_share"] < 0.5 for r in four["rounds"])
    assert four["cost_multiplier"] > one["cost_multiplier"]
    for r, s in zip(one["rounds"], four["rounds"], strict=True):
        tokens = [x["items_usd"]["tokens of the harvest"] for x in (r, s)]
        assert tokens[1] == pytest.approx(tokens[0] * s["sent_share"], rel=0.01)


def test_accounts_that_are_replaced_are_bought_every_round_and_others_are_not():
    knobs = dict(HYDRA.knobs) | dict(WORLD)
    arms = {arm.name: arm for arm in shortlist(HYDRA, knobs, prices(), 16, most=99)}
    bought = {}
    for name in ("L2-grammar", "L2-grammar + L6-churn:2"):
        owned = {}
        bills = [adapting._pay(arms[name], WORLD, prices(), owned, Ran()) for _ in range(2)]
        bought[name] = ["accounts" in spent.items for spent in bills]
    assert bought == {"L2-grammar": [True, False], "L2-grammar + L6-churn:2": [True, True]}


def test_bans_are_spread_over_pools_by_their_sizes():
    failover = next(one for one in ARCHETYPES if one.id == "failover")
    knobs = dict(failover.knobs) | {"days": 7.0, "accounts": 40, "per_day": 5.0}
    arm, owned = shortlist(failover, knobs, prices(), 16)[0], {}
    adapting._pay(arm, knobs, prices(), owned, Ran(80, (0, 20)))
    assert sorted(owned.values()) == [30, 30]
    spent = adapting._pay(arm, knobs, prices(), owned, Ran(80, (0, 0)))
    assert spent.items["accounts"] == pytest.approx(20 * 0.26)
    for banned in range(81):
        owned.clear()
        adapting._pay(arm, knobs, prices(), owned, Ran(80, (banned,)))
        assert sum(owned.values()) == 80 - banned


@pytest.mark.parametrize(
    "settings", [{}, {"days": 4.0, "per_day": 0.3, "accounts": 12}], ids=["as it is", "few requests"]
)
def test_unwatched_an_operator_learns_what_is_cheap_and_never_pays_less_than_the_cheapest(
    monkeypatch, settings
):
    monkeypatch.setattr(adapting, "play", lambda *_: Ran(40, (0, 0, 0, 0)))
    short, long = (
        adapt("hydra", rounds=rounds, seed=0, price=prices(), settings=settings) for rounds in (12, 400)
    )
    for record in (short, long):
        assert 1.0 <= record["cost_multiplier"] < 1.5
        assert all(0.0 < arm["mean_reward"] <= 1.0 for arm in record["arms"])
    arms = sorted(long["arms"], key=lambda arm: arm["usd_per_example_undefended"])
    assert arms[0]["pulls"] > 2 * arms[-1]["pulls"]
    assert arms[0]["mean_reward"] > arms[-1]["mean_reward"]


def test_costs_of_nothing_are_no_multiplier(monkeypatch):
    monkeypatch.setattr(adapting, "play", lambda *_: Ran(40, (40, 0, 0, 0), 0, 0.25, 0.25))
    free = prices(changes={name: 0.0 for name in vars_of(prices()) if not name.endswith("_share")})
    record = adapt("hydra", rounds=3, seed=0, price=free)
    assert record["cost_multiplier"] is None
    assert record["rounds"][-1]["defended"]["retained_examples"] > 0
    assert "<polyline" in svg(record)


def vars_of(price):
    return [field.name for field in fields(price)]


def test_fewer_than_one_look_is_refused():
    for looks in (0, -1):
        with pytest.raises(UsageError, match="1 or more"):
            adapt("hydra", rounds=1, seed=0, price=prices(), looks=looks)


def test_what_cannot_adapt_is_refused_with_the_reason():
    with pytest.raises(UsageError, match="nothing to adapt"):
        adapt("bought", rounds=1, seed=0, price=prices())
    with pytest.raises(UsageError, match="does not fit into 2 days"):
        adapt("sweep", rounds=1, seed=0, price=prices())


@pytest.mark.parametrize("name", ["size", "prompts", "rounds", "detector", "looks"])
def test_a_setting_called_like_an_argument_is_an_unknown_setting(name):
    with pytest.raises(UnknownNameError, match=name):
        adapt("hydra", rounds=1, seed=2, price=prices(), detector=nothing, settings=SMALL | {name: 5})
