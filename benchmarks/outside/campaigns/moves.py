"""Campaigns that move: to a new model, to new accounts after a ban, and two that rent the same pool."""

from __future__ import annotations

from benchmarks.outside.calls import Group
from benchmarks.outside.campaigns import instructing, making, thinking
from benchmarks.outside.campaigns import recruiting as get
from benchmarks.outside.campaigns.operation import carry_out, lottery, own_clocks, round_robin
from benchmarks.outside.catalogue import ModelChoice
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import DAY, HOUR, Rhythm
from benchmarks.outside.town import Town

STEADY = Rhythm("always")


def on_release_day(town: Town, crowd: Crowd) -> Group:
    """Runs since a week before; within a day of the release of a model 60 of the 110 accounts ask that one,
    20 a day each.
    """
    draws, n = town.draws("campaign/pivot"), town.sized(110)
    begin = town.start - 7 * DAY
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 15 * DAY, begin),
        get.cards(town, draws, n, 8, jitter=True),
        get.shared(town.place(draws, "proxies", 300), n),
        get.programs(town, draws, n, ["sdk-python", "sdk-node"]),
        begin=begin,
    )
    moved = [
        hand._replace(
            seat=hand.seat._replace(model=ModelChoice("alder-2", town.released + draws.dice.random() * DAY))
        )
        for hand in hands[: n * 6 // 11]
    ]
    hands = [*moved, *hands[n * 6 // 11 :]]
    slots = own_clocks(town, draws, hands, 20, Rhythm("people", 8.0), 0.3)
    deal = instructing.from_templates(draws, 12)
    return carry_out(town, draws, "on-release-day", "pivot", hands, slots, deal)


def after_the_ban(town: Town, crowd: Crowd) -> Group:
    """Pool A of 60 accounts is banned in the middle of the week; five hours later 60 kept in reserve go on
    with the list.
    """
    draws, n = town.draws("campaign/fail-over"), town.sized(60)
    begin, ban = town.start - DAY, town.start + draws.dice.uniform(2.5, 4.0) * DAY
    model = town.model(draws, tier="main", moves=0.0)
    first = get.enlist(
        town,
        draws,
        get.in_bulk(draws, n, begin - DAY),
        get.cards(town, draws, n, 12),
        get.shared(town.place(draws, "proxies", 240), n),
        get.programs(town, draws, n, ["requests"], max_tokens=2000),
        begin=begin,
        end=ban,
        model=model,
    )
    second = get.enlist(
        town,
        draws,
        get.in_bulk(draws, n, begin - 9 * DAY, 2 * DAY),
        get.cards(town, draws, n, 10),
        get.exits(town, draws, n, 12),
        get.programs(town, draws, n, ["aiohttp"], max_tokens=2000),
        begin=ban + 5 * HOUR,
        model=model,
    )
    hands = [*first, *second]
    slots = round_robin(hands, STEADY.times(draws.rng, 30 * n, begin, town.end))
    deal = thinking.disguised_traces(draws, 6)
    return carry_out(town, draws, "after-the-ban", "fail-over", hands, slots, deal)


def rented_pool_code(town: Town, crowd: Crowd) -> Group:
    """One of two tenants of a rented proxy pool: code with tests, 70 accounts, random, 25 a day each."""
    draws, n = town.draws("campaign/tenant-code"), town.sized(70)
    begin = town.start + 0.9 * DAY
    pool = town.place(town.draws("campaign/rented-pool"), "proxies", 350)
    hands = get.enlist(
        town,
        draws,
        get.in_bulk(draws, n, begin - 4 * DAY, DAY),
        get.cards(town, draws, n, 7),
        get.shared(pool, n),
        get.programs(town, draws, n, ["sdk-python"], temperature=0.4),
        begin=begin,
    )
    slots = lottery(draws, hands, STEADY.times(draws.rng, 25 * n, begin, town.end), 0.3)
    return carry_out(
        town, draws, "rented-pool-code", "shared pool", hands, slots, making.programs_with_tests(draws)
    )


def rented_pool_topics(town: Town, crowd: Crowd) -> Group:
    """The other tenant of the same pool: seed topics in five templates, each account its own fields, 80
    accounts, 15 a day.
    """
    draws, n = town.draws("campaign/tenant-topics"), town.sized(80)
    begin = town.start - 5 * DAY
    pool = town.place(town.draws("campaign/rented-pool"), "proxies", 350)
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 10 * DAY, begin),
        get.cards(town, draws, n, 4, jitter=True),
        get.shared(pool, n),
        get.programs(town, draws, n, ["sdk-node"], temperature=0.8),
        begin=begin,
    )
    slots = own_clocks(town, draws, hands, 15, Rhythm("people", -6.0), 0.4)
    deal = instructing.from_templates(draws, 5, shards=9)
    return carry_out(town, draws, "rented-pool-topics", "shared pool", hands, slots, deal, cover=0.1)
