"""Samples: at most one output of every model for every prompt, with a count of what was left out and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field

import numpy as np
import polars as pl

COLUMNS = ("model", "prompt", "output")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that gave no output, by reason."""

    duplicates: int = 0
    conflicting: int = 0
    errors: int = 0
    empty: int = 0
    unreadable: int = 0

    def total(self) -> int:
        """All of them."""
        return self.duplicates + self.conflicting + self.errors + self.empty + self.unreadable


@dataclass(frozen=True, slots=True)
class Samples:
    """`table`: model, prompt, output (strings, none null), sorted by prompt, then model; one row per pair.

    `files`: (name, SHA-256) of what was read, for the chain of custody.
    """

    table: pl.DataFrame
    left_out: LeftOut = field(default_factory=LeftOut)
    files: tuple[tuple[str, str], ...] = ()

    @property
    def models(self) -> list[str]:
        """Names, sorted."""
        return sorted(self.table["model"].unique().to_list())

    @property
    def prompts(self) -> list[str]:
        """Prompts, sorted."""
        return sorted(self.table["prompt"].unique().to_list())

    def answered(self, model: str) -> set[str]:
        """Prompts for which there is an output of `model`."""
        return set(self.table.filter(pl.col("model") == model)["prompt"].to_list())

    def only(self, models: Collection[str], prompts: Collection[str]) -> Samples:
        """The same samples, restricted."""
        rows = self.table.filter(pl.col("model").is_in(list(models)) & pl.col("prompt").is_in(list(prompts)))
        return Samples(rows, self.left_out, self.files)

    def index(self) -> tuple[np.ndarray, np.ndarray]:
        """(model, prompt) of every row as positions in `models` and `prompts`, i64[n] each."""
        at = {name: i for i, name in enumerate(self.models)}
        where = {text: i for i, text in enumerate(self.prompts)}
        return (
            np.array([at[m] for m in self.table["model"]], np.int64),
            np.array([where[p] for p in self.table["prompt"]], np.int64),
        )


def samples_of(rows: Iterable[tuple[str, str, str]]) -> Samples:
    """Samples from (model, prompt, output) triples."""
    return cleaned(pl.DataFrame(list(rows), schema=dict.fromkeys(COLUMNS, pl.String), orient="row"))


def joined(first: Samples, second: Samples, *files: tuple[str, str]) -> Samples:
    """Both as one, with `files` added to the chain of custody; their models must differ."""
    a, b = asdict(first.left_out), asdict(second.left_out)
    left = LeftOut(**{reason: a[reason] + b[reason] for reason in a})
    table = pl.concat([first.table, second.table]).sort("prompt", "model")
    return Samples(table, left, (*first.files, *second.files, *files))


def cleaned(
    table: pl.DataFrame, *, errors: int = 0, unreadable: int = 0, files: tuple[tuple[str, str], ...] = ()
) -> Samples:
    """One output per (model, prompt): empty ones are left out, repeated ones counted once.

    Where a pair has outputs that differ, the first in byte order is kept whatever the order of the files, and
    the others count as conflicting: a second draw is not a second prompt.
    """
    n = table.height
    kept = table.filter(
        pl.col("model").is_not_null()
        & pl.col("prompt").is_not_null()
        & (pl.col("output").fill_null("").str.strip_chars() != "")
    )
    distinct = kept.unique()
    first = distinct.sort("prompt", "model", "output").unique(
        ["model", "prompt"], keep="first", maintain_order=True
    )
    left = LeftOut(
        duplicates=kept.height - distinct.height,
        conflicting=distinct.height - first.height,
        errors=errors,
        empty=n - kept.height,
        unreadable=unreadable,
    )
    return Samples(first, left, files)
