"""schemathesis, not written here, calls every path of the hub with what its OpenAPI document allows and forbids.

The document is fetched from the hub itself. It is narrowed only where chance would never find what exists: names in paths
may also be those of this forum's collection, object, members and epoch.
"""

from __future__ import annotations

import itertools
import json
import re
import time
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as conformance
from starlette.routing import Route

from stillwatch.api import hub_access
from stillwatch.api.hub_openapi import PATHS, SECURITY
from stillwatch.api.hub_server import Door, served
from stillwatch.api.hub_side import ASSERTION, GRANT
from stillwatch.api.taxii import Limits
from stillwatch.exchange import cosignature, signing
from stillwatch.exchange.assertion import AUDIENCE, assertion
from stillwatch.exchange.oprf import voprf
from stillwatch.exchange.overlap import epoch, tokens
from stillwatch.service import hub_members
from stillwatch.service.hub_overlap import HubOverlap

from .conftest import Forum, indicator
from .test_hub_overlap import dealt, statement_of

pytestmark = pytest.mark.slow
EXAMPLES = 12
OBJECTS = "/forum/collections/{collection}/objects/"
CALLS = [(method, path) for path, operations in PATHS.items() for method in operations]
HELD = (
    not_a_server_error,
    conformance.status_code_conformance,
    conformance.content_type_conformance,
    conformance.response_headers_conformance,
    conformance.response_schema_conformance,
    conformance.ignored_auth,
)


@dataclass
class Api:
    """The document as served, and what stands in the paths of things that exist."""

    schema: Any
    names: dict[str, list[str]]
    credentials: dict[str, str]
    epoch: epoch.Epoch

    def cases(self, method: str, path: str) -> st.SearchStrategy[Any]:
        """Requests as the document allows and as it forbids, to what does not exist and to what does."""
        operation, names = self.schema[path][method], re.findall(r"{(\w+)}", path)
        kinds = ["member" if "members" in path else "status" if "status" in path else name for name in names]
        known = [
            dict(zip(names, held, strict=True)) for held in itertools.product(*map(self.names.get, kinds))
        ]
        return st.one_of(
            operation.as_strategy(generation_mode=mode, path_parameters=fixed or None)
            for fixed in [{}, *known]
            for mode in GenerationMode
        )

    def call(self, method: str, path: str, **given: Any) -> Any:
        """One well-formed request, its answer judged as the generated ones are."""
        case = self.schema[path][method].Case(**given)
        return case.call_and_validate(headers=self.credentials, checks=list(HELD))


@pytest.fixture
def api(forum: Forum) -> Api:
    """A forum in which something is at every path; sizes of the log and objects are narrowed to what can be there."""
    forum.app = served(forum.hub, Door("", limits=Limits(requests_per_s=1e9, requests_burst=1e9)))
    made, overlap = dealt(), HubOverlap(forum.hub)
    overlap.install(epoch.written(made.shares[0]))
    overlap.allow("quill", 1_000_000)
    posted = [indicator() for _ in range(3)]
    status = forum.post("quill", posted).json["id"]
    held = json.loads(forum.get("quill", "/exchange/openapi.json", Accept="*/*").body)
    for operation in (
        o for operations in held["paths"].values() for o in operations.values() if "summary" in o
    ):
        for parameter in operation.get("parameters", []):
            if parameter["name"] in ("first", "second", "size", "witnesses", "proofs"):
                parameter["schema"]["maximum"] = forum.hub.store.log_size() + 1
    items = {"enum": [indicator(), posted[0], {"id": 7}, 7]}
    held["components"]["schemas"]["Envelope"]["properties"]["objects"]["items"] = items
    schema = schemathesis.openapi.from_dict(held)
    schema.validate()
    schema.app = forum.app
    names = {
        "collection": ["signatures"], "version": [posted[0]["modified"]], "epoch": [made.epoch.id], "id": [o["id"] for o in posted],
        "member": ["quill", "sable"], "status": [status],
    }  # fmt: skip
    return Api(schema, names, {"Authorization": forum.basic("quill")}, made.epoch)


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_every_answer_is_one_that_the_document_gives(api: Api, method: str, path: str) -> None:
    @given(api.cases(method, path))
    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def called(case: Any) -> None:
        case.call_and_validate(headers=api.credentials, checks=list(HELD))

    called()


