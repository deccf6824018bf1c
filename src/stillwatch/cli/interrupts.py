"""Ctrl-C and polite kills that are neither lost nor left hanging in the libraries underneath."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

AGAIN_S = 0.05
_COMPILER = ("numba", "llvmlite")
_POLITE = tuple(number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)))


@dataclass(slots=True)
class Asked:
    """What asked the program to end: number of the first signal, 0 for none; times, how many signals did."""

    number: int = 0
    times: int = 0


@contextmanager
def interruptible() -> Iterator[Asked]:
    """Raise KeyboardInterrupt, and raise it again every AGAIN_S until it is being handled; for SIGTERM and SIGHUP as
    well, so that what was begun is cleared away. Who ignores these (`nohup`) or handles them is left to it.

    Compiled code may clear an exception that it does not expect (an import inside it, a look-up), and the interrupt
    with it. While a kernel is compiled or loaded none is raised: it would leave the compiler's lock locked. A second
    Ctrl-C is raised wherever it comes. Nothing changes outside the main thread, where another handler of the interrupt
    or the timer was set, and on systems without timers.
    """
    asked = Asked()
    if not _free():
        yield asked
        return

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        asked.times += number != signal.SIGALRM
        asked.number = asked.number or number
        signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
        insisted = number != signal.SIGALRM and asked.times > 1
        if insisted or not (_handled() or _compiling(frame)):
            raise KeyboardInterrupt

    polite = [number for number in _POLITE if signal.getsignal(number) is signal.SIG_DFL]
    alarm = signal.signal(signal.SIGALRM, on_interrupt)
    before = {number: signal.signal(number, on_interrupt) for number in (signal.SIGINT, *polite)}
    try:
        yield asked
    finally:
        # In this order: a timer that an interrupt sets meanwhile must find its handler.
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, alarm)


def _free() -> bool:
    """Whether signals are handled in this thread, with timers, and nobody has use for the two that are needed."""
    return (
        threading.current_thread() is threading.main_thread()
        and hasattr(signal, "setitimer")
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        and signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    )


def _handled() -> bool:
    """Whether a KeyboardInterrupt is what an except or finally block at work is there for."""
    error = sys.exc_info()[1]
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _compiling(frame: FrameType | None) -> bool:
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] in _COMPILER:
            return True
        frame = frame.f_back
    return False
