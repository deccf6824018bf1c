"""Talking to the holders of an epoch's key: a token by our signing key, evaluations checked before they are believed.

Every request may be sent again: a holder charges the same batch once. What a wire does not follow or wait for is told
with the holder's own reason.
"""

from __future__ import annotations

import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from stillwatch.errors import RemoteError, UntrustedHubError
from stillwatch.exchange import signing
from stillwatch.exchange.assertion import AUDIENCE, FORM, assertion, form
from stillwatch.exchange.oprf import points, voprf
from stillwatch.exchange.overlap.epoch import Holder
from stillwatch.exchange.wire import BUSY, Answer, Bounds, Patience, Tls, Wire

PATIENCE = Patience(tries=4, pause_s=0.25, wait_s_max=30.0)
BOUNDS = Bounds(timeout_s=60.0, answer_s=1_800.0, answer_bytes=256 << 20)
BYTES = "application/octet-stream"

Reach = Callable[[str], Wire]


def over_tls(authorities: Path | None) -> Reach:
    """How a holder is reached by its URL. `authorities`: PEM of the forum's own, None for the system's."""
    return lambda url: Wire(url, Tls(authorities), PATIENCE, bounds=BOUNDS)


class HolderClient:
    """One holder. `member`: our id there; `private`: our signing key. Raises UsageError for a URL it would not use."""

    def __init__(self, holder: Holder, member: str, private: bytes, reach: Reach | None = None) -> None:
        self._holder, self._member, self._private = holder, member, private
        self._wire, self._token = (reach or over_tls(None))(holder.url), ""
        self.url = self._wire.url

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def evaluate(self, epoch: str, public: bytes, elements: bytes) -> bytes:
        """Verified answers to a batch. Raises RemoteError; UntrustedHubError when the proof does not hold."""
        body = self._ask("POST", f"/exchange/overlap/{epoch}/evaluate", elements, BYTES)
        answers, proof = body[: len(elements)], body[len(elements) :]
        try:
            voprf.verify(public, elements, voprf.Evaluated(answers, proof))
        except (voprf.WrongProofError, points.NotAnElementError) as error:
            raise UntrustedHubError(
                f"did not use its share of this epoch's key: {error}", where=self.url,
                hint="nothing of its answer was used; tell the forum, and go on with other holders",
            ) from None  # fmt: skip
        return answers

    def publish(self, epoch: str, statement: Mapping[str, Any], data: bytes) -> None:
        """Hand in a set with its signed statement. Raises RemoteError."""
        head = {"statement": statement, "signature": signing.sign(dict(statement), self._private)}
        told = self._ask(
            "PUT", f"/exchange/overlap/{epoch}/tokens", signing.canonical(head) + b"\n" + data, BYTES
        )
        try:
            kept = msgspec.json.decode(told)["sha256"]
        except (msgspec.DecodeError, KeyError, TypeError):
            kept = ""
        if kept != statement["sha256"]:
            raise UntrustedHubError("says it kept another set", where=self.url, hint="publish it again")

    def others(self, epoch: str) -> bytes:
        """The records that the other members published. Raises RemoteError."""
        return self._ask("GET", f"/exchange/overlap/{epoch}/tokens", None, "")

    def _ask(self, method: str, path: str, body: bytes | None, kind: str) -> bytes:
        """The body of a good answer; a token that ended is renewed once."""
        for _ in range(2):
            headers = {"Accept": "*/*", "Authorization": f"Bearer {self._token or self._renewed()}"}
            answer = self._sent(method, path, {**headers, **({"Content-Type": kind} if kind else {})}, body)
            if answer.status == 200:
                return answer.body
            if answer.status != 401:
                break
            self._token = ""
        raise self._refused(answer)

    def _sent(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        try:
            return self._wire.patient(method, path, headers, body)
        except RemoteError as error:
            if not isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise
            # The epoch's document says who holds the key at this address, and it is not who answers.
            raise UntrustedHubError(
                error.message, where=self.url, hint="give --ca FILE if the forum has its own"
            ) from error

    def _renewed(self) -> str:
        signed = assertion(
            self._member, self._holder.origin, self._private, secrets.token_urlsafe(24), time.time()
        )
        answer = self._sent("POST", AUDIENCE, {"Content-Type": FORM}, form(signed))
        if answer.status in BUSY:
            raise self._refused(answer)
        try:
            token = msgspec.json.decode(answer.body).get("access_token")
        except (msgspec.DecodeError, AttributeError, UnicodeDecodeError):
            token = None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise RemoteError(
                f"does not accept our key for member '{self._member}'", where=self.url,
                hint="check --id, and this machine's clock; its operator adds a member with --card member.json",
            )  # fmt: skip
        self._token = token
        return token

    def _refused(self, answer: Answer) -> RemoteError:
        try:
            title = str(msgspec.json.decode(answer.body).get("title", ""))[:200]
        except (msgspec.DecodeError, AttributeError, UnicodeDecodeError):
            title = ""
        hint = {
            403: "its operator lets members in with `exchange hub overlap allow ID`",
            410: "fetch the document of the epoch in force and prepare again",
            429: f"what was evaluated is kept; go on in {max(1, int(answer.retry_after_s // 60)):,} minutes with the same command",
        }.get(answer.status, "is the epoch installed there, and the address right?")
        return RemoteError(
            f"refused (HTTP {answer.status})" + (f": {title}" if title else ""), where=self.url, hint=hint
        )
