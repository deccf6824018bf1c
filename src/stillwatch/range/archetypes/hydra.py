"""Hydra harvest: one work list dealt out over many light accounts behind proxies, with a template grammar."""

from __future__ import annotations

from collections.abc import Mapping

from stillwatch.errors import UsageError
from stillwatch.range.archetypes.archetype import Archetype, Setting
from stillwatch.range.attackers.conversations import Conversation, SingleTurn
from stillwatch.range.attackers.followed import Followed
from stillwatch.range.attackers.plan import Balancer, Cover, Plan, Pool, Tempo, Work


def hydra(
    *,
    accounts: int,
    per_account: int,
    variants: int = 1000,
    attack_share: float = 1.0,
    networks: int = 40,
    balancer: Balancer = "turns",
    uneven: float = 0.0,
    exchanges: float = 1.0,
    archetype: str = "hydra-harvest",
    name: str = "harvest",
) -> Plan:
    """The plan. per_account: requests of each account in the current period, `attack_share` of them from the work
    list and the rest ordinary chat. variants: how many of the 1,000 template variants are used. exchanges: of an
    item on average, all of them on one account; as many items are asked about as that leaves requests for. Raises
    UsageError for less than one."""
    if exchanges < 1:
        raise UsageError(f"an item takes at least one exchange, not {exchanges:g}", where=name)
    conversation: Conversation = Followed(exchanges) if exchanges > 1 else SingleTurn()
    covers = (Cover(kind="chat", share=1.0 - attack_share),) if attack_share < 1.0 else ()
    return Plan(
        name=name,
        archetype=archetype,
        accounts=accounts,
        per_account=max(1, round(per_account / exchanges)),
        work=Work(variants=variants, conversation=conversation),
        pool=Pool(networks=networks),
        tempo=Tempo(balancer=balancer, uneven=uneven),
        covers=covers,
    )


def _plans(knobs: Mapping[str, Setting], days: float) -> tuple[Plan, ...]:
    per_account = max(1, round(float(knobs["per_day"]) * days))
    uneven = float(knobs["uneven"])
    balancer: Balancer = "random" if knobs["random_balancer"] or uneven else "turns"
    if knobs["scheduled"]:
        if balancer == "random":
            raise UsageError(
                "requests go to any account or each account has a schedule, not both", where="hydra"
            )
        balancer = "schedules"
    plan = hydra(
        accounts=int(knobs["accounts"]),
        per_account=per_account,
        balancer=balancer,
        uneven=uneven,
        exchanges=float(knobs["exchanges"]),
    )
    return (plan,)


HYDRA = Archetype(
    id="hydra",
    title="A hydra harvest",
    models="one work list over hundreds of accounts behind proxies, load balanced (in turns, each request to any "
    "account, or each account on a schedule), a template grammar around each item; with `exchanges` above 1 an item is a conversation on one account",
    cannot_show="what only its evasions show; alone it hides nothing",
    report="26 exchanges an account a day (Anthropic, June 2026); fewer by default, so that a laptop builds it",
    knobs={
        "accounts": 300,
        "per_day": 2.0,
        "random_balancer": False,
        "uneven": 0.0,
        "scheduled": False,
        "exchanges": 1.0,
    },
    plans=_plans,
)
