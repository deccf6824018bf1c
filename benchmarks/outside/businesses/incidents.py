"""Events that move many honest customers at once: a migration, a fail-over, an outage, a deprecation."""

from __future__ import annotations

import msgspec

from benchmarks.outside.businesses.members import (
    Member,
    enrol,
    in_week,
    one_purse,
    own_card,
    own_firm,
    part_of,
    product,
    rollout,
    somewhere,
)
from benchmarks.outside.businesses.papers import paper, record
from benchmarks.outside.businesses.people import Voices, conversation, everyday, turns
from benchmarks.outside.businesses.prose import paragraph, speak
from benchmarks.outside.businesses.schedules import active, habit
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, chat, group, within
from benchmarks.outside.calls import Call, Group
from benchmarks.outside.catalogue import ModelChoice
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import HOUR, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply
from benchmarks.outside.words.subjects import OFFICE

_COACH = (
    "You are Ferry, a wellbeing companion. Listen first, never diagnose, suggest one small step. "
    "Memory: {memory}"
)


def product_migration(town: Town, _crowd: Crowd) -> Group:
    """Users of a companion app whose maker moves all of them to the new model two days after it comes out.

    Each pays for their own key; old conversations go on, so histories hold what the older model said.
    """
    draws = town.draws("businesses/product_migration")
    moves = min(town.released + 48 * HOUR, in_week(town, 0.8))
    members = enrol(
        town,
        draws,
        150,
        purse=lambda _: own_card(town, draws),
        place=lambda _: somewhere(town, draws),
        client=lambda _: product(
            town, draws, "sdk-go", own="Ferry/8.{v} ({os})", temperature=0.8, max_tokens=400, stream=True
        ),
        rhythm=lambda _: Rhythm("evening", town.zone(draws), 1.1),
        per_day=(0.35, 1.0),
        new=0.08,
        # The app store rolls the update out over a day.
        model=lambda _: ModelChoice("alder-2", moves + draws.dice.uniform(0, 24 * HOUR)),
    )
    voices = Voices(town, draws)
    memory = {
        m.number: speak(draws.dice, "{first}, {18..80}, {mood}, {sentence}", ("family", "pets", "office"))
        for m in members
    }

    def talk(member: Member, _begin: float) -> list[Exchange]:
        said = conversation(draws, voices.of(member.number), turns(draws, 2.2))
        return chat(draws, said, _COACH.format(memory=memory[member.number]))

    return group("product_migration", "migration", members, calls_of(town, draws, members, talk))


_INTAKE = "Classify the message and extract the fields of form {form} as JSON. Message {number}:\n{text}"


def region_failover(town: Town, _crowd: Crowd) -> Group:
    """A logistics firm with a set of accounts per region: region A goes
    dark in the week and B takes over its queue.

    B was a standby with a trickle of test traffic; all share
    organisation, bill and program, not the data centre.
    """
    draws = town.draws("businesses/region_failover")
    regions = [town.place(draws, "cloud", 6) for _ in range(2)]
    purse = one_purse(town, draws)
    client = product(town, draws, "sdk-java", temperature=0.0, max_tokens=256, response_format="json_object")
    model = town.model(draws, tier="small", moves=0.0)
    dark = in_week(town, 0.45)
    members = enrol(
        town,
        draws,
        40,
        opened=rollout(town, draws, 1),
        purse=lambda _: purse,
        place=lambda n: part_of(regions[n % 2], draws, 2),
        client=lambda _: client,
        rhythm=lambda _: Rhythm("people", 1.0, 0.7),
        per_day=(5.5, 0.3),
        new=0.0,
        model=lambda _: model,
    )

    def times(member: Member) -> list[float]:
        if member.number % 2 == 0:
            return habit(member, draws, until=dark)
        return habit(member, draws, 0.06, until=dark) + habit(member, draws, since=dark + 0.3 * HOUR)

    def talk(_member: Member, _begin: float) -> tuple[Exchange]:
        form, number = draws.dice.choice(("F12", "F20", "K3")), str(draws.dice.randrange(10**6))
        return ask(
            _INTAKE.format(form=form, number=number, text=paper(draws.dice, "ticket")),
            record(draws.dice, form),
        )

    return group("region_failover", "batch", members, calls_of(town, draws, members, talk, times))


