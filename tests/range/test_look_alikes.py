"""Look-alikes hold what their pages say: what resembles extraction and what honest difference is left in the data."""

import json
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.errors import UsageError
from stillwatch.range import WORLDS, build_world
from stillwatch.range.accounts import Accounts
from stillwatch.range.clock import DAY_S, START, Clock
from stillwatch.range.honest.dialogue import dialogues
from stillwatch.range.honest.operators import heavy_tailed, office_hours
from stillwatch.range.scene import Scene
from stillwatch.range.shape import fitted

SMALL = {"honest": 60, "per_week": 4.0}
SIZES = {
    "evaluation": {"rented": 10, "laboratories": 6, "items": 24},
    "judge-in-ci": {"rented": 10, "teams": 12},
    "batch-fleet": {"accounts": 8, "branches": 12, "per_night": 3},
    "application": {"accounts": 30},
    "aggregator": {"rented": 5, "accounts": 8, "people": 60, "customers": 20},
    "red-team-study": {"participants": 12, "tries": 40},
    "contracted": {"accounts": 12, "per_account": 10},
    "contracted-beyond": {"accounts": 12, "per_account": 10},
    "classroom": {"courses": 2, "students": 8, "exercises": 6},
    "localisation": {"freelancers": 16, "strings": 40},
    "grey-resale": {"accounts": 20, "people": 60},
    "two-regions": {"accounts": 6},
    "rationed": {"accounts": 8, "per_day": 30.0, "workers": 8, "per_night": 6},
    "drift-week": {"rented": 10, "viral": 30, "developers": 20, "laboratories": 4, "items": 20},
    "poisoned-reference": {"accounts": 20, "per_account": 5, "decoys": 10},
    "launch-day": {},
}
SHARED_PROMPTS = {
    "evaluation",
    "red-team-study",
    "classroom",
    "localisation",
    "two-regions",
    "rationed",
    "drift-week",
}
"""Worlds that are about the same prompt in several accounts."""


@dataclass(frozen=True)
class Built:
    now: pl.DataFrame
    before: pl.DataFrame
    truth: dict
    declared: list

    def accounts(self, place: int) -> set:
        return set(self.truth["look_alikes"][place]["accounts"])

    def of(self, place: int) -> pl.DataFrame:
        return self.now.filter(pl.col("account_id").is_in(list(self.accounts(place))))


@cache
def built(world: str, **knobs) -> Built:
    with TemporaryDirectory() as folder:
        place = build_world(world, seed=11, out=Path(folder) / "w", **(SMALL | SIZES[world] | knobs))
        parts = [
            pl.read_parquet(p / "events.parquet").join(
                pl.read_parquet(p / "content.parquet"), on="event_id", maintain_order="left"
            )
            for p in (place, place / "reference")
        ]
        last = pl.col("messages").list.last().struct.field("text").alias("asked")
        return Built(
            *(part.with_columns(last) for part in parts),
            json.loads((place / "truth.json").read_text()),
            tomllib.loads((place / "authorisations.toml").read_text()).get("authorisation", []),
        )


def holders(events: pl.DataFrame) -> dict:
    out = defaultdict(set)
    for account, text in events.select("account_id", "asked").iter_rows():
        out[text].add(account)
    return out


KINDS = {
    "evaluation": {"evaluation"},
    "judge-in-ci": {"evaluation"},
    "batch-fleet": {"batch"},
    "application": {"application"},
    "aggregator": {"reseller"},
    "red-team-study": {"research"},
    "contracted": {"contracted"},
    "contracted-beyond": {"contracted"},
    "classroom": {"classroom"},
    "localisation": {"batch"},
    "grey-resale": {"reseller"},
    "two-regions": {"batch"},
    "rationed": {"batch"},
    "drift-week": {"evaluation", "application", "migration", "unknown"},
    "poisoned-reference": set(),
    "launch-day": {"migration"},
}


