"""What spreads from person to person: viral prompts, prompt packs, talks, shared characters."""

from __future__ import annotations

from benchmarks.outside.businesses.fiction import story, tale
from benchmarks.outside.businesses.members import (
    Member,
    behind,
    enrol,
    free_or_card,
    in_week,
    joined,
    own_card,
    part_of,
    product,
    somewhere,
)
from benchmarks.outside.businesses.people import anyone, conversation, everyday, turns
from benchmarks.outside.businesses.prose import one_field, speak
from benchmarks.outside.businesses.schedules import active, habit
from benchmarks.outside.businesses.scripts import sentences, vocabulary
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, chat, group
from benchmarks.outside.calls import Group, Message
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import HOUR, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.voices import Voice

_VIRAL = (
    "Based on everything you know about me, describe my life in 2050 as a museum label. I am {first}, "
    "I love the {plain} and I never managed to {doing} the {plain}. Be brutally honest."
)


def viral_prompt(town: Town, _crowd: Crowd) -> Group:
    """People who all try the prompt that went viral this week: the same
    sentence with their own details, for two days.

    Most have used the lab for other things for a long time; some signed up for the joke.
    """
    draws = town.draws("businesses/viral_prompt")
    peak = in_week(town, 0.3)

    def begins(_number: int) -> float:
        if draws.chance(0.3):
            return min(peak + draws.dice.expovariate(1 / (20 * HOUR)), town.end - HOUR)
        return joined(town, draws, 0.05)

    members = enrol(
        town,
        draws,
        260,
        purse=lambda _: free_or_card(town, draws, 0.6),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("people", town.zone(draws), 1.1),
        per_day=(0.1, 1.0),
        begins=begins,
    )
    other = everyday(town, draws)
    tries = {m.number: max(m.begin, peak) + draws.dice.expovariate(1 / (14 * HOUR)) for m in members}

    def talk(member: Member, begin: float) -> list[Exchange]:
        if begin != tries[member.number]:
            return list(other(member, begin))
        said = [speak(draws.dice, _VIRAL)]
        said += [
            draws.dice.choice(("nicer please", "now for my sister", "even worse", "lol why"))
        ] * draws.chance(0.4)
        return chat(draws, [(text, reply(draws.dice, text, sentences=4)) for text in said])

    def times(member: Member) -> list[float]:
        return [*habit(member, draws), tries[member.number]]

    return group("viral_prompt", "crowd", members, calls_of(town, draws, members, talk, times))


_PACK = (
    "Act as my personal {role} with 20 years of experience. First ask me nothing. Topic: {topic}. "
    "Deliver: summary, mistakes to avoid, 7-day plan.",
    "You are a world-class {role}. Use the pyramid method on: {topic}",
    "Ultra mode. {role}. Explain {topic} with one analogy, one table, one quiz.",
    "Play devil's advocate as a {role}: {topic}. Then answer yourself. Then decide.",
    "Give me the 80/20 of {topic} like a {role} who hates jargon.",
)
_ROLES = listed("""
    strategist | coach | professor | copywriter | negotiator | nutritionist | architect | analyst |
    historian | tailor
""")


def prompt_pack_buyers(town: Town, _crowd: Crowd) -> Group:
    """Buyers of a pack of prompts on a marketplace: the same five forms filled with their own topics."""
    draws = town.draws("businesses/prompt_pack_buyers")
    members = enrol(
        town,
        draws,
        105,
        purse=lambda _: own_card(town, draws, draws.dice.choice(("pro", "pay-as-you-go"))),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("evening", town.zone(draws), 1.1),
        per_day=(0.4, 1.0),
        new=0.2,
    )
    voices = {m.number: (Voice(draws.dice, prompts=town.prompts), one_field(draws.dice)) for m in members}

    def talk(member: Member, _begin: float) -> list[Exchange]:
        dice = draws.dice
        voice, field = voices[member.number]
        if draws.chance(0.35):
            return chat(draws, conversation(draws, voice, turns(draws, 1.6)))
        text = dice.choice(_PACK).format(
            role=dice.choice(_ROLES), topic=speak(dice, "{doing} the {plain}", field)
        )
        return chat(draws, [(text, reply(dice, text, sentences=9))])

    return group("prompt_pack_buyers", "crowd", members, calls_of(town, draws, members, talk))


_TALK = (
    (
        "Before answering, write your reasoning as a ledger with the columns claim, evidence, doubt. "
        "Then answer. Task: {task}"
    ),
    "Ledger first (claim | evidence | doubt), then the answer: {task}",
    "use the ledger method from the talk. {task}",
)


