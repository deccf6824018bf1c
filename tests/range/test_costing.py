"""Plans that use the same accounts: those are bought once and kept busy once."""

import json
from dataclasses import replace

import numpy as np
import pytest

from stillwatch.range.adapting import adapt
from stillwatch.range.archetypes import ARCHETYPES
from stillwatch.range.archetypes.hydra import hydra
from stillwatch.range.attackers.plan import Pool, Tempo
from stillwatch.range.attackers.sizing import account_days, size
from stillwatch.range.building import build_world
from stillwatch.range.cost import bill, prices
from stillwatch.range.costing import campaign_cost, of_campaign, of_pool
from stillwatch.range.evasions import evasions

PRICE = prices()
ONE = replace(hydra(accounts=100, per_account=10), pool=Pool(name="p"))
HALF = replace(ONE, per_account=5)
APART = replace(ONE, pool=Pool(name="q"))


def test_one_list_in_two_parts_costs_what_it_costs_whole():
    whole, parts = of_campaign([ONE], 7.0, PRICE), of_campaign([HALF, HALF], 7.0, PRICE)
    assert parts.items == pytest.approx(whole.items)
    assert parts.retained == whole.retained
    assert whole == bill(ONE, 7.0, PRICE)


def test_pools_of_their_own_are_paid_for_each():
    both = of_campaign([ONE, APART], 7.0, PRICE)
    assert both.items["accounts"] == pytest.approx(2 * 100 * 0.26)
    assert both.retained == 2 * of_campaign([ONE], 7.0, PRICE).retained


def test_a_larger_second_phase_buys_what_is_missing():
    probes = replace(ONE, accounts=30, tempo=Tempo(days=2.0))
    large = replace(ONE, tempo=Tempo(start_day=2.0))
    made = of_campaign([probes, large], 7.0, PRICE)
    assert made.items["accounts"] == pytest.approx(100 * 0.26)
    assert made.items["time"] == pytest.approx((30 * 2 + 100 * 5) * 0.025)
    assert of_pool([probes, large], 7.0, PRICE, owned=60).items["accounts"] == pytest.approx(40 * 0.26)
    assert "accounts" not in of_pool([probes, large], 7.0, PRICE, owned=100).items


def test_the_order_of_the_plans_of_a_pool_costs_nothing():
    small = replace(ONE, accounts=5)
    seven = replace(ONE, accounts=7)
    made, turned = of_campaign([small, seven], 7.0, PRICE), of_campaign([seven, small], 7.0, PRICE)
    assert made.items == pytest.approx(turned.items)
    assert made.items["payments"] == 3.0


@pytest.mark.parametrize("seed", range(5))
def test_account_days_are_those_counted_one_by_one(seed):
    rng = np.random.default_rng(seed)
    shapes = []
    for _ in range(int(rng.integers(1, 5))):
        start = int(rng.integers(0, 5))
        tempo = Tempo(
            start_day=start,
            days=float(rng.integers(1, 8 - start)),
            lifetime_days=float(rng.integers(1, 4)) if rng.random() < 0.5 else None,
        )
        shapes.append(size(replace(ONE, accounts=int(rng.integers(1, 9)), tempo=tempo), 7.0))
    step, used = 1 / 60, set()  # every length of life above divides into such steps
    for shape in shapes:
        for place in range(shape.accounts_bought):
            begin = shape.begins()[place // shape.accounts]
            first, last = round(begin / step), round((begin + shape.lifetime_days) / step)
            used |= {(place, moment) for moment in range(first, last)}
    assert account_days(shapes) == pytest.approx(len(used) * step)


@pytest.mark.parametrize("rungs", [[], ["L6"], ["L13"]], ids=["as it is", "churn", "poisoned"])
def test_the_truth_of_a_world_bills_as_the_campaign_does(rungs, tmp_path):
    reasoning = next(one for one in ARCHETYPES if one.id == "reasoning")
    knobs = {"accounts": 10, "per_day": 10.0, "honest": 10, "days": 6.0, "reference_ratio": 1.0}
    world = build_world("reasoning", seed=3, out=tmp_path / "w", settings=knobs, evasions=rungs)
    attackers = json.loads((world / "truth.json").read_text())["attackers"]
    assert len(attackers) == len(reasoning.plans(dict(reasoning.knobs) | knobs, 6.0)) == 5
    own = {name: value for name, value in knobs.items() if name in reasoning.knobs}
    stated = campaign_cost("reasoning", evasions=rungs, days=6.0, settings=own)
    total = sum(a["cost"]["total_usd"] for a in attackers)
    assert total == pytest.approx(stated["total_usd"], abs=1e-3)
    assert [rung.spec for rung in evasions(rungs)] == stated["evasions"]
    bought = sum(a["cost"]["items_usd"].get("accounts", 0.0) for a in attackers)
    assert (bought == pytest.approx(10 * 0.26)) == (rungs != ["L6"])


def test_an_operator_of_five_plans_pays_for_its_accounts_once():
    def everything(world):
        truth = json.loads((world / "truth.json").read_text())
        return frozenset(a for campaign in truth["campaigns"] for a in campaign["accounts"])

    small = {"honest": 15, "accounts": 12, "per_day": 10.0, "days": 1.0, "reference_ratio": 1.0}
    played = [
        adapt(name, rounds=2, seed=2, price=PRICE, detector=everything, looks=1, settings=small)["rounds"]
        for name in ("hydra", "reasoning")
    ]
    for hydras, reasonings in zip(*played, strict=True):
        assert reasonings["banned"] == hydras["banned"] == 12
        for item in ("accounts", "bans", "time"):
            assert reasonings["items_usd"][item] == pytest.approx(hydras["items_usd"][item])
    assert [rounds[0]["retained_examples"] for rounds in played] == [96.0, 96.0]
