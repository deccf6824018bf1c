"""A witness's line says one thing about one checkpoint, and nothing else reads as it."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stillwatch.exchange import cosignature
from stillwatch.exchange.checkpoint import Checkpoint, opened, signed

LOG, WITNESS = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
NOTE = signed(Checkpoint("forum.example/log", 7, bytes(32)), LOG)
NAME = cosignature.witness_name("forum.example/log", "quill")
LINE = cosignature.cosigned(NOTE, NAME, 1_780_000_000, WITNESS)


def test_a_line_reads_back() -> None:
    assert cosignature.read(LINE, NOTE, NAME, WITNESS.public_key()) == (NAME, 1_780_000_000)


def test_it_is_the_format_of_the_specification() -> None:
    """c2sp.org/tlog-cosignature: version line, time line, the note's text; payload of 4 + 8 + 64 bytes."""
    payload = base64.b64decode(LINE.rsplit(" ", 1)[1])
    assert len(payload) == 76
    text = NOTE.partition("\n\n")[0] + "\n"
    WITNESS.public_key().verify(payload[12:], f"cosignature/v1\ntime 1780000000\n{text}".encode())


def test_a_checkpoint_with_lines_of_witnesses_still_opens() -> None:
    assert opened(f"{NOTE}{LINE}\n", LOG.public_key()).size == 7


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (LINE, signed(Checkpoint("forum.example/log", 8, bytes(32)), LOG)),  # another size
        (LINE, signed(Checkpoint("forum.example/log", 7, b"\1" * 32), LOG)),  # another root: a fork
        (LINE[:-4], NOTE),
        (LINE.replace("quill", "moss"), NOTE),
        ("", NOTE),
        ("— " + NAME + " !!", NOTE),
        (LINE + "A" * 600, NOTE),
        (LINE, "no checkpoint"),
        (cosignature.cosigned(NOTE, NAME, 5, LOG), NOTE),  # another key
    ],
)
def test_anything_else_is_refused(line: str, note: str) -> None:
    with pytest.raises(ValueError):
        cosignature.read(line, note, NAME, WITNESS.public_key())


def test_a_time_that_was_changed_is_refused() -> None:
    head, payload = LINE.rsplit(" ", 1)
    bent = bytearray(base64.b64decode(payload))
    bent[11] ^= 1
    with pytest.raises(ValueError, match="does not fit"):
        cosignature.read(f"{head} {base64.b64encode(bent).decode()}", NOTE, NAME, WITNESS.public_key())
