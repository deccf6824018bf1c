"""Profiles: what the comparators know of every model, in numbers; no text is kept.

A gram is a run of k tokens of an output that does not stand in its prompt (a prompt's own words say nothing about
who answers it). Only the first `TOKENS` tokens count, so that long-winded models do not look alike for being
long; a line end is a token. Presence per output, not repetition, is counted. Tokens and their hashes are those
of `stillwatch.text`, bucketed to 20 bits. The openings are grams of one to four of the first `OPENING` tokens.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
from scipy import sparse

from stillwatch.outputs import Samples
from stillwatch.text import TextBlock, tokenize

ORDER = 3
TOKENS = 120
CHARACTERS = 4_000
OPENING, OPENING_CHARACTERS = 12, 400
OPENING_ORDERS = (1, 2, 3, 4)
OPENING_OUTPUTS_MIN_SHARE = 0.05
BITS = 20
_SEED = np.uint64(0x5111)
_MULTIPLIER, _S29, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29), np.uint64(64 - BITS)
STRUCTURE = (
    ("log characters", pl.col("output").str.len_chars().cast(pl.Float64).log1p()),
    ("lines", pl.col("output").str.count_matches("\n").cast(pl.Float64).log1p()),
    (
        "list items",
        pl.col("output").str.count_matches(r"(?m)^\s*(?:[-*•]|\d+[.)])\s").cast(pl.Float64).log1p(),
    ),
    ("bold", pl.col("output").str.contains(r"\*\*[^*\n]+\*\*").cast(pl.Float64)),
    ("headings", pl.col("output").str.contains(r"(?m)^#{1,6} ").cast(pl.Float64)),
    ("code", pl.col("output").str.contains("```", literal=True).cast(pl.Float64)),
    (
        "opens politely",
        pl.col("output").str.contains(r"^(?i)\s*(?:sure|certainly|of course|great)\b").cast(pl.Float64),
    ),
    (
        "speaks of itself",
        pl.col("output").str.contains(r"^(?i).{0,200}\bas an? (?:ai|language)\b").cast(pl.Float64),
    ),
    ("exclaims", pl.col("output").str.contains("!", literal=True).cast(pl.Float64)),
)


@dataclass(frozen=True, slots=True)
class Profiles:
    """models: names; counts: f64 csr[m, grams seen], outputs holding a gram; outputs: i64[m].

    vectors: f32 csr[n, grams seen], unit idf-weighted grams of every output (idf within its prompt); model, prompt:
    i64[n] of every output; structure: f64[m, len(STRUCTURE)]; alike: f64[m, m], mean same-prompt cosine, nan on
    the diagonal and where two models share no prompt; kernel: f64[m, m], cosine of square roots of counts;
    starts: f32 csr[n, grams], 1 where an output opens with a gram; openings: f64 csr[m, grams], outputs that do.
    """

    models: tuple[str, ...]
    counts: sparse.csr_matrix
    outputs: np.ndarray
    vectors: sparse.csr_matrix
    model: np.ndarray
    prompt: np.ndarray
    structure: np.ndarray
    alike: np.ndarray
    kernel: np.ndarray
    starts: sparse.csr_matrix
    openings: sparse.csr_matrix

    @property
    def prompts(self) -> int:
        """Number of prompts, by the largest index."""
        return int(self.prompt.max()) + 1 if self.prompt.size else 0

    def at(self, names: list[str]) -> np.ndarray:
        """Positions of models."""
        where = {name: i for i, name in enumerate(self.models)}
        return np.array([where[n] for n in names], np.int64)


def profile(samples: Samples) -> Profiles:
    """Numbers of every model of `samples`; deterministic."""
    models, prompts = samples.models, samples.prompts
    model, prompt = samples.index()
    row, gram = _own_grams(samples.table["output"], prompts, prompt)
    known, gram = np.unique(gram, return_inverse=True)
    shape = (len(models), known.size)
    counts = sparse.coo_matrix((np.ones(row.size), (model[row], gram)), shape).tocsr()
    vectors = _vectors(row, gram, prompt, known.size)
    outputs = np.bincount(model, minlength=len(models))
    measures = samples.table.select(measure.alias(name) for name, measure in STRUCTURE).to_numpy()
    # summed in row order: a grouped mean over threads differs in its last bit from run to run
    starts = opening_grams(samples)
    means = np.stack([np.bincount(model, column, len(models)) / outputs for column in measures.T], axis=1)
    return Profiles(
        tuple(models),
        counts,
        outputs,
        vectors,
        model,
        prompt,
        means,
        _alike(vectors, model, prompt, len(models)),
        _kernel(counts),
        starts,
        by_model(starts, model, len(models)),
    )


def opening_grams(samples: Samples, tokens: int = OPENING) -> sparse.csr_matrix:
    """f32 csr[n, grams]: 1 where an output opens with a gram; grams of enough outputs only."""
    outputs, least = samples.table["output"], max(3.0, OPENING_OUTPUTS_MIN_SHARE * len(samples.prompts))
    block = _tokens(outputs, OPENING_CHARACTERS)
    parts = [_hashes(block, tokens, order) for order in OPENING_ORDERS]
    row, gram = (np.concatenate(side) for side in zip(*parts, strict=True))
    known, gram = np.unique(gram, return_inverse=True)
    held = sparse.coo_matrix(
        (np.ones(row.size, np.float32), (row, gram)), (outputs.len(), known.size)
    ).tocsr()
    held.data[:] = 1.0
    return held[:, np.flatnonzero(np.asarray(held.sum(axis=0)).ravel() >= least)].tocsr()


def by_model(held: sparse.csr_matrix, model: np.ndarray, models: int) -> sparse.csr_matrix:
    """f64 csr[models, grams]: outputs of each model that hold a gram; held: csr[n, grams] of ones."""
    who = sparse.csr_matrix((np.ones(model.size), (model, np.arange(model.size))), (models, model.size))
    return (who @ held).tocsr()


def _own_grams(outputs: pl.Series, prompts: list[str], prompt: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(row, gram) of every output, distinct, without those of its prompt."""
    row, gram = _grams(_tokens(outputs, CHARACTERS), TOKENS)
    asked, known = _grams(tokenize(pa.array(prompts, pa.string()), _SEED), None)
    key = np.unique(row << BITS | gram)
    row, gram = key >> BITS, key & ((1 << BITS) - 1)
    mine = ~np.isin(prompt[row] << BITS | gram, np.unique(asked << BITS | known))
    return row[mine], gram[mine]


