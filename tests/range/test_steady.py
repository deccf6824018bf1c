"""What rounds without end cost, by hand."""

import math

import pytest

from stillwatch.range.archetypes.hydra import hydra
from stillwatch.range.cost import Bill, prices
from stillwatch.range.evasions.churn import Churn
from stillwatch.range.steady import Loss, Steady, steady

PRICE = prices()
WHOLE = Bill({"accounts": 10.0, "payments": 30.0, "tokens of the harvest": 4.0, "time": 6.0}, 100.0)
LASTING, REPLACED = Steady(WHOLE, 20, True), Steady(WHOLE, 20, False)


def test_nobody_watches():
    assert LASTING.usd_per_example(Loss(), PRICE) == pytest.approx(10 / 100)
    assert LASTING.usd_per_example(Loss(), PRICE, 16) == pytest.approx((10 + 40 / 16) / 100)
    assert REPLACED.usd_per_example(Loss(), PRICE) == pytest.approx(50 / 100)
    assert REPLACED.usd_per_example(Loss(), PRICE, 16) == pytest.approx(50 / 100)


def test_what_is_banned_is_bought_again_and_what_was_not_sent_is_not_paid():
    lost = Loss(banned=0.5, sent=0.8, kept=0.7)
    credit = 0.5 * 20 * 2.5
    assert LASTING.usd_per_example(lost, PRICE) == pytest.approx((8 + credit + 20) / 70)
    assert REPLACED.usd_per_example(lost, PRICE) == pytest.approx((8 + credit + 40) / 70)
    assert LASTING.usd_per_example(Loss(1.0, 0.1, 0.0), PRICE) == math.inf


def test_nobody_is_bought_again_after_the_last_round():
    all_banned = Loss(banned=1.0)
    assert LASTING.usd_per_example(all_banned, PRICE, 1) == pytest.approx((10 + 20 * 2.5 + 40) / 100)
    assert LASTING.usd_per_example(all_banned, PRICE, 16) == pytest.approx((10 + 20 * 2.5 + 40) / 100)
    half = (0.5 * 15 + 1) / 16
    assert LASTING.usd_per_example(Loss(banned=0.5), PRICE, 16) == pytest.approx((10 + 25 + 40 * half) / 100)


def test_losses_of_some_rounds():
    each = Loss.mean([Loss(1.0, 0.25, 0.2), Loss(0.5, 0.75, 0.6)])
    assert each == Loss(0.75, 0.5, 0.4)
    assert each.at(1.0) == each
    assert each.at(0.0) == Loss() == Loss.mean([])
    assert each.at(0.5) == Loss(0.375, 0.75, 0.7)


def test_a_plan_says_whether_its_accounts_last():
    plan = hydra(accounts=40, per_account=10)
    assert steady([plan], 2.0, PRICE).lasting
    churned = steady([Churn().apply(plan)], 2.0, PRICE)
    assert not churned.lasting
    assert churned.accounts == 40
    assert steady([Churn().apply(plan)], 6.0, PRICE).accounts == 120
