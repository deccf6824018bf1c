"""The hub as a process of its own, under a stock client, beside another TAXII 2.1 server on the same work.

    python -m benchmarks.hub_peers [OBJECTS] [PYTHON]

The stock client (taxii2-client) walks OBJECTS indicators of 1 kB, 1,000 a page, over loopback; both processes are on one
machine, and the figures say how much CPU time each took. PYTHON is the interpreter of an environment that has medallion
3.0.0 (the server of OASIS, its store in memory) installed: then both servers get the same PEER_OBJECTS posted, 100 a request,
and one page of 100 and one empty poll are asked of each. Ratios are of CPU time of the server.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
from taxii2client.v21 import Collection, as_pages

from benchmarks.hub import BATCH, indicator
from benchmarks.worlds import keep
from stillwatch.exchange.markings import Level
from stillwatch.service import hub_members
from stillwatch.service.hub import Hub

MEDIA = "application/taxii+json;version=2.1"
PEER_OBJECTS, PEER_BATCH, POLLS, PEER_POLLS = 500, 100, 500, 3
PEER = """
import json, logging, sys
from medallion import load_app
from werkzeug.serving import make_server
server = make_server("127.0.0.1", 0, load_app(sys.argv[1]))
logging.disable(logging.CRITICAL)
print("port", server.port, file=sys.stderr, flush=True)
server.serve_forever()
"""


class Server:
    """A server process, its port as it told it, and the CPU seconds it has taken."""

    def __init__(self, *command: object) -> None:
        self._process = subprocess.Popen([str(c) for c in command], stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        found = None
        while found is None:
            line = self._process.stderr.readline()
            assert line, "the server ended"
            found = re.search(r"port (\d+)", line)
        self.port = int(found[1])

    def cpu_s(self) -> float:
        """User and system time so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait(20)


def asked(server: Server, secret: str, method: str, path: str, body: bytes | None = None) -> bytes:
    """The body of a good answer."""
    basic = "Basic " + base64.b64encode(f"quill:{secret}".encode()).decode()
    headers = {"Authorization": basic, "Accept": MEDIA, **({"Content-Type": MEDIA} if body else {})}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    held = answer.read()
    connection.close()
    assert answer.status in (200, 202), (answer.status, held[:300])
    return held


def same_work(server: Server, secret: str, path: str, polls: int) -> dict[str, float]:
    """CPU milliseconds of the server: an object posted, a page of 100, an empty poll."""
    took = {}
    before = server.cpu_s()
    for first in range(0, PEER_OBJECTS, PEER_BATCH):
        held = [indicator(n) for n in range(first, first + PEER_BATCH)]
        asked(server, secret, "POST", f"{path}objects/", msgspec.json.encode({"objects": held}))
    took["post_object_ms"] = (server.cpu_s() - before) / PEER_OBJECTS * 1e3
    for name, query in (("page_100_ms", "limit=100"), ("empty_poll_ms", "added_after=2100-01-01T00:00:00Z")):
        before = server.cpu_s()
        for _ in range(polls):
            asked(server, secret, "GET", f"{path}objects/?{query}")
        took[name] = (server.cpu_s() - before) / polls * 1e3
    return took


def ours(folder: Path) -> tuple[Server, str, Hub]:
    """A served hub whose member may post unsigned, as a plain TAXII tool would."""
    hub_members.init(folder, "Benchmark", "benchmark.example/log")
    hub = Hub(folder)
    secret = hub_members.add(hub, "quill", "Quill", Level(3, 3), {"signatures": (True, True)}, None).secret
    command = (sys.executable, "-m", "stillwatch", "exchange", "hub", "--data", folder, "--gate", "stix")
    return Server(*command, "--listen", "127.0.0.1:0"), secret, hub


def walk(folder: Path, count: int) -> dict[str, Any]:
    """A stock client reads everything."""
    server, secret, hub = ours(folder)
    member, grant = hub.store.member("quill"), hub.store.grant("quill", "signatures")
    assert member is not None and grant is not None
    for first in range(0, count, BATCH):
        held = [
            indicator(n) | {"id": f"indicator--00000000-0000-4000-8000-{n:012d}"}
            for n in range(first, first + BATCH)
        ]
        hub.post(member, grant, msgspec.json.encode({"objects": held}))
    hub.close()
    url = f"http://127.0.0.1:{server.port}/forum/collections/{grant.collection}/"
    client = Collection(url, user="quill", password=secret)
    before, own, started = server.cpu_s(), time.process_time(), time.perf_counter()
    seen = sum(len(page["objects"]) for page in as_pages(client.get_objects, per_request=1000))
    took = time.perf_counter() - started
    row = {
        "walk_objects": seen, "walk_s": round(took, 2), "walk_client_cpu_s": round(time.process_time() - own, 2),
        "walk_server_cpu_s": round(server.cpu_s() - before, 2),
    }  # fmt: skip
    server.end()
    assert seen == count, seen
    return row


def peer(folder: Path, python: str) -> dict[str, float]:
    """The same work at the other server."""
    collection = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
    data = {
        "/discovery": {"title": "t", "default": "http://127.0.0.1/root/", "api_roots": ["http://127.0.0.1/root/"]},
        "root": {
            "information": {"title": "t", "versions": [MEDIA], "max_content_length": 1 << 24},
            "status": [],
            "collections": [{
                "id": collection, "title": "t", "can_read": True, "can_write": True,
                "media_types": ["application/stix+json;version=2.1"], "objects": [], "manifest": [],
            }],
        },
    }  # fmt: skip
    backend = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend"}
    config = {
        "backend": {**backend, "filename": str(folder / "peer.json")}, "users": {"quill": "secret"},
        "taxii": {"max_page_size": 1000},
    }  # fmt: skip
    (folder / "peer.json").write_text(json.dumps(data))
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "peer.py").write_text(PEER)
    server = Server(python, folder / "peer.py", folder / "config.json")
    try:
        return same_work(server, "secret", f"/root/collections/{collection}/", PEER_POLLS)
    finally:
        server.end()


def main(count: int, python: str | None) -> None:
    """Measure, print, keep."""
    with tempfile.TemporaryDirectory() as place:
        row = walk(Path(place) / "walk", count)
        if python:
            server, secret, hub = ours(Path(place) / "hub")
            mine = same_work(server, secret, "/forum/collections/signatures/", POLLS)
            server.end()
            hub.close()
            other = peer(Path(place), python)
            for name in mine:
                row[f"ours_{name}"] = round(mine[name], 3)
                row[f"other_{name}"] = round(other[name], 3)
                row[f"other_over_ours_{name.removesuffix('_ms')}"] = round(
                    other[name] / max(mine[name], 1e-3), 1
                )
    print(row, flush=True)
    keep("hub_peers", f"python -m benchmarks.hub_peers {count} PYTHON", {"rows": [row]})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, sys.argv[2] if len(sys.argv) > 2 else None)
