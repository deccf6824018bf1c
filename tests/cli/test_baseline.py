"""`range baseline`: lists the methods, passes what was asked, and its file goes into `range score`."""

import json

import numpy as np
import pytest

from stillwatch.range.baselines import BASELINES
from stillwatch.testing.traffic import START_US, WEEK_US, campaign, honest, write


@pytest.fixture
def world(tmp_path):
    rng = np.random.default_rng(6)
    write(tmp_path / "world", honest(rng, 20, 5, START_US) + campaign(rng, 6, 2, START_US))
    write(tmp_path / "world" / "reference", honest(rng, 20, 5, START_US - WEEK_US), tag="r")
    pool = [f"pool-{i:04d}" for i in range(6)]
    truth = {"world": "w", "campaigns": [{"name": "x", "archetype": "y", "accounts": pool, "events": []}]}
    (tmp_path / "world" / "truth.json").write_text(json.dumps(truth))
    return tmp_path / "world"


def test_list_names_every_baseline_and_its_source(run):
    text = run("range", "baseline", "--list").stdout
    assert all(b.id in text and b.source in text for b in BASELINES)


def test_findings_name_the_pool_and_score_every_account(run, world):
    done = run("range", "baseline", "opening-hash", "world", "-o", "found.json")
    assert done.exit_code == 0
    found = json.loads((world.parent / "found.json").read_text())
    assert {a["account_id"] for c in found["campaigns"] for a in c["accounts"]} == {
        f"pool-{i:04d}" for i in range(6)
    }
    assert len(found["account_scores"]) == 26
    assert "range score world/truth.json found.json" in done.stderr
    assert run("range", "score", "world/truth.json", "found.json").exit_code == 0


def test_without_an_output_the_json_is_on_stdout(run, world):
    assert (
        json.loads(run("range", "baseline", "volume-rate", "world").stdout)["tool"]["name"]
        == "baseline:volume-rate"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["opening-hsh", "world"], 2, "did you mean 'opening-hash'?", id="a misspelt name"),
        pytest.param(["opening-hash"], 2, "NAME and WORLD_DIR", id="no world"),
        pytest.param(["likelihood-ratio", "world"], 2, "--train", id="nothing to learn from"),
        pytest.param(
            ["likelihood-ratio", "world", "--train", "world"], 2, "left out", id="only itself to learn from"
        ),
        pytest.param(["seat", "world/reference"], 3, "no reference period", id="no reference"),
        pytest.param(["seat", "absent"], 3, "no such file", id="no input"),
    ],
)
def test_what_cannot_be_run_is_one_clear_error(run, world, arguments, code, said):
    done = run("range", "baseline", *arguments)
    assert done.exit_code == code
    assert said in done.stderr
    assert done.stdout == ""
