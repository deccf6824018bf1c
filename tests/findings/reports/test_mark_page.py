"""The page of a test for marks: whole, self-contained, reachable by keyboard, its picture true to the numbers."""

import re

import pytest

from stillwatch.comparison.mark_judging import FAMILY_ALPHA
from stillwatch.comparison.mark_result import AccountMarks, HouseMark, MarkedAccount, MarkTest
from stillwatch.comparison.result import RegisteredTest
from stillwatch.findings.reports import CASES, case_writer
from stillwatch.findings.reports.mark_html import ACCOUNTS_MAX, BARS_MAX, chances
from stillwatch.findings.reports.svg import WIDTH
from stillwatch.testing.examples import HOSTILE

render = case_writer("mark", "html")


def found(accounts=(), *, house=1e-20, decoys_pass=True):
    """A result with the given (account, p after Bonferroni)."""
    best = [
        MarkedAccount(account=a, agree=0.7, p=p / 10, p_bonferroni=p, listed=p <= FAMILY_ALPHA)
        for a, p in accounts
    ]
    decoys = {"decoys": 1000, "decoys_above": 3, "decoys_low": 47, "decoys_pass": decoys_pass}
    tests = [
        RegisteredTest(name="served-response trace", null="n", p=0.5, p_holm=0.5, p_floor=1e-300),
        RegisteredTest(name="house mark", null="n", p=house / 2, p_holm=house, p_floor=1e-300),
    ]
    return MarkTest(
        version="1", verdict="strong", statement=f"said of {HOSTILE}", reasons=["because"], nulls=["n"], unit="the slot",
        suspect=HOSTILE, format="JSONL", rows_read=1200, rows_used=1100, left_out={"empty": 100, "unreadable": 0},
        words=5000, slots=400, slots_needed=2000, key="k", table="t",
        house=HouseMark(slots=200, agree=0.7, p=house / 2, **decoys),
        accounts=AccountMarks(tested=10, slots=200, p_family=best[0].p_bonferroni, best=best, **decoys) if best else None,
        tests=tests, alternatives=["another cause"], caps=["no more"], custody=[(HOSTILE, "0" * 64)], replay=HOSTILE,
    )  # fmt: skip


def bars(page):
    return re.findall(r'<rect class="(\w+)" x="0" y="\d+" width="([\d.]+)"', page)


def test_the_page_is_self_contained_accessible_and_escaped():
    page = render(found([(HOSTILE, 1e-9), ("acct-2", 1.0)]))
    assert "<script" not in page and "\x1b" not in page and "<b>" not in page
    links = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert len(links) == 5 and all(link.startswith("#") and f'id="{link[1:]}"' in page for link in links)
    assert re.findall(
        r'<html lang="en">|<header>|<main id="main">|<nav aria-label="Contents">|<h1>|<footer', page
    )[:6] == [
        '<html lang="en">',
        "<header>",
        "<h1>",
        '<nav aria-label="Contents">',
        '<main id="main">',
        "<footer",
    ]
    scrolls = re.findall(r'<div class="scroll"[^>]*>', page)
    assert len(scrolls) == 4
    assert all(re.search(r'tabindex="0" role="group" aria-label="[^"]+"', s) for s in scrolls)
    assert len(re.findall(r'<svg role="img"[^>]*><title>[^<]+</title>', page)) == 1
    assert "prefers-color-scheme: dark" in page


@pytest.mark.parametrize(
    ("p", "kind", "width"), [(1e-6, "bar", 360.0), (1e-40, "bar", 720.0), (0.1, "pale", 60.0)]
)
def test_a_bar_is_as_long_as_its_p_is_unlikely(p, kind, width):
    drawn = bars(chances(found([("acct-1", p)], house=1e-3)))
    assert drawn == [("bar", "180.0"), (kind, f"{width}")]
    line = re.search(r'<line class="release" x1="([\d.]+)"', chances(found()))
    assert line is not None and float(line[1]) == WIDTH * 3 / 12


def test_the_house_alone_has_no_table_of_accounts():
    page = render(found())
    assert "Marked accounts" not in page and "the best account" not in page
    assert len(bars(page)) == 1


def test_decoys_that_fail_are_said_to():
    assert "FAIL" in render(found(decoys_pass=False))
    assert "FAIL" not in render(found())


def test_what_does_not_fit_is_counted():
    page = render(found([(f"acct-{i:04d}", 1e-9) for i in range(ACCOUNTS_MAX + 7)]))
    assert "and 7 more" in page and len(bars(page)) == 1 + BARS_MAX
    long = "x" * 400
    page = render(found([(long, 1e-9)]))
    assert f"{'x' * 31}…: p" in page and f'<th scope="row">{long}</th>' in page


def test_what_was_left_out_and_who_was_tested_is_said():
    page = render(found([("acct-1", 1e-9)]))
    for said in (
        "left out: empty",
        "1,100 of 1,200",
        "10 accounts tested",
        "about 2,000",
        "3 of 1,000",
        "another cause",
    ):
        assert said in page
    assert "left out: unreadable" not in page


def test_every_kind_of_case_is_written_in_every_form():
    for case, forms in CASES.items():
        assert set(forms) == {"table", "html"}
        for form in forms:
            assert callable(case_writer(case, form))
