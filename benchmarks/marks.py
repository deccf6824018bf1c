"""Lexical marks on real outputs: how many rows show them, who is traced, what edits cost, and that the nulls are exact.

    python -m benchmarks.marks OUTPUTS.parquet

A dataset is ROWS outputs drawn from every second model and none that is served, of which SHARE are replaced by outputs of
the served model, marked for an account with the default bound. Keys, rows and accounts are drawn anew by SEEDS; the
table and the settings were looked at with seeds 5 and 11 only, on the same file.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.worlds import keep
from stillwatch.marks import MarkKey, built_in, plant
from stillwatch.marks.detecting import accounts, house, sums
from stillwatch.marks.keys import MarkKey as Key
from stillwatch.marks.planting import BOUND_DEFAULT, BOUND_MAX
from stillwatch.marks.slots import read
from stillwatch.marks.votes import Votes, voted
from stillwatch.stats.signs import critical, log_tail

ROWS, SHARE, ACCOUNTS, FAMILY = 10_000, 0.05, 1_000_000, 1e-3
SEEDS, FEW = range(101, 111), range(201, 204)
SERVED = ("gpt4_1106_preview", "claude-2.1_verbose", "llama-2-70b-chat-hf", "Mistral-7B-Instruct-v0.2")
ALPHAS = (0.5, 0.1, 0.05, 0.01, 0.001)
TABLE = built_in()
Edit = Callable[[str, np.random.Generator], str]


@dataclass(frozen=True)
class Places:
    """Slots of one text: names u64[k], kinds i64[k], words."""

    names: np.ndarray
    kinds: np.ndarray
    words: int


def places(text: str) -> Places:
    """Read one text."""
    slots, words = read(text, TABLE)
    return Places(
        np.array([s.name for s in slots], np.uint64),
        np.array([s.pair * 2 + s.member for s in slots], np.int64),
        words,
    )


def votes(rows: list[Places]) -> Votes:
    """The votes of a dataset of texts read before."""
    names = np.concatenate([r.names for r in rows])
    return voted(
        names, np.concatenate([r.kinds for r in rows]), len(TABLE), len(rows), sum(r.words for r in rows)
    )


@dataclass(frozen=True)
class Case:
    """One draw: the key, innocent rows, and the texts of the served model in random order."""

    key: Key
    rng: np.random.Generator
    rows: list[Places]
    served: list[str]


class Outputs:
    """All outputs, each read once."""

    def __init__(self, path: Path) -> None:
        table = pl.read_parquet(path).with_columns(pl.col("model", "output").cast(pl.String))
        models = sorted(set(table["model"].unique()) - set(SERVED))
        table = table.filter(pl.col("model").is_in([*SERVED, *models[::2]]))
        self.model = np.array(table["model"].to_list())
        self.text = table["output"].to_list()
        start = time.process_time()
        self.read = [places(t) for t in self.text]
        self.rows_a_second = round(len(self.text) / (time.process_time() - start))

    def case(self, seed: int) -> Case:
        """The draw of a seed."""
        rng = np.random.default_rng(seed)
        served = SERVED[seed % len(SERVED)]
        innocent = rng.choice(np.flatnonzero(~np.isin(self.model, SERVED)), ROWS, replace=False)
        mine = rng.permutation(np.flatnonzero(self.model == served))
        return Case(
            MarkKey(rng.bytes(32)), rng, [self.read[i] for i in innocent], [self.text[i] for i in mine]
        )


def dataset(case: Case, share: float, holders: int = 1, edit: Edit = lambda t, _: t) -> Votes:
    """`share` of the rows marked for accounts a0 to a(holders - 1) in turn, then edited."""
    n = round(share * ROWS)
    marked = [plant(t, f"a{i % holders}", case.key, TABLE).text for i, t in enumerate(case.served[:n])]
    return votes([*(places(edit(t, case.rng)) for t in marked), *case.rows[len(marked) :]])


def traced(found: Votes, key: Key, names: list[str]) -> tuple[int, float]:
    """(how many of `names` are traced at FAMILY among ACCOUNTS, p of the first among ACCOUNTS)."""
    tested = accounts(found, key, names, decoys=0)
    least = critical(np.abs(tested.sums), FAMILY / ACCOUNTS)
    first = min(0.0, tested.log_p(int(tested.scores[0])) + np.log(ACCOUNTS))
    return int((tested.scores >= least).sum()), float(np.exp(first))


def by_share(outputs: Outputs) -> list[dict[str, Any]]:
    """The house's p and the account's at several shares."""
    out = []
    cases = [outputs.case(seed) for seed in SEEDS]
    for share in (0.005, 0.01, SHARE):
        logs, hits = [], 0
        for case in cases:
            found = dataset(case, share)
            logs.append(house(found, case.key, decoys=0).log_p / np.log(10))
            hits += traced(found, case.key, ["a0"])[0]
        out.append(
            {
                "share": share, "rows marked": round(share * ROWS), "draws": len(logs),
                "median log10 p": round(float(np.median(logs)), 1), "worst log10 p": round(max(logs), 1),
                "p at most 1e-4": sum(bool(x <= -4) for x in logs), "account traced": hits,
            }
        )  # fmt: skip
    return out


def by_holders(outputs: Outputs) -> list[dict[str, Any]]:
    """SHARE of the rows, held by more and more accounts."""
    out = []
    cases = [outputs.case(seed) for seed in FEW]
    for holders in (1, 5, 20, 100, 500):
        logs, hits = [], []
        for case in cases:
            found = dataset(case, SHARE, holders)
            logs.append(house(found, case.key, decoys=0).log_p / np.log(10))
            hits.append(traced(found, case.key, [f"a{i}" for i in range(holders)])[0])
        out.append(
            {"accounts": holders, "median log10 p of the house": round(float(np.median(logs)), 1),
             "mean accounts traced": float(np.mean(hits))}
        )  # fmt: skip
    return out


def dropped(rate: float) -> Edit:
    """Drop words at random."""
    return lambda t, rng: " ".join(w for w in t.split(" ") if rng.random() >= rate)


def rewritten(rate: float) -> Edit:
    """Toss a share of all slots again, with our own table: what an adversary does who has it."""

    def edit(text: str, rng: np.random.Generator) -> str:
        parts, at = [], 0
        for s in read(text, TABLE)[0]:
            if rng.random() < rate:
                now = " ".join(TABLE.pairs[s.pair].words[int(rng.integers(2))])
                parts += [text[at : s.start], now.capitalize() if text[s.start].isupper() else now]
                at = s.end
        return "".join([*parts, text[at:]])

    return edit


def shuffled(text: str, rng: np.random.Generator) -> str:
    """Sentences in another order."""
    parts = re.split(r"(?<=[.!?])\s+|\n+", text)
    return " ".join(parts[i] for i in rng.permutation(len(parts)))


EDITS: dict[str, Edit] = {
    "as served": lambda t, _: t,
    "second half cut off": lambda t, _: t[: len(t) // 2],
    "a tenth of the words dropped": dropped(0.1),
    "three tenths of the words dropped": dropped(0.3),
    "sentences in another order": shuffled,
    "case and markup changed": lambda t, _: re.sub(r"[*#`_>-]", "", t).upper(),
    "a quarter of the slots tossed again": rewritten(0.25),
    "half of the slots tossed again": rewritten(0.5),
    "nine tenths of the slots tossed again": rewritten(0.9),
}


def by_edit(outputs: Outputs) -> list[dict[str, Any]]:
    """SHARE of the rows, edited."""
    out = []
    cases = [outputs.case(seed) for seed in FEW]
    for name, edit in EDITS.items():
        logs, hits = [], 0
        for case in cases:
            found = dataset(case, SHARE, edit=edit)
            logs.append(house(found, case.key, decoys=0).log_p / np.log(10))
            hits += traced(found, case.key, ["a0"])[0]
        out.append(
            {"edit": name, "median log10 p": round(float(np.median(logs)), 1), f"traced of {len(FEW)}": hits}
        )
    return out


def to_trace(outputs: Outputs) -> list[dict[str, Any]]:
    """Datasets of nothing but one account's rows: how few trace it among ACCOUNTS."""
    out = []
    cases = [outputs.case(seed) for seed in SEEDS]
    for rows in (5, 10, 20, 30, 40, 80):
        hits, slots, words = 0, [], []
        for case in cases:
            texts = [plant(t, "a0", case.key, TABLE).text for t in case.served[:rows]]
            found = votes([places(t) for t in texts])
            slots.append(found.slots)
            words.append(found.words)
            hits += traced(found, case.key, ["a0"])[0]
        out.append(
            {"rows": rows, "median distinct slots": int(np.median(slots)), "median words": int(np.median(words)),
             f"traced of {len(cases)}": hits}
        )  # fmt: skip
    return out


