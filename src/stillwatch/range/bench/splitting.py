"""Real prompts in two parts with no corpus in common: one is scored, from the other supervised methods learn."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from stillwatch.errors import UnreadableInputError

TUNING_SHARE = 0.1
"""Of the prompts of a kind; what is scored needs long work lists, and no prompt serves two accounts."""


def split(prompts: Path | None, place: Path) -> tuple[Path | None, Path | None]:
    """(scored, tuning) prompt files with no corpus in common. For tuning, of each kind: the smallest corpora, until they
    hold TUNING_SHARE of its prompts; one is always left to be scored.

    A kind with a single corpus is scored only. Raises UnreadableInputError when the corpora are not named.
    """
    if prompts is None:
        return None, None
    table = pl.read_parquet(prompts)
    if "corpus" not in table.columns or table["corpus"].null_count():
        raise UnreadableInputError(
            "names no corpus, so it cannot be split by corpus",
            where=str(prompts),
            hint="add a column corpus, filled in every row",
        )
    tuning: set[str] = set()
    for (_,), part in table.group_by("kind", "corpus").len().group_by(["kind"], maintain_order=False):
        sizes = dict(part.select("corpus", "len").iter_rows())
        held = 0
        for name in sorted(sizes, key=lambda n: (sizes[n], n))[:-1]:
            if held >= TUNING_SHARE * sum(sizes.values()):
                break
            tuning.add(name)
            held += sizes[name]
    out = []
    place.mkdir(parents=True, exist_ok=True)
    for name, side in (
        ("scored", ~pl.col("corpus").is_in(tuning)),
        ("tuning", pl.col("corpus").is_in(tuning)),
    ):
        path = place / f"prompts-{name}.parquet"
        if not path.exists():
            table.filter(side).write_parquet(path)
        out.append(path)
    return out[0], out[1]
