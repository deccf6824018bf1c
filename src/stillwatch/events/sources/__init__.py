"""Log formats that become canonical events; the first of `SOURCES` to recognise a record reads its file."""

from __future__ import annotations

from stillwatch.events.sources.anthropic import Anthropic
from stillwatch.events.sources.bedrock import Bedrock
from stillwatch.events.sources.canonical import Canonical
from stillwatch.events.sources.litellm import LiteLLM
from stillwatch.events.sources.openai import OpenAI
from stillwatch.events.sources.otel import OTel
from stillwatch.events.sources.source import Record, RecordError, Source

SOURCES: tuple[Source, ...] = (OTel(), Bedrock(), LiteLLM(), Anthropic(), OpenAI(), Canonical())
"""Most specific first, canonical last."""

__all__ = ["SOURCES", "Record", "RecordError", "Source"]
