"""The policy of marks: off without a rule, two approvers, a bound, an expiry, and accounts that are exempt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from stillwatch.errors import ConfigError
from stillwatch.policy.authorisations import Authorisations
from stillwatch.policy.marking import MarkPolicy

RULE = """\
[[mark]]
accounts = ["*"]
exempt = ["hospital-*", "acct-9"]
purpose = "trace published datasets"
approvers = ["Dana Osei", "Priya Lindqvist"]
told = "terms of use, section 7"
starts = 2026-01-01
expires = 2026-06-30
"""
DECLARED = """\
[[authorisation]]
customer = "Meadowlark Assessments"
kind = "evaluation"
accounts = ["meadowlark-*"]
expires = 2026-03-31

[[authorisation]]
customer = "Tern Resale"
kind = "reseller"
accounts = ["tern-1"]
"""


def at(day):
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


@pytest.fixture
def load(tmp_path):
    def go(text, declared=None):
        (tmp_path / "marks.toml").write_text(text)
        known = None
        if declared:
            (tmp_path / "auth.toml").write_text(declared)
            known = Authorisations.load(tmp_path / "auth.toml")
        return MarkPolicy.load(tmp_path / "marks.toml", known)

    return go


def test_without_a_rule_nobody_is_marked():
    assert MarkPolicy().ruling("acct-1", at("2026-02-01")).bound is None


@pytest.mark.parametrize(
    ("account", "day", "bound", "reason"),
    [
        ("acct-1", "2026-02-01", 2.0, "marked"),
        ("acct-1", "2026-01-01", 2.0, "marked"),
        ("acct-1", "2026-06-30T23:59:59", 2.0, "marked"),
        ("acct-1", "2026-07-01", None, "rule not in force"),
        ("acct-1", "2025-12-31T23:59:59", None, "rule not in force"),
        ("acct-9", "2026-02-01", None, "exempt: by policy"),
        ("hospital-3", "2026-02-01", None, "exempt: by policy"),
        ("meadowlark-2", "2026-02-01", None, "exempt: declared"),
        ("meadowlark-2", "2026-04-01", 2.0, "marked"),
        ("tern-1", "2026-02-01", 2.0, "marked"),
    ],
)
def test_who_is_marked_when(load, account, day, bound, reason):
    ruling = load(RULE, DECLARED).ruling(account, at(day))
    assert (ruling.bound, ruling.reason) == (bound, reason)


def test_an_account_that_no_rule_names_is_not_marked(load):
    ruling = load(RULE.replace('"*"', '"acct-*"')).ruling("team-1", at("2026-02-01"))
    assert (ruling.bound, ruling.reason) == (None, "no rule names it")


def test_the_first_rule_in_force_rules(load):
    other = RULE.replace('"acct-9"', '"none"') + "substitutions_per_100_words_max = 4\n"
    policy = load(RULE.replace("2026-06-30", "2026-01-31") + other)
    assert policy.ruling("acct-1", at("2026-01-15")).bound == 2.0
    assert policy.ruling("acct-1", at("2026-02-15")).bound == 4.0
    assert policy.ruling("acct-9", at("2026-01-15")).reason == "exempt: by policy"


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('["Dana Osei", "Priya Lindqvist"]', '["Dana Osei"]', "two approvers"),
        ('["Dana Osei", "Priya Lindqvist"]', '["Dana Osei", "dana osei"]', "two approvers"),
        ("expires = 2026-06-30\n", "", "missing"),
        ("starts = 2026-01-01\n", "", "missing"),
        ("2026-06-30", "2027-06-30", "too long"),
        ("2026-06-30", "2025-06-30", "before 'starts'"),
        ('purpose = "trace published datasets"\n', "", "'purpose' is missing"),
        ('told = "terms of use, section 7"\n', "", "'told' is missing"),
        ('accounts = ["*"]\n', "", "'accounts' is missing"),
        ("told =", "bound = 2\ntold =", "unknown key 'bound'"),
        ("told =", "substitutions_per_100_words_max = 6\ntold =", "too high"),
        ("told =", "substitutions_per_100_words_max = 0\ntold =", "above 0"),
        ("[[mark]]", "[[marks]]", "unknown key"),
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_refused(load, was, now, said):
    assert was in RULE
    with pytest.raises(ConfigError, match=said) as error:
        load(RULE.replace(was, now))
    assert "marks.toml" in error.value.where
