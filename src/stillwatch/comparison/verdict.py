"""The decision rule: what may be concluded from lineage alone, and what may not.

Lineage without a key, however small its p, caps at "investigate": two models can be alike because they learnt
from the same third one, or from the same public text. "strong" needs a served-response trace or a planted
mark. Not finding likeness is not innocence, so the other verdict is "inconclusive".
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.comparison.result import RegisteredTest, Verdict

CAPS = (
    "Lineage without a trace of served responses or a planted mark is never more than a reason to investigate.",
    "A ranking of possible teachers is not given: students of one teacher often outrank it.",
    "The unit is the model: more prompts sharpen the score, only more innocent models lower the p-value.",
)
ALTERNATIVES = (
    "Both were trained on a third model's outputs, or the suspect on another student of ours.",
    "The suspect's true source is not in the panel and is more like us than the panel's models are.",
    "Both were trained on the same public data, published conversations with our model among them.",
    "The suspect's system prompt or style guide resembles ours.",
    "The suspect passes requests on to our model or to one of its licensed resellers.",
    "A model of the panel believed innocent is not, which hides likeness rather than making it up.",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """verdict, one sentence, and why not more."""

    verdict: Verdict
    statement: str
    reasons: list[str]


def decide(
    suspect: str, owner: str, lineage: RegisteredTest | None, equality: RegisteredTest | None, alpha: float, *,
    too_small: list[str], altered: bool, equality_has_power: bool,
) -> Decision:  # fmt: skip
    """Pure rule over the registered tests; no verdict is stronger than its data."""
    if altered:
        return Decision(
            "inconclusive",
            "The plan was changed after it was hashed, so nothing can be concluded.",
            too_small,
        )
    if lineage is None or too_small:
        return Decision("inconclusive", "The data are too small to conclude anything.", too_small)
    reasons = []
    if lineage.p_with_disputed is not None and lineage.p_with_disputed > alpha:
        reasons.append(
            f"with models of unstated lineage in the panel p is {lineage.p_with_disputed:.3f}: the result rests on "
            "leaving them out"
        )
    if lineage.p_holm > alpha:
        return Decision(
            "inconclusive",
            f"{suspect} is not more like {owner} than innocent models are by chance (p = {lineage.p_holm:.3f} after "
            "Holm). That is no proof of innocence.",
            reasons,
        )
    said = (
        f"{suspect} is consistent with training on outputs of {owner}: more alike than innocent models are "
        f"(p = {lineage.p_holm:.3f} after Holm)."
    )
    if equality is not None and equality.p > alpha and equality_has_power:
        said += f" It is also consistent with serving a model of {owner} unchanged."
    return Decision("investigate", said, reasons)
