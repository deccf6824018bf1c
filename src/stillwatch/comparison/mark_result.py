"""What a mark test says: the schema of `marks detect --format json` (version 1)."""

from __future__ import annotations

import msgspec

from stillwatch.comparison.result import RegisteredTest, Verdict


class HouseMark(msgspec.Struct, frozen=True, kw_only=True):
    """The mark that all outputs carry. slots: distinct places that count; agree: share of their weight with the
    member that the key wants, 0.5 by chance.

    decoys: keys never used; decoys_above: of these, with a sum at least ours; decoys_low: with p at most 0.05;
    decoys_pass: so many are no more than chance allows (binomial, 0.001).
    """

    slots: int
    agree: float
    p: float
    decoys: int
    decoys_above: int
    decoys_low: int
    decoys_pass: bool


class MarkedAccount(msgspec.Struct, frozen=True, kw_only=True):
    """One account. agree: share of the weight with its code, 0.5 by chance; p: of its null; p_bonferroni: family-wise
    among the accounts tested; listed: at most 0.001, and no verdict of inconclusive."""

    account: str
    agree: float
    p: float
    p_bonferroni: float
    listed: bool


class AccountMarks(msgspec.Struct, frozen=True, kw_only=True):
    """The accounts. tested: how many; slots: distinct places that count; p_family: Bonferroni over all of them.

    decoys: accounts that do not exist, with decoys_above at least as high as the best real one, and decoys_low and
    decoys_pass as for the house. best: in order, ten or all that are listed, at most 100.
    """

    tested: int
    slots: int
    p_family: float
    decoys: int
    decoys_above: int
    decoys_low: int
    decoys_pass: bool
    best: list[MarkedAccount]


class MarkTest(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result. key: fingerprint of the key tested; table: SHA-256 of the pairs of synonyms.

    slots: distinct places in the dataset; slots_needed: that show marks in a tenth of the rows at 0.001, about.
    """

    schema_version: int = 1
    version: str
    verdict: Verdict
    statement: str
    reasons: list[str]
    nulls: list[str]
    unit: str
    suspect: str
    format: str
    rows_read: int
    rows_used: int
    left_out: dict[str, int]
    words: int
    slots: int
    slots_needed: int
    key: str
    table: str
    house: HouseMark
    accounts: AccountMarks | None
    tests: list[RegisteredTest]
    alternatives: list[str]
    caps: list[str]
    custody: list[tuple[str, str]]
    replay: str
