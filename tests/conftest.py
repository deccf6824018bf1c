"""Property tests without a deadline: the first call of a kernel compiles it, and no test here judges a time.

Collecting makes millions of objects that stay, which the garbage collector would walk through again and again.
"""

import gc
from collections.abc import Iterator

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
