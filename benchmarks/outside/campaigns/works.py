"""Campaigns that have things made or carried: tasks, code, translations, tool runs, dialogues, relays,
replays.
"""

from __future__ import annotations

from benchmarks.outside.calls import Group
from benchmarks.outside.campaigns import making, talking
from benchmarks.outside.campaigns import recruiting as get
from benchmarks.outside.campaigns.operation import carry_out, lottery, own_clocks, round_robin, sittings
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import DAY, HOUR, Rhythm
from benchmarks.outside.town import Town

TASKS = "task harvest"
STEADY = Rhythm("always")


def task_factory(town: Town, crowd: Crowd) -> Group:
    """Unique tasks and environments with checkers, 50 accounts on prepaid cards of four, day-shaped, 60 a
    day each.
    """
    draws, n = town.draws("campaign/tasks"), town.sized(50)
    begin = town.start + 0.6 * DAY
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 10 * DAY, begin),
        get.cards(town, draws, n, 4),
        get.shared(town.place(draws, "cloud", 8), n),
        get.programs(town, draws, n, ["sdk-python"], temperature=1.0, max_tokens=4096),
        begin=begin,
    )
    slots = own_clocks(town, draws, hands, 60, Rhythm("office", 8.0, 0.7), 0.2)
    return carry_out(town, draws, "task-factory", TASKS, hands, slots, making.training_tasks(draws))


def side_projects(town: Town, crowd: Crowd) -> Group:
    """Code with tests from specifications, 90 accounts that look like as many developers, half of it
    unrelated, 30 a day.
    """
    draws, n = town.draws("campaign/code"), town.sized(90)
    begin = town.start - 3 * DAY
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 25 * DAY, begin),
        get.cards(town, draws, n, 2, jitter=True),
        get.sticky(town, draws, n),
        get.disguises(town, draws, n),
        begin=begin,
        tongue="en",
    )
    slots = lottery(draws, hands, Rhythm("people", 3.0, 0.9).times(draws.rng, 30 * n, begin, town.end), 0.4)
    return carry_out(
        town, draws, "side-projects", TASKS, hands, slots, making.programs_with_tests(draws), cover=0.5
    )


def corpus_in_shards(town: Town, crowd: Crowd) -> Group:
    """A corpus translated into eight languages, each language to its accounts, 72 accounts on homes at 40 a
    day.
    """
    draws, n = town.draws("campaign/corpus"), town.sized(72)
    begin = town.start + 0.4 * DAY
    hands = get.enlist(
        town,
        draws,
        get.in_bulk(draws, n, begin - 8 * DAY, 5 * DAY),
        get.cards(town, draws, n, 9),
        get.homes(town, draws, n),
        get.programs(town, draws, n, ["requests", "sdk-node"], temperature=0.2),
        begin=begin,
    )
    slots = own_clocks(town, draws, hands, 40, Rhythm("office", 2.0, 0.8), 0.3)
    return carry_out(
        town, draws, "corpus-in-shards", "hydra harvest", hands, slots, making.translations(draws)
    )


def invented_tools(town: Town, crowd: Crowd) -> Group:
    """Trajectories with 150 invented sets of tools, 40 accounts in two clouds, a dozen tasks of several
    calls a day.
    """
    draws, n = town.draws("campaign/tools"), town.sized(40)
    begin = town.start + 0.2 * DAY
    clouds = [town.place(draws, "cloud", 5), town.place(draws, "cloud", 5)]
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 14 * DAY, begin),
        get.cards(town, draws, n, 10),
        [clouds[i % 2] for i in range(n)],
        get.programs(town, draws, n, ["sdk-python", "sdk-go"], temperature=0.8, tools_hash="tools_000000"),
        begin=begin,
    )
    slots = own_clocks(town, draws, hands, 12, STEADY, 0.2)
    return carry_out(
        town, draws, "invented-tools", TASKS, hands, slots, making.tool_runs(draws, 150), gap_s=4.0
    )


