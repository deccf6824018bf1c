"""Documents of epochs: the id binds all of it, and nothing that does not hold together is read."""

from __future__ import annotations

import json

import msgspec
import pytest

from stillwatch.exchange.overlap import epoch
from stillwatch.signatures.buckets import hours_of


def test_a_document_is_read_back_and_its_id_binds_every_part(ceremony: epoch.Ceremony) -> None:
    held = epoch.read_epoch(epoch.written(ceremony.epoch))
    assert held == ceremony.epoch
    assert held.id == ceremony.epoch.id
    others = [
        msgspec.structs.replace(held, threshold=1),
        msgspec.structs.replace(held, purpose="networks"),
        msgspec.structs.replace(held, holders=held.holders[::-1]),
        msgspec.structs.replace(held, commitments=held.commitments[::-1]),
    ]
    assert len({held.id, *(o.id for o in others)}) == 5
    assert held.value("email:a@moss.example") != others[0].value("email:a@moss.example")


def test_shares_are_read_only_where_they_fit(ceremony: epoch.Ceremony) -> None:
    for share in ceremony.shares:
        assert epoch.read_share(epoch.written(share)) == share
    first, second, _ = ceremony.shares
    for bent in (
        msgspec.structs.replace(first, holder=2),
        msgspec.structs.replace(first, share=second.share),
        msgspec.structs.replace(first, share="00" * 32),
        msgspec.structs.replace(first, share="ff" * 32),
    ):
        with pytest.raises(ValueError, match="does not fit"):
            epoch.read_share(epoch.written(bent))
    with pytest.raises(ValueError, match="no such holder"):
        epoch.read_share(epoch.written(msgspec.structs.replace(first, holder=4)))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"threshold": 3}, "commitments"),
        ({"threshold": 0}, "threshold"),
        ({"commitments": ["00" * 32, "00" * 32]}, "element"),
        ({"ends": "2020-01-01T00:00:00.000Z"}, "days"),
        ({"begins": "2020-01-01T00:00:00.000Z"}, "days"),
        ({"holders": []}, "holders"),
        ({"version": 2}, "document"),
        ({"more": 1}, "document"),
        ({"begins": "2026-01-01T00:30:00.000Z"}, "document"),
    ],
)
def test_a_document_that_does_not_hold_together_is_refused(
    ceremony: epoch.Ceremony, change: dict, why: str
) -> None:
    held = json.loads(epoch.written(ceremony.epoch)) | change
    with pytest.raises(ValueError, match=why):
        epoch.read_epoch(json.dumps(held).encode())


def test_two_holders_of_one_name_are_refused(ceremony: epoch.Ceremony) -> None:
    held = json.loads(epoch.written(ceremony.epoch))
    held["holders"][1] = held["holders"][0]
    with pytest.raises(ValueError, match="same name"):
        epoch.read_epoch(json.dumps(held).encode())
    with pytest.raises(ValueError, match="too large"):
        epoch.read_epoch(bytes(epoch.DOCUMENT_BYTES_MAX + 1))


def test_an_epoch_is_over_at_its_end(ceremony: epoch.Ceremony) -> None:
    held = ceremony.epoch
    first, last = hours_of(held.begins), hours_of(held.ends)
    assert [held.over(h) for h in (first - 1, first, last - 1, last)] == [True, False, False, True]


def test_networks_are_short_lived() -> None:
    from .conftest import dealt

    with pytest.raises(ValueError, match="at most 14 days"):
        dealt("networks", days=15)
