"""The authorisations file: what it accepts, how it complains, what it covers and which bound was left."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.errors import ConfigError
from stillwatch.policy.authorisations import Authorisation, Authorisations

GOOD = """
[[authorisation]]
customer = "Meadowlark Assessments"
kind = "evaluation"
accounts = ["acct-1", "acct-2", "meadow-*"]
purpose = "quarterly comparison"
starts = 2026-01-01
expires = "2026-06-30"
max_events_per_day = 1000
models = ["atlas-*"]

[[authorisation]]
customer = "Fernhill Resale"
kind = "reseller"
accounts = ["meadow-7", "fern-?"]
"""


@pytest.fixture
def load(tmp_path):
    def write(text: str) -> Authorisations:
        path = tmp_path / "authorisations.toml"
        path.write_text(text, encoding="utf-8")
        return Authorisations.load(path)

    return write


def day(number: int, month: int = 3) -> datetime:
    return datetime(2026, month, number, 12, tzinfo=UTC)


def test_fields_arrive_as_declared(load) -> None:
    first, second = load(GOOD).entries
    assert first.starts == datetime(2026, 1, 1, tzinfo=UTC)
    assert first.expires == datetime(2026, 6, 30, 23, 59, 59, 999999, tzinfo=UTC)
    assert (first.max_events_per_day, first.models, second.starts) == (1000, ("atlas-*",), None)


@pytest.mark.parametrize(
    ("account", "customer"),
    [
        ("acct-1", "Meadowlark Assessments"),
        ("meadow-99", "Meadowlark Assessments"),
        ("meadow-7", "Fernhill Resale"),
        ("fern-a", "Fernhill Resale"),
        ("fern-ab", None),
        ("ACCT-1", None),
        ("acct-10", None),
    ],
    ids=["exact", "glob", "exact outranks glob", "one character", "two characters", "case", "longer"],
)
def test_customer_of(load, account, customer) -> None:
    assert load(GOOD).customer_of(account) == customer


@pytest.mark.parametrize(
    ("first", "last", "rate", "models", "left"),
    [
        (day(1), day(9), 1000, ["atlas-2"], []),
        (datetime(2025, 12, 31, tzinfo=UTC), day(9), 10, [], ["not-started"]),
        (day(1), day(30, 6), 10, [], []),
        (day(1), day(1, 7), 10, [], ["expired"]),
        (day(1), day(9), 1000.5, [], ["volume"]),
        (day(1), day(9), 10, ["atlas-2", "boreal-1"], ["models"]),
        (date(2025, 1, 1), datetime(2027, 1, 1), 5e6, ["x"], ["not-started", "expired", "volume", "models"]),
        ("2026-03-01T00:00:00Z", "2026-07-01T00:00:00Z", 1, [], ["expired"]),
        (None, None, 1, [], []),
    ],
    ids=[
        "inside every bound",
        "began too early",
        "the last day is included",
        "one day after",
        "just over volume",
        "another model",
        "everything at once, naive times",
        "times as text",
        "times unknown",
    ],
)
def test_bounds_left(load, first, last, rate, models, left) -> None:
    (coverage,) = load(GOOD).covering(["acct-1", "acct-2", "stranger"], first, last, rate, models)
    assert [bound.bound for bound in coverage.left] == left
    assert coverage.holds is (not left)
    assert (coverage.accounts, coverage.share) == (("acct-1", "acct-2"), pytest.approx(2 / 3))


def test_volume_per_account_counts_only_the_covered(load) -> None:
    rates = {"acct-1": 600.0, "acct-2": 300.0, "stranger": 1e6}
    (coverage,) = load(GOOD).covering(list(rates), day(1), day(2), rates)
    assert coverage.holds


def test_the_widest_coverage_comes_first_and_nobody_declared_gives_none(load) -> None:
    book = load(GOOD)
    found = book.covering(["meadow-7", "fern-1", "fern-2"], day(1), day(2), 1)
    assert [(c.customer, len(c.accounts)) for c in found] == [
        ("Fernhill Resale", 3),
        ("Meadowlark Assessments", 1),
    ]
    assert book.covering(["stranger"], day(1), day(2), 1) == []
    assert Authorisations().covering(["acct-1"], None, None, 1) == []


ENTRY = '[[authorisation]]\ncustomer = "C"\nkind = "batch"\naccounts = ["a"]\n'


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        (ENTRY + "acounts = []", "authorisation 1: unknown key 'acounts'", "'accounts'"),
        (ENTRY + '[[authorisation]]\nkind="batch"', "authorisation 2: 'customer' is missing", "customer"),
        (ENTRY.replace("batch", "bach"), "'kind' cannot be 'bach'", "'batch'"),
        (ENTRY.replace('["a"]', '"a"'), "'accounts' must be a list", ""),
        (ENTRY.replace('["a"]', "[]"), "'accounts' is missing or empty", "accounts"),
        (ENTRY.replace('["a"]', '["**"]'), "declares every account", "prefix"),
        (ENTRY + 'starts = "soon"', "'starts' is not a date", "2026-01-31"),
        (ENTRY + "starts = 5", "'starts' must be a date, not a number", "2026-01-31"),
        (ENTRY + "starts = 2026-02-01\nexpires = 2026-01-01", "'expires' is before", "swap"),
        (ENTRY + "max_events_per_day = 0", "whole number above 0", ""),
        (ENTRY + "max_events_per_day = true", "whole number above 0", ""),
        (
            ENTRY + ENTRY.replace('"C"', '"D"'),
            "authorisation 2: account 'a' is also declared by 'C'",
            "one customer",
        ),
        ("[[authorization]]\n", "unknown key 'authorization'", "[[authorisation]]"),
        ("[authorisation]\n", "array of tables", "[[authorisation]]"),
        ("customer = ", "not valid TOML", "toml.io"),
    ],
)
def test_every_mistake_names_the_place_and_the_remedy(load, text, says, hint) -> None:
    with pytest.raises(ConfigError) as raised:
        load(text)
    assert "authorisations.toml" in str(raised.value)
    assert says in str(raised.value)
    assert hint in raised.value.hint


def test_a_missing_file_and_bytes_that_are_no_text(tmp_path) -> None:
    with pytest.raises(ConfigError, match="cannot read"):
        Authorisations.load(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not valid TOML"):
        Authorisations.load(tmp_path / "bad.toml")


@given(st.text("ab[]!-*?.", min_size=1, max_size=8))
def test_brackets_in_an_id_are_ordinary_characters(account) -> None:
    literal = account.replace("*", "x").replace("?", "y")
    book = Authorisations([Authorisation(customer="C", kind="batch", accounts=(literal + "*",))])
    assert book.customer_of(literal + "tail") == "C"
    assert book.customer_of("z" + literal) is None
