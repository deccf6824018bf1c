"""A seeded grammar of prompts: unique by composition, with a few lasting topics for each account."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.range.prompts import vocabulary as words

TOPICS_PER_ACCOUNT = 6


def pick(options: Sequence[str], index: np.ndarray) -> pa.Array:
    """options[index % len(options)] as a large_string array. Shape: like `index`, 1-d."""
    return pa.array(list(options), pa.large_string()).take(pa.array(index % len(options)))


def join(*parts: pa.Array | str, separator: str = "") -> pa.Array:
    """Row-wise concatenation of large_string arrays and constants."""
    columns = [pa.scalar(part, pa.large_string()) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*columns, pa.scalar(separator, pa.large_string()))


def mix(values: np.ndarray, salt: int) -> np.ndarray:
    """SplitMix64 finaliser (Steele, Lea, Flood 2014): a stable hash of integers, never Python's own."""
    with np.errstate(over="ignore"):
        z = values.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def _habit(
    owners: np.ndarray, rng: np.random.Generator, salt: int, choices: int = TOPICS_PER_ACCOUNT
) -> np.ndarray:
    """One of the few values an account keeps for `salt`, drawn again for each prompt."""
    slot = rng.integers(0, choices, len(owners))
    return (
        mix(owners.astype(np.uint64) * np.uint64(64) + slot.astype(np.uint64), salt) >> np.uint64(8)
    ).astype(np.int64)


