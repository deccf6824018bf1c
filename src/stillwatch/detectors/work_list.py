"""Independent users collide on the same items; a split work list does not.

## What it detects
Whether items repeat across accounts.
## Statistic
Share of the group's linked events whose item (the whole last user turn, or all that was said where that turn is a refrain:
campaigns.items) is also sent by another account, of the group or not, that holds the text the group shares. All linked
events count, the earliest 1,024 of a customer, but not those that were turned away: a request that is sent again because
nobody answered it is asked once. Repeats grow with what was sent: where the accounts have sent fewer than FULL each, the share is
the one to expect at FULL, or at REACH times as much, if items are drawn evenly from a list (1 - (1 - share)^t; cf. Good and
Toulmin 1956, who reach as far). Accounts that share means and no text are asked about every suspect's items, and then only
repeats say something: unrelated prompts never repeat either. Repeats say nothing where each item is sampled a fixed number of
times, or drawn by chance, and dealt over accounts that cover little of the list (campaigns.sampling). Descriptive: bits 0.
## False positives
A fixed prompt without any slot collides completely, whoever sends it.
## Evasions
Sending part of the list twice on purpose; conversations with follow-ups that are the same for all accounts, about one
conversation an account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import PAYMENT, Group
from stillwatch.campaigns.items import items_of
from stillwatch.campaigns.observation import Records, Stream
from stillwatch.campaigns.sampling import drawn, samples
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence

FULL, REACH = 10.0, 2.0
"""Linked events an account of a week's work; how far an early share is extrapolated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkList:
    """Judges collisions of whole prompts between accounts."""

    id: ClassVar[str] = "work_list"
    title: ClassVar[str] = "A split list never repeats"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0024.002",)

    def judge(self, group: Group) -> Judgement | None:
        """None where the linked events carry no user turn, or share no text and no items; None for a lone account, which
        shares with nobody."""
        if group.lone_p is not None:
            return None
        worded = bool(group.lexical.size)
        if not worded and not group.by_means:
            return None
        item, owner, mine, ts = sent(group)
        if not mine.any() or not item[mine].any():
            return None
        _, code = np.unique(item, return_inverse=True)
        pairs = np.unique(code * (owner.max() + 1) + owner)
        owners = np.bincount(pairs // (owner.max() + 1))
        share = float((owners[code[mine]] >= 2).mean())
        distinct = np.unique(code[mine]).size
        seen = (
            f"{share:.0%} of linked prompts are also sent by another account ({distinct:,} distinct prompts)"
        )
        early = FULL * group.customers.size / max(1, int(np.count_nonzero(mine)))
        if early > 1.0 and share < 1.0:
            so_far, share = share, 1.0 - (1.0 - share) ** min(REACH, early)
            seen += f", {share:.0%} expected when they have sent more" if so_far else ""
        if not worded and (share < 0.5 or distinct < 5):
            return None
        again = _again(item, owner, ts, _payers(group)) if share >= 0.5 and distinct >= 5 else ""
        seen += again
        leans = _leans(share, distinct, bool(again))
        evidence = Evidence(
            detector=self.id,
            bits=0.0,
            n=int(group.customers.size),
            observed=[seen],
            inferred=["each item is asked once: the list is split"] if share <= 0.1 else [],
            counter=["the accounts ask the same items, as a benchmark or a class does"]
            if share >= 0.5 and leans
            else [],
        )
        return Judgement(evidence, leans, seen)


def _again(item: np.ndarray, owner: np.ndarray, ts: np.ndarray, payer: np.ndarray) -> str:
    """How items come again, where that is not as a benchmark's do: sampled, or drawn by chance; "" where it is."""
    accounts = np.unique(owner).size
    if (times := samples(item, owner, ts, payer[owner])) is not None:
        return f"; an item is sampled {times} times, and an account covers 1 in {accounts / times:.0f}"
    if (mean := drawn(item, owner)) is not None:
        return f"; items are drawn by chance, {mean:.1f} times each, and an account covers 1 in {accounts / mean:.0f}"
    return ""


def _leans(share: float, distinct: int, sampled: bool) -> dict[str, float]:
    if share <= 0.1:
        return {"extraction": 2.0, "batch": 1.0, "evaluation": -3.0, "classroom": -1.0, "research": -3.0}
    if distinct < 5 or sampled:
        # Who samples pays for an item again on purpose. Nothing is said of it, which is less than is said against a list that
        # is split: whatever honest work looks like this is better off than with one answer an item.
        return {}
    if share < 0.5:
        return {"classroom": 0.5, "research": 0.5, "extraction": -2.0}
    # Every repeated prompt is paid for twice: a list that is split does not do it, nor do strangers relayed.
    # Nearly all repeated is next to proof that nobody split a list, so it outweighs signs of dealing, which
    # laboratories that deal one benchmark over their own accounts show as well.
    again = 8.0 if share >= 0.9 else 6.0
    return {
        "evaluation": again,
        "classroom": again - 1.0,
        "research": again - 1.0,
        "batch": -4.0,
        **dict.fromkeys(("extraction", "relay"), -8.0),
    }


def _payers(group: Group) -> np.ndarray:
    """u64[customers]: a payment key of each suspect, 0 where none is known."""
    records = group.events
    key = records.attributes[:, PAYMENT]
    out = np.zeros(group.obs.customers, np.uint64)
    out[records.customer[key != 0]] = key[key != 0]
    return out


def sent(group: Group) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(item u64[n], customer i64[n], bool[n]: it is judged, ts i64[n] us) of the group's linked events and of everybody's
    events, its own first try among them, that hold the text it shares: who asks an item says the same of the list wherever
    the group was cut. Where it shares none, of all prompts of suspects."""
    obs, text = group.obs, group.lexical
    held: Records | Stream = group.events
    if obs.stream is not None and obs.stream.payload is not None:
        held, event, key = obs.stream, obs.stream.hit_event, obs.stream.hit_key
        own = np.isin(held.customer, group.customers)
        linked = event[np.isin(key, group.keys) & own[event] & (held.ts[event] >= group.since)]
    else:
        key = group.events.hit_key
        event = np.repeat(np.arange(group.events.rows), np.diff(group.events.hit_start))
        own, linked = np.isin(held.customer, group.customers), group.rows
    customer = held.customer
    mine, wanted = np.zeros(customer.size, np.bool_), np.zeros(customer.size, np.bool_)
    mine[linked] = True
    if text.size:
        others = ~own[event] | (held.ts[event] < group.since)
        wanted[event[np.isin(key, text) & others]] = True
        wanted |= mine
    elif held.payload is not None:
        wanted = held.payload != 0
    if held.limited is not None:
        wanted &= ~held.limited
    return items_of(held, np.flatnonzero(wanted)), customer[wanted], mine[wanted], held.ts[wanted]
