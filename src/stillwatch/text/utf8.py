"""Arrow text whose bytes are certainly UTF-8: Parquet does not promise it, and Polars is undefined without it."""

from __future__ import annotations

import pyarrow as pa


def valid(texts: pa.Array) -> pa.Array:
    """The array itself when all of it is UTF-8, else a copy in which other bytes are U+FFFD."""
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        held = texts.cast(pa.large_binary()).to_pylist()
        return pa.array([None if v is None else v.decode("utf-8", "replace") for v in held], texts.type)
    return texts
