"""The outside generator: the same seed gives the same world, its files are as interfaces.md fixes them, its
truth holds.
"""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest
from benchmarks.outside.calls import Account, Call, Client, Group, event_ids, truth_of
from benchmarks.outside.campaigns import CAMPAIGNS
from benchmarks.outside.campaigns.operation import capped
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import DAY, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.worlds import build

from stillwatch.events.schema import CONTENT, EVENTS, ROLES

SMALL = {"accounts": 40, "reference_days": 3.0, "size": 0.05}
TWO = [CAMPAIGNS["early-and-light"], CAMPAIGNS["invented-tools"]]


FILES = (
    "events.parquet",
    "content.parquet",
    "reference/events.parquet",
    "reference/content.parquet",
    "truth.json",
)


@pytest.fixture(scope="module")
def small() -> tuple[Town, Crowd]:
    town = Town(11, reference_days=3.0, size=0.05)
    return town, Crowd(town, 40)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("outside"), 3, TWO, **SMALL)[0]


def test_the_same_seed_gives_the_same_files(world: Path, tmp_path: Path) -> None:
    again = build(tmp_path, 3, TWO, **SMALL)[0]
    assert all((again / name).read_bytes() == (world / name).read_bytes() for name in FILES)


def test_another_seed_gives_another_world(world: Path, tmp_path: Path) -> None:
    other = build(tmp_path, 4, TWO[:1], **SMALL)[0]
    ids = [set(pq.read_table(w / "events.parquet")["account_id"].to_pylist()) for w in (world, other)]
    assert not ids[0] & ids[1]


def test_a_campaign_leaves_the_calls_of_the_crowd_as_they_were() -> None:
    town, beside = (Town(5, reference_days=2.0, size=0.05) for _ in range(2))
    quiet, crowded = Crowd(town, 20), Crowd(beside, 20)
    CAMPAIGNS["bought-and-covered"](beside, crowded)
    assert quiet.group() == crowded.group()


@pytest.mark.parametrize("folder", ["", "reference"], ids=["the week", "the reference period"])
def test_tables_have_the_columns_of_the_schema_and_ids_that_join(world: Path, folder: str) -> None:
    events, content = (pq.read_table(world / folder / f"{name}.parquet") for name in ("events", "content"))
    assert (events.schema, content.schema) == (EVENTS, CONTENT)
    ids = events["event_id"].to_pylist()
    assert ids == content["event_id"].to_pylist()
    assert len(set(ids)) == len(ids) > 0
    assert all(
        events[name].null_count == 0 for name in ("event_id", "ts", "account_id", "ip", "input_tokens")
    )
    roles = pl.from_arrow(content).explode("messages")["messages"].struct.field("role")
    assert set(roles.unique()) <= set(ROLES)
    assert pl.from_arrow(content).select(pl.col("messages").list.len().min()).item() > 0


def test_the_reference_ends_where_the_week_begins(world: Path) -> None:
    town = Town(3, reference_days=3.0)
    week, before = (
        pq.read_table(world / f / "events.parquet")["ts"].cast("int64") for f in ("", "reference")
    )
    assert max(before.to_pylist()) < town.start * 1e6 <= min(week.to_pylist())
    assert max(week.to_pylist()) < town.end * 1e6


def test_the_truth_names_accounts_and_events_of_the_week(world: Path) -> None:
    truth = json.loads((world / "truth.json").read_text())
    table = pl.read_parquet(world / "events.parquet")
    owner = dict(table.select("event_id", "account_id").iter_rows())
    assert [c["name"] for c in truth["campaigns"]] == ["early-and-light", "invented-tools"]
    for campaign in truth["campaigns"]:
        assert {owner[event] for event in campaign["events"]} == set(campaign["accounts"]) != set()


@pytest.mark.parametrize("name", sorted(CAMPAIGNS))
def test_a_campaign_harvests_with_its_own_accounts(name: str, small: tuple[Town, Crowd]) -> None:
    town, crowd = small
    group = CAMPAIGNS[name](town, crowd)
    assert (group.name, group.kind) == (name, "campaign")
    mine = {account.id for account in group.accounts}
    assert len(mine) == len(group.accounts) > 1
    assert not mine & {account.id for account in crowd.group().accounts}
    assert {call.account.id for call in group.calls} <= mine
    harvest = [c for c in group.calls if c.harvest]
    assert any(town.start <= c.ts < town.end for c in harvest)
    assert all(c.account.created <= c.ts for c in harvest)


def test_every_campaign_says_what_its_operator_does() -> None:
    assert len(CAMPAIGNS) >= 20
    assert all((make.__doc__ or "").strip().endswith(".") for make in CAMPAIGNS.values())


def test_people_ask_many_different_things(small: tuple[Town, Crowd]) -> None:
    asked = [c.messages[-1][1] for c in small[1].group().calls if c.status == "ok"]
    assert len(set(asked)) > 0.75 * len(asked)


def test_given_prompts_replace_what_people_ask() -> None:
    town = Town(2, reference_days=1.0, prompts=["alpha", "beta"])
    person = town.draws("somebody")
    texts = {
        c.messages[-1][1] for _, calls in (Crowd(town, 5).newcomer(person) for _ in range(20)) for c in calls
    }
    assert {"alpha", "beta"} <= texts


def test_only_the_harvest_of_the_week_is_in_the_truth() -> None:
    account = Account("acc", None, None, None, 0.0, "free", ("key",))
    call = Call(5.0, account, "key", "203.0.113.1", "AS1", Client("x", "y"), "alder-2", (("user", "q"),), "a")
    harvest, early = Call(*_fields(call, harvest=True)), Call(*_fields(call, ts=1.0, harvest=True))
    group = Group("g", "campaign", "hydra harvest", (account,), (call, harvest, early))
    (campaign,) = truth_of([group], 2.0, 9.0)["campaigns"]
    assert campaign["accounts"] == ["acc"]
    assert campaign["events"] == [event_ids([call, harvest])[1]]


def _fields(call: Call, **new: object) -> list[object]:
    return [new.get(name, getattr(call, name)) for name in Call.__struct_fields__]


def test_office_hours_lie_in_the_working_day_of_their_zone() -> None:
    times = Rhythm("office", 8.0, 0.0).times(np.random.default_rng(1), 50, 0.0, 14 * DAY) + 8 * 3600
    assert len(times) > 300
    assert ((times % DAY >= 6 * 3600).all(), (((times / DAY).astype(int) + 3) % 7 < 5).all()) == (True, True)


def test_a_quota_holds_for_each_account_and_day() -> None:
    slots = [(hour * 3600.0, hour % 2) for hour in range(48)]
    kept = capped(slots, 3)
    assert [sum(1 for at, i in kept if i == k and at // DAY == d) for k in (0, 1) for d in (0, 1)] == [
        3,
        3,
        3,
        3,
    ]