@pytest.mark.parametrize("world", SIZES)
@pytest.mark.slow
def test_the_truth_names_the_look_alikes_and_their_accounts_are_active(world):
    made = built(world)
    assert {x["kind"] for x in made.truth["look_alikes"]} == KINDS[world]
    active = set(made.now["account_id"]) | set(made.before["account_id"])
    for entry in made.truth["look_alikes"]:
        assert set(entry["accounts"]) <= active or entry["kind"] == "migration"
    attacked = world in ("contracted-beyond", "poisoned-reference", "rationed")
    assert bool(made.truth["campaigns"]) == attacked


@pytest.mark.parametrize("world", sorted(set(SIZES) - SHARED_PROMPTS))
@pytest.mark.slow
def test_no_honest_prompt_is_sent_by_two_accounts_unless_the_world_is_about_that(world):
    made = built(world)
    sizes = [len(who) for who in holders(pl.concat([made.now, made.before], how="diagonal")).values()]
    assert max(sizes) == 1


@pytest.mark.parametrize("world", [w.id for w in WORLDS if w.id in SIZES])
def test_a_world_of_this_family_says_what_it_resembles_and_what_differs(world):
    page = next(w for w in WORLDS if w.id == world)
    assert page.models
    assert page.resembles
    assert page.differs
    assert page.numbers
    assert page.cannot_show


EDGES = [
    (world.id, knob)
    for world in WORLDS
    if world.id in SIZES
    for knob, default in world.knobs.items()
    if not isinstance(default, bool)
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("world", "knob"), EDGES)
@pytest.mark.slow
def test_a_setting_of_zero_builds_or_is_refused_by_name(world, knob, tmp_path):
    try:
        build_world(world, seed=1, out=tmp_path / "w", **(SMALL | SIZES[world] | {knob: 0}))
    except UsageError as error:
        assert knob in str(error)
        assert not list(tmp_path.iterdir())


def test_laboratories_ask_the_same_items_each_split_over_its_own_accounts():
    made = built("evaluation")
    sets = []
    for place in range(6):
        run = made.of(place)
        assert run.height == run["asked"].n_unique() == 24
        sets.append(frozenset(run["asked"]))
    assert len(set(sets)) == 1


def test_teams_repeat_their_own_cases_and_never_those_of_another():
    made = built("judge-in-ci")
    graded = made.now.filter(pl.col("asked").str.contains("score the response", literal=True))
    counts = Counter(graded["asked"])
    assert sum(c > 1 for c in counts.values()) > len(counts) / 4
    assert max(len(who) for who in holders(graded).values()) == 1
    assert set(graded["ts"].dt.weekday()) <= {1, 2, 3, 4, 5}
    assert graded["user_agent"].n_unique() == 1
    assert graded["payment_id"].n_unique() == 12


def test_a_company_is_one_payer_and_branches_are_none_and_both_work_at_night():
    made = built("batch-fleet")
    company, branches = made.of(0), made.of(1)
    assert company["org_id"].n_unique() == company["payment_id"].n_unique() == 1
    assert branches["payment_id"].n_unique() == branches["account_id"].n_unique() == 12
    assert set(branches["org_id"]) == {None}
    for part in (company, branches):
        assert set(part["ts"].dt.hour()) <= {1, 2}
        assert part["user_agent"].n_unique() == 1


def test_an_aggregator_names_its_people_and_a_gateway_carries_strangers():
    made = built("aggregator")
    licensed, gateway = made.of(0), made.of(1)
    assert licensed["end_user_id"].n_unique() > 30
    assert licensed.group_by("conversation_id").agg(pl.col("account_id").n_unique())["account_id"].max() > 1
    assert [d["kind"] for d in made.declared if d["customer"] == "Crossway"] == ["reseller"]
    assert not [d for d in built("aggregator", declared=False).declared if d["customer"] == "Crossway"]
    assert gateway["payment_id"].n_unique() == gateway["account_id"].n_unique() == 20
    assert gateway.group_by("conversation_id").agg(pl.col("account_id").n_unique())["account_id"].max() == 1
    networks = {ip.rsplit(".", 1)[0] for ip in gateway["ip"]}
    assert len(networks) == 1


