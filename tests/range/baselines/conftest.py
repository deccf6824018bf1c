"""One small window with a character for every baseline: what each was made for, and what each cannot see."""

import numpy as np
import pytest

from stillwatch.range.baselines.reading import read_window
from stillwatch.testing.traffic import START_US, WEEK_US, campaign, event, honest, organic, write

MINUTE_US = 60_000_000


def spread(rng, account, texts, start, **columns):
    return [event(account, text, start + int(rng.integers(WEEK_US)), **columns) for text in texts]


def steady(rng, start):
    """Three honest accounts with 130 calls a week each, in every week."""
    return [
        row
        for a in range(3)
        for row in spread(rng, f"steady-{a}", [organic(rng, a) for _ in range(130)], start)
    ]


def template(rng, prefix, accounts, each, opening):
    """A pool with one template; `opening` gives the words before it."""
    rest = "Study the request and lay out every step of your work before you conclude. Request: "
    return [
        row
        for a in range(accounts)
        for row in spread(
            rng,
            f"{prefix}-{a:02d}",
            [f"{opening()} {rest}{organic(rng, int(rng.integers(8)), 12)}" for _ in range(each)],
            START_US,
        )
    ]


def twins(rng):
    """Six accounts that ask the same thing within seconds, ten times over."""
    rows = []
    for i in range(10):
        text, at = organic(rng, i), START_US + int(rng.integers(WEEK_US - MINUTE_US))
        rows += [event(f"twin-{a}", text, at + a * 3_000_000) for a in range(6)]
    return rows


def cast(rng):
    unique = iter(rng.permutation(26**4))
    words = lambda: " ".join(_word(int(next(unique))) for _ in range(12))  # noqa: E731
    quoted = "to be or not to be that is the question whether tis nobler in the mind to suffer"
    once = organic(rng, 3)
    rows = honest(rng, 150, 6, START_US) + steady(rng, START_US) + campaign(rng, 30, 8, START_US)
    rows += template(rng, "varied", 30, 6, words) + twins(rng)
    rows += spread(rng, "heavy-0", [organic(rng, i) for i in range(600)], START_US)
    rows += spread(rng, "copier-0", [f"{once} {organic(rng, 3, 1)}" for _ in range(40)], START_US)
    rows += [r for a in range(4) for r in spread(rng, f"reader-{a}", [f"{quoted} {words()}"], START_US)]
    rows += spread(
        rng,
        "specialist-0",
        ["court contract verdict tort statute judge clause " + organic(rng, 1)] * 40,
        START_US,
    )
    mixed = [once if i % 2 else organic(rng, i) for i in range(150)]
    rows += spread(rng, "synthetic-0", mixed, START_US)
    return rows


def _word(number):
    return "".join(chr(97 + number // 26**k % 26) for k in range(4))


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    rng = np.random.default_rng(5)
    place = tmp_path_factory.mktemp("cast")
    write(place, cast(rng))
    before = [
        row
        for week in (1, 2, 3)
        for row in honest(rng, 150, 6, START_US - week * WEEK_US) + steady(rng, START_US - week * WEEK_US)
    ]
    write(place / "reference", before, tag="r")
    return place


@pytest.fixture
def tiny(tmp_path):
    """Too few texts for vectors: what is measured without them, quickly."""
    rng = np.random.default_rng(6)
    write(tmp_path / "tiny", honest(rng, 20, 5, START_US) + campaign(rng, 6, 2, START_US))
    write(tmp_path / "tiny" / "reference", honest(rng, 20, 5, START_US - WEEK_US), tag="r")
    return tmp_path / "tiny"


@pytest.fixture(scope="session")
def window(folder):
    return read_window(folder)


@pytest.fixture(scope="session")
def judge(window):
    """judge(baseline) -> (score by account, p by account, raised accounts)."""

    made = {}

    def go(baseline):
        key = repr(baseline)
        if key not in made or hasattr(baseline, "training"):
            made[key] = baseline.judge(window)
        verdict = made[key]
        raised = {window.names[a] for group in verdict.groups for a in group.tolist()}
        score = dict(zip(window.names, verdict.score.tolist(), strict=True))
        return score, dict(zip(window.names, verdict.p_value.tolist(), strict=True)), raised

    return go


@pytest.fixture(scope="session")
def of():
    """of(names, prefix) -> those that begin so."""
    return lambda names, prefix: {name for name in names if name.startswith(prefix)}
