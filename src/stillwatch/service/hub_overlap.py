"""The hub's part in private overlap: it answers with its share of a key, counts, and keeps the sets that are published.

It never sees an identifier: questions are blinded, published tokens mean nothing without the key, and who compares does so
at home. Every batch is charged and logged before it is answered; a batch that was charged is answered again for nothing,
so an answer that was lost on its way costs nobody anything.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.exchange import signing
from stillwatch.exchange.key_names import named_key
from stillwatch.exchange.oprf import points, shares, voprf
from stillwatch.exchange.oprf.group import SIZE
from stillwatch.exchange.overlap import tokens
from stillwatch.exchange.overlap.epoch import Epoch, read_epoch, read_share
from stillwatch.service.hub import Hub
from stillwatch.signatures.buckets import Hour, at_hour
from stillwatch.storage.hub import Member, clock_us, overlap

BATCH_MAX = 4_096  # elements of one request: a third of a second of one core
DAY_S = 86_400


class OverlapError(ValueError):
    """Why a request is refused; `status` as in HTTP, `retry_s` when waiting helps."""

    def __init__(self, status: int, reason: str, retry_s: int = 0) -> None:
        super().__init__(reason)
        self.status, self.retry_s = status, retry_s


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a member signs of a set it publishes."""

    epoch: str
    member: str
    records: int
    sha256: str
    at: Hour


class _Used(NamedTuple):
    epoch: Epoch
    holder: int
    key: bytes
    public: bytes


