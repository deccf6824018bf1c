"""One HTTP connection to a hub or a holder of a key: time limits, size limits, retries, and an error for each failure.

Every request made here may be sent again: reads change nothing, and the hub stores the same object once. Answers
429 and 503 are waited out as Retry-After says (RFC 9110, 10.2.3: seconds or a date), lost connections and half-sent
answers with an exponential back-off. Redirects are not followed: credentials go to the hub that was named, nowhere
else. Only the standard library is used.
"""

from __future__ import annotations

import email.utils
import http.client
import ipaddress
import random
import ssl
import time
import urllib.parse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from stillwatch.errors import RemoteError, UsageError

BUSY = {429, 502, 503, 504}


class Answer(NamedTuple):
    """A whole answer. `skew_s`: the hub's clock minus ours, None when it does not tell the time."""

    status: int
    type: str
    headers: Mapping[str, str]
    body: bytes
    skew_s: float | None = None

    @property
    def retry_after_s(self) -> float:
        """How long it asks to wait; 0 when it says nothing that can be read."""
        return _retry_after(self.headers.get("retry-after", ""))


class Patience(NamedTuple):
    """How often a request is tried, the first pause, and the longest wait that is not an error."""

    tries: int = 6
    pause_s: float = 0.5
    wait_s_max: float = 120.0


class Bounds(NamedTuple):
    """How long one step of the connection and a whole answer may take, and how long an answer may be."""

    timeout_s: float = 30.0
    answer_s: float = 300.0
    answer_bytes: int = 64 << 20


class Tls(NamedTuple):
    """PEM files: authorities to believe instead of the system's, and our own certificate with its key."""

    authorities: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


