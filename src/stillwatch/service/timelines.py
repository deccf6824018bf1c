"""Harvest dates against release dates: reading both, and the test."""

from __future__ import annotations

import csv
import hashlib
import shlex
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

from stillwatch import __version__
from stillwatch.attribution.timeline import WINDOW_DAYS_MIN, Timeline, judged
from stillwatch.errors import CoverageError, UnreadableInputError, UsageError
from stillwatch.findings.result import Campaign, Scan
from stillwatch.storage.workspace import Workspace, scan_id

DAYS = ("date", "day", "ts")
VOLUMES = ("volume", "events", "requests", "count")
NAMES = ("name", "release", "model")
FILE_BYTES_MAX, DAYS_MAX = 16 << 20, 20_000


def timeline(
    releases: Path, *, harvest: Path | None = None, workspace: Path | None = None, others: Path | None = None,
    window: int = 60, lag: int = 0, alpha: float = 0.05,
) -> Timeline:  # fmt: skip
    """Test whether the harvest, of a CSV or of a workspace's campaigns, comes before the releases.

    Raises UsageError (no harvest or two, a window below a week), UnreadableInputError, CoverageError, StorageError.
    """
    if (harvest is None) == (workspace is None):
        raise UsageError("one harvest is needed", hint="give --harvest FILE or --workspace DIR")
    if window < WINDOW_DAYS_MIN:
        raise UsageError(f"a window of {window} days", hint=f"at least {WINDOW_DAYS_MIN}, or weekdays decide")
    words = ["stillwatch", "compare", "timeline", "--releases", str(releases)]
    custody = [_custody(releases)]
    if harvest is not None:
        volume, observed, without = _of_file(harvest)
        words += ["--harvest", str(harvest)]
        custody.append(_custody(harvest))
    else:
        kept = Workspace(workspace or Path())
        volume, observed, without, held = _of_scans([kept.load(name) for name in kept.names()])
        words += ["--workspace", str(workspace)]
        custody += held
    if (observed[1] - observed[0]).days >= DAYS_MAX:
        raise UnreadableInputError(
            "more than 50 years of harvest", where=str(harvest), hint="check the dates"
        )
    beside = None
    if others is not None:
        beside = _releases(others)
        words += ["--others", str(others)]
        custody.append(_custody(others))
    words += ["--window", str(window), "--lag", str(lag), "--alpha", f"{alpha:g}"]
    return judged(
        volume, _releases(releases), beside, observed=observed, without=without, window=window, lag=lag, alpha=alpha,
        version=__version__, custody=custody, replay=shlex.join(words),
    )  # fmt: skip


def _of_file(path: Path) -> tuple[dict[date, float], tuple[date, date], int]:
    """(volume by day, first and last day, days between them that the file does not name)."""
    volume: dict[date, float] = defaultdict(float)
    for number, row in _rows(path):
        text = _value(row, VOLUMES)
        try:
            amount = float(text or "nan")
        except ValueError:
            amount = float("nan")
        if not 0 <= amount < float("inf"):
            raise UnreadableInputError(
                "a volume that is no number from 0",
                where=f"{path}:{number}",
                hint=f"columns: date, {VOLUMES[0]}",
            )
        volume[_day(row, path, number)] += amount
    if not volume:
        raise CoverageError(
            "no day of harvest", where=str(path), hint=f"a CSV with the columns date, {VOLUMES[0]}"
        )
    first, last = min(volume), max(volume)
    return dict(volume), (first, last), (last - first).days + 1 - len(volume)


def _of_scans(scans: list[Scan]) -> tuple[dict[date, float], tuple[date, date], int, list[tuple[str, str]]]:
    """The same from the campaigns of scans; a day that several scans cover has the largest of their volumes."""
    volume: dict[date, float] = {}
    covered: set[date] = set()
    held = []
    for scan in scans:
        first, last = scan.result.input.first, scan.result.input.last
        if first is None or last is None:
            continue
        covered |= set(_between(_moment(first).date(), _moment(last).date()))
        held.append((f"scan {scan_id(scan)}", f"{len(scan.result.campaigns)} campaigns"))
        bins = {d.id: d.timeline for d in scan.detail.groups}
        of: dict[date, float] = defaultdict(float)
        for campaign in scan.result.campaigns:
            for day, amount in _spread(campaign, bins.get(campaign.id, [])):
                of[day] += amount
        for day, amount in of.items():
            volume[day] = max(volume.get(day, 0.0), amount)
    if not covered:
        raise CoverageError(
            "no scan with dates is kept", where="workspace", hint="run `stillwatch scan` first"
        )
    observed = (min(covered | set(volume)), max(covered | set(volume)))
    without = (observed[1] - observed[0]).days + 1 - len(covered | set(volume))
    return volume, observed, without, held


def _spread(campaign: Campaign, bins: list[tuple[str, int, int]]) -> list[tuple[date, float]]:
    """Linked events by day: as binned, or evenly over the campaign's days where a scan kept no bins."""
    if bins:
        return [(_moment(start).date(), float(n)) for start, n, _ in bins]
    days = _between(_moment(campaign.first).date(), _moment(campaign.last).date())
    return [(day, campaign.events / len(days)) for day in days]


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def _releases(path: Path) -> list[tuple[date, str]]:
    found = [(_day(row, path, number), _value(row, NAMES) or "") for number, row in _rows(path)]
    if not found:
        raise CoverageError("no release", where=str(path), hint="a CSV with the columns date, name")
    return found


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """(line, row) of a CSV with a header; names in lower case."""
    try:
        data = path.read_bytes()
        if len(data) > FILE_BYTES_MAX:
            raise UnreadableInputError(
                "larger than 16 MiB", where=str(path), hint="one row a day or a release"
            )
        reader = csv.DictReader(data.decode("utf-8-sig").splitlines())
        return [
            (reader.line_num, {str(k).strip().lower(): v for k, v in row.items() if isinstance(v, str)})
            for row in reader
        ]
    except OSError as error:
        raise UnreadableInputError(
            f"cannot read ({error.strerror})", where=str(path), hint="check the path"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableInputError(
            "not CSV in UTF-8", where=str(path), hint="save it as CSV, UTF-8"
        ) from error


def _value(row: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((row[n].strip() for n in names if n in row), None)


def _day(row: dict[str, str], path: Path, number: int) -> date:
    try:
        return _moment(_value(row, DAYS) or "").date()
    except ValueError:
        raise UnreadableInputError(
            "no date", where=f"{path}:{number}", hint="a column 'date' such as 2026-05-04"
        ) from None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _custody(path: Path) -> tuple[str, str]:
    try:
        return path.name, hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UnreadableInputError(
            f"cannot read ({error.strerror})", where=str(path), hint="check the path"
        ) from error
