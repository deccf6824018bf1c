"""Groups by means, lone accounts and dealt topics: raised where one hand deals, silent where people or companies act."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from stillwatch.range import build_world
from stillwatch.service.scanning import scan

pytestmark = pytest.mark.e2e
PROMPTS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "prompts.parquet"
POOL = {"honest": 300, "per_week": 10.0, "days": 2.0, "accounts": 40, "per_day": 5.0}


def raised(tmp_path: Path, name: str, evasions: list[str], **knobs: Any) -> list[str]:
    """Explanations of what is raised in one world."""
    place = build_world(name, seed=92, out=tmp_path / "world", evasions=evasions, **knobs)
    found = scan([place], authorisations=place / "authorisations.toml", workers=1).result
    return [c.explanation for c in found.campaigns]


@pytest.mark.parametrize(
    "evasions",
    [["L3"], ["L2", "L7"], ["L2", "L8"], ["L3", "L9"]],
    ids=["every request paraphrased", "a topic an account", "eight languages", "paraphrased and clean"],
)
@pytest.mark.slow
def test_a_small_pool_is_raised_however_it_is_worded(tmp_path: Path, evasions: list[str]) -> None:
    assert raised(tmp_path, "hydra", evasions, **POOL) == ["extraction"]


@pytest.mark.parametrize(
    ("evasions", "knobs"),
    [
        (["L3", "L4:0.5"], {}),
        (["L3"], {"random_balancer": True}),
        (["L3", "L4:0.5"], {"random_balancer": True}),
        (["L2", "L8"], {"random_balancer": True}),
        (["L1"], {"uneven": 1.0}),
        (["L3"], {"uneven": 1.0}),
    ],
    ids=[
        *("cover", "random", "random, cover", "random, languages"),
        *("one wording by weights", "by weights"),
    ],
)
@pytest.mark.slow
def test_a_small_pool_is_raised_however_it_is_dealt(
    tmp_path: Path, evasions: list[str], knobs: dict[str, float]
) -> None:
    assert raised(tmp_path, "hydra", evasions, **POOL | knobs) == ["extraction"]


@pytest.mark.slow
def test_a_pool_paid_for_in_threes_is_told_beside_companies_that_pay_for_more(tmp_path: Path) -> None:
    """Volumes as uneven as accounts are that carry unequal weights; a third of the crowd has a company that pays for it."""
    knobs = {"honest": 1500, "companies_share": 0.33, "accounts": 120, "per_day": 6.0, "uneven": 0.5}
    place = build_world("hydra", seed=92, out=tmp_path / "world", evasions=["L1"], **knobs)
    pool = json.loads((place / "truth.json").read_text())["campaigns"][0]["accounts"]
    payer = {account: f"pay_three_{i // 3}" for i, account in enumerate(pool)}
    for folder in (place, place / "reference"):
        events = pl.read_parquet(folder / "events.parquet")
        paid = pl.col("account_id").replace_strict(
            payer, default=pl.col("payment_id"), return_dtype=pl.String
        )
        events.with_columns(payment_id=paid).write_parquet(folder / "events.parquet")
    found = scan([place], authorisations=place / "authorisations.toml", workers=1).result
    assert [c.explanation for c in found.campaigns] == ["extraction"]


@pytest.mark.slow
def test_who_pays_beside_people_who_do_not_is_not_paid_for_together(tmp_path: Path) -> None:
    """Customers of a product, through a cloud of its vendor: half of them have a company that pays for others of the crowd as well, and
    five in six of those who pay for themselves have no payer on record there."""
    knobs = {"wrapped": True, "accounts": 120, "per_week": 20.0, "honest": 1500, "companies_share": 0.15}
    place = build_world("application", seed=92, out=tmp_path / "world", sitting=1.0, **knobs)
    mine = sorted(json.loads((place / "truth.json").read_text())["look_alikes"][0]["accounts"])
    now = pl.read_parquet(place / "events.parquet").unique("account_id", maintain_order=True)
    paid = now.filter(pl.col("payment_id").str.starts_with("pay_company"))["payment_id"]
    rng = np.random.default_rng(3)
    payer = {a: paid[int(rng.integers(paid.len()))] for a in mine if rng.random() < 0.5}
    free = {a: None for a in now["account_id"] if a not in set(mine) and rng.random() < 5 / 6}
    for folder in (place, place / "reference"):
        events = pl.read_parquet(folder / "events.parquet")
        cloud = pl.format("10.{}.7.9", pl.Series(200 + rng.integers(0, 40, events.height)))
        by_company = pl.col("payment_id").str.starts_with("pay_company")
        events.with_columns(
            payment_id=pl.when(pl.col("account_id").is_in(list(free)) & ~by_company)
            .then(None)
            .otherwise(
                pl.col("account_id").replace_strict(
                    payer, default=pl.col("payment_id"), return_dtype=pl.String
                )
            ),
            ip=pl.when(pl.col("account_id").is_in(mine)).then(cloud).otherwise("ip"),
        ).write_parquet(folder / "events.parquet")
    found = scan([place], authorisations=place / "authorisations.toml", workers=1)
    (group,) = [g for g in found.detail.groups if g.statistics["accounts"] >= 100]
    assert found.result.campaigns == []
    said = [text for e in group.explanations for text in e.against]
    assert not any("paid for together" in text for text in said)


@pytest.mark.slow
def test_one_account_that_rotates_its_wording_is_raised(tmp_path: Path) -> None:
    assert raised(tmp_path, "hydra", ["L0"], honest=1500, per_week=8.0) == ["extraction"]


@pytest.mark.data
@pytest.mark.slow
def test_one_account_is_raised_among_people_who_send_long_and_public_texts_again(tmp_path: Path) -> None:
    if not PROMPTS.is_file():
        pytest.skip("the data folder beside the repository is absent")
    assert raised(tmp_path, "cleaning", ["L0"], prompts=PROMPTS) == ["extraction"]


@pytest.mark.parametrize(
    ("name", "knobs"),
    [
        ("grey-resale", {"honest": 500}),
        ("grey-resale", {"honest": 500, "sticky_share": 0.0}),
        ("localisation", {"honest": 500, "languages": 1}),
        ("two-regions", {"honest": 500, "payers": 3}),
        ("batch-fleet", {"honest": 500, "cards": 8}),
        ("grey-resale", {"honest": 500, "sticky_share": 0.0, "sitting": 1.0}),
        ("application", {"honest": 500, "accounts": 500, "wrapped": True, "sitting": 1.0}),
        (
            "application",
            {"honest": 500, "accounts": 120, "per_week": 30.0, "wrapped": True, "exchanges": 4.0},
        ),
        (
            "application",
            {
                "honest": 500,
                "accounts": 120,
                "per_week": 50.0,
                "wrapped": True,
                "exchanges": 4.0,
                "desk": True,
            },
        ),
    ],
    ids=[
        "resold accounts",
        "resold accounts, every call anywhere",
        "one list, freelancers",
        "centres",
        "cards",
        "resold accounts, people without sittings",
        "a plug-in, people without sittings",
        "a plug-in, in conversations",
        "a desk whose tickets go to anybody",
    ],
)
@pytest.mark.slow
def test_people_who_share_means_or_a_list_are_not(tmp_path: Path, name: str, knobs: dict[str, float]) -> None:
    assert raised(tmp_path, name, [], **knobs) == []
