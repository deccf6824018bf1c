"""Log formats that become canonical events; the first of `SOURCES` to recognise a record reads its file."""

from __future__ import annotations

from stillwatch.events.sources.anthropic import Anthropic
from stillwatch.events.sources.apim import Apim
from stillwatch.events.sources.bedrock import Bedrock
from stillwatch.events.sources.canonical import Canonical
from stillwatch.events.sources.envoy import Envoy
from stillwatch.events.sources.kong import Kong
from stillwatch.events.sources.langfuse import Langfuse
from stillwatch.events.sources.litellm import LiteLLM
from stillwatch.events.sources.openai import OpenAI
from stillwatch.events.sources.otel import OTel
from stillwatch.events.sources.source import JoinedSource, Record, RecordError, Source

SOURCES: tuple[Source, ...] = (
    OTel(),
    Bedrock(),
    Apim(),
    Langfuse(),
    LiteLLM(),
    Kong(),
    Envoy(),
    Anthropic(),
    OpenAI(),
    Canonical(),
)
"""Most specific first, canonical last."""

__all__ = ["SOURCES", "JoinedSource", "Record", "RecordError", "Source"]
