"""With everything on (outputs, a kept ledger, authorisations, text, means and lone accounts): workers and watching."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest

from stillwatch.range import build_world
from stillwatch.service.ledgers import build
from stillwatch.service.scanning import scan
from stillwatch.service.watching import Rules, Watch
from stillwatch.storage.journal import Journal

SECRET = b"a key of this test"
SMALL = {"honest": 300, "per_week": 6.0, "days": 3.0, "reference_ratio": 4.0}
WORLDS: dict[str, tuple[str, list[str], dict[str, float]]] = {
    "outputs that come back": ("cleaning", [], {"accounts": 20}),
    "a text that is shared": ("hydra", ["L2"], {"accounts": 40, "per_day": 4.0}),
    "means and no text": ("hydra", ["L3"], {"accounts": 40, "per_day": 4.0}),
    "one account alone": (
        "hydra",
        ["L0"],
        {"accounts": 100, "per_day": 4.0, "honest": 400, "per_week": 80.0},
    ),
}
"""what is seen -> world, evasions and settings beside SMALL"""


@pytest.fixture(scope="module", params=list(WORLDS))
def given(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A world, and the settings of its scan."""
    name, evasions, knobs = WORLDS[request.param]
    place = tmp_path_factory.mktemp("on") / "world"
    build_world(name, seed=91, out=place, evasions=evasions, **(SMALL | knobs))
    ledger = place.parent / "kept"
    build(ledger, [place / "reference"], SECRET)
    return {"place": place, "with": {"authorisations": place / "authorisations.toml", "ledger": ledger}}


@pytest.mark.slow
def test_every_kind_of_group_is_raised_so_that_the_rest_is_no_empty_promise(given: dict[str, Any]) -> None:
    found = scan([given["place"]], workers=1, secret=SECRET, **given["with"]).result
    assert len(found.campaigns) == 1


@pytest.mark.slow
def test_one_worker_and_three_say_the_same_to_the_byte(given: dict[str, Any]) -> None:
    one, three = (
        msgspec.json.encode(scan([given["place"]], workers=n, secret=SECRET, **given["with"])) for n in (1, 3)
    )
    assert one == three


@pytest.mark.slow
def test_a_watch_says_what_a_scan_says_to_the_byte(given: dict[str, Any], tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    place: Path = given["place"]
    rows = pl.concat([_calls(place / "reference"), _calls(place)])
    for part in range(3):
        rows.gather_every(3, part).write_parquet(logs / f"{part}.parquet")
    window = 3.0
    rules = Rules(window_days=window, keep_days=16.0, workers=2, secret=SECRET, **given["with"])
    with Journal.opened(tmp_path / "journal") as journal:
        watched = Watch([logs], journal, rules, lambda _: None).once().scan.result
    edge = rows["ts"].max() - pl.Series([window * 86_400_000_000]).cast(pl.Duration("us"))[0]
    for name, some in (
        ("now", rows.filter(pl.col("ts") > edge)),
        ("before", rows.filter(pl.col("ts") <= edge)),
    ):
        (tmp_path / name).mkdir()
        some.write_parquet(tmp_path / name / "calls.parquet")
    scanned = scan(
        [tmp_path / "now"], reference=tmp_path / "before", workers=1, secret=SECRET, **given["with"]
    ).result
    assert len(watched.campaigns) == 1
    assert msgspec.json.encode(watched) == msgspec.json.encode(scanned)


def _calls(folder: Path) -> pl.DataFrame:
    """Events with their content, as one table."""
    events, content = (pl.read_parquet(folder / f"{name}.parquet") for name in ("events", "content"))
    return events.join(content, on="event_id", how="left").sort("ts", "event_id")
