"""Campaigns after reasoning and judgement: traces in disguise, samples, sweeps, grades, preferences,
cleaning.
"""

from __future__ import annotations

from benchmarks.outside.calls import Group
from benchmarks.outside.campaigns import judging, thinking
from benchmarks.outside.campaigns import recruiting as get
from benchmarks.outside.campaigns.operation import carry_out, lottery, own_clocks, round_robin, sittings
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import DAY, HOUR, Rhythm
from benchmarks.outside.town import Town

REASONING = "reasoning extraction"
GRADER = "grader harvest"
STEADY = Rhythm("always")


def debugging_sessions(town: Town, crowd: Crowd) -> Group:
    """Traces asked for as debugging and tutoring, 20 wordings, 80 accounts behind VPN exits at 40 a day,
    four cards.
    """
    draws, n = town.draws("campaign/debugging"), town.sized(80)
    begin = town.start + 0.3 * DAY
    hands = get.enlist(
        town,
        draws,
        get.in_bulk(draws, n, begin - 3 * DAY, 2 * DAY),
        get.cards(town, draws, n, 20),
        get.exits(town, draws, n, 10),
        get.programs(town, draws, n, ["requests", "aiohttp"], max_tokens=8192),
        begin=begin,
        model=town.model(draws, tier="deep", moves=0.0),
    )
    slots = lottery(draws, hands, Rhythm("office", 8.0, 0.9).times(draws.rng, 40 * n, begin, town.end))
    return carry_out(
        town, draws, "debugging-sessions", REASONING, hands, slots, thinking.disguised_traces(draws, 20)
    )


def homework_help(town: Town, crowd: Crowd) -> Group:
    """Problems worded as pupils would, never the same way, in evening sittings of 60 subscribers on clean
    homes.
    """
    draws, n = town.draws("campaign/homework"), town.sized(60)
    begin = town.start
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 45 * DAY, begin),
        get.cards(town, draws, n),
        get.homes(town, draws, n),
        get.disguises(town, draws, n),
        begin=begin,
        plan="pro",
        model=town.model(draws, tier="deep", moves=0.0),
    )
    slots = sittings(town, draws, hands, 1.6, 11, 110.0, Rhythm("student", 5.5))
    deal = thinking.disguised_traces(draws, None, "own")
    return carry_out(town, draws, "homework-help", REASONING, hands, slots, deal, cover=0.2)


def best_of_eight(town: Town, crowd: Crowd) -> Group:
    """Each problem is sampled eight times at temperature 1, over 60 accounts drawn at random, 80 a day,
    shared cards.
    """
    draws, n = town.draws("campaign/best-of"), town.sized(60)
    begin = town.start + 2.5 * DAY
    hands = get.enlist(
        town,
        draws,
        get.in_bulk(draws, n, begin - DAY),
        get.cards(town, draws, n, 15),
        get.shared(town.place(draws, "proxies", 400), n),
        get.programs(town, draws, n, ["sdk-python"], temperature=1.0, top_p=0.95),
        begin=begin,
    )
    slots = lottery(draws, hands, STEADY.times(draws.rng, 80 * n, begin, town.end), 0.3)
    return carry_out(town, draws, "best-of-eight", REASONING, hands, slots, thinking.samples(draws, 4000, 8))


def sweep_then_scale(town: Town, crowd: Crowd) -> Group:
    """Thirty accounts try 400 ways around six problems; on day four the five best go to 120 accounts over
    new problems.
    """
    draws, few, many = town.draws("campaign/sweep"), town.sized(30), town.sized(90)
    begin, scaled = town.start + 0.5 * DAY, town.start + 3.5 * DAY
    model = town.model(draws, tier="main", moves=0.0)
    hands = get.enlist(
        town,
        draws,
        get.in_bulk(draws, few, begin - DAY),
        get.cards(town, draws, few, 10),
        get.exits(town, draws, few),
        get.programs(town, draws, few, ["curl", "requests"]),
        begin=begin,
        model=model,
    )
    hands += get.enlist(
        town,
        draws,
        get.in_bulk(draws, many, scaled - DAY, 20 * HOUR),
        get.cards(town, draws, many, 10),
        get.shared(town.place(draws, "proxies", 500), many),
        get.programs(town, draws, many, ["aiohttp"]),
        begin=scaled,
        model=model,
    )
    slots = own_clocks(town, draws, hands, 30, STEADY, 0.4)
    deal = thinking.sweep(draws, 6, 400, scaled, 5)
    return carry_out(town, draws, "sweep-then-scale", "probe sweep", hands, slots, deal)


