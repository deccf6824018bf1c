"""How large a plan becomes: accounts, requests of each, and days, with the limits of its tempo."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.range.attackers.covers import COVERS
from stillwatch.range.attackers.plan import Balancer, Plan
from stillwatch.range.attackers.wording import act_of


@dataclass(frozen=True, slots=True)
class Size:
    """generations: how often the accounts are replaced, plus one. accounts: in use at one time. attack, covers:
    requests of each account, without follow-ups. reference: requests sent in the reference period in all. start_day,
    lifetime_days: when the first generation begins and how long each lasts."""

    generations: int
    accounts: int
    attack: int
    covers: tuple[int, ...]
    reference: int
    start_day: float
    lifetime_days: float

    @property
    def accounts_bought(self) -> int:
        """All accounts of the current period."""
        return self.generations * self.accounts

    @property
    def harvest(self) -> int:
        """Requests of the work list in the current period."""
        return self.accounts_bought * self.attack

    @property
    def requests(self) -> int:
        """Requests in all, with covers and those in the reference period."""
        return self.harvest + self.accounts_bought * sum(self.covers) + self.reference

    def begins(self) -> np.ndarray:
        """Day on which each generation begins, shape (generations,)."""
        return self.start_day + self.lifetime_days * np.arange(self.generations)


def account_days(shapes: Sequence[Size]) -> float:
    """Days on which accounts are in use, summed over accounts, when plans of these sizes use the same accounts; a day on
    which several plans use an account counts once."""
    if len(shapes) == 1:
        return shapes[0].accounts_bought * shapes[0].lifetime_days
    most = max((shape.accounts_bought for shape in shapes), default=0)
    first, length = np.zeros((len(shapes), most)), np.zeros((len(shapes), most))
    for row, shape in enumerate(shapes):
        begins = np.repeat(shape.begins(), shape.accounts)
        first[row, : begins.size], length[row, : begins.size] = begins, shape.lifetime_days
    order = np.argsort(first, axis=0)
    spans, until = [0.0], np.full(most, -np.inf)
    for begin, more in zip(
        np.take_along_axis(first, order, 0), np.take_along_axis(length, order, 0), strict=True
    ):
        spans += np.maximum(0.0, more - np.maximum(0.0, until - begin)).tolist()
        until = np.maximum(until, begin + more)
    return math.fsum(spans)  # bills do not hang on the order of a sum


def size(plan: Plan, window_days: float) -> Size:
    """The size of a plan in a period of `window_days`. Raises UsageError where the plan cannot be carried out."""
    check(plan, window_days)
    tempo = plan.tempo
    days = window_days - tempo.start_day if tempo.days is None else tempo.days
    generations = math.ceil(days / min(tempo.lifetime_days or days, days) - 1e-9)
    lifetime = days / generations
    needed = math.ceil(1.0 / plan.attack_share - 1e-9)
    volume = max(1, needed, round(plan.per_account / generations))
    if tempo.per_day_max is not None:
        starts = tempo.start_day + lifetime * np.arange(generations)
        room = tempo.per_day_max * int(np.min(np.ceil(starts + lifetime - 1e-9) - np.floor(starts)))
        if room < needed:
            raise UsageError(
                f"{plan.attack_share:.0%} harvest is one request in {needed}, but {tempo.per_day_max} a day leave "
                f"{room} in the life of an account",
                where=plan.name,
                hint="take less cover, more days, or longer-lived accounts",
            )
        volume = min(volume, room)
    attack = max(1, round(volume * plan.attack_share))
    return Size(
        generations=generations,
        accounts=plan.accounts,
        attack=attack,
        covers=_split(volume - attack, [cover.share for cover in plan.covers]),
        reference=round(plan.reference_share * attack * plan.accounts * generations),
        start_day=tempo.start_day,
        lifetime_days=lifetime,
    )


def check(plan: Plan, window_days: float) -> None:
    """Raise UsageError or UnknownNameError for a plan that contradicts itself or the period."""
    tempo, work = plan.tempo, plan.work
    for cover in plan.covers:
        if cover.kind not in COVERS:
            raise UnknownNameError("cover", cover.kind, COVERS, where=plan.name)
    act = act_of(work)
    room = 10**9 if act is None or work.paraphrased else max(1, act.wordings)
    ends = tempo.start_day + (tempo.days or 0.0)
    wrong = {
        "needs at least one account and one request": plan.accounts < 1 or plan.per_account < 1,
        "is all cover and no harvest": plan.attack_share <= 1e-9,
        f"does not fit into {window_days:g} days": not 0 <= tempo.start_day < window_days
        or ends > window_days + 1e-9
        or tempo.days == 0,
        f"cuts the work list into {work.shards} topics for {plan.accounts} accounts": work.shards
        > plan.accounts,
        f"asks for {work.variants} wordings, its act has {room}": not 1 <= work.variants <= room,
        f"speaks {work.languages} languages with {plan.accounts} accounts": work.languages > plan.accounts,
        "replaces its accounts after no time at all": tempo.lifetime_days is not None
        and tempo.lifetime_days <= 0,
        "gives each request to any account and keeps to a daily limit": tempo.balancer == "random"
        and tempo.per_day_max is not None,
        "follows items up and keeps to a daily limit": work.exchanges > 1 and tempo.per_day_max is not None,
        "runs on schedules and keeps to a daily limit or to the hours of people": tempo.balancer
        == "schedules"
        and (tempo.per_day_max is not None or tempo.rhythm != "flat"),
        "deals unevenly, but not at random": tempo.uneven > 0 and tempo.balancer != "random",
        f"knows no balancer '{tempo.balancer}'": tempo.balancer not in get_args(Balancer),
    }
    for said, is_wrong in wrong.items():
        if is_wrong:
            raise UsageError(
                f"the plan {said}", where=plan.name, hint="change its settings or take fewer evasions"
            )


def _split(count: int, shares: list[float]) -> tuple[int, ...]:
    """`count` dealt in proportion to `shares`, largest remainders first."""
    if not shares:
        return ()
    exact = np.array(shares) / sum(shares) * count
    whole = np.floor(exact).astype(int)
    for place in np.argsort(whole - exact, kind="stable")[: count - int(whole.sum())]:
        whole[place] += 1
    return tuple(int(n) for n in whole)
