"""From tests of marks to a verdict: what may be said, what else could explain it, and when the controls speak against it.

Two tests are registered, the house's mark and, where accounts are named, the best of them after Bonferroni; Holm
goes across them, and across the served-response trace where there is one. Decoys are keys and accounts that were
never used: when more of them look marked than chance allows, the program or its input is at fault, and nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from stillwatch.comparison.mark_result import AccountMarks, HouseMark, MarkedAccount
from stillwatch.comparison.result import RegisteredTest, Verdict
from stillwatch.comparison.trace_judging import STRONG, WEAK, at_least
from stillwatch.marks.detecting import AccountTests, HouseTest
from stillwatch.stats.multiplicity import holm
from stillwatch.stats.signs import critical

FAMILY_ALPHA = 1e-3
DECOY_P, DECOY_ALPHA = 0.05, 1e-3
BEST_MIN, BEST_MAX = 10, 100
OURS = 0.1
LOG_P_MIN = -690.0
NULLS = [
    "the house: the texts were written without regard to our key; then every distinct slot is a fair coin",
    "an account: the texts were written without regard to its code, though perhaps to other accounts'",
]
UNIT = "the distinct slot: a pair of synonyms with its neighbours; repeats of it count once"
ALTERNATIVES = [
    "the account published its own answers, or shared them with somebody who did",
    "a third party holds what the account received (a proxy, a browser extension, a leak), or made it up from marked text",
    "the suspect was trained on marked text that others published, and writes like it",
    "somebody who holds the key made the texts",
]
CAPS = [
    "a mark says that our text is among the rows, not which row, nor that the account made or sold the dataset",
    "marks were planted only while the policy was in force; text served before or to exempt accounts has none",
    "text rewritten by another model loses its marks; finding none is no proof of innocence",
]


def told(log_p: float) -> float:
    """p from its logarithm, at least 1e-300."""
    return math.exp(max(log_p, LOG_P_MIN))


def decoys_low(weights: np.ndarray, scores: np.ndarray) -> int:
    """How many decoys have p <= DECOY_P, given the weights i64[n] of their sums."""
    return int((scores >= critical(weights, DECOY_P)).sum())


def passes(low: int, decoys: int) -> bool:
    """Whether so many low decoys are no more than chance allows."""
    return float(at_least(low, decoys, DECOY_P)) > DECOY_ALPHA


def house_mark(test: HouseTest) -> HouseMark:
    """The result for the house."""
    low = decoys_low(test.weights, test.decoys)
    return HouseMark(
        slots=test.slots,
        agree=round(test.agree, 4),
        p=told(test.log_p),
        decoys=int(test.decoys.size),
        decoys_above=int((test.decoys >= test.score).sum()),
        decoys_low=low,
        decoys_pass=passes(low, int(test.decoys.size)),
    )


def account_marks(test: AccountTests, names: Sequence[str]) -> AccountMarks | None:
    """The result for accounts, none listed yet; None without accounts."""
    m = len(names)
    if not m:
        return None
    weights = np.abs(test.sums)
    total = max(int(weights.sum()), 1)
    best: list[MarkedAccount] = []
    for i in np.lexsort((np.arange(m), -test.scores))[:BEST_MAX].tolist():
        if len(best) >= BEST_MIN and best[-1].p_bonferroni > FAMILY_ALPHA:
            break
        score = int(test.scores[i])
        p = told(test.log_p(score))
        best.append(
            MarkedAccount(
                account=names[i],
                agree=round(score / total, 4),
                p=p,
                p_bonferroni=min(1.0, m * p),
                listed=False,
            )
        )
    low = decoys_low(weights, test.decoys)
    return AccountMarks(
        tested=m,
        slots=test.slots,
        p_family=best[0].p_bonferroni,
        decoys=int(test.decoys.size),
        decoys_above=int((test.decoys >= test.scores.max()).sum()),
        decoys_low=low,
        decoys_pass=passes(low, int(test.decoys.size)),
        best=best,
    )


def registered(
    house: HouseMark, accounts: AccountMarks | None, others: Sequence[RegisteredTest] = ()
) -> list[RegisteredTest]:
    """All tests of the case with Holm across them; `others` come first and are adjusted as well."""
    floor = told(-house.slots * math.log(2.0))
    tests = [*others, RegisteredTest(name="house mark", null=NULLS[0], p=house.p, p_holm=1.0, p_floor=floor)]
    if accounts is not None:
        floor = min(1.0, accounts.tested * told(-accounts.slots * math.log(2.0)))
        tests.append(
            RegisteredTest(
                name="account marks", null=NULLS[1], p=accounts.p_family, p_holm=1.0, p_floor=floor
            )
        )
    adjusted = holm([t.p for t in tests])
    return [
        RegisteredTest(name=t.name, null=t.null, p=t.p, p_holm=float(a), p_floor=t.p_floor)
        for t, a in zip(tests, adjusted, strict=True)
    ]


def slots_needed() -> int:
    """About how many distinct slots show marks in a tenth of the rows at STRONG, half of the slots being the house's
    and every slot weighing the same (rare members weigh more, so that fewer do in fact)."""
    n = 64
    while float(at_least(math.floor((0.5 + OURS / 2) * n), n, 0.5)) > STRONG:
        n += n // 32
    return 2 * n


def decide(
    tests: Sequence[RegisteredTest], house: HouseMark, accounts: AccountMarks | None, slots: int
) -> tuple[Verdict, list[str]]:
    """The verdict of the mark tests and its reasons."""
    mine = [t for t in tests if t.name in ("house mark", "account marks")]
    for name, found in (("keys", house), ("accounts", accounts)):
        if found is not None and not found.decoys_pass:
            return "inconclusive", [
                f"{found.decoys_low:,} of {found.decoys:,} decoy {name} have p at most {DECOY_P}, more than chance "
                "allows: the test cannot be trusted here"
            ]
    best = min(mine, key=lambda t: t.p_holm)
    over = f" after Holm over {len(tests)} tests" if len(tests) > 1 else ""
    said = f"{best.name}: p {best.p_holm:.2g}{over}"
    if best.p_holm <= STRONG:
        return "strong", [
            f"{said}; {house.decoys_above:,} of {house.decoys:,} decoy keys reach the sum of ours"
        ]
    if best.p_holm <= WEAK:
        return "investigate", [f"{said}, above {STRONG:g}"]
    reasons = [f"{said}: no more than chance"]
    if slots < slots_needed():
        reasons.append(
            f"{slots:,} distinct slots are few: marks in a tenth of the rows need about {slots_needed():,}"
        )
    return "inconclusive", reasons


def listed(accounts: AccountMarks, verdict: Verdict) -> AccountMarks:
    """The same with the accounts that may be named."""
    best = [
        MarkedAccount(
            account=a.account, agree=a.agree, p=a.p, p_bonferroni=a.p_bonferroni,
            listed=verdict != "inconclusive" and a.p_bonferroni <= FAMILY_ALPHA,
        )
        for a in accounts.best
    ]  # fmt: skip
    return AccountMarks(
        **{f: getattr(accounts, f) for f in accounts.__struct_fields__ if f != "best"}, best=best
    )


def statement(house: HouseMark, accounts: AccountMarks | None) -> str:
    """One sentence of what was counted; `accounts` as `listed` gives them."""
    said = f"{house.agree:.1%} of the weight of {house.slots:,} house slots has the member our key wants (p {house.p:.2g})"
    if accounts is None:
        return said
    named = sum(a.listed for a in accounts.best)
    marked = f"{named:,} {'is' if named == 1 else 'are'} marked"
    return f"{said}; of {accounts.tested:,} accounts {marked} at a family-wise error rate of {FAMILY_ALPHA:g}"
