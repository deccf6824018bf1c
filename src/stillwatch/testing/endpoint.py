"""A chat service on this machine that behaves as it is told, badly too: for tests, and to rehearse a run for free."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Behaviour:
    """What the service does with one request: wait, then send a status, headers and a body in a certain way.

    drip_s: seconds between single bytes of the body; announced: bytes the head promises beyond those sent.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    stall_s: float = 0.0
    drip_s: float = 0.0
    announced: int = 0
    hang_up: bool = False


def said(
    text: str | None, *, model: str = "rival-1", fingerprint: str | None = None, finish: str = "stop", refusal: str | None = None
) -> Behaviour:  # fmt: skip
    """A well-formed chat completion."""
    body = {
        "model": model,
        "system_fingerprint": fingerprint,
        "choices": [{"message": {"content": text, "refusal": refusal}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7},
    }
    return Behaviour(body=json.dumps(body).encode())


@dataclass
class Service:
    """A running service. asked: the prompts in the order they came, with the time on the monotonic clock; keys: the
    Authorization headers. most_at_once: requests at once whose answer had not begun; they overlap where it stalls."""

    url: str
    asked: list[tuple[str, float]] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)
    most_at_once: int = 0
    _now: int = 0

    @property
    def prompts(self) -> list[str]:
        """The prompts alone."""
        return [prompt for prompt, _ in self.asked]


@contextmanager
def serving(behave: Callable[[str, int], Behaviour]) -> Iterator[Service]:
    """A service on a free port; behave: (prompt, how many requests came before) -> what to do."""
    lock, over = threading.Lock(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def do_POST(self) -> None:
            """Note it, then behave."""
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompt = asked["messages"][-1]["content"]
            with lock:
                number = len(service.asked)
                service.asked.append((prompt, time.monotonic()))
                service.keys.add(self.headers.get("Authorization"))
                service._now += 1
                service.most_at_once = max(service.most_at_once, service._now)
            try:
                told = behave(prompt, number)
                over.wait(told.stall_s)
            finally:
                # Before the answer leaves: whoever has it may ask again sooner than this thread goes on.
                with lock:
                    service._now -= 1
            with contextlib.suppress(OSError):
                self._answer(told)

        def _answer(self, told: Behaviour) -> None:
            if told.hang_up:
                return
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body) + told.announced))
            self.end_headers()
            if not told.drip_s:
                self.wfile.write(told.body)
                return
            for byte in told.body:
                if over.wait(told.drip_s):
                    return
                self.wfile.write(bytes([byte]))
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service = Service(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
