"""Talking to the holders of an epoch's key: a token by our signing key, evaluations checked before they are believed.

Every request may be sent again: a holder charges the same batch once. Redirects are not followed, so that nothing goes to
a host that the epoch's document does not name.
"""

from __future__ import annotations

import http.client
import ipaddress
import secrets
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from stillwatch.errors import RemoteError, UntrustedHubError, UsageError
from stillwatch.exchange import signing
from stillwatch.exchange.assertion import AUDIENCE, assertion
from stillwatch.exchange.oprf import points, voprf
from stillwatch.exchange.overlap.epoch import Holder

TIMEOUT_S, TRIES, WAIT_S_MAX = 60.0, 4, 30
ANSWER_BYTES_MAX = 256 << 20
BYTES = "application/octet-stream"


class Answer(NamedTuple):
    status: int
    retry_s: int
    body: bytes


Send = Callable[[str, str, Mapping[str, str], bytes | None], Answer]


class HolderClient:
    """One holder. `member`: our id there; `private`: our signing key. Raises UsageError for a URL it would not use."""

    def __init__(self, holder: Holder, member: str, private: bytes, send: Send | None = None) -> None:
        self._holder, self._member, self._private = holder, member, private
        self._send, self._token = send or sender(None), ""
        self.url = holder.url.rstrip("/")
        parts = urllib.parse.urlsplit(self.url)
        plain = parts.scheme == "http" and _loopback(parts.hostname or "")
        if not (parts.scheme == "https" or plain) or not parts.hostname:
            raise UsageError(
                "is no address of a key holder", where=self.url,
                hint="https://HOST:PORT; plain http is for this machine only",
            )  # fmt: skip

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
        for turn in range(TRIES):
            headers = {"Accept": "*/*", "Authorization": f"Bearer {self._token or self._renewed()}"}
            answer = self._once(method, path, {**headers, **({"Content-Type": kind} if kind else {})}, body)
            if answer is not None and answer.status == 200:
                return answer.body
            if answer is None or (answer.status in (429, 503) and 0 < answer.retry_s <= WAIT_S_MAX):
                time.sleep(answer.retry_s if answer else 0.25 * 2**turn)
            elif answer.status == 401 and turn == 0:
                self._token = ""
            else:
                raise self._refused(answer)
        raise RemoteError(
            "gave no answer", where=self.url, hint="what was evaluated is kept; try again later"
        )

    def _once(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer | None:
        try:
            return self._send(method, self.url + path, headers, body)
        except ssl.SSLCertVerificationError as error:
            raise UntrustedHubError(
                "has no certificate that we believe",
                where=self.url,
                hint="give --ca FILE if the forum has its own",
            ) from error
        except (OSError, http.client.HTTPException):
            return None

    def _renewed(self) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion(
                self._member, self._holder.origin, self._private, secrets.token_urlsafe(24), time.time()
            ),
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._once("POST", AUDIENCE, kind, urllib.parse.urlencode(form).encode())
        if answer is None:
            raise RemoteError("gave no answer", where=self.url, hint="is the address right, and the hub up?")
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
            429: f"what was evaluated is kept; go on in {max(1, answer.retry_s // 60):,} minutes with the same command",
        }.get(answer.status, "is the epoch installed there, and the address right?")
        return RemoteError(
            f"refused (HTTP {answer.status})" + (f": {title}" if title else ""), where=self.url, hint=hint
        )


class _Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def sender(authorities: Path | None, timeout_s: float = TIMEOUT_S) -> Send:
    """HTTP by the standard library, over TLS 1.2 or newer. Raises UsageError."""
    try:
        context = ssl.create_default_context(cafile=str(authorities) if authorities else None)
    except (OSError, ssl.SSLError) as error:
        raise UsageError("cannot be read as PEM", where=str(authorities), hint="check --ca") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), urllib.request.ProxyHandler({}), _Unfollowed
    )

    def send(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        request = urllib.request.Request(url, body, dict(headers), method=method)
        try:
            with opener.open(request, timeout=timeout_s) as answer:
                return _whole(answer.status, answer)
        except urllib.error.HTTPError as error:
            return _whole(error.code, error)
        except urllib.error.URLError as error:
            raise error.reason if isinstance(error.reason, OSError) else OSError(str(error.reason)) from error

    return send


def _whole(status: int, answer: Any) -> Answer:
    body = answer.read(ANSWER_BYTES_MAX + 1)
    if len(body) > ANSWER_BYTES_MAX:
        raise OSError("the answer is too large")
    wait = answer.headers.get("Retry-After", "")
    return Answer(status, int(wait) if wait.isascii() and wait.isdigit() else 0, body)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
