"""The frame of every picture: XML that says to a screen reader what it shows, whatever its title holds."""

from xml.etree import ElementTree

import pytest

from stillwatch.findings.reports.svg import inline, standalone
from stillwatch.testing.examples import HOSTILE

BODY = '<rect x="0" y="0" width="5" height="5"/>'


def test_a_picture_in_a_page_is_this_text():
    assert inline("A & B", 20, BODY, 10, "small") == (
        '<svg role="img" viewBox="0 0 10 20" class="picture small"><title>A &amp; B</title>' + BODY + "</svg>"
    )
    assert ' class="picture">' in inline("A", 20, BODY)


@pytest.mark.parametrize(
    ("text", "namespace"),
    [
        pytest.param(inline(HOSTILE.replace("\x1b", ""), 20, BODY), "", id="in a page"),
        pytest.param(
            standalone(HOSTILE.replace("\x1b", ""), 20, BODY), "{http://www.w3.org/2000/svg}", id="a file"
        ),
    ],
)
def test_a_picture_is_an_image_whose_title_comes_first_and_is_text(text, namespace):
    root = ElementTree.fromstring(text)
    assert root.tag == f"{namespace}svg"
    assert (root.get("role"), root.get("viewBox")) == ("img", "0 0 720 20")
    assert [child.tag.removeprefix(namespace) for child in root] == ["title", "rect"]
    assert root[0].text == HOSTILE.replace("\x1b", "")
    assert len(root[0]) == 0
