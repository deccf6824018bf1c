"""An SVG picture: its frame, and the title that a screen reader says in its place.

`inline` stands in a page and takes its colours and type from the page's classes; `standalone` is a file of its own.
"""

from __future__ import annotations

from markupsafe import Markup, escape

WIDTH = 720


def inline(title: str, height: int, body: str, width: int = WIDTH, kind: str = "") -> Markup:
    """A picture that scales with the page. body: markup; kind: further classes beside `picture`."""
    css = f"picture {kind}".rstrip()
    return Markup(f'<svg role="img" {_box(width, height)} class="{css}">{_title(title)}{body}</svg>')


def standalone(title: str, height: int, body: str, width: int = WIDTH) -> str:
    """The text of an SVG file, which needs no font or style from elsewhere. body: markup."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {_box(width, height)} font-family="sans-serif" '
        f'font-size="12">\n{_title(title)}\n{body}\n</svg>\n'
    )


def _box(width: int, height: int) -> str:
    return f'viewBox="0 0 {width} {height}"'


def _title(title: str) -> str:
    return f"<title>{escape(title)}</title>"
