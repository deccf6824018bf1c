"""The world `bought` from end to end: its published dataset traced to the rows, responses and accounts of its truth."""

import json

import pytest
from click.testing import CliRunner

from stillwatch.cli.main import cli

ENV = {"STILLWATCH_SECRET": "env:KEY_OF_MINE", "KEY_OF_MINE": "a long secret"}

pytestmark = pytest.mark.e2e


def test_bought_rows_are_traced_to_responses_and_accounts(tmp_path):
    def run(*words):
        done = CliRunner().invoke(cli, [str(w) for w in words], env=ENV)
        assert done.exit_code == 0, done.output
        return done.stdout

    world, kept = tmp_path / "world", tmp_path / "kept"
    run("range", "build", "bought", "--events", "12000", "--seed", "3", "--out", world)
    run("ledger", "build", kept, world, world / "reference")
    found = json.loads(
        run("compare", "dataset", world / "suspect.jsonl", "--ledger", kept, "--format", "json")
    )
    truth = json.loads((world / "truth.json").read_text())["suspect"]
    ours = {int(o["row"].removeprefix("row-")) + 1: (o["event"], o["account"]) for o in truth["ours"]}
    traced = {r["row"]: (r["response"], r["account"]) for r in found["rows"]}
    assert found["rows_read"] == truth["rows"]
    right = sum(ours.get(row) == named for row, named in traced.items())
    assert right >= 0.99 * len(traced)
    assert right >= 0.9 * len(ours)
    accounts = {account for _, account in ours.values()}
    listed = {a["account"] for a in found["accounts"] if a["listed"]}
    assert listed and len(listed & accounts) >= 0.99 * len(listed)
