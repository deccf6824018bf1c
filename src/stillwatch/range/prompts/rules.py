"""Rules: a text as a row of slots, composed from a number alone, so that two numbers never give one text.

## Uniqueness by construction
A text has a serial number s below 2**KEY_BITS, unique in its world. s goes through a bijection of KEY_BITS-bit
numbers; the result, read as a binary fraction f in [0, 1), is written out in the mixed radix of the rule's first
free slots: digit = floor(f * options), f = frac(f * options). When those slots have M >= 2**KEY_BITS combinations,
the numbers f * M lie at least 1 apart, so different serials give different digits. Digits choose words, and a rule
is unambiguous (a test counts the ways to read its texts), so different serials give different texts: no prompt is
shared by two accounts, with no memory of the prompts made before. The remaining free slots, and which of its few
habits an account shows, come from further hashes of s; the habits themselves from a hash of the account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numba as nb
import numpy as np
import pyarrow as pa

KEY_BITS = 44
WORD_CHOICES_MAX = 1 << 52
"""Combinations drawn from one 64-bit hash before the next one is taken."""
NUMBER_MIN = 2
GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1

LITERAL, NUMBER, PIECE = 0, 1, 2
KEY, HASH, FRESH = 0, 1, 2
STRIDE = 32


@dataclass(frozen=True)
class Free:
    """One of the options, drawn anew for each text."""

    options: Sequence[str]


@dataclass(frozen=True)
class Habit:
    """One of the few options an account keeps: `choices` of them, found by hashing account and `salt`."""

    options: Sequence[str]
    salt: int
    choices: int = 6


@dataclass(frozen=True)
class Number:
    """A decimal number in [2, high), drawn anew for each text."""

    high: int = 400


Slot = str | Free | Habit | Number


@dataclass(frozen=True, eq=False)
class Rule:
    """A compiled row of slots; two rules are equal when they are the same object.

    table: int64, shape (steps, 6): kind, source (of a draw: the key, the running hash, a fresh hash), radix
    (options of a free slot), choices and salt of a habit (choices 0: none), first piece. pieces: the options, with
    the literals beside them.
    """

    slots: tuple[Slot, ...]
    table: np.ndarray
    pieces: tuple[bytes, ...]
    bytes_max: int


def rule(*slots: Slot, unique: bool = True) -> Rule:
    """Compile. unique: whether no text may be made twice, as for all honest prompts.

    Raises ValueError when the free slots of a unique rule have fewer than 2**KEY_BITS combinations.
    """
    pieces: list[bytes] = []
    rows: list[tuple[int, int, int, int, int, int]] = []
    key_size, hash_size, bytes_max = 1, WORD_CHOICES_MAX, 0
    for slot, before, after in _joined(slots):
        kind, source, choices, salt, first = LITERAL, KEY, 0, 0, len(pieces)
        options = (
            () if isinstance(slot, Number) else (slot,) if isinstance(slot, str) else tuple(slot.options)
        )
        radix = slot.high - NUMBER_MIN if isinstance(slot, Number) else len(options)
        if not isinstance(slot, str):
            kind = NUMBER if isinstance(slot, Number) else PIECE
            if isinstance(slot, Habit):
                choices, salt = slot.choices, slot.salt
            if not choices and key_size < 1 << KEY_BITS:
                key_size *= radix
            else:
                source = FRESH if hash_size * (choices or radix) > WORD_CHOICES_MAX else HASH
                hash_size = (1 if source == FRESH else hash_size) * (choices or radix)
        pieces += [(before + option + after).encode() for option in options]
        bytes_max += max((len(o) for o in pieces[first:]), default=20)
        rows.append((kind, source, radix, choices, salt, first))
    if unique and key_size < 1 << KEY_BITS:
        raise ValueError(f"only {key_size} combinations, 2**{KEY_BITS} are needed")
    return Rule(slots, np.array(rows, dtype=np.int64), tuple(pieces), bytes_max + STRIDE)


def _joined(slots: Sequence[Slot]) -> list[tuple[Slot, str, str]]:
    """(slot, text before, text after): literals become part of the options beside them, so fewer pieces are copied."""
    out: list[tuple[Slot, str, str]] = []
    pending = ""
    for slot in slots:
        if isinstance(slot, str):
            if out and isinstance(out[-1][0], Free | Habit):
                out[-1] = (out[-1][0], out[-1][1], out[-1][2] + slot)
            else:
                pending += slot
            continue
        if pending and isinstance(slot, Number):
            out.append((pending, "", ""))
            pending = ""
        out.append((slot, pending, ""))
        pending = ""
    return [*out, (pending, "", "")] if pending else out


@nb.njit(cache=True, nogil=True, inline="always")
def _mixed(z: np.uint64) -> np.uint64:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@nb.njit(cache=True, nogil=True, inline="always")
def _fraction(serial: np.uint64) -> np.uint64:
    """The key of a serial number as a 64-bit fraction: a bijection of 44-bit words, shifted to the top."""
    mask = np.uint64((1 << 44) - 1)
    z = (serial + np.uint64(0x5DEECE66D)) & mask
    z = (z ^ (z >> np.uint64(21))) * np.uint64(0xBF58476D1CE4E5B9) & mask
    z = (z ^ (z >> np.uint64(19))) * np.uint64(0x94D049BB133111EB) & mask
    return (z ^ (z >> np.uint64(22))) << np.uint64(20)


Book = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@lru_cache(maxsize=16)
def book(rules: tuple[Rule, ...]) -> Book:
    """Several rules as the kernel reads them.

    Returns the first slot of each rule and the end, int64[rules + 1]; all tables, int64[slots, 6]; (start, bytes)
    of every piece, int64[pieces, 2]; their bytes, each padded to a multiple of STRIDE so that it can be copied in
    steps of that length.
    """
    starts = np.cumsum([0, *(len(r.table) for r in rules)], dtype=np.int64)
    before = np.cumsum([0, *(len(r.pieces) for r in rules)], dtype=np.int64)
    tables = [r.table + np.array([0, 0, 0, 0, 0, b]) for r, b in zip(rules, before[:-1], strict=True)]
    pieces = [piece for r in rules for piece in r.pieces]
    padded = b"".join(piece.ljust(-(-len(piece) // STRIDE) * STRIDE, b"\0") for piece in pieces)
    sizes = np.array([len(piece) for piece in pieces], dtype=np.int64)
    room = -(-sizes // STRIDE) * STRIDE
    slots = np.concatenate(tables) if tables else np.zeros((0, 6), np.int64)
    return starts, slots, np.column_stack([np.cumsum(room) - room, sizes]), np.frombuffer(padded, np.uint8)


@nb.njit(cache=True, nogil=True, inline="always")
def copy_padded(out: np.ndarray, at: int, data: np.ndarray, start: int, size: int) -> int:
    """Copy data[start:start + size] to out[at:] in steps of STRIDE; returns at + size.

    Unsigned positions spare the test for negative ones, and a fixed inner length lets the copy be vectorised.
    """
    o, s = np.uint64(at), np.uint64(start)
    for block in range(0, size, STRIDE):
        b = np.uint64(block)
        for j in range(STRIDE):
            out[o + b + np.uint64(j)] = data[s + b + np.uint64(j)]
    return at + size


@nb.njit(cache=True, nogil=True)
def compose_into(
    out: np.ndarray, at: int, serial: np.uint64, owner: np.uint64, rule: int,
    starts: np.ndarray, slots: np.ndarray, pieces: np.ndarray, data: np.ndarray,
) -> int:  # fmt: skip
    """Write one text by the rule of that place at out[at:]; returns where it ends. The rest is a `Book`.

    Up to STRIDE bytes behind the end are written over.
    """
    low32, s32 = np.uint64(0xFFFFFFFF), np.uint64(32)
    key, word, words = _fraction(serial), np.uint64(0), np.uint64(0)
    for s in range(starts[rule], starts[rule + 1]):
        kind, source, radix = slots[s, 0], slots[s, 1], slots[s, 2]
        choices, salt, piece = slots[s, 3], slots[s, 4], slots[s, 5]
        if kind != LITERAL:
            span = np.uint64(choices if choices else radix)
            if source == FRESH:
                words += np.uint64(1)
                word = _mixed(serial * np.uint64(64) + words + np.uint64(GOLDEN))
            f = key if source == KEY else word
            digit = ((f >> s32) * span + (((f & low32) * span) >> s32)) >> s32
            if source == KEY:
                key = f * span
            else:
                word = f * span
            if choices:
                habit = owner * np.uint64(64) + digit + np.uint64(salt) * np.uint64(GOLDEN)
                digit = (_mixed(habit) >> np.uint64(8)) % np.uint64(radix)
            if kind == NUMBER:
                at = _decimal(out, at, np.int64(digit) + NUMBER_MIN)
                continue
            piece += np.int64(digit)
        at = copy_padded(out, at, data, pieces[piece, 0], pieces[piece, 1])
    return at


@nb.njit(cache=True, nogil=True)
def _decimal(out: np.ndarray, at: int, value: int | np.int64) -> int:
    size, rest = 1, value // 10
    while rest:
        size += 1
        rest //= 10
    for j in range(size):
        out[at + size - 1 - j] = 48 + value % 10
        value //= 10
    return at + size


@nb.njit(cache=True, nogil=True)
def _compose_all(
    out: np.ndarray, ends: np.ndarray, serials: np.ndarray, owners: np.ndarray, page: Book
) -> int:
    at = 0
    for i in range(serials.size):
        at = compose_into(out, at, serials[i], owners[i], 0, *page)
        ends[i + 1] = at
    return at


def compose(rule: Rule, serials: np.ndarray, owners: np.ndarray) -> pa.Array:
    """One text per serial number (uint64, below 2**KEY_BITS) and owner (uint64). Returns large_string, shape (n,)."""
    n = len(serials)
    out, ends = np.empty(n * rule.bytes_max, dtype=np.uint8), np.zeros(n + 1, dtype=np.int64)
    size = _compose_all(out, ends, serials.astype(np.uint64), owners.astype(np.uint64), book((rule,)))
    return pa.LargeStringArray.from_buffers(n, pa.py_buffer(ends), pa.py_buffer(out[:size].copy()))
