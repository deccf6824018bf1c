"""Indicators of one member, small and proper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from stillwatch.exchange import stix
from stillwatch.signatures.signature import DistillationSignature
from stillwatch.signatures.vectors import vectors

WIDE = {
    "extension_type": "property-extension", "schema_version": 1, "pattern": "extraction", "category": "grading",
    "grade": "inferred", "first_seen": "2026-05-04T00:00:00.000Z", "last_seen": "2026-05-05T00:00:00.000Z",
    "scale": {"accounts": 64, "events": 512, "days": 1}, "structure": {"input_tokens": 128},
}  # fmt: skip


@pytest.fixture
def oasis() -> Callable[[str], list[Any]]:
    """STIX text -> what the OASIS validator finds wrong; imported here, as it builds its grammars for a second."""
    from stix2validator import ValidationOptions, validate_string

    return lambda text: validate_string(text, ValidationOptions(version="2.1", silent=True)).errors


@pytest.fixture
def make_indicator() -> Callable[[str], dict[str, Any]]:
    """Name -> an indicator of the member whose secret is b"m"."""
    made = msgspec.convert(WIDE, DistillationSignature)
    made = msgspec.structs.replace(made, vectors=vectors(made))

    def make(name: str) -> dict[str, Any]:
        return stix.indicator(
            made, ("AML.T0024.002",), id_=stix.object_id("indicator", b"m", name),
            member=stix.object_id("identity", b"m", "member"), hours=494_000, valid_days=30, confidence=50,
            tlp="green",
        )  # fmt: skip

    return make
