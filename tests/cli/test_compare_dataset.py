"""`stillwatch compare dataset`: rows of ours are traced whatever was done to them, those of others are not."""

from __future__ import annotations

import csv
import json

import numpy as np
import polars as pl
import pytest

from stillwatch.testing.traffic import START_US, event, write

DAY_US = 86_400_000_000
ENV = {"STILLWATCH_SECRET": "env:KEY_OF_MINE", "KEY_OF_MINE": "a long secret"}
SERVED, ACCOUNTS, HARVESTER = 240, 12, "acct-0"


def text(*seed, words=80):
    rng = np.random.default_rng(seed)
    return " ".join("".join(chr(97 + c) for c in rng.integers(0, 26, 6)) for _ in range(words))


def ours(i):
    return text(1, i)


def question(i):
    return f"please tell me {text(2, i, words=30)}"


def theirs(i):
    """Another model's answer to the same question, which it repeats."""
    return f"You asked: {question(i)}. {text(3, i)}"


OWN = range(0, SERVED, ACCOUNTS)
"""The responses served to the harvester."""


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """A folder with a ledger of 240 responses to 12 accounts, and 400 controls: other answers to the questions."""
    from click.testing import CliRunner

    from stillwatch.cli.main import cli

    folder = tmp_path_factory.mktemp("trace")
    rows = [
        event(f"acct-{i % ACCOUNTS}", question(i), START_US + i % 5 * DAY_US, output_text=ours(i))
        for i in range(SERVED)
    ]
    logs = write(folder / "logs", rows)
    done = CliRunner().invoke(cli, ["ledger", "build", str(folder / "kept"), str(logs)], env=ENV)
    assert done.exit_code == 0, done.output
    jsonl(
        folder / "controls.jsonl",
        [{"instruction": question(i), "output": theirs(i)} for i in range(1000, 1400)],
    )
    return folder


def jsonl(path, records):
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    return path


@pytest.fixture
def traced(run, case, tmp_path):
    """Trace a file of tmp_path, with controls unless told otherwise."""

    def go(path, *more, controls=True):
        given = ("--controls", case / "controls.jsonl") if controls else ()
        done = run(
            "compare", "dataset", path, "--ledger", case / "kept", "--format", "json", *given, *more, env=ENV
        )
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)

    return go


def listed(found, name=None):
    return [a["account"] for a in found["accounts"] if a["listed"] and name in (None, a["listed"])]


