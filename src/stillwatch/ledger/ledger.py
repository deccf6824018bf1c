"""The ledger: every response we served as keyed spans, on disk, appended, merged, dropped by day, forgotten by account.

Responses gather in memory up to POSTINGS_MAX postings, then become a segment; FAN neighbouring segments of like
size become one (the log-structured merge, O'Neil et al. 1996): there are O(log n)
segments, a response is rewritten O(log n) times, and segments keep the order in which they were appended.

Disk: a change needs, beside what the ledger holds before and after it, room for the largest segment it writes.
"""

from __future__ import annotations

import contextlib
import hmac
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa

from stillwatch.errors import UnreadableInputError
from stillwatch.ledger import manifest as book
from stillwatch.ledger.manifest import Manifest, Part
from stillwatch.ledger.merging import Responses, packed_strings, write_merged, write_responses
from stillwatch.ledger.segment import Segment
from stillwatch.ledger.sketches import Sketches, sketches
from stillwatch.ledger.view import Postings, View
from stillwatch.ledger.words import RESPONSES_MAX
from stillwatch.text import derive_seed, hash_strings

POSTINGS_MAX = 1 << 24
FAN = 8
LEVEL_POSTINGS = 1 << 20


class Seeds(msgspec.Struct, frozen=True):
    """Subkeys of the tenant's secret: of tokens (the same as the event keys', so spans can be compared) and of
    account ids; and the secret's fingerprint."""

    token: int
    account: int
    fingerprint: str

    @classmethod
    def of(cls, secret: bytes) -> Seeds:
        """The seeds of one tenant."""
        mark = hmac.new(secret, b"ledger fingerprint", "sha256").hexdigest()[:16]
        return cls(int(derive_seed(secret, "token")), int(derive_seed(secret, "ledger account")), mark)

    def accounts(self, names: pa.Array) -> np.ndarray:
        """Keyed hash u64[n] of account ids."""
        return hash_strings(names.cast(pa.large_string()), np.uint64(self.account))


