"""A paraphrase machine: a recursive grammar of requests that words each one differently and moves its parts about.

Rules map a symbol to alternatives; `{name}` in an alternative is expanded in turn, and one marker stands for the
item. Clauses may join clauses, an aside may sit before, between or after them, and the item may come first, last
or in the middle. Entries are rarely longer than three words, so that a run of six words crosses at least two choices:
two requests share one by chance only.

What it cannot do: a language model's paraphrase keeps the meaning and changes register and length too; this one
keeps to one register, English, and to the words listed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.errors import UsageError
from stillwatch.range.prompts import vocabulary as words
from stillwatch.range.prompts.acts.act import Act, listed
from stillwatch.range.prompts.grammar import join, pick

ITEM = "\x1f"
DEPTH_MAX = 9
"""From here on a symbol takes its first alternative, which never recurses."""
REDRAWS_MAX = 40
_SYMBOL = re.compile(r"\{(\w+)\}")

Rules = Mapping[str, tuple[str, ...]]

RULES: Rules = {
    "request": (
        "{open}{clause}{colon}{item}{stop}{aside}",
        "{open}{aside} {item}{gap}{clause}{stop}",
        "{item}{gap}{open}{clause}{stop}",
        "{open}{clause}{stop}{aside}{colon}{item}",
        "{aside} {clause}{colon}{item}{gap}{close}",
        "{open}{how}{comma}{do} {it}{colon}{item}{gap}{deliver} {where}{stop}",
        "{item}{gap}{aside} {how}{comma}{do} {it}{link}{deliver}{stop}",
        "{close} {open}{do} {it} {how}{colon}{item}",
    ),
    "clause": (
        "{do} {it} {how}{link}{deliver} {where}",
        "{how}{comma}{do} {it}{link}{deliver}",
        "{deliver} {where} {once} {do} {it}",
        "{do} {it}{link}{clause}",
        "{how} {why}{comma}{clause}",
        "{clause}{comma}{why}",
        "{where}{comma}{deliver}{link}{do} {it} {how}",
    ),
    "close": ("{deliver} {where}{stop}", "{where}{comma}{deliver}{stop}", "{how}{stop} {deliver}{stop}"),
    "open": ("{greet}", "{greet} {name} here{comma}", "{number} of {number}{comma}", "{greet} {number}: "),
    "aside": (
        "{name} {felt} {problem}.",
        "{why}{comma}{problem}.",
        "{problem}{comma}{name} {felt} {why}.",
        "{felt} {name}{comma}{aside}",
        "{ask}",
    ),
    "link": (", and ", "; ", ", then ", " and ", ". after that ", ", so ", " - ", " before you ", " while you ", "\n"),
    "comma": (", ", " - ", "; ", " (ok) ", ": ", ", well, ", " … "),
    "colon": (": ", ":\n", " - ", ".\n", "\n\n", " -> ", ":\n\n", " = "),
    "gap": ("\n", "\n\n", " / ", " ... ", "\n--\n", ". ", " | "),
    "stop": (".", "", "!", " please.", ", thanks.", "?", " ok?"),
    "once": listed("once you|after you|when you|as soon as you|the moment you|provided you|if you|where you"),
    "felt": listed("thinks|says|wrote|insists|worries|claims|told me|repeats|joked|noticed|is sure|heard"),
    "greet": tuple(f"{word} " if word else "" for word in words.OPENERS),
    "number": tuple(str(number) for number in range(2, 400)),
    "name": words.NAMES,
    "why": words.CONTEXTS,
    "problem": words.PROBLEMS,
    "ask": tuple(word for word in words.ASKS if word),
    "item": (ITEM,),
}  # fmt: skip


def paraphrases(act: Act, rng: np.random.Generator, count: int) -> tuple[pa.Array, pa.Array]:
    """What stands before and after each of `count` items, all pairs different; large_string, shape (count,).

    Raises UsageError when the words of the act do not allow so many.
    """
    rules = {**RULES, **act.paraphrase}
    texts = expand(rules, "request", rng, count)
    for _ in range(REDRAWS_MAX):
        again = _repeated(texts)
        if not again.any():
            halves = pc.split_pattern(texts, ITEM)
            return pc.list_element(halves, 0), pc.list_element(halves, 1)
        fresh = expand(rules, "request", rng, int(again.sum()))
        texts = pc.replace_with_mask(texts, again, fresh)
    raise UsageError(
        f"cannot word '{act.id}' in {count} different ways",
        where="L3-paraphrase",
        hint="plan fewer requests, or use L2-grammar",
    )


def expand(rules: Rules, symbol: str, rng: np.random.Generator, count: int, depth: int = 0) -> pa.Array:
    """`count` independent expansions of a symbol, large_string, shape (count,)."""
    options = rules[symbol]
    if not any("{" in option for option in options):
        return pick(options, rng.integers(0, len(options), count))
    choice = rng.integers(0, len(options) if depth < DEPTH_MAX else 1, count)
    parts, places = [], []
    for number, option in enumerate(options):
        rows = np.flatnonzero(choice == number)
        if rows.size:
            parts.append(_filled(rules, option, rng, rows.size, depth + 1))
            places.append(rows)
    if not parts:
        return pa.array([], pa.large_string())
    back = np.argsort(np.concatenate(places), kind="stable")
    return pa.concat_arrays(parts).take(pa.array(back))


def _filled(rules: Rules, option: str, rng: np.random.Generator, count: int, depth: int) -> pa.Array:
    pieces: list[pa.Array | str] = []
    for place, piece in enumerate(_SYMBOL.split(option)):
        if place % 2:
            pieces.append(expand(rules, piece, rng, count, depth))
        elif piece:
            pieces.append(piece)
    return join(*pieces)


def _repeated(texts: pa.Array) -> np.ndarray:
    """Which texts an earlier one equals. bool, shape (n,)."""
    codes = texts.dictionary_encode().indices.to_numpy()
    out = np.ones(len(codes), dtype=bool)
    out[np.unique(codes, return_index=True)[1]] = False
    return out
