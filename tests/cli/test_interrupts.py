"""Ctrl-C and polite kills reach the program although libraries swallow them, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from types import FunctionType

import pytest

from stillwatch.cli.interrupts import interruptible

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers")


@pytest.fixture(autouse=True)
def usual_handlers():
    """What runs these tests may ignore Ctrl-C."""
    default = dict.fromkeys((signal.SIGALRM, signal.SIGTERM, signal.SIGHUP), signal.SIG_DFL)
    usual = default | {signal.SIGINT: signal.default_int_handler}
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
    numbers = (signal.SIGINT, signal.SIGALRM, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(n) for n in numbers]
    with interruptible():
        assert all(signal.getsignal(n) is not was for n, was in zip(numbers, before, strict=True))
    assert [signal.getsignal(n) for n in numbers] == before
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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_what_asked_to_end_is_told(number):
    with interruptible() as asked, pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
        wait()
    assert asked.number == number


def test_a_hang_up_that_is_ignored_stays_ignored():
    """As under `nohup`."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with interruptible() as asked:
        os.kill(os.getpid(), signal.SIGHUP)
        time.sleep(0.1)
    assert asked.number == 0


@pytest.mark.slow
def test_an_operator_that_learns_asked_to_stop_leaves_no_world(tmp_path):
    """The detector never answers, so the world is there when the kill comes; the detector ends with it."""
    waiting = tmp_path / "waiting"
    script = f"import pathlib, os, time; pathlib.Path({str(waiting)!r}).write_text(str(os.getpid())); time.sleep(600)"
    detector = f"{sys.executable} -c '{script.replace(chr(39), chr(34))}' {{world}} {{findings}}"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "stillwatch",
            "range",
            "adapt",
            "hydra",
            "--rounds",
            "1",
            "--detector",
            detector,
        ],
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(1200):
        if waiting.exists() and waiting.read_text():
            break
        time.sleep(0.05)
    else:
        child.kill()
        pytest.fail("the detector was never asked")
    assert list(temporary.iterdir())
    child.terminate()
    said = child.communicate(timeout=60)[1]
    assert child.returncode == 128 + signal.SIGTERM
    assert "interrupted" in said
    assert list(temporary.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(waiting.read_text()), 0)
