"""An epoch of each purpose, dealt once."""

from __future__ import annotations

import time

import pytest

from stillwatch.exchange.overlap import epoch
from stillwatch.signatures.buckets import at_hour

HOLDERS = tuple(
    epoch.Holder(origin=f"{n}.example/log", url=f"https://{n}.example") for n in ("forum", "auditor", "fern")
)


def dealt(purpose: str = "identifiers", days: int = 7, threshold: int = 2) -> epoch.Ceremony:
    first = int(time.time() // 3600)
    return epoch.dealt(purpose, at_hour(first), at_hour(first + 24 * days), threshold, HOLDERS)


@pytest.fixture(scope="session")
def ceremony() -> epoch.Ceremony:
    return dealt()


@pytest.fixture(scope="session")
def templates() -> epoch.Epoch:
    return dealt("templates").epoch
