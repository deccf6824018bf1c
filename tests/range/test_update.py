"""A release of a client: a share of those who run a common one change to it, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from stillwatch.range import build_world
from stillwatch.range.honest.people import CLIENTS
from stillwatch.range.scene import NEW_CLIENT

CHANGED = ["user_agent", "client_fingerprint"]


def built(folder: Path, world: str, **knobs: float) -> Path:
    return build_world(world, seed=7, out=folder, honest=300, **knobs)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("update")
    return built(folder / "before", "quiet"), built(folder / "after", "quiet", updating_share=0.4)


@pytest.mark.slow
def test_nothing_but_the_client_changes(folders: tuple[Path, Path]) -> None:
    for name in ("events.parquet", "content.parquet", "reference/events.parquet"):
        old, new = (pq.read_table(folder / name) for folder in folders)
        kept = [c for c in old.column_names if c not in CHANGED or name.startswith("reference")]
        assert new.select(kept).equals(old.select(kept))


@pytest.mark.slow
def test_who_runs_a_common_client_may_change_after_the_release(folders: tuple[Path, Path]) -> None:
    old, new = (pl.read_parquet(folder / "events.parquet") for folder in folders)
    moved = pl.col("user_agent") == NEW_CLIENT["user_agent"]
    changed = new.filter(moved)
    assert set(changed["client_fingerprint"]) == {NEW_CLIENT["client_fingerprint"]}
    known = old.select("event_id", *CHANGED)
    assert set(changed.select("event_id").join(known, on="event_id")["user_agent"]) <= set(CLIENTS)
    rest = new.filter(~moved)
    assert rest.select("event_id", *CHANGED).equals(
        known.filter(pl.col("event_id").is_in(rest["event_id"].implode()))
    )
    first, last = new["ts"].min(), new["ts"].max()
    assert changed["ts"].min() >= first + (last - first) * 0.25
    for _, events in new.with_columns(moved=moved).sort("ts").group_by("account_id", maintain_order=True):
        assert events["moved"].is_sorted()
    share = changed["account_id"].n_unique() / new["account_id"].n_unique()
    assert 0.2 < share < 0.4  # some of them send nothing after


@pytest.mark.slow
def test_accounts_of_an_operator_keep_a_client_of_their_own(tmp_path: Path) -> None:
    place = built(tmp_path / "world", "hydra", accounts=20, updating_share=1.0)
    events = pl.read_parquet(place / "events.parquet", columns=["account_id", "user_agent"])
    (harvest,) = json.loads((place / "truth.json").read_text())["campaigns"]
    mine = pl.col("account_id").is_in(harvest["accounts"])
    assert set(events.filter(mine)["user_agent"]) == {"httpx/0.27.2"}
    assert NEW_CLIENT["user_agent"] in set(events.filter(~mine)["user_agent"])
