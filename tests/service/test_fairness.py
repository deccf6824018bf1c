"""Who people are changes no score: language, script, time zone and address geography swapped between populations.

Two honest populations, customers of one product, and a campaign. A swap exchanges a trait between the populations; what is
raised, what is explained, and every bit and p-value of either must stay. Addresses are exchanged exactly. Hours change the order
in which an account's events are sampled, and a script, exchanged letter by letter, changes every hash: the bits of
honest groups may then move by the noise of sampling, never by more than BITS_TOLERANCE, and no decision may move.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stillwatch.findings.result import Scan
from stillwatch.service.scanning import scan
from stillwatch.testing.traffic import START_US, WEEK_US, campaign, event, organic, write

BITS_TOLERANCE = 1.0
HOUR_US = 3_600_000_000
Row = dict[str, Any]
PRODUCT = "You are Pebble, a kind helper for notes; keep the voice of the author and prefer short paragraphs over long lists."
GREEK = str.maketrans("abcdefghijklmnopqrstuvwxyz", "αβψδεφγηιξκλμνοπθρστυωχζσβ"[:24] + "άέ")


def population(rng: np.random.Generator, name: str, start: int, hour: int, network: str) -> list[Row]:
    """A hundred and twenty people awake for ten hours from `hour`, on one family of networks; a third use one product."""
    rows = []
    for a in range(120):
        for _ in range(6):
            awake = int(rng.integers(7)) * 24 + hour + rng.random() * 10
            ts = start + int(awake * HOUR_US) % WEEK_US
            product = {"system": PRODUCT, "user_agent": "pebble/1"} if a < 40 and start == START_US else {}
            rows.append(event(f"{name}-{a:03d}", organic(rng, a), ts, ip=f"{network}.{a}.{a % 7}", **product))
    return rows


def world() -> tuple[list[Row], list[Row]]:
    """(now, before)."""
    rng = np.random.default_rng(31)
    periods = []
    for start in (START_US, START_US - WEEK_US, START_US - 2 * WEEK_US):
        east = population(rng, "east", start, 1, "198.18")
        periods.append(east + population(rng, "west", start, 14, "198.19"))
    now = periods[0] + campaign(rng, 30, 6, START_US)
    return now, periods[1] + periods[2]


def swapped(rows: list[Row], east: Callable[[Row], Row], west: Callable[[Row], Row]) -> list[Row]:
    """The rows with each population's changed; everybody else's as they were."""
    change = {"east": east, "west": west}
    return [change.get(r["account_id"].split("-")[0], dict)(dict(r)) for r in rows]


def elsewhere(network: str) -> Callable[[Row], Row]:
    def moved(row: Row) -> Row:
        return row | {"ip": network + row["ip"][len("198.18") :]}

    return moved


def later(hours: int) -> Callable[[Row], Row]:
    def moved(row: Row) -> Row:
        week = (row["ts"] - START_US) // WEEK_US * WEEK_US + START_US
        return row | {"ts": week + (row["ts"] - week + hours * HOUR_US) % WEEK_US}

    return moved


def in_greek(row: Row) -> Row:
    said = [m | {"text": m["text"].translate(GREEK)} if m["role"] == "user" else m for m in row["messages"]]
    return row | {"messages": said}


def scanned(folder: Path, now: list[Row], before: list[Row]) -> Scan:
    reference = write(folder / "before", before, "r")
    return scan([write(folder / "now", now)], reference=reference, workers=1)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    found = scanned(tmp_path_factory.mktemp("plain"), *world())
    assert [len(c.accounts) for c in found.result.campaigns] == [30]
    assert [x.explanation for x in found.result.look_alikes] == ["application"]
    return found


def same_decisions(found: Scan, plain: Scan) -> None:
    """Raised and explained alike, every p and q alike, honest groups with the same bits but for noise.

    An account's p at its floor is 1 / (reference units + 1), and how many there are depends on where weeks are cut.
    """
    for mine, theirs in zip(found.result.campaigns, plain.result.campaigns, strict=True):
        assert (mine.explanation, mine.p_value, mine.q_value) == (
            theirs.explanation,
            theirs.p_value,
            theirs.q_value,
        )
        assert [a.account_id for a in mine.accounts] == [a.account_id for a in theirs.accounts]
        p, expected = ([a.p_value for a in c.accounts] for c in (mine, theirs))
        assert p == pytest.approx(expected, rel=0.01)
    for some, other in zip(found.result.look_alikes, plain.result.look_alikes, strict=True):
        assert (some.explanation, some.accounts) == (other.explanation, other.accounts)
    bits = [{g.id: {e.name: e.bits for e in g.explanations} for g in x.detail.groups} for x in (found, plain)]
    for honest in plain.result.look_alikes:
        moved = [abs(bits[0][honest.id][name] - bits[1][honest.id][name]) for name in bits[1][honest.id]]
        assert max(moved) <= BITS_TOLERANCE


@pytest.mark.slow
def test_swapped_addresses_change_not_one_figure(plain: Scan, tmp_path: Path) -> None:
    now, before = (swapped(rows, elsewhere("198.19"), elsewhere("198.18")) for rows in world())
    found = scanned(tmp_path, now, before)
    assert found.result.campaigns == plain.result.campaigns
    assert found.result.look_alikes == plain.result.look_alikes
    same_decisions(found, plain)


@pytest.mark.slow
def test_swapped_time_zones_change_no_decision(plain: Scan, tmp_path: Path) -> None:
    now, before = (swapped(rows, later(13), later(-13)) for rows in world())
    same_decisions(scanned(tmp_path, now, before), plain)


@pytest.mark.parametrize("who", ["east", "west", "both"])
@pytest.mark.slow
def test_another_script_changes_no_decision(who: str, plain: Scan, tmp_path: Path) -> None:
    east, west = (in_greek if who in (name, "both") else dict for name in ("east", "west"))
    now, before = (swapped(rows, east, west) for rows in world())
    same_decisions(scanned(tmp_path, now, before), plain)
