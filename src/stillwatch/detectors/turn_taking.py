"""The accounts take turns in time, or each has sessions of its own.

## What it detects
A balancer that deals requests out over a pool, against people and jobs that come and go by themselves.
## Statistic
How soon an account comes again in the stream of linked events (stats.turns): p that turns are as regular, or sessions as
marked, if events were dealt to accounts without regard to time (199 permutations inside blocks, 1,999 where turns look
regular, 3,999 of two looks). A balancer may keep each conversation on one account: where tasks differ from exchanges, the
order of their openings is tested as well, and each p counts twice (campaigns.dealing). Openings in turns take back what
sessions say for people, and no more: who comes once a day at an hour of their own opens in turns too. Bits from the
regular side of exchanges: honest accounts keep sessions. Either counts from RATIO_MIN times what dealing gives (a
pause after each conversation is no balancer, however significant), turns only beyond the rhythm of the day (stats.rhythm:
who asks once a day comes again when all others have come), and sessions not where volumes are even and bunches start in
turns (campaigns.bunches): several lists dealt in step bring each account several requests at once, and then none for a
round. Of accounts that work one item after another, in sittings with rests between, turns count beyond the pace of each
only (stats.pace). Where accounts come once a day, each at an hour of its own, or each is on a schedule and shares no payers, and no contents
or no other means either (campaigns.clock, Group.scheduled), turns are not held against them.
## False positives
A scheduler that starts one customer's jobs one after another takes turns too: it is one operator. So do jobs of many that
pause as long after each, and people who come at three or more set times a day, or at two in many time zones.
## Evasions
A random balancer (nothing is said; looks like people where it keeps conversations on one account), a queue for each account,
worked off in sittings, sticky sessions for
each account (looks like people, costs throughput), schedules of accounts with payers of their own and topics or networks of their own, one request a day at a set hour of each account, conversations held
one after another without a pause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.dealing import ACCOUNTS_MAX
from stillwatch.campaigns.group import Group
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.stats.evalues import mixture_bits

BITS_MAX = 5.0
REGULAR = {
    "extraction": 4.0,
    "relay": 3.0,
    "batch": 1.0,
    "application": -2.0,
    "reseller": -2.0,
    "classroom": -1.0,
}
SESSIONS = {
    "application": 2.0,
    "classroom": 1.0,
    "reseller": 1.0,
    "batch": 1.0,
    "research": 1.0,
    "extraction": -3.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTaking:
    """Judges the order in which accounts act."""

    id: ClassVar[str] = "turn_taking"
    title: ClassVar[str] = "The accounts take turns"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0024.002",)

    def judge(self, group: Group) -> Judgement | None:
        """None with too few linked events, or where hardly an account has two."""
        dealt, found = group.dealing, group.dealing.turns
        if found is None:
            return None
        bits = min(BITS_MAX, float(mixture_bits(np.log(dealt.p_turns))))
        sessions = dealt.sessions and not (dealt.in_turns or dealt.openings_in_turns)
        seen = (
            f"an account's turns lie {found.ratio:.2f} times as close together as if events were dealt at random "
            f"(p = {found.p_regular:.4f} for turns, {found.p_sessions:.3f} for sessions)"
        )
        if dealt.scheduled:
            seen += "; each account keeps to a schedule of its own"
        if dealt.paced:
            seen += (
                "; each account works in sittings, and the order is no more regular than its pace makes it"
            )
        if dealt.daily:
            seen += "; each account keeps to an hour of its own, day after day"
        if dealt.openings is not None:
            opened = dealt.openings
            seen += (
                f"; openings of its tasks {opened.ratio:.2f} times as if nobody dealt them out "
                f"(p = {opened.p_regular:.4f} for turns, of two looks)"
            )
        evidence = Evidence(
            detector=self.id,
            bits=round(bits, 2),
            n=int(min(ACCOUNTS_MAX, group.customers.size)),
            observed=[seen],
            inferred=["a balancer gives each account its turn"] if dealt.in_turns else [],
            counter=["each account comes in sessions of its own"] if sessions else [],
        )
        return Judgement(evidence, REGULAR if dealt.in_turns else SESSIONS if sessions else {}, seen)
