"""What is never touched: code, quotations, links, formulas, placeholders, tables, headings, and whole JSON or XML.

A pattern runs at most 2,000 characters ahead, code blocks and single lines apart, so that hostile text costs linear
time.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

FILL = "\0"
"""Stands for every protected character; text that holds it already is protected there as well."""
_PATTERNS = (
    # (pattern, what a text must hold for it to match at all)
    (
        r"^(?P<fence>```|~~~)[^\n]*\n(?:.*?^[ \t]*(?P=fence)[^\n]*$|.*\Z)",
        ("```", "~~~"),
    ),  # never closed: to the end
    (r"^[ \t]*>[^\n]*$", (">",)),  # a quoted line
    (r"^#{1,6}[ \t][^\n]*$", ("#",)),  # a heading
    (r"^[ \t]*\|[^\n]*$", ("|",)),  # a row of a table
    (r"^(?:[ ]{4}|\t)[ \t]*(?![-*+•\s]|\d+[.)])[^\n]*$", ("    ", "\t")),  # indented code, not a nested list
    (r"(?P<ticks>`+)[^`\n]+(?P=ticks)", ("`",)),
    (r"\$\$[^$]{1,2000}\$\$|\$[^$\n]{1,2000}\$|\\\([^\n]{0,2000}?\\\)|\\\[.{0,2000}?\\\]", ("$", "\\")),
    (r"\b[A-Za-z][A-Za-z+.]{0,20}://[^\s<>\"]+", ("://",)),
    (r"\bwww\.[^\s<>\"]+", ("www.",)),
    (r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.-]+", ("@",)),
    (r"</?[A-Za-z!][^<>\n]*>", ("<",)),
    (r"\{[^{}\n]*\}|\[[^\[\]\n]*\]", ("{", "[")),
    (r"\"[^\"\n]{0,2000}\"|“[^”\n]{0,2000}”|«[^»\n]{0,2000}»|„[^“”\n]{0,2000}[“”]", ('"', "“", "«", "„")),
    (r"'(?<!\w')(?:[^'\n]|(?<=\w)'(?=\w)){0,2000}'(?!\w)", ("'",)),
    (r"‘(?<!\w‘)(?:[^’\n]|(?<=\w)’(?=\w)){0,2000}’(?!\w)", ("‘",)),
)


@cache
def _compiled(chosen: tuple[bool, ...]) -> re.Pattern[str]:
    kept = [pattern for (pattern, _), wanted in zip(_PATTERNS, chosen, strict=True) if wanted]
    return re.compile("|".join(kept), re.MULTILINE | re.DOTALL)


def masked(text: str) -> str:
    """The text, every protected character replaced by FILL, of the same length; all of it for JSON and XML."""
    if _is_data(text):
        return FILL * len(text)
    chosen = tuple(any(sign in text for sign in signs) for _, signs in _PATTERNS)
    if not any(chosen):
        return text
    return _compiled(chosen).sub(lambda found: FILL * len(found[0]), text)


def _is_data(text: str) -> bool:
    body = text.strip()
    if body[:1] == "<" and body[-1:] == ">":
        return True
    if body[:1] not in ("{", "["):
        return False
    try:
        msgspec.json.decode(body)
    except msgspec.DecodeError:
        return False
    return True