def _tokens(outputs: pl.Series, characters: int) -> TextBlock:
    opening = outputs.str.slice(0, characters).str.replace_all("\n", " ¶ ", literal=True)
    return tokenize(pa.array(opening.to_list(), pa.string()), _SEED)


def _grams(block: TextBlock, tokens_max: int | None) -> tuple[np.ndarray, np.ndarray]:
    row, gram = _hashes(block, tokens_max, ORDER)
    return row, (gram >> _SHIFT).astype(np.int64)


def _hashes(block: TextBlock, tokens_max: int | None, order: int) -> tuple[np.ndarray, np.ndarray]:
    """(row i64, hash u64) of every run of `order` tokens."""
    sizes = np.diff(block.offsets)
    row = np.repeat(np.arange(sizes.size), sizes)
    place = np.arange(block.tokens.size) - block.offsets[:-1][row]
    gram = np.zeros(block.tokens.size, np.uint64)
    for j in range(order):
        gram = (gram ^ np.roll(block.tokens, -j)) * _MULTIPLIER
        gram ^= gram >> _S29
    last = sizes if tokens_max is None else np.minimum(sizes, tokens_max)
    whole = place + order <= last[row]
    return row[whole].astype(np.int64), gram[whole]


def _vectors(row: np.ndarray, gram: np.ndarray, prompt: np.ndarray, width: int) -> sparse.csr_matrix:
    """idf = log((outputs to the prompt + 1) / outputs to it that hold the gram): what everybody says weighs 0."""
    key = prompt[row] << BITS | gram
    _, inverse, holders = np.unique(key, return_inverse=True, return_counts=True)
    answers = np.bincount(prompt)
    weight = np.log((answers[prompt[row]] + 1) / holders[inverse])
    matrix = sparse.csr_matrix((weight, (row, gram)), (prompt.size, width))
    norm = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (sparse.diags(1 / np.maximum(norm, 1e-12)) @ matrix).tocsr().astype(np.float32)


def _kernel(counts: sparse.csr_matrix) -> np.ndarray:
    root = counts.sqrt()
    kernel = np.asarray((root @ root.T).toarray())
    norm = np.sqrt(np.maximum(np.diag(kernel), 1e-12))
    return kernel / norm[:, None] / norm[None, :]


def _alike(vectors: sparse.csr_matrix, model: np.ndarray, prompt: np.ndarray, m: int) -> np.ndarray:
    total, shared = np.zeros((m, m)), np.zeros((m, m))
    order = np.argsort(prompt, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(prompt[order])) + 1):
        x, who = vectors[rows], model[rows]
        total[np.ix_(who, who)] += (x @ x.T).toarray()
        shared[np.ix_(who, who)] += 1
    np.fill_diagonal(shared, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(shared > 0, total / shared, np.nan)
