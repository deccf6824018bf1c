"""The Kafka consumer against a broker that speaks the protocol: librdkafka's mock cluster, over TCP."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from stillwatch.api import kafka
from stillwatch.api.kafka import GROUP, consumer, drain
from stillwatch.errors import StorageError
from stillwatch.storage.inbox import Inbox
from stillwatch.testing.traffic import START_US, WEEK_US, campaign, honest

pytestmark = pytest.mark.slow
Program = Callable[..., subprocess.Popen[str]]

TOPIC = "calls"


class Cluster:
    """One mock broker with a topic. `address` is what the command line takes."""

    def __init__(self) -> None:
        self._producer = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "", "log_level": 0})
        brokers = self._producer.list_topics(timeout=10).brokers.values()
        self.brokers = ",".join(f"{broker.host}:{broker.port}" for broker in brokers)
        self.address = f"{self.brokers}/{TOPIC}"

    def send(self, values: Sequence[bytes]) -> None:
        for value in values:
            self._producer.produce(TOPIC, value, key=b"one order")  # one partition, so order is kept
        assert self._producer.flush(30) == 0

    def committed(self) -> int:
        """Records that the group need not see again."""
        reader = Consumer({"bootstrap.servers": self.brokers, "group.id": GROUP, "log_level": 0})
        try:
            parts = [TopicPartition(TOPIC, p) for p in reader.list_topics(TOPIC, 10).topics[TOPIC].partitions]
            return sum(max(0, found.offset) for found in reader.committed(parts, 10))
        finally:
            reader.close()

    def wait(self, records: int) -> None:
        until = time.monotonic() + 60
        while self.committed() < records:
            assert time.monotonic() < until, f"{self.committed()} of {records} committed"
            time.sleep(0.1)


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka, "RETRY_S", 0.01)
    monkeypatch.setattr(kafka, "WAIT_MS", 100)


def kept(box: Inbox) -> list[int]:
    return [
        json.loads(x)["n"] for f in sorted(box.folder.glob("*.jsonl")) for x in f.read_text().splitlines()
    ]


def drained(cluster: Cluster, box: Inbox, done: Callable[[], bool]) -> list[str]:
    """What is told while records move until `done`."""
    told: list[str] = []
    stop = threading.Event()

    async def both() -> None:
        moving = asyncio.create_task(drain(consumer(cluster.address), box, stop, told.append))
        until = time.monotonic() + 30
        while not done() and time.monotonic() < until:
            await asyncio.sleep(0.02)
        stop.set()
        await moving

    asyncio.run(both())
    return told


def values(numbers: range) -> list[bytes]:
    return [json.dumps({"n": n}).encode() for n in numbers]


def test_records_come_once_and_a_later_run_goes_on(cluster: Cluster, tmp_path: Path) -> None:
    box = Inbox(tmp_path)
    cluster.send(values(range(500)))
    assert drained(cluster, box, lambda: len(kept(box)) >= 500) == []
    cluster.wait(500)
    cluster.send(values(range(500, 700)))
    assert drained(cluster, box, lambda: len(kept(box)) >= 700) == []
    assert kept(box) == list(range(700))
    cluster.wait(700)


def test_what_could_not_be_written_is_not_committed_and_comes_again(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Inbox(tmp_path)
    real, committed = box.put, []

    def put(lines: Sequence[bytes]) -> None:
        committed.append(cluster.committed())
        if len(committed) <= 2:
            raise StorageError("no room left to write", where="disk")
        real(lines)

    monkeypatch.setattr(box, "put", put)
    cluster.send(values(range(50)))
    told = drained(cluster, box, lambda: len(kept(box)) >= 50)
    assert committed[:3] == [0, 0, 0]
    assert sum("nothing was committed" in line for line in told) == 2
    assert kept(box) == list(range(50))


@pytest.mark.e2e
def test_a_topic_that_is_watched_through_a_kill_gives_the_findings_of_a_scan(
    cluster: Cluster, tmp_path: Path, program: Program
) -> None:
    rng = np.random.default_rng(3)
    rows = honest(rng, 160, 6, START_US - WEEK_US) + honest(rng, 160, 6, START_US)
    rows = sorted(rows + campaign(rng, 30, 12, START_US), key=lambda row: row["ts"])
    lines = [
        json.dumps(
            {"event_id": f"e-{i:06d}", **row}
            | {"ts": datetime.fromtimestamp(row["ts"] / 1e6, UTC).isoformat()}
        )
        for i, row in enumerate(rows)
    ]
    half = len(lines) // 2
    for begin, end, ends_by in ((0, half, signal.SIGKILL), (half, len(lines), signal.SIGTERM)):
        cluster.send([x.encode() for x in lines[begin:end]])
        running = program(
            "watch", "--kafka", cluster.address, "--every", "1s", "--format", "jsonl", cwd=tmp_path
        )
        cluster.wait(end)
        running.send_signal(ends_by)
        running.communicate(timeout=60)
    done = program("watch", "--kafka", cluster.address, "--once", "--format", "json", cwd=tmp_path)
    said, errors = done.communicate(timeout=120)
    assert done.returncode == 0, errors
    edge = rows[-1]["ts"] - WEEK_US + 1
    for name, late in (("now", True), ("before", False)):
        (tmp_path / name).mkdir()
        some = [x for x, row in zip(lines, rows, strict=True) if (row["ts"] >= edge) is late]
        (tmp_path / name / "calls.jsonl").write_text("\n".join(some) + "\n")
    other = program("scan", "now", "--reference", "before", "--format", "json", cwd=tmp_path)
    assert said == other.communicate(timeout=120)[0]
    assert len(json.loads(said)["campaigns"]) == 1
