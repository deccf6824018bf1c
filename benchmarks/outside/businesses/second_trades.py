"""Shops, agencies, vendors and developers of the second author that start, move or grow about this week."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from benchmarks.outside.businesses.members import (
    Member,
    Purse,
    at_work_and_home,
    enrol,
    everyone_alike,
    in_week,
    mostly,
    own_card,
    own_firm,
    part_of,
    product,
)
from benchmarks.outside.businesses.neighbours import Shared, moved, settled
from benchmarks.outside.businesses.people import Voices
from benchmarks.outside.businesses.second_taking_up import owned, population, wave
from benchmarks.outside.businesses.second_texts import slots
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, chat, group
from benchmarks.outside.calls import Group, Message
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import DAY, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words import answers, coding
from benchmarks.outside.words.documents import document
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.programs import TASKS, Job, job
from benchmarks.outside.words.subjects import OFFICE

SHOP = "Shop data: {x}\nWrite the listing: a title, three bullets, a search description of 150 characters."
CAMPAIGN = listed("""
    Brief: {x}¶Five ads for the client in their tone, each with a headline of at most 30 characters. | From
    this customer's words make a case study teaser of 80 words:¶{x} | Newsletter block about {x}. Two
    versions, A calm, B bold.
""")
DESK = (
    "You help agents of the service desk. Draft the reply; the agent edits it. Sign with the desk's name. "
    "Promise "
    "nothing about refunds. If an order number is missing, ask for it."
)
DEFAULT = "You are a capable assistant. Follow the developer's instructions exactly. If unsure, say so."
REVIEW = (
    "Review this change for the maintainers. List at most five findings as `file:line - remark`, gravest "
    "first, and "
    "end with APPROVE, COMMENT or BLOCK.\n\nTitle: {t}\n\n{x}"
)
JUDGE = listed("""
    Criterion: {c}. Input: {q} Output: {r}¶Pass or fail, with a quote as proof. | You check outputs for a
    customer. {c}?¶Input: {q}¶Output: {r}¶Answer 1-5 and one reason. | Compare with the expected
    behaviour "{c}".¶<in>{q}</in>¶<out>{r}</out>¶verdict:
""")
CRITERIA = listed("""
    keeps to the refund policy | does not invent prices | answers in the user's language | names a next
    step | no medical advice | cites the manual | apologises once at most | stays under 120 words
