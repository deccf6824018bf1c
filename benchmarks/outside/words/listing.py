"""Lists of phrases written as running text, so that a reader can take them in at a glance."""

from __future__ import annotations


def listed(text: str) -> tuple[str, ...]:
    """The phrases between the bars, without the white space of line breaks; ¶ is a line break of the
    phrase.
    """
    return tuple(" ".join(part.split()).replace("¶", "\n") for part in text.split("|") if part.strip())
