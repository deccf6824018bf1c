"""Chat content of any vendor, flattened to a list of {"role", "text"} and plain output text."""

from __future__ import annotations

from typing import Any, NamedTuple

from stillwatch.events.sources.field import peek, wrong_type
from stillwatch.events.sources.source import Record

DEPTH_MAX = 8
ROLE_OF = {
    "system": "system",
    "developer": "system",
    "assistant": "assistant",
    "model": "assistant",
    "ai": "assistant",
    "tool": "tool",
    "function": "tool",
}
TOOL_RESULTS = {"tool_result", "tool_call_response", "function_call_output", "toolResult"}
IMAGES = {"image", "image_url", "input_image", "image_file"}
REASONING = {"thinking", "reasoning", "reasoning_content", "summary_text", "reasoning_text"}


class Parts(NamedTuple):
    """The pieces of one message: said text, reasoning text, results handed in by tools, number of images."""

    said: str
    reasoning: str
    tool: str
    images: int


def role(name: Any) -> str:
    """One of the four canonical roles; a speaker nobody knows is the caller."""
    return ROLE_OF.get(name, "user") if isinstance(name, str) else "user"


def split(content: Any, where: str, depth: int = 0) -> Parts:
    """Content as text, a part, or a list of parts, split by kind. Raises RecordError 'wrong-type:<where>'."""
    if content is None:
        return Parts("", "", "", 0)
    if isinstance(content, str):
        return Parts(content, "", "", 0)
    if depth > DEPTH_MAX:
        raise wrong_type([where])
    if isinstance(content, dict):
        return _part(content, where, depth)
    if not isinstance(content, list):
        raise wrong_type([where])
    pieces = [split(part, where, depth + 1) for part in content]
    return Parts(
        "\n".join(p.said for p in pieces if p.said),
        "\n".join(p.reasoning for p in pieces if p.reasoning),
        "\n".join(p.tool for p in pieces if p.tool),
        sum(p.images for p in pieces),
    )


def _part(part: Record, where: str, depth: int) -> Parts:
    """One typed part; parts without text (tool calls, audio, files) say nothing."""
    kind = part.get("type")
    kind = kind if isinstance(kind, str) else ""
    if kind in TOOL_RESULTS or "toolResult" in part:
        result = part.get("toolResult")
        inner = result if isinstance(result, dict) else part
        held = next((peek(inner, k) for k in ("content", "output", "response", "result") if k in inner), None)
        found = split(held, where, depth + 1)
        return Parts("", "", found.said, found.images)
    if "reasoningContent" in part:
        found = split(peek(part, "reasoningContent", "reasoningText", "text"), where, depth + 1)
        return Parts("", found.said, "", 0)
    if kind in REASONING:
        held = next((part[k] for k in ("thinking", "text", "content", "summary") if part.get(k)), None)
        found = split(held, where, depth + 1)
        return Parts("", found.said + found.reasoning, "", 0)
    if kind in IMAGES or (not kind and "image" in part):
        return Parts("", "", "", 1)
    held = next((part[k] for k in ("text", "content", "refusal") if part.get(k) is not None), None)
    return split(held, where, depth + 1)


def conversation(turns: Any, where: str = "messages") -> tuple[list[Record], int]:
    """Turns (text, or a list of {"role", "content"} or bare parts) as canonical messages, and images seen."""
    if turns is None:
        return [], 0
    if isinstance(turns, str | dict):
        turns = [turns]
    if not isinstance(turns, list):
        raise wrong_type([where])
    out: list[Record] = []
    images = 0
    for turn in turns:
        if isinstance(turn, dict):
            speaker = role(turn.get("role"))
            body = turn.get("content", turn.get("parts")) if "role" in turn else turn
        else:
            speaker, body = "user", turn
        parts = split(body, where)
        images += parts.images
        if parts.tool:
            out.append({"role": "tool", "text": parts.tool})
        if parts.said:
            out.append({"role": speaker, "text": parts.said})
    return out, images


def system(content: Any, where: str = "system") -> list[Record]:
    """System instructions given beside the turns, as at most one message."""
    said = split(content, where).said
    return [{"role": "system", "text": said}] if said else []