""")


def shop_plugin(town: Town, _crowd: Crowd) -> Group:
    """A plug-in of a shop system opens a free account for each shop at its first use; an update in the days
    before the week put it into every new installation. Calls come from two hosting firms.
    """
    draws = town.draws("second/shop_plugin")
    size = town.sized(240)
    when = wave(town, draws, size, town.start - 3 * DAY, in_week(town, 0.95), new=0.92)
    hosts = [town.place(draws, "cloud", 60) for _ in range(2)]
    plugin = product(town, draws, "requests", own="MarktStand-Listing/1.{v}", temperature=0.6, max_tokens=600)
    model = mostly(town, draws, 1.0)

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        made: list[Exchange] = []
        for i in range(min(int(draws.dice.paretovariate(0.9)), 60)):
            asked = slots(SHOP, x=document(draws.dice, "product_row"))
            said = answers.reply(draws.dice, asked, sentences=4.0)
            made.append(ask(asked, said)[0]._replace(after_s=9.0 * i))
        return made

    return population(
        town, draws, "shop_plugin", "application", when, talk, purse=lambda _: Purse("free"),
        place=lambda _: part_of(draws.dice.choice(hosts), draws, 2), client=lambda _: plugin,
        rhythm=lambda _: Rhythm("people", town.zone(draws), 0.7), per_day=(0.8, 1.0), aside=0.0,
        model=model, known=False, tool=True,
    )  # fmt: skip


def client_cards(town: Town, _crowd: Crowd) -> Group:
    """An advertising agency with an account for every client, each on the client's own card and domain;
    three of its people work through all of them from one office, and a pitch won fourteen new ones.
    """
    draws = town.draws("second/client_cards")
    size, zone = town.sized(42), town.zone(draws)
    when = wave(town, draws, size, town.start - 5 * DAY, in_week(town, 0.6), new=0.45)
    office, program = town.place(draws, "office", 2), town.install(draws, "console")
    briefs = owned(draws, CAMPAIGN, 0.5)

    def talk(member: Member, _begin: float) -> list[Exchange]:
        rule = draws.dice.choice(("review", "product_row"))
        turns = []
        for _ in range(draws.dice.choice((1, 2, 3, 4))):
            asked = slots(briefs(member.number), x=document(draws.dice, rule))
            turns.append((asked, answers.reply(draws.dice, asked, sentences=7.0)))
        return chat(draws, turns)

    return population(
        town, draws, "client_cards", "contracted", when, talk, purse=lambda _: own_firm(town, draws),
        place=lambda _: office, client=lambda _: program, rhythm=lambda _: Rhythm("office", zone, 0.1),
        per_day=(2.0, 0.8), aside=0.0,
    )  # fmt: skip


def service_desk(town: Town, _crowd: Crowd) -> Group:
    """The service desk of a chain gets its seats in two waves, the second this week: one organisation, one
    card, one system prompt, and the tickets of very different customers.
    """
    draws = town.draws("second/service_desk")
    size, zone = town.sized(160), town.zone(draws)
    when = wave(town, draws, size, in_week(town, 0.15), in_week(town, 0.45), new=0.7, early=2.0)
    chain = Purse("scale", town.org(draws), town.card(draws), town.company(draws)[1])
    office = town.place(draws, "office", 3)
    program = product(town, draws, "sdk-node", own="deskmate/0.{v}", temperature=0.2, max_tokens=700)

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        ticket = document(draws.dice, draws.dice.choice(("ticket", "ticket", "mail")))
        turns = [(ticket, answers.reply(draws.dice, ticket, sentences=4.0))]
        if draws.chance(0.3):
            turns.append(("shorter, and offer a call", answers.reply(draws.dice, ticket, sentences=2.0)))
        return chat(draws, turns, DESK, known=False)

    return population(
        town, draws, "service_desk", "application", when, talk, purse=everyone_alike(chain),
        place=lambda _: at_work_and_home(town, draws, office, 0.15), client=lambda _: program,
        rhythm=lambda _: Rhythm("people", zone, 0.6), per_day=(13.0, 0.5), aside=0.0,
        model=mostly(town, draws, 1.0), tool=True,
    )  # fmt: skip


def sdk_default(town: Town, _crowd: Crowd) -> Group:
    """Developers with nothing in common whose programs began to send the same system prompt and temperature
    this week, because a new version of the SDK has these as defaults.
    """
    draws = town.draws("second/sdk_default")
    size = town.sized(200)
    when = wave(town, draws, size, in_week(town, 0.15), in_week(town, 1.2), new=0.2, early=1.2)
    jobs: dict[int, Job] = {}
    before = [town.install(draws, "sdk-python") for _ in range(size)]
    after = [product(town, draws, "sdk-python", temperature=0.6, max_tokens=4096) for _ in range(size)]

    def talk(member: Member, begin: float) -> list[Exchange]:
        if member.number not in jobs:
            made = job(draws.dice, town.company(draws)[0], draws.dice.choice(TASKS))
            jobs[member.number] = made._replace(system=None)
        runs: list[Exchange] = []
        for i in range(draws.dice.choice((1, 1, 2, 5))):
            messages, output = jobs[member.number].run(draws.dice)
            opening: list[Message] = [("system", DEFAULT)] if when.at_it(member.number, begin) else []
            runs.append(Exchange((*opening, *messages), output, 4.0 * i))
        return runs

    members = enrol(
        town, draws, size, purse=lambda _: own_card(town, draws),
        place=lambda _: town.place(draws, draws.dice.choice(("cloud", "cloud", "home", "office"))),
        client=lambda i: before[i], rhythm=lambda _: Rhythm("people", town.zone(draws), 0.6),
        per_day=(2.5, 1.1), begins=lambda i: when.starts[i] if when.fresh[i] else town.reference_start,
    )  # fmt: skip
    number = {member.account.id: member.number for member in members}
    calls = []
    for call in calls_of(town, draws, members, talk):
        i = number[call.account.id]
        updated = after[i].at(call.ts, town.start) if when.at_it(i, call.ts) else call.client
        calls.append(msgspec.structs.replace(call, client=updated))
    return group("sdk_default", "migration", members, calls)


def own_cloud_move(town: Town, _crowd: Crowd) -> Group:
    """A firm moves its departments' assistants from another vendor to us in the week; running conversations
    come along, so that histories hold turns another model wrote.
    """
    draws = town.draws("second/own_cloud_move")
    size, zone = town.sized(55), town.zone(draws)
    when = wave(town, draws, size, in_week(town, 0.3), in_week(town, 0.6), new=1.0)
    firm = Purse("scale", town.org(draws), town.card(draws), town.company(draws)[1])
    cloud = town.place(draws, "cloud", 6)
    program = product(town, draws, "sdk-java", temperature=0.4, stream=True)

    voices = Voices(town, draws, OFFICE, draws.dice.choice(("en", "en", "de", "fr", "es")))

    def talk(member: Member, begin: float) -> list[Exchange]:
        voice = voices.of(member.number)
        asked = voice.ask(draws.dice)
        turns = [(asked, answers.reply(draws.dice, asked, tongue=voice.tongue, sentences=4.0))]
        while draws.chance(0.5):
            again = draws.dice.choice(("and for the other site?", "shorter", voice.follow(draws.dice)))
            turns.append((again, answers.reply(draws.dice, again, tongue=voice.tongue, sentences=3.0)))
        said = chat(draws, turns, f"Assistant of department {member.number % 14}. Internal use only.")
        old = begin - when.starts[member.number] < 1.5 * DAY and draws.chance(0.6)
        return said[len(said) // 2 :] if old else said

    return population(
        town, draws, "own_cloud_move", "migration", when, talk, purse=everyone_alike(firm),
        place=lambda _: cloud, client=lambda _: program, rhythm=lambda _: Rhythm("office", zone, 0.1),
        per_day=(9.0, 0.9), aside=0.0, model=mostly(town, draws, 0.9),
    )  # fmt: skip


def young_reseller(town: Town, crowd: Crowd) -> Group:
    """A reseller that opened this week: its customers are people of all sorts who keep their habits, but
    their accounts hang on four cards of the reseller and come through its gateway.
    """
    draws = town.draws("second/young_reseller")
    gateway, cards = town.place(draws, "cloud", 3), [town.card(draws) for _ in range(4)]
    domain, begin = town.company(draws)[1], in_week(town, 0.1)
    client = product(town, draws, "sdk-go", own="portway/0.{v}", stream=True)

    def shared(number: int) -> Shared:
        purse = Purse("pay-as-you-go", None, cards[number % len(cards)], domain)
        return Shared(gateway, 1.0, purse, client if draws.chance(0.7) else None)

    people = []
    for person, calls in moved(town, crowd, draws, town.sized(150), shared):
        opened = begin + draws.dice.random() * 4 * DAY
        account = msgspec.structs.replace(person, created=opened)
        later = [msgspec.structs.replace(call, account=account) for call in calls if call.ts >= opened]
        people.append((account, later))
    return settled(town, "young_reseller", "reseller", people)


def checking_start_up(town: Town, _crowd: Crowd) -> Group:
    """A start-up that checks the outputs of its customers' assistants: an account per project on its own
    card, one cloud, its three judging prompts; two big projects began this week.
    """
    draws = town.draws("second/checking_start_up")
    size = town.sized(34)
    when = wave(town, draws, size, town.start - 2 * DAY, in_week(town, 0.7), new=0.6)
    firm = Purse("scale", None, town.card(draws), town.company(draws)[1])
    cloud = town.place(draws, "cloud", 5)
    program = town.install(draws, "sdk-python", temperature=0.0, response_format="json_object")
    criteria = [draws.some(CRITERIA, 1, 4) for _ in range(size)]

    def talk(member: Member, _begin: float) -> Sequence[Exchange]:
        judged: list[Exchange] = []
        for i in range(min(int(draws.lognormal(14.0, 0.9)), 150)):
            asked = document(draws.dice, "ticket")
            reply, rule = (
                answers.reply(draws.dice, asked, sentences=3.0),
                draws.dice.choice(criteria[member.number]),
            )
            told = slots(JUDGE[member.number % 3], c=rule, q=asked, r=reply)
            judged.append(ask(told, answers.verdict(draws.dice, reply, 5))[0]._replace(after_s=2.5 * i))
        return judged

    return population(
        town, draws, "checking_start_up", "evaluation", when, talk, purse=everyone_alike(firm),
        place=lambda _: cloud, client=lambda _: program, rhythm=lambda _: Rhythm("always"),
        per_day=(2.5, 0.6), aside=0.0, known=False, model=mostly(town, draws, 1.0),
    )  # fmt: skip


def review_bots(town: Town, _crowd: Crowd) -> Group:
    """Open-source projects that put a popular review bot into their pipelines after its 1.0 this week, each
    with a maintainer's own key, all from the runners of one hosting service.
    """
    draws = town.draws("second/review_bots")
    size = town.sized(140)
    when = wave(town, draws, size, in_week(town, 0.2), in_week(town, 1.1), new=0.5, early=1.8)
    runners = town.place(draws, "cloud", 400)
    bot = product(town, draws, "sdk-node", own="second-look/1.{v} (ci)", temperature=0.1, max_tokens=1200)
    prompt = owned(draws, (REVIEW,), 0.7)

    def talk(member: Member, _begin: float) -> Sequence[Exchange]:
        language = ("python", "typescript", "sql")[member.number % 3]
        seen: list[Exchange] = []
        for i in range(min(int(draws.dice.paretovariate(1.1)), 25)):
            diff = f"+++ {coding.path(draws.dice)}\n{coding.snippet(draws.dice, language)}"
            asked = slots(
                prompt(member.number),
                t=f"{draws.dice.choice(coding.VERBS)} {draws.dice.choice(coding.NOUNS)}s",
                x=diff,
            )
            said = answers.reply(draws.dice, diff, sentences=4.0)
            seen.append(
                ask(asked, said + draws.dice.choice(("\nAPPROVE", "\nCOMMENT", "\nBLOCK")))[0]._replace(
                    after_s=40.0 * i
                )
            )
        return seen

    return population(
        town, draws, "review_bots", "application", when, talk, purse=lambda _: own_card(town, draws),
        place=lambda _: part_of(runners, draws, 40), client=lambda _: bot,
        rhythm=lambda _: Rhythm("evening", town.zone(draws), 1.2), per_day=(1.4, 1.1), aside=0.0,
        model=mostly(town, draws, 0.7), known=False, tool=True,
    )  # fmt: skip