def rubric_line(town: Town, crowd: Crowd) -> Group:
    """Answers of a student model are graded against rubrics, 30 accounts on one card in one cloud, 150 a
    day each.
    """
    draws, n = town.draws("campaign/rubrics"), town.sized(30)
    begin = town.start - 4 * DAY
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 15 * DAY, begin),
        get.cards(town, draws, n, n),
        get.shared(town.place(draws, "cloud", 3), n),
        get.programs(town, draws, n, ["sdk-go"], temperature=0.0, max_tokens=512),
        begin=begin,
        plan="team",
    )
    slots = round_robin(hands, STEADY.times(draws.rng, 150 * n, begin, town.end))
    return carry_out(town, draws, "rubric-line", GRADER, hands, slots, judging.rubric_grades(draws, 3))


def free_preferences(town: Town, crowd: Crowd) -> Group:
    """Pairs to choose from, twelve wordings, 250 free accounts on SIM cards at 6 a day, nothing paid."""
    draws, n = town.draws("campaign/preferences"), town.sized(250)
    begin = town.start + 0.2 * DAY
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 6 * DAY, town.end - 2 * DAY),
        get.cards(town, draws, n, None),
        get.phones(town, draws, n),
        get.disguises(town, draws, n),
        begin=begin,
    )
    slots = own_clocks(town, draws, hands, 6, Rhythm("people", 7.0), 0.4)
    return carry_out(
        town, draws, "free-preferences", GRADER, hands, slots, judging.preference_pairs(draws, 12)
    )


def casual_second_opinions(town: Town, crowd: Crowd) -> Group:
    """Pairs asked about in ever new words between other questions, 110 subscribers with their own cards, 12
    a day.
    """
    draws, n = town.draws("campaign/opinions"), town.sized(110)
    begin = town.start + 1.5 * DAY
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 30 * DAY, begin),
        get.cards(town, draws, n, 2, jitter=True),
        get.sticky(town, draws, n),
        get.programs(town, draws, n, ["console", "editor", "sdk-node"]),
        begin=begin,
        plan="pro",
    )
    slots = sittings(town, draws, hands, 2.5, 5, 150.0, Rhythm("evening", -6.0, 1.2))
    deal = judging.preference_pairs(draws, None)
    return carry_out(town, draws, "casual-second-opinions", GRADER, hands, slots, deal, cover=0.5)


def laundered_outputs(town: Town, crowd: Crowd) -> Group:
    """Our answers, caught by a reseller, come back through 35 accounts to be cleaned and judged, 200 a day
    each.
    """
    draws, n = town.draws("campaign/laundered"), town.sized(35)
    begin = town.start + 3.5 * DAY
    hands = get.enlist(
        town,
        draws,
        get.in_bulk(draws, n, begin - 5 * DAY, 2 * DAY),
        get.cards(town, draws, n, 7),
        get.shared(town.place(draws, "cloud", 5), n),
        get.programs(town, draws, n, ["sdk-python", "chains"], temperature=0.2),
        begin=begin,
    )
    among = draws.dice.sample(crowd.made, max(1, len(crowd.made) // 8))
    captured = sorted(
        (c for _, calls in among for c in calls if c.ts < begin), key=lambda c: (c.ts, c.account.id)
    )
    slots = lottery(draws, hands, STEADY.times(draws.rng, 200 * n, begin, town.end), 0.2)
    deal = judging.cleaning(draws, captured, 6)
    return carry_out(town, draws, "laundered-outputs", "trace cleaning", hands, slots, deal)
