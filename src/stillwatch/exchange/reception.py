"""What of the objects that arrive may be believed: the same judgement for a hub's page and for a bundle file.

An object is *accepted* when the gate finds nothing, it is marked within our own clearance, and its author is a member
that we trust and signed it. It is *held* when only trust is missing (an author or a key we do not know yet): it is kept
aside, used for nothing, and judged again when a card arrives. Everything else is *refused*.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from stillwatch.exchange.admission import parsed
from stillwatch.exchange.key_names import named_key
from stillwatch.exchange.markings import Level, level_of
from stillwatch.exchange.signing import canonical, thumbprint, verify_form
from stillwatch.exchange.timestamps import us_of
from stillwatch.signatures.gate import check

State = Literal["accepted", "held", "refused"]
TOP = Level(4, 3)


class Reader(NamedTuple):
    """Who reads: `members` identity id -> public JWK, `revoked` thumbprints, and our own ceiling."""

    members: Mapping[str, dict[str, str]]
    revoked: frozenset[str] = frozenset()
    ceiling: Level = TOP


class Judged(NamedTuple):
    """`held` is the object ({} when it cannot be read); `digest` is SHA-256 of its canonical form, or of the bytes."""

    state: State
    reason: str
    held: dict[str, Any]
    body: bytes
    signature: str
    digest: bytes

    @property
    def id(self) -> str:
        """Its id, '' when it has none of proper form (only objects that passed the gate have one)."""
        return str(self.held["id"]) if self.state != "refused" else ""

    @property
    def about(self) -> str:
        """The signature that a sighting or an opinion is about, or ''."""
        return str(self.held.get("sighting_of_ref") or next(iter(self.held.get("object_refs", [])), ""))

    @property
    def version_us(self) -> int:
        """Its version in microseconds since 1970."""
        return us_of(self.held["modified"])


def judge(body: bytes, signature: str, reader: Reader) -> Judged:
    """One object as it arrived. Pure; raises nothing, whatever the bytes are."""
    held: dict[str, Any] = {}
    digest = hashlib.sha256(body).digest()
    try:
        held = parsed(body)
        if found := check(held):
            raise ValueError(str(found[0]))
        if level_of(held).above(reader.ceiling):
            raise ValueError("it is marked above our own clearance and should not have come here")
        form = canonical(held)
    except ValueError as error:
        return Judged("refused", str(error), held, body, signature, digest)
    state, reason = _signed(held, form, signature, reader)
    return Judged(state, reason, held, body, signature, hashlib.sha256(form).digest())


def _signed(held: Mapping[str, Any], form: bytes, signature: str, reader: Reader) -> tuple[State, str]:
    """Whether its author signed it, as far as we can know."""
    jwk = reader.members.get(held["created_by_ref"])
    if jwk is None:
        return "held", "its author is no trusted member (see `stillwatch exchange trust`)"
    try:
        kid = named_key(signature)
    except ValueError:
        return "refused", "its signature is missing or not its author's"
    if kid in reader.revoked:
        return "refused", "the key that signed it was revoked"
    if kid != thumbprint(jwk):
        return "held", "signed with a key of its author that we do not know (ask for the member's new card)"
    if not verify_form(form, signature, jwk):
        return "refused", "its signature is missing or not its author's"
    return "accepted", ""
