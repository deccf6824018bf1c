"""Row-aligned batches of a data set's events and content, read column by column with bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.errors import UnreadableInputError
from stillwatch.events.dataset import Dataset
from stillwatch.events.pairs import batch_rows
from stillwatch.features.attributes import COLUMNS
from stillwatch.features.batch import Batch

WHO = ("ts", "account_id")
IDENTITY = ("event_id", *WHO, "plan")
_DICTIONARY = (
    "account_id", "plan", "user_agent", "client_fingerprint", "ip", "payment_id", "email_domain", "request_model",
    "reasoning_effort", "response_format", "tools_hash", "org_id", "end_user_id", "source", "status", "error",
)  # fmt: skip
FACTS = ("org_id", "end_user_id", "input_tokens", "output_tokens", "asn", "source")


def _stream(path: Path, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    have = set(pq.read_schema(path).names)
    present = [c for c in columns if c in have]
    file = pq.ParquetFile(path, read_dictionary=[c for c in present if c in _DICTIONARY], memory_map=True)
    stream = file.iter_batches(batch_rows(path), columns=present, use_threads=False)
    while True:
        try:
            batch = next(stream, None)
        except (pa.ArrowException, OSError) as error:
            raise UnreadableInputError(
                f"damaged Parquet ({type(error).__name__})",
                where=str(path),
                hint="copy or write the file again",
            ) from error
        if batch is None:
            return
        if batch.num_rows:
            yield batch


def identities(dataset: Dataset) -> Iterator[pa.RecordBatch]:
    """Only who and when: the first, cheap pass."""
    for path in dataset.events:
        yield from _stream(path, IDENTITY)


def batches(dataset: Dataset, columns: Sequence[str] = (*IDENTITY, *COLUMNS, *FACTS)) -> Iterator[Batch]:
    """Events with `columns` (those the files have) and their content, in file order."""
    for i, path in enumerate(dataset.events):
        events = _stream(path, columns)
        if dataset.content is None:
            yield from (Batch(batch, None) for batch in events)
        else:
            yield from _zip(events, _stream(dataset.content[i], ("messages",)))


def responses(dataset: Dataset) -> Iterator[pa.RecordBatch]:
    """What the ledger reads of each event: who, when, from where, the messages and the output."""
    wanted = ("event_id", "ts", "account_id", "source", "output_tokens", "error")
    if dataset.content is None:
        return
    for i, path in enumerate(dataset.events):
        for batch in _zip(_stream(path, wanted), _stream(dataset.content[i], ("messages", "output_text"))):
            if batch.content is not None and "output_text" in batch.content.schema.names:
                yield _joined(batch.events, batch.content)


def _joined(events: pa.RecordBatch, content: pa.RecordBatch) -> pa.RecordBatch:
    names = [*events.schema.names, *content.schema.names]
    return pa.RecordBatch.from_arrays([*events.columns, *content.columns], names=names)


def _zip(events: Iterator[pa.RecordBatch], contents: Iterator[pa.RecordBatch]) -> Iterator[Batch]:
    """Pair two streams row by row although their readers may cut them in different places."""
    content = None
    for batch in events:
        at = 0
        while at < batch.num_rows:
            if content is None or content.num_rows == 0:
                content = next(contents)
            rows = min(batch.num_rows - at, content.num_rows)
            yield Batch(batch.slice(at, rows), content.slice(0, rows))
            content = content.slice(rows)
            at += rows
