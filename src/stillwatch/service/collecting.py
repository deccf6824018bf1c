"""Asking the endpoints of a plan: what it may cost, then every prompt once, a bounded number at a time, resumable."""

from __future__ import annotations

import datetime as dt
import heapq
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stillwatch.comparison.plan import Plan, digest
from stillwatch.errors import ConfigError, RemoteError, StillwatchError
from stillwatch.outputs.asking import Reply, ask
from stillwatch.outputs.collection import (
    Answered,
    Asked,
    Collection,
    Missed,
    deadline,
    folded,
    requests,
    settled,
)
from stillwatch.outputs.endpoint import Cost, Endpoint, check, cost, key_of
from stillwatch.storage.answers import AnswerJournal, journal_path
from stillwatch.telemetry import Progress, silent

RETRY_AFTER_S_MAX = 600.0
PAUSE_S_MAX = 60.0
FAILURES_MAX, BUSY_MAX = 25, 20
"""Requests in a row, with no answer between them, after which a run gives up until it is started again."""
Ask = Callable[[Endpoint, str | None, str], Reply]


@dataclass(frozen=True, slots=True)
class Collected:
    """What asking one model gave; answers: (prompt, output) of those that count."""

    told: Collection
    answers: list[tuple[str, str]]


def costs(plan: Plan, folder: Path, prices: tuple[float | None, float | None] = (None, None)) -> list[Cost]:
    """What is still to be asked of every endpoint. Raises ConfigError (changed plan, no key), StorageError."""
    _intact(plan)
    out = []
    for name, endpoint in sorted(plan.endpoints.items()):
        check(endpoint, f"endpoint of {name}")
        key_of(endpoint)
        with AnswerJournal.opened(journal_path(folder, name), plan.hash, name) as journal:
            done = settled(journal.lines)
            left = [p for i, p in enumerate(plan.prompts) if i not in done]
            out.append(cost(name, endpoint, left, requests(journal.lines), prices))
    return out


def collect(
    plan: Plan, folder: Path, *, offline: bool = False, progress: Progress | None = None, pause_s: float = 1.0,
    ask_one: Ask = ask,
) -> list[Collected]:  # fmt: skip
    """Ask every endpoint what it has not answered yet. pause_s: first wait after a failure, doubled each time;
    offline: ask nobody, only read what is there.

    Raises ConfigError, StorageError, UsageError (another run). What the network and the services do ends a run
    early at most (`Collection.stopped`); RemoteError only when one of them never gave anything.
    """
    _intact(plan)
    out = []
    for name, endpoint in sorted(plan.endpoints.items()):
        check(endpoint, f"endpoint of {name}")
        path, stopped = journal_path(folder, name), None
        with AnswerJournal.opened(path, plan.hash, name) as journal:
            if not offline:
                key = key_of(endpoint)
                stopped = _Asking(
                    plan, name, endpoint, key, journal, progress or silent, pause_s, ask_one
                ).run()
            told, used = folded(
                journal.lines, endpoint, model=name, planned=len(plan.prompts), stopped=stopped, file=path.name,
                sha256=journal.digest(),
            )  # fmt: skip
        if not offline and not told.answered and not told.withheld:
            why = stopped or f"no prompt was answered: {', '.join(told.failed)}"
            raise RemoteError(
                why, where=f"endpoint of {name}", hint="correct it and run the same command again"
            )
        out.append(Collected(told, [(plan.prompts[i], text) for i, text in used.items()]))
    return out


def _intact(plan: Plan) -> None:
    if plan.hash != digest(plan):
        raise ConfigError(
            "the plan was changed after it was hashed",
            where=plan.hash[:16],
            hint="write a new plan; nothing is asked under this one",
        )


