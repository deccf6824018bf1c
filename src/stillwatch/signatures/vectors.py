"""Synthetic test vectors of a signature: traffic on which its rule must fire, nearly fire, and stay silent."""

from __future__ import annotations

import functools

from stillwatch.signatures.signature import ACCOUNTS_MIN, AGREE_MIN, BANDS, DistillationSignature, Vector

FACTOR = 4  # a request's tokens may lie this many times off the published bucket


def accounts_needed(signature: DistillationSignature) -> int:
    """Distinct accounts within a day from which the rule fires: an eighth of the published scale, 8 at least.

    A function of the published scale alone, so that no lab's own threshold travels.
    """
    return max(ACCOUNTS_MIN, min(signature.scale.accounts // 8, 1024))


def vectors(signature: DistillationSignature) -> tuple[Vector, ...]:
    """Fires; fires on its border; one account too few; another wording; other token counts."""
    weight = signature.structure
    return _vectors(
        accounts_needed(signature),
        signature.template is not None,
        weight.input_tokens if weight else None,
        weight.output_tokens if weight else None,
    )


@functools.lru_cache(4096)
def _vectors(needed: int, worded: bool, tokens_in: int | None, tokens_out: int | None) -> tuple[Vector, ...]:

    def vector(accounts: int, bands: int, fires: bool, times: int = 1) -> Vector:
        return Vector(
            accounts=accounts,
            bands_agreeing=bands,
            input_tokens=tokens_in * times if tokens_in else None,
            output_tokens=tokens_out,
            fires=fires,
        )

    some = BANDS if worded else 0
    out = [vector(needed * 2, some, True), vector(needed, min(AGREE_MIN, some), True)]
    out.append(vector(needed // 2, some, False))
    if worded:
        out.append(vector(needed * 2, AGREE_MIN - 1, False))
    if tokens_in and tokens_in * FACTOR * 2 <= 1 << 30:
        out.append(vector(needed * 2, some, False, times=FACTOR * 2))
    return tuple(out)
