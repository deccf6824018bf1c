"""A witness's word on a checkpoint: "I have seen this log at this size, and it only grew since I saw it last".

Source: C2SP tlog-cosignature (c2sp.org/tlog-cosignature): Ed25519 over "cosignature/v1", a line with the time, and the
checkpoint's text; on the wire a signature line of the note whose payload is key hash ‖ time (8 bytes) ‖ signature. Two
members shown different logs of one size would sign different roots, and either line proves the fork.
"""

from __future__ import annotations

import base64
import hashlib
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_COSIGNATURE = b"\x04"
_BYTES = 4 + 8 + 64
LINE_CHARACTERS_MAX = 512


class Witnessed(NamedTuple):
    """`at`: seconds since 1970, by the witness's clock."""

    witness: str
    at: int


def witness_name(origin: str, member: str) -> str:
    """The name under which a member signs the checkpoints of a log."""
    return f"{origin}/witness/{member}"


def text_of(note: str) -> str:
    """What of a note is signed: its text with the last line's end. Raises ValueError."""
    text, empty, _ = note.partition("\n\n")
    if not empty:
        raise ValueError("not a checkpoint")
    return text + "\n"


def cosigned(note: str, name: str, at: int, key: Ed25519PrivateKey) -> str:
    """The line that a witness adds to a checkpoint. Raises ValueError."""
    signature = key.sign(_message(text_of(note), at))
    payload = _key_hash(name, key.public_key()) + at.to_bytes(8, "big") + signature
    return f"— {name} {base64.b64encode(payload).decode()}"


def read(line: str, note: str, name: str, key: Ed25519PublicKey) -> Witnessed:
    """Who signed, and when. Raises ValueError when the line is not this witness's over this checkpoint."""
    wanted = f"— {name} "
    if len(line) > LINE_CHARACTERS_MAX or not line.startswith(wanted):
        raise ValueError("not this witness's line")
    try:
        payload = base64.b64decode(line[len(wanted) :], validate=True)
    except ValueError:
        raise ValueError("not base64") from None
    if len(payload) != _BYTES or payload[:4] != _key_hash(name, key):
        raise ValueError("not a cosignature by this key")
    at = int.from_bytes(payload[4:12], "big")
    try:
        key.verify(payload[12:], _message(text_of(note), at))
    except InvalidSignature:
        raise ValueError("the cosignature does not fit the checkpoint") from None
    return Witnessed(name, at)


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _key_hash(name: str, key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _COSIGNATURE + key.public_bytes_raw()).digest()[:4]
