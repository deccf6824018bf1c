"""The reference page of the distillation signature: records, objects that may pass, and the JSON Schema."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from stillwatch.signatures import buckets, profile, sigma, signature


def told(
    table: Callable[[Sequence[str], Iterable[Sequence[object]]], str],
    structs: Callable[[type[msgspec.Struct]], Iterator[str]],
    first_sentence: Callable[[str | None], str],
) -> str:
    """The page as Markdown."""
    powers = ", ".join(map(str, buckets.POWERS))
    records = [
        part.replace("### ", "#### ").replace(f"Literal[{powers}]", "power of two up to 2^30")
        for part in structs(signature.DistillationSignature)
    ]
    text = json.dumps(signature.json_schema(), indent=1, ensure_ascii=False)
    short = re.sub(r"\[\s*([^\[\]{}]*?)\s*\]", lambda m: "[" + " ".join(m[1].split()) + "]", text)
    return "\n".join(
        [
            "# Distillation signature (version 1)\n",
            inspect.cleandoc((signature.__doc__ or "").partition("\n")[2]) + "\n",
            f"Extension id: `{signature.EXTENSION_ID}`. `stillwatch exchange schema` prints the schema below.\n",
            "## Records\n",
            *records,
            "## Objects that may pass the gate\n",
            *(f"- `{name}`: {first_sentence(record.__doc__)}" for name, record in profile.OBJECTS.items()),
            "\n## Fields of the Sigma rule\n",
            table(("field", "from"), [(f"`{k}`", v) for k, v in sigma.FIELDS.items()]),
            f"## JSON Schema\n\n```json\n{short}\n```\n",
        ]
    )