def conference_talk(town: Town, _crowd: Crowd) -> Group:
    """Developers after a conference talk on a way to prompt: they all
    try it on their own tasks, and show reasoning.

    Half still sit in the venue on its network that afternoon; the others follow the stream.
    """
    draws = town.draws("businesses/conference_talk")
    venue = town.place(draws, "office", 2)
    spoken = in_week(town, 0.35)
    members = enrol(
        town,
        draws,
        130,
        purse=lambda _: own_card(town, draws, draws.dice.choice(("pro", "team", "pay-as-you-go"))),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws),
        rhythm=lambda _: Rhythm("office", draws.dice.choice((0.0, 1.0, 2.0)), 0.3),
        per_day=(0.25, 1.0),
        new=0.06,
    )
    other = everyday(town, draws, subjects=("programming", "data", "systems", "work"))

    def times(member: Member) -> list[float]:
        after = [spoken + draws.dice.expovariate(1 / (8 * HOUR)) for _ in range(draws.dice.randint(1, 4))]
        return habit(member, draws) + active(member, after)

    def talk(member: Member, begin: float) -> list[Exchange]:
        if not spoken <= begin < spoken + 30 * HOUR or draws.chance(0.2):
            return list(other(member, begin))
        task = anyone(town, draws, ("programming", "data", "systems", "work"))
        text = draws.dice.choice(_TALK).format(task=task)
        return list(ask(text, reply(draws.dice, text, sentences=9)))

    # Those at the venue use its network from the talk until the evening, their own before and after.
    here = [m for m in members if m.number % 2 == 0]
    there = [m._replace(begin=max(m.begin, spoken), place=venue, end=spoken + 5 * HOUR) for m in here]
    before = [m._replace(end=min(m.end, spoken)) for m in here]
    after = [m._replace(begin=max(m.begin, spoken + 5 * HOUR)) for m in here]
    away = [m for m in members if m.number % 2]
    calls = calls_of(town, draws, [*away, *there], talk, times) + calls_of(
        town, draws, [*before, *after], talk
    )
    return group("conference_talk", "crowd", members, calls)


_CARD = (
    "Continue the roleplay as {name}. Never speak for the user. Third person, past tense, two to four "
    "paragraphs, slow pace.\n[{name}: {trait} {role}; lives near {spot}; wants to {wants}; fears the "
    "sea; hides a scar]\n[Style: sensory, no summaries, no lists]"
)


def character_card(town: Town, _crowd: Crowd) -> Group:
    """Hobbyists who play with the same free character card in an open-source front end, mostly at night.

    Histories are long, and hold replies that other models wrote, since people switch models in the middle.
    """
    draws = town.draws("businesses/character_card")
    names = [story(draws.dice, "{first}") for _ in range(3)]
    cards = [story(draws.dice, _CARD, name=name) for name in names]
    members = enrol(
        town,
        draws,
        120,
        purse=lambda _: own_card(town, draws),
        place=lambda _: somewhere(town, draws),
        client=lambda _: product(
            town,
            draws,
            "sdk-node",
            own="lantern-tavern/1.{v}.{p}",
            temperature=draws.dice.choice((0.9, 1.0, 1.1)),
            max_tokens=600,
            stream=True,
        ),
        rhythm=lambda _: Rhythm("night", town.zone(draws), 1.3),
        per_day=(0.25, 1.0),
        new=0.15,
    )

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        dice = draws.dice
        which = dice.randrange(len(cards))
        name = names[which]
        history: list[Message] = [("system", cards[which]), ("assistant", tale(dice, "scene", name))]
        for _ in range(dice.choice((0, 0, 0, 2, 4))):  # an older story, written with another model
            history += [("user", tale(dice, "player", name)), ("assistant", tale(dice, "scene", name))]
        sent, after = [], 0.0
        for _ in range(turns(draws, 4.0)):
            history.append(("user", tale(dice, "player", name)))
            scene = tale(dice, "scene", name)
            sent.append(Exchange((history[0], *history[1:][-10:]), scene, after))
            history.append(("assistant", scene))
            after += draws.lognormal(110.0, 0.6)
        return sent

    return group("character_card", "crowd", members, calls_of(town, draws, members, talk))


def rare_language(town: Town, _crowd: Crowd) -> Group:
    """People who write in a language with an alphabet of its own; a
    few carriers serve them, and they share words.

    They ask for everyday things, so that only language and network join them.
    """
    draws = town.draws("businesses/rare_language")
    words = vocabulary(draws.dice, draws.dice.choice(("mkhedruli", "syllabics", "tifinagh", "nko")), 900)
    lines = [behind(carrier, draws, 5) for carrier in draws.dice.sample(town.networks.carriers, 2)]
    members = enrol(
        town,
        draws,
        85,
        purse=lambda _: free_or_card(town, draws, 0.5),
        place=lambda n: town.place(draws, "home") if n % 3 == 0 else part_of(lines[n % 2], draws, 3),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("people", 4.0),
        per_day=(0.3, 1.0),
        new=0.12,
    )

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        said = [
            (sentences(draws.dice, words, 1, 3), sentences(draws.dice, words, 2, 8))
            for _ in range(turns(draws, 1.8))
        ]
        return chat(draws, said)

    return group("rare_language", "crowd", members, calls_of(town, draws, members, talk))
