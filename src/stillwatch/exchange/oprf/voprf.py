"""The verifiable oblivious PRF of RFC 9497 with ristretto255 and SHA-512, over batches with one proof each.

A client blinds its inputs; the holder of the key multiplies what it gets by the key, without seeing an input, and proves
in 64 bytes that it used the one key it is known by, for the whole batch (batched DLEQ proof, section 2.2); the client
takes the blind off. Keys and blinds are only ever touched by libsodium; what is sent may be summed faster (`points`).
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stillwatch.exchange.oprf import group, points
from stillwatch.exchange.oprf.group import SIZE

OPRF, VOPRF = 0, 1  # modes; the third of the RFC is not used here
BATCH_MAX = 65_535  # the proof counts elements in two bytes
INPUT_BYTES_MAX = 65_535
PROOF_BYTES = 2 * SIZE


class WrongProofError(ValueError):
    """The evaluation was not made with the key it should have been made with, or was changed on its way."""


class Evaluated(NamedTuple):
    """Answers to a batch, in its order, and the proof."""

    elements: bytes
    proof: bytes


class Blinded(NamedTuple):
    """`blinds` stay with the client; `elements` are sent."""

    blinds: bytes
    elements: bytes


@functools.cache
def _context(name: str, mode: int) -> bytes:
    return f"{name}OPRFV1-".encode() + bytes([mode]) + b"-ristretto255-SHA512"


def derived_key(seed: bytes, info: bytes, mode: int = VOPRF) -> tuple[bytes, bytes]:
    """(private, public) key from 32 secret bytes: DeriveKeyPair, section 3.2.1. Raises ValueError."""
    if len(seed) != SIZE or len(info) > INPUT_BYTES_MAX:
        raise ValueError("a seed has 32 bytes, and info at most 65,535")
    for counter in range(256):
        message = seed + _framed(info) + bytes([counter])
        key = group.hash_to_scalar(message, _context("DeriveKeyPair", mode))
        if any(key):
            return key, group.base_times(key)
    raise ValueError("no key follows from this seed")


def blind(inputs: Sequence[bytes], mode: int = VOPRF, blinds: bytes = b"") -> Blinded:
    """Fresh blinds (or those given, for test vectors) and what to send. Raises ValueError for an input too long."""
    if any(len(x) > INPUT_BYTES_MAX for x in inputs):
        raise ValueError("an input has more than 65,535 bytes")
    dst = _context("HashToGroup-", mode)
    hashed = b"".join(group.hash_to_group(x, dst) for x in inputs)
    blinds = blinds or b"".join(group.random_scalar() for _ in inputs)
    return Blinded(blinds, group.times_each(blinds, hashed))


def evaluate(
    key: bytes, public: bytes, elements: bytes, proof_scalar: bytes = b"", decoded: np.ndarray | None = None
) -> Evaluated:
    """BlindEvaluate of a batch. `proof_scalar` only for test vectors; `decoded`: `points.decoded(elements)` of who has
    looked at them already. Raises NotAnElementError, ValueError."""
    count = _count(elements)
    answers = group.times(key, elements)
    weights = _weights(public, elements, answers, count)
    m = points.weighted_sum(points.decoded(elements) if decoded is None else decoded, weights)
    z = group.times(key, m)
    r = proof_scalar or group.random_scalar()
    c = _challenge(public, m, z, group.base_times(r), group.times(r, m))
    return Evaluated(answers, c + group.subtracted_scalars(r, group.multiplied_scalars(c, key)))


def verify(public: bytes, blinded: bytes, evaluated: Evaluated) -> None:
    """Check the proof of a batch. Raises NotAnElementError, WrongProofError."""
    _count(blinded)
    if len(blinded) != len(evaluated.elements):
        raise WrongProofError("there are not as many answers as questions")
    c, s = evaluated.proof[:SIZE], evaluated.proof[SIZE:]
    if not (group.is_scalar(c) and group.is_scalar(s)):
        raise WrongProofError("the proof is not two scalars")
    asked, answered = points.decoded(blinded), points.decoded(evaluated.elements)
    weights = _weights(public, blinded, evaluated.elements, len(asked))
    m, z = points.weighted_sum(asked, weights), points.weighted_sum(answered, weights)
    try:
        t2 = group.sum_of(group.base_times(s), group.times(c, public))
        t3 = group.sum_of(group.times(s, m), group.times(c, z))
    except ValueError:
        raise WrongProofError("the proof holds zero") from None
    if _challenge(public, m, z, t2, t3) != c:
        raise WrongProofError("the proof does not fit the answers and the key")


def finalize(inputs: Sequence[bytes], blinds: bytes, elements: bytes, scale: int = 1) -> list[bytes]:
    """The 64-byte output of each input, from answers already verified; `scale`: what they were multiplied by."""
    factor = scale.to_bytes(SIZE, "little")
    undo = b"".join(
        group.inverse(group.multiplied_scalars(blinds[at : at + SIZE], factor))
        for at in range(0, len(blinds), SIZE)
    )
    bare = group.times_each(undo, elements)
    return [
        hashlib.sha512(_framed(x) + _framed(bare[SIZE * i : SIZE * (i + 1)]) + b"Finalize").digest()
        for i, x in enumerate(inputs)
    ]


def evaluated_alone(key: bytes, value: bytes, mode: int = VOPRF) -> bytes:
    """The output by whoever has both key and input: Evaluate, section 3.3.1."""
    bare = group.times(key, group.hash_to_group(value, _context("HashToGroup-", mode)))
    return hashlib.sha512(_framed(value) + _framed(bare) + b"Finalize").digest()


def _count(elements: bytes) -> int:
    count, over = divmod(len(elements), SIZE)
    if over or not 0 < count <= BATCH_MAX:
        raise ValueError(f"a batch is 1 to {BATCH_MAX} elements of {SIZE} bytes")
    return count


def _weights(public: bytes, asked: bytes, answered: bytes, count: int) -> bytes:
    """The random weight of each pair in the composite (ComputeComposites, section 2.2.1). Nothing here is secret."""
    seed = hashlib.sha512(_framed(public) + _framed(_context("Seed-", VOPRF))).digest()
    begun, finished = group.expansion(_framed(seed), _context("HashToScalar-", VOPRF))
    out = []
    for i in range(count):
        a, b = SIZE * i, SIZE * i + SIZE
        told = b"%b\x00\x20%b\x00\x20%bComposite" % (i.to_bytes(2, "big"), asked[a:b], answered[a:b])
        uniform = int.from_bytes(finished(begun, told), "little")
        out.append((uniform % group.ORDER).to_bytes(SIZE, "little"))
    return b"".join(out)


def _challenge(*elements: bytes) -> bytes:
    transcript = b"".join(_framed(e) for e in elements) + b"Challenge"
    return group.hash_to_scalar(transcript, _context("HashToScalar-", VOPRF))


def _framed(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data
