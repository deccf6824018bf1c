"""The two files that are compared, decoded strictly: what a wrong one says names the file and the place in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.errors import UnreadableInputError

_Record = TypeVar("_Record", bound=msgspec.Struct)


class Cost(msgspec.Struct, frozen=True):
    """What one example costs the attacker, and what it would cost with nobody watching (same currency)."""

    per_example: float
    undefended_per_example: float
    items: dict[str, Any] = {}


class Bill(msgspec.Struct, frozen=True):
    """The cost model's account of one phase of a campaign, in US dollars."""

    total_usd: float
    retained_examples: float


class Operator(msgspec.Struct, frozen=True):
    """Who is behind (one phase of) a campaign; several phases add up."""

    campaign: str
    cost: Bill


class TrueCampaign(msgspec.Struct, frozen=True):
    """One attack of a world: all its accounts, and the ids of the events that serve the harvest."""

    name: str
    accounts: list[str]
    events: list[str]
    archetype: str = ""
    cost: Cost | None = None


class TrueLookAlike(msgspec.Struct, frozen=True):
    kind: str
    accounts: list[str]


class Truth(msgspec.Struct, frozen=True):
    """truth.json of a world."""

    campaigns: list[TrueCampaign]
    look_alikes: list[TrueLookAlike] = []
    attackers: list[Operator] = []
    world: str = ""
    seed: int = 0

    def cost_of(self, campaign: TrueCampaign) -> tuple[float | None, float | None]:
        """(cost per example, over the undefended cost): as stated, else per example from the bills of its phases."""
        if campaign.cost is not None:
            each = campaign.cost.per_example
            return each, each / campaign.cost.undefended_per_example
        bills = [x.cost for x in self.attackers if x.campaign == campaign.name]
        kept = sum(b.retained_examples for b in bills)
        return (sum(b.total_usd for b in bills) / kept if kept > 0 else None), None


class FoundAccount(msgspec.Struct, frozen=True):
    account_id: str
    p_value: float = 1.0


class FoundCampaign(msgspec.Struct, frozen=True):
    accounts: list[FoundAccount]
    id: str = ""


class FoundAt(msgspec.Struct, frozen=True):
    """What had been raised by one look of a replay: account ids of each campaign."""

    until: str
    campaigns: list[list[str]]


class FoundReplay(msgspec.Struct, frozen=True):
    looks: list[FoundAt]
    fdr: float | None = None


class Health(msgspec.Struct, frozen=True):
    null_qq: list[tuple[float, float]] = []


class Findings(msgspec.Struct, frozen=True):
    """The parts of a findings JSON that are scored; anything else in it is ignored.

    account_scores: account -> suspicion, larger = more suspicious (optional; else listed p-values rank).
    measured: figure -> value, such as events_per_s and state_bytes_per_account.
    """

    campaigns: list[FoundCampaign]
    account_scores: dict[str, float] | None = None
    fdr: float | None = None
    replay: FoundReplay | None = None
    measured: dict[str, float] = {}
    health: Health = Health()


class Traffic(msgspec.Struct, frozen=True):
    """The scanned window beside the truth, one row an event: ids, accounts (an index into names) and time in us."""

    ids: pa.Array
    names: list[str]
    owner: np.ndarray
    ts: np.ndarray

    def rows(self, ids: list[str], place: str) -> np.ndarray:
        """Row of each event id i64[n]. Raises UnreadableInputError for one that the window does not hold."""
        found = pc.index_in(pa.array(ids, pa.string()), self.ids)
        if found.null_count:
            missing = ids[int(np.argmax(np.asarray(found.is_null())))]
            raise UnreadableInputError(
                f"event {missing} is not in the events beside it",
                where=place,
                hint="truth.json must stay in its world folder",
            )
        return np.asarray(found, np.int64)


def read_json(path: Path, kind: type[_Record], hint: str) -> _Record:
    """Decode a file. Raises UnreadableInputError with `file:line` (syntax) or `file:$.path` (structure)."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableInputError(
            f"cannot read ({error.strerror})", where=str(path), hint="order: TRUTH FINDINGS"
        ) from error
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at ")
        where = f"{path}:{place.strip('`') or '$'}"
        raise UnreadableInputError(said, where=where, hint=hint) from error
    except msgspec.DecodeError as error:
        raise UnreadableInputError("not JSON", where=f"{path}:{_line(data)}", hint=hint) from error


def _line(data: bytes) -> int:
    """Line of the first syntax error; the last one when another decoder sees none."""
    try:
        json.loads(data)
    except UnicodeDecodeError as error:
        return data[: error.start].count(b"\n") + 1
    except json.JSONDecodeError as error:
        return error.lineno
    return data.count(b"\n") + 1


def read_truth(path: Path) -> Truth:
    """truth.json. Raises UnreadableInputError."""
    truth = read_json(path, Truth, "give the truth.json of a world that `range build` wrote")
    for i, campaign in enumerate(truth.campaigns):
        if not campaign.accounts:
            raise UnreadableInputError(
                "a campaign without accounts",
                where=f"{path}:$.campaigns[{i}].accounts",
                hint="give the accounts it used",
            )
        cost = campaign.cost
        if cost is not None and not (cost.per_example >= 0 and cost.undefended_per_example > 0):
            raise UnreadableInputError(
                "a cost per example must not be negative, and the undefended one above 0",
                where=f"{path}:$.campaigns[{i}].cost",
                hint="see the cost model of the range",
            )
    return truth


def read_findings(path: Path) -> Findings:
    """Findings JSON of any detector. Raises UnreadableInputError."""
    found = read_json(path, Findings, "give the JSON of `scan --format json`, or one in its form")
    for i, campaign in enumerate(found.campaigns):
        for j, account in enumerate(campaign.accounts):
            if not 0 <= account.p_value <= 1:
                raise UnreadableInputError(
                    f"p_value {account.p_value:g} is not in [0, 1]",
                    where=f"{path}:$.campaigns[{i}].accounts[{j}].p_value",
                    hint="a p-value, not a score; scores belong under account_scores",
                )
    return found


def read_traffic(folder: Path) -> Traffic:
    """Ids, owners and times of folder/events.parquet. Raises UnreadableInputError."""
    path = folder / "events.parquet"
    try:
        table = pq.read_table(path, columns=["event_id", "account_id", "ts"])
        owner = table["account_id"].combine_chunks().cast(pa.string()).dictionary_encode()
        ts = table["ts"].combine_chunks().cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
        ids = table["event_id"].combine_chunks().cast(pa.string())
    except (OSError, pa.ArrowException, KeyError) as error:
        raise UnreadableInputError(
            "no readable events.parquet beside the truth",
            where=str(path),
            hint="truth.json must stay in its world folder",
        ) from error
    return Traffic(ids, owner.dictionary.to_pylist(), np.asarray(owner.indices, np.int64), np.asarray(ts))
