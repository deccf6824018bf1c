"""A member talking to its hub: token, collection, pages with proofs, posts, manifests. Nothing it says is believed here.

TAXII 2.1 for objects (walks by `added_after`, which is exact at our hub: every object has its own date of addition),
and the side paths of `api.hub_side` for the log and the members. What comes back is judged by `watching` (the log)
and `reception` (the objects).
"""

from __future__ import annotations

import base64
import secrets
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from stillwatch.errors import RemoteError
from stillwatch.exchange.assertion import AUDIENCE, FORM, assertion, form
from stillwatch.exchange.raw_objects import decoded
from stillwatch.exchange.timestamps import text_of
from stillwatch.exchange.wire import Answer, Wire

MEDIA = "application/taxii+json;version=2.1"
TAXII, JSON, TEXT = "application/taxii+json", "application/json", "text/plain"
PAGE, POST_OBJECTS_MAX, POST_BYTES_MAX = 500, 500, 4 << 20
SKEW_S_MAX = 60.0
STATUS_S_MAX = 120.0


class Proof(msgspec.Struct, frozen=True):
    """Where an object stands in the log: its entry, and the hashes that lead to the root."""

    index: int
    entry: bytes
    path: list[bytes]


class Item(NamedTuple):
    """One object of a page, as the exact bytes that were posted; `proof` is None for a later entry of the log."""

    body: bytes
    signature: str
    proof: Proof | None


class Page(NamedTuple):
    """A page of a walk; the entries of the log say when each item was added."""

    items: list[Item]
    more: bool


class _Page(msgspec.Struct):
    objects: list[msgspec.Raw] = []
    x_signatures: list[str] = []
    x_proofs: list[Proof | None] = []
    more: bool = False


class Outcome(NamedTuple):
    """What the hub says of one posted object; `message` is '' when it is stored."""

    id: str
    version: str
    message: str


