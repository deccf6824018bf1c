"""An epoch of private overlap: a purpose, a shared key that ends, and who holds the shares.

Its document is public; its id is a hash of it, so nobody can be given another key under the same id. Tokens of one epoch
say nothing in another: when its shares are destroyed, no one can make or test such a token again.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal, NamedTuple

import msgspec

from stillwatch.exchange.oprf import points, shares
from stillwatch.exchange.oprf.group import SIZE
from stillwatch.exchange.signing import canonical
from stillwatch.signatures.buckets import Hour, hours_of
from stillwatch.signatures.signature import BANDS

TOKEN_BYTES = 16
Purpose = Literal["identifiers", "networks", "templates"]
DAYS_MAX: dict[str, int] = {"identifiers": 120, "networks": 14, "templates": 120}
WIDTH: dict[str, int] = {"identifiers": 1, "networks": 1, "templates": BANDS}  # tokens of one record
DOCUMENT_BYTES_MAX = 64 << 10
_Hex = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class Holder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who answers with one share: the name of its log, and its address."""

    origin: _Text
    url: _Text


class Epoch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`commitments`: Feldman's, hex, the first is the public key; holder i is `holders[i - 1]`, the first keeps the sets."""

    version: Literal[1]
    purpose: Purpose
    begins: Hour
    ends: Hour
    threshold: int
    commitments: tuple[_Hex, ...]
    holders: tuple[Holder, ...]

    @property
    def id(self) -> str:
        """The first 32 hex digits of the SHA-256 of the document's canonical form."""
        return hashlib.sha256(written(self)).hexdigest()[:32]

    @property
    def width(self) -> int:
        """Tokens of one record: 32 bands of a template, else 1."""
        return WIDTH[self.purpose]

    def points(self) -> list[bytes]:
        """The commitments as elements."""
        return [bytes.fromhex(c) for c in self.commitments]

    def over(self, hours: int) -> bool:
        """Whether it has ended, or not begun, at this hour since 1970."""
        return not hours_of(self.begins) <= hours < hours_of(self.ends)

    def value(self, text: str) -> bytes:
        """What is put through the function: bound to this epoch and so to its purpose and key."""
        return b"stillwatch overlap 1\x00" + self.id.encode() + b"\x00" + text.encode()


class Share(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one holder installs. `share` is secret, 64 hex digits."""

    epoch: Epoch
    holder: int
    share: _Hex


class Ceremony(NamedTuple):
    """All that a dealing makes: the public document, and one secret file for each holder."""

    epoch: Epoch
    shares: list[Share]


def written(held: Epoch | Share) -> bytes:
    """Canonical bytes of a document."""
    return canonical(msgspec.to_builtins(held))


def read_epoch(data: bytes) -> Epoch:
    """A document whose every part holds together. Raises ValueError."""
    if len(data) > DOCUMENT_BYTES_MAX:
        raise ValueError("too large for an epoch's document")
    try:
        held = msgspec.json.decode(data, type=Epoch)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ValueError("not an epoch's document of this version") from None
    return _checked(held)


def read_share(data: bytes) -> Share:
    """A holder's file whose share fits the commitments. Raises ValueError."""
    try:
        held = msgspec.json.decode(data[:DOCUMENT_BYTES_MAX], type=Share)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ValueError("not a share file of this version") from None
    epoch = _checked(held.epoch)
    if not 1 <= held.holder <= len(epoch.holders):
        raise ValueError("the epoch has no such holder")
    if not shares.fits(epoch.points(), held.holder, bytes.fromhex(held.share)):
        raise ValueError("the share does not fit the epoch's commitments")
    return held


def dealt(
    purpose: Purpose, begins: Hour, ends: Hour, threshold: int, holders: tuple[Holder, ...]
) -> Ceremony:
    """A new epoch; whoever runs this has seen the key and must forget the shares once they are given out.

    Raises ValueError.
    """
    made = shares.deal(threshold, len(holders))
    epoch = _checked(Epoch(
        version=1, purpose=purpose, begins=begins, ends=ends, threshold=threshold, holders=holders,
        commitments=tuple(c.hex() for c in made.commitments),
    ))  # fmt: skip
    return Ceremony(
        epoch, [Share(epoch=epoch, holder=i, share=s.hex()) for i, s in enumerate(made.shares, 1)]
    )


def _checked(held: Epoch) -> Epoch:
    if not 1 <= held.threshold <= len(held.holders) <= shares.HOLDERS_MAX:
        raise ValueError(f"an epoch has 1 to {shares.HOLDERS_MAX} holders and a threshold among them")
    if len(held.commitments) != held.threshold:
        raise ValueError("as many commitments as the threshold are needed")
    if len({h.origin for h in held.holders}) != len(held.holders):
        raise ValueError("two holders have the same name")
    days = (hours_of(held.ends) - hours_of(held.begins)) / 24
    if not 0 < days <= DAYS_MAX[held.purpose]:
        raise ValueError(f"an epoch for {held.purpose} lasts at most {DAYS_MAX[held.purpose]} days")
    points.decoded(b"".join(held.points()))
    assert all(len(c) == SIZE for c in held.points())
    return held
