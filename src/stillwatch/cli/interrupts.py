"""Ctrl-C that is neither lost nor left hanging in the libraries underneath."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN_S = 0.05
_COMPILER = ("numba", "llvmlite")


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise KeyboardInterrupt, and raise it again every AGAIN_S until it is being handled.

    Compiled code may clear an exception that it does not expect (an import inside it, a look-up), and the interrupt
    with it. While a kernel is compiled or loaded none is raised: it would leave the compiler's lock locked. A second
    Ctrl-C is raised wherever it comes. Nothing changes outside the main thread, where another handler was set, and
    on systems without timers.
    """
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    main = threading.current_thread() is threading.main_thread()
    if not (usual and main and hasattr(signal, "setitimer")):
        yield
        return
    asked = 0

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked += number == signal.SIGINT
        signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
        insisted = number == signal.SIGINT and asked > 1
        if insisted or not (_handled() or _compiling(frame)):
            raise KeyboardInterrupt

    before = {n: signal.signal(n, on_interrupt) for n in (signal.SIGINT, signal.SIGALRM)}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


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
