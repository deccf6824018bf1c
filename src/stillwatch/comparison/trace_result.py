"""What a trace of a dataset says: the schema of `compare dataset --format json` (version 1)."""

from __future__ import annotations

from typing import Literal

import msgspec

from stillwatch.comparison.mark_result import MarkTest
from stillwatch.comparison.result import RegisteredTest, Verdict


class TracedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row that matches a response we served. row: 1 for the first of the file; day: UTC.

    shared: spans of the row that the response has, of `spans` asked; score: their information in bits; bound:
    of the chance that unrelated text scores so; p: share of controls that do, None without controls; rivals:
    other accounts whose best response scores nearly as high, so that the row names none of them; text: the row,
    only when asked for.
    """

    row: int
    account: str
    day: str
    response: str
    shared: int
    spans: int
    score: float
    bound: float
    p: float | None
    rivals: int
    text: str | None = None


class TracedAccount(msgspec.Struct, frozen=True, kw_only=True):
    """One account. responses: distinct responses to it that rows match, and no other account's nearly as well.

    p: of its null; q: Benjamini-Hochberg among all accounts of the ledger; p_bonferroni: family-wise among them.
    """

    account: str
    responses: int
    served: int
    days: tuple[str, str]
    p: float
    q: float
    p_bonferroni: float
    listed: Literal["bonferroni", "bh"] | None


class ControlCheck(msgspec.Struct, frozen=True, kw_only=True):
    """Texts known to be innocent. rows: that set the threshold, distinct; known_spans: of the ledger, not counted since
    other controls have them; hits: rows that match by the rule; rate_upper: 95 % upper bound of that rate."""

    file: str
    rows: int
    known_spans: int
    hits: int
    rate_upper: float


class CampaignLink(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign of a workspace. accounts: of the campaign; in_ledger, traced: how many of them are in the ledger, and
    listed by the trace; expected: by chance; p: of its null; p_holm: across campaigns; rows: that name its accounts."""

    campaign: str
    scan: str
    explanation: str
    accounts: int
    in_ledger: int
    traced: int
    expected: float
    p: float
    p_holm: float
    rows: int
    linked: bool


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a row beside a stretch of the served response; same: word for word, but for case and markup."""

    same: bool
    row: str
    served: str


class AlignedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row beside the response that it matches. common: words in common runs, of `words` in the row."""

    row: int
    account: str
    day: str
    response: str
    words: int
    common: int
    passages: list[Passage]


class DatasetTrace(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result of tracing one dataset. p: of matching so many rows were every row innocent.

    threshold: score a row needs; row_rate: the rate of false rows that p and the accounts reckon with.
    tests: the trace and, where a key was given, the marks, with Holm across them; marks: the test of marks.
    verdict: the stronger of theirs; trace_verdict: of the trace alone, after Holm.
    campaigns_read: of the workspace, null without one; links: of these; aligned: only when text is asked for.
    """

    schema_version: int = 1
    version: str
    verdict: Verdict
    trace_verdict: Verdict
    statement: str
    reasons: list[str]
    nulls: list[str]
    unit: str
    suspect: str
    format: str
    rows_read: int
    rows_traced: int
    left_out: dict[str, int]
    ledger_responses: int
    ledger_accounts: int
    row_alpha: float
    row_rate: float
    threshold: float
    controls: ControlCheck | None
    matched_rows: int
    p: float
    tests: list[RegisteredTest]
    marks: MarkTest | None
    rows: list[TracedRow]
    accounts: list[TracedAccount]
    alternatives: list[str]
    caps: list[str]
    custody: list[tuple[str, str]]
    replay: str
    plan_hash: str = ""
    deviations: list[str] = []
    campaigns_read: int | None = None
    links: list[CampaignLink] = []
    aligned: list[AlignedRow] = []
