"""The scorecard: cells pooled by hand, a run that resumes, and a page that can be read without its charts."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import msgspec
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.errors import UnknownNameError, UnreadableInputError, UsageError
from stillwatch.range.bench import running
from stillwatch.range.bench.cells import Cell, Ranks
from stillwatch.range.bench.charts import bars
from stillwatch.range.bench.comparing import worse
from stillwatch.range.bench.detectors import STATE, External, Made
from stillwatch.range.bench.page import by_place
from stillwatch.range.bench.page import render as page
from stillwatch.range.bench.plan import read_plan
from stillwatch.range.bench.pooling import Adaptive, Scorecard, pooled
from stillwatch.range.bench.sources import sources
from stillwatch.range.bench.splitting import split
from stillwatch.range.bench.table import render as table
from stillwatch.range.scoring.ranking import share
from stillwatch.range.scoring.statement import CampaignOutcome, RaisedBy, Score


def score(
    found: int = 1, recall: float = 1.0, false: int = 0, harvest: float | None = None, **changes
) -> Score:
    outcome = CampaignOutcome(
        name="c", archetype="x", found=bool(found), account_share=recall, accounts=10, events=40, raised_at=None,
        hours_to_detection=None if harvest is None else 30.0, harvest=1.0 if harvest is None else harvest,
        harvest_from=0.0,
    )  # fmt: skip
    fields = {
        "world": "w", "campaigns": 1, "campaigns_found": found, "campaign_recall": float(found), "account_recall": recall,
        "event_recall": recall, "campaign_recall_interval": None, "account_recall_interval": None,
        "event_recall_interval": None, "at_rate": [], "raised_accounts": 10, "false_accounts": false,
        "honest_accounts": 1000, "false_account_rate": false / 1000, "false_account_bound": 1.0, "unknown_accounts": 0,
        "nominal_fdr": 0.01, "realised_fdr": 0.0, "raised_campaigns": 1, "false_campaigns": int(false > 0 and not found),
        "realised_campaign_fdr": share(0, 1), "worst_look_alike": "", "worst_look_alike_share": 0.0,
        "look_alikes_raised": 0, "harvest_before_detection": harvest, "hours_to_detection": None,
        "cost_multiplier": None, "outcomes": [outcome],
        "honest_raised_by_looks": None if harvest is None else false,
        "raised_by_day": [] if harvest is None else [RaisedBy(day=d, campaigns=1, of=1) for d in (1, 2)], "measured": {},
    }  # fmt: skip
    return Score(**(fields | changes))


def cell(detector="stillwatch", seed=0, guilty=(), honest=(), alike=None, row="r", **scored) -> Cell:
    ranks = Ranks(
        guilty=list(guilty), guilty_events=[4] * len(guilty), guilty_accounts=10, campaign_events=40,
        campaigns=[(list(range(len(guilty))), 10)], honest=sorted(honest, reverse=True), honest_accounts=1000,
    )  # fmt: skip
    return Cell(
        entry=row, seed=seed, detector=detector, score=score(**scored), ranks=ranks, null_qq=[(0.5, 0.4)], cpu_s=0.02,
        events=2000, look_alikes=alike or {},
    )  # fmt: skip


def test_seeds_are_pooled_by_count_and_a_finer_rate_becomes_resolvable():
    cells = [cell(seed=s, guilty=[9.0] * 8, honest=[5.0]) for s in range(10)]
    row = pooled(cells, "L2", (1e-3, 1e-4))
    assert [a.resolvable for a in row.at_rate] == [True, True]
    assert pooled(cells[:1], "L2", (1e-3, 1e-4)).at_rate[1].resolvable is False
    assert (row.at_rate[1].accounts.k, row.at_rate[1].accounts.n) == (80, 100)
    assert row.at_rate[1].campaigns.k == 10
    assert (row.campaigns.k, row.accounts.n, row.seeds, row.rung) == (10, 100, 10, "L2")
    assert row.cpu_us_per_event == pytest.approx(10.0)


def test_worst_cases_stay_worst_and_harvest_counts_the_missed():
    cells = [
        cell(seed=0, alike={"batch": 0.0}, harvest=0.1),
        cell(seed=1, alike={"batch": 0.5}, harvest=0.3),
        cell(seed=2, alike={"batch": 0.1}, harvest=1.0),
    ]
    row = pooled(cells, "", (1e-3,))
    assert (row.look_alikes[0].worst_share, row.look_alikes[0].seeds_raised.k) == (0.5, 2)
    assert (row.harvest.worst, row.harvest.mean) == (1.0, pytest.approx(1.4 / 3, abs=1e-3))
    assert [s.k for s in row.harvest.by_day] == [0, 3]
    assert pooled([cell()], "", (1e-3,)).harvest is None


@given(
    guilty=st.lists(st.floats(-50, 50), max_size=10),
    honest=st.lists(st.floats(-50, 50), min_size=1, max_size=60),
)
@settings(max_examples=80)
def test_a_curve_rises_within_its_bounds(guilty, honest):
    row = pooled([cell(guilty=guilty, honest=honest)], "", (1e-3, 1e-2))
    fpr, recall = np.array(row.curve).T
    assert (np.diff(fpr) >= 0).all()
    assert (np.diff(recall) >= 0).all()
    assert fpr.max() <= 0.1
    assert recall.max() <= len(guilty) / 10
    assert row.at_rate[0].accounts.k <= row.at_rate[1].accounts.k


def test_where_ours_is_worse_is_said_and_only_there():
    ours = pooled([cell(recall=0.5, alike={"batch": 0.2})], "", (1e-3,))
    better = pooled([cell("other", recall=0.9, guilty=[9.0] * 9, alike={"batch": 0.0})], "", (1e-3,))
    said = worse([ours, better], {"other": "Other"})
    assert any("own threshold is 0.500 for ours and 0.900 for Other" in s for s in said)
    assert any("false positive rate 0.001" in s for s in said)
    assert any("worst batch look-alike" in s for s in said)
    assert worse([better, ours], {"other": "Other"}) == said
    equal = pooled([cell("other", recall=0.5, alike={"batch": 0.2})], "", (1e-3,))
    assert worse([ours, equal], {"other": "Other"}) == []


def test_an_earlier_find_is_said_with_the_honest_accounts_it_cost():
    ours = pooled([cell(harvest=0.3, measured={STATE: 900.0})], "", (1e-3,))
    sooner = pooled([cell("other", harvest=0.1, false=7, measured={STATE: 100.0})], "", (1e-3,))
    said = worse([ours, sooner], {"other": "Other"})
    found = "r: harvest before detection is 0.300 for ours and 0.100 for Other, which by then has raised 7 of 1,000 honest accounts"
    assert found in said
    assert "state: ours keeps 900 bytes an account (median row), Other 100" in said
    assert not [
        s for s in worse([sooner, ours], {"other": "Other"}) if "r: harvest" in s and "0.100 for ours" in s
    ]
    later = pooled([cell("other", harvest=0.4, measured={STATE: 1000.0})], "", (1e-3,))
    assert worse([ours, later], {"other": "Other"}) == []


class _Fixed:
    """A source that counts how often it is asked."""

    titles = {"stillwatch": "Stillwatch", "fixed": "A fixed answer"}  # noqa: RUF012
    asked = 0

    def run(self, task, wanted):
        type(self).asked += 1
        for name in wanted:
            yield Made(name, b'{"campaigns": [], "account_scores": {}}', 0.5)


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    path = tmp_path / "plan.toml"
    row = '[[world]]\nid = "row"\nworld = "{}"\nknobs = {{ honest = 60, per_week = 3.0{} }}\n'
    path.write_text(
        "registry = false\nseeds = 2\n" + row.format("fixed-template", ", accounts = 12, per_account = 2")
        + row.format("quiet", "").replace('"row"', '"calm"')
    )  # fmt: skip
    monkeypatch.setattr(
        running,
        "sources",
        lambda external: (_Fixed(), *(External(n, f) for n, f in (external or {}).items())),
    )
    _Fixed.asked = 0
    return read_plan(path), tmp_path


def test_a_run_resumes_and_makes_no_cell_twice(tiny):
    plan, folder = tiny
    part = running.run_plan(plan, folder=folder / "cells", only_rows=["row"], seeds=1)
    assert (_Fixed.asked, part.partial, [len(s) for s in part.seeds.values()]) == (1, True, [1])
    whole = running.run_plan(plan, folder=folder / "cells")
    assert (_Fixed.asked, whole.partial) == (4, False)
    again = running.run_plan(plan, folder=folder / "cells")
    assert _Fixed.asked == 4
    assert msgspec.json.encode(again) == msgspec.json.encode(whole)
    next((folder / "cells").glob("*/cells/*")).write_bytes(b"{")
    assert running.run_plan(plan, folder=folder / "cells") == whole
    assert _Fixed.asked == 5


def test_external_findings_are_scored_where_they_exist(tiny):
    plan, folder = tiny
    (folder / "theirs").mkdir()
    (folder / "theirs" / "row.0.json").write_text('{"campaigns": []}')
    card = running.run_plan(plan, folder=folder / "cells", external={"theirs": folder / "theirs"})
    rows = [r for r in card.rows if r.detector == "theirs"]
    assert [(r.row, r.seeds, r.cpu_us_per_event) for r in rows] == [("row", 1, None)]
    with pytest.raises(UsageError, match="already called"):
        sources({"stillwatch": folder})
    with pytest.raises(UsageError, match="no such folder"):
        sources({"new": folder / "none"})


@pytest.mark.parametrize("part", [{"only_rows": ["rows"]}, {"only_detectors": ["fixd"]}])
def test_an_unknown_part_of_a_plan_offers_the_nearest(tiny, part):
    plan, folder = tiny
    with pytest.raises(UnknownNameError) as caught:
        running.run_plan(plan, folder=folder / "cells", **part)
    assert "did you mean" in caught.value.hint


def _prompts(path, sizes, kind="chat"):
    rows = [
        {"kind": kind, "corpus": c, "prompt": f"{kind} {c} {i}"} for c, n in sizes.items() for i in range(n)
    ]
    pl.DataFrame(rows, schema={"kind": pl.String, "corpus": pl.String, "prompt": pl.String}).write_parquet(
        path
    )


def _sides(tmp_path, sizes):
    _prompts(tmp_path / "p.parquet", sizes)
    return [set(pl.read_parquet(p)["corpus"]) for p in split(tmp_path / "p.parquet", tmp_path / "out")]


def test_real_prompts_are_split_by_corpus_never_by_row(tmp_path):
    sizes = {f"c{i}": 5 for i in range(8)}
    scored, tuning = _sides(tmp_path, sizes)
    assert scored | tuning == set(sizes)
    assert not scored & tuning
    assert len(tuning) == 1  # a tenth of the prompts


@pytest.mark.parametrize(
    ("sizes", "tuning"),
    [
        ({"large": 80, "small": 4, "middle": 16}, {"small", "middle"}),
        ({"large": 95, "small": 5}, {"small"}),
        ({"only": 10}, set()),
    ],
)
def test_the_smallest_corpora_of_a_kind_are_learnt_from_and_one_is_left(tmp_path, sizes, tuning):
    assert _sides(tmp_path, sizes) == [set(sizes) - tuning, tuning]


def test_a_corpus_of_two_kinds_leaves_both_something_to_be_scored(tmp_path):
    _prompts(tmp_path / "a.parquet", {"both": 5, "large": 95})
    _prompts(tmp_path / "b.parquet", {"both": 50}, "rubric")
    pl.concat(map(pl.read_parquet, (tmp_path / "a.parquet", tmp_path / "b.parquet"))).write_parquet(
        tmp_path / "p.parquet"
    )
    scored, tuning = (pl.read_parquet(p) for p in split(tmp_path / "p.parquet", tmp_path / "out"))
    assert set(scored["kind"]) == {"chat", "rubric"}
    assert not set(scored["corpus"]) & set(tuning["corpus"])


def test_prompts_of_no_corpus_are_refused(tmp_path):
    _prompts(tmp_path / "p.parquet", {None: 3, "a": 2})
    with pytest.raises(UnreadableInputError, match="names no corpus") as caught:
        split(tmp_path / "p.parquet", tmp_path / "out")
    assert "filled in every row" in caught.value.hint


def test_a_world_that_prompts_do_not_suffice_for_leaves_the_other_rows(tmp_path, tiny):
    plan, _ = tiny
    for kind in ("chat", "application", "utterance", "tool", "evaluation", "rubric", "synthetic_instruction"):
        _prompts(tmp_path / f"{kind}.parquet", {"a": 4, "b": 4}, kind)
    pl.concat([pl.read_parquet(f) for f in sorted(tmp_path.glob("*.parquet"))]).write_parquet(
        tmp_path / "all.parquet"
    )
    card = running.run_plan(plan, folder=tmp_path / "cells", prompts=tmp_path / "all.parquet")
    assert set(card.unbuilt) == {e.name for e in plan.entries()}
    assert all("prompts" in why for why in card.unbuilt.values())
    assert not card.rows
    assert all(name in table(card) for name in card.unbuilt)
    assert all(name in page(card) for name in card.unbuilt)
    again = running.run_plan(plan, folder=tmp_path / "cells", prompts=tmp_path / "all.parquet")
    assert again.unbuilt == card.unbuilt


def test_what_is_learnt_from_and_who_learns_may_have_too_few_prompts(tmp_path, monkeypatch):
    _prompts(tmp_path / "p.parquet", {"a": 4, "b": 4})
    text = "registry = false\nseeds = 1\nseed_first = 3\ntraining_seed = 9\n"
    row = '[[{}]]\nid = "{}"\nworld = "quiet"\nknobs = {{ honest = 60 }}\n'
    learner = '[[adaptive]]\narchetype = "hydra"\nrounds = 1\n'
    (tmp_path / "plan.toml").write_text(
        text + row.format("world", "calm") + row.format("training", "taught") + learner
    )
    plan = read_plan(tmp_path / "plan.toml")
    card = running.run_plan(plan, folder=tmp_path / "cells", prompts=tmp_path / "p.parquet")
    assert list(card.unbuilt) == ["calm", "hydra, an operator that learns", "taught, to be learnt from"]
    assert not card.rows
    assert not card.adaptive


@pytest.fixture(scope="module")
def card():
    hostile = "<script>x</script>"
    ours = [
        cell(seed=s, guilty=[9.0] * 9, honest=[5.0, 4.0], alike={"batch": 0.0}, harvest=0.08) for s in (0, 1)
    ]
    other = [cell("other", s, [9.0] * 5, [9.0] * 20, {"batch": 0.4}, recall=1.0, false=20) for s in (0, 1)]
    calm = [cell(row=hostile, campaigns=0, campaigns_found=0, outcomes=[], raised_campaigns=0)]
    rows = [
        pooled(ours, "L2", (1e-3, 1e-4)),
        pooled(other, "L2", (1e-3, 1e-4)),
        pooled(calm, "", (1e-3, 1e-4)),
    ]
    learner = Adaptive(
        archetype="hydra", seed=3, rounds=2, defended=[(2.0, 0.5), (4.0, 0.9)], undefended=[(2.0, 0.1), (4.0, 0.1)],
        banned=share(30, 80), last="L2 + <L5>", cost_multiplier=9.0,
    )  # fmt: skip
    rows[0] = msgspec.structs.replace(rows[0], cost_multiplier=14.0)
    return Scorecard(
        title="A scorecard", plan="plan.toml", plan_sha256="ab" * 32, command="stillwatch range bench plan.toml",
        tool="stillwatch", prompts="built-in grammar", partial=False, fdr=0.01, rates=(1e-3, 1e-4),
        seeds={"r": [0, 1], hostile: [0]}, settings={"r": {"world": "w"}, hostile: {}},
        titles={"stillwatch": "Stillwatch", "other": "Other method"}, rows=rows, worse=["r: a sentence"],
        unreplayed={"other": "it is slow"}, adaptive=[learner],
    )  # fmt: skip


class _Outline(HTMLParser):
    """Tags in order, ids, and what is inside each svg and table."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.ids, self.attributes = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, k, v or "") for k, v in attrs]
        self.ids |= {v for k, v in attrs if k == "id"}


