"""JSON Schemas of what crosses the hub's HTTP interface, for its OpenAPI document.

TAXII resources follow TAXII 2.1, sections 3.6, 4 and 5; everything else is this hub's own. Answers are described closed
(`additionalProperties: false`) where the hub makes them, so that a test notices a property that nobody described.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stillwatch.api.taxii_wire import MEDIA, STIX
from stillwatch.exchange.admission import OBJECTS_MAX
from stillwatch.exchange.markings import PAP, TLP

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
BYTES: Schema = {"type": "string", "contentEncoding": "base64"}
STAMP: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$"}
HEX: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def record(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object with these properties and no others."""
    return {
        "type": "object", "properties": {**required, **(optional or {})}, "required": list(required),
        "additionalProperties": False,
    }  # fmt: skip


def listed(items: Schema, **bounds: int) -> Schema:
    """An array."""
    return {"type": "array", "items": items, **bounds}


def ref(name: str) -> Schema:
    """A schema of SCHEMAS by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def _paged(key: str, items: Schema, **more: Schema) -> Schema:
    """A page under `key`, or nothing at all."""
    page = record({"more": {"type": "boolean"}, key: listed(items, minItems=1)}, {"next": TEXT, **more})
    return {"oneOf": [page, record({})]}


_DETAIL = {"id": TEXT, "version": STAMP}
_FAILURE: Schema = {
    **record({"id": TEXT, "message": TEXT}, {"version": STAMP}),
    "description": "`id` is `objects[N]` for an object whose own id cannot be repeated",
}
_JWK = record({"kty": {"const": "OKP"}, "crv": {"const": "Ed25519"}, "x": TEXT})

SCHEMAS: dict[str, Schema] = {
    "Error": record({"title": TEXT, "http_status": {"type": "string", "pattern": "^[45][0-9]{2}$"}}),
    "OAuthError": record({"error": {"enum": ["invalid_client", "unsupported_grant_type"]}}),
    "Token": record(
        {"access_token": TEXT, "token_type": {"const": "Bearer"}, "expires_in": {"type": "integer", "minimum": 1}}
    ),
    "Discovery": record({"title": TEXT, "default": TEXT, "api_roots": listed(TEXT)}),
    "ApiRoot": record({"title": TEXT, "versions": listed({"const": MEDIA}), "max_content_length": COUNT}),
    "Collection": record(
        {
            "id": TEXT, "alias": TEXT, "title": TEXT, "description": TEXT, "can_read": {"type": "boolean"},
            "can_write": {"type": "boolean"}, "media_types": listed({"const": STIX}),
        }
    ),
    "Collections": record({}, {"collections": listed(ref("Collection"), minItems=1)}),
    "Envelope": {
        "type": "object",
        "properties": {
            "objects": listed({"description": "judged one by one; the status tells"}, minItems=1, maxItems=OBJECTS_MAX),
            "x_signatures": listed({"type": "string", "description": "detached JWS of the object, or ''"}),
        },
        "required": ["objects"],
    },
    "Objects": _paged(
        "objects",
        {"type": "object", "required": ["type", "id", "spec_version"]},
        x_signatures=listed(TEXT),
        x_proofs=listed({"oneOf": [ref("Inclusion"), {"type": "null"}]}),
    ),
    "Manifest": _paged(
        "objects", record({"id": TEXT, "date_added": STAMP, "version": STAMP, "media_type": {"const": STIX}})
    ),
    "Versions": _paged("versions", STAMP),
    "Status": record(
        {
            "id": {"type": "string", "format": "uuid"}, "status": {"const": "complete"}, "request_timestamp": STAMP,
            "total_count": COUNT, "success_count": COUNT, "successes": listed(record({"id": TEXT}, _DETAIL)),
            "failure_count": COUNT, "failures": listed(_FAILURE), "pending_count": COUNT, "pendings": listed({}, maxItems=0),
        }
    ),
    "Nothing": record({}),
    "Consistency": record({"consistency": listed(BYTES)}),
    "Inclusion": record({"index": COUNT, "entry": BYTES, "path": listed(BYTES)}),
    "MemberManifest": record(
        {
            "member": TEXT, "name": TEXT, "identity": TEXT, "state": {"enum": ["active", "suspended"]}, "at": STAMP,
            "tlp": {"enum": list(TLP)}, "pap": {"enum": list(PAP)}, "signed": {"type": "boolean"},
            "collections": listed(record({"alias": TEXT, "read": {"type": "boolean"}, "write": {"type": "boolean"}})),
            "keys": listed(
                record(
                    {
                        "kid": TEXT, "jwk": _JWK, "added": STAMP, "retired": {"oneOf": [STAMP, {"type": "null"}]},
                        "revoked": {"oneOf": [STAMP, {"type": "null"}]},
                    }
                )
            ),
        }
    ),
    "Member": record({"manifest": ref("MemberManifest"), "signature": TEXT}),
    "Members": record({"members": listed(ref("Member"))}),
    "Epoch": record(
        {
            "version": {"const": 1}, "purpose": {"enum": ["identifiers", "networks", "templates"]}, "begins": TEXT,
            "ends": TEXT, "threshold": COUNT, "commitments": listed(HEX), "holders": listed(record({"origin": TEXT, "url": TEXT})),
        }
    ),
    "Epochs": record({"epochs": listed(record({"id": TEXT, "holder": COUNT, "epoch": ref("Epoch")}))}),
    "Account": record({"per_day": COUNT, "used": COUNT}),
    "Published": record({"records": COUNT, "sha256": HEX}),
}  # fmt: skip
