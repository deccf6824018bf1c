"""Plans: what a row means, what the registry adds, and what a wrong plan says."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.errors import ConfigError, UnknownNameError
from stillwatch.range import WORLDS
from stillwatch.range.bench.plan import read_plan

ROOT = Path(__file__).resolve().parents[3]


def plan(tmp_path, text):
    path = tmp_path / "plan.toml"
    path.write_text(text)
    return read_plan(path)


def test_the_committed_plan_is_sound_and_runs_every_world():
    made = read_plan(ROOT / "benchmarks" / "scorecard.toml")
    worlds = {e.world for e in made.entries()}
    assert {w.id for w in WORLDS} <= worlds | set(made.without)
    assert len({e.name for e in made.entries()}) == len(made.entries())


def test_rows_come_before_the_worlds_of_the_registry_that_have_none(tmp_path):
    made = plan(
        tmp_path,
        'registry_seeds = 2\nseed_first = 5\nwithout = ["power"]\n[[world]]\nid = "d"\nworld = "demo"\nseeds = 1',
    )
    assert made.entries()[0].name == "d"
    assert {e.name for e in made.entries()[1:]} == {w.id for w in WORLDS} - {"demo", "power"}
    assert [list(made.seeds_of(e)) for e in made.entries()[:2]] == [[5], [5, 6]]


def test_a_changed_plan_has_another_hash(tmp_path):
    assert plan(tmp_path, "seeds = 2").sha256 != plan(tmp_path, "seeds = 2 # more").sha256


WRONG = [
    ("no TOML", "seeds = [", ConfigError, "plan.toml", "not valid TOML"),
    ("a key nobody knows", "sead = 3", ConfigError, "plan.toml:$", "sead"),
    ("a wrong type", 'seeds = "two"', ConfigError, "plan.toml:$.seeds", "int"),
    ("an unknown world", '[[world]]\nworld = "demmo"', UnknownNameError, "$.world[0].world", "demmo"),
    ("an unknown training world", '[[training]]\nworld = "demmo"', UnknownNameError, "$.training[0]", "demmo"),
    ("two rows of one name", '[[world]]\nworld = "demo"\n[[world]]\nworld = "demo"', ConfigError, "plan.toml", "two rows"),
    ("training on a scored seed", "registry_seeds = 2\ntraining_seed = 1", ConfigError, "plan.toml", "training"),
    ("an impossible rate", "rates = [2.0]", ConfigError, "plan.toml", "rate"),
    ("no seed", "seeds = 0", ConfigError, "plan.toml", "seeds"),
    (
        "an unknown archetype that learns", '[[adaptive]]\narchetype = "hydro"', UnknownNameError,
        "$.adaptive[0].archetype", "hydro",
    ),
    ("no round", '[[adaptive]]\narchetype = "hydra"\nrounds = 0', ConfigError, "plan.toml", "round"),
    ("no row", "registry = false", ConfigError, "plan.toml", "no row"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "error", "where", "said"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG]
)
def test_a_wrong_plan_is_one_error_with_its_place(tmp_path, text, error, where, said):
    with pytest.raises(error) as caught:
        plan(tmp_path, text)
    assert where in caught.value.where
    assert said in caught.value.message


def test_a_missing_plan_says_so(tmp_path):
    with pytest.raises(ConfigError, match="cannot read"):
        read_plan(tmp_path / "none.toml")
