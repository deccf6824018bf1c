"""Signed checkpoints of the log, in the note format that witnesses of transparency logs read.

Sources: C2SP tlog-checkpoint and signed-note (c2sp.org): three lines (origin, size, base64 root), an empty line, and
"— NAME BASE64(key hash ‖ Ed25519 signature)".
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_NAME = re.compile(r"[^\s+]{1,200}")
_ED25519 = b"\x01"


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


def origin_of(text: str) -> str:
    """A name for the log, such as `forum.example/log`. Raises ValueError for one with spaces or '+'."""
    if not _NAME.fullmatch(text):
        raise ValueError("an origin has no spaces and no '+'")
    return text


def signed(held: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The note."""
    text = f"{held.origin}\n{held.size}\n{_b64(held.root)}\n"
    signature = _key_hash(held.origin, key.public_key()) + key.sign(text.encode())
    return f"{text}\n— {held.origin} {_b64(signature)}\n"


def opened(note: str, key: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint of a note signed with `key`. Raises ValueError."""
    text, empty, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if not empty or len(lines) < 3 or not lines[1].isdigit() or lines[1] != str(int(lines[1])):
        raise ValueError("not a checkpoint")
    wanted = f"— {lines[0]} "
    for line in signatures.splitlines():
        if not line.startswith(wanted):
            continue
        held = _unb64(line[len(wanted) :])
        if held[:4] != _key_hash(lines[0], key):
            continue
        try:
            key.verify(held[4:], f"{text}\n".encode())
        except InvalidSignature:
            raise ValueError("the checkpoint's signature is wrong") from None
        return Checkpoint(lines[0], int(lines[1]), _unb64(lines[2]))
    raise ValueError("the checkpoint is not signed with this key")


def verifier(origin: str, key: Ed25519PublicKey) -> str:
    """The text that names the key to a witness: NAME+HASH+KEY."""
    return f"{origin}+{_key_hash(origin, key).hex()}+{_b64(_ED25519 + key.public_bytes_raw())}"


def pinned(text: str) -> tuple[str, Ed25519PublicKey]:
    """(origin, key) of such a text. Raises ValueError when it is damaged."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
        raise ValueError("not NAME+HASH+KEY")
    raw = _unb64(parts[2])
    if raw[:1] != _ED25519 or len(raw) != 33:
        raise ValueError("not an Ed25519 key")
    key = Ed25519PublicKey.from_public_bytes(raw[1:])
    if _key_hash(parts[0], key).hex() != parts[1]:
        raise ValueError("its hash does not fit")
    return parts[0], key


def _key_hash(name: str, key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError("not base64") from None
