"""What an operator can work out from our published rules alone: would this plan be linked?

The documentation says that a campaign needs a wording shared by several accounts that few shared before, and a
second family of keys. Any script gives the second (one client), so the wording decides. With A accounts, a requests
of the harvest each among v in all, and P interchangeable phrases of each slot in use by one account's peers,

    s = A/k · min(1, a_seen / P),  a_seen = min(a, b · a / v)

accounts share one phrase, k the number of topics and languages that keep phrases apart, b the events of an account
that count (bounded influence). Poison in the reference period divides s by 1 + its ratio. The chance of being linked
is 1 - exp(-s / s0), s0 the few accounts the burst test needs. This is an operator's estimate, not our detector: it
knows nothing of semantic cells, timing or volumes.
"""

from __future__ import annotations

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.attackers.sizing import size
from stillwatch.range.attackers.wording import act_of
from stillwatch.range.draws import exp

COUNTED_EVENTS = 64
ACCOUNTS_NEEDED = 5.0


def linked_chance(plan: Plan, days: float) -> float:
    """The operator's estimate of being linked, in [0, 1]. Raises UsageError as `size` does."""
    shape, work = size(plan, days), plan.work
    act = act_of(work)
    if act is None or work.paraphrased or shape.accounts < 2:
        return 0.0
    phrases = min(max(1, work.variants // work.shards), max(len(slot) for slot in act.template))
    total = shape.attack + sum(shape.covers)
    seen = min(shape.attack, COUNTED_EVENTS * shape.attack / total)
    apart = work.shards * work.languages
    sharing = shape.accounts_bought / apart * min(1.0, seen / phrases) / (1.0 + plan.reference_share)
    return 1.0 - float(exp(-sharing / ACCOUNTS_NEEDED))
