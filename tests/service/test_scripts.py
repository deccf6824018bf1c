"""Whatever script people write in: what they share by chance links nobody, and a campaign's template links its accounts.

The same people write the same number of words, made up, in words with spaces, in ideographs, in syllables with and without
spaces, or in letters without. What a scan makes of them must not depend on it, though a word has one character or many.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stillwatch.findings.result import Scan
from stillwatch.service.scanning import scan
from stillwatch.testing.traffic import START_US, WEEK_US, event, write

WORDS = 3000
Row = dict[str, Any]
SCRIPTS: dict[str, tuple[str, Sequence[int], str]] = {
    "latin": ("abcdefghijklmnopqrstuvwxyz", range(3, 9), " "),
    "cyrillic": ("абвгдежзийклмнопрстуфхцчшщыэюя", range(3, 9), " "),
    "han": ("".join(map(chr, range(0x4E00, 0x4E00 + 1500))), (1, 2, 2, 3), ""),
    "kana": ("".join(map(chr, range(0x3041, 0x3041 + 80))), (2, 3, 3, 4), ""),
    "hangul": ("".join(map(chr, range(0xAC00, 0xAC00 + 900))), (2, 3, 3, 4), " "),
    "thai": ("".join(map(chr, range(0x0E01, 0x0E01 + 46))), (3, 4, 5, 6), ""),
}
"""script -> its characters, how many of them a word has, what stands between words."""
SYLLABIC = {
    "vietnamese": ("abcdeghiklmnopqrstuvxyạảấầậắặẹẻếềệịọốồộớờợụủứừựỳ", " ", (" ", ",.?")),
    "tibetan": ("ཀཁགངཅཆཇཉཏཐདནཔཕབམཙཚཛཝཞཟའཡརལཤསཧཨ", "་", ("་", "།༎༑")),
}
"""language -> letters, what stands between syllables, what stands between words and after clauses. A word is one syllable or two."""


class Tongue:
    """A language of WORDS made-up words, the first of them the commonest (Zipf)."""

    def __init__(self, script: str) -> None:
        rng = np.random.default_rng(7)
        if script in SYLLABIC:
            letters, between, (self.space, self.marks) = SYLLABIC[script]
            made = ["".join(rng.choice(list(letters), int(n))) for n in rng.choice((3, 4), 1500)]
            self.words = [between.join(rng.choice(made, int(n))) for n in rng.choice([1, 2], WORDS)]
        else:
            letters, sizes, self.space = SCRIPTS[script]
            self.marks = ",.?" if self.space else "，。？"
            made = rng.choice(list(letters), (WORDS, max(sizes)))
            lengths = rng.choice(list(sizes), WORDS)
            self.words = ["".join(word[:n]) for word, n in zip(made.tolist(), lengths.tolist(), strict=True)]
        self.share = 1 / np.arange(1, WORDS + 1)
        self.share /= self.share.sum()

    def said(self, places: np.ndarray) -> str:
        return self.space.join(self.words[i] for i in places.tolist())

    def asked(self, rng: np.random.Generator, person: int) -> str:
        """Forty words or so of what everybody says and of what the person writes about, in clauses."""
        n = int(rng.integers(25, 60))
        own = np.random.default_rng(person).integers(0, WORDS, 60)
        picked = np.where(rng.random(n) < 0.5, rng.choice(own, n), rng.choice(WORDS, n, p=self.share))
        ends = np.sort(rng.integers(1, n, n // 8))
        marks = rng.choice(list(self.marks), ends.size + 1)
        return self.space.join(
            self.said(part) + mark for part, mark in zip(np.split(picked, ends), marks, strict=True)
        )


def people(
    rng: np.random.Generator,
    tongue: Tongue,
    name: str,
    count: int,
    start: int,
    closing: float = 0.0,
    draw: int = 9,
) -> list[Row]:
    """closing: how often somebody closes with one of six customary phrases of five words."""
    phrases = np.random.default_rng(draw).integers(0, 200, (6, 5))
    rows = []
    for a in range(count):
        for _ in range(6):
            text = tongue.asked(rng, a)
            if rng.random() < closing:
                text += tongue.space + tongue.said(phrases[rng.integers(6)])
            columns = {
                "user_agent": f"app/{a % 12}",
                "max_tokens": 256 * (1 + a % 5),
                "ip": f"198.18.{a}.{a % 7}",
            }
            rows.append(event(f"{name}-{a:03d}", text, start + int(rng.integers(WEEK_US)), **columns))
    return rows


def scanned(folder: Path, rng: np.random.Generator, more: list[Row]) -> Scan:
    """Those events among three hundred people who have been here for four weeks."""
    base = Tongue("latin")
    before = [r for w in (1, 2, 3) for r in people(rng, base, "old", 300, START_US - w * WEEK_US, 0.3)]
    now = people(rng, base, "old", 300, START_US, 0.3) + more
    return scan([write(folder / "now", now)], reference=write(folder / "before", before, "r"), workers=1)


@pytest.mark.parametrize("draw", [9, 10])
@pytest.mark.parametrize("script", [*SCRIPTS, *SYLLABIC])
@pytest.mark.slow
def test_newcomers_who_write_as_one_does_are_hardly_linked(script: str, draw: int, tmp_path: Path) -> None:
    """In words, too, a common word before a customary phrase of five makes a span; all 120 were linked in some scripts."""
    rng = np.random.default_rng(31)
    newcomers = people(rng, Tongue(script), "new", 120, START_US, 0.5, draw)
    found = scanned(tmp_path, rng, newcomers).result
    assert found.campaigns == []
    assert sum(len(group.accounts) for group in found.look_alikes) <= 30


@pytest.mark.parametrize("script", [*SCRIPTS, *SYLLABIC])
@pytest.mark.slow
def test_a_campaign_is_found_in_every_script(script: str, tmp_path: Path) -> None:
    rng, tongue = np.random.default_rng(32), Tongue(script)
    head, tail = np.split(np.random.default_rng(3).integers(0, WORDS, 34), [20])
    pool = []
    for i in range(30 * 6):
        text = tongue.space.join(
            [tongue.said(head), tongue.asked(rng, int(rng.integers(300))), tongue.said(tail)]
        )
        columns = {"user_agent": "pool/1", "ip": f"203.0.113.{i % 9}"}
        pool.append(event(f"pool-{i % 30:02d}", text, START_US + int(rng.integers(WEEK_US)), **columns))
    found = scanned(tmp_path, rng, pool)
    assert [{a.account_id[:4] for a in c.accounts} for c in found.result.campaigns] == [{"pool"}]
    assert len(found.result.campaigns[0].accounts) == 30
    (detail,) = (group for group in found.detail.groups if group.id == found.result.campaigns[0].id)
    shown = "".join(text for kind, text in detail.template if kind == "fixed")
    assert tongue.said(head[2:18]) in shown
