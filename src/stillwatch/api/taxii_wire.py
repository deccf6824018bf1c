"""TAXII 2.1 on the wire: media types, error resources, filters, pages.

Source: OASIS TAXII 2.1 (sections 1.6, 3.1–3.6, 4). Where clients in use differ from its letter the hub is lenient: `next`
alone fixes the position even beside `added_after`, a `limit` above the maximum is lowered, `*/*` is acceptable.
"""

from __future__ import annotations

import base64
import bisect
import itertools
from collections.abc import Collection, Iterable, Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from stillwatch.exchange.timestamps import text_of, us_of
from stillwatch.storage.hub import Asked, Held

MEDIA = "application/taxii+json;version=2.1"
STIX = "application/stix+json;version=2.1"
LIMIT, LIMIT_MAX = 100, 1000
PAGE_BYTES_MAX = 8 << 20
VALUES_MAX = 100


class TaxiiError(Exception):
    """An answer with an error-message resource; `title` holds nothing of the request."""

    def __init__(self, status: int, title: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(title)
        self.status, self.title, self.headers = status, title, dict(headers or {})


def answer(held: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A resource; `held` may be JSON bytes already."""
    body = held if isinstance(held, bytes) else msgspec.json.encode(held)
    return Response(body, status, {**(headers or {}), "Content-Type": MEDIA})


def refusal(error: TaxiiError) -> Response:
    """The error-message resource (section 3.6.1); http_status is a string there."""
    return answer({"title": error.title, "http_status": str(error.status)}, error.status, error.headers)


def accept(header: str | None, serves: Collection[str] = ()) -> None:
    """Raises TaxiiError 406 unless a media type of `serves` is acceptable, or TAXII's own, in which every error is."""
    if header is None or not header.strip():
        return
    kinds = {"*/*", "application/*", *serves, *(f"{kind.partition('/')[0]}/*" for kind in serves)}
    if not any(_accepts(part, kinds) for part in header.split(",")):
        raise TaxiiError(406, f"only {', '.join(serves) or MEDIA} is served")


def _accepts(text: str, kinds: Collection[str]) -> bool:
    kind, parameters = _media(text)
    if parameters.get("q", "1").rstrip("0").rstrip(".") == "":
        return False
    if kind in kinds:
        return True
    return kind == "application/taxii+json" and parameters.get("version", "2.1") == "2.1"


def content(header: str | None) -> None:
    """Raises TaxiiError 415 unless a posted body says that it is TAXII 2.1."""
    kind, parameters = _media(header or "")
    if kind != "application/taxii+json" or parameters.get("version", "2.1") != "2.1":
        raise TaxiiError(415, f"send {MEDIA}")


def _media(text: str) -> tuple[str, dict[str, str]]:
    kind, *rest = (part.strip() for part in text.split(";"))
    pairs = (part.partition("=") for part in rest)
    return kind.lower(), {k.strip().lower(): v.strip().strip('"') for k, _, v in pairs}


def asked(request: Request, *, ids: tuple[str, ...] = (), versions: tuple[str | int, ...] = ()) -> Asked:
    """Filters of a request; `ids` and `versions` fix what the path fixes. Raises TaxiiError 400.

    `limit` is one more than the page holds, so that the caller can tell whether there is more.
    """
    after = _after(request)
    ids = ids or _values(request, "id")
    wanted = versions or tuple(_version(v) for v in _values(request, "version")) or ("last",)
    spec = _values(request, "spec_version")
    if spec and "2.1" not in spec:
        ids = ("",)  # nothing is stored in another version of STIX
    return Asked(after, _limit(request) + 1, ids, _values(request, "type"), wanted)


def _values(request: Request, name: str) -> tuple[str, ...]:
    """`match[name]`: values separated by commas, any of which may fit."""
    given = request.query_params.getlist(f"match[{name}]")
    values = tuple(v.strip() for text in given for v in text.split(",") if v.strip())
    if given and not values:
        raise TaxiiError(400, f"match[{name}] is empty")
    if len(values) > VALUES_MAX:
        raise TaxiiError(400, f"match[{name}] has more than {VALUES_MAX} values")
    return values


def _version(text: str) -> str | int:
    if text in ("last", "first", "all"):
        return text
    try:
        return us_of(text)
    except ValueError:
        raise TaxiiError(400, "match[version] is last, first, all or a timestamp") from None


def _after(request: Request) -> int:
    """The position: `next` when it is given, or `added_after`, exclusive, in microseconds; -1 from the start."""
    if cursor := request.query_params.get("next"):
        try:
            held = base64.b64decode(cursor, b"-_", validate=True)
        except ValueError:
            held = b""
        if len(held) != 8:
            raise TaxiiError(400, "next is not a cursor of this hub")
        return int.from_bytes(held, "big", signed=True)
    if text := request.query_params.get("added_after"):
        try:
            return us_of(text)
        except ValueError:
            raise TaxiiError(400, "added_after is not a UTC timestamp") from None
    return -1


def _limit(request: Request) -> int:
    text = request.query_params.get("limit")
    if text is None:
        return LIMIT
    if not text.isascii() or not text.isdigit() or not text.strip("0"):
        raise TaxiiError(400, "limit is not a whole number above 0")
    return LIMIT_MAX if len(text) > 4 else min(int(text), LIMIT_MAX)


def number(text: str, name: str) -> int:
    """A size or position of the log. Raises ValueError."""
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise ValueError(f"{name} is not a number")
    return int(text)


def cursor(added: int) -> str:
    """The opaque `next` after an object: a position only, clearance is asked anew each time."""
    return base64.urlsafe_b64encode(added.to_bytes(8, "big", signed=True)).decode()


def paged(kept: list[Held], more: bool, key: str, items: Iterable[bytes], extra: bytes = b"") -> Response:
    """A page of the items under `key`, one for each of `kept`, with X-TAXII-Date-Added headers."""
    if not kept:
        return answer(b"{}")
    head = b'{"more":true,"next":"%b",' % cursor(kept[-1].added).encode() if more else b'{"more":false,'
    parts = list(items)
    parts[0] = head + b'"%b":[' % key.encode() + parts[0]  # so that the page itself is copied once
    parts[-1] += b"]" + extra + b"}"
    headers = {
        "X-TAXII-Date-Added-First": text_of(kept[0].added),
        "X-TAXII-Date-Added-Last": text_of(kept[-1].added),
    }
    return answer(b",".join(parts), 200, headers)


def cut(found: list[Held], asked: Asked) -> list[Held]:
    """What of `found` goes on this page: at most the limit, and at most PAGE_BYTES_MAX unless one object is larger."""
    kept = found[: asked.limit - 1]
    sizes = list(itertools.accumulate(len(row.body) for row in kept))
    return kept[: max(1, bisect.bisect_right(sizes, PAGE_BYTES_MAX))]
