"""The built-in grammar of prompts: unique by composition, with a few lasting topics for each account."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.range.prompts import vocabulary as words
from stillwatch.range.prompts.rules import KEY_BITS, Free, Habit, Number, Rule, compose, rule


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


def _free(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.integers(0, 1 << 30, count)


ORGANIC = rule(
    *(Habit(words.OPENERS, 2, 3), Free(words.VERBS), " the ", Free(words.ADJECTIVES), " "),
    *(
        Habit(words.SUBJECTS, 1),
        " ",
        Free(words.CONTEXTS),
        Habit((", ", ". ", " - ", "; ", " because "), 3, 2),
    ),
    *(Free(words.PROBLEMS), Free((" since ", " and ", ", ", " so ", " although ")), Free(words.NAMES)),
    *(Free((" wants ", " chose ", " prefers ", " sent ", " forgot ")), Number(), " ", Free(words.THINGS)),
    *(Habit((". ", " ", "\n"), 4, 1), Habit(words.ASKS, 5, 4)),
)
"""What people type: their own topics, their own way of opening and closing."""

PAYLOAD = rule(
    *(Free(words.NAMES), " in ", Free(words.PLACES), " moves ", Number(), " ", Free(words.ADJECTIVES), " "),
    *(
        Free(words.THINGS),
        " ",
        Free(words.RATES),
        ", ",
        Free(words.TWISTS),
        "; ",
        Free(words.NAMES),
        " keeps ",
    ),
    *(Number(), " ", Free(words.THINGS), " ", Free(words.CONTEXTS), ". ", Free(words.GOALS), "?"),
)
"""One item of a harvest work list: a small self-contained task, unrelated to the account that carries it."""

TOPICAL = rule(
    *(Free(words.NAMES), " runs the ", Habit(words.SUBJECTS, 10, 2), " in ", Habit(words.PLACES, 11)),
    *(" with ", Number(4000), " ", Free(words.ADJECTIVES), " ", Habit(words.THINGS, 12, 3), " "),
    *(Free(words.RATES), ", ", Free(words.TWISTS), "; ", Number(), " ", Habit(words.THINGS, 13, 3), " "),
    *(Free(words.CONTEXTS), ". ", Habit(words.GOALS, 14, 3), "?"),
)
"""An item of a work list cut by topic: each owner (a part of the list) keeps to a few things, places and goals."""

QUESTION = rule(
    *(
        "Question: ",
        Free(words.PLACES),
        " stores ",
        Number(),
        " ",
        Free(words.THINGS),
        " ",
        Free(words.RATES),
    ),
    *(" ", Free(words.TWISTS), ". ", Free(words.GOALS), "?\nA. ", Number(), "\nB. ", Number(), "\nC. "),
    *(Number(), "\nD. ", Number(), "\nAnswer:"),
)
"""A multiple-choice item of a public test."""

ROW = rule(
    *("#", Number(10**6), " ", Free(words.NAMES), " / ", Free(words.PLACES), ": ", Free(words.ROWS), ", "),
    *(Number(), " ", Free(words.THINGS), ", ", Free(words.PROBLEMS)),
)
"""One row of an enterprise's own table."""

CODE = rule(
    *(Free(words.VERBS), " the ", Habit(words.CODE_NOUNS, 6), " in src/", Habit(words.THINGS, 7), "_"),
    *(
        Number(20_000),
        ".py: it ",
        Free(words.CODE_ASKS),
        " when ",
        Habit(words.NAMES, 8),
        " sends ",
        Number(),
    ),
    *(" ", Free(words.THINGS), " ", Free(words.CONTEXTS)),
)
"""A request to a coding tool about the account's own repository."""

ANSWER = rule(
    *(Free(words.ANSWERS), " the ", Free(words.SUBJECTS), " ", Free(words.CONTEXTS), ", then "),
    *(
        Free(words.VERBS),
        " ",
        Number(),
        " ",
        Free(words.THINGS),
        "; ",
        Free(words.NAMES),
        " should know that ",
    ),
    *(Free(words.PROBLEMS), " ", Free(words.RATES), " near ", Free(words.PLACES), "."),
)
"""A short synthetic completion."""


def answer(rng: np.random.Generator, count: int) -> pa.Array:
    """Ready completions, for texts that quote one. Shape (count,)."""
    serials = rng.integers(0, 1 << KEY_BITS, count).astype(np.uint64)
    return compose(ANSWER, serials, np.zeros(count, dtype=np.uint64))


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


Composer = Callable[[np.ndarray, np.random.Generator], pa.Array]

ROLES: dict[str, Rule | Composer] = {
    "chat": ORGANIC,
    "batch": ROW,
    "application": ORGANIC,
    "evaluation": QUESTION,
    "coding": CODE,
    "payload": PAYLOAD,
    "topical": TOPICAL,
    "answer": ANSWER,
}
"""What each population asks for: role -> a rule, or a composer of (owners shape (n,), generator) into n texts."""


class Grammar:
    """The built-in source of prompts; it never runs out."""

    def rule(self, role: str) -> Rule | None:
        """The rule that composes a role from serial numbers; None when `draw` must be asked."""
        made = ROLES[role]
        return made if isinstance(made, Rule) else None

    def draw(self, role: str, owners: np.ndarray, rng: np.random.Generator) -> pa.Array:
        """Texts of a role that has no rule. owners: account index per prompt, shape (n,). large_string, (n,)."""
        made = ROLES[role]
        if isinstance(made, Rule):
            serials = rng.integers(0, 1 << KEY_BITS, len(owners)).astype(np.uint64)
            return compose(made, serials, owners)
        return _separate(made(owners, rng), owners)

    def share(self, index: int, count: int) -> Grammar:
        """The part of this source that shard `index` of `count` may use: all of it, serials differ by shard."""
        return self


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
