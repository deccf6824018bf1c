"""What is true of a world, collected shard by shard: campaigns, look-alikes and declarations.

Labelled event ids may be many millions, so they wait in a file beside the tables and are copied into `truth.json`
at the end; only account ids are kept in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from stillwatch.range.blocks import Block
from stillwatch.range.clock import START
from stillwatch.range.cost import added
from stillwatch.range.scene import Scene
from stillwatch.range.seeding import opaque

IDS_AT_ONCE = 1 << 16
EVENT_PREFIX = "ev_"


@dataclass
class _Entry:
    """One campaign or look-alike; `spool` holds the uint64 behind its event ids, `before` those of the reference
    period, which `senders` sent."""

    head: dict[str, str]
    spool: Path | None = None
    accounts: list[np.ndarray] = field(default_factory=list)
    before: Path | None = None
    senders: list[np.ndarray] = field(default_factory=list)


class Truth:
    """Grows by scenes; campaigns and named look-alikes of several scenes are joined by name."""

    def __init__(self, folder: Path) -> None:
        """folder: exists; `truth.json` and `authorisations.toml` are written there."""
        self._folder = folder
        self._campaigns: dict[tuple[str, int], _Entry] = {}
        self._look_alikes: dict[tuple[str, str | int], _Entry] = {}
        self._attackers: dict[tuple[str, int], dict[str, Any]] = {}
        (folder / "authorisations.toml").write_text("# What customers of this world declared.\n")

    def add(self, scene: Scene, block: Block, events: np.ndarray) -> None:
        """One scene. block: the events as written; events: the uint64 behind their ids, shape (n,)."""
        accounts = scene.accounts.numbers()
        met: dict[str, int] = {}
        for place, campaign in enumerate(scene.campaigns):
            key = (campaign.name, met.setdefault(campaign.name, 0))
            met[campaign.name] += 1
            spool, before = (
                self._folder / f".{part}-{len(self._campaigns)}" for part in ("events", "before")
            )
            head = {"name": campaign.name, "archetype": campaign.archetype}
            entry = self._campaigns.setdefault(key, _Entry(head, spool, before=before))
            entry.accounts.append(accounts[campaign.accounts])
            mine, early = block.label == place, block.at_s < 0
            _append(entry.spool, events[mine & ~early])
            if (mine & early).any():
                _append(entry.before, events[mine & early])
                entry.senders.append(accounts[np.unique(block.account[mine & early])])
        self._operators(scene)
        for group in scene.look_alikes:
            known = (group.kind, group.name or len(self._look_alikes))
            self._look_alikes.setdefault(known, _Entry({"kind": group.kind})).accounts.append(
                accounts[group.accounts]
            )
        if scene.authorisations:
            with (self._folder / "authorisations.toml").open("a") as file:
                file.write(_authorisations(scene))

    def _operators(self, scene: Scene) -> None:
        """Bills of one attacker add up over the scenes; its plan is that of the first."""
        met: dict[str, int] = {}
        for attacker in scene.attackers:
            key = (attacker.campaign, met.setdefault(attacker.campaign, 0))
            met[attacker.campaign] += 1
            record = {"campaign": attacker.campaign, "plan": dict(attacker.plan), "cost": dict(attacker.cost)}
            if key in self._attackers:
                record = self._attackers[key] | {"cost": added(self._attackers[key]["cost"], attacker.cost)}
            self._attackers[key] = record

    def close(self, head: Mapping[str, Any]) -> None:
        """Write `truth.json`; `head` comes first in it."""
        with (self._folder / "truth.json").open("w") as out:
            out.write(json.dumps(dict(head), indent=1).removesuffix("\n}"))
            _entries(out, "campaigns", self._campaigns.values())
            _entries(out, "look_alikes", self._look_alikes.values())
            if self._attackers:
                out.write(',\n "attackers": ' + json.dumps(list(self._attackers.values())))
            out.write("\n}\n")
        for entry in self._campaigns.values():
            for spool in (entry.spool, entry.before):
                if spool is not None:
                    spool.unlink(missing_ok=True)


def _append(spool: Path | None, events: np.ndarray) -> None:
    if spool is not None:
        with spool.open("ab") as file:
            file.write(events.tobytes())


def _entries(out: TextIO, name: str, entries: Any) -> None:
    out.write(f',\n "{name}": [')
    for place, entry in enumerate(entries):
        out.write(",\n  {" if place else "\n  {")
        out.write(json.dumps(entry.head)[1:-1] + ',\n   "accounts": [')
        _ids(out, "acct_", iter(entry.accounts))
        if entry.spool is not None:
            out.write('],\n   "events": [')
            _ids(out, EVENT_PREFIX, _spooled(entry.spool))
        if entry.before is not None and entry.senders:
            out.write('],\n   "earlier": {"accounts": [')
            _ids(out, "acct_", iter(entry.senders))
            out.write('],\n    "events": [')
            _ids(out, EVENT_PREFIX, _spooled(entry.before))
            out.write("]}}")
            continue
        out.write("]}")
    out.write("\n ]" if entries else "]")


def _ids(out: TextIO, prefix: str, parts: Iterator[np.ndarray]) -> None:
    comma = ""
    for numbers in parts:
        for at in range(0, len(numbers), IDS_AT_ONCE):
            ids = opaque(prefix, numbers[at : at + IDS_AT_ONCE]).to_pylist()
            out.write(comma + '"' + '", "'.join(ids) + '"')
            comma = ", "


def _spooled(path: Path) -> Iterator[np.ndarray]:
    with path.open("rb") as file:
        while chunk := file.read(8 * IDS_AT_ONCE):
            yield np.frombuffer(chunk, dtype=np.uint64)


def _authorisations(scene: Scene) -> str:
    ids = scene.accounts.ids()
    lines = []
    for a in scene.authorisations:
        starts, expires = (START + timedelta(days=d) for d in (a.starts_day, a.expires_day))
        lines += [
            "",
            "[[authorisation]]",
            f"customer = {json.dumps(a.customer)}",
            f"kind = {json.dumps(a.kind)}",
            f"accounts = {json.dumps(ids.take(a.accounts).to_pylist())}",
            f"purpose = {json.dumps(a.purpose)}",
            f"starts = {starts.date().isoformat()}",
            f"expires = {expires.date().isoformat()}",
            f"max_events_per_day = {a.max_events_per_day}",
        ]
    return "\n".join(lines) + "\n"