def test_a_study_replicates_its_cells_over_participants():
    made = built("red-team-study")
    study = made.of(0)
    assert np.mean([len(who) > 1 for who in holders(study).values()]) > 0.8
    assert study["user_agent"].n_unique() == 1
    assert not [d for d in made.declared if d["kind"] == "research"]
    assert [d for d in built("red-team-study", declared=True).declared if d["kind"] == "research"]


def daily(made: Built, name: str) -> tuple[float, dict]:
    entry = next(d for d in made.declared if d["customer"] == name)
    listed = made.now.filter(pl.col("account_id").is_in(entry["accounts"]))
    return listed.height / 7.0, entry


def test_a_contract_is_kept_inside_its_bounds_and_left_beyond_them():
    kept, beyond = built("contracted"), built("contracted-beyond")
    late = built("contracted-beyond", volume_used=0.7, expires_day=3)
    rate, entry = daily(kept, "Bramley Group")
    assert rate <= entry["max_events_per_day"]
    assert len(entry["accounts"]) == 9  # three quarters of twelve
    rate, entry = daily(beyond, "Bramley Group")
    assert rate > 2 * entry["max_events_per_day"]
    rate, entry = daily(late, "Bramley Group")
    assert rate <= entry["max_events_per_day"]
    assert entry["expires"] < late.now["ts"].max().date()
    for made in (kept, beyond):
        rate, entry = daily(made, "Elsing Tools")
        assert rate <= entry["max_events_per_day"]
    assert beyond.truth["campaigns"][0]["archetype"] == "beyond-contract"


def test_a_course_signs_up_together_and_most_do_every_exercise():
    made = built("classroom")
    for place in (0, 1):
        course = made.of(place)
        sheet = course.filter(pl.col("asked").str.starts_with("Exercise sheet"))
        assert sheet["asked"].n_unique() == 6
        assert min(len(who) for who in holders(sheet).values()) >= 4
        assert max(sheet.group_by("account_id").len()["len"]) == 6
        joined = course["account_created"].unique()
        assert (joined.max() - joined.min()).total_seconds() < 1800
        assert course.height > sheet.height  # they also ask things of their own
    both = made.of(0)["asked"].to_list()
    assert not set(both) & set(made.of(1)["asked"])


@pytest.mark.parametrize(("languages", "asked_by"), [(8, 8), (1, 1)])
def test_a_string_is_translated_once_per_language(languages, asked_by):
    made = built("localisation", languages=languages)
    corpus = made.of(0)
    assert corpus["asked"].n_unique() == 40
    assert {len(who) for who in holders(corpus).values()} == {asked_by}
    assert corpus["payment_id"].n_unique() == corpus["account_id"].n_unique()


@pytest.mark.parametrize(("sticky", "moves"), [(0.0, True), (1.0, False)])
def test_resold_conversations_continue_on_other_accounts_unless_they_are_sticky(sticky, moves):
    made = built("grey-resale", sticky_share=sticky)
    pool = made.of(0)
    most = pool.group_by("conversation_id").agg(pl.col("account_id").n_unique())["account_id"].max()
    assert (most > 1) == moves
    assert set(pool["end_user_id"]) == {None}
    assert pool["payment_id"].n_unique() < pool["account_id"].n_unique()


@pytest.mark.slow
def test_the_second_region_works_only_during_the_outage_and_repeats_lost_jobs():
    made = built("two-regions", per_day=200.0)
    pair = made.truth["look_alikes"][0]["accounts"]
    first, second = pair[:6], pair[6:]
    begins, ends = ((START.timestamp() + d * DAY_S) for d in (2.4, 3.0))
    at = made.now.select("account_id", pl.col("ts").dt.epoch("s").alias("s"), "asked", "org_id")
    b = at.filter(pl.col("account_id").is_in(second))
    a = at.filter(pl.col("account_id").is_in(first))
    assert begins - 1 <= b["s"].min() < b["s"].max() <= ends
    assert not a.filter((pl.col("s") > begins) & (pl.col("s") < ends - 1)).height
    assert a.filter(pl.col("s") > ends).height
    assert set(a["asked"]) & set(b["asked"])
    assert set(b["org_id"]) == {None}
    assert not set(second) & set(made.before["account_id"])
    joined = built("two-regions", same_organisation=True)
    assert joined.of(0)["org_id"].n_unique() == 1


