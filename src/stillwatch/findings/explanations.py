"""Ranking what could explain a group: the leanings of every detector, added in bits, with the sum shown.

Each explanation starts at PRIOR_BITS (log prior odds against "unknown", from which everything is measured):
honest explanations start ahead of extraction. A group is raised only if extraction (or relay) leads every
other explanation by MARGIN_BITS, and SIGN_BITS of what speaks for it show a hand that deals, what the answers are for, or
where they come from. What a request is like and who sends it (DESCRIBES) is the same for a template that people pass on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from stillwatch.detectors.judgement import Judgement
from stillwatch.findings.result import EXPLANATIONS, RankedExplanation

PRIOR_BITS = dict.fromkeys(EXPLANATIONS, -1.0) | {
    "extraction": -2.0,
    "relay": -3.0,
    "unknown": 0.0,
    "migration": -3.0,
}
MARGIN_BITS = 1.0
RAISED = ("extraction", "relay")
SIGN_BITS, LEAST_BITS = 3.0, 2.0
DESCRIBES = frozenset(
    {
        *("template_place", "work_list", "own_repeats", "conversation", "end_users"),
        *("young_accounts", "one_customer", "one_network", "shared_seats"),
    }
)
"""Detectors of single questions, asked once, from young accounts with payers of their own: no sign of anything by themselves."""


def rank(judgements: Sequence[Judgement], declared: dict[str, tuple[float, str]]) -> list[RankedExplanation]:
    """All explanations, most bits first; `declared` adds (bits, sentence) from the authorisation registry."""
    out = []
    for name in EXPLANATIONS:
        said = [(j.leans.get(name, 0.0), j.statement) for j in judgements]
        said += [declared[name]] if name in declared else []
        said = sorted((pair for pair in said if pair[0]), key=lambda pair: -abs(pair[0]))
        out.append(
            RankedExplanation(
                name=name,
                bits=round(PRIOR_BITS[name] + sum(lean for lean, _ in said), 2),
                for_=[f"{text} ({lean:+.1f} bits)" for lean, text in said if lean > 0],
                against=[f"{text} ({lean:+.1f} bits)" for lean, text in said if lean < 0],
            )
        )
    return sorted(out, key=lambda e: (-e.bits, EXPLANATIONS.index(e.name)))


def raised(ranking: Sequence[RankedExplanation], judgements: Sequence[Judgement]) -> bool:
    """True when an explanation that is acted on leads all others, and shows a sign."""
    return leads(ranking) and shows(ranking[0].name, judgements)


def leads(ranking: Sequence[RankedExplanation], looks: int = 1) -> bool:
    """True when an explanation that is acted on leads all others by MARGIN_BITS, and by log2(looks) more where it is the
    best of so many looks (Bonferroni in bits)."""
    first = ranking[0]
    others = [e.bits for e in ranking if e.name not in RAISED]
    return first.name in RAISED and first.bits - max(others) >= MARGIN_BITS + math.log2(looks)


def shows(name: str, judgements: Sequence[Judgement]) -> bool:
    """Whether SIGN_BITS for this explanation come from more than descriptions of the requests and their senders, and from no
    leaning below LEAST_BITS: that is what detectors say where nothing is significant."""
    telling = [(j.leans.get(name, 0.0), j.sign) for j in judgements if j.evidence.detector not in DESCRIBES]
    return sum((lean if lean >= LEAST_BITS else 0.0) + sign for lean, sign in telling) >= SIGN_BITS


def what_would_change(ranking: Sequence[RankedExplanation]) -> list[str]:
    """Sentences saying what would bring the runner-up to the top."""
    leader = ranking[0]
    answers = {
        "application": "a product that publishes this text, or users whose topics differ by account",
        "evaluation": "a declared benchmark, or the same items asked by every account",
        "batch": "one organisation or payer behind the accounts",
        "contracted": "an authorisation on file that covers these accounts",
        "research": "a registered study that covers these accounts",
        "reseller": "a reseller on file, or end users of its own behind each account",
        "classroom": "one campus network with clients of their own",
        "extraction": "contents that any account could have sent, from a list split over them",
        "relay": "assistant turns in the histories that were never issued here",
        "migration": "no shared text, only a shared move to a new model",
        "unknown": "counter-evidence to the leading explanation",
    }
    return [
        f"{e.name} would lead with {leader.bits - e.bits:.1f} more bits: {answers[e.name]}"
        for e in ranking[1:4]
    ]
