"""Every report: whole, safe against hostile names, and honest about what it leaves out."""

import csv
import io
import json
import re
from html.parser import HTMLParser

import msgspec
import pytest

from stillwatch.findings.reports import FORMATS, renderer
from stillwatch.findings.reports.pictures import quantiles
from stillwatch.findings.reports.table import explain, plain
from stillwatch.findings.result import Scan, ScanResult
from stillwatch.testing.examples import HOSTILE, example_scan

SCAN = example_scan()
EMPTY = msgspec.structs.replace(
    SCAN, result=msgspec.structs.replace(SCAN.result, campaigns=[], look_alikes=[])
)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_renders_a_full_and_an_empty_scan(name):
    assert SCAN.result.campaigns[0].id in renderer(name)(SCAN)
    assert SCAN.result.campaigns[0].id not in renderer(name)(EMPTY)


def test_json_is_the_published_schema_and_reads_back():
    assert msgspec.json.decode(renderer("json")(SCAN).encode(), type=ScanResult) == SCAN.result
    assert "for" in json.loads(renderer("json")(SCAN))["campaigns"][0]["explanations"][0]


def test_csv_has_one_row_an_account_and_no_formula():
    rows = list(csv.DictReader(io.StringIO(renderer("csv")(SCAN))))
    assert [r["account_id"] for r in rows] == [a.account_id for a in SCAN.result.campaigns[0].accounts]
    hostile = example_scan()
    campaign = hostile.result.campaigns[0]
    first = msgspec.structs.replace(campaign.accounts[0], account_id="=1+1")
    changed = msgspec.structs.replace(campaign, accounts=[first])
    scan = Scan(result=msgspec.structs.replace(hostile.result, campaigns=[changed]), detail=hostile.detail)
    assert "'=1+1" in renderer("csv")(scan)


def test_ocsf_is_a_detection_finding():
    finding = json.loads(renderer("ocsf")(SCAN).splitlines()[0])
    assert (finding["class_uid"], finding["category_uid"], finding["type_uid"]) == (2004, 2, 200401)
    assert finding["finding_info"]["attacks"][0]["technique"]["uid"] == "AML.T0024.002"
    assert finding["time"] == finding["end_time"] > finding["start_time"]


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.ids = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        given = dict(attrs)
        self.ids.add(given.get("id"))
        self.links += [given[k] for k in ("href", "src") if k in given]


def test_the_page_is_self_contained_accessible_and_escaped():
    text = renderer("html")(SCAN)
    page = Page(text)
    assert "script" not in page.tags
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert {"header", "main", "footer", "nav", "h1"} <= set(page.tags)
    assert page.tags.count("svg") == text.count('role="img"') == text.count("<svg") > 2
    assert len(re.findall(r"<svg[^>]*><title>[^<]+</title>", text)) == page.tags.count("svg")
    assert "&lt;b&gt;in words&lt;/b&gt;" in text
    assert "\x1b" not in text
    assert "prefers-color-scheme: dark" in text


def test_what_scrolls_can_be_reached_by_keyboard_and_says_what_it_is():
    tags = re.findall(r'<div class="scroll"[^>]*>', renderer("html")(SCAN))
    assert len(tags) > 3
    assert all(re.search(r'tabindex="0" role="group" aria-label="[^"]+"', t) for t in tags)


def test_the_null_quantiles_have_scales_on_both_axes():
    text = quantiles([(0.5, 0.6)])
    assert "expected p" in text and "observed p" in text
    assert text.count(">0.5<") == text.count(">1<") == 2


def test_the_terminal_cannot_be_steered_and_lines_fit():
    text = renderer("table")(SCAN) + explain(SCAN, SCAN.result.campaigns[0].id)
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 100
    assert plain(HOSTILE) == HOSTILE.replace("\x1b", "\N{REPLACEMENT CHARACTER}")
    assert "log.jsonl:3" in text
    assert "[slot]" in text


@pytest.mark.parametrize("name", ["table", "html", "json"])
def test_a_related_campaign_is_named(name):
    said = renderer(name)(example_scan())
    assert said.count("g-0000000002") >= 2


@pytest.mark.parametrize("above", [0, 2, None])
def test_accounts_above_the_rate_are_said_to_be(above):
    campaign = SCAN.result.campaigns[0]
    count = len(campaign.accounts) if above is None else above
    listed = [
        msgspec.structs.replace(a, q_value=0.02 if i < count else 0.01)
        for i, a in enumerate(campaign.accounts)
    ]
    changed = msgspec.structs.replace(campaign, accounts=listed)
    scan = Scan(result=msgspec.structs.replace(SCAN.result, campaigns=[changed]), detail=SCAN.detail)
    said = {0: "", 2: "2 of the accounts have a q above 0.01"}.get(above, "Every account has a q above 0.01")
    for text in (renderer("table")(scan), renderer("html")(scan), explain(scan, campaign.id)):
        assert ("q above" in text) == bool(count)
        assert said in text
