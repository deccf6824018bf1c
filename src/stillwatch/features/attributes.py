"""The keys of an event that are not text: protocol, infrastructure, identity and timing.

One column per attribute, one row per event, 0 where the source does not say. Country, nationality and
language are not among them, and no caller-asserted field stands alone: `client` counts as protocol, never
as identity.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.features.batch import Batch
from stillwatch.features.columns import combined, hashed
from stillwatch.features.families import Family, tagged
from stillwatch.features.networks import network_hashes

ATTRIBUTES: tuple[tuple[str, Family], ...] = (
    ("parameters", Family.PROTOCOL),
    ("client", Family.PROTOCOL),
    ("network", Family.INFRASTRUCTURE),
    ("payment", Family.IDENTITY),
    ("signup", Family.IDENTITY),
    ("model", Family.TIMING),
)
_PARAMETERS = (
    "max_tokens",
    "n",
    "logprobs",
    "top_logprobs",
    "stream",
    "reasoning_effort",
    "response_format",
    "tools_hash",
    "top_p",
)
COLUMNS = (
    *_PARAMETERS,
    "temperature",
    "user_agent",
    "client_fingerprint",
    "ip",
    "payment_id",
    "email_domain",
    "account_created",
    "request_model",
)


def attributes(batch: Batch, seed: np.uint64) -> np.ndarray:
    """Keys u64[n, len(ATTRIBUTES)], tagged with their family; 0 = absent."""
    n = batch.rows
    out = np.zeros((n, len(ATTRIBUTES)), np.uint64)
    made = (
        _parameters(batch, seed),
        combined([hashed(batch.column(c), seed, n) for c in ("user_agent", "client_fingerprint")]),
        hashed(batch.column("ip"), seed, n, network_hashes),
        hashed(batch.column("payment_id"), seed, n),
        _signup(batch, seed),
        hashed(batch.column("request_model"), seed, n),
    )
    for place, (keys, (name, family)) in enumerate(zip(made, ATTRIBUTES, strict=True)):
        salted = (keys ^ (np.uint64(place + 1) << np.uint64(50))) * np.uint64(0xD6E8FEB86659FD93)
        out[:, place] = np.where(keys != 0, tagged(salted, family), np.uint64(0))
        del name
    return out


def _parameters(batch: Batch, seed: np.uint64) -> np.ndarray:
    parts = [hashed(batch.column(c), seed, batch.rows) for c in _PARAMETERS]
    temperature = batch.column("temperature")
    if temperature is not None:
        temperature = pc.round(temperature.cast(pa.float64()), 1)
    return combined([*parts, hashed(temperature, seed, batch.rows)])


def _signup(batch: Batch, seed: np.uint64) -> np.ndarray:
    """Sign-up cohort: the e-mail domain together with the hour in which the account was created."""
    created = batch.column("account_created")
    if created is None:
        return np.zeros(batch.rows, np.uint64)
    hours = pc.divide(created.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()), 3_600_000_000)
    cohort = hashed(hours, seed, batch.rows)
    domain = hashed(batch.column("email_domain"), seed, batch.rows)
    return np.where(cohort != 0, combined([cohort, domain]), np.uint64(0))
