"""What is never touched: code, quotations, links, formulas, placeholders, tables, headings, and whole JSON or XML.

Each pattern ends within its line, code blocks apart, and none can backtrack beyond its own match, so that hostile
text costs linear time.
"""

from __future__ import annotations

import re

import msgspec

FILL = "\0"
"""Stands for every protected character; text that holds it already is protected there as well."""
_PATTERNS = (
    r"^(?P<fence>```|~~~)[^\n]*\n(?:.*?^[ \t]*(?P=fence)[^\n]*$|.*\Z)",  # a code block, to the end when never closed
    r"^[ \t]*>[^\n]*$",  # a quoted line
    r"^#{1,6}[ \t][^\n]*$",  # a heading
    r"^[ \t]*\|[^\n]*$",  # a row of a table
    r"^(?:[ ]{4}|\t)[ \t]*(?![-*+•\s]|\d+[.)])[^\n]*$",  # indented code, not a nested list
    r"(?P<ticks>`+)[^`\n]+(?P=ticks)",
    r"\$\$[^$]+\$\$|\$[^$\n]+\$|\\\([^\n]*?\\\)|\\\[.*?\\\]",
    r"[A-Za-z][A-Za-z+.]*://[^\s<>\"]+|www\.[^\s<>\"]+|[\w.+-]+@[\w-]+\.[\w.-]+",
    r"</?[A-Za-z!][^<>\n]*>",
    r"\{[^{}\n]*\}|\[[^\[\]\n]*\]",
    r"\"[^\"\n]*\"|“[^”\n]*”|«[^»\n]*»|„[^“”\n]*[“”]",
    r"(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w))*'(?!\w)|(?<!\w)‘(?:[^’\n]|(?<=\w)’(?=\w))*’(?!\w)",
)
_PROTECTED = re.compile("|".join(_PATTERNS), re.MULTILINE | re.DOTALL)


def masked(text: str) -> str:
    """The text, every protected character replaced by FILL, of the same length; all of it for JSON and XML."""
    if _is_data(text):
        return FILL * len(text)
    return _PROTECTED.sub(lambda found: FILL * len(found[0]), text)


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