def outage_retries(town: Town, _crowd: Crowd) -> Group:
    """Unrelated customers of the busiest region on the day of an outage: for forty minutes nothing answers.

    Their programs send the same request again and again, all at once,
    and the queues empty within the next hour.
    """
    draws = town.draws("businesses/outage_retries")
    begin = in_week(town, 0.6)
    over = begin + 40 * 60.0
    members = enrol(
        town,
        draws,
        140,
        purse=lambda _: own_firm(town, draws) if draws.chance(0.4) else own_card(town, draws),
        place=lambda _: town.place(draws, draws.dice.choice(("cloud", "cloud", "office"))),
        client=lambda _: town.install(draws, draws.dice.choice(("sdk-python", "sdk-node", "sdk-java"))),
        rhythm=lambda _: Rhythm("people", 1.0, 0.7),
        per_day=(0.9, 1.0),
        new=0.06,
    )
    tries = {m.number: draws.dice.choice((2, 3, 5, 8)) for m in members}

    def times(member: Member) -> list[float]:
        # Everybody in this group had something to do when it happened, or would not be in it.
        return habit(member, draws) + active(member, [draws.dice.uniform(begin, over)])

    calls = calls_of(
        town, draws, members, everyday(town, draws, subjects=OFFICE, mean_turns=1.2, known=False), times
    )
    stormy: list[Call] = []
    number = {m.account.id: m.number for m in members}
    for call in calls:
        if not begin <= call.ts < over:
            stormy.append(call)
            continue
        wait = 0.0
        for attempt in range(tries[number[call.account.id]]):
            stormy.append(
                msgspec.structs.replace(
                    call, ts=call.ts + wait, status="529", error="overloaded", output="", reasoning=None
                )
            )
            wait += 2.0**attempt * draws.dice.uniform(0.5, 1.5)
        stormy.append(msgspec.structs.replace(call, ts=over + draws.dice.expovariate(1 / 600.0)))
    return group("outage_retries", "crowd", members, within(town, stormy))


_OLD = "Rewrite the following legacy prompt for {model} and keep its behaviour.\n\n{prompt}"


def deprecation_week(town: Town, _crowd: Crowd) -> Group:
    """Customers of the oldest model, who got the same e-mail: it will be
    switched off, here is how to convert prompts.

    Many use the conversion request from that e-mail, run old and new side by side for a day, then move.
    """
    draws = town.draws("businesses/deprecation_week")
    mailed = in_week(town, 0.2)
    members = enrol(
        town,
        draws,
        90,
        purse=lambda _: own_firm(town, draws) if draws.chance(0.5) else own_card(town, draws),
        place=lambda _: town.place(draws, draws.dice.choice(("cloud", "office", "home"))),
        client=lambda _: town.install(
            draws, draws.dice.choice(("sdk-python", "sdk-node", "requests", "curl"))
        ),
        rhythm=lambda _: Rhythm("office", town.zone(draws), 0.3),
        per_day=(0.6, 1.0),
        new=0.0,
        model=lambda _: ModelChoice(
            "alder-1", max(town.released, mailed) + draws.dice.expovariate(1 / (30 * HOUR))
        ),
    )
    prompts = {
        m.number: speak(draws.dice, "{Doing} the {plain} for {who}. {sentence} Answer in {1..5} lines.")
        for m in members
    }

    def talk(member: Member, begin: float) -> list[Exchange]:
        dice = draws.dice
        system = prompts[member.number]
        if mailed < begin < member.model.moves_at and draws.chance(0.6):
            text = _OLD.format(model="alder-2", prompt=system)
            return list(ask(text, reply(dice, text, sentences=4)))
        text = paragraph(dice)
        return list(ask(text, reply(dice, text, sentences=3), system))

    return group("deprecation_week", "migration", members, calls_of(town, draws, members, talk))
