"""`range evasions`, `range cost` and `range adapt` print what the range answers, and say what to do otherwise."""

import json

import pytest

from stillwatch.range import defending


def test_the_ladder_is_listed_as_text_and_as_json(run):
    rows = json.loads(run("range", "evasions", "--format", "json").stdout)
    text = run("range", "evasions").stdout
    assert len(rows) == 14
    assert all(row["id"] in text and row["cannot_show"] in text for row in rows)


def test_cost_is_itemised_and_prices_can_be_changed(run):
    plain = json.loads(run("range", "cost", "hydra", "--format", "json").stdout)
    dear = json.loads(
        run("range", "cost", "hydra", "--price", "verification_usd=26", "--format", "json").stdout
    )
    assert dear["items_usd"]["accounts"] == pytest.approx(100 * plain["items_usd"]["accounts"])
    assert "USD per retained example" in run("range", "cost", "hydra", "--evasion", "L3").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["cost", "hidra"], "did you mean 'hydra'?"),
        (["cost", "hydra", "--evasion", "L99-x"], "known:"),
        (["cost", "hydra", "--price", "verifcation_usd=1"], "did you mean 'verification_usd'?"),
        (["cost", "hydra", "--price", "verification_usd"], "key=value"),
        (["adapt", "hydra", "--detector", "mine"], "{findings}"),
        (["adapt", "hydra", "--rounds", "0"], "--rounds"),
        (["build", "hydra", "--out", "w", "--evasion", "L4-mixng"], "did you mean 'L4-mixing'?"),
        (["build", "hydra", "--out", "w", "--population", "chatt"], "did you mean 'chat'?"),
    ],
)
def test_a_wrong_name_is_a_usage_error(run, arguments, said):
    done = run("range", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


@pytest.mark.slow
def test_adapt_prints_the_curve_in_every_format(run, monkeypatch):
    levels = []
    monkeypatch.setattr(defending, "own_scanner", lambda world, fdr: frozenset(levels.append(fdr) or ()))
    common = ("range", "adapt", "hydra", "--rounds", "2", "--set", "honest=12", "--set", "accounts=10")
    record = json.loads(run(*common, "--format", "json").stdout)
    assert len(record["rounds"]) == 2
    assert levels == [0.0025] * 8
    fewer = json.loads(run(*common, "--looks", "2", "--format", "json").stdout)
    assert [len(r["rounds"][0]["banned_at_looks"]) for r in (record, fewer)] == [4, 2]
    assert "as much as undefended" in run(*common).stdout
    assert run(*common, "--format", "svg").stdout.startswith("<svg")
