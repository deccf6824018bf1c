"""Each archetype keeps its promise, measured on the events that are written."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass

import pyarrow.parquet as pq
import pytest

from stillwatch.errors import UsageError
from stillwatch.range import build_world
from stillwatch.range.archetypes import ARCHETYPES
from stillwatch.range.archetypes.sweep import PAYLOAD
from stillwatch.range.prompts.acts import ACTS
from stillwatch.range.prompts.tongues import TONGUES

DAY_S = 86_400
SMALL = {"honest": 60, "per_week": 6.0}


@dataclass
class Built:
    """A world read back: its truth, and the events of both periods, each with its messages and output."""

    truth: dict
    events: list
    earlier: list

    def campaign(self, name):
        return next(c for c in self.truth["campaigns"] if c["name"] == name)

    def attack(self, name=None):
        wanted = {e for c in self.truth["campaigns"] if name in (None, c["name"]) for e in c["events"]}
        return [e for e in self.events if e["event_id"] in wanted]

    @property
    def outputs(self):
        """Everything this world issued and logged, by account."""
        out = defaultdict(set)
        for event in self.earlier + self.events:
            out[event["account_id"]].add(event["output_text"])
        return out


def rows(folder):
    events = pq.read_table(folder / "events.parquet").to_pylist()
    content = pq.read_table(folder / "content.parquet").to_pylist()
    return [event | said for event, said in zip(events, content, strict=True)]


@pytest.fixture
def built(tmp_path):
    def build(world, *specs, **knobs):
        folder = build_world(world, seed=5, out=tmp_path / world, evasions=specs, **(SMALL | knobs))
        truth = json.loads((folder / "truth.json").read_text())
        return Built(truth, rows(folder), rows(folder / "reference"))

    return build


def prompt(event):
    return event["messages"][-1]["text"]


def turns(event):
    return [m["text"] for m in event["messages"] if m["role"] == "assistant"]


def worded(event, act):
    """Whether the request is worded by the template of the act."""
    return all(
        any(phrase.strip() in prompt(event) for phrase in phrases)
        for phrases in next(a for a in ACTS if a.id == act).template
    )


def second(event):
    return event["ts"].timestamp()


def test_reasoning_every_disguise_through_the_same_accounts(built):
    world = built("reasoning", accounts=20, per_day=5.0)
    acts = ("reason", "forced-tags", "working-memory", "fake-debugging", "unflagged")
    asked = {act: [e for e in world.attack() if worded(e, act)] for act in acts}
    shares = [len(asked[act]) / len(world.attack()) for act in acts]
    assert min(shares) > 0.05
    assert sum(shares) > 0.85
    for act in acts:
        assert {e["account_id"] for e in asked[act]} == {e["account_id"] for e in world.attack()}


def test_reasoning_working_memory_follows_a_reply_that_was_ours(built):
    world = built("reasoning", accounts=20, per_day=5.0)
    after = [e for e in world.attack() if worded(e, "working-memory")]
    outputs = world.outputs
    known = [turns(e)[0] in outputs[e["account_id"]] for e in after]
    assert sum(known) / len(known) > 0.9  # 3 in 100 outputs are not logged
    assert all(len(turns(e)) == 1 for e in after)


def test_grader_one_rubric_and_an_answer_to_score_in_each(built):
    world = built("grader", accounts=20)
    assert len({e["messages"][0]["text"] for e in world.attack()}) == 1
    assert all(worded(e, "grade") and "\nAnswer of the candidate: " in prompt(e) for e in world.attack())
    answers = [prompt(e).split("candidate: ")[1].split("\n")[0] for e in world.attack()]
    assert len(set(answers)) == len(answers)


def test_tasks_every_seed_is_another(built):
    world = built("tasks", accounts=20)
    assert all(worded(e, "invent") for e in world.attack())
    seeds = [prompt(e).split("Seed: ")[1].split("?")[0] for e in world.attack()]
    assert len(set(seeds)) == len(seeds)


def test_relay_many_members_and_languages_behind_each_account(built):
    world = built("relay", accounts=6)
    for account in world.campaign("relay")["accounts"]:
        mine = [e for e in world.attack() if e["account_id"] == account]
        assert len({e["end_user_id"] for e in mine}) > 0.4 * len(mine)
        spoken = {prompt(e).split('lang="')[1][:2] for e in mine}
        assert len(spoken) >= len(TONGUES) - 2
        assert len({prompt(e).split('tenant="')[1][:3] for e in mine}) >= 5
    member = defaultdict(set)
    for event in world.attack():
        member[event["end_user_id"]].add(prompt(event).split('lang="')[1][:2])
    assert {len(tags) for tags in member.values()} == {1}
    assert len({prompt(e) for e in world.attack()}) == len(world.attack())


@pytest.mark.parametrize(("world", "share"), [("relay", 0.5), ("replay", 0.7)])
def test_foreign_turns_are_no_outputs_of_this_world(built, world, share):
    made = built(world, accounts=6)
    ours = set().union(*made.outputs.values())
    foreign = [turn for e in made.attack() for turn in turns(e)]
    assert not set(foreign) & ours
    assert min(map(len, foreign)) > 60
    assert sum(bool(turns(e)) for e in made.attack()) / len(made.attack()) > share


def test_replay_sessions_cross_accounts_step_by_step_at_night(built):
    world = built("replay", accounts=6)
    sessions = defaultdict(list)
    for event in world.attack():
        sessions[event["messages"][0]["text"]].append(event)
    whole = [s for s in sessions.values() if len(s) == 4]
    assert len(whole) > 0.9 * len(sessions)
    for session in whole:
        longest = max(session, key=lambda e: len(e["messages"]))["messages"]
        assert sorted(len(e["messages"]) for e in session) == [1, 3, 5, 7]
        assert all(e["messages"] == longest[: len(e["messages"])] for e in session)
    assert sum(len({e["account_id"] for e in s}) > 1 for s in whole) == len(whole)
    assert all(1 <= second(e) % DAY_S / 3600 < 4 for e in world.attack())


def sentences(text):
    return [s for s in text.split(". ") if s]


def test_cleaning_returned_outputs_were_issued_to_other_accounts_before(built):
    world = built("cleaning", accounts=6, honest=200)
    pool = set(world.campaign("cleaning")["accounts"])
    issued, when = {}, {}
    for event in world.earlier + world.events:
        for line in sentences(event["output_text"] or ""):
            issued[line], when[line] = event["account_id"], second(event)
    verbatim = 0
    for event in world.attack():
        body = prompt(event).split("Trace: ")[1].rsplit(". Return", 1)[0]
        found = [line for line in sentences(body) if line in issued]
        verbatim += bool(found)
        assert not pool & {issued[line] for line in found}
        assert all(when[line] < second(event) for line in found)
    assert 0.5 < verbatim / len(world.attack()) < 0.9  # the others have a word put in every sentence


def test_sweep_one_payload_in_many_wordings_and_then_three_at_scale(built):
    world = built("sweep", accounts=40, probes=10, variants=500)
    swept = [e for e in world.attack() if PAYLOAD in prompt(e)]
    scaled = [e for e in world.attack() if PAYLOAD not in prompt(e)]
    assert len(swept) == 500
    assert len({prompt(e) for e in swept}) > 450
    assert len({prompt(e).split("Request: ")[0] for e in scaled}) == 3
    assert max(map(second, swept)) < min(map(second, scaled))
    assert len({e["account_id"] for e in swept}) == 10
    assert len({e["account_id"] for e in scaled}) == 40
    assert {e["account_id"] for e in swept} < {e["account_id"] for e in scaled}


@pytest.mark.slow
def test_pivot_half_of_the_traffic_is_on_the_new_model_within_a_day_and_honest_people_move_too(built):
    world = built("pivot", accounts=60, honest=400)
    release = min(map(second, world.events)) // DAY_S * DAY_S + 3 * DAY_S
    late = [e for e in world.attack() if second(e) >= release + DAY_S]
    assert not any(e["request_model"] == "aurora-2" for e in world.attack() if second(e) < release)
    assert 0.3 < sum(e["request_model"] == "aurora-2" for e in late) / len(late) < 0.7
    guilty = set(world.campaign("harvest")["accounts"])
    others = [e for e in world.events if e["account_id"] not in guilty and second(e) >= release + DAY_S]
    assert 0.2 < sum(e["request_model"] == "aurora-2" for e in others) / len(others) < 0.6


@pytest.mark.parametrize("minutes", [0.5, 30.0, 240.0])
def test_failover_pool_b_carries_on_after_the_gap_with_what_was_in_flight(built, minutes):
    world = built("failover", accounts=60, gap_minutes=minutes)
    ban = min(map(second, world.events)) // DAY_S * DAY_S + 3 * DAY_S
    first = [e for e in world.attack() if second(e) < ban]
    then = [e for e in world.attack() if second(e) >= ban]
    assert not {e["account_id"] for e in first} & {e["account_id"] for e in then}
    assert not {e["payment_id"] for e in first} & {e["payment_id"] for e in then}
    assert minutes * 60 <= second(then[0]) - ban < minutes * 60 + 3 * 3600
    assert [prompt(e) for e in then[:60]] == [prompt(e) for e in first[-60:]]
    assert not {prompt(e) for e in then[60:]} & {prompt(e) for e in first}


def test_shared_pool_three_tenants_one_broker(built):
    world = built("shared-pool", accounts=30, students=30)
    tenants = [set(c["accounts"]) for c in world.truth["campaigns"]]
    tenants += [set(group["accounts"]) for group in world.truth["look_alikes"] if group["kind"] == "resale"]
    assert list(map(len, tenants)) == [30, 30, 30]
    assert len(set.union(*tenants)) == 90
    for column in ("ip", "payment_id"):
        seen = [
            {e[column].rpartition(".")[0] or e[column] for e in world.events if e["account_id"] in t}
            for t in tenants
        ]
        for one in seen:
            assert all(len(one & other) > 0.3 * min(len(one), len(other)) for other in seen)
    assert all(worded(e, "solve") for e in world.attack("lab A"))
    assert all(worded(e, "grade") for e in world.attack("lab B"))
    own = [prompt(e) for e in world.events if e["account_id"] in tenants[2]]
    assert max(Counter(own).values()) == 1


@pytest.mark.slow
def test_bought_the_dataset_holds_our_answers_and_the_truth_says_which(built, tmp_path):
    world = built("bought", rows=200, honest=200)
    published = [
        json.loads(line) for line in (tmp_path / "bought" / "suspect.jsonl").read_text().splitlines()
    ]
    ours = {row["row"]: row for row in world.truth["suspect"]["ours"]}
    events = {e["event_id"]: e for e in world.earlier + world.events}
    assert world.truth["campaigns"] == []
    assert (len(published), len(ours)) == (200, 120)
    issued = {line for said in world.outputs.values() for text in said for line in sentences(text or "")}
    verbatim = 0
    for row in published:
        held = {line for line in sentences(row["text"].removesuffix(".")) if line in issued}
        if row["id"] not in ours:
            assert not held
            continue
        source = events[ours[row["id"]]["event"]]
        assert source["account_id"] == ours[row["id"]]["account"]
        if source["output_text"] is not None and held:
            verbatim += 1
            assert held <= set(sentences(source["output_text"].removesuffix("."))) | {source["output_text"]}
    assert verbatim > 0.4 * len(ours)


FIGURES = [("relay", 5.6), ("replay", 13.0), ("hydra", 2.0), ("cleaning", 20.0), ("sweep", 5.6)]


@pytest.mark.parametrize(("world", "pace"), FIGURES)
@pytest.mark.slow
def test_the_pace_is_the_one_that_is_stated(built, world, pace):
    made = built(world)
    days = {"sweep": 5.0, "cleaning": 6.0}.get(world, 7.0)
    counted = [e for e in made.attack() if PAYLOAD not in prompt(e)]
    accounts = {e["account_id"] for e in counted}
    assert len(counted) / len(accounts) / days == pytest.approx(pace, rel=0.03)


TINY = {"honest": 12, "per_week": 3.0, "days": 4.0}


@pytest.mark.parametrize(
    "specs", [("L4:0.5",), ("L6:1", "L9"), ("L13", "L5"), ("L3", "L10"), ("L0",), ("L8:4",)]
)
@pytest.mark.parametrize("world", [a.id for a in ARCHETYPES if a.id != "bought"])
@pytest.mark.slow
def test_evasions_and_populations_go_with_every_archetype_or_are_refused_whole(world, specs, tmp_path):
    bare = world in ("relay", "replay")
    knobs = TINY | {"accounts": 8}
    try:
        folder = build_world(
            world, seed=1, out=tmp_path / "w", evasions=specs, population=("chat", "batch"), **knobs
        )
    except UsageError:
        assert specs in (("L3", "L10"), ("L8:4",))
        assert bare
        assert list(tmp_path.iterdir()) == []
        return
    truth = json.loads((folder / "truth.json").read_text())
    owner = {e["event_id"]: e["account_id"] for e in rows(folder)}
    for campaign in truth["campaigns"]:
        assert campaign["events"]
        assert {owner[e] for e in campaign["events"]} <= set(campaign["accounts"])
