"""Worlds: the same seed the same bytes, clear refusals, nothing half-written, and scores that follow the truth."""

import hashlib
import json
from collections import defaultdict

import pyarrow.parquet as pq
import pytest

from stillwatch.errors import UnknownNameError, UnreadableInputError, UsageError
from stillwatch.range import WORLDS, build_world, score_findings

SMALL = {"honest": 120, "per_week": 4.0}
SIZES = {
    "demo": {"application": 30, "accounts": 20},
    "low-and-slow": {"accounts": 40},
    "application": {"accounts": 40},
    "fixed-template": {"accounts": 20},
    "power": {"accounts": 20},
    "launch-day": {},
    "quiet": {},
    "hydra": {"accounts": 20},
    "reasoning": {"accounts": 8},
    "grader": {"accounts": 8},
    "tasks": {"accounts": 8},
    "relay": {"accounts": 8},
    "replay": {"accounts": 8},
    "cleaning": {"accounts": 8},
    "sweep": {"accounts": 20, "probes": 10, "variants": 100},
    "pivot": {"accounts": 8},
    "failover": {"accounts": 8},
    "shared-pool": {"accounts": 8, "students": 8},
    "bought": {"rows": 20},
    "evaluation": {"rented": 10, "laboratories": 3, "items": 12},
    "judge-in-ci": {"rented": 10, "teams": 8},
    "batch-fleet": {"accounts": 6, "branches": 6, "per_night": 2},
    "aggregator": {"rented": 5, "accounts": 6, "people": 20, "customers": 8},
    "red-team-study": {"participants": 8, "tries": 20},
    "contracted": {"accounts": 8, "per_account": 6},
    "contracted-beyond": {"accounts": 8, "per_account": 6},
    "classroom": {"courses": 2, "students": 5, "exercises": 4},
    "localisation": {"freelancers": 8, "strings": 12},
    "grey-resale": {"accounts": 8, "people": 20},
    "two-regions": {"accounts": 3},
    "rationed": {"accounts": 8, "per_day": 30.0, "workers": 6, "per_night": 6},
    "drift-week": {"rented": 10, "viral": 20, "developers": 10, "laboratories": 3, "items": 10},
    "poisoned-reference": {"accounts": 12, "per_account": 4, "decoys": 6},
}


def digest(folder):
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.blake2b(p.read_bytes()).hexdigest() for p in files}


@pytest.mark.parametrize("world", [w.id for w in WORLDS])
@pytest.mark.slow
def test_a_world_is_whole_and_the_same_seed_gives_the_same_bytes(world, tmp_path):
    a = build_world(world, seed=3, out=tmp_path / "a", **SMALL, **SIZES[world])
    b = build_world(world, seed=3, out=tmp_path / "b", **SMALL, **SIZES[world])
    assert digest(a) == digest(b)
    truth = json.loads((a / "truth.json").read_text())
    for part in (a, a / "reference"):
        ids = [
            pq.read_table(part / f"{n}.parquet", columns=["event_id"]).column(0).to_pylist()
            for n in ("events", "content")
        ]
        assert ids[0] == ids[1]
        assert len(set(ids[0])) == len(ids[0]) > 0
    owners = dict(
        zip(
            *(pq.read_table(a / "events.parquet").column(c).to_pylist() for c in ("event_id", "account_id")),
            strict=True,
        )
    )
    for campaign in truth["campaigns"]:
        assert {owners[e] for e in campaign["events"]} == set(campaign["accounts"])


def test_another_seed_gives_another_world(tmp_path):
    made = [build_world("quiet", seed=s, out=tmp_path / str(s), **SMALL) for s in (1, 2)]
    assert digest(made[0]) != digest(made[1])


def test_no_benign_prompt_is_sent_by_two_accounts(tmp_path):
    world = build_world("quiet", seed=4, out=tmp_path / "w", **SMALL)
    holders = defaultdict(set)
    for part in (world, world / "reference"):
        accounts = pq.read_table(part / "events.parquet").column("account_id").to_pylist()
        for account, messages in zip(
            accounts, pq.read_table(part / "content.parquet").column("messages").to_pylist(), strict=True
        ):
            holders[messages[-1]["text"]].add(account)
    assert max(len(who) for who in holders.values()) == 1


REFUSED = [
    ("an unknown world", "dmo", {}, UnknownNameError, "dmo"),
    ("an unknown setting", "quiet", {"hones": 3}, UnknownNameError, "hones"),
    ("a negative number", "quiet", {"honest": -1}, UsageError, "honest"),
    ("a word for a number", "quiet", {"honest": "many"}, UsageError, "honest"),
    ("no days", "quiet", {"days": 0}, UsageError, "days"),
    ("more than everybody", "quiet", {"updating_share": 1.5}, UsageError, "updating_share"),
    ("more than all in companies", "quiet", {"companies_share": 1.5}, UsageError, "companies_share"),
    ("a sitting of less than one event", "quiet", {"sitting": 0.5}, UsageError, "sitting"),
]


@pytest.mark.parametrize(
    ("name", "knobs", "error", "said"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_what_cannot_be_built_is_refused_and_nothing_is_left(name, knobs, error, said, tmp_path):
    with pytest.raises(error, match=said):
        build_world(name, seed=0, out=tmp_path / "w", **knobs)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_kept(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="not an empty folder"):
        build_world("quiet", seed=0, out=tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "x"


def test_scores_follow_the_truth(tmp_path):
    world = build_world("demo", seed=5, out=tmp_path / "w", **SMALL, **SIZES["demo"])
    truth = json.loads((world / "truth.json").read_text())
    guilty = truth["campaigns"][0]["accounts"]
    honest = truth["look_alikes"][0]["accounts"]

    def score(accounts):
        file = tmp_path / "f.json"
        file.write_text(
            json.dumps(
                {"campaigns": [{"accounts": [{"account_id": a} for a in accounts]}] if accounts else []}
            )
        )
        return score_findings(world / "truth.json", file)

    perfect, nothing, mixed = score(guilty), score([]), score([*guilty[:10], *honest[:2]])
    assert (perfect.account_recall, perfect.event_recall, perfect.false_accounts) == (1.0, 1.0, 0)
    assert perfect.false_account_bound > 0
    assert (nothing.campaign_recall, nothing.account_recall) == (0.0, 0.0)
    assert (mixed.account_recall, mixed.false_accounts, mixed.look_alikes_raised) == (0.5, 2, 1)
    assert mixed.worst_look_alike == truth["look_alikes"][0]["kind"]
    with pytest.raises(UnreadableInputError):
        score_findings(world / "authorisations.toml", tmp_path / "f.json")


@pytest.mark.parametrize("honest", [0, 1])
@pytest.mark.parametrize("world", [w.id for w in WORLDS if "honest" in w.knobs])
@pytest.mark.slow
def test_hardly_anybody_is_a_world_too_or_is_refused_by_name(world, honest, tmp_path):
    page = next(w for w in WORLDS if w.id == world)
    few = {name: max(1, min(5, int(page.knobs[name]))) for name in page.scales if page.knobs.get(name)}
    try:
        place = build_world(world, seed=1, out=tmp_path / "w", **(few | {"honest": honest}))
    except UsageError as error:
        assert "honest" in str(error)
        assert not list(tmp_path.iterdir())
    else:
        assert json.loads((place / "truth.json").read_text())
