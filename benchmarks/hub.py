"""The hub at a size: signed posts, pages of 1,000, empty polls and checkpoints, in CPU time of one process.

    python -m benchmarks.hub [OBJECTS]

Objects are indicators of 1 kB, each signed, posted in envelopes of 1,000 and flushed to disk; the member's gate is the
STIX envelope alone. Requests are made to the application itself, so parsing HTTP and TLS are not in the figures. Every
tenth object has a second version. `gated_` is the same with the full gate of a forum of signatures: whole distillation
signatures with a template sketch, whose rule, vectors and pseudonym are computed again; `gated_over_signature_check` is
the cost of such an object over that of the library's bare Ed25519 check of as many bytes, measured between the batches,
so that it holds on a busy machine. `page_1000_p99_ms` is wall time over pages from all over the hub.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.worlds import keep
from stillwatch.api.hub_server import Door, served
from stillwatch.api.taxii import Limits
from stillwatch.api.taxii_wire import cursor
from stillwatch.exchange import signing, stix
from stillwatch.exchange.markings import TLP_IDS, Level
from stillwatch.service import hub_members
from stillwatch.service.hub import Hub, signatures_only
from stillwatch.signatures.signature import BANDS, DistillationSignature, Scale, Structure, Template
from stillwatch.signatures.vectors import vectors

BATCH = 1_000
GATED = 20_000
PAGES = 300
UNLIMITED = Limits(1e9, 1e9, 1e12, 1e12)
OBJECTS = "/forum/collections/signatures/objects/"


def indicator(n: int) -> dict[str, Any]:
    """An indicator of 1 kB; every tenth is a newer version of the one before."""
    newer = n % 10 == 9
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid.UUID(int=n - newer)}",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": f"2026-01-0{1 + newer}T00:00:00.000Z",
        "pattern": "title: " + "x" * 560,
        "pattern_type": "sigma",
        "valid_from": "2026-01-01T00:00:00Z",
        "object_marking_refs": [list(TLP_IDS)[2]],
        "extensions": {"numbers": {"a": list(range(30))}},
    }


def envelope(first: int, key: bytes) -> bytes:
    """BATCH signed objects."""
    held = [indicator(n) for n in range(first, first + BATCH)]
    return msgspec.json.encode({"objects": held, "x_signatures": [signing.sign(o, key) for o in held]})


def distillation(n: int, member: str) -> dict[str, Any]:
    """A whole signature; each has a template of its own."""
    bands = tuple(f"{(n << 8 | b) * 0x9E3779B97F4A7C15 % 2**64:016x}" for b in range(BANDS))
    made = DistillationSignature(
        extension_type="property-extension", schema_version=1, pattern="extraction", category="grading",
        grade="inferred", first_seen="2026-05-04T00:00:00.000Z", last_seen="2026-05-05T00:00:00.000Z",
        scale=Scale(accounts=64, events=512, days=1), structure=Structure(input_tokens=128, output_tokens=512),
        template=Template(
            scheme="minhash128-words3-bands32x4-siphash24", epoch="0123456789abcdef", bands=bands, agree_min=2
        ),
    )  # fmt: skip
    made = msgspec.structs.replace(made, vectors=vectors(made))
    return stix.indicator(
        made, ("AML.T0024.002",), id_=stix.object_id("indicator", b"b", str(n)), member=member, hours=494_000,
        valid_days=30, confidence=50, tlp="amber",
    )  # fmt: skip


def gated(count: int) -> dict[str, Any]:
    """Posting `count` distillation signatures through the full gate."""
    with tempfile.TemporaryDirectory() as place:
        folder, key, identity = (
            Path(place) / "hub",
            signing.new_key(),
            stix.object_id("identity", b"b", "member"),
        )
        hub_members.init(folder, "Benchmark", "benchmark.example/log")
        hub = Hub(folder, [signatures_only])
        jwk, rights = signing.public_jwk(key), {"signatures": (True, True)}
        hub_members.add(hub, "quill", "Quill", Level(3, 3), rights, jwk, identity=identity)
        member, grant = hub.store.member("quill"), hub.store.grant("quill", "signatures")
        assert member is not None and grant is not None
        spent, size, checks = [], 0, list[float]()
        for first in range(0, count, BATCH):
            held = [distillation(n, identity) for n in range(first, first + BATCH)]
            body = msgspec.json.encode(
                {"objects": held, "x_signatures": [signing.sign(o, key) for o in held]}
            )
            size = len(body) // BATCH
            started = time.process_time()
            status = hub.post(member, grant, body)
            spent.append(time.process_time() - started)
            assert b'"failure_count":0' in status, status[:500]
            checks.append(checked_s(held))
        hub.close()
    return {
        "gated_objects": count,
        "gated_object_bytes": size,
        "gated_post_objects_per_cpu_s": round(count / sum(spent)),
        "gated_post_best_batch_per_cpu_s": round(BATCH / min(spent)),
        "gated_signature_check_us": round(statistics.median(checks) * 1e6, 1),
        "gated_over_signature_check": round(statistics.median(spent) / BATCH / statistics.median(checks), 2),
    }


def checked_s(objects: list[dict[str, Any]]) -> float:
    """CPU seconds of one Ed25519 check of what is signed of an object (its canonical form in base64), nothing else."""
    private = Ed25519PrivateKey.generate()
    texts = [base64.urlsafe_b64encode(signing.canonical(o)) for o in objects]
    pairs = [(private.sign(text), text) for text in texts]
    public = private.public_key()
    started = time.process_time()
    for signature, text in pairs:
        public.verify(signature, text)
    return (time.process_time() - started) / len(pairs)


async def wall_ms(app: Any, authorization: str, queries: list[str]) -> list[float]:
    """Wall milliseconds of each GET."""
    took = []
    for query in queries:
        started = time.perf_counter()
        await cpu_ms(app, authorization, OBJECTS, query, 1)
        took.append((time.perf_counter() - started) * 1e3)
    return sorted(took)


async def cpu_ms(app: Any, authorization: str, path: str, query: str, times: int) -> float:
    """CPU milliseconds of one GET, the mean of `times`."""
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "", "scheme": "http",
        "query_string": query.encode(), "headers": [(b"authorization", authorization.encode())],
        "http_version": "1.1", "asgi": {"version": "3.0"}, "client": None, "server": None,
    }  # fmt: skip
    started_with: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            started_with.append(message["status"])

    started = time.process_time()
    for _ in range(times):
        await app(dict(scope), receive, send)
    took = time.process_time() - started
    assert set(started_with) == {200}, started_with
    return round(took / times * 1e3, 3)


def main(count: int) -> None:
    """Post, read pages at the start and at the end, poll."""
    with tempfile.TemporaryDirectory() as place:
        folder, key = Path(place) / "hub", signing.new_key()
        hub_members.init(folder, "Benchmark", "benchmark.example/log")
        hub = Hub(folder)
        jwk, rights = signing.public_jwk(key), {"signatures": (True, True)}
        secret = hub_members.add(hub, "quill", "Quill", Level(3, 3), rights, jwk).secret
        member, grant = hub.store.member("quill"), hub.store.grant("quill", "signatures")
        assert member is not None and grant is not None
        spent = 0.0
        for first in range(0, count, BATCH):
            body = envelope(first, key)
            started = time.process_time()
            status = hub.post(member, grant, body)
            spent += time.process_time() - started
            assert b'"failure_count":0' in status, status[:500]
        app = served(hub, Door("", limits=UNLIMITED))
        basic = "Basic " + base64.b64encode(f"quill:{secret}".encode()).decode()
        queries = {
            "page_1000_last_cpu_ms": ("limit=1000", 20),
            "page_1000_all_versions_cpu_ms": ("limit=1000&match[version]=all", 20),
            "page_1000_first_version_cpu_ms": ("limit=1000&match[version]=first", 20),
            "empty_poll_cpu_ms": ("added_after=2100-01-01T00:00:00Z", 1000),
        }
        row: dict[str, Any] = {
            "objects": count,
            "object_bytes": len(msgspec.json.encode(indicator(0))),
            "post_objects_per_cpu_s": round(count / spent),
            "file_bytes_per_object": round(sum(f.stat().st_size for f in folder.iterdir()) / count),
        }
        for name, (query, times) in queries.items():
            row[name] = asyncio.run(cpu_ms(app, basic, OBJECTS, query, times))
        added = [row[0] for row in hub.store.reading.execute("SELECT added FROM object ORDER BY added")]
        some = added[:: max(1, count // PAGES)]
        gc.freeze()  # as the command does
        walls = asyncio.run(wall_ms(app, basic, [f"limit=1000&next={cursor(at)}" for at in some]))
        row["page_1000_p50_ms"] = round(walls[len(walls) // 2], 2)
        row["page_1000_p99_ms"] = round(walls[int(len(walls) * 0.99)], 2)
        row["checkpoint_cpu_ms"] = asyncio.run(cpu_ms(app, basic, "/exchange/log/checkpoint", "", 200))
        hub.close()
    row |= gated(min(count, GATED))
    print(row, flush=True)
    keep("hub", f"python -m benchmarks.hub {count}", {"rows": [row]})


if __name__ == "__main__":
    main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 100_000)