class HubOverlap:
    """Private overlap at one hub. `clock`: seconds since 1970."""

    def __init__(self, hub: Hub, clock: Callable[[], float] = time.time) -> None:
        self._hub, self._clock = hub, clock
        self._keys: dict[str, _Used] = {}

    def install(self, data: bytes) -> Epoch:
        """Take a share file into use. Raises UsageError, StorageError."""
        try:
            held = read_share(data)
        except ValueError as error:
            raise UsageError(str(error), where="share file", hint="ask the dealer for it again") from None
        epoch = held.epoch
        if epoch.holders[held.holder - 1].origin != self._hub.origin:
            raise UsageError(
                f"the share is for {epoch.holders[held.holder - 1].origin}", where=self._hub.origin,
                hint="install at each hub the share that names it",
            )  # fmt: skip
        with self._hub.store.writing() as database:
            if overlap.epoch(database, epoch.id) is not None:
                raise UsageError("this epoch was installed before", where=epoch.id, hint="nothing to do")
            body = msgspec.json.encode(epoch)
            overlap.put_epoch(
                database, overlap.HeldEpoch(epoch.id, body, held.holder, bytes.fromhex(held.share))
            )
            self._log(database, "epoch", epoch=epoch.id, purpose=epoch.purpose, holder=held.holder)
        return epoch

    def retire(self, id: str) -> None:
        """Destroy the share and delete the sets: the epoch's tokens are dead here. Raises UnknownNameError."""
        with self._hub.store.writing() as database:
            if overlap.epoch(database, id) is None:
                raise UnknownNameError("epoch", id, [e.id for e in overlap.epochs(database)])
            overlap.end_epoch(database, id)
            self._log(database, "retire", epoch=id)
        self._keys.pop(id, None)

    def allow(self, member: str, per_day: int) -> None:
        """Let a member take part. Raises UnknownNameError."""
        if self._hub.store.member(member) is None:
            raise UnknownNameError("member", member, [])
        with self._hub.store.writing() as database:
            overlap.allow(database, member, per_day)
            self._log(database, "allow", member=member, per_day=per_day)

    def epochs(self) -> list[dict[str, Any]]:
        """Epochs in use here: {id, holder, epoch}."""
        held = overlap.epochs(self._hub.store.reading)
        return [
            {"id": e.id, "holder": e.holder, "epoch": msgspec.Raw(e.body)}
            for e in held
            if e.share is not None
        ]

    def account(self, member: Member, id: str) -> dict[str, int]:
        """What the member may ask and has asked today. Raises OverlapError."""
        self._used(id)
        per_day = self._allowed(member)
        return {"per_day": per_day, "used": overlap.used(self._hub.store.reading, id, member.id, self._day())}

    def evaluate(self, member: Member, id: str, elements: bytes) -> bytes:
        """The answers to a batch and their proof, SIZE bytes each element and 64 more. Raises OverlapError."""
        used, per_day = self._used(id), self._allowed(member)
        count, over = divmod(len(elements), SIZE)
        if over or not 0 < count <= BATCH_MAX:
            raise OverlapError(400, f"send 1 to {BATCH_MAX} elements of {SIZE} bytes")
        try:
            decoded = points.decoded(elements)
        except points.NotAnElementError as error:
            raise OverlapError(400, str(error)) from None
        self._charge(member, id, hashlib.sha256(elements).digest(), count, per_day)
        answer = voprf.evaluate(used.key, used.public, elements, decoded=decoded)
        return answer.elements + answer.proof

    def _charge(self, member: Member, id: str, digest: bytes, count: int, per_day: int) -> None:
        day = self._day()
        with self._hub.store.writing() as database:
            if overlap.charged(database, id, member.id, digest):
                return
            left = per_day - overlap.used(database, id, member.id, day)
            if count > left:
                until = (day + 1) * DAY_S - int(self._clock())
                raise OverlapError(
                    429, f"{count} evaluations asked, {max(0, left)} left today", max(1, until)
                )
            overlap.charge(database, id, member.id, day, digest, count)
            self._log(database, "evaluate", epoch=id, member=member.id, count=count)

    def publish(self, member: Member, id: str, body: bytes) -> dict[str, Any]:
        """Keep a set: its signed statement as one line of JSON {statement, signature}, then its bytes.

        Raises OverlapError.
        """
        epoch = self._used(id).epoch
        self._allowed(member)
        self._keeper(id)
        head, _, data = body.partition(b"\n")
        statement, signature = self._statement(member, id, head)
        try:
            records = tokens.check(data, epoch)
        except ValueError as error:
            raise OverlapError(400, str(error)) from None
        digest = hashlib.sha256(data).digest()
        if (statement.records, statement.sha256) != (records, digest.hex()):
            raise OverlapError(400, "the statement is of another set")
        with self._hub.store.writing() as database:
            held = overlap.HeldSet(member.id, clock_us(), records, digest, signature, data)
            overlap.put_set(database, id, held)
            self._log(database, "publish", epoch=id, member=member.id, records=records, sha256=digest.hex())
        return {"records": records, "sha256": digest.hex()}

    def _statement(self, member: Member, id: str, head: bytes) -> tuple[Statement, str]:
        try:
            said = msgspec.json.decode(head)
            signature = said["signature"]
            statement = msgspec.convert(said["statement"], Statement)
            key = self._hub.store.key(named_key(signature))
        except (
            msgspec.DecodeError,
            msgspec.ValidationError,
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
        ):
            raise OverlapError(400, "begin with one line of JSON: statement and its signature") from None
        if key is None or key.member != member.id or key.retired is not None or key.revoked is not None:
            raise OverlapError(403, "not signed with a key of this member that is in force")
        if not signing.verify(said["statement"], signature, msgspec.json.decode(key.jwk)):
            raise OverlapError(403, "the signature does not fit the statement")
        if (statement.epoch, statement.member) != (id, member.identity):
            raise OverlapError(403, "the statement names another epoch or another member")
        return statement, signature

    def others(self, member: Member, id: str) -> bytes:
        """What other active members published, merged: whose a record is does not show. Raises OverlapError."""
        epoch = self._used(id).epoch
        self._allowed(member)
        self._keeper(id)
        held = overlap.sets(self._hub.store.reading, id)
        active = [s.body for s in held if s.member != member.id and self._active(s.member)]
        return tokens.merged(active, epoch)

    def _active(self, id: str) -> bool:
        found = self._hub.store.member(id)
        return found is not None and found.state == "active"

    def _allowed(self, member: Member) -> int:
        per_day = overlap.allowed(self._hub.store.reading, member.id)
        if not per_day:
            raise OverlapError(403, "this member takes no part in private overlap")
        return per_day

    def _keeper(self, id: str) -> None:
        if self._used(id).holder != 1:
            raise OverlapError(404, "sets are kept by the first holder of the epoch, not here")

    def _used(self, id: str) -> _Used:
        """The epoch in force, with our share. Raises OverlapError."""
        held = overlap.epoch(self._hub.store.reading, id)
        if held is None:
            raise OverlapError(404, "no such epoch")
        if id not in self._keys and held.share is not None:
            epoch = read_epoch(held.body)
            public = shares.public_share(epoch.points(), held.holder)
            self._keys[id] = _Used(epoch, held.holder, held.share, public)
        if held.share is None or self._keys[id].epoch.over(int(self._clock() // 3600)):
            raise OverlapError(410, "this epoch is over, or has not begun: take the one in force")
        return self._keys[id]

    def _day(self) -> int:
        return int(self._clock() // DAY_S)

    def _log(self, database: Any, event: str, **more: object) -> None:
        self._hub.store.note(database, {"at": clock_us(), "event": event, "kind": "overlap", **more})


def hour_now() -> str:
    """This hour, as statements and epochs write it."""
    return at_hour(int(time.time() // 3600))
