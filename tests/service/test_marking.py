"""Planting in a stream: off by default, policy asked for every line, and nothing lost or reformatted."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from stillwatch.errors import ConfigError, CoverageError, UnreadableInputError
from stillwatch.marks import MarkKey, built_in, plant
from stillwatch.policy.marking import MarkPolicy, MarkRule
from stillwatch.service.marking import Fields, account_names, mark_key, plant_lines
from stillwatch.testing.prose import answer

KEY, TABLE, AT = MarkKey(b"a secret of some length"), built_in(), datetime(2026, 2, 1, tzinfo=UTC)
POLICY = MarkPolicy(
    [
        MarkRule(
            accounts=("acct-*",), exempt=("acct-9",), purpose="p", approvers=("a", "b"), told="t",
            starts=datetime(2026, 1, 1, tzinfo=UTC), expires=datetime(2026, 3, 1, tzinfo=UTC), bound=2.0,
        )
    ]
)  # fmt: skip


def run(lines, policy=POLICY, key=KEY, at=AT, names=None, record=None):
    out = []
    done = plant_lines(lines, out.append, policy, key, TABLE, at, names or Fields(), record)
    return out, done


def line(account="acct-1", text=None, **more):
    return (
        json.dumps(
            {"account_id": account, "output_text": answer(1) if text is None else text, **more}
        ).encode()
        + b"\n"
    )


ODD = [
    b"\n", b"not json\n", b"[1]\n", b'{"account_id": 7, "output_text": "x"}\n', b'{"output_text": "x"}\n',
    b'\xff\xfe{"account_id": "acct-1"}\n', b'{"account_id": "acct-1", "output_text": null}\n', b'{"account_id": "a',
]  # fmt: skip


def test_without_a_policy_every_byte_is_passed_on():
    lines = [line(), *ODD, b'{ "output_text":"We do not know.",  "account_id" :"acct-1" }\n']
    out, done = run(lines, policy=MarkPolicy(), key=None)
    assert out == lines and done.marked == 0


@pytest.mark.parametrize(
    ("account", "at"),
    [("acct-9", AT), ("team-1", AT), ("acct-1", datetime(2026, 4, 1, tzinfo=UTC))],
    ids=["exempt", "not named", "expired"],
)
def test_who_may_not_be_marked_is_not(account, at):
    lines = [line(account)]
    out, done = run(lines, at=at)
    assert out == lines and sum(done.left.values()) == 1


def test_odd_lines_are_passed_on_and_counted():
    out, done = run(ODD)
    assert out == ODD
    assert done.left == {"no JSON object with account and text": len(ODD)}


def test_only_the_text_of_a_marked_line_changes():
    told = []
    raw = b'{"n": 1.50, "big": 12345678901234567890123, "account_id": "acct-1", "output_text": %s, "x": {"a" :[1, 2]}}\n'
    out, done = run([raw % json.dumps(answer(1)).encode()], record=told.append)
    planted = plant(answer(1), "acct-1", KEY, TABLE)
    assert planted.substitutions
    assert json.loads(out[0])["output_text"] == planted.text
    assert b'"n":1.50' in out[0] and b"12345678901234567890123" in out[0] and b'{"a" :[1, 2]}' in out[0]
    assert done.substitutions == len(planted.substitutions) == len(told)
    assert [json.loads(t)["now"] for t in told] == [s.now for s in planted.substitutions]


@pytest.mark.parametrize(
    "prompt",
    [
        f"Correct this: {answer(1)}",
        [{"role": "user", "content": f"Correct this: {answer(1)}"}],
        [{"role": "user", "content": [{"type": "text", "text": answer(1)}]}],
    ],
    ids=["text", "messages", "parts"],
)
def test_what_the_prompt_brought_is_left_alone(prompt):
    lines = [line(prompt=prompt)]
    assert run(lines)[0] == lines


def test_other_field_names():
    raw = json.dumps({"who": "acct-1", "said": answer(1)}).encode()
    out, done = run([raw], names=Fields("who", "said"))
    assert done.marked == 1 and not out[0].endswith(b"\n")


def test_a_policy_that_marks_without_a_key_is_an_error_before_anything_is_served():
    with pytest.raises(ConfigError, match="no key"):
        run([line()], key=None)


@pytest.mark.parametrize(("secret", "said"), [(None, "need a key"), (b"short", "shorter than 16")])
def test_a_key_that_is_none_is_refused(secret, said):
    with pytest.raises(ConfigError, match=said):
        mark_key(secret)


def test_account_names_once_each(tmp_path):
    path = tmp_path / "accounts.txt"
    path.write_text("a\n\n b \na\n")
    assert account_names(path) == ["a", "b"]
    path.write_text("\n")
    with pytest.raises(CoverageError):
        account_names(path)
    with pytest.raises(UnreadableInputError):
        account_names(tmp_path / "none")
