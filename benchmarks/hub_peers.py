"""The hub as a process of its own, under a stock client, beside other TAXII 2.1 servers on the same work.

    python -m benchmarks.hub_peers [OBJECTS] [MEDALLION] [OPENTAXII] [N]

The stock client (taxii2-client) walks OBJECTS indicators of 1 kB, 1,000 a page, over loopback; both processes are on one
machine, and the figures say how much CPU time each took. MEDALLION and OPENTAXII are interpreters of environments that have that
server installed, or '-'; beside each, ours gets the same objects posted, 100 a request, and is asked for one page of 100 and one empty poll,
several times. Ratios are of CPU time of the server.

medallion 3.0.0 (OASIS, its store in memory) copies its whole store for each question, so it gets MEDALLION_OBJECTS whatever is
asked. OpenTAXII (EclecticIQ, SQLite, a token of its own as credential) gets N. Its release 0.9.3 stores what is posted and
answers 500, because the UUID of the status is not serialised, serves the type as `spec_version`, and (with SQLAlchemy 2.1) takes
100 s of CPU for a page of 100 out of 10,000; 0.10.0b1 does none of this. `post_refused` counts requests that were not answered 202
with every object taken in; the page and the poll are asked all the same.
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
MEDALLION_OBJECTS, PEER_BATCH = 500, 100
POLLS = {"ours": 500, "medallion": 3, "opentaxii": 50}
MEDALLION = """
import json, logging, sys
from medallion import load_app
from werkzeug.serving import make_server
server = make_server("127.0.0.1", 0, load_app(sys.argv[1]))
logging.disable(logging.CRITICAL)
print("port", server.port, file=sys.stderr, flush=True)
server.serve_forever()
"""


OPENTAXII = """
import json, logging, os, sys
folder = sys.argv[1]
database = lambda name: {"db_connection": f"sqlite:///{folder}/{name}.db", "create_tables": True}
auth = {"class": "opentaxii.auth.sqldb.SQLDatabaseAPI", "parameters": {**database("auth"), "secret": "s" * 32}}
store = {"class": "opentaxii.persistence.sqldb.Taxii2SQLDatabaseAPI", "parameters": database("data")}
taxii2 = {"title": "t", "max_content_length": 1 << 24, "persistence_api": store}
quiet = {"opentaxii": "error", "root": "error"}
config = {"domain": "127.0.0.1", "auth_api": auth, "taxii1": None, "taxii2": taxii2, "logging": quiet}
os.environ["OPENTAXII_CONFIG"] = f"{folder}/config.yml"
with open(os.environ["OPENTAXII_CONFIG"], "w") as file:
    json.dump(config, file)
from opentaxii.http import app
from werkzeug.serving import make_server
with app.app_context():
    app.taxii_server.auth.api.create_account(username="quill", password="secret")
    token = app.taxii_server.auth.authenticate(username="quill", password="secret")
    api = app.taxii_server.servers.taxii2.persistence.api
    root = api.add_api_root(title="t", default=True)
    held = api.add_collection(api_root_id=root.id, title="t", is_public=True, is_public_write=True)
