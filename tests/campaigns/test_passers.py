"""Who pasted a campaign's prompt is told apart from who runs it; an operator's accounts never are."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from stillwatch.campaigns.passers import kin, kin_alone, without_passers
from stillwatch.findings.result import ScanResult
from stillwatch.range import build_world
from stillwatch.service.scanning import scan

POOL = {"honest": 600, "per_week": 12.0, "days": 3.0, "accounts": 60, "per_day": 10.0}
BUSY = 8


def copied(
    folder: Path, evasions: list[str], share: float, people: int = 10, **knobs: Any
) -> tuple[ScanResult, set[str], set[str]]:
    """(findings, accounts of the operator, people who sent its prompts in that share of their requests, at least once)."""
    place = build_world("hydra", seed=51, out=folder / "w", evasions=evasions, **(POOL | knobs))
    truth = json.loads((place / "truth.json").read_text())
    guilty = {account for campaign in truth["campaigns"] for account in campaign["accounts"]}
    events, content = pl.read_parquet(place / "events.parquet"), pl.read_parquet(place / "content.parquet")
    said = dict(zip(content["event_id"], content["messages"].to_list(), strict=True))
    mine = pl.col("account_id").is_in(list(guilty))
    harvest = events.filter(mine)["event_id"].to_list()
    honest = events.filter(~mine).group_by("account_id").agg("event_id").sort("account_id")
    honest = honest.filter(pl.col("event_id").list.len() >= BUSY)
    rng = np.random.default_rng(3)
    chosen = rng.choice(honest.height, people, replace=False)
    for row in chosen.tolist():
        own = honest["event_id"][row].to_list()
        for event in own[: max(1, round(share * len(own)))]:
            said[event] = said[harvest[int(rng.integers(len(harvest)))]]
    column = pl.Series("messages", [said[e] for e in content["event_id"]], dtype=content.schema["messages"])
    content.with_columns(column).write_parquet(place / "content.parquet")
    found = scan([place], authorisations=place / "authorisations.toml", workers=1).result
    return found, guilty, {honest["account_id"][row] for row in chosen.tolist()}


def named(found: ScanResult) -> set[str]:
    return {account.account_id for campaign in found.campaigns for account in campaign.accounts}


@pytest.mark.parametrize(
    "evasions", [["L1"], ["L2"], ["L2", "L4:0.8"]], ids=["a template", "a grammar", "cover"]
)
@pytest.mark.parametrize("share", [0.0, 0.3], ids=["once", "in three of ten requests"])
@pytest.mark.slow
def test_who_pasted_a_prompt_is_listed_and_not_named(
    tmp_path: Path, evasions: list[str], share: float
) -> None:
    found, guilty, people = copied(tmp_path, evasions, share)
    assert named(found) >= guilty
    # Settings that the pool has too are held by chance by fewer than one in twenty.
    assert len(named(found) & people) <= 1
    beside = [x for x in found.look_alikes if "used the wording of" in x.reason]
    assert set().union(*(x.accounts for x in beside)) <= people
    assert found.campaigns[0].id in beside[0].reason


CLIENT, OTHER = 7, 1_000
"""A key of the pool's, and the first of keys that hardly anybody shares."""


