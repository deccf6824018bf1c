"""The Kafka consumer: records of a topic, on disk before their offsets are committed.

Delivery is at least once; events are known by their id, so a redelivered one changes nothing. A record that is
neither JSON nor OTLP protobuf is told as `topic/partition/offset` and passed over: one bad record stops no topic.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from stillwatch.errors import StillwatchError, StorageError, UnreadableInputError, UsageError
from stillwatch.storage.inbox import Inbox

RECORDS_MAX = 5_000
WAIT_MS = 1_000
RETRY_S = 5.0
GROUP = "stillwatch"


class Consumer(Protocol):
    """What is used of aiokafka's AIOKafkaConsumer."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def commit(self) -> None: ...
    async def getmany(self, *, timeout_ms: int, max_records: int) -> Mapping[Any, Sequence[Any]]: ...


def consumer(address: str, group: str = GROUP) -> Callable[[], Consumer]:
    """A maker of consumers for BROKER[,BROKER…]/TOPIC. Raises UsageError."""
    brokers, slash, topic = address.rpartition("/")
    if not slash or not brokers or not topic:
        raise UsageError("not a topic", where=address, hint="give BROKER:PORT/TOPIC")
    try:
        from aiokafka import AIOKafkaConsumer
    except ImportError:
        raise UsageError(
            "reading Kafka needs the extra 'kafka'", where=address, hint="pip install 'stillwatch[kafka]'"
        ) from None

    def made() -> Consumer:
        return AIOKafkaConsumer(
            topic,
            bootstrap_servers=brokers,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )

    return made


async def drain(
    made: Callable[[], Consumer], inbox: Inbox, stop: threading.Event, noted: Callable[[str], None]
) -> None:
    """Move records to the inbox until `stop`. After an error of the broker or the disk it begins again from the
    committed offsets."""
    while not stop.is_set():
        source = made()
        try:
            await source.start()
            while not stop.is_set():
                batches = await source.getmany(timeout_ms=WAIT_MS, max_records=RECORDS_MAX)
                lines = [line for records in batches.values() for r in records for line in _lines(r, noted)]
                if lines:
                    inbox.put(lines)
                if batches:
                    await source.commit()
        except StorageError as error:
            noted(f"kafka: {error}; nothing was committed, trying again in {RETRY_S:g} s")
        except Exception as error:  # noqa: BLE001 - broker errors are many; none may end the watch
            noted(f"kafka: {type(error).__name__}; trying again in {RETRY_S:g} s")
        finally:
            await _stopped(source)
        await asyncio.sleep(0 if stop.is_set() else RETRY_S)


class Subscription:
    """`drain` in a thread, from entering the context to leaving it."""

    def __init__(self, made: Callable[[], Consumer], inbox: Inbox, noted: Callable[[str], None]) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(drain(made, inbox, self._stop, noted)), name="kafka", daemon=True
        )

    def __enter__(self) -> Subscription:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(RETRY_S + WAIT_MS / 1000 + 1)


async def _stopped(source: Consumer) -> None:
    try:
        await source.stop()
    except Exception:  # noqa: BLE001 - it is being given up; the error that mattered was told
        return


def _lines(record: Any, noted: Callable[[str], None]) -> list[bytes]:
    """JSON lines of one record's value."""
    value = record.value
    if not value:
        return []
    try:
        if value.lstrip()[:1] in (b"{", b"["):
            held = msgspec.json.decode(value)
            return [msgspec.json.encode(item) for item in (held if isinstance(held, list) else [held])]
        from stillwatch.events.sources.otlp_protobuf import records_of

        return [msgspec.json.encode(item) for item in records_of(value)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, UnreadableInputError, StillwatchError):
        noted(f"left out {record.topic}/{record.partition}/{record.offset}: neither JSON nor OTLP protobuf")
        return []