def test_what_chance_would_not_find_is_answered_as_described(api: Api, forum: Forum) -> None:
    """Proofs, evaluations, sets, tokens and cosignatures need values that fit together."""
    size, held = forum.hub.store.log_size(), {"epoch": api.names["epoch"][0]}
    query = {
        "collection": "signatures",
        "id": api.names["id"][0],
        "version": api.names["version"][0],
        "size": size,
    }
    assert api.call("get", "/exchange/log/inclusion", query=query).status_code == 200
    query = {"signatures": "true", "proofs": size, "limit": 2}
    page = api.call("get", OBJECTS, path_parameters={"collection": "signatures"}, query=query).json()
    assert (page["more"], len(page["x_proofs"])) == (True, 2)
    asked = voprf.blind([b"a", b"b"]).elements
    evaluate = {"path_parameters": held, "body": asked, "media_type": "application/octet-stream"}
    assert len(api.call("post", "/exchange/overlap/{epoch}/evaluate", **evaluate).content) == 2 * 32 + 64
    forum.keys["quill"] = key = signing.new_key()
    hub_members.rotate(forum.hub, "quill", signing.public_jwk(key))
    body = statement_of(forum, api.epoch, tokens.filled([], api.epoch, b"s"), "quill")
    put = {"path_parameters": held, "body": body, "media_type": "application/octet-stream"}
    assert api.call("put", "/exchange/overlap/{epoch}/tokens", **put).status_code == 200
    form = {
        "grant_type": GRANT, "client_assertion_type": ASSERTION,
        "client_assertion": assertion("quill", forum.hub.origin, key, uuid.uuid4().hex, time.time()),
    }  # fmt: skip
    token = api.call("post", AUDIENCE, body=form, media_type="application/x-www-form-urlencoded")
    assert forum.get(None, "/taxii2/", Authorization=f"Bearer {token.json()['access_token']}").status == 200
    size = forum.hub.store.log_size()
    name = cosignature.witness_name(forum.hub.origin, "quill")
    note = forum.get("quill", "/exchange/log/checkpoint", Accept="*/*").body.decode()
    line = cosignature.cosigned(note, name, int(time.time()), Ed25519PrivateKey.from_private_bytes(key))
    sent = {"body": f"{size}\n{line}\n", "media_type": "text/plain"}
    assert api.call("post", "/exchange/log/witness", **sent).status_code == 204


def test_the_document_names_the_paths_of_the_application_and_no_others(forum: Forum) -> None:
    routes = [route for route in forum.app.routes if isinstance(route, Route)]
    assert {r.path: {m.lower() for m in r.methods or ()} - {"head"} for r in routes} == {
        path: set(operations) for path, operations in PATHS.items()
    }


@pytest.mark.parametrize("path", PATHS)
def test_other_methods_are_refused_with_those_that_there_are(forum: Forum, path: str) -> None:
    there = {m.upper() for m in PATHS[path]}
    there |= {"HEAD"} if "GET" in there else set()
    for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS"} - there:
        answer = forum.ask("quill", method, re.sub(r"{\w+}", "x", path))
        assert answer.status == 405
        assert set(answer.headers["Allow"].split(", ")) == there


def test_every_path_but_the_one_that_gives_tokens_asks_who_is_there(forum: Forum) -> None:
    for path, operations in PATHS.items():
        for method, operation in operations.items():
            answer = forum.ask(None, method.upper(), re.sub(r"{\w+}", "x", path), b"", {"Accept": "*/*"})
            open_ = operation.get("security", SECURITY) == []
            assert (answer.status, "WWW-Authenticate" in answer.headers) == (
                (400, False) if open_ else (401, True)
            )


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/exchange/openapi.json", "application/json"),
        ("/exchange/log/key", "text/plain"),
        ("/exchange/members", "application/*"),
    ],
)
def test_who_accepts_only_what_the_document_names_is_answered(forum: Forum, path: str, kind: str) -> None:
    assert forum.get("quill", path, Accept=kind).status == 200
    assert forum.get("quill", path, Accept="text/html").status == 406
    assert forum.get("quill", "/taxii2/", Accept="application/json").status == 406


def _undocumented(held: Any, _: Any) -> None:
    del held["paths"]["/exchange/members/{id}"]["get"]["responses"]["404"]


def _another_shape(held: Any, _: Any) -> None:
    held["components"]["schemas"]["Members"]["properties"]["members"]["items"] = {"type": "string"}


def _another_kind(held: Any, _: Any) -> None:
    content = held["paths"]["/exchange/log/key"]["get"]["responses"]["200"]["content"]
    content["application/json"] = content.pop("text/plain")


def _open(_: Any, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(hub_access.Access, "_found", lambda self, _: self._hub.store.member("quill"))


@pytest.mark.parametrize(
    ("bend", "path", "names"),
    [
        pytest.param(_undocumented, "/exchange/members/{id}", {"id": "nobody"}, id="a status"),
        pytest.param(_another_shape, "/exchange/members", {}, id="a shape"),
        pytest.param(_another_kind, "/exchange/log/key", {}, id="a media type"),
        pytest.param(_open, "/exchange/members", {}, id="no credentials needed"),
    ],
)
@pytest.mark.parametrize("forum", ["sqlite"], indirect=True)
def test_an_answer_that_the_document_does_not_give_is_noticed(
    api: Api, monkeypatch: pytest.MonkeyPatch, bend: Any, path: str, names: dict[str, str]
) -> None:
    held = json.loads(json.dumps(api.schema.raw_schema))
    app, api.schema = api.schema.app, schemathesis.openapi.from_dict(held)
    api.schema.app = app
    api.call("get", path, path_parameters=names)
    bend(held, monkeypatch)
    api.schema = schemathesis.openapi.from_dict(held)
    api.schema.app = app
    with pytest.raises(FailureGroup):
        api.call("get", path, path_parameters=names)
