"""Companies in the crowd: a share of its people has one payer and one office, and writes as before."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from stillwatch.range import build_world

OF_COMPANIES = ["payment_id", "email_domain", "ip"]


@pytest.mark.slow
def test_companies_change_who_pays_and_where_from_and_nothing_else(tmp_path: Path) -> None:
    places = [
        build_world("quiet", seed=7, out=tmp_path / str(share), honest=300, companies_share=share)
        for share in (0.0, 0.4)
    ]
    old, new = (pq.read_table(place / "events.parquet") for place in places)
    kept = [name for name in old.column_names if name not in OF_COMPANIES]
    assert new.select(kept).equals(old.select(kept))
    texts = [pq.read_table(place / "content.parquet") for place in places]
    assert texts[0].equals(texts[1])


@pytest.mark.slow
def test_colleagues_share_a_payer_and_an_office_and_no_organisation(tmp_path: Path) -> None:
    place = build_world("quiet", seed=7, out=tmp_path / "world", honest=600, companies_share=0.3)
    events = pl.read_parquet(place / "events.parquet").filter(pl.col("org_id").is_null())
    accounts = events.unique("account_id")
    sizes = accounts.group_by("payment_id").len()
    colleagues = sizes.filter(pl.col("len") > 1)["len"]
    assert 0.2 < colleagues.sum() / accounts.height < 0.4
    assert colleagues.n_unique() > 3, "companies are of unequal size"
    largest = sizes.sort("len")["payment_id"][-1]
    theirs = events.filter(pl.col("payment_id") == largest)
    assert theirs["email_domain"].n_unique() == 1
    networks = theirs["ip"].str.extract(r"^(\d+\.\d+\.\d+)").value_counts().sort("count")
    assert networks["count"][-1] > 0.25 * theirs.height