class Ledger:
    """A ledger folder opened under one secret. Reading never blocks; one process at a time may change it."""

    def __init__(self, folder: Path, seeds: Seeds, manifest: Manifest, *, durable: bool = True) -> None:
        self.folder, self.seeds, self._manifest, self._durable = folder, seeds, manifest, durable
        self._postings_max = POSTINGS_MAX

    @classmethod
    def open(cls, folder: Path, secret: bytes) -> Ledger:
        """An existing ledger. Raises UnreadableInputError (absent, damaged) or ConfigError (another secret)."""
        seeds = Seeds.of(secret)
        return cls(Path(folder), seeds, book.read(Path(folder), seeds.fingerprint))

    @classmethod
    def create(
        cls, folder: Path, secret: bytes, *, durable: bool = True, postings_max: int = POSTINGS_MAX
    ) -> Ledger:
        """A new, empty ledger, or the one that is there already. `durable`: survive a power cut."""
        folder, seeds = Path(folder), Seeds.of(secret)
        if (folder / book.NAME).exists():
            manifest = book.read(folder, seeds.fingerprint)
        else:
            manifest = Manifest(seeds.fingerprint)
            with book.writing(folder):
                book.commit(folder, manifest, durable=durable)
        ledger = cls(folder, seeds, manifest, durable=durable)
        ledger._postings_max = postings_max
        return ledger

    @property
    def manifest(self) -> Manifest:
        """What the ledger holds, by segment."""
        return self._manifest

    def view(self) -> View:
        """The ledger as it is now, for looking up; later changes do not touch it. Raises UnreadableInputError."""
        try:
            segments = [Segment(self.folder / part.file) for part in self._manifest.parts]
        except UnreadableInputError:
            newer = book.read(self.folder, self.seeds.fingerprint)
            if newer == self._manifest:
                raise
            self._manifest = newer  # another process has changed the ledger since it was opened
            return self.view()
        return View(segments, {(s, d): (c, a) for s, d, c, a in self._manifest.coverage})

    def lookup(self, spans: np.ndarray) -> Postings:
        """Postings of spans u64[n] (see `View.lookup`; keep a view for many look-ups)."""
        return self.view().lookup(spans)

    def append(self, batches: Iterable[pa.RecordBatch]) -> int:
        """Add the responses of batches (columns: see `sketches`); returns how many had enough words to be kept.

        Nothing is visible until all of it is written; a failure or a kill leaves the ledger as it was.
        """
        with book.writing(self.folder):
            self._manifest = book.read(self.folder, self.seeds.fingerprint)
            parts, number = list(self._manifest.parts), self._manifest.next
            coverage = {(s, d): (c, a) for s, d, c, a in self._manifest.coverage}
            held: list[Sketches] = []
            size = added = 0
            for batch in batches:
                made = sketches(batch, np.uint64(self.seeds.token))
                for key, (calls, logged) in made.coverage.items():
                    before = coverage.get(key, (0, 0))
                    coverage[key] = (before[0] + calls, before[1] + logged)
                added += made.day.size
                if made.day.size:
                    held.append(made)
                    size += made.spans.size
                if size >= self._postings_max:
                    parts, number = self._settled([*parts, self._flushed(held, number)], number + 1)
                    held, size = [], 0
            if held:
                parts, number = self._settled([*parts, self._flushed(held, number)], number + 1)
            self._commit(parts, number, coverage)
        return added

    def drop(self, days: Iterable[int]) -> int:
        """Remove all responses of those days (since 1970, UTC); returns how many. Killed, it has done a part: the days
        count as not logged from the start, and the same call removes the rest."""
        wanted = frozenset(days)
        held = np.array(sorted(wanted), np.int64)
        return self._thinned(lambda segment: ~np.isin(segment.day, held), wanted)

    def forget(self, account: str) -> int:
        """Remove all responses to that account, and its name; returns how many. Killed, it has done a part, and the same
        call removes the rest."""
        mark = self.seeds.accounts(pa.array([account]))[0]
        return self._thinned(lambda segment: ~(segment.account_hash == mark)[segment.account], frozenset())

    def compact(self) -> None:
        """Merge everything into as few segments as hold it."""
        with book.writing(self.folder):
            self._manifest = book.read(self.folder, self.seeds.fingerprint)
            parts: list[Part] = []
            group: list[Part] = []
            number = self._manifest.next
            for part in self._manifest.parts:
                if sum(p.responses for p in group) + part.responses > RESPONSES_MAX:
                    parts.append(self._merged(group, number))
                    group, number = [], number + 1
                group.append(part)
            if len(group) > 1:
                group, number = [self._merged(group, number)], number + 1
            self._commit([*parts, *group], number, None)

    def _flushed(self, held: list[Sketches], number: int) -> Part:
        """One segment from memory."""
        spans = np.concatenate([h.spans for h in held])
        counts = np.concatenate([np.diff(h.ends) for h in held])
        day = np.concatenate([h.day for h in held])
        coded = pa.chunked_array([h.account for h in held]).combine_chunks().dictionary_encode()
        marks = self.seeds.accounts(coded.dictionary)
        order = np.argsort(marks)
        rank = np.empty(order.size, np.uint32)
        rank[order] = np.arange(order.size)
        responses = Responses(
            spans,
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            day,
            rank[np.asarray(coded.indices)],
            packed_strings(pa.chunked_array([h.id for h in held]).combine_chunks()),
            marks[order],
            packed_strings(coded.dictionary.take(pa.array(order))),
        )
        name = f"segment-{number:08d}"
        size = book.write_segment(
            self.folder, name, lambda file: write_responses(file, responses), durable=self._durable
        )
        return Part(name, size, day.size, spans.size, (int(day.min()), int(day.max())))

    def _settled(self, parts: list[Part], number: int) -> tuple[list[Part], int]:
        """Keep levels falling from first to last, and fewer than FAN neighbours on one level."""
        while len(parts) >= 2:
            small = _level(parts[-2]) < _level(parts[-1])
            group = parts[-2:] if small else parts[-FAN:]
            like = small or (len(group) == FAN and len({_level(p) for p in group}) == 1)
            if not like or sum(p.responses for p in group) > RESPONSES_MAX:
                break
            parts = [*parts[: -len(group)], self._merged(group, number)]
            number += 1
            self._unnamed(group)
        return parts, number

    def _unnamed(self, group: list[Part]) -> None:
        """Remove segments that were merged before the manifest ever named them: a long append would keep every
        level of the merge on disk to its end."""
        named = {part.file for part in self._manifest.parts}
        for part in group:
            if part.file not in named:
                with contextlib.suppress(OSError):  # the commit removes what is not named
                    (self.folder / part.file).unlink()

    def _merged(self, group: list[Part], number: int) -> Part:
        return self._rewritten([(Segment(self.folder / p.file), None) for p in group], number)

    def _rewritten(self, group: list[tuple[Segment, np.ndarray | None]], number: int) -> Part:
        name = f"segment-{number:08d}"
        size = book.write_segment(
            self.folder, name, lambda file: write_merged(file, group), durable=self._durable
        )
        made = Segment(self.folder / name)
        return Part(name, size, made.responses, int(made.words.size), made.days)

    def _thinned(self, keep: Callable[[Segment], np.ndarray], uncovered: frozenset[int]) -> int:
        """Keep the responses that `keep` (bool[n] of a segment) says; `uncovered`: days that are covered no more."""
        with book.writing(self.folder):
            self._manifest = book.read(self.folder, self.seeds.fingerprint)
            removed = 0
            if uncovered:
                held = self._manifest.coverage
                coverage = {(s, d): (c, 0 if d in uncovered else a) for s, d, c, a in held}
                self._commit(list(self._manifest.parts), self._manifest.next, coverage)
            for part in self._manifest.parts:
                segment = Segment(self.folder / part.file)
                mask = keep(segment)
                gone = mask.size - int(np.count_nonzero(mask))
                removed += gone
                if gone:  # one segment, one commit: the disk never holds two of any but this one
                    number = self._manifest.next
                    left = [self._rewritten([(segment, mask)], number)] if mask.any() else []
                    parts = [new for p in self._manifest.parts for new in (left if p is part else [p])]
                    self._commit(parts, number + len(left), None)
        return removed

    def _commit(
        self, parts: list[Part], number: int, coverage: dict[tuple[str, int], tuple[int, int]] | None
    ) -> None:
        table = (
            self._manifest.coverage
            if coverage is None
            else tuple((s, d, c, a) for (s, d), (c, a) in sorted(coverage.items()))
        )
        made = Manifest(self.seeds.fingerprint, next=number, parts=tuple(parts), coverage=table)
        book.commit(self.folder, made, durable=self._durable)
        self._manifest = made


def _level(part: Part) -> int:
    """Each level holds FAN times the postings of the one below; everything small is on level 0."""
    return max(0, ((part.postings // LEVEL_POSTINGS).bit_length() - 1) // 3)
