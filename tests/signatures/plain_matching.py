"""Matching one signature with one event after the other: the oracle of `stillwatch.signatures.matching`."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from stillwatch.signatures.matching import Fields
from stillwatch.signatures.signature import AGREE_MIN, DistillationSignature
from stillwatch.signatures.vectors import FACTOR


class Hits(NamedTuple):
    accounts: list[str]
    events: int
    most_in_a_day: int
    first: int
    last: int


def hits(signature: DistillationSignature, epoch: str, parts: list[Fields], names: list[str]) -> Hits:
    """Who hit it and when; nothing for a sketch of another epoch."""
    found = list[tuple[int, int]]()
    for part in parts:
        for i in range(part.account.size):
            if _worded(signature, epoch, part, i) and _within(signature, part, i):
                found.append((int(part.hour[i]), int(part.account[i])))
    hours = [h for h, _ in found]
    most = max((len({a for h, a in found if start <= h < start + 24}) for start in set(hours)), default=0)
    return Hits(
        [names[a] for a in sorted({a for _, a in found})],
        len(found), most, min(hours, default=0), max(hours, default=0),
    )  # fmt: skip


def _worded(signature: DistillationSignature, epoch: str, part: Fields, i: int) -> bool:
    if signature.template is None:
        return True
    if signature.template.epoch != epoch or part.bands is None:
        return False
    theirs = [int(b, 16) for b in signature.template.bands]
    return sum(a == b for a, b in zip(part.bands[i].tolist(), theirs, strict=True) if a) >= AGREE_MIN


def _within(signature: DistillationSignature, part: Fields, i: int) -> bool:
    weight, shape = signature.structure, signature.shape
    for value, held in (
        (weight and weight.input_tokens, part.input_tokens[i]),
        (weight and weight.output_tokens, part.output_tokens[i]),
        (shape and shape.max_tokens, part.max_tokens[i]),
    ):
        if value and not max(1, value // FACTOR) <= held < value * FACTOR * 2:
            return False
    return shape is None or shape.stream is None or _is(shape.stream, part.stream[i])


def _is(flag: bool, held: Any) -> bool:
    return not math.isnan(held) and float(held) == float(flag)
