"""Campaigns by a second author, who had not read the first one's: a held-out test nobody tunes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.outside.calls import Group
from benchmarks.outside.campaigns import recruiting as recruit
from benchmarks.outside.campaigns import second_prompts as prompts
from benchmarks.outside.campaigns import second_work as work
from benchmarks.outside.campaigns.operation import (
    Hand,
    capped,
    carry_out,
    lottery,
    own_clocks,
    round_robin,
    sittings,
)
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.draws import Draws
from benchmarks.outside.networks import Place
from benchmarks.outside.rhythm import DAY, HOUR, Rhythm
from benchmarks.outside.software import Installed
from benchmarks.outside.town import Town

Scenario = Callable[[Town, Crowd], Group]
LESSONS = ("school", "science", "history and ideas", "language", "engineering", "data", "law and money")


def _moment(town: Town, share: float) -> float:
    """A time of the current week: 0 is its start, 1 its end."""
    return town.start + share * (town.end - town.start)


def _paced(
    town: Town, draws: Draws, n: int, per_day: float, begin: float, shape: str = "always"
) -> list[float]:
    """The times of one dispatcher that gives n accounts so many calls a day each."""
    return [float(at) for at in Rhythm(shape).times(draws.rng, n * per_day, begin, town.end)]


def _spread(clouds: Sequence[Place], n: int) -> list[Place]:
    """The accounts over a few machines in turn."""
    return [clouds[i % len(clouds)] for i in range(n)]


def customs_desk(town: Town, _crowd: Crowd) -> Group:
    """Questions and answers on customs work for a niche model: six templates over drawn shipments, free
    accounts made in one go three days before the week, each on a sticky line and its own clock.
    """
    draws = town.draws("second/customs-desk")
    n, begin = town.sized(140), town.start - 3 * DAY
    clients = recruit.programs(town, draws, n, ("sdk-node", "sdk-python", "requests"), max_tokens=1500)
    created = recruit.in_bulk(draws, n, begin - DAY)
    places = recruit.sticky(town, draws, n)
    hands = recruit.enlist(town, draws, created, [None] * n, places, clients, begin=begin)
    slots = own_clocks(town, draws, hands, 13.0, Rhythm("people", 3.0), 0.3)
    deal = work.over(draws, prompts.CUSTOMS, "shipment", 8.0)
    return carry_out(town, draws, "customs-desk", "hydra", hands, slots, deal, cover=0.1)


def margin_notes(town: Town, _crowd: Crowd) -> Group:
    """Reasoning dressed as margin notes, diaries and vivas over finished problems, in sittings behind VPN
    exits from the middle of the week, three accounts to a prepaid card.
    """
    draws = town.draws("second/margin-notes")
    n, begin = town.sized(90), _moment(town, 0.4)
    created = recruit.slowly(draws, n, town.start - 12 * DAY, begin)
    hands = recruit.enlist(
        town,
        draws,
        created,
        recruit.cards(town, draws, n, 3, jitter=True),
        recruit.exits(town, draws, n),
        recruit.programs(town, draws, n, ("sdk-python", "aiohttp")),
        begin=begin,
    )
    slots = sittings(town, draws, hands, 3.0, 12, 50.0, Rhythm("student", 8.0, 1.1))
    return carry_out(town, draws, "margin-notes", "reasoning", hands, slots, work.margins(draws), cover=0.15)


def audit_sheet(town: Town, _crowd: Crowd) -> Group:
    """A reward model is fed with marks: three sheets over weak answers, temperature 0, from three rented
    machines, all accounts on one card and worked in turn, from the first day of the week.
    """
    draws = town.draws("second/audit-sheet")
    n, begin = town.sized(36), _moment(town, 0.05)
    clouds = [town.place(draws, "cloud", 2) for _ in range(3)]
    clients = recruit.programs(town, draws, n, ("aiohttp",), temperature=0.0, response_format="json_object")
    hands = recruit.enlist(
        town,
        draws,
        recruit.in_bulk(draws, n, begin - 0.5 * DAY),
        recruit.cards(town, draws, n, n),
        _spread(clouds, n),
        clients,
        begin=begin,
        model=town.model(draws, tier="main", moves=1.0),
    )
    slots = round_robin(hands, _paced(town, draws, n, 85.0, begin))
    return carry_out(town, draws, "audit-sheet", "grader", hands, slots, work.audit(draws))


def coin_toss(town: Town, crowd: Crowd) -> Group:
    """Preference pairs, both ways round, through bought accounts on clean homes with the clients that
    people have; a dispatcher favours the accounts it trusts.
    """
    draws = town.draws("second/coin-toss")
    n, begin = town.sized(48), town.start - 1.5 * DAY
    hands = recruit.bought(
        town,
        draws,
        crowd,
        n,
        recruit.homes(town, draws, n),
        recruit.disguises(town, draws, n),
        begin=begin,
        model=town.model(draws, tier="main", moves=0.0),
    )
    slots = lottery(draws, hands, _paced(town, draws, n, 28.0, begin, "people"), 0.7)
    return carry_out(town, draws, "coin-toss", "preferences", hands, slots, work.coins(draws), cover=0.25)


def escape_rooms(town: Town, _crowd: Crowd) -> Group:
    """Exercises with checkers for training agents, one template with drawn ingredients, six a day from
    each of many free accounts on SIM cards; under way for five days when the week begins.
    """
    draws = town.draws("second/escape-rooms")
    n, begin = town.sized(220), town.start - 5 * DAY
    created = recruit.slowly(draws, n, begin - 4 * DAY, begin + 2 * DAY)
    clients = recruit.programs(town, draws, n, ("requests", "curl", "sdk-go"), temperature=1.0)
    hands = recruit.enlist(
        town, draws, created, [None] * n, recruit.phones(town, draws, n), clients, begin=begin
    )
    slots = own_clocks(town, draws, hands, 6.0, Rhythm("always"), 0.2)
    return carry_out(town, draws, "escape-rooms", "tasks", hands, slots, work.rooms(draws))


def patch_market(town: Town, _crowd: Crowd) -> Group:
    """Bug fixes with tests, worded anew by a machine and sharded by programming language, through paper
    firms of about five accounts that keep office hours in editors and ask other things between.
    """
    draws = town.draws("second/patch-market")
    n, begin = town.sized(105), town.start - 2 * DAY
    hands: list[Hand] = []
    while len(hands) < n:
        size = min(draws.dice.randint(3, 7), n - len(hands))
        card, domain = town.card(draws), town.company(draws)[1]
        hands += recruit.enlist(
            town,
            draws,
            recruit.in_bulk(draws, size, begin - draws.dice.uniform(1, 30) * DAY, 2 * HOUR),
            [card] * size,
            recruit.shared(town.place(draws, "office", 2), size),
            recruit.programs(town, draws, size, ("editor", "agent-tool", "editor")),
            begin=begin,
            plan="team",
            org=town.org(draws),
            email=domain,
        )
    slots = own_clocks(town, draws, hands, 17.0, Rhythm("office", 5.5, 0.3), 0.3)
    deal = work.repairs(draws, ("python", "typescript", "sql"))
    return carry_out(town, draws, "patch-market", "code", hands, slots, deal, cover=0.3)


def radio_plays(town: Town, _crowd: Crowd) -> Group:
    """Whole dialogues: a small model plays somebody with a problem for four to seven turns, over a rotating
    residential pool, on a few cards, from the start of the week.
    """
    draws = town.draws("second/radio-plays")
    n, begin = town.sized(64), town.start
    hands = recruit.enlist(
        town,
        draws,
        recruit.slowly(draws, n, begin - 6 * DAY, _moment(town, 0.3)),
        recruit.cards(town, draws, n, 6, jitter=True),
        recruit.shared(town.place(draws, "proxies", 900), n),
        recruit.programs(town, draws, n, ("chains",), temperature=1.0),
        begin=begin,
        model=town.model(draws, tier="main", moves=1.0),
    )
    slots = lottery(draws, hands, _paced(town, draws, n, 5.0, begin), 0.4)
    return carry_out(town, draws, "radio-plays", "dialogues", hands, slots, work.plays(draws), gap_s=25.0)


def switchboard(town: Town, _crowd: Crowd) -> Group:
    """Trajectories of tool use with invented tools and invented results, in sittings from three clouds,
    one prepaid card per account; it begins in the middle of the week.
    """
    draws = town.draws("second/switchboard")
    n, begin = town.sized(40), _moment(town, 0.5)
    clouds = [town.place(draws, "cloud", 4) for _ in range(3)]
    hands = recruit.enlist(
        town,
        draws,
        recruit.in_bulk(draws, n, begin - 2 * DAY, DAY),
        recruit.cards(town, draws, n),
        _spread(clouds, n),
        recruit.programs(town, draws, n, ("sdk-python", "sdk-node"), max_tokens=2048),
        begin=begin,
    )
    slots = sittings(town, draws, hands, 4.0, 8, 90.0, Rhythm("always"))
    return carry_out(town, draws, "switchboard", "tool-use", hands, slots, work.toolwork(draws), gap_s=4.0)


def parallel_corpus(town: Town, _crowd: Crowd) -> Group:
    """Pages of novels into eight languages, one language to an account, at most twenty a day each, with
    accounts that trickle in over ten days, some sharing a card and a residential line.
    """
    draws = town.draws("second/parallel-corpus")
    n, begin = town.sized(88), town.start - 4 * DAY
    hands = recruit.enlist(
        town,
        draws,
        recruit.slowly(draws, n, begin - 3 * DAY, _moment(town, 0.6)),
        recruit.cards(town, draws, n, 4, jitter=True),
        recruit.sticky(town, draws, n, 2),
        recruit.programs(town, draws, n, ("sdk-java", "sdk-python", "sdk-node")),
        begin=begin,
    )
    slots = capped(lottery(draws, hands, _paced(town, draws, n, 24.0, begin, "people"), 0.5), 20)
    return carry_out(
        town, draws, "parallel-corpus", "translation", hands, slots, work.parallel(draws), cover=0.05
    )


def eight_throws(town: Town, _crowd: Crowd) -> Group:
    """Eight answers to each problem for rejection sampling, asked by eight different accounts in turn, free
    and two days old at most, over a rotating residential pool.
    """
    draws = town.draws("second/eight-throws")
    n, begin = town.sized(150), town.start
    hands = recruit.enlist(
        town,
        draws,
        recruit.in_bulk(draws, n, begin - 2 * DAY, 2 * DAY),
        [None] * n,
        recruit.shared(town.place(draws, "proxies", 2500), n),
        recruit.disguises(town, draws, n, temperature=1.0),
        begin=begin,
        model=town.model(draws, tier="deep"),
    )
    slots = round_robin(hands, _paced(town, draws, n, 16.0, begin))
    return carry_out(town, draws, "eight-throws", "samples", hands, slots, work.throws(draws, 8), cover=0.05)


def cheap_endpoint(town: Town, _crowd: Crowd) -> Group:
    """A cheap chat service sends its own users' hard turns on to us and keeps the answers; its own model's
    turns stand in the histories. A card per account, four clouds, weighted dealing.
    """
    draws = town.draws("second/cheap-endpoint")
    n, begin = town.sized(34), town.start - 2 * DAY
    clouds = [town.place(draws, "cloud", 3) for _ in range(4)]
    hands = recruit.enlist(
        town,
        draws,
        recruit.slowly(draws, n, begin - 20 * DAY, begin + 3 * DAY),
        recruit.cards(town, draws, n),
        _spread(clouds, n),
        recruit.programs(town, draws, n, ("sdk-go", "sdk-node"), stream=True),
        begin=begin,
    )
    slots = lottery(draws, hands, _paced(town, draws, n, 60.0, begin, "people"), 0.5)
    return carry_out(town, draws, "cheap-endpoint", "relay", hands, slots, work.relayed(draws, 900))


def second_wash(town: Town, crowd: Crowd) -> Group:
    """Answers that our models gave to others are bought and come back to be trimmed and filtered, from the
    middle of the week, through an own program behind VPN exits.
    """
    draws = town.draws("second/second-wash")
    n, begin = town.sized(30), _moment(town, 0.35)
    heard = [c for _, calls in crowd.made for c in calls if len(c.output) > 150 and c.ts < begin]
    answered = [(c.messages[-1][1], c.output) for c in draws.dice.sample(heard, min(len(heard), 4000))]
    hands = recruit.enlist(
        town,
        draws,
        recruit.in_bulk(draws, n, begin - DAY, DAY),
        recruit.cards(town, draws, n, 10),
        recruit.exits(town, draws, n, 6),
        recruit.programs(town, draws, n, ("requests",), own="tidyline/0.{v}", temperature=0.2),
        begin=begin,
    )
    slots = own_clocks(town, draws, hands, 105.0, Rhythm("office", 1.0, 0.6), 0.4)
    return carry_out(
        town, draws, "second-wash", "trace-cleaning", hands, slots, work.washing(draws, answered)
    )


def lockpicks(town: Town, _crowd: Crowd) -> Group:
    """A day and a half of trying ever new disguises to get at the reasoning, at nearly two hundred calls a
    day from thirty accounts; then the best five go out over ninety more.
    """
    draws = town.draws("second/lockpicks")
    few, many = town.sized(30), town.sized(90)
    begin, settled = _moment(town, 0.1), _moment(town, 0.32)
    model = town.model(draws, tier="deep")
    programs = recruit.programs(town, draws, few, ("aiohttp", "requests"))
    tried = recruit.enlist(
        town, draws, recruit.slowly(draws, few, begin - 9 * DAY, begin), recruit.cards(town, draws, few, 5),
        recruit.exits(town, draws, few), programs, begin=begin, end=settled, model=model,
    )  # fmt: skip
    used = recruit.enlist(
        town, draws, recruit.in_bulk(draws, many, settled - 0.5 * DAY), recruit.cards(town, draws, many, 9),
        recruit.sticky(town, draws, many, 3), recruit.programs(town, draws, many, ("sdk-python", "sdk-node")),
        begin=settled, model=model,
    )  # fmt: skip
    hands = [*tried, *used]
    slots = own_clocks(town, draws, tried, 185.0, Rhythm("always"), 0.2)
    slots += [(at, few + i) for at, i in own_clocks(town, draws, used, 22.0, Rhythm("always"), 0.3)]
    deal = work.probes(draws, settled, 5)
    return carry_out(town, draws, "lockpicks", "probe-sweep", hands, slots, deal)


def phoenix_line(town: Town, _crowd: Crowd) -> Group:
    """Case vignettes in forty wordings; every account is banned after a few days and another one takes its
    place within hours, with a new line, a new program and sometimes the same card.
    """
    draws = town.draws("second/phoenix-line")
    begin, model = town.start - 2 * DAY, town.model(draws, tier="main", moves=0.0)
    hands: list[Hand] = []
    for _ in range(town.sized(55)):
        at, card, life = begin + draws.dice.random() * DAY, town.card(draws), 0.0
        while at < town.end:
            life = draws.lognormal(3.0 * DAY, 0.5)
            client: Sequence[Installed] = [town.install(draws, draws.dice.choice(("sdk-python", "requests")))]
            hands += recruit.enlist(
                town, draws, [at], [card], recruit.sticky(town, draws, 1), client, begin=at,
                end=min(at + life, town.end), model=model,
            )  # fmt: skip
            at += life + draws.dice.uniform(1, 9) * HOUR
            card = card if draws.chance(0.3) else town.card(draws)
    slots = own_clocks(town, draws, hands, 38.0, Rhythm("people", 2.0), 0.3)
    deal = work.over(draws, prompts.VIGNETTES, "case", 9.0)
    return carry_out(town, draws, "phoenix-line", "fail-over", hands, slots, deal, cover=0.05)


def quiet_library(town: Town, _crowd: Crowd) -> Group:
    """Questions of general interest, machine-worded, four slots a day from each of three hundred accounts
    on clean homes and own cards, opened over a month; most of what they ask is cover.
    """
    draws = town.draws("second/quiet-library")
    n, begin = town.sized(300), town.start - 6 * DAY
    hands = recruit.enlist(
        town,
        draws,
        recruit.slowly(draws, n, begin - 24 * DAY, begin + 4 * DAY),
        recruit.cards(town, draws, n),
        recruit.homes(town, draws, n),
        recruit.disguises(town, draws, n),
        begin=begin,
        model=town.model(draws, tier="main", moves=1.0),
        plan="pro",
    )
    slots = own_clocks(town, draws, hands, 4.0, Rhythm("people", 1.0, 0.9), 0.6)
    return carry_out(town, draws, "quiet-library", "hydra", hands, slots, work.reading(draws), cover=0.6)


def lesson_plan(town: Town, _crowd: Crowd) -> Group:
    """Teaching texts by a timetable: all accounts do the same subject for twelve hours, then the next.
    Fourteen forms in the browser client, four fifths of the slots are cover; opened at the week's start.
    """
    draws = town.draws("second/lesson-plan")
    n, begin = town.sized(100), town.start
    hands = recruit.enlist(
        town,
        draws,
        recruit.slowly(draws, n, begin - 2 * DAY, _moment(town, 0.4)),
        [None if draws.chance(0.6) else town.card(draws) for _ in range(n)],
        [*recruit.homes(town, draws, n // 2), *recruit.phones(town, draws, n - n // 2)],
        recruit.programs(town, draws, n, ("console", "console", "sdk-node")),
        begin=begin,
    )
    slots = sittings(town, draws, hands, 2.5, 6, 240.0, Rhythm("evening", 8.0, 1.2))
    plan = [draws.dice.choice(LESSONS) for _ in range(2 * 60)]
    deal = work.syllabus(draws, lambda at: plan[int((at - begin) // (12 * HOUR)) % len(plan)])
    return carry_out(town, draws, "lesson-plan", "hydra", hands, slots, deal, cover=0.8, gap_s=40.0)


SECOND: dict[str, Scenario] = {
    "customs-desk": customs_desk,
    "margin-notes": margin_notes,
    "audit-sheet": audit_sheet,
    "coin-toss": coin_toss,
    "escape-rooms": escape_rooms,
    "patch-market": patch_market,
    "radio-plays": radio_plays,
    "switchboard": switchboard,
    "parallel-corpus": parallel_corpus,
    "eight-throws": eight_throws,
    "cheap-endpoint": cheap_endpoint,
    "second-wash": second_wash,
    "lockpicks": lockpicks,
    "phoenix-line": phoenix_line,
    "quiet-library": quiet_library,
    "lesson-plan": lesson_plan,
}