class HubClient:
    """`member`: our id at the hub; `private`: our signing key; `origin`: name of the hub's log. Raises RemoteError."""

    def __init__(self, wire: Wire, member: str, private: bytes, origin: str) -> None:
        self.wire, self._member, self._private, self._origin = wire, member, private, origin
        self._token = ""
        self.skew_s: float | None = None

    def collection(self, name: str) -> tuple[str, str, str]:
        """(path, id, alias) of a collection given by alias, title or id."""
        found = self._json(self._ask("GET", "/taxii2/"), TAXII)
        root = found.get("default") or next(iter(found.get("api_roots", [])), None)
        if not isinstance(root, str):
            raise self._not_a_hub("names no API root")
        base = self.wire.path_of(root)
        held = self._json(self._ask("GET", f"{base}collections/"), TAXII).get("collections", [])
        for one in held:
            if isinstance(one, dict) and name in (one.get("alias"), one.get("id"), one.get("title")):
                id = str(one["id"])
                return f"{base}collections/{urllib.parse.quote(id)}/", id, str(one.get("alias", ""))
        known = ", ".join(_shown(one.get("alias") or one.get("id")) for one in held if isinstance(one, dict))
        raise RemoteError(
            f"offers us no collection '{name}'",
            where=self.wire.url,
            hint=f"it offers: {known or 'none'}; ask its operator for the right to read and write",
        )

    def checkpoint(self) -> str:
        """The signed note of the log as it is now."""
        return self._body(self._ask("GET", "/exchange/log/checkpoint"), TEXT).decode("utf-8", "replace")

    def witness(self, size: int, line: str) -> None:
        """Give our line under the checkpoint of `size`."""
        self._ask(
            "POST", "/exchange/log/witness", f"{size}\n{line}\n".encode(), {"Content-Type": "text/plain"}
        )

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Hashes that should lead from the log of `first` entries to the one of `second`."""
        path = f"/exchange/log/consistency?first={first}&second={second}"
        held = self._json(self._ask("GET", path), JSON).get("consistency")
        try:
            return [base64.b64decode(x, validate=True) for x in held]  # type: ignore[union-attr]  # see except
        except (ValueError, TypeError):
            raise self._not_a_hub("gives no proof of consistency") from None

    def manifests(self) -> list[dict[str, Any]]:
        """Every member's manifest with the hub's signature: [{manifest, signature}], unchecked."""
        held = self._json(self._ask("GET", "/exchange/members"), JSON).get("members")
        return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []

    def page(self, path: str, after_us: int, size: int) -> Page:
        """What was added after `after_us`, with proofs in the log of `size` entries."""
        query = {"limit": PAGE, "signatures": "true", "proofs": size}
        if after_us >= 0:
            query["added_after"] = text_of(after_us)
        answer = self._ask("GET", f"{path}objects/?{urllib.parse.urlencode(query)}")
        body = self._body(answer, TAXII)
        try:
            held = decoded(body, _Page)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise self._not_a_hub("answers with no TAXII envelope") from None
        n = len(held.objects)
        if not n:
            return Page([], False)
        if len(held.x_signatures) != n or len(held.x_proofs) != n:
            raise self._not_a_hub("gives no signatures and proofs beside its objects")
        rows = zip(held.objects, held.x_signatures, held.x_proofs, strict=True)
        return Page([Item(bytes(raw), jws, proof) for raw, jws, proof in rows], held.more)

    def post(self, path: str, bodies: Sequence[bytes], signatures: Sequence[str]) -> list[Outcome]:
        """Post objects; what became of each, in their order as far as the hub tells it."""
        said = (
            b'{"objects":['
            + b",".join(bodies)
            + b'],"x_signatures":'
            + msgspec.json.encode(signatures)
            + b"}"
        )
        status = self._json(self._ask("POST", f"{path}objects/", said, {"Content-Type": MEDIA}), TAXII)
        base, deadline = path.partition("collections/")[0], time.monotonic() + STATUS_S_MAX
        while status.get("status") == "pending" and time.monotonic() < deadline:
            time.sleep(1.0)
            status = self._json(self._ask("GET", f"{base}status/{status.get('id')}/"), TAXII)
        done = [_outcome(d, False) for d in status.get("successes", [])]
        failed = [_outcome(d, True) for d in status.get("failures", [])]
        return done + failed

    def _ask(
        self, method: str, path: str, body: bytes | None = None, more: Mapping[str, str] | None = None
    ) -> Answer:
        """An authenticated answer below 400; a token that ended is renewed once."""
        answer = None
        for _ in range(2):
            held = self._token or self._renewed()
            headers = {
                "Accept": f"{MEDIA}, {JSON}, {TEXT}",
                "Authorization": f"Bearer {held}",
                **(more or {}),
            }
            # Our hub serves one media type on TAXII paths and judges Accept there; the side paths ignore it.
            answer = self.wire.ask(method, path, headers, body)
            self.skew_s = answer.skew_s if answer.skew_s is not None else self.skew_s
            if answer.status != 401:
                break
            self._token = ""
        assert answer is not None
        if answer.status >= 300:
            raise self._refused(answer)
        return answer

    def _renewed(self) -> str:
        """A fresh access token."""
        signed = assertion(self._member, self._origin, self._private, secrets.token_urlsafe(24), time.time())
        answer = self.wire.ask("POST", AUDIENCE, {"Content-Type": FORM, "Accept": JSON}, form(signed))
        self.skew_s = answer.skew_s
        if answer.status in (400, 401, 403):
            raise self._stranger(answer)
        if answer.status >= 300:
            raise self._refused(answer)
        token = self._json(answer, JSON).get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise self._not_a_hub("gives no access token")
        self._token = token
        return token

    def _stranger(self, answer: Answer) -> RemoteError:
        skew = answer.skew_s
        if skew is not None and abs(skew) > SKEW_S_MAX:
            side = "behind" if skew > 0 else "ahead of"
            return RemoteError(
                f"does not accept our key; this machine's clock is {abs(skew):,.0f} s {side} the hub's",
                where=self.wire.url,
                hint="set the clock: the statement by which we ask for access is good for five minutes",
            )
        return RemoteError(
            f"does not accept our key for member '{self._member}'",
            where=self.wire.url,
            hint="check --id and --log-key of `exchange connect`; the operator adds a member with --card member.json",
        )

    def _refused(self, answer: Answer) -> RemoteError:
        try:
            title = _shown(msgspec.json.decode(answer.body).get("title"))
        except (msgspec.DecodeError, AttributeError, UnicodeDecodeError):
            title = ""
        said = f"refused (HTTP {answer.status})" + (f": {title}" if title else "")
        if 300 <= answer.status < 400:
            return RemoteError(
                f"sends us elsewhere (HTTP {answer.status})",
                where=self.wire.url,
                hint="give the hub's own URL",
            )
        return RemoteError(said, where=self.wire.url, hint="ask the hub's operator for this member's rights")

    def _body(self, answer: Answer, kind: str) -> bytes:
        if answer.type != kind:
            raise self._not_a_hub(
                f"answers as {answer.type[:60] or 'nothing in particular'} instead of {kind}"
            )
        return answer.body

    def _json(self, answer: Answer, kind: str) -> dict[str, Any]:
        try:
            held = msgspec.json.decode(self._body(answer, kind))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            held = None
        if not isinstance(held, dict):
            raise self._not_a_hub("answers with no JSON object")
        return held

    def _not_a_hub(self, what: str) -> RemoteError:
        return RemoteError(
            what, where=self.wire.url, hint="is this the URL of a Stillwatch hub of this version?"
        )


def _outcome(told: Any, failed: bool) -> Outcome:
    if not isinstance(told, dict):
        return Outcome("", "", "the hub's status cannot be read")
    message = _shown(told.get("message")) or "no reason given" if failed else ""
    return Outcome(_shown(told.get("id")), _shown(told.get("version")), message)


def _shown(text: object) -> str:
    """A word of the hub for a person: short, and without control characters that could steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in str(text or "")[:200])
