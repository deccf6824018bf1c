"""Invented records of observability and gateway exports, in the shape their vendors document."""

import json

HELLO = {"role": "user", "text": "hello"}
BRIEF = {"role": "system", "text": "be brief"}
ASKED = [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hello"}]
CHAT_BODY = {"model": "m-large", "messages": ASKED, "temperature": 0.5, "max_tokens": 64}
CHAT_ANSWER = {
    "object": "chat.completion",
    "model": "m-large-2",
    "choices": [{"message": {"role": "assistant", "content": "hi"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 2},
}
OBSERVATION = {
    "id": "obs-1",
    "traceId": "trace-1",
    "projectId": "harbour",
    "type": "GENERATION",
    "name": "answer",
    "startTime": "2031-05-02T10:00:00.000Z",
    "endTime": "2031-05-02T10:00:01.500Z",
    "model": "m-large",
    "modelParameters": {"temperature": "0.5", "max_tokens": 64},
    "input": ASKED,
    "output": {"role": "assistant", "content": "hi", "reasoning_content": "think"},
    "usageDetails": {"input": 9, "output": 2, "total": 11, "input_cached_tokens": 4},
    "userId": "acct-1",
    "sessionId": "session-1",
    "level": "DEFAULT",
}
LANGFUSE_TRACE = {
    "id": "trace-1",
    "timestamp": "2031-05-02T10:00:00.000Z",
    "projectId": "harbour",
    "userId": "acct-1",
    "sessionId": "session-1",
    "tags": ["prod"],
    "observations": [
        {**OBSERVATION, "userId": None, "sessionId": None},
        {"id": "obs-2", "traceId": "trace-1", "type": "SPAN", "startTime": "2031-05-02T10:00:00.000Z"},
    ],
    "scores": [],
}
LANGFUSE_DOWNLOAD = {
    "trace": {k: v for k, v in LANGFUSE_TRACE.items() if k not in ("observations", "scores")},
    "observations": LANGFUSE_TRACE["observations"],
}
LANGFUSE_PAGE = {"data": [OBSERVATION], "meta": {"page": 1, "limit": 50, "totalItems": 1, "totalPages": 1}}
LANGFUSE_BLOB = {
    "id": "obs-1",
    "trace_id": "trace-1",
    "project_id": "harbour",
    "type": "GENERATION",
    "start_time": "2031-05-02 10:00:00.000000",
    "end_time": "2031-05-02 10:00:01.500000",
    "provided_model_name": "m-large",
    "model_parameters": '{"temperature": 0.5, "max_tokens": 64}',
    "input": json.dumps({"messages": ASKED, "tools": [{"name": "lookup"}]}),
    "output": "hi",
    "usage_details": {"input": 9, "output": 2},
    "user_id": "acct-1",
    "session_id": "session-1",
}
KONG = {
    "workspace": "b4a1",
    "workspace_name": "harbour",
    "client_ip": "192.0.2.7",
    "started_at": 1935655200000,
    "latencies": {"kong": 3, "proxy": 1490, "request": 1500},
    "request": {
        "id": "9ec9",
        "uri": "/v1/chat/completions",
        "method": "POST",
        "headers": {"user-agent": "harbour/1.2", "host": "gateway.example"},
    },
    "response": {"status": 200, "headers": {}},
    "consumer": {"id": "acct-1", "username": "ida", "custom_id": "17"},
    "authenticated_entity": {"id": "key-1", "consumer_id": "acct-1"},
    "ai": {
        "proxy": {
            "meta": {
                "plugin_id": "c6f6",
                "provider_name": "openai",
                "request_model": "m-large",
                "response_model": "m-large-2",
                "request_mode": "oneshot",
                "llm_latency": 1400,
            },
            "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11, "cost": 0.001},
            "payload": {"request": json.dumps(CHAT_BODY), "response": json.dumps(CHAT_ANSWER)},
        }
    },
}
KONG_OLDER = {
    **{k: v for k, v in KONG.items() if k not in ("ai", "consumer")},
    "ai": {
        "payload": {"request": json.dumps(CHAT_BODY)},
        "ai-proxy": {
            "meta": {"provider_name": "cohere", "request_model": "m-large"},
            "usage": {"prompt_token": 9, "completion_token": 2},
            "payload": {"response": "hi"},
        },
        "ai-request-transformer": {"usage": {"prompt_token": 800}, "meta": {"request_model": "m-small"}},
    },
}
ENVOY = {
    "start_time": "2031-05-02T10:00:00.000Z",
    "method": "POST",
    "x-envoy-origin-path": "/v1/chat/completions",
    "response_code": 200,
    "response_code_details": "via_upstream",
    "duration": "1500",
    "user-agent": "harbour/1.2",
    "x-request-id": "9ec9",
    "downstream_remote_address": "192.0.2.7:41122",
    "gen_ai.request.model": "m-large",
    "gen_ai.response.model": "m-large-2",
    "gen_ai.provider.name": "default/openai",
    "gen_ai.usage.input_tokens": "9",
    "gen_ai.usage.output_tokens": "2",
    "gen_ai.usage.total_tokens": "11",
    "session.id": "-",
    "account.id": "acct-1",
}
ENVOY_METADATA = {
    "start_time": "2031-05-02T10:00:00.000Z",
    "response_code": "429",
    "response_code_details": "request_rate_limited",
    "x-request-id": "9ec9",
    "downstream_remote_address": "[2001:db8::7]:41122",
    "x-client-id": "acct-1",
    "io.envoy.ai_gateway": {"llm_input_token": 9, "llm_output_token": 2, "model_name_override": "m-large-2"},
}


def apim_caller(**properties):
    """A GatewayLogs record as a storage account or Event Hub receives it."""
    return {
        "time": "2031-05-02T10:00:00.0000000Z",
        "resourceId": "/SUBSCRIPTIONS/0/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.APIMANAGEMENT/SERVICE/HARBOUR",
        "category": "GatewayLogs",
        "operationName": "Microsoft.ApiManagement/GatewayLogs",
        "durationMs": 1500,
        "callerIpAddress": "192.0.2.7",
        "correlationId": "corr-1",
        "DeploymentName": "harbour",
        "properties": {
            "method": "POST",
            "responseCode": 200,
            "apimSubscriptionId": "acct-1",
            "productId": "gold",
            "userId": "1",
            **properties,
        },
    }


def apim_model(sequence, **properties):
    """A GatewayLlmLogs record."""
    return {
        "time": "2031-05-02T10:00:01.0000000Z",
        "category": "GatewayLlmLogs",
        "operationName": "Microsoft.ApiManagement/GatewayLlmLogs",
        "correlationId": "corr-1",
        "properties": {"correlationId": "corr-1", "sequenceNumber": sequence, **properties},
    }


TOKENS = {"modelName": "m-large-2", "deploymentName": "m-large", "promptTokens": 9, "completionTokens": 2}
APIM = {
    "records": [
        apim_model(1, requestMessages=ASKED),
        apim_caller(),
        apim_model(2, responseMessages=json.dumps([{"role": "assistant", "content": "hi"}])),
        apim_model(0, **TOKENS, isStreamCompletion=False),
    ]
}
APIM_BODIES = apim_caller(requestBody=json.dumps(CHAT_BODY), responseBody=json.dumps(CHAT_ANSWER))
FIXTURES = {
    "langfuse observation": ("langfuse", OBSERVATION),
    "langfuse trace with observations": ("langfuse", LANGFUSE_TRACE),
    "langfuse downloaded trace": ("langfuse", LANGFUSE_DOWNLOAD),
    "langfuse page of the API": ("langfuse", LANGFUSE_PAGE),
    "langfuse blob storage export": ("langfuse", LANGFUSE_BLOB),
    "kong": ("kong", KONG),
    "kong before 3.8": ("kong", KONG_OLDER),
    "envoy": ("envoy", ENVOY),
    "envoy dynamic metadata": ("envoy", ENVOY_METADATA),
    "apim records": ("apim", APIM),
    "apim logged bodies": ("apim", APIM_BODIES),
}
_LANGFUSE = {
    "event_id": "obs-1",
    "ts": "2031-05-02T10:00:00.000Z",
    "account_id": "acct-1",
    "quality": ["account:userId"],
    "session_id": "session-1",
    "tenant": "harbour",
    "latency_ms": 1500.0,
    "request_model": "m-large",
    "temperature": 0.5,
    "max_tokens": 64,
    "input_tokens": 9,
    "cached_tokens": 4,
    "messages": [BRIEF, HELLO],
    "output_text": "hi",
    "reasoning_text": "think",
}
_CALL = {
    "event_id": "corr-1",
    "ts": "2031-05-02T10:00:00.0000000Z",
    "account_id": "acct-1",
    "plan": "gold",
    "ip": "192.0.2.7",
    "tenant": "harbour",
    "latency_ms": 1500,
    "status": "200",
    "quality": None,
    "request_model": "m-large",
    "response_model": "m-large-2",
    "input_tokens": 9,
    "output_tokens": 2,
    "messages": [BRIEF, HELLO],
    "output_text": "hi",
}
EXPECTED = {
    "langfuse observation": _LANGFUSE,
    "langfuse trace with observations": _LANGFUSE,
    "langfuse downloaded trace": _LANGFUSE,
    "langfuse page of the API": _LANGFUSE,
    "langfuse blob storage export": {
        **{k: v for k, v in _LANGFUSE.items() if k not in ("cached_tokens", "reasoning_text")},
        "ts": "2031-05-02 10:00:00.000000+00:00",
        "quality": ["account:user_id"],
    },
    "kong": {
        "event_id": "9ec9",
        "ts": 1935655200000,
        "account_id": "acct-1",
        "api_key_id": "key-1",
        "tenant": "harbour",
        "ip": "192.0.2.7",
        "user_agent": "harbour/1.2",
        "latency_ms": 1500.0,
        "provider": "openai",
        "request_model": "m-large",
        "response_model": "m-large-2",
        "temperature": 0.5,
        "input_tokens": 9,
        "messages": [BRIEF, HELLO],
        "output_text": "hi",
        "status": "200",
    },
    "kong before 3.8": {
        "account_id": "acct-1",
        "provider": "cohere",
        "request_model": "m-large",
        "input_tokens": 9,
        "output_tokens": 2,
        "messages": [BRIEF, HELLO],
        "output_text": "hi",
    },
    "envoy": {
        "event_id": "9ec9@2031-05-02T10:00:00.000Z",
        "account_id": "acct-1",
        "ip": "192.0.2.7",
        "user_agent": "harbour/1.2",
        "latency_ms": 1500.0,
        "request_model": "m-large",
        "response_model": "m-large-2",
        "input_tokens": 9,
        "output_tokens": 2,
        "session_id": None,
        "error": None,
        "content_level": "metadata",
    },
    "envoy dynamic metadata": {
        "account_id": "acct-1",
        "quality": ["account:x-client-id"],
        "ip": "2001:db8::7",
        "response_model": "m-large-2",
        "input_tokens": 9,
        "status": "429",
        "error": "request_rate_limited",
    },
    "apim records": {**_CALL, "stream": False},
    "apim logged bodies": {**_CALL, "temperature": 0.5},
}
IDENTITY = {
    "userId", "user_id", "consumer", "authenticated_entity", "account.id", "x-client-id", "apimSubscriptionId",
}  # fmt: skip