EDITS = {
    "as served": lambda t: t,
    "cut to half": lambda t: t[: len(t) // 2],
    "every fifteenth word dropped": lambda t: " ".join(w for i, w in enumerate(t.split()) if i % 15 != 14),
    "halves exchanged": lambda t: t[len(t) // 2 :] + " and then " + t[: len(t) // 2],
    "case and markup": lambda t: "## Answer\n\n**" + t.upper().replace(" ", "  \n- ") + "**",
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.slow
def test_an_edited_row_is_traced_to_its_response(traced, tmp_path, edit):
    records = [{"instruction": question(i), "input": "", "output": EDITS[edit](ours(i))} for i in OWN]
    records += [{"instruction": question(i), "input": "", "output": theirs(i)} for i in range(500, 600)]
    found = traced(jsonl(tmp_path / "suspect.jsonl", records))
    assert found["verdict"] == "strong"
    assert [r["row"] for r in found["rows"]] == list(range(1, len(OWN) + 1))
    assert {r["account"] for r in found["rows"]} == {HARVESTER}
    assert listed(found, "bonferroni") == listed(found) == [HARVESTER]
    assert found["accounts"][0]["days"] == ["2026-05-04", "2026-05-08"]


@pytest.mark.parametrize("controls", [True, False])
@pytest.mark.slow
def test_other_text_for_the_same_prompts_is_not(traced, tmp_path, controls):
    records = [{"instruction": question(i), "output": theirs(i)} for i in range(SERVED)]
    found = traced(jsonl(tmp_path / "suspect.jsonl", records), controls=controls)
    assert (found["verdict"], found["rows"], found["accounts"]) == ("inconclusive", [], [])


@pytest.mark.slow
def test_without_controls_no_more_than_investigate(traced, tmp_path):
    found = traced(jsonl(tmp_path / "s.jsonl", [{"text": ours(i)} for i in OWN]), controls=False)
    assert found["verdict"] == "investigate" and found["controls"] is None
    assert any("--controls" in reason for reason in found["reasons"])


def test_controls_that_are_ours_leave_nothing_to_claim(traced, tmp_path):
    rows = [{"text": ours(i)} for i in OWN]
    leaked = jsonl(tmp_path / "leaked.jsonl", [{"text": ours(i)} for i in range(SERVED)])
    found = traced(jsonl(tmp_path / "s.jsonl", rows), "--controls", leaked)
    assert (found["verdict"], listed(found)) == ("inconclusive", [])


def records_of(shape, i):
    if shape == "alpaca":
        return {"instruction": question(i), "input": "", "output": ours(i)}
    if shape == "sharegpt":
        turns = [{"from": "human", "value": question(i)}, {"from": "gpt", "value": ours(i)}]
        return {"conversations": turns}
    if shape == "chat":
        asked, said = ([{"type": "text", "text": t}] for t in (question(i), ours(i)))
        return {"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": said}]}
    return {"prompt": question(i), "response": ours(i)}


@pytest.mark.parametrize("shape", ["alpaca", "sharegpt", "chat", "columns"])
@pytest.mark.parametrize("form", ["jsonl", "json", "parquet", "csv", "utf-16"])
@pytest.mark.slow
def test_every_shape_and_form_is_told_by_content(traced, tmp_path, shape, form):
    if form == "csv" and shape in ("sharegpt", "chat"):
        pytest.skip("turns do not fit in CSV")
    records, path = [records_of(shape, i) for i in OWN], tmp_path / "suspect.bin"
    if form == "parquet":
        pl.DataFrame(records).write_parquet(path)
    elif form == "csv":
        with path.open("w", newline="") as file:
            out = csv.DictWriter(file, list(records[0]))
            out.writeheader()
            out.writerows(records)
    else:
        body = json.dumps(records) if form == "json" else "\n".join(json.dumps(r) for r in records)
        path.write_text(body, encoding="utf-16" if form == "utf-16" else "utf-8")
    found = traced(path)
    assert found["matched_rows"] == len(OWN), found["format"]
    assert listed(found) == [HARVESTER]


@pytest.mark.slow
def test_what_the_prompt_brought_is_not_traced(traced, tmp_path):
    records = [{"instruction": f"shorten: {ours(i)}", "output": ours(i)} for i in OWN]
    assert traced(jsonl(tmp_path / "s.jsonl", records))["rows"] == []


@pytest.mark.parametrize("n", [0, 1, 2])
def test_empty_and_tiny_say_what_would_suffice(traced, tmp_path, n):
    found = traced(jsonl(tmp_path / "s.jsonl", [{"text": ours(i)} for i in range(n)]))
    assert found["verdict"] == "inconclusive" and found["rows_traced"] == n
    assert any("distinct rows at this rate" in reason for reason in found["reasons"])


def test_duplicates_count_once(traced, tmp_path):
    found = traced(jsonl(tmp_path / "s.jsonl", [{"text": ours(0)}] * 50 + [{"text": ours(0)[:300]}] * 50))
    assert (found["left_out"]["duplicates"], found["rows_traced"]) == (98, 2)
    assert found["accounts"][0]["responses"] == 1 and found["verdict"] == "inconclusive"


def test_wrong_encodings_and_broken_lines_are_counted(traced, tmp_path):
    path = tmp_path / "s.jsonl"
    lines = [json.dumps({"text": f"déjà vu {ours(i)}"}, ensure_ascii=False).encode("cp1252") for i in OWN]
    path.write_bytes(b"\n".join([*lines, b'{"text": "cut of', b"[1, 2]", b'{"text": 7}', b""]))
    found = traced(path)
    assert found["matched_rows"] == len(OWN)
    assert found["left_out"] == {
        "unreadable": 2, "empty": 1, "duplicates": 0, "wrong encoding, repaired": len(OWN),
    }  # fmt: skip


def test_a_row_of_ten_megabytes_is_read(traced, tmp_path):
    long = " ".join(f"{i:x}zz" for i in range(20_000)) + " filler words" * 760_000
    assert len(long) > 10_000_000
    found = traced(jsonl(tmp_path / "s.jsonl", [{"text": long}, *({"text": ours(i)} for i in OWN)]))
    assert [r["row"] for r in found["rows"]] == list(range(2, len(OWN) + 2))


def test_no_text_unless_asked_for(run, traced, case, tmp_path):
    path = jsonl(tmp_path / "s.jsonl", [{"text": ours(i)} for i in OWN])
    quiet, words = json.dumps(traced(path)), ours(0).split()
    assert not any(word in quiet for word in words)
    assert traced(path, "--show-text")["rows"][0]["text"] == ours(0)
    page = run("compare", "dataset", path, "--ledger", case / "kept", env=ENV)
    assert "Verdict: investigate" in page.stdout and HARVESTER in page.stdout
    assert not any(word in page.stdout for word in words)


def test_an_answer_served_to_two_accounts_names_neither(run, tmp_path):
    rows = [event(f"acct-{j}", question(i), START_US, output_text=ours(i)) for i in range(60) for j in (0, 1)]
    assert run("ledger", "build", "kept", write(tmp_path / "logs", rows), env=ENV).exit_code == 0
    path = jsonl(tmp_path / "s.jsonl", [{"text": ours(i)} for i in range(60)])
    done = run("compare", "dataset", path, "--ledger", "kept", "--format", "json", env=ENV)
    found = json.loads(done.stdout)
    assert found["matched_rows"] == 60 and found["accounts"] == []
    assert {r["rivals"] for r in found["rows"]} == {1}


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        pytest.param(None, 3, "cannot read", id="absent"),
        pytest.param(b"PAR1 no more", 3, "damaged Parquet", id="damaged Parquet"),
        pytest.param(b"[1, 2", 3, "not a JSON list", id="damaged list"),
        pytest.param(b"{oh no\n{again\n", 3, "none of 2 rows", id="no JSON at all"),
        pytest.param(b'{"verse": "one"}\n', 3, "no row has an answer", id="no column of answers"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_a_hint(run, case, tmp_path, body, code, said):
    if body is not None:
        (tmp_path / "s").write_bytes(body)
    done = run("compare", "dataset", "s", "--ledger", case / "kept", env=ENV)
    assert done.exit_code == code
    assert said in done.stderr and "hint:" in done.stderr


def test_without_a_secret_there_is_no_ledger(run, case):
    done = run("compare", "dataset", "s", "--ledger", case / "kept")
    assert done.exit_code == 2 and "needs a secret" in done.stderr
