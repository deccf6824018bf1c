"""The continuous use case: follow sources, keep every event once, and judge the window again and again.

Every judgement is a scan of the window's events against the period before it, so it says what `scan` says of the
same events. An event is judged at the next judgement after it arrived: at most one interval late. Repeated looks
at overlapping windows are looks at the same hypotheses: each judgement controls its own error, and a campaign
counts as new only when its accounts were not raised before.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from stillwatch.errors import InputError
from stillwatch.events.dataset import default_reference, open_dataset
from stillwatch.events.following import Cursor, Piece, pieces
from stillwatch.findings.result import Campaign, Scan
from stillwatch.service.scanning import scan
from stillwatch.storage.inbox import Inbox
from stillwatch.storage.journal import Journal, Lapsed
from stillwatch.telemetry import Progress, silent

DAY_US = 86_400_000_000
SAME_SHARE_MIN = 0.5
COMMIT_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Rules:
    """How a watch judges. Lengths in days; `reference` replaces the kept period before the window."""

    window_days: float = 7.0
    keep_days: float = 35.0
    every_s: float = 3600.0
    look_s: float = 2.0
    reference: Path | None = None
    authorisations: Path | None = None
    harnesses: Path | None = None
    public_text: Path | None = None
    ledger: Path | None = None
    fdr: float = 0.01
    workers: int | None = None
    secret: bytes | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A campaign of this judgement against the last one: new, or grown or shrunk from `before`."""

    kind: Literal["new", "changed"]
    campaign: Campaign
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement: the scan, what it changes, and the campaigns of the last one that are no longer raised."""

    scan: Scan
    changes: list[Change]
    ended: list[str]


@dataclass(slots=True)
class Watch:
    """A watch over `paths` and the inboxes beside its journal. `told` gets every judgement, `noted` a sentence
    wherever something could not be judged or read."""

    paths: Sequence[Path]
    journal: Journal
    rules: Rules
    told: Callable[[Judgement], None]
    noted: Callable[[str], None] = lambda _: None
    progress: Progress = silent
    inboxes: Sequence[Inbox] = ()
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look and judge until `stop` is set. Raises StorageError, ConfigError; a window that cannot be judged
        yet is noted."""
        judged = float("-inf")
        pending = self.journal.rows > 0
        while not self.stop.is_set():
            pending |= self.look() > 0
            if pending and time.monotonic() - judged >= self.rules.every_s:
                pending, judged = False, time.monotonic()
                try:
                    self.judge()
                except InputError as error:
                    self.noted(f"not judged: {error} ({error.hint})")
            self.stop.wait(self.rules.look_s)

    def once(self) -> Judgement:
        """Take in everything there is, as if nobody wrote any more, and judge it. Raises InputError too."""
        while self.look(settled=True):
            pass
        return self.judge()

    def look(self, *, settled: bool = False) -> int:
        """Take in what is new; how many events. Durable when it returns."""
        added = uncommitted = 0
        cursors: dict[str, Cursor] = {}
        work = Path(tempfile.mkdtemp(prefix="look-", dir=self.journal.folder))
        try:
            sources = [*self.paths, *(box.folder for box in self.inboxes)]
            kept = dict(self.journal.state.cursors)
            for found in pieces(sources, kept, work, settled=settled, noted=self.noted):
                if not isinstance(found, Piece):
                    cursors[found[0]] = found[1]
                    continue
                rows = self._take(found, work)
                added, uncommitted = added + rows, uncommitted + rows
                cursors[found.key] = found.cursor
                self.progress("taking in", added, None)
                if uncommitted >= COMMIT_ROWS:
                    self.journal.commit(cursors)
                    uncommitted = 0
                if self.stop.is_set():
                    break
            known = self.journal.state.cursors
            if uncommitted or any(known.get(key) != cursor for key, cursor in cursors.items()):
                self.journal.commit(cursors)
            for box in self.inboxes:
                for key in box.clear(self.journal.state.cursors):
                    self.journal.state.cursors.pop(key, None)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return added

    def judge(self) -> Judgement:
        """Scan the window that ends with the latest event. Raises InputError (nothing to judge), StorageError."""
        last = self.journal.last_us
        work = Path(tempfile.mkdtemp(prefix="judge-", dir=self.journal.folder))
        try:
            first = 0 if last is None else last - int(self.rules.window_days * DAY_US) + 1
            current = [] if last is None else self.journal.view(first, last, work / "current")
            if last is None or not current:
                raise InputError(
                    "no event has arrived yet",
                    where=", ".join(map(str, self.paths)),
                    hint="check the paths, or send some",
                )
            found = scan(
                current,
                reference=self._reference(first, work),
                authorisations=self.rules.authorisations,
                harnesses=self.rules.harnesses,
                public_text=self.rules.public_text,
                ledger=self.rules.ledger,
                fdr=self.rules.fdr,
                workers=self.rules.workers,
                secret=self.rules.secret,
                seed=self.rules.seed,
                progress=self.progress,
                replay=f"stillwatch watch --once {' '.join(map(str, self.paths))} --fdr {self.rules.fdr:g}",
            )
        finally:
            shutil.rmtree(work, ignore_errors=True)
        lapsed = {n: old for n, old in self.journal.state.lapsed.items() if old.since_us >= first}
        judgement = self._compared(found, {name: old.accounts for name, old in lapsed.items()})
        self.told(judgement)
        again = {change.before for change in judgement.changes}
        ended = {name: Lapsed(self.journal.state.raised[name], last) for name in judgement.ended}
        self.journal.state.lapsed = {n: old for n, old in lapsed.items() if n not in again} | ended
        self.journal.state.raised = {c.id: [a.account_id for a in c.accounts] for c in found.result.campaigns}
        self.journal.commit()
        self.journal.drop_before(last - int(self.rules.keep_days * DAY_US))
        self.journal.compact()
        return judgement

    def _take(self, piece: Piece, work: Path) -> int:
        """Open one piece and add its events to the journal."""
        folder = piece.file.parent if piece.content is not None else piece.file
        made = open_dataset([folder], work=work / "opened", bad_share_max=1.0, empty_ok=True)
        self.journal.left_out(Counter(made.quarantine.counts))
        for place, reason in made.quarantine.places:
            if reason != "duplicate":
                self.noted(f"left out {_origin(place, piece)}: {reason}")
        added = self.journal.add(made)
        shutil.rmtree(work / "opened", ignore_errors=True)
        if piece.file.parent == work:
            piece.file.unlink()
        return added

    def _reference(self, first_us: int, work: Path) -> list[Path] | None:
        """The given reference, else what is kept from before the window, else none."""
        if self.rules.reference is not None:
            return [self.rules.reference]
        beside = default_reference(self.paths[0]) if len(self.paths) == 1 else None
        if beside is not None:
            return [beside]
        return self.journal.view(0, first_us - 1, work / "reference") or None

    def _compared(self, found: Scan, lapsed: Mapping[str, Sequence[str]]) -> Judgement:
        """Against the campaigns of the last judgement and, where none goes on in one of this, those that ended within a
        window: who comes and goes at the bar is not new each time."""
        last = self.journal.state.raised
        before = {name: set(accounts) for name, accounts in (*lapsed.items(), *last.items())}
        changes, continued = [], set()
        for campaign in found.result.campaigns:
            mine = {a.account_id for a in campaign.accounts}
            shares = {n: len(mine & old) / max(1, min(len(mine), len(old))) for n, old in before.items()}
            going_on = {n for n in last if shares[n] >= SAME_SHARE_MIN}
            name = max(shares, key=lambda n: (n in going_on, shares[n], n), default=None)
            if name is None or shares[name] < SAME_SHARE_MIN:
                changes.append(Change("new", campaign))
                continue
            continued.add(name)
            if before[name] != mine or name not in last:
                changes.append(Change("changed", campaign, name))
        return Judgement(found, changes, sorted(set(last) - continued))


def _origin(place: str, piece: Piece) -> str:
    """`file:line` in the file that is followed, for a place in the piece of it that was opened."""
    _, _, line = place.rpartition(":")
    return f"{piece.origin}:{int(line) + piece.lines_before}" if line.isdigit() else str(piece.origin)