def nulls(outputs: Outputs, draws: int) -> dict[str, Any]:
    """Innocent rows under `draws` keys; the whole test on 200 of them, coins alone on all; and ACCOUNTS innocents."""
    case = outputs.case(301)
    few, all_ = votes(case.rows[:200]), votes(case.rows)
    p = np.exp([house(few, MarkKey(case.rng.bytes(32)), decoys=0).log_p for _ in range(draws)])
    told = house(all_, case.key, decoys=draws)
    guilty = dataset(case, SHARE)
    tested = accounts(guilty, case.key, [f"nobody {i}" for i in range(ACCOUNTS)], decoys=0)
    weights = np.abs(tested.sums)
    return {
        "draws": draws,
        "whole test, 200 rows": {f"p at most {a:g}": round(float((p <= a).mean()), 5) for a in ALPHAS},
        "coins, 10000 rows": {
            f"p at most {a:g}": round(float((told.decoys >= critical(told.weights, a)).mean()), 5) for a in ALPHAS
        },
        "innocent accounts where one is guilty": {
            "accounts": ACCOUNTS,
            **{
                f"p at most {a:g}": float((tested.scores >= critical(weights, a)).mean()) for a in (*ALPHAS, 1e-4, 1e-5)
            },
            "least p of all, times their number": round(
                float(np.exp(log_tail(weights, int(tested.scores.max()))) * ACCOUNTS), 4
            ),
        },
    }  # fmt: skip


