"""AWS Bedrock model invocation logs, as delivered to S3 or CloudWatch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from stillwatch.events.sources import anthropic, field, messages, openai
from stillwatch.events.sources.source import Record

ACCOUNT = (("identity", "arn"),)
INDIRECT = (("accountId",),)


@dataclass(frozen=True)
class Bedrock:
    """One `ModelInvocationLog`; the calling IAM identity is the account, the AWS account its organisation."""

    id: ClassVar[str] = "bedrock"
    title: ClassVar[str] = "AWS Bedrock invocation logs"

    def detect(self, record: Record) -> bool:
        return record.get("schemaType") == "ModelInvocationLog"

    def events(self, record: Record) -> Iterator[Record]:
        asked = _asked(field.peek(record, "input", "inputBodyJson"))
        columns = asked | _answered(field.peek(record, "output", "outputBodyJson"))
        counts = {
            "input_tokens": field.whole(record, "input", "inputTokenCount"),
            "output_tokens": field.whole(record, "output", "outputTokenCount"),
            "cached_tokens": field.whole(record, "input", "cacheReadInputTokenCount"),
        }
        columns |= {name: value for name, value in counts.items() if value is not None}
        yield field.event(
            self.id,
            columns
            | field.account(record, ACCOUNT, INDIRECT)
            | {
                "event_id": field.text(record, "requestId"),
                "ts": field.moment(record, ("timestamp",)),
                "provider": "aws.bedrock",
                "operation": field.text(record, "operation"),
                "org_id": field.text(record, "accountId"),
                "request_model": field.text(record, "modelId"),
                "error": field.text(record, "errorCode"),
            },
        )


def _asked(body: Any) -> Record:
    """Canonical columns of a Converse, Anthropic, Titan or Llama request body."""
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise field.wrong_type(["input", "inputBodyJson"])
    if "inferenceConfig" not in body and "anthropic_version" in body:
        return anthropic.parameters(body)
    if "messages" not in body:
        turns, images = messages.conversation(body.get("inputText", body.get("prompt")), "inputText")
    else:
        turns, images = messages.conversation(body["messages"])
    limits = next(
        (body[name] for name in ("inferenceConfig", "textGenerationConfig") if body.get(name)), body
    )
    limit_names = ("maxTokens", "maxTokenCount", "max_tokens", "max_gen_len")
    return {
        "messages": messages.system(body.get("system")) + turns,
        "images_in": images or None,
        "temperature": field.number(limits, "temperature"),
        "top_p": _first_number(limits, "topP", "top_p"),
        "max_tokens": next((v for n in limit_names if (v := field.whole(limits, n)) is not None), None),
        "tools_hash": field.digest(body.get("toolConfig") or body.get("tools")),
    }


def _first_number(record: Any, *names: str) -> float | None:
    """The first of several names that holds a number."""
    return next((value for name in names if (value := field.number(record, name)) is not None), None)


def _answered(body: Any) -> Record:
    """Canonical columns of a response body; a streamed one is a list of chunks."""
    if isinstance(body, list):
        return {"output_text": _streamed(body) or None, "stream": True}
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise field.wrong_type(["output", "outputBodyJson"])
    if "choices" in body:
        return openai.result(body)
    if "content" in body:
        return anthropic.result(body)
    held = field.peek(body, "output", "message") or body.get("results") or body.get("generation")
    if isinstance(held, list):
        held = [field.peek(result, "outputText") for result in held]
    parts = messages.split(held, "outputBodyJson")
    return {
        "output_text": parts.said or None,
        "reasoning_text": parts.reasoning or None,
        "status": field.first_text(body, ("stopReason",), ("stop_reason",)),
    }


def _streamed(chunks: list[Any]) -> str:
    """Text deltas of Anthropic or Converse stream chunks, joined."""
    deltas = [("delta", "text"), ("contentBlockDelta", "delta", "text"), ("generation",), ("outputText",)]
    return "".join(field.first_text(chunk, *deltas) or "" for chunk in chunks)
