"""Honest groups in a few fields: who they are, what they run, when they come, and what they ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from benchmarks.outside.calls import Account, Call, Group, Message
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.draws import Draws
from benchmarks.outside.networks import Place
from benchmarks.outside.rhythm import DAY, HOUR, Rhythm, every
from benchmarks.outside.software import Installed
from benchmarks.outside.talk import KEEPS_IDS, Seat, ask_once, conversation, with_failures
from benchmarks.outside.town import Town
from benchmarks.outside.words.subjects import DAILY, OFFICE, STUDY, TECH
from benchmarks.outside.words.voices import Voice

TASKS_MAX = 700  # of one sitting


class Ask(NamedTuple):
    """One request and its answer."""

    messages: Sequence[Message]
    output: str
    end_user: str | None = None


Task = Callable[[int, float], Sequence[Ask]]  # what a member asks at a time; several calls follow each other
Work = Callable[[Town, Draws, int], Task]  # for so many members


class People(NamedTuple):
    """A group. `per_day` is the median number of sittings a day for what they have in common, `spread` how much
    members differ, `tasks` how many tasks a sitting has, `everyday` the sittings for anything else.

    `new` of the members open their account between the two shares of the week in `since`; the others have
    one already, and do what they have in common from `starts` (a share of the week) on, or always.
    """

    about: str
    kind: str
    size: int
    work: Work
    pay: str  # free, card, mixed, one, firms, school or credits
    net: str  # homes, phones, anywhere, offices, one office, machines, vendor, runners or campus
    software: tuple[str | None, ...]
    per_day: float
    spread: float = 0.8
    tasks: float = 1.0
    gap_s: float = 60.0
    shape: str = "people"
    zone: float | None = None  # everybody's own
    weekend: float = 1.0
    everyday: float = 0.0
    new: float = 0.1
    since: tuple[float, float] = (0.0, 0.85)
    starts: float | None = None
    alike: bool = False  # one build with the settings of its maker
    own: str | None = None  # the name the program gives itself
    settings: tuple[tuple[str, Any], ...] = ()
    plan: str = "pay-as-you-go"
    tier: str | None = None
    moves: float = 0.3
    runs: str = "habit"  # or nightly, or steady as a machine


class Member(NamedTuple):
    """An account of the group and how busy it is."""

    number: int
    seat: Seat
    begin: float
    zone: float
    busy: float


def once(text: str, output: str, system: str | None = None, end_user: str | None = None) -> list[Ask]:
    """A single request."""
    opening: list[Message] = [("system", system)] if system else []
    return [Ask([*opening, ("user", text)], output, end_user)]


def talked(turns: Sequence[tuple[str, str]], system: str | None = None) -> list[Ask]:
    """A conversation of (question, answer) turns, all of it sent again each time."""
    history: list[Message] = [("system", system)] if system else []
    made = []
    for question, answer in turns:
        history.append(("user", question))
        made.append(Ask(list(history), answer))
        history.append(("assistant", answer))
    return made


def _payer(town: Town, draws: Draws, people: People) -> Callable[[], dict[str, Any]]:
    """What an account of the group costs whom."""
    shared = {"org": town.org(draws), "payment": town.card(draws), "email": town.company(draws)[1]}
    schools = [town.company(draws)[1] for _ in range(4)]

    def pay() -> dict[str, Any]:
        if people.pay == "one":
            return {"plan": people.plan, **shared}
        if people.pay == "credits":  # vouchers of a sponsor stand where a card would
            return {"plan": people.plan, "payment": shared["payment"]}
        if people.pay == "firms":
            return {
                "plan": draws.dice.choice(("team", "scale", "pay-as-you-go")),
                "org": town.org(draws),
                "payment": town.card(draws),
                "email": town.company(draws)[1],
            }
        if people.pay == "school":
            return {"plan": "free", "email": draws.dice.choice(schools)}
        if people.pay == "free" or (people.pay == "mixed" and draws.chance(0.55)):
            return {"plan": "free"}
        return {"plan": draws.dice.choice((people.plan, people.plan, "pro")), "payment": town.card(draws)}

    return pay


def _spots(town: Town, draws: Draws, people: People) -> Callable[[], Place]:
    """Where members call from."""
    vendor, runners = town.place(draws, "cloud", 6), town.place(draws, "cloud", 150)
    sites = [town.place(draws, "office", 3) for _ in range(4)]

    def spot() -> Place:
        dice = draws.dice
        if people.net == "vendor":
            return vendor
        if people.net == "runners":  # machines that are set up for each job
            return Place("cloud", tuple(dice.sample(runners.addresses, 12)))
        if people.net == "machines":
            return town.place(draws, "cloud", dice.randint(1, 3))
        if people.net == "one office":
            return sites[0] if draws.chance(0.75) else town.place(draws, "home")
        if people.net == "campus":
            return dice.choice(sites) if draws.chance(0.5) else town.place(draws, "home")
        if people.net == "offices":
            return town.place(draws, "office", 2)
        if people.net == "anywhere":
            kind = dice.choices(("home", "mobile", "office", "cloud", "vpn"), (50, 18, 12, 12, 8))[0]
            return town.place(draws, kind, 3) if kind == "vpn" else town.place(draws, kind)
        return town.place(draws, "mobile" if people.net == "phones" else "home")

    return spot


def _programs(town: Town, draws: Draws, people: People) -> Callable[[], Installed]:
    """What members run: the same build, or each their own installation."""
    settings: dict[str, Any] = dict(people.settings)
    if people.alike:
        settings = {"temperature": None, "top_p": None, "max_tokens": None, "stream": False} | settings
    return lambda: town.install(draws, draws.dice.choice(people.software), own=people.own, **settings)


def members(town: Town, draws: Draws, people: People) -> list[Member]:
    """All accounts of a group."""
    pay, spot = _payer(town, draws, people), _spots(town, draws, people)
    program = _programs(town, draws, people)
    week = town.end - town.start
    bulk = town.start + people.since[0] * week  # for accounts that somebody opens for all
    common = town.model(draws, tier=people.tier, moves=people.moves)
    made = []
    for number in range(town.sized(people.size)):
        begin, created = town.reference_start, None
        if draws.chance(people.new):
            begin = town.start + draws.dice.uniform(*people.since) * week
            created = begin - draws.dice.expovariate(1 / (2 * HOUR)) - 60.0
            if people.pay == "one":
                created = bulk - draws.dice.uniform(0.2, 1.0) * HOUR
        elif draws.chance(0.12):
            begin = draws.dice.uniform(town.reference_start, town.start)
            created = begin - draws.dice.expovariate(1 / (5 * HOUR))
        account: Account = town.account(draws, created=created, **pay())
        client = program()
        model = common if people.alike or draws.chance(0.3) else town.model(draws, tier=people.tier)
        seat = Seat(account, spot(), client, model, keeps_ids=client.family.name in KEEPS_IDS)
        zone = town.zone(draws) if people.zone is None else people.zone
        busy = draws.lognormal(1.0, people.spread) if people.spread else 1.0
        made.append(Member(number, seat, begin, zone, busy))
    return made


def _starts(town: Town, draws: Draws, people: People, member: Member) -> list[float]:
    """When a member sits down, or its machine starts."""
    begin = member.begin
    if people.starts is not None:
        begin = max(begin, town.start + people.starts * (town.end - town.start))
    per_day = people.per_day * member.busy
    if people.runs == "steady":
        times = every(DAY / per_day, begin, town.end, draws.rng, 40.0)
    elif people.runs == "nightly":
        hour = (draws.dice.uniform(0, 5) - member.zone) * HOUR
        nights = every(DAY / people.per_day, begin // DAY * DAY + hour, town.end, draws.rng, 900.0)
        times = nights[nights >= begin]
    else:
        times = Rhythm(people.shape, member.zone, people.weekend).times(draws.rng, per_day, begin, town.end)
    return [float(at) for at in times if begin <= at < town.end]


def _sitting(town: Town, draws: Draws, people: People, member: Member, at: float, task: Task) -> list[Call]:
    """The tasks of a sitting, from one address."""
    factor = member.busy if people.runs == "nightly" else 1.0
    count = max(1, int(draws.rng.poisson(people.tasks * factor)))
    seat = member.seat
    if seat.place.kind not in {"cloud", "proxy"}:
        seat = seat._replace(place=seat.place._replace(addresses=(seat.place.address(draws, at),)))
    calls: list[Call] = []
    for _ in range(min(count, TASKS_MAX)):
        named = draws.token("conv", 10) if seat.keeps_ids else None
        for ask in task(member.number, at):
            call = ask_once(
                town,
                draws,
                seat,
                at,
                ask.messages,
                ask.output,
                end_user=ask.end_user,
                conversation_id=named,
            )
            calls.append(call)
            at += 1.5 + draws.dice.expovariate(1 / people.gap_s)
    return calls


def group(name: str, people: People, town: Town, crowd: Crowd) -> Group:
    """The group with all of its calls."""
    draws = town.draws(f"third/{name}")
    cast = members(town, draws, people)
    task = people.work(town, draws, len(cast))
    among = (*DAILY, *OFFICE, *STUDY, *TECH)
    calls: list[Call] = []
    for member in cast:
        made: list[Call] = []
        for at in _starts(town, draws, people, member):
            made += _sitting(town, draws, people, member, at, task)
        if people.everyday:
            voice = Voice(draws.dice, among, prompts=town.prompts)
            rhythm = Rhythm("people", member.zone)
            for at in rhythm.times(draws.rng, people.everyday * member.busy, member.begin, town.end):
                turns = draws.dice.choice((1, 1, 2, 3, 5))
                made += conversation(town, draws, member.seat, float(at), voice, turns)
        calls += with_failures(draws, made)
    kept = [call for call in calls if town.reference_start <= call.ts < town.end]
    return Group(name, people.kind, "", tuple(member.seat.account for member in cast), tuple(kept))