def group(linked: list[int], sent: list[int], clients: list[int], rates: tuple[int, int] = (0, 0)) -> Any:
    """Customers with so many linked events of so many, each with one client; CLIENT is held by `rates` others as well."""
    customer = np.repeat(np.arange(len(sent)), sent)
    place = np.arange(customer.size) - np.repeat(np.cumsum(sent) - sent, sent)
    rows = np.flatnonzero(place < np.asarray(linked)[customer])
    keys = np.asarray(clients, np.uint64)
    held = {int(k): int((keys == k).sum()) for k in np.unique(keys)}
    held[CLIENT] = held.get(CLIENT, 0) + rates[0]

    def of(names: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        now = np.array([held[int(k)] for k in names])
        return now, np.where(names == CLIENT, rates[1], 0)

    return SimpleNamespace(
        customers=np.arange(len(sent)),
        linked=rows,
        events=SimpleNamespace(customer=customer, attributes=keys[customer][:, None]),
        obs=SimpleNamespace(
            customers=len(sent), current_units=500, reference_units=400, rates=SimpleNamespace(of=of)
        ),
        narrowed=lambda customers: customers.tolist(),
        lone_p=None,
        by_means=False,
    )


POOL_CLIENTS = [CLIENT] * 10
STRANGER = [OTHER + 1]


@pytest.mark.parametrize(
    ("linked", "sent", "passes"),
    [(1, 20, True), (5, 10, True), (6, 10, False), (10, 10, False), (2, 2, True), (3, 3, False)],
    ids=[
        *("a copy in twenty", "half of the pool's share", "more than half of it"),
        *("all of it", "nothing else, twice", "nothing else, three times"),
    ],
)
def test_who_shares_no_means_belongs_with_enough_of_it(linked: int, sent: int, passes: bool) -> None:
    parts = without_passers(group([10] * 10 + [linked], [10] * 10 + [sent], POOL_CLIENTS + STRANGER))
    assert (parts is not None) == passes
    if parts is not None:
        assert parts == (list(range(10)), [10])


@pytest.mark.parametrize(("linked", "passes"), [(3, True), (4, False)])
def test_few_is_a_twentieth_of_what_a_pool_sends(linked: int, passes: bool) -> None:
    """Three beside sixty are few though nothing else was sent; four are not."""
    made = group([64] * 10 + [linked], [64] * 10 + [linked], POOL_CLIENTS + STRANGER)
    assert (without_passers(made) is not None) == passes


def test_kin_alone_are_without_strangers_however_busy() -> None:
    made = group([10] * 10 + [10, 1], [10] * 10 + [10, 20], [*POOL_CLIENTS, OTHER + 1, OTHER + 2])
    assert without_passers(made) == (list(range(11)), [11])
    assert kin_alone(made) == list(range(10))


def test_few_are_not_few_where_all_send_few() -> None:
    """A day after the start everybody has sent two or three."""
    assert without_passers(group([3] * 10 + [2], [3] * 10 + [2], POOL_CLIENTS + STRANGER)) is None


def test_who_shares_means_belongs_with_any_share() -> None:
    assert without_passers(group([10] * 10 + [1], [10] * 10 + [60], [*POOL_CLIENTS, CLIENT])) is None


def test_a_common_client_is_no_kinship() -> None:
    """Everybody's new version: then nobody of the pool is kin by it, and nobody is told apart."""
    for rates in ((150, 0), (0, 150)):
        made = group([10] * 10 + [1], [10] * 10 + [20], [*POOL_CLIENTS, CLIENT], rates=rates)
        assert not kin(made).any()
        assert without_passers(made) is None


@pytest.mark.parametrize("people", [1, 2, 3, 4])
def test_a_class_that_pasted_behind_one_network_is_no_part_of_a_pool(people: int) -> None:
    passers = [OTHER] * people
    made = group([10] * 10 + [1] * people, [10] * 10 + [20] * people, [*POOL_CLIENTS, *passers])
    assert without_passers(made) == (list(range(10)), list(range(10, 10 + people)))


def test_a_pool_in_lots_of_four_is_kin_beside_a_short_reference() -> None:
    """A key that nobody else holds is kinship, however small a part of the group its lot is."""
    lots = [OTHER + lot for lot in range(6) for _ in range(4)]
    made = group([10] * 24 + [1], [10] * 24 + [20], [*lots, 99], rates=(0, 0))
    made.obs.reference_units = 40
    assert kin(made).tolist() == [True] * 24 + [False]
    assert without_passers(made) == (list(range(24)), [24])


def test_where_more_pass_by_than_belong_nobody_is_told_apart() -> None:
    strangers = [OTHER + i for i in range(11)]
    made = group([10] * 10 + [1] * 11, [10] * 10 + [20] * 11, [*POOL_CLIENTS, *strangers])
    assert without_passers(made) is None


def test_accounts_without_any_means_are_no_kin() -> None:
    assert not kin(group([5] * 8, [5] * 8, [0] * 8)).any()


@pytest.mark.parametrize("what", [{"by_means": True}, {"lone_p": 0.001}], ids=["means", "a lone account"])
def test_other_groups_have_no_passers(what: dict[str, Any]) -> None:
    made = group([10] * 10 + [1], [10] * 10 + [20], POOL_CLIENTS + STRANGER)
    assert without_passers(SimpleNamespace(**(vars(made) | what))) is None


@pytest.mark.parametrize(
    "knobs",
    [{}, {"uneven": 1.0}, {"accounts": 20}],
    ids=["evenly", "by weights", "few"],
)
@pytest.mark.parametrize("evasions", [["L1"], ["L2", "L4:0.8"], ["L2", "L6"], ["L2", "L9"]])
@pytest.mark.slow
def test_no_account_of_the_operator_passes_by(
    tmp_path: Path, evasions: list[str], knobs: dict[str, float]
) -> None:
    found, guilty, _ = copied(tmp_path, evasions, 0.0, people=0, **knobs)
    assert found.campaigns
    passing = [set(x.accounts) for x in found.look_alikes if "used the wording of" in x.reason]
    assert not set().union(*passing) & guilty
