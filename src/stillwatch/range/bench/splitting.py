"""Real prompts in two parts with no corpus in common: one is scored, from the other supervised methods learn."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from stillwatch.errors import UnreadableInputError

TUNING_SHARE = 0.1
"""Of the prompts of a kind, at least; what is scored needs long work lists."""


def split(prompts: Path | None, place: Path) -> tuple[Path | None, Path | None]:
    """(scored, tuning) prompt files with no corpus in common, kept in the folder `place`; None for no prompts. Raises
    UnreadableInputError when the corpora are not named.
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
    tuning = _tuning(table)
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


def _tuning(table: pl.DataFrame) -> set[str]:
    """The corpora to learn from: of each kind the smallest, until they hold TUNING_SHARE of its prompts. No kind is left
    without a corpus to be scored, so a kind with a single one is scored only."""
    counted = table.group_by("kind", "corpus").len().sort("kind", "len", "corpus")
    kinds = {str(kind): part for (kind,), part in counted.group_by(["kind"], maintain_order=True)}
    held = {kind: set(part["corpus"].to_list()) for kind, part in kinds.items()}
    tuning: set[str] = set()
    for part in kinds.values():
        sizes = dict(part.select("corpus", "len").iter_rows())
        wanted = TUNING_SHARE * sum(sizes.values())
        got = sum(size for name, size in sizes.items() if name in tuning)
        for name, size in sizes.items():
            last = any(name in names and names <= tuning | {name} for names in held.values())
            if got < wanted and name not in tuning and not last:
                tuning.add(name)
                got += size
    return tuning
