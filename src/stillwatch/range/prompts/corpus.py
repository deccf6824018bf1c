"""A file of real prompts (Parquet columns `kind`, `prompt`), dealt so that no prompt serves two people, nor people and lists."""

from __future__ import annotations

from copy import copy
from hashlib import blake2b
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.errors import TooFewPromptsError, UnreadableInputError
from stillwatch.range.prompts.grammar import variation
from stillwatch.range.prompts.rules import Rule

KINDS: dict[str, tuple[str, ...]] = {
    "chat": ("chat", "utterance", "synthetic_instruction"),
    "batch": ("utterance",),
    "application": ("application",),
    "evaluation": ("evaluation",),
    "coding": ("tool",),
    "payload": ("rubric", "synthetic_instruction"),
    "topical": ("rubric", "synthetic_instruction"),
}
"""Which kinds of prompt serve which role."""
POOLS = {"topical": "payload"}
"""Roles that draw from the pool of another."""
REUSED = 10
"""A work list may ask each prompt so many times in other words, as those do who want several answers to it."""


def _bucket(prompt: str) -> int:
    """A stable number in [0, 16) for one prompt."""
    return blake2b(prompt.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0] & 15


def _role_of(kind: str, bucket: int) -> str | None:
    """The one role a prompt serves, so attackers and honest accounts never share a prompt."""
    if kind in ("rubric", "synthetic_instruction"):
        honest = kind == "synthetic_instruction" and bucket >= 8
        return "chat" if honest else "payload"
    if kind == "utterance":
        return "batch" if bucket < 4 else "chat"
    return {"chat": "chat", "application": "application", "evaluation": "evaluation", "tool": "coding"}.get(
        kind
    )


class Corpus:
    """Prompts of a file, sampled without replacement."""

    def __init__(self, path: Path) -> None:
        """Raises UnreadableInputError when the file is not such a table."""
        self.path = path
        try:
            table = pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError) as error:
            hint = "give a Parquet file with the columns kind and prompt"
            raise UnreadableInputError("not a readable Parquet file", where=str(path), hint=hint) from error
        missing = [name for name in ("kind", "prompt") if name not in table.columns]
        if missing:
            raise UnreadableInputError(
                f"lacks the column {' and '.join(missing)}",
                where=str(path),
                hint="give a Parquet file with the columns kind and prompt",
            )
        self._pools, self._shares = _pools(table), 1

    def rule(self, role: str) -> Rule | None:
        """None: prompts of a corpus are drawn."""
        return None

    def share(self, index: int, count: int) -> Corpus:
        """Every `count`-th prompt of each role, from `index` on: what one scene of a large world may use."""
        if count == 1:
            return self
        part = copy(self)
        part._pools = {role: pool.gather_every(count, index) for role, pool in self._pools.items()}
        part._shares = count
        return part

    def draw(self, role: str, owners: np.ndarray, rng: np.random.Generator) -> pa.Array:
        """Texts for one role. owners: account index per prompt, or item of a work list, shape (n,). Returns large_string, shape
        (n,).

        Each owner gets its own slice of the pool; when the pool is smaller than the demand an owner asks the
        prompts of its slice again in other words, each time round in a fresh order. Items of a list may share a prompt, at most
        REUSED each. Raises TooFewPromptsError when there are still fewer prompts than owners.
        """
        pool = self._pools.get(POOLS.get(role, role), _EMPTY)
        unique, inverse, counts = np.unique(owners, return_inverse=True, return_counts=True)
        if role == "payload" and pool.height < len(unique) <= REUSED * pool.height:
            unique, inverse, counts = np.unique(
                inverse % pool.height, return_inverse=True, return_counts=True
            )
        if pool.height < len(unique):
            kinds = f"add prompts of kind {' or '.join(KINDS[role])}, or " if role in KINDS else ""
            whose, needed = f"{role} accounts", len(unique)
            if role == "payload":
                whose, needed = "work list", -(-len(unique) // REUSED)
            raise TooFewPromptsError(
                f"this world needs at least {self._shares * needed:,} prompts for its {whose}, "
                f"{self._shares * pool.height:,} are there",
                where=str(self.path),
                hint=f"{kinds}build a smaller world: no prompt serves two people, or people and a list",
            )
        spare = min(1.0, (pool.height - len(unique)) / max(1, len(owners) - len(unique)))
        slices = 1 + np.floor((counts - 1) * spare).astype(np.int64)
        order = np.argsort(inverse, kind="stable")
        rank = np.empty(len(owners), dtype=np.int64)
        rank[order] = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
        begins, again = _slice_starts(slices, rng)[inverse], rank >= slices[inverse]
        ordered = _shuffled(pool, rng)
        if not again.any():
            return ordered.take(pa.array(begins + rank))
        places, where = _rounds(counts, slices, rng)
        texts = ordered.take(pa.array(begins + places[where[inverse] + rank]))
        return pc.replace_with_mask(texts, again, variation(texts.filter(pa.array(again)), rng))


_EMPTY = pl.DataFrame({"prompt": [], "corpus": []}, schema={"prompt": pl.String, "corpus": pl.String})


def _pools(table: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """role -> distinct prompts with their corpus, in an order that does not depend on the file's."""
    corpus = pl.col("corpus").cast(pl.String) if "corpus" in table.columns else pl.lit("")
    rows = (
        table.select(pl.col("kind").cast(pl.String), pl.col("prompt").cast(pl.String), corpus.alias("corpus"))
        .filter(pl.col("prompt").str.strip_chars().str.len_bytes() > 0)
        .sort("prompt", "kind", "corpus")
        .unique("prompt", keep="first", maintain_order=True)
    )
    roles = [_role_of(kind, _bucket(prompt)) for kind, prompt in rows.select("kind", "prompt").iter_rows()]
    rows = rows.with_columns(pl.Series("role", roles, dtype=pl.String)).drop_nulls("role")
    return {role: rows.filter(pl.col("role") == role).select("prompt", "corpus") for role in KINDS}


def _rounds(
    counts: np.ndarray, slices: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """(place in the slice of its owner, of every prompt asked; where each owner's places begin in the first).

    The first time round in order, then shuffled each time: whoever sends the k-th request of a list cut by topic
    must not decide, by a remainder, which prompt it is.
    """
    room = -(-counts // slices) * slices
    begins = np.cumsum(room) - room
    owner = np.repeat(np.arange(room.size), room)
    number = np.arange(owner.size) - begins[owner]
    again, place = np.divmod(number, slices[owner])
    key = np.where(again == 0, place, rng.random(place.size))
    return place[np.lexsort((key, again, owner))], begins


def _slice_starts(slices: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Where each owner's run of prompts begins, owners in random order. Shape like `slices`."""
    order = rng.permutation(len(slices))
    starts = np.empty(len(slices), dtype=np.int64)
    starts[order] = np.cumsum(slices[order]) - slices[order]
    return starts


def _shuffled(pool: pl.DataFrame, rng: np.random.Generator) -> pa.Array:
    """Random order inside and between corpora, corpora kept together so an account stays on its subject."""
    codes = np.unique(pool["corpus"].to_numpy(), return_inverse=True)[1]
    blocks = rng.permutation(int(codes.max(initial=0)) + 1)
    order = np.lexsort((rng.random(pool.height), blocks[codes]))
    return pool["prompt"].to_arrow().cast(pa.large_string()).take(pa.array(order))
