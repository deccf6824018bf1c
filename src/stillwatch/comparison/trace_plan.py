"""The plan of a trace, fixed and hashed before the suspect dataset is looked at: controls, ledger and rule.

Hashed as a plan of a model comparison is (SHA-256 over canonical JSON without the hash). A trace asks nobody, so
what can be tuned after a look is the choice of controls, of the ledger, and of this program's thresholds.
"""

from __future__ import annotations

import hashlib

import msgspec

from stillwatch.comparison import trace_judging as judging
from stillwatch.comparison.trace_result import DatasetTrace
from stillwatch.comparison.tracing import OVERLAP, RIVAL
from stillwatch.ledger.view import ACCOUNTS_MAX, RESPONSES_MAX

NO_PLAN = "no plan was written before the dataset was looked at (stillwatch compare plan-dataset)"


class TracePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided. suspect, controls: SHA-256 of the files, null for one that was not at hand; ledger_responses:
    what the ledger held then; marks: whether planted marks are tested as well; rule: thresholds of the program."""

    schema_version: int = 1
    version: str
    written: str
    suspect: str | None
    controls: str | None
    ledger_responses: int
    marks: bool = False
    rule: dict[str, float]
    hash: str = ""


def rule_in_use() -> dict[str, float]:
    """Every threshold on which a verdict or a list rests."""
    told = {
        "row_alpha": judging.ROW_ALPHA, "family_alpha": judging.FAMILY_ALPHA, "account_q": judging.ACCOUNT_Q,
        "strong": judging.STRONG, "weak": judging.WEAK, "controls_min": judging.CONTROLS_MIN,
        "shared_min": judging.SHARED_MIN, "matches_min": judging.MATCHES_MIN, "rival": RIVAL, "overlap": OVERLAP,
        "accounts_max": ACCOUNTS_MAX, "responses_max": RESPONSES_MAX,
    }  # fmt: skip
    return {name: float(value) for name, value in told.items()}


def digest(plan: TracePlan) -> str:
    """SHA-256 of everything but the hash."""
    body = msgspec.to_builtins(plan)
    body.pop("hash")
    return hashlib.sha256(msgspec.json.encode(body, order="sorted")).hexdigest()


def sealed(plan: TracePlan) -> TracePlan:
    """The plan with its hash."""
    return msgspec.structs.replace(plan, hash=digest(plan))


def under(plan: TracePlan | None, found: DatasetTrace) -> DatasetTrace:
    """The trace with its plan's hash and every deviation; a plan changed after hashing leaves nothing to conclude."""
    if plan is None:
        return msgspec.structs.replace(found, deviations=[NO_PLAN])
    said = []
    altered = plan.hash != digest(plan)
    if altered:
        said.append("the plan was changed after it was hashed")
    if plan.rule != rule_in_use():
        said.append("the thresholds differ from those of the plan: another version of the program")
    suspect = found.custody[0][1]
    controls = found.custody[1][1] if found.controls is not None or len(found.custody) > 1 else None
    if plan.suspect is not None and plan.suspect != suspect:
        said.append("the dataset is not the one of the plan")
    if plan.controls != controls:
        said.append("the controls are not those of the plan")
    if plan.ledger_responses != found.ledger_responses:
        said.append(
            f"the ledger holds {found.ledger_responses:,} responses and held {plan.ledger_responses:,} when planned"
        )
    if plan.marks != (found.marks is not None):
        said.append(
            "marks were to be tested and were not"
            if plan.marks
            else "marks were tested, which was not planned"
        )
    changed = msgspec.structs.replace(found, plan_hash=plan.hash, deviations=said)
    if not altered:
        return changed
    reason = "the plan was changed after it was hashed, so nothing can be concluded"
    unlisted = [msgspec.structs.replace(a, listed=None) for a in found.accounts]
    return msgspec.structs.replace(
        changed, verdict="inconclusive", reasons=[reason, *found.reasons], accounts=unlisted
    )
