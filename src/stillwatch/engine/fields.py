"""The fields that received signatures ask for, batch by batch, with the accounts numbered as they appear."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.engine.batches import batches
from stillwatch.events.dataset import Dataset
from stillwatch.features.batch import Batch
from stillwatch.features.columns import encoded
from stillwatch.signatures.matching import Fields
from stillwatch.signatures.sketch import ForumKey, bands
from stillwatch.text.utf8 import valid

HOUR_US = 3_600_000_000


def fields(dataset: Dataset, key: ForumKey | None, accounts: dict[str, int]) -> Iterator[Fields]:
    """One `Fields` per batch; new accounts are added to `accounts` (name -> number). No text is kept."""
    for batch in batches(dataset):
        n = batch.rows
        codes, values = encoded(batch.events.column("account_id"))
        numbers = [accounts.setdefault(name, len(accounts)) for name in values.to_pylist()]
        texts = None if key is None or batch.content is None else said(batch)
        yield Fields(
            account=np.array(numbers, np.int64)[codes],
            hour=np.asarray(batch.events.column("ts").cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()))
            // HOUR_US,
            bands=None if texts is None or key is None else bands(texts, key),
            input_tokens=_number(batch, "input_tokens", n),
            output_tokens=_number(batch, "output_tokens", n),
            max_tokens=_number(batch, "max_tokens", n),
            stream=_number(batch, "stream", n),
        )


def said(batch: Batch) -> pa.Array:
    """The system prompt (the last one) and the last user turn of each event, as one text."""
    user = pc.fill_null(valid(batch.user_text).cast(pa.large_string()), "")
    event, system = batch.system_text
    if event.size == 0:
        return user
    last = np.full(batch.rows, -1, np.int64)
    last[event] = np.arange(event.size)
    before = pc.fill_null(valid(system).cast(pa.large_string()).take(pa.array(last, mask=last < 0)), "")
    return pc.binary_join_element_wise(before, user, pa.scalar(" ", pa.large_string()))


def _number(batch: Batch, name: str, rows: int) -> np.ndarray:
    column = batch.column(name)
    if column is None:
        return np.full(rows, np.nan)
    wide = column.cast(pa.int8()) if pa.types.is_boolean(column.type) else column
    return np.asarray(pc.fill_null(wide.cast(pa.float64()), np.nan))
