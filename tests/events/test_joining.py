"""Calls whose parts lie in several records and files become one event each, whatever the order."""

import gzip
import itertools
import json
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from tests.events.sources import gateways as made

from stillwatch.errors import UnreadableInputError
from stillwatch.events.dataset import open_dataset
from stillwatch.events.sources.apim import Apim
from stillwatch.events.sources.source import RecordError

NOW = datetime(2032, 6, 1, tzinfo=UTC)


def opened(folder, work, files, **options):
    folder.mkdir(parents=True)
    for name, records in files.items():
        text = "\n".join(json.dumps(r) for r in records).encode()
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return open_dataset([folder], work=work, now=NOW, **options)


def rows(data):
    events = pq.read_table(data.events[0]).to_pylist()
    content = pq.read_table(data.content[0]).to_pylist()
    return [e | c for e, c in zip(events, content, strict=True)]


def test_gateway_and_model_logs_of_two_containers_meet_by_correlation_id(tmp_path):
    calls = [f"corr-{i}" for i in range(200)]
    callers = [made.apim_caller() | {"correlationId": name} for name in calls]
    for caller in callers[:100]:
        caller["properties"] = caller["properties"] | {"apimSubscriptionId": "acct-2"}
    models = []
    for name in reversed(calls):
        for part in (
            made.apim_model(0, **made.TOKENS),
            made.apim_model(1, requestMessages=[{"role": "user", "content": f"about {name}"}]),
        ):
            part["properties"] = part["properties"] | {"correlationId": name}
            models.append(part)
    other = made.apim_caller() | {"correlationId": "a weather API"}
    files = {"gatewayllmlogs/PT1H.json.gz": models, "gatewaylogs/PT1H.json": [*callers, other]}
    data = opened(tmp_path / "logs", tmp_path / "work", files)
    found = {r["event_id"]: r for r in rows(data)}
    assert found.keys() == set(calls)
    assert {r["account_id"] for r in found.values()} == {"acct-1", "acct-2"}
    assert all(r["messages"][0]["text"] == f"about {name}" for name, r in found.items())
    assert data.quarantine.total == 0
    assert data.coverage["input_tokens"] == 1.0


def test_model_logs_alone_name_nobody_and_the_error_says_where(tmp_path):
    with pytest.raises(UnreadableInputError, match="missing:account_id") as caught:
        opened(tmp_path / "logs", tmp_path / "work", {"a.json": [made.apim_model(0, **made.TOKENS)]})
    assert caught.value.where.endswith("a.json:1")


def test_gateway_logs_alone_hold_no_model_call(tmp_path):
    with pytest.raises(UnreadableInputError, match="no model call"):
        opened(tmp_path / "logs", tmp_path / "work", {"a.json": [made.apim_caller()]})


LONG = "x" * 31_000
CHUNKS = [
    (
        "each chunk a list",
        [
            made.apim_model(1, requestMessages=[{"role": "user", "content": LONG}]),
            made.apim_model(2, requestMessages=[{"role": "user", "content": " and the end"}]),
        ],
    ),
    (
        "slices of one text",
        [
            made.apim_model(1, requestMessages=json.dumps([{"role": "user", "content": LONG}])[:30_000]),
            made.apim_model(
                2,
                requestMessages=json.dumps([{"role": "user", "content": f"{LONG} and the end"}])[30_000:],
            ),
        ],
    ),
]


@pytest.mark.parametrize("chunks", [c[1] for c in CHUNKS], ids=[c[0] for c in CHUNKS])
def test_chunks_are_put_together_by_sequence_number_in_any_order(chunks):
    parts = [
        p
        for r in (made.apim_caller(), made.apim_model(0, **made.TOKENS), *chunks)
        for _, p in Apim().parts(r)
    ]
    for order in itertools.permutations(parts):
        (event,) = Apim().join(list(order))
        assert event["messages"] == [{"role": "user", "text": f"{LONG} and the end"}]
        assert "quality" not in event


def test_a_missing_chunk_and_a_cut_body_are_marked():
    lost = [
        made.apim_caller(),
        made.apim_model(0, **made.TOKENS),
        made.apim_model(2, requestMessages=made.ASKED),
    ]
    (event,) = Apim().join([p for r in lost for _, p in Apim().parts(r)])
    assert event["quality"] == ["truncated:messages"]
    cut = made.apim_caller(requestBody=json.dumps(made.CHAT_BODY)[:-9])
    (event,) = Apim().events(cut)
    assert event["quality"] == ["truncated:messages"]
    assert "messages" not in event


def test_rows_of_log_analytics_are_read_by_their_table_names():
    caller = {
        "TimeGenerated": "2031-05-02T10:00:00Z",
        "Type": "ApiManagementGatewayLogs",
        "CorrelationId": "corr-1",
        "ApimSubscriptionId": "acct-1",
        "CallerIpAddress": "192.0.2.7",
        "RequestHeaders": '{"User-Agent": "harbour/1.2"}',
    }
    model = {
        "TimeGenerated": "2031-05-02T10:00:01Z",
        "CorrelationId": "corr-1",
        "SequenceNumber": 1,
        "RequestMessages": json.dumps(made.ASKED),
        "ModelName": "m-large",
    }
    (event,) = Apim().join([p for r in (model, caller) for _, p in Apim().parts(r)])
    assert event["user_agent"] == "harbour/1.2"
    assert event["messages"] == [made.BRIEF, made.HELLO]
    with pytest.raises(RecordError, match="correlationId"):
        list(Apim().parts(caller | {"CorrelationId": None}))


def test_legacy_langfuse_rows_take_their_user_from_the_rows_of_traces(tmp_path):
    bare = {k: v for k, v in made.LANGFUSE_BLOB.items() if k not in ("user_id", "session_id")}
    generations = [bare | {"id": f"obs-{i}", "trace_id": f"trace-{i % 3}"} for i in range(9)]
    traces = [
        {
            "id": f"trace-{i}",
            "timestamp": "2031-05-02 10:00:00.000000",
            "project_id": "harbour",
            "user_id": f"acct-{i}",
            "tags": [],
        }
        for i in range(2)
    ]
    score = {"id": "s", "trace_id": "trace-1", "name": "good", "value": 1, "data_type": "NUMERIC"}
    files = {"observations/a.jsonl": generations, "scores/a.jsonl": [score], "traces/a.jsonl": traces}
    data = opened(tmp_path / "export", tmp_path / "work", files)
    assert sorted((r["event_id"], r["account_id"]) for r in rows(data)) == [
        (f"obs-{i}", f"acct-{i % 3}") for i in range(9) if i % 3 < 2
    ]
    assert dict(data.quarantine.counts) == {"missing:account_id": 1}
    assert set(data.formats.values()) == {"Langfuse export"}


def test_reading_an_export_twice_gives_the_same_ids_and_a_repeated_file_nothing_new(tmp_path):
    one = opened(tmp_path / "one", tmp_path / "w1", {"a.jsonl": [made.LANGFUSE_BLOB, made.KONG, made.ENVOY]})
    two = opened(
        tmp_path / "two",
        tmp_path / "w2",
        {"a.jsonl": [made.LANGFUSE_BLOB], "b.jsonl.gz": [made.KONG, made.KONG, made.LANGFUSE_BLOB]},
        bad_share_max=1.0,
    )
    assert {r["event_id"] for p in one.events for r in pq.read_table(p).to_pylist()} == {
        "obs-1",
        "9ec9",
        "9ec9@2031-05-02T10:00:00.000Z",
    }
    assert two.rows == 2
    assert two.quarantine.counts["duplicate"] == 2
