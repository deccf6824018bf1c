"""Accounts that act at all hours of the day.

## What it detects
Accounts that programs work, or several people by turns: over all days of the window together, no six hours of the day are
without an event (campaigns.nights).
## Statistic
How many of the customers with 20 events or more have no such hours, against those of the crowd (and followers of fashions) with
about as many events: exact stratified conditional test (stats.hypergeometric). Null: who is in the group says nothing of it. Unit:
the customer, by its bounded sample of events. The group acts at all hours if a quarter of its accounts do, at p of 0.001, and
no schedule or hour of each account's own says why (Group.tireless). Local time is not used: any six hours are a night. Bits are 0: what the
crowd does is no law of honest programs.
## What follows
It leans to a program of any kind by a bit, and against a class. What it changes is what others say: uneven volumes are no sign
of people there (5 bits against extraction that are not said), and accounts that share nothing hardly are (2 instead of 5); and it
counts as one bit of sign.
## False positives
Service accounts and products of honest customers, whose contents are then their own; people in rotating shifts, on travel,
with irregular sleep; families and teams on one account. Ask whose program it is before anything else.
## Evasions
Six hours without requests, the same every day, of each account: a quarter of its time, or none with a third more
accounts whose rests are staggered. A set interval for each. Fewer than 20 requests in most accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.nights import ACCOUNTS_MIN, EVENTS_MIN, OTHERS_MIN
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence

PROGRAMS = ("extraction", "relay", "batch", "reseller", "application")
AT_ALL_HOURS = {**dict.fromkeys(PROGRAMS, 1.0), "classroom": -2.0}
# Strangers who pass a text on pause at night; a random balancer's order is worth as much (volume_balance).
SIGN = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutNight:
    """Judges whether the accounts have nights."""

    id: ClassVar[str] = "without_night"
    title: ClassVar[str] = "At work at all hours of the day"
    status: ClassVar[str] = "experimental"
    techniques: ClassVar[tuple[str, ...]] = ()

    def judge(self, group: Group) -> Judgement | None:
        """None where too few accounts of the group or of the crowd have events enough, and for a lone account."""
        if group.lone_p is not None:
            return None
        found = group.nights
        if found.known < ACCOUNTS_MIN or found.others_known < OTHERS_MIN:
            return None
        seen = (
            f"{found.without:,} of the {found.known:,} accounts with {EVENTS_MIN} requests or more ({found.accounts:,} in all) "
            f"leave no six hours of the day free; in the crowd {found.others_without:,} of {found.others_known:,}"
        )
        tireless = group.tireless
        evidence = Evidence(
            detector=self.id,
            bits=0.0,
            n=found.known,
            observed=[seen],
            inferred=["programs work these accounts, or people by turns"] if tireless else [],
            counter=["service accounts, products and people in shifts act at all hours too"]
            if tireless
            else [],
        )
        return Judgement(evidence, AT_ALL_HOURS if tireless else {}, seen, SIGN if tireless else 0.0)