class _Asking:
    """One run over one endpoint: a heap of prompts by the time they may be asked, and workers that take from it."""

    def __init__(
        self, plan: Plan, name: str, endpoint: Endpoint, key: str | None, journal: AnswerJournal, progress: Progress,
        pause_s: float, ask_one: Ask,
    ) -> None:  # fmt: skip
        self._endpoint, self._key, self._journal, self._ask = endpoint, key, journal, ask_one
        self._prompts, self._stage, self._progress, self._pause_s = (
            plan.prompts,
            f"asking {name}",
            progress,
            pause_s,
        )
        self._change = threading.Condition()
        self._done = settled(journal.lines)
        order = [i for i in range(len(plan.prompts)) if i not in self._done]
        # an order of its own, or a model that changes half-way would change between two halves of the alphabet
        random.Random(plan.hash + name).shuffle(order)
        self._waiting = [(0.0, place, prompt) for place, prompt in enumerate(order)]
        self._tries: dict[int, int] = {}
        self._left = (endpoint.queries_max or 0) - requests(journal.lines)
        self._resume_at, self._flying, self._failures, self._busy = 0.0, 0, 0, 0
        self._stopped: str | None = None
        self._error: StillwatchError | None = None

    def run(self) -> str | None:
        """Ask until nothing is left or nothing can be done; why it ended early, if it did."""
        workers = [
            threading.Thread(target=self._work, daemon=True) for _ in range(self._endpoint.concurrency)
        ]
        for worker in workers:
            worker.start()
        try:
            for worker in workers:
                while worker.is_alive():
                    worker.join(0.2)
                    self._progress(self._stage, len(self._done), len(self._prompts))
        except BaseException:
            # daemon threads: what they still receive is dropped, since the journal closes
            with self._change:
                self._stopped = "interrupted"
                self._change.notify_all()
            raise
        if self._error is not None:
            raise self._error
        return self._stopped

    def _work(self) -> None:
        while (prompt := self._next()) is not None:
            try:
                self._journal.append(Asked(prompt=prompt, at=_now()))
                self._take(prompt, self._ask(self._endpoint, self._key, self._prompts[prompt]))
            except StillwatchError as error:
                with self._change:
                    self._error, self._stopped = error, error.message
                    self._flying -= 1
                    self._change.notify_all()

    def _next(self) -> int | None:
        """The next prompt that may be asked, waiting for it; None when this worker is done."""
        with self._change:
            while True:
                if self._stopped is not None or not (self._waiting or self._flying):
                    return None
                self._may_go_on()
                if self._stopped is not None:
                    return None
                ready = max(self._waiting[0][0], self._resume_at) if self._waiting else float("inf")
                delay = ready - time.monotonic()
                if self._waiting and delay <= 0:
                    self._flying += 1
                    self._left -= 1
                    return heapq.heappop(self._waiting)[2]
                self._change.wait(min(delay, 1.0))

    def _may_go_on(self) -> None:
        if not self._waiting:
            return
        end = deadline(self._journal.lines[:2], self._endpoint)
        if self._left <= 0:
            self._stop(f"the plan's budget of {self._endpoint.queries_max or 0:,} requests is spent")
        elif end is not None and dt.datetime.now(dt.UTC) > end:
            self._stop(f"the plan's window of {self._endpoint.window_h:g} hours is over")

    def _stop(self, why: str) -> None:
        self._stopped = self._stopped or why
        self._change.notify_all()

    def _take(self, prompt: int, reply: Reply) -> None:
        if reply.kind == "answer":
            self._journal.append(
                Answered(
                    prompt=prompt, at=_now(), output=reply.output, served=reply.served, fingerprint=reply.fingerprint,
                    cut=reply.cut, tokens=reply.tokens,
                )
            )  # fmt: skip
        else:
            final = reply.kind == "withheld"
            self._journal.append(Missed(prompt=prompt, at=_now(), reason=reply.reason, final=final))
        with self._change:
            self._flying -= 1
            if reply.kind in ("answer", "withheld"):
                self._done.add(prompt)
                self._failures = self._busy = 0
            elif reply.kind == "closed":
                self._stop(reply.reason)
            elif reply.kind == "busy":
                self._wait(prompt, reply)
            else:
                self._again(prompt, reply)
            self._change.notify_all()

    def _wait(self, prompt: int, reply: Reply) -> None:
        """Everybody waits as long as the service says; a prompt that met a full house has not been tried."""
        self._busy += 1
        wait = reply.wait_s if reply.wait_s is not None else self._pause(self._busy)
        if wait > RETRY_AFTER_S_MAX:
            self._stop(f"{reply.reason}: the service asks to come back in {wait:,.0f} seconds")
        elif self._busy > BUSY_MAX:
            self._stop(f"{reply.reason} {self._busy} times in a row")
        self._resume_at = max(self._resume_at, time.monotonic() + wait)
        heapq.heappush(self._waiting, (0.0, -1, prompt))

    def _again(self, prompt: int, reply: Reply) -> None:
        self._failures += 1
        tries = self._tries[prompt] = self._tries.get(prompt, 0) + 1
        if self._failures >= FAILURES_MAX:
            self._stop(f"{self._failures} requests in a row failed, the last: {reply.reason}")
        if tries < self._endpoint.attempts:
            heapq.heappush(self._waiting, (time.monotonic() + self._pause(tries), tries, prompt))

    def _pause(self, times: int) -> float:
        return min(PAUSE_S_MAX, self._pause_s * 2.0 ** (times - 1))


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def unfinished(found: Sequence[Collection]) -> bool:
    """Whether a run ended before everything was asked."""
    return any(c.stopped for c in found)
