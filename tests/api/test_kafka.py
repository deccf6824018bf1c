"""The Kafka consumer against a stand-in broker: nothing is committed that is not on disk."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stillwatch.api import kafka
from stillwatch.api.kafka import consumer, drain
from stillwatch.errors import StorageError, UsageError
from stillwatch.storage.inbox import Inbox


@dataclass
class Broker:
    """One partition: values, the committed offset, and a plan of failures (call number -> error)."""

    values: list[bytes]
    stop: threading.Event
    committed: int = 0
    calls: int = 0
    failures: dict[int, Exception] = field(default_factory=dict)
    starts: int = 0

    def consumer(self) -> _Consumer:
        return _Consumer(self)


@dataclass
class _Consumer:
    broker: Broker
    at: int = 0

    async def start(self) -> None:
        self.broker.starts += 1
        self.at = self.broker.committed

    async def stop(self) -> None:
        return

    async def commit(self) -> None:
        self.broker.committed = self.at

    async def getmany(self, *, timeout_ms: int, max_records: int) -> Mapping[Any, Sequence[Any]]:
        self.broker.calls += 1
        if self.broker.calls in self.broker.failures:
            raise self.broker.failures[self.broker.calls]
        taken = range(self.at, min(self.at + 2, len(self.broker.values)))
        if not taken:
            self.broker.stop.set()
            return {}
        self.at = taken.stop
        return {
            "p0": [
                SimpleNamespace(topic="calls", partition=0, offset=i, value=self.broker.values[i])
                for i in taken
            ]
        }


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka, "RETRY_S", 0.01)


def run(broker: Broker, box: Inbox) -> list[str]:
    told: list[str] = []
    asyncio.run(asyncio.wait_for(drain(broker.consumer, box, broker.stop, told.append), 10))
    return told


def kept(box: Inbox) -> list[Any]:
    return [json.loads(x) for f in sorted(box.folder.glob("*.jsonl")) for x in f.read_text().splitlines()]


VALUES = [json.dumps({"n": n}).encode() for n in range(5)]


def test_records_arrive_in_order_and_are_committed(tmp_path: Path) -> None:
    broker, box = Broker(VALUES, threading.Event()), Inbox(tmp_path)
    assert run(broker, box) == []
    assert [r["n"] for r in kept(box)] == [0, 1, 2, 3, 4]
    assert broker.committed == 5


def test_a_bad_record_is_told_by_place_and_passed_over(tmp_path: Path) -> None:
    broker, box = (
        Broker([VALUES[0], b"\xff secret words", VALUES[1], b""], threading.Event()),
        Inbox(tmp_path),
    )
    told = run(broker, box)
    assert told == ["left out calls/0/1: neither JSON nor OTLP protobuf"]
    assert [r["n"] for r in kept(box)] == [0, 1]


def test_after_a_broker_error_it_goes_on_from_the_committed_offset(tmp_path: Path) -> None:
    broker = Broker(VALUES, threading.Event(), failures={2: ConnectionError("gone")})
    box = Inbox(tmp_path)
    assert run(broker, box) == ["kafka: ConnectionError; trying again in 0.01 s"]
    assert [r["n"] for r in kept(box)] == [0, 1, 2, 3, 4]
    assert broker.starts == 2


def test_a_full_disk_commits_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broker, box = Broker(VALUES, threading.Event()), Inbox(tmp_path)
    real, calls = box.put, []

    def put(lines: Sequence[bytes]) -> None:
        calls.append(broker.committed)
        if len(calls) == 1:
            raise StorageError("no room left to write", where="disk")
        real(lines)

    monkeypatch.setattr(box, "put", put)
    told = run(broker, box)
    assert "nothing was committed" in told[0]
    assert calls[:2] == [0, 0]
    assert [r["n"] for r in kept(box)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("address", ["topic", "/topic", "broker:9092/"])
def test_a_wrong_address_is_a_usage_error(address: str) -> None:
    with pytest.raises(UsageError, match="not a topic"):
        consumer(address)
