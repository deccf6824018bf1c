"""What customers declared: who may run evaluations, batches, resale or research, until when and how much.

A declaration explains a linked group; it never hides one. `covering` says which accounts are declared, by
whom, and which bound of the declaration the group left, so that an expired or exceeded one is shown as such.
Accounts declared by one customer are one unit (`customer_of`): a customer is not a ring of accounts.

    [[authorisation]]
    customer = "Meadowlark Assessments"
    kind = "evaluation"            # or any other of KINDS
    accounts = ["acct-1041", "meadowlark-*"]
    purpose = "quarterly model comparison"
    starts = 2026-01-01
    expires = 2026-12-31           # the whole day is included
    max_events_per_day = 50000
    models = ["atlas-*"]
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

import msgspec

from stillwatch.policy.tables import Table, read_tables

KINDS = ("evaluation", "research", "contracted", "reseller", "batch", "application", "classroom")
KEYS = ("customer", "kind", "accounts", "purpose", "starts", "expires", "max_events_per_day", "models")
Moment = datetime | date | str
Bound = Literal["not-started", "expired", "volume", "models"]


class Authorisation(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration. `accounts` and `models` may hold globs of * and ?; no models means any."""

    customer: str
    kind: str
    accounts: tuple[str, ...]
    purpose: str = ""
    starts: datetime | None = None
    expires: datetime | None = None
    max_events_per_day: int | None = None
    models: tuple[str, ...] = ()


class BoundLeft(msgspec.Struct, frozen=True, kw_only=True):
    """A limit of a declaration that the activity went beyond; `said` is the sentence for the reader."""

    bound: Bound
    said: str


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What one declaration says about a group. `share`: covered accounts over all accounts asked about."""

    customer: str
    kind: str
    purpose: str
    accounts: tuple[str, ...]
    share: float
    left: tuple[BoundLeft, ...] = ()

    @property
    def holds(self) -> bool:
        """True when the activity stays inside every bound that was declared."""
        return not self.left


class Authorisations:
    """The declarations of one file, in its order; an exact account id outranks a glob, then the first
    wins."""

    def __init__(self, entries: Sequence[Authorisation] = ()) -> None:
        self.entries = tuple(entries)
        self._exact: dict[str, list[int]] = {}
        self._globs: list[tuple[re.Pattern[str], int]] = []
        for index, entry in enumerate(self.entries):
            for account in entry.accounts:
                if _is_glob(account):
                    self._globs.append((_compiled(account), index))
                else:
                    self._exact.setdefault(account, []).append(index)

    @classmethod
    def load(cls, path: Path) -> Authorisations:
        """Read a TOML file. Raises ConfigError naming file, table and key."""
        tables = read_tables(path, "authorisation", KEYS)
        entries = [_authorisation(table) for table in tables]
        owner: dict[str, str] = {}
        for table, entry in zip(tables, entries, strict=True):
            for account in entry.accounts:
                if owner.setdefault(account, entry.customer) != entry.customer:
                    message = f"account '{account}' is also declared by '{owner[account]}'"
                    raise table.error(message, hint="an account belongs to one customer")
        return cls(entries)

    def __len__(self) -> int:
        return len(self.entries)

    def customer_of(self, account_id: str) -> str | None:
        """The customer who declared this account, whether or not the declaration is still in force."""
        declared = self._declaring(account_id) if self.entries else ()  # asked of every account of a scan
        return self.entries[declared[0]].customer if declared else None

    def covering(
        self,
        accounts: Sequence[str],
        first: Moment | None,
        last: Moment | None,
        events_per_day: float | Mapping[str, float],
        models: Sequence[str] = (),
    ) -> list[Coverage]:
        """Every declaration that names one of `accounts`, the widest first.

        first, last: activity of the group (no zone means UTC; None is not judged; RFC 3339 text is read).
        events_per_day: mean of the whole group, or per account, in which case only covered accounts count.
        models: those requested.
        """
        covered: dict[int, list[str]] = {}
        for account in dict.fromkeys(accounts):
            for index in self._declaring(account):
                covered.setdefault(index, []).append(account)
        found = []
        for index in sorted(covered, key=lambda i: (-len(covered[i]), i)):
            entry, names = self.entries[index], covered[index]
            rate = _rate(events_per_day, names)
            found.append(
                Coverage(
                    customer=entry.customer,
                    kind=entry.kind,
                    purpose=entry.purpose,
                    accounts=tuple(names),
                    share=len(names) / len(set(accounts)),
                    left=tuple(_left(entry, _utc(first), _utc(last), rate, models)),
                )
            )
        return found

    def _declaring(self, account: str) -> list[int]:
        """Indices of the entries that name the account, those that name it exactly first."""
        exact = self._exact.get(account, [])
        return [
            *exact,
            *dict.fromkeys(i for glob, i in self._globs if i not in exact and glob.match(account)),
        ]


def _authorisation(table: Table) -> Authorisation:
    entry = Authorisation(
        customer=table.text("customer", required=True),
        kind=table.one_of("kind", KINDS),
        accounts=table.texts("accounts", required=True),
        purpose=table.text("purpose"),
        starts=table.moment("starts"),
        expires=table.moment("expires", end=True),
        max_events_per_day=table.positive("max_events_per_day"),
        models=table.texts("models"),
    )
    if any(not account.strip("*?") for account in entry.accounts):
        hint = "name accounts, or a prefix such as 'acme-*'"
        raise table.error("a pattern declares every account", hint=hint)
    if entry.starts and entry.expires and entry.expires < entry.starts:
        raise table.error("'expires' is before 'starts'", hint="swap the two dates")
    return entry


def _left(
    entry: Authorisation, first: datetime | None, last: datetime | None, rate: float, models: Sequence[str]
) -> list[BoundLeft]:
    left = []
    if entry.starts and first and first < entry.starts:
        said = f"active from {first:%Y-%m-%d}, declared only from {entry.starts:%Y-%m-%d}"
        left.append(BoundLeft(bound="not-started", said=said))
    if entry.expires and last and last > entry.expires:
        said = f"active until {last:%Y-%m-%d}, the declaration expired on {entry.expires:%Y-%m-%d}"
        left.append(BoundLeft(bound="expired", said=said))
    if entry.max_events_per_day is not None and rate > entry.max_events_per_day:
        said = f"{rate:,.0f} events a day, declared at most {entry.max_events_per_day:,}"
        left.append(BoundLeft(bound="volume", said=said))
    allowed = [_compiled(pattern) for pattern in entry.models]
    outside = sorted({m for m in models if allowed and not any(pattern.match(m) for pattern in allowed)})
    if outside:
        left.append(BoundLeft(bound="models", said=f"models not declared: {', '.join(outside)}"))
    return left


def _rate(events_per_day: float | Mapping[str, float], names: Sequence[str]) -> float:
    if isinstance(events_per_day, Mapping):
        return sum(events_per_day.get(name, 0.0) for name in names)
    return events_per_day


def _is_glob(pattern: str) -> bool:
    return "*" in pattern or "?" in pattern


def _compiled(pattern: str) -> re.Pattern[str]:
    """A glob of * and ? only: brackets are ordinary characters of an id."""
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))


def _utc(moment: Moment | None) -> datetime | None:
    if moment is None:
        return None
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
