"""Machines that ask by themselves: probes, speakers, sensors, alerts."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.outside.businesses.members import (
    Member,
    enrol,
    mostly,
    one_purse,
    own_card,
    own_firm,
    part_of,
    product,
)
from benchmarks.outside.businesses.people import anyone
from benchmarks.outside.businesses.prose import speak
from benchmarks.outside.businesses.schedules import active, habit
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, chat, group
from benchmarks.outside.businesses.snippets import code, say
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.draws import Draws
from benchmarks.outside.rhythm import DAY, HOUR, Rhythm, every
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply

_PROBES = (
    "ping",
    "What is 2 + 2? Answer with a number.",
    "Reply with the word OK.",
    "Say READY",
    "Which day follows Tuesday?",
)


def uptime_probes(town: Town, _crowd: Crowd) -> Group:
    """Status pages and firms that check every few hours whether the lab
    answers: the same words, for ever, on the dot.
    """
    draws = town.draws("businesses/uptime_probes")
    members = enrol(
        town,
        draws,
        30,
        purse=lambda _: own_firm(town, draws, "pay-as-you-go"),
        place=lambda _: town.place(draws, "cloud"),
        client=lambda _: town.install(
            draws, draws.dice.choice(("curl", "requests", "sdk-go")), temperature=0.0, max_tokens=8
        ),
        rhythm=lambda _: Rhythm("always"),
        per_day=(1.0, 0.0),
        new=0.03,
    )
    probes = {m.number: (draws.dice.choice(_PROBES), draws.dice.choice((1, 2, 3, 6, 6))) for m in members}

    def times(member: Member) -> list[float]:
        period = probes[member.number][1] * HOUR
        return [float(ts) for ts in every(period, member.begin, member.end, draws.rng, 2.0)]

    def talk(member: Member, _begin: float) -> tuple[Exchange]:
        text = probes[member.number][0]
        return ask(text, {"ping": "pong", _PROBES[1]: "4", _PROBES[4]: "Wednesday"}.get(text, "OK"))

    return group("uptime_probes", "application", members, calls_of(town, draws, members, talk, times))


_BRIEFING = (
    "You speak through a kitchen speaker. Two sentences, no lists. Household: {home}. Weather: "
    "{weather}. Calendar: {calendar}."
)


def smart_speakers(town: Town, _crowd: Crowd) -> Group:
    """Speakers with a briefing that the maker's server gives a slot
    each morning, so that its load stays even.

    Each household has an account of its own, opened by the maker, and asks further things in the evening.
    """
    draws = town.draws("businesses/smart_speakers")
    servers = town.place(draws, "cloud", 8)
    purse = one_purse(town, draws)
    firmware = product(town, draws, "sdk-go", own="hearth-speaker/5.{v}", temperature=0.4, max_tokens=120)
    model = town.model(draws, tier="small")
    members = enrol(
        town,
        draws,
        190,
        purse=lambda _: purse,
        place=lambda _: part_of(servers, draws, 2),
        client=lambda _: firmware,
        rhythm=lambda _: Rhythm("evening", town.zone(draws), 1.2),
        per_day=(0.3, 0.9),
        new=0.08,
        model=lambda _: model,
    )
    homes = {m.number: say(draws.dice, "{first} and {first}, {town}") for m in members}

    def slot(member: Member) -> float:
        """The second of the day: 06:00 local time and eleven seconds more for each household in the queue."""
        return ((6.0 - member.rhythm.zone_h) * HOUR + 11.0 * member.number) % DAY

    def times(member: Member) -> list[float]:
        days = range(int(member.begin // DAY), int(member.end // DAY) + 1)
        # On two days of three nobody is up yet, or the speaker is muted.
        mornings = [day * DAY + slot(member) + draws.dice.uniform(0, 2) for day in days if draws.chance(0.35)]
        return active(member, mornings) + habit(member, draws)

    def talk(member: Member, begin: float) -> tuple[Exchange]:
        dice = draws.dice
        system = _BRIEFING.format(
            home=homes[member.number],
            weather=say(dice, "{0..31} degrees, rain {percent}"),
            calendar=speak(dice, "{clock} {plain}, {clock} {plain}", ("family", "sport", "stage", "office")),
        )
        morning = abs(begin % DAY - slot(member)) < 5
        text = (
            "Good morning. What does the day bring?"
            if morning
            else anyone(town, draws, ("cooking", "family", "arts", "sports"))
        )
        return ask(text, reply(dice, system if morning else text, sentences=2), system)

    return group("smart_speakers", "application", members, calls_of(town, draws, members, talk, times))


_SENSORS = (
    "Machine {unit}, plant {plant}. Last hour as CSV (time, temperature, vibration, "
    "current):\n{rows}\nNormal? Answer yes or no and name the odd value."
)


def plant_sensors(town: Town, _crowd: Crowd) -> Group:
    """Gateways in factories of one machine builder's customers: a row
    of readings every eight hours, day and night.

    The builder sold the gateway with a default form; each plant pays for its own account.
    """
    draws = town.draws("businesses/plant_sensors")
    members = enrol(
        town,
        draws,
        55,
        purse=lambda _: own_firm(town, draws, "pay-as-you-go"),
        place=lambda _: town.place(draws, "office"),
        client=lambda _: product(
            town, draws, "sdk-python", own="millgate/2.0.{p}", temperature=0.0, max_tokens=60
        ),
        rhythm=lambda _: Rhythm("always"),
        model=mostly(town, draws, 0.95),
        per_day=(1.0, 0.0),
        new=0.08,
    )
    plants = {m.number: say(draws.dice, "{town}") for m in members}

    def row() -> str:
        return say(draws.dice, "{0..23}:{10..59},{20..95}.{0..9},{0..9}.{10..99},{1..40}.{0..9}")

    def times(member: Member) -> list[float]:
        return [float(ts) for ts in every(8 * HOUR, member.begin, member.end, draws.rng, 30.0)]

    def talk(member: Member, _begin: float) -> tuple[Exchange]:
        rows = "\n".join(row() for _ in range(8))
        text = _SENSORS.format(unit=say(draws.dice, "{code}"), plant=plants[member.number], rows=rows)
        return ask(text, draws.dice.choice(("yes", "yes", "yes", "no, vibration", "no, current in row 3")))

    return group("plant_sensors", "application", members, calls_of(town, draws, members, talk, times))


_ALERT = (
    "You are the first responder of an on-call rotation. Alert: {alert}\nRecent log:\n{log}\nGive the "
    "likely cause, one check, and who to wake."
)


def alert_storms(town: Town, _crowd: Crowd) -> Group:
    """Customers of a monitoring product that asks about each alert with
    their key; one cloud failure hits them together.
    """
    draws = town.draws("businesses/alert_storms")
    servers = town.place(draws, "cloud", 4)
    worker = product(town, draws, "sdk-go", own="watchpost-triage/3.{v}.{p}", temperature=0.1, max_tokens=400)
    storm = town.start + 0.5 * (town.end - town.start)
    members = enrol(
        town,
        draws,
        72,
        purse=lambda _: own_firm(town, draws),
        place=lambda _: servers,
        client=lambda _: worker,
        rhythm=lambda _: Rhythm("always"),
        model=mostly(town, draws, 1.0),
        per_day=(0.8, 1.1),
        new=0.08,
    )

    def talk(_member: Member, _begin: float) -> tuple[Exchange]:
        alert = say(draws.dice, "{call} p99 {200..9000} ms on {noun}-{1..40}, {percent} errors")
        log = "\n".join(code(draws.dice, "trace") for _ in range(draws.dice.randint(1, 3)))
        text = _ALERT.format(alert=alert, log=log)
        return ask(text, reply(draws.dice, text, sentences=4))

    times = _with_a_storm(draws, storm)
    return group("alert_storms", "application", members, calls_of(town, draws, members, talk, times))


def _with_a_storm(draws: Draws, storm: float) -> Callable[[Member], list[float]]:
    def times(member: Member) -> list[float]:
        burst = [storm + draws.dice.expovariate(1 / 1500.0) for _ in range(draws.dice.randint(0, 8))]
        return habit(member, draws) + active(member, burst)

    return times


_CAPTION = (
    "Write the alt text (max 20 words) for a photo described by the camera as: {tags}. Gallery: {gallery}"
)


def photo_galleries(town: Town, _crowd: Crowd) -> Group:
    """People who host the same photo gallery at home; a plug-in writes
    alt texts for what the phone uploaded at night.
    """
    draws = town.draws("businesses/photo_galleries")
    members = enrol(
        town,
        draws,
        68,
        purse=lambda _: own_card(town, draws),
        place=lambda _: town.place(draws, "home"),
        client=lambda _: product(
            town, draws, "sdk-python", own="gallery-alt/0.4.{p}", temperature=0.2, max_tokens=60
        ),
        rhythm=lambda _: Rhythm("night", town.zone(draws), 1.6),
        model=mostly(town, draws, 0.85),
        per_day=(0.25, 1.0),
        new=0.12,
    )
    names = {m.number: say(draws.dice, "{first}'s pictures") for m in members}

    def talk(member: Member, _begin: float) -> list[Exchange]:
        sent: list[Exchange] = []
        for at in range(draws.dice.randint(1, 9)):
            tags = speak(draws.dice, "{plain}, {town}, {clock}, {1..6} people, {colour}")
            text = _CAPTION.format(tags=tags, gallery=names[member.number])
            sent.extend(
                e._replace(after_s=3.0 * at)
                for e in chat(draws, [(text, reply(draws.dice, tags, sentences=1))], known=False)
            )
        return sent

    return group("photo_galleries", "application", members, calls_of(town, draws, members, talk))