def test_the_page_is_self_contained_and_readable_without_its_charts(card):
    text = page(card)
    outline = _Outline()
    outline.feed(text)
    assert not {"script", "link", "img", "iframe", "object"} & set(outline.tags)
    assert not [a for a in outline.attributes if a[1] in ("src", "srcset", "onclick")]
    assert not re.search(r"url\(|@import|https?:", text)
    links = {v[1:] for tag, k, v in outline.attributes if (tag, k) == ("a", "href")}
    assert links <= outline.ids
    pictures = re.findall(r"<svg role=\"img\".*?</svg>", text, re.DOTALL)
    assert len(pictures) >= 5
    assert all("<title>" in p for p in pictures)
    assert all("<caption>" in t for t in re.findall(r"<table>.*?</table>", text, re.DOTALL))
    assert outline.tags.count("h1") == 1
    assert "prefers-color-scheme: dark" in text
    assert "a sentence" in text
    assert "not resolvable" in text
    assert "&lt;script&gt;x" in text
    assert "L2 + &lt;L5&gt;" in text
    assert "Other method is not replayed: it is slow" in text
    assert "0.9 US dollars an example on day 4" in text
    assert "30 of 80" in text


def test_the_table_fits_80_columns_and_says_what_is_worse(card):
    text = table(card, width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert "a sentence" in text
    assert "n/r" in text
    assert card.plan_sha256[:16] in text


def test_a_scorecard_survives_its_json(card):
    data = msgspec.json.encode(card)
    assert msgspec.json.decode(data, type=Scorecard) == card
    assert json.loads(data)["rows"][0]["harvest"]["worst"] == 0.08


def test_what_scrolls_can_be_reached_by_keyboard_and_its_landmarks_differ(card):
    tags = re.findall(r'<div class="[^"]*\bscroll\b[^"]*"[^>]*>', page(card))
    names = [re.search(r'aria-label="([^"]+)"', t)[1] for t in tags]
    assert len(names) > 10 and len(set(names)) == len(names)
    assert all('tabindex="0"' in t and 'role="region"' in t for t in tags)


def test_every_axis_names_its_unit_and_no_figure_is_a_power_of_ten():
    chart = bars([("a detector", 1637.4, True), ("another", 0.25, False)], "State", "bytes per account", 10.0)
    assert "bytes per account, log scale" in chart
    assert ">1,640<" in chart and ">10,000<" in chart and ">0.25<" in chart
    assert "e+" not in chart


def test_sentences_of_one_world_stand_together_in_their_order():
    assert by_place(["r: one: two", "state: three", "r: four"]) == {
        "r": ["one: two", "four"],
        "state": ["three"],
    }
