"""How much each received signature counts here: its decayed score times how far its source has proved reliable.

The weight orders what to look at first. It never hides a match and never makes one act; a disputed signature is shown
as suspended, with weight 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from stillwatch.exchange.reputation import (
    Reliability,
    Tally,
    Vote,
    groups_of,
    reliabilities,
    tallies,
    votes_of,
)
from stillwatch.signatures.buckets import hours_of
from stillwatch.signatures.lifetime import score, stage
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.received import Kept, ReceivedStore

AGREES = {"agree": True, "strongly-agree": True, "disagree": False, "strongly-disagree": False}


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One signature. `state`: live, suspended, expired, not-yet or withdrawn; `score`: confidence after decay;
    `reliability`: mean of its source; `weight`: their product; groups that confirm and dispute; our own word."""

    signature: str
    author: str
    state: str
    score: float
    reliability: float
    weight: float
    confirming: int
    disputing: int
    own: bool | None = None


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What the workspace knows of signatures and what was said of them. `sighted`: signature -> [(member, hour)]."""

    me: str
    authors: dict[str, str]
    votes: list[Vote]
    sighted: dict[str, list[tuple[str, int]]]


def record(folder: MemberFolder, store: ReceivedStore, more: Iterable[Mapping[str, Any]] = ()) -> Record:
    """Everything said, by others (received) and by us (signed off). `more`: indicators of a bundle at hand."""
    me = folder.card().id
    authors = {k.id: k.author for k in store.objects("indicator")}
    authors |= {str(o["id"]): str(o["created_by_ref"]) for o in more if o["id"] not in authors}
    ours = {str(d.object["id"]): d.object for _, d in folder.agreed()}  # the newest version of each
    said = [decoded(k) for kind in ("sighting", "opinion") for k in store.objects(kind) if not k.revoked]
    said = [o for o in said if o["created_by_ref"] != me]
    said += [o for o in ours.values() if o["type"] in ("sighting", "opinion") and not o.get("revoked", False)]
    votes, sighted = list[Vote](), dict[str, list[tuple[str, int]]]()
    for item in said:
        voter = str(item["created_by_ref"])
        about = item["sighting_of_ref"] if item["type"] == "sighting" else item["object_refs"][0]
        holds = True if item["type"] == "sighting" else AGREES.get(item["opinion"])
        if about not in authors or holds is None:
            continue
        votes.append(Vote(voter, about, authors[about], holds))
        if item["type"] == "sighting":
            sighted.setdefault(about, []).append((voter, hours_of(item["last_seen"])))
    return Record(me=me, authors=authors, votes=votes, sighted=sighted)


def standings(held: Record, indicators: Sequence[Mapping[str, Any]], hours: int) -> dict[str, Standing]:
    """The standing of each indicator at `hours` since 1970. Pure.

    A sighting renews the score when it is ours or of a member outside the author's group: nobody keeps its own
    signature fresh, nor does its clique.
    """
    tally = tallies(held.votes, held.me)
    groups = groups_of(votes_of(held.votes), held.me)
    trusted = sources(held)
    out = {}
    for item in indicators:
        id, author = str(item["id"]), str(item["created_by_ref"])
        said = tally.get(id, Tally(0, 0, None))
        renewed = [
            hour
            for voter, hour in held.sighted.get(id, [])
            if voter != author and _apart(groups, voter, author)
        ]
        faded = score(item, hours, renewed)
        mean = 1.0 if author == held.me else trusted[author].mean if author in trusted else 0.5
        state = stage(item, hours)
        state = "suspended" if state == "live" and said.suspended else state
        out[id] = Standing(
            signature=id, author=author, state=state, score=faded, reliability=mean,
            weight=faded * mean if state == "live" else 0.0,
            confirming=said.confirming, disputing=said.disputing, own=said.own,
        )  # fmt: skip
    return out


def sources(held: Record) -> dict[str, Reliability]:
    """The reliability of every author but us, by id and not by rank."""
    return reliabilities(held.votes, {a for a in held.authors.values() if a != held.me}, held.me)


def decoded(kept: Kept) -> dict[str, Any]:
    """The object of a kept row; of a withdrawn one only what is left."""
    if not kept.body:
        return {"id": kept.id, "type": kept.type, "created_by_ref": kept.author, "revoked": True,
                "modified": kept.version, "object_marking_refs": kept.marking.split()}  # fmt: skip
    held: dict[str, Any] = msgspec.json.decode(kept.body)
    return held


def _apart(groups: Mapping[str, str], one: str, other: str) -> bool:
    return groups.get(one, one) != groups.get(other, other)