class Wire:
    """Requests to one hub over one connection, opened when needed. Raises UsageError for a URL it would not use."""

    def __init__(
        self,
        url: str,
        tls: Tls | None = None,
        patience: Patience | None = None,
        sleep: Callable[[float], None] | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._parts = _checked(self.url)
        self._context = _context(tls or Tls()) if self._parts.scheme == "https" else None
        self._patience, self._sleep = patience or Patience(), sleep or time.sleep
        self._bounds = bounds or Bounds()
        self._connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """The answer, whatever its status but one to wait for. Raises RemoteError when there is none."""
        answer = self.patient(method, path, headers, body)
        if answer.status in BUSY:
            raise RemoteError(
                f"is busy (HTTP {answer.status})",
                where=self.url,
                hint=f"it asks to wait {answer.retry_after_s:.0f} s; what was taken in is kept, try again later",
            )
        return answer

    def patient(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """The same; where waiting does not help, or takes longer than our patience, the answer that asks for it."""
        said = RemoteError("gave no answer", where=self.url)
        for turn in range(self._patience.tries):
            pause = self._patience.pause_s * 2**turn * random.uniform(0.5, 1.0)
            try:
                answer = self.once(method, path, dict(headers or {}), body)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                said = self._told(error)
                if isinstance(error, ssl.SSLCertVerificationError):
                    raise said from error
            else:
                pause = max(pause, answer.retry_after_s)
                last = turn + 1 == self._patience.tries
                if answer.status not in BUSY or pause > self._patience.wait_s_max or last:
                    return answer
            if turn + 1 < self._patience.tries:
                self._sleep(min(pause, self._patience.wait_s_max))
        raise said

    def path_of(self, reference: str, base: str = "/") -> str:
        """The path of a URL that the hub gave. Raises RemoteError when it leads to another host."""
        found = urllib.parse.urlsplit(
            urllib.parse.urljoin(f"{self._parts.scheme}://{self._parts.netloc}{base}", reference)
        )
        if (found.scheme, found.netloc) != (self._parts.scheme, self._parts.netloc):
            raise RemoteError(
                "points to another host, which would get our credentials",
                where=self.url,
                hint="ask the hub's operator; give the URL under which the hub names itself",
            )
        return found.path.removeprefix(self._parts.path)

    def once(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        """One try. Raises OSError, http.client.HTTPException."""
        if self._connection is None:
            host, port = self._parts.hostname or "", self._parts.port
            self._connection = (
                http.client.HTTPSConnection(host, port, timeout=self._bounds.timeout_s, context=self._context)
                if self._context is not None
                else http.client.HTTPConnection(host, port, timeout=self._bounds.timeout_s)
            )
        self._connection.request(method, self._parts.path + path, body, headers)
        answer = self._connection.getresponse()
        data = _whole(answer, self._bounds)
        told = {k.lower(): v for k, v in answer.getheaders()}
        if answer.will_close:
            self.close()
        kind = told.get("content-type", "").partition(";")[0].strip().lower()
        return Answer(answer.status, kind, told, data, _skew(told.get("date", "")))

    def _told(self, error: Exception) -> RemoteError:
        """What to say of a failed request."""
        if isinstance(error, ssl.SSLCertVerificationError):
            return RemoteError(
                f"its certificate is not accepted: {error.verify_message}",
                where=self.url,
                hint="give the forum's authority with `exchange connect --ca FILE`, and check this machine's clock",
            )
        if isinstance(error, ssl.SSLError):
            return RemoteError(
                f"does not speak TLS as we do ({error.reason or 'no reason given'})",
                where=self.url,
                hint="check the port, and whether it asks for a client certificate",
            )
        if isinstance(error, http.client.IncompleteRead | _HalfError):
            return RemoteError(
                "broke off in the middle of an answer",
                where=self.url,
                hint="nothing of it was used; try again",
            )
        if isinstance(error, _LargeError):
            return RemoteError(
                f"answered with more than {self._bounds.answer_bytes >> 20} MiB",
                where=self.url,
                hint="is this a hub?",
            )
        if isinstance(error, http.client.HTTPException) and not isinstance(error, OSError):
            return RemoteError(
                "does not speak HTTP", where=self.url, hint="check the port, and http or https in the URL"
            )
        why = "no answer in time" if isinstance(error, TimeoutError) else _reason(error)
        return RemoteError(
            f"cannot be reached: {why}",
            where=self.url,
            hint="check the URL, the network and whether the hub runs",
        )


class _HalfError(http.client.HTTPException):
    """The connection closed before the declared length."""


class _LargeError(http.client.HTTPException):
    """The answer is longer than we take."""


def _whole(answer: http.client.HTTPResponse, bounds: Bounds) -> bytes:
    """The body, wholly or not at all."""
    declared = answer.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > bounds.answer_bytes:
        raise _LargeError
    data, deadline = bytearray(), time.monotonic() + bounds.answer_s
    while part := answer.read(1 << 16):
        data += part
        if len(data) > bounds.answer_bytes:
            raise _LargeError
        if time.monotonic() > deadline:
            raise TimeoutError
    if declared.isdigit() and len(data) != int(declared):
        raise _HalfError
    return bytes(data)


def _retry_after(text: str, now: float | None = None) -> float:
    """Seconds to wait, 0 when it says nothing that can be read."""
    if text.strip().isdigit():
        return float(text)
    try:
        when = email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError):
        return 0.0
    return max(0.0, when - (time.time() if now is None else now))


def _skew(date: str) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(date).timestamp() - time.time()
    except (ValueError, TypeError, IndexError):
        return None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _checked(url: str) -> urllib.parse.SplitResult:
    parts = urllib.parse.urlsplit(url)
    try:
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username:
        raise UsageError("is no URL of a hub", where=url, hint="give https://HOST:PORT")
    if parts.scheme == "http" and not _loopback(parts.hostname or ""):
        raise UsageError(
            "would send what is shared over the network in the clear",
            where=url,
            hint="give https://; plain http is for this machine only",
        )
    return parts


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _context(tls: Tls) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(tls.authorities) if tls.authorities else None)
        if tls.certificate:
            context.load_cert_chain(tls.certificate, tls.key)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"a TLS file cannot be used: {_reason(error)}",
            where=str(tls.certificate or tls.authorities),
            hint="give PEM files: the authority, and the certificate with its key",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