def _free(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.integers(0, 1 << 30, count)


def _number(rng: np.random.Generator, count: int, high: int = 400) -> pa.Array:
    return pa.array(rng.integers(2, high, count)).cast(pa.large_string())


def organic(owners: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """What people type: their own topics, their own way of opening and closing."""
    n = len(owners)
    subject = pick(words.SUBJECTS, _habit(owners, rng, 1))
    lead = join(
        pick(words.OPENERS, _habit(owners, rng, 2, 3)),
        join(
            pick(words.VERBS, _free(rng, n)),
            "the",
            pick(words.ADJECTIVES, _free(rng, n)),
            subject,
            separator=" ",
        ),
        " ",
        pick(words.CONTEXTS, _free(rng, n)),
    )
    detail = join(
        pick((", ", ". ", " - ", "; ", " because "), _habit(owners, rng, 3, 2)),
        pick(words.PROBLEMS, _free(rng, n)),
        pick((" since ", " and ", ", ", " so ", " although "), _free(rng, n)),
        pick(words.NAMES, _free(rng, n)),
        pick((" wants ", " chose ", " prefers ", " sent ", " forgot "), _free(rng, n)),
        _number(rng, n),
        " ",
        pick(words.THINGS, _free(rng, n)),
    )
    ask = join(
        pick((". ", " ", "\n"), _habit(owners, rng, 4, 1)), pick(words.ASKS, _habit(owners, rng, 5, 4))
    )
    return join(lead, detail, ask)


def payload(owners: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """One item of a harvest work list: a small self-contained task, unrelated to the account that carries it."""
    n = len(owners)
    return join(
        join(
            pick(words.NAMES, _free(rng, n)), "in", pick(words.PLACES, _free(rng, n)), "moves", separator=" "
        ),
        join(
            " ",
            _number(rng, n),
            " ",
            pick(words.ADJECTIVES, _free(rng, n)),
            " ",
            pick(words.THINGS, _free(rng, n)),
        ),
        join(" ", pick(words.RATES, _free(rng, n)), ", ", pick(words.TWISTS, _free(rng, n)), "; "),
        join(
            pick(words.NAMES, _free(rng, n)),
            " keeps ",
            _number(rng, n),
            " ",
            pick(words.THINGS, _free(rng, n)),
        ),
        join(" ", pick(words.CONTEXTS, _free(rng, n)), ". ", pick(words.GOALS, _free(rng, n)), "?"),
    )


def topical(owners: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """Items of a work list cut by topic: each owner (a part of the list) keeps to a few things, places and goals."""
    n = len(owners)
    return join(
        join(pick(words.NAMES, _habit(owners, rng, 9)), " runs the ", pick(words.SUBJECTS, _habit(owners, rng, 10, 2))),
        join(" in ", pick(words.PLACES, _habit(owners, rng, 11)), " with ", _number(rng, n), " "),
        join(pick(words.ADJECTIVES, _free(rng, n)), " ", pick(words.THINGS, _habit(owners, rng, 12, 3)), " "),
        join(pick(words.RATES, _free(rng, n)), ", ", pick(words.TWISTS, _free(rng, n)), "; "),
        join(_number(rng, n), " ", pick(words.THINGS, _habit(owners, rng, 13, 3)), " ", pick(words.CONTEXTS, _free(rng, n))),
        join(". ", pick(words.GOALS, _habit(owners, rng, 14, 3)), "?"),
    )  # fmt: skip


def question(owners: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """A multiple-choice item of a public test."""
    n = len(owners)
    stem = join(
        join("Question: ", pick(words.PLACES, _free(rng, n)), " stores ", _number(rng, n), " "),
        join(pick(words.THINGS, _free(rng, n)), " ", pick(words.RATES, _free(rng, n)), " "),
        join(pick(words.TWISTS, _free(rng, n)), ". ", pick(words.GOALS, _free(rng, n)), "?\n"),
    )
    numbers = [_number(rng, n) for _ in range(4)]
    return join(
        stem, "A. ", numbers[0], "\nB. ", numbers[1], "\nC. ", numbers[2], "\nD. ", numbers[3], "\nAnswer:"
    )


def row(owners: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """One row of an enterprise's own table."""
    n = len(owners)
    return join(
        join("#", _number(rng, n, 10**6), " ", pick(words.NAMES, _free(rng, n)), " / "),
        join(pick(words.PLACES, _free(rng, n)), ": ", pick(words.ROWS, _free(rng, n)), ", "),
        join(
            _number(rng, n), " ", pick(words.THINGS, _free(rng, n)), ", ", pick(words.PROBLEMS, _free(rng, n))
        ),
    )


def code(owners: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """A request to a coding tool about the account's own repository."""
    n = len(owners)
    return join(
        join(
            pick(words.VERBS, _free(rng, n)),
            " the ",
            pick(words.CODE_NOUNS, _habit(owners, rng, 6)),
            " in src/",
        ),
        join(pick(words.THINGS, _habit(owners, rng, 7)), "_", _number(rng, n, 5000), ".py: it "),
        join(
            pick(words.CODE_ASKS, _free(rng, n)),
            " when ",
            pick(words.NAMES, _habit(owners, rng, 8)),
            " sends ",
        ),
        join(
            _number(rng, n), " ", pick(words.THINGS, _free(rng, n)), " ", pick(words.CONTEXTS, _free(rng, n))
        ),
    )


def answer(rng: np.random.Generator, count: int) -> pa.Array:
    """A short synthetic completion. Shape (count,)."""
    return join(
        join(pick(words.ANSWERS, _free(rng, count)), " the ", pick(words.SUBJECTS, _free(rng, count)), " "),
        join(pick(words.CONTEXTS, _free(rng, count)), ", then ", pick(words.VERBS, _free(rng, count)), " "),
        join(_number(rng, count), " ", pick(words.THINGS, _free(rng, count)), "; "),
        join(
            pick(words.NAMES, _free(rng, count)),
            " should know that ",
            pick(words.PROBLEMS, _free(rng, count)),
        ),
        join(" ", pick(words.RATES, _free(rng, count)), " near ", pick(words.PLACES, _free(rng, count)), "."),
    )


def variation(texts: pa.Array, rng: np.random.Generator) -> pa.Array:
    """The same person asking much the same again, in slightly other words."""
    n = len(texts)
    return join(
        pick(words.OPENERS, _free(rng, n)),
        texts,
        " ",
        pick(words.CONTEXTS, _free(rng, n)),
        ", ",
        pick(words.ASKS, _free(rng, n)),
    )


ROLES: dict[str, Callable[[np.ndarray, np.random.Generator], pa.Array]] = {
    "chat": organic,
    "batch": row,
    "application": organic,
    "evaluation": question,
    "coding": code,
    "payload": payload,
    "topical": topical,
}
"""What each population asks for: role -> composer of (owners shape (n,), generator) into n texts."""


class Grammar:
    """The built-in source of prompts; it never runs out."""

    def draw(self, role: str, owners: np.ndarray, rng: np.random.Generator) -> pa.Array:
        """Texts for one role. owners: account index per prompt, shape (n,). Returns large_string, shape (n,)."""
        texts = ROLES[role](owners, rng)
        return texts if role in ("batch", "payload", "topical") else _separate(texts, owners)


def _separate(texts: pa.Array, owners: np.ndarray) -> pa.Array:
    """Add a reference number to the rare text that two owners composed alike, so none is shared."""
    codes = texts.dictionary_encode().indices.to_numpy()
    first = np.full(int(codes.max(initial=-1)) + 1, -1, dtype=np.int64)
    first[codes[::-1]] = owners[::-1]
    clash = np.flatnonzero(first[codes] != owners)
    if not len(clash):
        return texts
    note = pa.array(np.char.add(" (case ", np.char.add(clash.astype(str), ")")), pa.large_string())
    mask = np.zeros(len(texts), dtype=bool)
    mask[clash] = True
    return pc.replace_with_mask(texts, mask, join(texts.take(pa.array(clash)), note))
