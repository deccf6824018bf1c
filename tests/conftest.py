"""The program in a process of its own, and what all tests run under.

Property tests have no deadline: the first call of a kernel compiles it, and no test here judges a time.

Collecting makes millions of objects that stay, which the garbage collector would walk through again and again.
"""

import gc
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """No collector while tests are collected; what they are made of is left out of its rounds afterwards."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture
def program() -> Callable[..., subprocess.Popen[str]]:
    """Start a command line in a folder; its outputs are pipes."""

    def start(*arguments: Any, cwd: Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "stillwatch", *map(str, arguments)],
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start