logging.disable(logging.CRITICAL)
server = make_server("127.0.0.1", 0, app)
token = token.decode() if isinstance(token, bytes) else token
print("token", token, file=sys.stderr)
print("path", f"/taxii2/{root.id}/collections/{held.id}/", file=sys.stderr)
print("port", server.port, file=sys.stderr, flush=True)
server.serve_forever()
"""


class Server:
    """A server process, its port and what else it told, and the CPU seconds it has taken."""

    def __init__(self, *command: object) -> None:
        self._process = subprocess.Popen([str(c) for c in command], stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        self.said = dict[str, str]()
        found = None
        while found is None:
            line = self._process.stderr.readline()
            assert line, "the server ended"
            name, _, value = line.strip().partition(" ")
            self.said[name] = value
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


def basic(secret: str) -> str:
    """The credential of a member with a secret."""
    return "Basic " + base64.b64encode(f"quill:{secret}".encode()).decode()


def asked(
    server: Server, credential: str, method: str, path: str, body: bytes | None = None
) -> tuple[int, bytes]:
    """Status and body of the answer."""
    headers = {"Authorization": credential, "Accept": MEDIA, **({"Content-Type": MEDIA} if body else {})}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    held = answer.read()
    connection.close()
    assert method == "POST" or answer.status == 200, (answer.status, held[:300])
    return answer.status, held


def lone(n: int) -> dict[str, Any]:
    """An indicator under an id of its own, in the form of a random UUID, which OpenTAXII insists on."""
    return indicator(n) | {"id": f"indicator--00000000-0000-4000-8000-{n:012d}"}


def same_work(server: Server, credential: str, path: str, count: int, polls: int) -> dict[str, float]:
    """CPU milliseconds of the server: an object posted, a page of 100, an empty poll; and posts that were refused."""
    took, refused = dict[str, float](), 0
    before = server.cpu_s()
    for first in range(0, count, PEER_BATCH):
        held = [lone(n) for n in range(first, first + PEER_BATCH)]
        body = msgspec.json.encode({"objects": held})
        status, told = asked(server, credential, "POST", f"{path}objects/", body)
        refused += status != 202 or json.loads(told)["success_count"] < PEER_BATCH
    took["post_object_ms"] = (server.cpu_s() - before) / count * 1e3
    for name, query in (
        ("page_100_ms", "limit=100"),
        ("empty_poll_ms", "added_after=2100-01-01T00:00:00.000Z"),
    ):
        before = server.cpu_s()
        for _ in range(polls):
            asked(server, credential, "GET", f"{path}objects/?{query}")
        took[name] = (server.cpu_s() - before) / polls * 1e3
    return took | {"post_refused": refused}


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
        held = [lone(n) for n in range(first, first + BATCH)]
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


def medallion(folder: Path, python: str, count: int) -> dict[str, float]:
    """The same work at the server of OASIS."""
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
    (folder / "peer.py").write_text(MEDALLION)
    server = Server(python, folder / "peer.py", folder / "config.json")
    try:
        return same_work(
            server, basic("secret"), f"/root/collections/{collection}/", count, POLLS["medallion"]
        )
    finally:
        server.end()


def opentaxii(folder: Path, python: str, count: int) -> dict[str, float]:
    """The same work at the server of EclecticIQ."""
    (folder / "peer.py").write_text(OPENTAXII)
    server = Server(python, folder / "peer.py", folder)
    try:
        token, path = f"Bearer {server.said['token']}", server.said["path"]
        return same_work(server, token, path, count, POLLS["opentaxii"])
    finally:
        server.end()


def beside(place: Path, name: str, python: str, count: int) -> dict[str, Any]:
    """Ours and the other server, each alone, and how much more CPU time the other took."""
    work, mine_at, other_at = (
        {"medallion": medallion, "opentaxii": opentaxii}[name],
        place / "ours",
        place / name,
    )
    other_at.mkdir(parents=True)
    server, secret, hub = ours(mine_at)
    mine = same_work(server, basic(secret), "/forum/collections/signatures/", count, POLLS["ours"])
    server.end()
    hub.close()
    assert not mine.pop("post_refused")
    other = work(other_at, python, count)
    row: dict[str, Any] = {
        "beside": name,
        "objects": count,
        "other_post_refused": int(other.pop("post_refused")),
    }
    for figure in mine:
        row[f"ours_{figure}"] = round(mine[figure], 3)
        row[f"other_{figure}"] = round(other[figure], 3)
        ratio = other[figure] / max(mine[figure], 1e-3)
        row[f"other_over_ours_{figure.removesuffix('_ms')}"] = round(ratio, 1)
    return row


def main(count: int, pythons: dict[str, str], peer_objects: int) -> None:
    """Measure, print, keep."""
    rows, peers = list[dict[str, Any]](), list[dict[str, Any]]()
    with tempfile.TemporaryDirectory() as place:
        rows.append(walk(Path(place) / "walk", count))
        print(rows[-1], flush=True)
        for name, python in pythons.items():
            if python != "-":
                size = MEDALLION_OBJECTS if name == "medallion" else peer_objects
                peers.append(beside(Path(place) / f"beside-{name}", name, python, size))
                print(peers[-1], flush=True)
    named = " ".join("-" if python == "-" else "PYTHON" for python in pythons.values())
    keep(
        "hub_peers",
        f"python -m benchmarks.hub_peers {count} {named} {peer_objects}",
        {"rows": rows, "peers": peers},
    )


if __name__ == "__main__":
    given = [*sys.argv[1:], *("100000", "-", "-", "10000")[len(sys.argv) - 1 :]]
    main(int(given[0]), {"medallion": given[1], "opentaxii": given[2]}, int(given[3]))
