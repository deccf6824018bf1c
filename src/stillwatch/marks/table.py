"""The synonym table: pairs of phrases, where each may stand, and the proof that substitutions do not interfere.

What a slot reads must not depend on which member of which pair stands in the text, else a mark could not be read
back. So a table is refused when a member is contained in another, or an end of one is the beginning of another:
occurrences are then disjoint, and putting one member for the other neither makes nor breaks a third. Neighbours
that a group names are compared with both members of a neighbouring pair, for the same reason.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from itertools import product
from pathlib import Path
from typing import Any

from stillwatch.errors import ConfigError

FILE_BYTES_MAX = 1 << 20
KEYS = ("name", "pairs", "before", "not_before", "after", "not_after", "word_next", "comma", "opening")
_CONSONANT = ("uni", "use", "usu", "uti", "one", "once", "eu")
_SILENT = ("hour", "honest", "heir", "honor", "honour")


@dataclass(frozen=True, slots=True)
class Pair:
    """name: both members in order of the alphabet, which stands for the pair in contexts; words: of each member.

    before, not_before, after, not_after: neighbouring words asked for (empty: any) or refused; articles: whether
    both members take the same indefinite article; borders: first words, last words of both members.
    """

    name: str
    words: tuple[tuple[str, ...], tuple[str, ...]]
    before: frozenset[str]
    not_before: frozenset[str]
    after: frozenset[str]
    not_after: frozenset[str]
    word_next: bool
    comma: bool
    opening: bool
    articles: bool
    borders: tuple[frozenset[str], frozenset[str]]


class SynonymTable:
    """Pairs in the order of their file; `first` gives the members that begin with a word, longest first."""

    def __init__(self, pairs: tuple[Pair, ...], where: str = "") -> None:
        self.pairs = pairs
        self.first: dict[str, list[tuple[tuple[str, ...], int, int]]] = {}
        for index, pair in enumerate(pairs):
            for member, words in enumerate(pair.words):
                self.first.setdefault(words[0], []).append((words, index, member))
        for members in self.first.values():
            members.sort(key=lambda m: -len(m[0]))
        _check(pairs, where)

    def __len__(self) -> int:
        return len(self.pairs)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the pairs with their conditions, whatever the layout of their file."""
        told = [
            [
                p.name,
                *map(sorted, (p.before, p.not_before, p.after, p.not_after)),
                p.word_next,
                p.comma,
                p.opening,
            ]
            for p in sorted(self.pairs, key=lambda p: p.name)
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @classmethod
    def load(cls, path: Path) -> SynonymTable:
        """Read a table. Raises ConfigError naming the file and the group or the pair."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ConfigError(
                f"cannot read ({error.strerror})", where=str(path), hint="check the path"
            ) from error
        if len(data) > FILE_BYTES_MAX:
            raise ConfigError("larger than 1 MiB", where=str(path), hint="this is no synonym table")
        return _parsed(data, str(path))


@cache
def built_in() -> SynonymTable:
    """The table of the package."""
    file = resources.files("stillwatch.marks") / "data" / "english.toml"
    return _parsed(file.read_bytes(), "english.toml")


def _parsed(data: bytes, where: str) -> SynonymTable:
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except ValueError as error:
        raise ConfigError(f"not valid TOML: {error}", where=where, hint="see https://toml.io") from error
    unknown = set(content) - {"lists", "group"}
    if unknown:
        raise ConfigError(
            f"unknown key '{min(unknown)}'", where=where, hint="a table has [lists] and [[group]]"
        )
    lists = content.get("lists", {})
    pairs: list[Pair] = []
    for number, group in enumerate(content.get("group", []), 1):
        pairs.extend(_group(group, lists, f"{where}: group {number}"))
    if not pairs:
        raise ConfigError("no pair", where=where, hint='add [[group]] with pairs = [["often", "frequently"]]')
    return SynonymTable(tuple(pairs), where)


def _group(group: dict[str, Any], lists: dict[str, Any], where: str) -> list[Pair]:
    unknown = set(group) - set(KEYS)
    if unknown:
        raise ConfigError(f"unknown key '{min(unknown)}'", where=where, hint=f"known: {', '.join(KEYS)}")
    before, not_before, after, not_after = (
        _words(group.get(k, []), lists, f"{where}: {k}") for k in KEYS[2:6]
    )
    word_next, comma, opening = flags = [group.get(k, False) for k in KEYS[6:]]
    if not all(isinstance(flag, bool) for flag in flags):
        raise ConfigError("word_next, comma and opening are true or false", where=where)
    out = []
    for pair in group.get("pairs", []):
        if not isinstance(pair, list) or len(pair) != 2 or not all(_is_phrase(m) for m in pair):
            hint = "a pair is two phrases of lower-case words"
            raise ConfigError(f"no pair: {pair}", where=where, hint=hint)
        low, high = sorted(pair)
        words = tuple(low.split()), tuple(high.split())
        same = vowel_sound(low) == vowel_sound(high)
        ends = frozenset(w[0] for w in words), frozenset(w[-1] for w in words)
        out.append(
            Pair(
                f"{low}|{high}", words, before, not_before, after, not_after, word_next, comma, opening, same, ends
            )
        )  # fmt: skip
    return out


def _words(value: Any, lists: dict[str, Any], where: str) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise ConfigError("not a list of words", where=where, hint='write ["of", "the"]')
    out: set[str] = set()
    for word in value:
        named = lists.get(word[1:]) if word.startswith("@") else [word]
        if not isinstance(named, list):
            raise ConfigError(
                f"unknown list '{word}'", where=where, hint=f"known: {', '.join(sorted(lists))}"
            )
        out.update(named)
    return frozenset(out)


def _is_phrase(value: Any) -> bool:
    return (
        isinstance(value, str)
        and bool(value.split())
        and value == " ".join(value.split())
        and value == value.lower()
        and all(c.isalpha() or c in " '-" for c in value)
    )


def vowel_sound(phrase: str) -> bool:
    """Whether "an" stands before it, by spelling."""
    if phrase.startswith(_SILENT):
        return True
    return phrase[0] in "aeiou" and not phrase.startswith(_CONSONANT)


def _check(pairs: tuple[Pair, ...], where: str) -> None:
    members = [words for pair in pairs for words in pair.words]
    sharing: dict[str, list[int]] = {}
    for i, words in enumerate(members):
        for word in set(words):
            sharing.setdefault(word, []).append(i)
    for i, j in sorted({ij for held in sharing.values() for ij in product(held, held)}):
        one, other = members[i], members[j]
        if (i != j and _inside(one, other)) or _ends_begin(one, other):
            said = f"'{' '.join(one)}' and '{' '.join(other)}' overlap"
            raise ConfigError(
                said, where=where, hint="a word may not begin, end or lie in the phrase of another pair"
            )


def _inside(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return any(other[i : i + len(one)] == one for i in range(len(other) - len(one) + 1))


def _ends_begin(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a part of `one` at its end begins `other`."""
    return any(one[-k:] == other[:k] for k in range(1, min(len(one), len(other))))
