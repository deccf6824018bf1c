"""The shape of honest traffic: hours of the day, days of the week, heavy tails, answer lengths."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from stillwatch.errors import UnreadableInputError, UsageError
from stillwatch.range.draws import exp, log, normal_quantile

HOUR_WEIGHTS = (
    *(0.839, 0.714, 0.733, 0.676, 0.714, 0.660, 0.684, 0.855, 1.015, 1.054, 1.125, 1.093),
    *(1.060, 1.073, 1.060, 1.047, 1.091, 1.079, 1.007, 1.229, 1.456, 1.402, 1.270, 1.063),
)
"""Rate by hour over the mean rate: 43 production clients of ServeGen m-small (alibaba/ServeGen), two weeks of
ten-minute mean rates summed over clients, UTC-free local seconds modulo a day."""

CLIENT_LOG_SD = 2.70
"""Standard deviation of ln(mean rate) over the same 43 clients, each averaged over its two weeks."""

OUTPUT_LOG_MEAN, OUTPUT_LOG_SD, OUTPUT_TOKENS_MAX = 5.336, 1.358, 2000
"""Mean, standard deviation of ln(output tokens) and the maximum over the 12,031 requests of the Mooncake
conversation trace (kvcache-ai/Mooncake)."""

VOLUME_RATIO_MAX = 60.0
"""No chat account asks more than this many times the median: beyond it a client is a company, not a person."""


LENGTH_QUANTILES = 1 << 13


@cache
def _fitted_lengths() -> np.ndarray:
    """The fitted log-normal at LENGTH_QUANTILES equally likely points, int64: drawing one costs one index."""
    middle = (np.arange(LENGTH_QUANTILES) + 0.5) / LENGTH_QUANTILES
    drawn = exp(OUTPUT_LOG_MEAN + OUTPUT_LOG_SD * normal_quantile(middle))
    return np.clip(drawn, 1, OUTPUT_TOKENS_MAX).astype(np.int64)


@dataclass(frozen=True)
class Shape:
    """hours: shape (24,), sums to 1. rates: ln(rate) of clients, centred, or empty for the fitted log-normal.
    output_tokens: lengths to draw from, or empty. in_hour_s: arrival offsets inside an hour, or empty."""

    hours: np.ndarray
    rates: np.ndarray
    output_tokens: np.ndarray
    in_hour_s: np.ndarray

    def volumes(self, rng: np.random.Generator, count: int, mean: float, tail: float = 0.5) -> np.ndarray:
        """Expected events per account, shape (count,), with the given mean.

        tail: share of the clients' log-spread one account of this kind has; a client of the trace is a company
        of many people, and one half for a person is our assumption.
        """
        drawn = rng.choice(self.rates, count) if len(self.rates) else rng.normal(0.0, CLIENT_LOG_SD, count)
        log_rate = tail * (drawn + rng.normal(0.0, 0.3, count))
        ratio = np.minimum(exp(log_rate), VOLUME_RATIO_MAX)
        return ratio * (mean * count / math.fsum(ratio)) if count else ratio

    def seconds_of_day(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Seconds since midnight, shape (count,), in [0, 86400)."""
        hour = rng.choice(24, count, p=self.hours)
        inside = rng.choice(self.in_hour_s, count) if len(self.in_hour_s) else rng.random(count) * 3600.0
        return hour * 3600.0 + np.minimum(inside + rng.random(count), 3599.999)

    def answer_tokens(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Output lengths in tokens, shape (count,), int64, at least 1."""
        if len(self.output_tokens):
            return rng.choice(self.output_tokens, count).astype(np.int64)
        return _fitted_lengths()[rng.integers(0, LENGTH_QUANTILES, count)]


def fitted() -> Shape:
    """The shape from the constants of this file, when no traces are given."""
    hours = np.array(HOUR_WEIGHTS)
    return Shape(hours / hours.sum(), np.empty(0), np.empty(0), np.empty(0))


def traced(folder: Path) -> Shape:
    """The shape from `mooncake_conversation.jsonl` and the `servegen*/` CSV files of a folder.

    Raises UsageError when neither is there, UnreadableInputError when one cannot be read.
    """
    arrivals = folder / "mooncake_conversation.jsonl"
    clients = sorted(folder.glob("servegen*/*.csv"))
    if not arrivals.is_file() and not clients:
        raise UsageError(
            "holds no mooncake_conversation.jsonl and no servegen*/*.csv",
            where=str(folder),
            hint="give a folder with one of them, or leave --traffic out for the fitted shape",
        )
    shape = fitted()
    hours, rates = _clients(clients) if clients else (shape.hours, shape.rates)
    lengths, offsets = _arrivals(arrivals) if arrivals.is_file() else (shape.output_tokens, shape.in_hour_s)
    return Shape(hours, rates, lengths, offsets)


def _arrivals(path: Path) -> tuple[np.ndarray, np.ndarray]:
    try:
        with path.open(encoding="utf-8") as lines:
            rows = [(row["output_length"], row["timestamp"]) for row in map(json.loads, lines)]
        lengths, times_ms = np.array(rows, dtype=np.float64).T
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "each line needs timestamp (ms) and output_length (tokens)"
        raise UnreadableInputError("not an arrivals trace", where=str(path), hint=hint) from error
    return np.maximum(lengths, 1), (times_ms / 1000.0) % 3600.0


def _clients(paths: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """(hours, centred ln mean rates): one client a file, `window start s, mean rate, …` a line."""
    hours, means = np.zeros(24), []
    for path in paths:
        try:
            with path.open(newline="", encoding="utf-8") as lines:
                rows = np.array([(float(row[0]), float(row[1] or 0)) for row in csv.reader(lines) if row])
            np.add.at(hours, (rows[:, 0] % 86400 // 3600).astype(int), rows[:, 1])
        except (OSError, ValueError, IndexError) as error:
            hint = "each line needs a window start (s) and a mean rate (requests/s)"
            raise UnreadableInputError("not a client trace", where=str(path), hint=hint) from error
        means.append(rows[:, 1].mean())
    log_rates = log(np.array([mean for mean in means if mean > 0]))
    if not len(log_rates):
        return fitted().hours, np.empty(0)
    return hours / hours.sum(), log_rates - log_rates.mean()
