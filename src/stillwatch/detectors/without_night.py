"""Accounts that act at all hours of the day.

## What it detects
Accounts that programs work, or several people by turns: over all days of the window together, no six hours of the day are
without an event (campaigns.nights).
## Statistic
k of the n accounts with 20 events or more have no night, against the crowd's share of such (plus one over plus two); exact
binomial tail, bits by the mixture calibrator. Null: the accounts have nights as the crowd's have. Unit: the account. Local
time is not used: any six hours of the day are a night.
## False positives
Programs of honest customers, service accounts of a company, families and teams on one account. It leans to a program of any
kind, and decides nothing; but where it is so, uneven volumes are no sign of people, and hardly so accounts that
share nothing (volume_balance, shared_control): programs of unrelated owners have contents of their own.
## Evasions
Six hours without requests, the same every day: a quarter of the time. Few requests an account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stillwatch.campaigns.group import Group
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.stats.evalues import mixture_bits

BITS_MAX = 10.0  # the crowd's share is an estimate; more would be false precision
# Who passes a text on to others does not act at all hours; a random balancer's order is worth as much (volume_balance).
AWAKE_SIGN = 1.0
AWAKE = {**dict.fromkeys(("extraction", "relay", "batch", "reseller"), 1.0), "classroom": -2.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutNight:
    """Judges whether the accounts have nights."""

    id: ClassVar[str] = "without_night"
    title: ClassVar[str] = "At work at all hours of the day"
    status: ClassVar[str] = "experimental"
    techniques: ClassVar[tuple[str, ...]] = ()

    def judge(self, group: Group) -> Judgement | None:
        """None where too few accounts have events enough, and for a lone account."""
        found = group.nights
        if group.lone_p is not None or not found.telling:
            return None
        bits = min(BITS_MAX, float(mixture_bits(found.log_p)))
        seen = (
            f"{found.without / found.known:.0%} of {found.known:,} accounts never pause for the same six hours of the day, "
            + (
                f"{found.usual:.0%} of {found.others:,} in the crowd"
                if found.others
                else "nobody in the crowd acts often enough to tell"
            )
        )
        tireless = group.tireless
        evidence = Evidence(
            detector=self.id,
            bits=round(bits, 2),
            n=found.known,
            observed=[seen],
            inferred=["programs work these accounts, or people by turns"] if tireless else [],
            counter=["service accounts and products act at all hours too"] if tireless else [],
        )
        return Judgement(evidence, AWAKE if tireless else {}, seen, AWAKE_SIGN if tireless else 0.0)
