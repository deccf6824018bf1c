"""Who may be marked: purpose, two approvers, an expiry, exempt accounts, a bound on what is changed, and who was told.

Changing the words of an answer is an alteration, however small, so nothing is marked unless an entry that is in
force says so. Accounts declared as contracted, evaluation or research are exempt without being named here.

    [[mark]]
    accounts = ["*"]
    exempt = ["acct-hospital-*"]
    purpose = "trace published datasets to the account that received the answers"
    approvers = ["Dana Osei", "Priya Lindqvist"]
    told = "terms of use, section 7"
    starts = 2026-01-01
    expires = 2026-06-30                    # the whole day is included; at most 366 days
    substitutions_per_100_words_max = 2     # 1 to 5
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from stillwatch.marks.planting import BOUND_DEFAULT, BOUND_MAX
from stillwatch.policy.authorisations import Authorisations
from stillwatch.policy.tables import Table, read_tables

KEYS = (
    "accounts", "exempt", "purpose", "approvers", "told", "starts", "expires", "substitutions_per_100_words_max",
)  # fmt: skip
DAYS_MAX = 366
APPROVERS_MIN = 2
EXEMPT_KINDS = ("contracted", "evaluation", "research")


class MarkRule(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a policy. accounts, exempt: globs of * and ?; bound: substitutions per 100 words."""

    accounts: tuple[str, ...]
    exempt: tuple[str, ...]
    purpose: str
    approvers: tuple[str, ...]
    told: str
    starts: datetime
    expires: datetime
    bound: float


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an account may be marked: `bound` is None when not; `reason` is a fixed phrase, fit to be counted."""

    bound: float | None
    reason: str


class MarkPolicy:
    """The entries of one file, in its order: the first in force that names an account rules."""

    def __init__(self, rules: Sequence[MarkRule] = (), authorisations: Authorisations | None = None) -> None:
        self.rules = tuple(rules)
        self.authorisations = authorisations or Authorisations()
        self._named = [(_compiled(r.accounts), _compiled(r.exempt)) for r in self.rules]

    @classmethod
    def load(cls, path: Path, authorisations: Authorisations | None = None) -> MarkPolicy:
        """Read a TOML file. Raises ConfigError naming file, entry and key."""
        return cls([_rule(table) for table in read_tables(path, "mark", KEYS)], authorisations)

    def ruling(self, account: str, at: datetime) -> Ruling:
        """Whether `account` may be marked at that moment (UTC)."""
        if any(
            c.kind in EXEMPT_KINDS and c.holds for c in self.authorisations.covering([account], at, at, 0.0)
        ):
            return Ruling(bound=None, reason="exempt: declared")
        reason = "no rule names it"
        for rule, (named, exempt) in zip(self.rules, self._named, strict=True):
            if not named.match(account):
                continue
            if exempt.match(account):
                return Ruling(bound=None, reason="exempt: by policy")
            if rule.starts <= at <= rule.expires:
                return Ruling(bound=rule.bound, reason="marked")
            reason = "rule not in force"
        return Ruling(bound=None, reason=reason)


def _rule(table: Table) -> MarkRule:
    approvers = table.texts("approvers", required=True)
    if len({a.casefold() for a in approvers}) < APPROVERS_MIN:
        raise table.error("marks need two approvers", hint='approvers = ["one person", "another person"]')
    starts, expires = table.moment("starts"), table.moment("expires", end=True)
    if starts is None or expires is None:
        raise table.error("'starts' or 'expires' is missing", hint="write expires = 2026-01-31")
    if expires < starts:
        raise table.error("'expires' is before 'starts'", hint="swap the two dates")
    if expires - starts > timedelta(days=DAYS_MAX):
        hint = f"at most {DAYS_MAX} days, then it is approved again"
        raise table.error("a rule lasts too long", hint=hint)
    bound = table.positive("substitutions_per_100_words_max")
    if bound is not None and bound > BOUND_MAX:
        hint = f"at most {BOUND_MAX:g}"
        raise table.error("'substitutions_per_100_words_max' is too high", hint=hint)
    return MarkRule(
        accounts=table.texts("accounts", required=True),
        exempt=table.texts("exempt"),
        purpose=table.text("purpose", required=True),
        approvers=approvers,
        told=table.text("told", required=True),
        starts=starts,
        expires=expires,
        bound=BOUND_DEFAULT if bound is None else float(bound),
    )


def _compiled(globs: Sequence[str]) -> re.Pattern[str]:
    """Matches any of the globs; brackets are ordinary characters of an id, and no glob matches nothing."""
    return re.compile("|".join(fnmatch.translate(g.replace("[", "[[]")) for g in globs) or r"(?!)")
