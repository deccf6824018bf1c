"""All keys of a batch of events: what the key burst counts and the linking shares.

Per event at most 48 spans of the last user turn, 16 of its system prompts, one skeleton, two cells, six
intents, six attributes, one prefix and, with a ledger, seven keys of what was served: bounded influence whatever the
prompt's size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stillwatch.features.asking import Asked, asked
from stillwatch.features.attributes import attributes
from stillwatch.features.batch import Batch
from stillwatch.features.families import Family, tagged
from stillwatch.features.intent import INTENTS, disguised, intents
from stillwatch.features.limits import limited
from stillwatch.features.provenance import prefixes
from stillwatch.features.served import Issued, Origins, origins
from stillwatch.text import derive_seed, tokenize
from stillwatch.text.hashing import hash_strings
from stillwatch.text.skeleton import function_words, skeletons
from stillwatch.text.spans import spans
from stillwatch.text.vectors import DIMENSIONS, VectorModel, cells, embed

USER_SPANS_MAX, SYSTEM_SPANS_MAX = 48, 16
_SALT = tuple(np.uint64(0x51ED270B0A1F39C1 * (i + 1) & (1 << 64) - 1) for i in range(6))


@dataclass(frozen=True, slots=True)
class Keyring:
    """Subkeys of the tenant's secret, the function words under them, the fitted vectors, and what was served."""

    token: np.uint64
    column: np.uint64
    prefix: np.uint64
    words: np.ndarray
    vectors: VectorModel | None = None
    issued: Issued | None = None

    @classmethod
    def of(cls, secret: bytes, vectors: VectorModel | None = None, issued: Issued | None = None) -> Keyring:
        """The ring of one tenant."""
        token = derive_seed(secret, "token")
        return cls(
            token,
            derive_seed(secret, "column"),
            derive_seed(secret, "prefix"),
            function_words(token),
            vectors,
            issued,
        )


@dataclass(frozen=True)
class EventKeys:
    """Keys of n events: (event i64[k], keys u64[k], in_system bool[k]) plus per-event facts for the judges, of which those
    that no key is made from are worked out when they are asked for."""

    event: np.ndarray
    keys: np.ndarray
    in_system: np.ndarray
    attributes: np.ndarray  # u64[n, 6]
    vectors: np.ndarray  # f32[n, DIMENSIONS]
    cell: np.ndarray  # u64[n], semantic key of the coarse codebook, 0 = none
    intents: np.ndarray  # u8[n]
    origins: Origins
    batch: Batch
    seed: np.uint64

    @cached_property
    def asked(self) -> Asked:
        """What each event asks (features.asking)."""
        return asked(self.batch, self.seed)

    @cached_property
    def asked_for(self) -> np.ndarray:
        """u8[n]: `intents`, and what no key is made from: those that are disguised, and what a system prompt asks for."""
        out = self.intents | disguised(self.batch.user_text)
        event, text = self.batch.system_text
        if event.size:
            # A service has few system prompts and sends them often: each is read once.
            _, first, code = np.unique(hash_strings(text, self.seed), return_index=True, return_inverse=True)
            once = text.take(first)
            np.bitwise_or.at(out, event, (intents(once) | disguised(once))[code])
        return out

    @property
    def turns(self) -> np.ndarray:
        """User and assistant turns i64[n]."""
        return self.batch.turns

    @cached_property
    def limited(self) -> np.ndarray:
        """bool[n]: the account was turned away (features.limits)."""
        return limited(self.batch)


def event_keys(batch: Batch, ring: Keyring) -> EventKeys:
    """Every key of every event of the batch. Pure: the same events give the same keys in any batch."""
    n = batch.rows
    text = batch.user_text
    block = tokenize(text, ring.token)
    found, ends = spans(block, USER_SPANS_MAX)
    attribute_keys = attributes(batch, ring.column)
    parts = [(np.repeat(np.arange(n), np.diff(ends)), tagged(found, Family.LEXICAL))]
    parts.append(_present(skeletons(block, ring.words), Family.LEXICAL, salt=1))
    vectors = np.zeros((n, DIMENSIONS), np.float32)
    cell = np.zeros(n, np.uint64)
    if ring.vectors is not None:
        vectors = embed(block, ring.vectors)
        places = cells(vectors, ring.vectors)
        made = [_cell_keys(places[:, level], level) for level in (0, 1)]
        cell = made[0]
        parts.extend((np.flatnonzero(keys), keys[keys != 0]) for keys in made)
    wants = intents(text)
    for bit in range(len(INTENTS)):
        rows = np.flatnonzero(wants & (1 << bit))
        key = tagged(np.array([bit + 1], np.uint64) * _SALT[4], Family.INTENT)
        parts.append((rows, np.repeat(key, rows.size)))
    for column in attribute_keys.T:
        parts.append((np.flatnonzero(column), column[column != 0]))
    parts.append(_present(prefixes(batch, ring.prefix), Family.PROVENANCE, salt=2))
    served = Origins.none(n)
    if ring.issued is not None:
        served = origins(batch, found, ends, attribute_keys, ring.token, ring.issued)
        parts.append((served.event, served.keys))
    system_event, system_keys = _system(batch, ring)
    parts.append((system_event, system_keys))
    event = np.concatenate([p[0] for p in parts])
    keys = np.concatenate([p[1] for p in parts])
    in_system = np.zeros(event.size, np.bool_)
    in_system[event.size - system_event.size :] = True
    return EventKeys(event, keys, in_system, attribute_keys, vectors, cell, wants, served, batch, ring.column)


def _present(values: np.ndarray, family: Family, *, salt: int) -> tuple[np.ndarray, np.ndarray]:
    rows = np.flatnonzero(values)
    return rows, tagged(values[rows] ^ _SALT[salt], family)


def _cell_keys(places: np.ndarray, level: int) -> np.ndarray:
    values = (places.astype(np.uint64) + np.uint64(1)) * _SALT[0] ^ _SALT[3 + level]
    values ^= values >> np.uint64(31)
    return np.where(places >= 0, tagged(values, Family.SEMANTIC), np.uint64(0))


def _system(batch: Batch, ring: Keyring) -> tuple[np.ndarray, np.ndarray]:
    """Spans of the system prompts; each distinct prompt of the batch is read once."""
    event, text = batch.system_text
    if event.size == 0:
        return event, np.zeros(0, np.uint64)
    _, first, code = np.unique(hash_strings(text, ring.column), return_index=True, return_inverse=True)
    found, ends = spans(tokenize(text.take(first), ring.token), SYSTEM_SPANS_MAX)
    counts = np.diff(ends)[code]
    starts = np.repeat(ends[:-1][code] - np.cumsum(counts) + counts, counts)
    return np.repeat(event, counts), tagged(found[starts + np.arange(counts.sum())], Family.LEXICAL)
