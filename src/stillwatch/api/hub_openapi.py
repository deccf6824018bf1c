"""The hub's HTTP interface as an OpenAPI 3.1 document: every path, what it takes, and each answer it may give.

The document is served at /exchange/openapi.json. Tests hold that it names the paths of the application and no others,
and call each of them with what the document allows and with what it does not.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from stillwatch import __version__
from stillwatch.api.hub_schemas import COUNT, SCHEMAS, STAMP, TEXT, Schema, ref
from stillwatch.api.taxii import ROOT
from stillwatch.api.taxii_wire import LIMIT, LIMIT_MAX, MEDIA
from stillwatch.exchange.assertion import AUDIENCE

JSON, PLAIN, OCTETS = "application/json", "text/plain", "application/octet-stream"
FORM = "application/x-www-form-urlencoded"
SECURITY: list[dict[str, list[str]]] = [{"basic": []}, {"bearer": []}, {"certificate": []}]
ERRORS = {
    400: "a parameter is not of its form, or the body cannot be read",
    401: "no active member with these credentials",
    403: "the member lacks this right",
    404: "not there, or not for this member",
    406: "the answer's media type is not accepted",
    408: "the body did not come in time",
    410: "the epoch is over, or has not begun",
    413: "the body is too large",
    415: "the body is of another media type, or packed",
    422: "the body was read and cannot be used",
    429: "more than this member's allowance; see Retry-After",
    503: "nothing can be written now, or the database is away; see Retry-After",
}
ALWAYS = (401, 406, 429, 503)
BODY = (400, 408, 413, 415)
Operation = dict[str, Any]


def _query(name: str, about: str, schema: Schema, required: bool = False) -> Operation:
    return {"name": name, "in": "query", "description": about, "required": required, "schema": schema}


_DATES = {
    f"X-TAXII-Date-Added-{which}": {"description": f"date_added of the {which.lower()} on this page", "schema": STAMP}
    for which in ("First", "Last")
}  # fmt: skip
_STAMP = STAMP["pattern"].strip("^$")
_SOME: Schema = {"type": "string", "pattern": r"^[^,\s]+(,[^,\s]+)*$"}
_PAGE = [
    _query("limit", f"at most so many, {LIMIT} by default; more than {LIMIT_MAX} is lowered", {"type": "integer", "minimum": 1}),
    _query("added_after", "only what was added later", STAMP),
    _query("next", "where the last page ended; fixes the position alone", {"type": "string", "pattern": "^[A-Za-z0-9_-]{11}=$"}),
    _query("match[spec_version]", "versions of STIX, with commas", _SOME),
]  # fmt: skip
_MATCH = [
    _query("match[id]", "ids, with commas", _SOME),
    _query("match[type]", "types, with commas", _SOME),
]
_VERSIONS = rf"(last|first|all|{_STAMP})"
_VERSION = [
    _query(
        "match[version]", "last, first, all or timestamps, with commas",
        {"type": "string", "pattern": f"^{_VERSIONS}(,{_VERSIONS})*$"},
    ),
]  # fmt: skip
_BESIDE = [
    _query("signatures", "`true`: the detached JWS of each object beside it", {"enum": ["true", "false"]}),
    _query("proofs", "a size of the log: each object's entry and path in it", COUNT),
]


def _does(
    summary: str,
    kind: str,
    answer: Schema,
    *,
    status: int = 200,
    query: Sequence[Operation] = (),
    takes: tuple[str, Schema] | None = None,
    errors: Sequence[int] = (),
    headers: Mapping[str, Any] | None = None,
) -> Operation:
    """One operation behind authentication; `errors` beside those that every path may give."""
    good: Operation = {"description": summary}
    if answer:
        good["content"] = {kind: {"schema": answer}}
    if headers:
        good["headers"] = dict(headers)
    codes = sorted({*ALWAYS, *errors, *(BODY if takes else ()), *((400,) if query else ())})
    held: Operation = {
        "summary": summary,
        "responses": {
            str(status): good, **{str(c): {"$ref": f"#/components/responses/{c}"} for c in codes},
        },
    }  # fmt: skip
    if query:
        held["parameters"] = list(query)
    if takes:
        held["requestBody"] = {"required": True, "content": {takes[0]: {"schema": takes[1]}}}
    return held


def _token() -> Operation:
    """The one operation that asks for no credentials: it gives them."""
    form = {
        "type": "object",
        "properties": {
            "grant_type": {"const": "client_credentials"},
            "client_assertion_type": {"const": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
            "client_assertion": {"type": "string", "description": "private_key_jwt (RFC 7523), used once"},
        },
        "required": ["grant_type", "client_assertion_type", "client_assertion"],
    }
    held = _does("An access token, good for ten minutes", JSON, ref("Token"), takes=(FORM, form))
    held["security"] = []
    for code in ("406", "429"):
        del held["responses"][code]
    for code in ("400", "401"):
        held["responses"][code] = {
            "description": "the grant is another, or the assertion shows no member (RFC 6749, section 5.2)",
            "content": {JSON: {"schema": ref("OAuthError")}},
        }
    return held


_BELOW = f"/{ROOT}/collections/{{collection}}"
_EPOCH = "/exchange/overlap/{epoch}"
_BATCH = {"type": "string", "format": "binary", "description": "ristretto255 elements of 32 bytes"}
_SEEN = (403, 404)

PATHS: dict[str, dict[str, Operation]] = {
    "/taxii2/": {"get": _does("The server", MEDIA, ref("Discovery"))},
    f"/{ROOT}/": {"get": _does("The API root", MEDIA, ref("ApiRoot"))},
    f"/{ROOT}/status/{{id}}/": {"get": _does("What became of one's own post", MEDIA, ref("Status"), errors=(404,))},
    f"/{ROOT}/collections/": {"get": _does("Collections in which one has a right", MEDIA, ref("Collections"))},
    f"{_BELOW}/": {"get": _does("A collection", MEDIA, ref("Collection"), errors=(404,))},
    f"{_BELOW}/manifest/": {
        "get": _does(
            "Ids, versions and dates of objects", MEDIA, ref("Manifest"), query=[*_PAGE, *_MATCH, *_VERSION],
            errors=_SEEN, headers=_DATES,
        ),
    },
    f"{_BELOW}/objects/": {
        "get": _does(
            "Objects, as the bytes that were posted", MEDIA, ref("Objects"),
            query=[*_PAGE, *_MATCH, *_VERSION, *_BESIDE], errors=_SEEN, headers=_DATES,
        ),
        "post": _does(
            "Objects taken in, on disk before the answer", MEDIA, ref("Status"), status=202,
            takes=(MEDIA, ref("Envelope")), errors=(*_SEEN, 422),
        ),
    },
    f"{_BELOW}/objects/{{id}}/": {
        "get": _does(
            "Versions of an object, the last by default", MEDIA, ref("Objects"), query=[*_PAGE, *_VERSION, *_BESIDE],
            errors=_SEEN, headers=_DATES,
        ),
        "delete": _does(
            "Versions of one's own object erased, all by default", MEDIA, ref("Nothing"),
            query=[_PAGE[-1], *_VERSION], errors=_SEEN,
        ),
    },
    f"{_BELOW}/objects/{{id}}/versions/": {
        "get": _does("Its versions", MEDIA, ref("Versions"), query=_PAGE, errors=_SEEN, headers=_DATES),
    },
    AUDIENCE: {"post": _token()},
    "/exchange/openapi.json": {"get": _does("This document", JSON, {"type": "object"})},
    "/exchange/log/checkpoint": {
        "get": _does(
            "Signed size and root of the log (C2SP checkpoint)", PLAIN, TEXT, errors=(404,),
            query=[_query("witnesses", "the newest that so many members have signed", COUNT)],
        ),
    },
    "/exchange/log/witness": {
        "post": _does(
            "A member's line under a checkpoint", "", {}, status=204, errors=(422,),
            takes=(PLAIN, {**TEXT, "description": "the size of the checkpoint, then the cosignature line"}),
        ),
    },
    "/exchange/log/key": {"get": _does("The log's public key, NAME+HASH+KEY", PLAIN, TEXT)},
    "/exchange/log/consistency": {
        "get": _does(
            "Hashes that lead from one size of the log to another (RFC 6962)", JSON, ref("Consistency"),
            query=[_query("first", "the smaller size", COUNT, True), _query("second", "the larger size", COUNT, True)],
        ),
    },
    "/exchange/log/inclusion": {
        "get": _does(
            "An object's entry and its path in the log of a size", JSON, ref("Inclusion"), errors=(404,),
            query=[
                _query("collection", "id or alias", TEXT, True), _query("id", "the object's", TEXT, True),
                _query("version", "its `modified`", STAMP, True), _query("size", "of the log", COUNT, True),
            ],
        ),
    },
    "/exchange/members": {"get": _does("Every member's manifest, signed by the hub", JSON, ref("Members"))},
    "/exchange/members/{id}": {"get": _does("A member's manifest", JSON, ref("Member"), errors=(404,))},
    "/exchange/overlap/": {"get": _does("Epochs in use here: public documents", JSON, ref("Epochs"))},
    f"{_EPOCH}/account": {
        "get": _does("Evaluations a day, and used today", JSON, ref("Account"), errors=(*_SEEN, 410)),
    },
    f"{_EPOCH}/evaluate": {
        "post": _does(
            "As many elements, and a proof of 64 bytes", OCTETS, {**_BATCH, "description": "elements, then the proof"},
            takes=(OCTETS, _BATCH), errors=(*_SEEN, 410),
        ),
    },
    f"{_EPOCH}/tokens": {
        "get": _does("The others' records merged", OCTETS, {"type": "string", "format": "binary"}, errors=(*_SEEN, 410)),
        "put": _does(
            "One's own set, with a signed statement", JSON, ref("Published"), errors=(*_SEEN, 410),
            takes=(OCTETS, {
                "type": "string", "format": "binary",
                "description": "a line of JSON {statement, signature}, then the records",
            }),
        ),
    },
}  # fmt: skip


@functools.cache
def document() -> Mapping[str, Any]:
    """The whole document; not to be changed."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Stillwatch hub",
            "version": __version__,
            "description": "TAXII 2.1 and, under /exchange/, the log, members and private overlap.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": SECURITY,
        "paths": {path: {**_placed(path), **operations} for path, operations in PATHS.items()},
        "components": {
            "schemas": SCHEMAS,
            "responses": {str(code): _error(code) for code in ERRORS},
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic", "description": "the member's id and client secret"},
                "bearer": {"type": "http", "scheme": "bearer", "description": f"a token of {AUDIENCE}"},
                "certificate": {
                    "type": "mutualTLS", "description": "shown to the hub, or to a proxy that the operator named",
                },
            },
        },
    }  # fmt: skip


def _placed(path: str) -> Operation:
    """The parameters that the path itself holds."""
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    held = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in names
    ]
    return {"parameters": held} if held else {}


def _error(code: int) -> Operation:
    """An error-message resource of TAXII (section 3.6.1)."""
    held: Operation = {"description": ERRORS[code], "content": {MEDIA: {"schema": ref("Error")}}}
    if code == 401:
        held["headers"] = {"WWW-Authenticate": {"required": True, "schema": TEXT}}
    if code in (429, 503):
        held["headers"] = {"Retry-After": {"required": True, "schema": COUNT}}
    return held
