"""People who come through the same door: a give-away of credits, gift cards, family plans, an accelerator."""

from __future__ import annotations

from benchmarks.outside.businesses.members import (
    Member,
    Purse,
    enrol,
    in_week,
    joined,
    own_firm,
    somewhere,
)
from benchmarks.outside.businesses.people import anyone, everyday, turns
from benchmarks.outside.businesses.prose import speak
from benchmarks.outside.businesses.schedules import habit
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, chat, group
from benchmarks.outside.businesses.snippets import wish, work
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import HOUR, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply
from benchmarks.outside.words.subjects import DAILY, STUDY

_QUICK_START = (
    "Hello, world!",
    "Say hello in three languages.",
    "Write a haiku about the sea.",
    "Explain recursion to a five-year-old.",
    "Give me five names for a cat.",
    "Summarise the history of {thing} in three sentences.",
)


def credit_giveaway(town: Town, _crowd: Crowd) -> Group:
    """Three hundred people who sign up on the day of a give-away of
    credits: no payment, first the quick-start prompts.

    Most look around once and stay away; a tenth come back with questions of their own.
    """
    draws = town.draws("businesses/credit_giveaway")
    day = in_week(town, 0.35)
    other = everyday(town, draws, subjects=(*DAILY, *STUDY), known=False)
    members = enrol(
        town,
        draws,
        300,
        purse=lambda _: Purse("free"),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, draws.dice.choice(("console", "console", "curl", "sdk-python"))),
        rhythm=lambda _: Rhythm("people", town.zone(draws)),
        per_day=(0.05, 1.6),
        begins=lambda _: min(day + draws.dice.uniform(0, 14 * HOUR), town.end - HOUR),
    )
    first = {m.number: m.begin + draws.dice.expovariate(1 / 400.0) for m in members}

    def times(member: Member) -> list[float]:
        return [first[member.number], *habit(member, draws, since=member.begin + HOUR)]

    def talk(member: Member, begin: float) -> list[Exchange]:
        if begin != first[member.number]:
            return list(other(member, begin))
        tried = draws.dice.sample(_QUICK_START, draws.dice.randint(1, 3))
        sent = []
        for at, text in enumerate(tried):
            said = text.replace("{thing}", speak(draws.dice, "{town}"))
            sent.append(ask(said, reply(draws.dice, said, sentences=3))[0]._replace(after_s=75.0 * at))
        if draws.chance(0.4):
            own = anyone(town, draws)
            sent.append(ask(own, reply(draws.dice, own))[0]._replace(after_s=75.0 * len(sent) + 30))
        return sent

    return group("credit_giveaway", "crowd", members, calls_of(town, draws, members, talk, times))


def gift_cards(town: Town, _crowd: Crowd) -> Group:
    """People who pay with gift cards of one supermarket after a
    holiday: the cards of a batch share a payment token.

    A third of them came this week; otherwise they are as different as the customers of a supermarket.
    """
    draws = town.draws("businesses/gift_cards")
    batches = [town.card(draws) for _ in range(14)]
    members = enrol(
        town,
        draws,
        95,
        purse=lambda _: Purse("pro", payment=draws.dice.choice(batches)),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("evening", 1.0, 1.3),
        per_day=(0.4, 1.0),
        new=0.35,
    )
    return group("gift_cards", "crowd", members, calls_of(town, draws, members, everyday(town, draws)))


def family_plans(town: Town, _crowd: Crowd) -> Group:
    """Forty-five families with two to six accounts each on one card
    and one line: homework, recipes, work, games.
    """
    draws = town.draws("businesses/family_plans")
    homes = []
    for _ in range(45):
        begin = joined(town, draws, 0.15)
        homes += [
            (Purse("pro", payment=town.card(draws)), town.place(draws, "home"), begin, town.zone(draws))
        ] * draws.dice.randint(2, 6)
    members = enrol(
        town,
        draws,
        len(homes),
        purse=lambda n: homes[n][0],
        place=lambda n: homes[n][1] if draws.chance(0.8) else town.place(draws, "mobile"),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda n: Rhythm(draws.dice.choice(("evening", "student", "people")), homes[n][3], 1.3),
        per_day=(0.35, 1.0),
        begins=lambda n: homes[n][2],
    )
    adults, pupils = everyday(town, draws), everyday(town, draws, subjects=STUDY)

    def talk(member: Member, begin: float) -> list[Exchange]:
        return list((pupils if member.number % 3 == 0 else adults)(member, begin))

    return group("family_plans", "crowd", members, calls_of(town, draws, members, talk))


def accelerator_batch(town: Town, _crowd: Crowd) -> Group:
    """Start-ups of one accelerator that got the same credits as the week
    began: new accounts without a card, demo day ahead.
    """
    draws = town.draws("businesses/accelerator_batch")
    house = town.place(draws, "office", 2)
    members = enrol(
        town,
        draws,
        48,
        purse=lambda _: own_firm(town, draws)._replace(payment=None),
        place=lambda n: house if n % 3 == 0 else town.place(draws, draws.dice.choice(("cloud", "home"))),
        client=lambda _: town.install(draws),
        rhythm=lambda _: Rhythm("student", town.zone(draws), 0.8),
        per_day=(1.3, 1.1),
        begins=lambda _: min(in_week(town, 0.05 + draws.dice.expovariate(12)), town.end - HOUR),
    )
    pitches = {
        m.number: speak(
            draws.dice, "You are the assistant of {company}: we help {who} to {doing} the {plain}."
        )
        for m in members
    }

    def talk(member: Member, _begin: float) -> list[Exchange]:
        dice = draws.dice
        if draws.chance(0.4):
            return chat(
                draws, [(text, work(dice)) for text in (wish(dice) for _ in range(turns(draws, 2.0)))]
            )
        text = anyone(town, draws)
        return list(ask(text, reply(dice, text), pitches[member.number]))

    return group("accelerator_batch", "crowd", members, calls_of(town, draws, members, talk))
