"""Each rung keeps its promise, measured on the events it leads to; combinations keep the truth whole."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.range import build_world
from stillwatch.range.archetypes.hydra import hydra
from stillwatch.range.attackers.conversations import SingleTurn
from stillwatch.range.attackers.plan import Plan, Work
from stillwatch.range.attackers.sizing import size
from stillwatch.range.cost import bill, prices
from stillwatch.range.evasions import EVASIONS, evasions
from stillwatch.range.evasions.oracle_guided import options
from stillwatch.range.evasions.published_rules import linked_chance
from stillwatch.range.prompts.acts import ACTS
from stillwatch.range.worlds import WORLDS

DAY_US = 86_400_000_000
ITEM = re.compile(r"\w+ in [\w ]+ moves [^?]*\?")
ACCOUNTS = 24
KNOBS = {"honest": 40, "per_week": 3.0, "accounts": ACCOUNTS, "per_day": 1.5}
SOLVE = ACTS[0]


@dataclass
class Built:
    """A world read back. events: rows with their prompt, of the current period and of the reference."""

    truth: dict
    events: list
    earlier: list
    guilty: set = field(init=False)
    attack: list = field(init=False)
    cover: list = field(init=False)

    def __post_init__(self):
        (campaign,) = self.truth["campaigns"]
        stolen = set(campaign["events"])
        self.guilty = set(campaign["accounts"])
        self.attack = [e for e in self.events if e["event_id"] in stolen]
        mine = [e for e in self.events if e["account_id"] in self.guilty]
        self.cover = [e for e in mine if e["event_id"] not in stolen]


def rows(folder):
    events = pq.read_table(folder / "events.parquet").to_pylist()
    content = pq.read_table(folder / "content.parquet").to_pylist()
    for event, said in zip(events, content, strict=True):
        assert event["event_id"] == said["event_id"]
        event["prompt"] = said["messages"][-1]["text"]
        event["roles"] = [message["role"] for message in said["messages"]]
    return events


def read(folder):
    return Built(json.loads((folder / "truth.json").read_text()), rows(folder), rows(folder / "reference"))


@pytest.fixture
def built(tmp_path):
    def build(*specs, **knobs):
        return read(
            build_world(
                "hydra", seed=3, out=tmp_path / "w", evasions=specs, **(KNOBS | {"days": 4.0} | knobs)
            )
        )

    return build


def by_account(events, of):
    out = defaultdict(list)
    for event in events:
        out[event["account_id"]].append(of(event))
    return out


def day(event):
    return event["ts"].timestamp() * 1e6 // DAY_US


def wording(event, template=SOLVE.template):
    """(lead, task, close) of a request worded by a template, None where it is worded otherwise."""
    found = [next((p for p in phrases if p.strip() in event["prompt"]), None) for phrases in template]
    return None if None in found else tuple(found)


def test_l0_everything_comes_from_one_account(built):
    world = built("L0")
    assert len(world.guilty) == 1
    assert len(world.attack) == ACCOUNTS * 6


def test_l1_one_wording_dealt_evenly(built):
    world = built("L1")
    assert len({wording(e) for e in world.attack}) == 1
    assert set(Counter(e["account_id"] for e in world.attack).values()) == {6}
    turns = [e["account_id"] for e in world.attack[:ACCOUNTS]]
    assert len(set(turns)) == ACCOUNTS


def test_l2_the_grammar_is_used_evenly(built):
    world = built("L2")
    seen = [wording(e) for e in world.attack]
    assert None not in seen
    assert len(set(seen)) > 0.85 * len(seen)
    assert max(Counter(lead for lead, _, _ in seen).values()) < 0.25 * len(seen)


def most_shared_run(events):
    """How many accounts share the run of six words around the items that most of them share."""
    holders = defaultdict(set)
    for event in events:
        words = ITEM.sub(f" {event['event_id']} ", event["prompt"]).lower().split()
        for at in range(len(words) - 5):
            holders[tuple(words[at : at + 6])].add(event["account_id"])
    return max(len(accounts) for accounts in holders.values())


def test_l3_no_run_of_six_words_is_the_operators_habit(built):
    world = built("L3", accounts=60, per_day=2.0)
    assert not any(wording(e) for e in world.attack)
    assert len({e["prompt"] for e in world.attack}) == len(world.attack) == 480
    assert most_shared_run(world.attack) <= 60 / 10


def test_without_l3_most_accounts_share_a_run_of_six_words(built):
    assert most_shared_run(built("L2", accounts=60, per_day=2.0).attack) > 60 / 2


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_l4_so_much_is_unrelated_and_none_of_it_is_sent_twice(built, share):
    world = built(f"L4:{share}", per_day=5.0)
    for account in world.guilty:
        attack = sum(e["account_id"] == account for e in world.attack)
        cover = sum(e["account_id"] == account for e in world.cover)
        assert attack / (attack + cover) == pytest.approx(1 - share, abs=1e-9)
    assert max(Counter(e["prompt"] for e in world.cover).values()) == 1


@pytest.mark.parametrize("specs", [("L5",), ("L5:1",), ("L5", "L4:0.5"), ("L5", "L6:1.5")])
def test_l5_no_account_has_more_than_its_limit_on_any_day(built, specs):
    world = built(*specs, per_day=9.0)
    limit = 1 if specs == ("L5:1",) else 2
    days = by_account(world.attack + world.cover, day)
    assert max(max(Counter(of).values()) for of in days.values()) == limit


def test_l6_no_account_outlives_its_days_and_new_ones_come(built):
    world = built("L6:1", per_day=4.0)
    lives = by_account(world.attack, lambda e: e["ts"].timestamp() / 86_400)
    assert max(max(at) - min(at) for at in lives.values()) <= 1.0
    assert len(world.guilty) == 4 * ACCOUNTS
    assert all(e["account_created"] < e["ts"] for e in world.attack)


def test_l7_a_topic_an_account_and_wordings_of_its_own(built):
    world = built("L7:4", per_day=4.0)
    topics = by_account(world.attack, lambda e: e["prompt"].split(" runs the ")[1].split(" in ")[0])
    worded = by_account(world.attack, wording)
    groups = defaultdict(set)
    for account, subjects in topics.items():
        groups[frozenset(subjects)].add(account)
    assert len(groups) <= 8
    assert all(len(set(subjects)) <= 2 for subjects in topics.values())
    parts = [
        set().union(*(set(worded[a]) for a in accounts)) for accounts in groups.values() if len(accounts) > 2
    ]
    assert len(parts) == 4
    assert sum(len(part) for part in parts) == len(set().union(*parts))


def test_l8_one_language_an_account_and_all_of_them_used(built):
    world = built("L8")
    templates = {"en": SOLVE.template} | dict(SOLVE.translations)
    spoken = by_account(
        world.attack, lambda e: next(tag for tag, template in templates.items() if wording(e, template))
    )
    assert all(len(set(tags)) == 1 for tags in spoken.values())
    assert Counter(tags[0] for tags in spoken.values()) == dict.fromkeys(templates, ACCOUNTS // 8)


def test_l9_nothing_is_shared_and_all_is_old(built):
    world = built("L9")
    first = min(e["ts"] for e in world.earlier)
    for column in ("ip", "payment_id"):
        of = by_account(world.attack, lambda e, column=column: e[column])
        assert all(len(set(values)) == 1 for values in of.values())
        assert len({values[0] for values in of.values()}) == ACCOUNTS
    assert all(e["account_created"] < first for e in world.attack)


def test_without_l9_addresses_and_payments_are_shared(built):
    world = built()
    assert len({e["payment_id"] for e in world.attack}) < ACCOUNTS / 4
    assert len({e["ip"].rpartition(".")[0] for e in world.attack}) < ACCOUNTS * 4


def test_l10_forwarded_users_and_the_harness_everywhere(built):
    world = built("L10:0.75", per_day=4.0)
    every = world.attack + world.cover
    assert len(world.cover) == 3 * len(world.attack)
    assert all(e["roles"][0] == "system" and e["end_user_id"] for e in every)
    assert any("assistant" in e["roles"] for e in world.cover)
    assert max(Counter(e["prompt"] for e in world.cover).values()) == 1


def test_l11_the_same_public_questions_in_every_account(built):
    world = built("L11:0.5", per_day=4.0)
    asked = by_account(world.cover, lambda e: e["prompt"])
    assert len({frozenset(questions) for questions in asked.values()}) == 1
    assert {e["user_agent"] for e in world.attack} == {"lm-eval-harness/0.4.3"}
    assert {e["temperature"] for e in world.attack} == {0.0}


def test_l12_the_choice_pays_better_than_a_random_one():
    plan = hydra(accounts=200, per_account=14)
    (oracle,) = evasions(["L12"])
    chosen = oracle.apply(plan)
    arms = [changed for _, changed in options(plan, 7.0)]

    def worth(one):
        return (1 - linked_chance(one, 7.0)) / bill(one, 7.0, prices()).usd_per_example

    assert chosen in arms
    assert worth(chosen) > sum(map(worth, arms)) / len(arms)
    assert oracle.apply(plan) == chosen


def test_l13_the_campaign_was_there_before(built):
    world = built("L13:0.5")
    before = [e for e in world.earlier if wording(e)]
    assert len(before) == len(world.attack) // 2
    assert {e["account_id"] for e in before} <= world.guilty
    assert all(e["account_created"] < e["ts"] for e in before)
    earlier = world.truth["campaigns"][0]["earlier"]
    assert sorted(earlier["events"]) == sorted(e["event_id"] for e in before)
    assert set(earlier["accounts"]) == {e["account_id"] for e in before}
    assert not set(earlier["events"]) & set(world.truth["campaigns"][0]["events"])
    assert not any(wording(e) for e in built_clean(world))


def test_l13_of_accounts_that_do_not_last_is_told_with_the_accounts_that_sent_it(built):
    """Churned accounts do not reach back, so forerunners send the poison: no accounts of the harvest."""
    world = built("L13:0.5", "L6:2")
    earlier = world.truth["campaigns"][0]["earlier"]
    assert earlier["events"]
    assert not set(earlier["accounts"]) & world.guilty
    assert set(earlier["accounts"]) == {e["account_id"] for e in world.earlier if wording(e)}


def built_clean(world):
    """Earlier events of everybody else."""
    return [e for e in world.earlier if e["account_id"] not in world.guilty]


def test_the_ladder_is_whole_and_says_what_each_rung_is():
    assert [kind().rung for kind in EVASIONS] == list(range(14))
    for kind in EVASIONS:
        assert all((kind.title, kind.promise, kind.costs, kind.cannot_show))
        assert evasions([kind().spec]) == (kind(),)


REFUSED = [
    ("an unknown rung", ["L4-mixng:0.8"], UnknownNameError, "did you mean 'L4-mixing'"),
    ("a share that is none", ["L4:1.5"], UsageError, "between 0.01 and 0.99"),
    ("not a number", ["L4:most"], UsageError, "not a number"),
    ("not a finite number", ["L4:nan"], UsageError, "between"),
    ("an amount where there is none", ["L9:3"], UsageError, "takes no amount"),
    ("the same rung twice", ["L4:0.5", "L4-mixing"], UsageError, "given twice"),
    ("two wordings", ["L3", "L1"], UsageError, "both decide the wording"),
    ("two disguises", ["L10", "L11"], UsageError, "both decide the disguise"),
    ("a choice and an oracle", ["L12", "L9"], UsageError, "whole plan"),
    ("paraphrase in other languages", ["L3", "L8"], UsageError, "English only"),
    ("more cover than a slow account carries", ["L4:0.95", "L5"], UsageError, "one request in 20"),
    ("more topics than accounts", ["L7:30"], UsageError, "30 topics for 24 accounts"),
    ("languages of one account", ["L0", "L8"], UsageError, "8 languages with 1 accounts"),
]


@pytest.mark.parametrize(("specs", "error", "said"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_cannot_be_combined_is_refused_before_anything_is_written(specs, error, said, tmp_path):
    with pytest.raises(error) as caught:
        build_world("hydra", seed=0, out=tmp_path / "w", evasions=specs, **KNOBS, days=4.0)
    assert said in f"{caught.value} {caught.value.hint}"
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_bare_items_have_no_wording_to_change():
    plan = Plan(name="relay", archetype="relay", accounts=9, per_account=3, work=Work(act=""))
    for spec in ("L1", "L2", "L3", "L8"):
        with pytest.raises(UsageError, match="bare items"):
            evasions([spec])[0].apply(plan)


def test_a_world_without_attacker_takes_no_evasion_and_one_with_its_own_people_no_population(tmp_path):
    with pytest.raises(UsageError, match="no attacker"):
        build_world("quiet", seed=0, out=tmp_path / "w", evasions=["L3"], honest=20)
    with pytest.raises(UsageError, match="own honest population"):
        build_world("demo", seed=0, out=tmp_path / "w", population=["chat"])
    with pytest.raises(UsageError, match="twice"):
        build_world("hydra", seed=0, out=tmp_path / "w", population=["mix", "chat"])
    with pytest.raises(UnknownNameError, match="chatt"):
        build_world("hydra", seed=0, out=tmp_path / "w", population=["chatt"])
    assert list(tmp_path.iterdir()) == []


SPECS = st.lists(
    st.sampled_from(
        ["L0", "L1", "L2", "L3", "L4:0.5", "L4:0.8", "L5", "L6:2", "L7:3", "L8:4", "L9", "L10:0.5", "L11:0.4", "L12", "L13"]
    ),
    max_size=5,
    unique=True,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    specs=SPECS,
    world=st.sampled_from([w.id for w in WORLDS if w.backdrop and w.id == "hydra"] + ["fixed-template"]),
    population=st.sampled_from([(), ("chat",), ("chat", "batch"), ("mix", "evaluation")]),
    seed=st.integers(0, 3),
)
@pytest.mark.slow
def test_any_combination_is_refused_or_whole(specs, world, population, seed, tmp_path_factory):
    out = tmp_path_factory.mktemp("w")
    knobs = {"honest": 12, "per_week": 3.0, "accounts": 8, "days": 4.0}
    population = population if world == "hydra" else ()

    def build(name):
        return build_world(world, seed=seed, out=out / name, evasions=specs, population=population, **knobs)

    try:
        made = build("a")
    except UsageError as refused:
        assert refused.hint
        assert list(out.iterdir()) == []
        return
    files = ("events.parquet", "content.parquet", "reference/events.parquet", "truth.json")
    other = build("b")
    for name in files:
        assert hashlib.blake2b((made / name).read_bytes()).digest() == hashlib.blake2b((other / name).read_bytes()).digest()  # fmt: skip
    whole = read(made)
    worded = {e["event_id"] for e in whole.events if said_by_operator(e)}
    assert worded == {e["event_id"] for e in whole.attack}
    assert {e["account_id"] for e in whole.attack} == whole.guilty
    honest = [e for e in whole.events + whole.earlier if e["account_id"] not in whole.guilty]
    public = {e["prompt"] for e in honest if e["prompt"].startswith("Question: ")}
    holders = defaultdict(set)
    for event in [*honest, *whole.cover]:
        if event["prompt"] not in public and not event["prompt"].startswith("Question: "):
            holders[event["prompt"]].add(event["account_id"])
    assert max((len(accounts) for accounts in holders.values()), default=0) <= 1 or "L13" in specs
    spent = whole.truth["attackers"][0]["cost"]
    assert spent["total_usd"] == pytest.approx(sum(spent["items_usd"].values()), abs=0.01)


def said_by_operator(event):
    """Whether the prompt holds an item of the built-in work list, which no honest prompt of the grammar does."""
    return (
        any(mark in event["prompt"] for mark in (" moves ", " runs the ")) and event["prompt"].count("?") >= 1
    )


def test_evasions_commute_and_leave_the_plan_they_were_given():
    plan = hydra(accounts=40, per_account=14)
    kept = hydra(accounts=40, per_account=14)
    there, back = plan, plan
    chosen = evasions(["L9", "L6", "L7", "L5", "L3", "L13"])
    for evasion in chosen:
        there = evasion.apply(there)
    for evasion in reversed(chosen):
        back = evasion.apply(back)
    assert there == back
    assert plan == kept
    assert size(plan, 7.0).harvest == 560
    assert isinstance(plan.work.conversation, SingleTurn)
