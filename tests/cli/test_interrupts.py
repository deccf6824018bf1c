"""Ctrl-C reaches the program although the libraries underneath swallow it, and spares the compiler's lock."""

import os
import signal
import time
from types import FunctionType

import pytest

from stillwatch.cli.interrupts import interruptible

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers")


@pytest.fixture(autouse=True)
def usual_handlers():
    """What runs these tests may ignore Ctrl-C."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGALRM: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def in_library(name, function):
    """The function as if a module of the given name had defined it."""
    return FunctionType(function.__code__, {**function.__globals__, "__name__": name}, function.__name__)


def interrupt_and_swallow():
    """True if the interrupt was raised here, where nobody hears of it."""
    try:
        os.kill(os.getpid(), signal.SIGINT)
        end = time.monotonic() + 0.2
        while time.monotonic() < end:
            pass
    except KeyboardInterrupt:
        return True
    return False


def insist():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0)
    return "was not raised"


def wait():
    end = time.monotonic() + 10
    while time.monotonic() < end:
        pass


def test_an_interrupt_that_a_library_swallows_is_raised_again():
    swallowed = False
    with pytest.raises(KeyboardInterrupt), interruptible():
        swallowed = interrupt_and_swallow()
        wait()
    assert swallowed


def test_no_interrupt_is_raised_while_a_kernel_is_compiled_and_one_right_after():
    raised = None
    with pytest.raises(KeyboardInterrupt), interruptible():
        raised = in_library("llvmlite.binding.ffi", interrupt_and_swallow)()
        wait()
    assert raised is False


def test_a_second_interrupt_is_raised_wherever_it_comes():
    with pytest.raises(KeyboardInterrupt), interruptible():
        in_library("numba.core.dispatcher", insist)()


def test_cleaning_up_after_an_interrupt_is_not_interrupted():
    cleaned = False
    with pytest.raises(KeyboardInterrupt), interruptible():
        try:
            os.kill(os.getpid(), signal.SIGINT)
            wait()
        finally:
            time.sleep(0.2)
            cleaned = True
    assert cleaned


def test_handlers_and_the_timer_are_put_back():
    before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGALRM)]
    with interruptible():
        assert signal.getsignal(signal.SIGINT) is not before[0]
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGALRM)] == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_another_handler_of_ctrl_c_is_left_alone():
    def own(number, frame):
        raise AssertionError("not called here")

    before = signal.signal(signal.SIGINT, own)
    try:
        with interruptible():
            assert signal.getsignal(signal.SIGINT) is own
    finally:
        signal.signal(signal.SIGINT, before)
