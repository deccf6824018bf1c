"""What a member says of signatures: sightings, opinions, newer versions, withdrawals, receipts, all as STIX objects.

A member has one opinion and one sighting of each signature: their ids follow from the signature, so that a change of
mind is a new version and never a second voice. Times are whole hours, so versions that are made within one hour are
stamped an hour apart, the later ones ahead of the clock. A receipt is an opinion that says only whether the withdrawn
signature had been held: what a member did on account of it never leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stillwatch.exchange.stix import object_id
from stillwatch.signatures.buckets import at_hour, hours_of, power

SCALE = {
    "confirmed": "agree",
    "not-observable": "neutral",
    "look-alike": "disagree",
    "false-positive": "disagree",
    "framing-suspected": "strongly-disagree",
}
DISPUTES = tuple(word for word, said in SCALE.items() if "disagree" in said)
RECEIPTS = ("dropped", "not-held")


def sighting(
    about: Mapping[str, Any], secret: bytes, member: str, hours: int, *, accounts: int, first: int, last: int
) -> dict[str, Any]:
    """We saw it too: `accounts` of ours (told as a power of two), between two hours since 1970."""
    return {
        **_said("sighting", f"sighting {about['id']}", about, secret, member, hours),
        "sighting_of_ref": about["id"],
        "first_seen": at_hour(first),
        "last_seen": at_hour(last),
        "count": power(accounts),
        "where_sighted_refs": [member],
    }


def opinion(about: Mapping[str, Any], secret: bytes, member: str, hours: int, word: str) -> dict[str, Any]:
    """What `word` (of SCALE) says of a signature."""
    return {
        **_said("opinion", f"opinion {about['id']}", about, secret, member, hours),
        "opinion": SCALE[word],
        "explanation": word,
        "object_refs": [about["id"]],
    }


def receipt(
    withdrawn: Mapping[str, Any], secret: bytes, member: str, hours: int, had: bool
) -> dict[str, Any]:
    """Our answer to a withdrawal: not used here any more. `withdrawn`: its `id` and `object_marking_refs`."""
    return {
        **_said("opinion", f"receipt {withdrawn['id']}", withdrawn, secret, member, hours),
        "opinion": "neutral",
        "explanation": RECEIPTS[0] if had else RECEIPTS[1],
        "object_refs": [withdrawn["id"]],
    }


def newer(said: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """`said` as the version after `before` (the last one that left): the same beginning, a later hour."""
    if before is None:
        return dict(said)
    later = max(hours_of(said["modified"]), hours_of(before["modified"]) + 1)
    return {**said, "created": before["created"], "modified": at_hour(later)}


def withdrawal(before: Mapping[str, Any], hours: int) -> dict[str, Any]:
    """The version of an object of ours by which it is withdrawn."""
    return newer({**before, "modified": at_hour(hours), "revoked": True}, before)


def _said(
    kind: str, name: str, about: Mapping[str, Any], secret: bytes, member: str, hours: int
) -> dict[str, Any]:
    """What every statement holds; marked as what it is about, so that it goes no further than that."""
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": object_id(kind, secret, name),
        "created_by_ref": member,
        "created": at_hour(hours),
        "modified": at_hour(hours),
        "object_marking_refs": list(about["object_marking_refs"]),
    }