def cost(outputs: Outputs) -> dict[str, Any]:
    """What is changed, and what planting, reading and scoring take in CPU time."""
    case, out = outputs.case(401), {}
    texts = [outputs.text[i] for i in case.rng.choice(len(outputs.text), 2000, replace=False)]
    words = sum(places(t).words for t in texts)
    for bound in (BOUND_DEFAULT, BOUND_MAX):
        start = time.process_time()
        done = [plant(t, "a0", case.key, TABLE, bound=bound) for t in texts]
        spent = time.process_time() - start
        made = [len(d.substitutions) for d in done]
        rates = [100 * m / d.words for m, d in zip(made, done, strict=True) if d.words >= 50]
        out[f"bound {bound:g}"] = {
            "substitutions per 100 words": round(100 * sum(made) / words, 2),
            "most in a text of 50 words or more": round(max(rates), 2),
            "texts changed": round(float(np.mean([m > 0 for m in made])), 3),
            "CPU us a text": round(1e6 * spent / len(texts)),
        }
    found = votes(case.rows)
    total = sums(found, case.key)[1]
    names = [f"a{i}" for i in range(ACCOUNTS)]
    start = time.process_time()
    accounts(found, case.key, names, decoys=0)
    return {
        "pairs": len(TABLE),
        "words a text": round(words / len(texts)),
        "slots per 100 words": round(100 * sum(len(read(t, TABLE)[0]) for t in texts) / words, 2),
        **out,
        "rows read a CPU second": outputs.rows_a_second,
        "CPU s to score a million accounts": round(time.process_time() - start, 2),
        "places of the code in use": int((total != 0).sum()),
    }


def main(path: Path, draws: int = 10_000) -> None:
    """Measure everything and keep it."""
    outputs = Outputs(path)
    body: dict[str, Any] = {"rows": ROWS, "bound": BOUND_DEFAULT, "accounts": ACCOUNTS, "family-wise": FAMILY}
    for name, measure in (
        ("share marked", by_share), ("null", lambda o: nulls(o, draws)), ("one account alone", to_trace),
        ("edits at 5 %", by_edit), ("accounts that share 5 %", by_holders), ("cost", cost),
    ):  # fmt: skip
        body[name] = measure(outputs)
        print(json.dumps({name: body[name]}, indent=1), flush=True)
    keep("marks", "python -m benchmarks.marks OUTPUTS.parquet", body)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
