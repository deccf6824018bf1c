"""Saying something of a signature: an opinion, a withdrawal; each is a draft until a person signs it off."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.exchange import statements
from stillwatch.service.sharing import Preview, drafted
from stillwatch.service.standing import decoded
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.received import ReceivedStore


def opine(folder: MemberFolder, prefix: str, word: str, *, now: datetime | None = None) -> Preview:
    """Draft what `word` (of `statements.SCALE`) says of a received signature. Raises UsageError, UnknownNameError."""
    if word not in statements.SCALE:
        raise UnknownNameError("word", word, statements.SCALE)
    about = received(folder, prefix)
    said = statements.opinion(about, folder.signing_key(), folder.card().id, _hours(now), word)
    return drafted(folder, about["id"], said)


def withdraw(folder: MemberFolder, name: str, *, now: datetime | None = None) -> Preview:
    """Draft the withdrawal of an object of ours. `name`: the beginning of its id, or of the campaign that it is about.

    Raises UnknownNameError, UsageError when it is withdrawn already, StorageError.
    """
    newest = {str(d.object["id"]): (d.campaign, d.object) for _, d in folder.agreed()}
    named = [
        (about, said) for id, (about, said) in sorted(newest.items())
        if name and (id.startswith(name) or id.partition("--")[2].startswith(name) or about.startswith(name))
    ]  # fmt: skip
    if not named:
        raise UnknownNameError("object of ours", name, newest)
    if len(named) > 1:
        raise UsageError(
            f"'{name}' is ambiguous", hint=f"which one: {', '.join(said['id'] for _, said in named[:3])}"
        )
    about, said = named[0]
    if said.get("revoked", False):
        raise UsageError(
            "is withdrawn already", where=said["id"], hint="`exchange status` shows the receipts"
        )
    return drafted(folder, about, statements.withdrawal(said, _hours(now)))


def received(folder: MemberFolder, prefix: str) -> dict[str, Any]:
    """The received signature whose id begins so. Raises UnknownNameError, UsageError for ours or a withdrawn one."""
    store = ReceivedStore(folder.folder)
    found = [k for k in store.beginning(prefix) if k.type == "indicator"]
    if not found:
        raise UnknownNameError("signature", prefix, [k.id for k in store.objects("indicator")])
    if len(found) > 1:
        raise UsageError(
            f"signature '{prefix}' is ambiguous", hint=f"which one: {', '.join(k.id for k in found[:3])}"
        )
    if found[0].author == folder.card().id:
        raise UsageError(
            "is our own", where=found[0].id, hint="nobody confirms its own; `exchange withdraw` ends it"
        )
    if found[0].revoked:
        raise UsageError("was withdrawn", where=found[0].id, hint="there is nothing left to say of it")
    return decoded(found[0])


def _hours(now: datetime | None) -> int:
    return int((now or datetime.now(UTC)).timestamp() // 3600)