def test_a_drift_week_holds_four_changes_and_none_of_them_before():
    made = built("drift-week")
    by_kind = defaultdict(set)
    for entry in made.truth["look_alikes"]:
        by_kind[entry["kind"]] |= set(entry["accounts"])
    viral = made.now.filter(pl.col("asked").str.starts_with("Act as my future self"))
    assert set(viral["account_id"]) == by_kind["unknown"]
    assert set(made.now.filter(pl.col("request_model") == "aurora-2")["account_id"]) <= by_kind["migration"]
    assert "langtool/0.4.0" in set(made.now["user_agent"])
    assert "langtool/0.4.0" not in set(made.before["user_agent"])
    assert not made.before.filter(pl.col("asked").str.starts_with("Act as my future self")).height
    assert "aurora-2" not in set(made.before["request_model"])


def test_every_world_says_what_it_models_after_which_figures_and_what_it_cannot_show():
    for world in WORLDS:
        assert all(len(text) > 10 for text in (world.models, world.numbers, world.cannot_show)), world.id


def test_poison_stands_in_the_reference_only_and_costs_its_decoys():
    made, bare = built("poisoned-reference"), built("poisoned-reference", decoys=0)
    guilty = set(made.truth["campaigns"][0]["accounts"])
    clue = pl.col("asked").str.starts_with("Take the part of a patient")
    planted = made.before.filter(clue)
    assert planted.height == 10 * 12 * 4
    assert planted["account_id"].n_unique() == 10
    assert not set(planted["account_id"]) & (guilty | set(made.now["account_id"]))
    assert set(made.now.filter(clue)["account_id"]) == guilty
    earlier = made.truth["campaigns"][0]["earlier"]
    assert sorted(earlier["events"]) == sorted(planted["event_id"])
    assert set(earlier["accounts"]) == set(planted["account_id"])
    assert "earlier" not in bare.truth["campaigns"][0]
    assert not bare.before.filter(clue).height


def scene(days: float = 7.0) -> Scene:
    clock = Clock(days, 1.0)
    return Scene("test", 5, clock, fitted(), {}, Accounts(clock, 5))


@settings(max_examples=40)
@given(turns=st.lists(st.integers(1, 5), min_size=1, max_size=8), with_system=st.booleans())
def test_each_turn_carries_the_whole_conversation_before_it(turns, with_system):
    stage, count = scene(), len(turns)
    system = np.arange(count, dtype=np.int64) + 10_000 if with_system else None
    block = dialogues(
        stage,
        np.random.default_rng(1),
        speaker=np.arange(count),
        turns=np.array(turns),
        opens_s=np.arange(count) * 1000.0,
        account_of=lambda talk, at: talk,
        system=system,
    )
    starts = np.cumsum(block.counts) - block.counts
    said = [block.text[s : s + c].tolist() for s, c in zip(starts, block.counts, strict=True)]
    assert len(said) == sum(turns)
    for event in range(1, len(said)):
        same = block.conversation[event] == block.conversation[event - 1]
        if same:
            assert said[event][:-1] == [*said[event - 1], block.answer[event - 1]]
            assert block.at_s[event] >= block.at_s[event - 1]
        else:
            assert len(said[event]) == 1 + with_system
    assert len(block.role) == len(block.text) == block.counts.sum()


@settings(max_examples=40)
@given(count=st.integers(1, 200), mean=st.floats(1.0, 50.0))
def test_heavy_tailed_numbers_have_their_mean_and_are_at_least_one(count, mean):
    drawn = heavy_tailed(np.random.default_rng(2), count, mean)
    assert drawn.min() >= 1
    assert abs(drawn.mean() - mean) <= 1.0 + 0.01 * mean


@pytest.mark.parametrize("days", [0.5, 3.0, 7.0, 14.0])
def test_office_hours_stay_inside_working_days_of_the_period(days):
    stage = scene(days)
    at = office_hours(stage, np.random.default_rng(3), 500)
    assert at.min() >= 0
    assert at.max() < stage.clock.last_s
    assert set((at // DAY_S).astype(int) % 7) <= {0, 1, 2, 3, 4}
