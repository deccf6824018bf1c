"""An endpoint to ask: an OpenAI-compatible chat service, how it is asked, and what asking it may cost.

The key is only ever a reference (`env:NAME` or `file:PATH`), as in the configuration, so that a plan can be shown,
hashed and filed. Everything here is part of the plan and of its hash.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from stillwatch.errors import ConfigError

BYTES_PER_TOKEN = 4
"""Rule of thumb for English text and byte-pair tokens; other scripts take up to one token a byte."""
QUERIES_PER_PROMPT = 2
FILE_BYTES_MAX = 1 << 20
Price = Annotated[float, Meta(ge=0)]


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model behind an API. base_url: up to `/chat/completions`; model: its name there.

    token_field: what the service calls the bound on an answer; concurrency: requests at once; timeout_s: of one
    request, start to end; attempts: of one prompt in one run; queries_max: requests in all, over all runs, failed
    ones too (null in a file: twice the prompts); window_h: answers that come later than this after the first
    request do not count; split: what an answer says of its origin that must stay the same; prices: per million
    tokens, in any one currency.
    """

    base_url: str
    model: str
    key: str | None = None
    system: str | None = None
    max_tokens: Annotated[int, Meta(ge=1)] = 512
    token_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = 0.0
    concurrency: Annotated[int, Meta(ge=1, le=64)] = 4
    timeout_s: Annotated[float, Meta(gt=0, le=3600)] = 60.0
    attempts: Annotated[int, Meta(ge=1, le=20)] = 4
    queries_max: Annotated[int, Meta(ge=1)] | None = None
    window_h: Annotated[float, Meta(gt=0)] = 168.0
    split: list[Literal["model", "system_fingerprint"]] = msgspec.field(
        default_factory=lambda: ["model", "system_fingerprint"]
    )
    price_input: Price | None = None
    price_output: Price | None = None


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What is still to be asked of one model. tokens are estimates, those of the output an upper bound; the cost is
    an upper bound without repeated requests, null without both prices."""

    model: str
    requests: int
    requests_left: int
    input_tokens: int
    output_tokens_max: int
    cost_max: float | None


def read_endpoints(path: Path) -> dict[str, Endpoint]:
    """Tables of a TOML file: name of the model in the plan -> endpoint. Raises ConfigError."""
    try:
        data = path.read_bytes()
        if len(data) > FILE_BYTES_MAX:
            raise ConfigError("larger than 1 MiB", where=str(path), hint="this is no list of endpoints")
        found = msgspec.convert(tomllib.loads(data.decode()), dict[str, Endpoint])
    except OSError as error:
        raise ConfigError(
            f"cannot read the endpoints ({error.strerror})", where=str(path), hint="check --endpoints"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError("not valid TOML", where=str(path), hint=str(error)) from error
    except msgspec.ValidationError as error:
        # the message names types and places, never values
        raise ConfigError("not a list of endpoints", where=str(path), hint=str(error)) from error
    if not found:
        raise ConfigError("no endpoint", where=str(path), hint="one table a model: [name], base_url, model")
    for name, endpoint in found.items():
        check(endpoint, f"{path}: [{name}]")
    return found


def check(endpoint: Endpoint, where: str) -> None:
    """Refuse what would leak a key or cannot be asked. Raises ConfigError."""
    parts = urlsplit(endpoint.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ConfigError("base_url is no http(s) address", where=where, hint="such as https://host/v1")
    if parts.username or parts.password:
        raise ConfigError("base_url holds a password", where=where, hint="give key = env:NAME or file:PATH")
    if endpoint.key is None:
        return
    kind, _, name = endpoint.key.partition(":")
    if kind not in ("env", "file") or not name:
        raise ConfigError(
            "key is no reference", where=where, hint="env:NAME or file:PATH, never the key itself"
        )
    if parts.scheme == "http" and not _loopback(parts.hostname):
        raise ConfigError("a key must not travel without TLS", where=where, hint="use https")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def key_of(endpoint: Endpoint, env: Mapping[str, str] = os.environ) -> str | None:
    """The key behind the reference. Raises ConfigError when it is not there; never shows it."""
    if endpoint.key is None:
        return None
    kind, _, name = endpoint.key.partition(":")
    try:
        text = env.get(name, "") if kind == "env" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("the key cannot be read", where=name, hint="check the path") from error
    text = text.strip()
    if not text or not text.isascii() or not text.isprintable():
        raise ConfigError(
            "the key is empty or has characters that cannot be sent",
            where=endpoint.key,
            hint=f"export {name}=…" if kind == "env" else "put the key there, on one line",
        )
    return text


def cost(
    name: str, endpoint: Endpoint, prompts: Sequence[str], asked: int, prices: tuple[float | None, float | None]
) -> Cost:  # fmt: skip
    """What asking `prompts` may cost; asked: requests made before; prices override those of the plan."""
    given = [
        p if p is not None else own
        for p, own in zip(prices, (endpoint.price_input, endpoint.price_output), strict=True)
    ]
    left = max(0, (endpoint.queries_max or QUERIES_PER_PROMPT * len(prompts)) - asked)
    n = min(len(prompts), left)
    share = n / len(prompts) if prompts else 0.0
    size = sum(len(p.encode("utf-8", "replace")) for p in prompts) * share
    size += n * len((endpoint.system or "").encode("utf-8", "replace"))
    tokens_in, tokens_out = round(size / BYTES_PER_TOKEN), n * endpoint.max_tokens
    total = None
    if given[0] is not None and given[1] is not None:
        total = round((tokens_in * given[0] + tokens_out * given[1]) / 1e6, 4)
    return Cost(
        model=name, requests=n, requests_left=left, input_tokens=tokens_in, output_tokens_max=tokens_out, cost_max=total
    )  # fmt: skip