def puppet_users(town: Town, crowd: Crowd) -> Group:
    """A model plays users in dialogues of four to eight turns, 100 accounts on sticky lines, three
    dialogues a day.
    """
    draws, n = town.draws("campaign/puppets"), town.sized(100)
    begin = town.start + 1.1 * DAY
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 20 * DAY, begin),
        get.cards(town, draws, n, 6, jitter=True),
        get.sticky(town, draws, n, 2),
        get.programs(town, draws, n, ["sdk-node", "requests", "sdk-python"], temperature=0.9),
        begin=begin,
    )
    slots = own_clocks(town, draws, hands, 3, Rhythm("evening", -5.0), 0.3)
    deal = talking.simulated_dialogues(draws, 200)
    return carry_out(town, draws, "puppet-users", "hydra harvest", hands, slots, deal, gap_s=25.0)


def silent_relay(town: Town, crowd: Crowd) -> Group:
    """Another provider forwards its live users through 150 accounts and keeps the answers for training, 20
    a day each.
    """
    draws, n = town.draws("campaign/relay"), town.sized(150)
    begin = town.start - DAY
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 12 * DAY, begin),
        get.cards(town, draws, n, 15, jitter=True),
        get.shared(town.place(draws, "proxies", 600), n),
        get.programs(town, draws, n, ["sdk-go"], stream=True),
        begin=begin,
    )
    slots = lottery(draws, hands, Rhythm("people", 8.0, 1.1).times(draws.rng, 20 * n, begin, town.end), 0.5)
    deal = talking.relayed(draws, 1500, town.prompts, 0.45, systems=True)
    return carry_out(town, draws, "silent-relay", "silent relay", hands, slots, deal, failures=0.03)


def bare_relay(town: Town, crowd: Crowd) -> Group:
    """A small relay without system prompt or user ids: 40 pay-as-you-go accounts in a cloud, random, 35 a
    day each.
    """
    draws, n = town.draws("campaign/bare-relay"), town.sized(40)
    begin = town.start + 2.0 * DAY
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 4 * DAY, begin),
        get.cards(town, draws, n, 4),
        get.shared(town.place(draws, "cloud", 10), n),
        get.programs(town, draws, n, ["aiohttp"], stream=True, max_tokens=None),
        begin=begin,
    )
    slots = lottery(draws, hands, Rhythm("evening", 5.5).times(draws.rng, 35 * n, begin, town.end))
    deal = talking.relayed(draws, 400, town.prompts, 0.3, systems=False)
    return carry_out(town, draws, "bare-relay", "silent relay", hands, slots, deal)


def stored_sessions(town: Town, crowd: Crowd) -> Group:
    """Sessions of another model replayed at night from 90 accounts, 20 a night each, answers of that model
    left in.
    """
    draws, n = town.draws("campaign/replay"), town.sized(90)
    begin = town.start + 0.7 * DAY
    hands = get.enlist(
        town,
        draws,
        get.in_bulk(draws, n, begin - 2 * DAY),
        get.cards(town, draws, n, 18),
        get.shared(town.place(draws, "cloud", 9), n),
        get.programs(town, draws, n, ["sdk-python"]),
        begin=begin,
    )
    slots = round_robin(hands, Rhythm("night", 3.0).times(draws.rng, 20 * n, begin, town.end))
    return carry_out(
        town,
        draws,
        "stored-sessions",
        "store and replay",
        hands,
        slots,
        talking.replayed(draws),
        gap_s=2.0,
    )


def typing_pool(town: Town, crowd: Crowd) -> Group:
    """Forty hired people type tasks from a brief in their own words, in office sittings from home, own
    cards.
    """
    draws, n = town.draws("campaign/typing"), town.sized(40)
    begin = town.start
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 10 * DAY, begin + HOUR),
        get.cards(town, draws, n),
        get.homes(town, draws, n),
        get.programs(town, draws, n, ["console"]),
        begin=begin,
        plan="pro",
        tongue="en",
    )
    slots = sittings(town, draws, hands, 2.2, 18, 95.0, Rhythm("office", 3.0, 0.1))
    deal = talking.simulated_dialogues(draws, n)
    kept = slots[::5]  # a dialogue takes the time of several single questions
    return carry_out(town, draws, "typing-pool", "hydra harvest", hands, kept, deal, gap_s=60.0)
