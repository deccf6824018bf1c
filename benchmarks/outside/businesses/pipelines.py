"""Work that looks like harvesting from afar: outputs that return as inputs, replays, shared lists, churn."""

from __future__ import annotations

from benchmarks.outside.businesses.members import (
    Member,
    enrol,
    in_week,
    mostly,
    one_purse,
    own_card,
    own_firm,
    product,
    somewhere,
)
from benchmarks.outside.businesses.papers import fill, paper
from benchmarks.outside.businesses.people import Voices, anyone, besides, conversation, turns
from benchmarks.outside.businesses.prose import article, one_field, paragraph, speak, title
from benchmarks.outside.businesses.schedules import active, habit
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, chat, group
from benchmarks.outside.calls import Group, Message
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import DAY, HOUR, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply, verdict
from benchmarks.outside.words.subjects import OFFICE

_BOT = "You are the web assistant of {brand}. Help with orders, returns and opening hours. Max 80 words."
_REVIEW = (
    "Check this reply of our web assistant before it goes into the monthly report. Tone, facts, "
    "length: pass or fail each, then one sentence.\n\nCustomer: {ticket}\n\nAssistant: {answer}"
)


def transcript_quality(town: Town, _crowd: Crowd) -> Group:
    """A retail group whose web assistants answer on some accounts
    while its quality team reviews them on others.

    What the model said to a customer therefore comes back hours later
    as input of another account of the group.
    """
    draws = town.draws("businesses/transcript_quality")
    purse, servers, office = (
        one_purse(town, draws),
        town.place(draws, "cloud", 4),
        town.place(draws, "office", 1),
    )
    bot = product(town, draws, "sdk-node", own="frontdesk-bot/4.{v}", temperature=0.3, max_tokens=200)
    brands = [fill(draws.dice, "{company}") for _ in range(24)]
    said: list[tuple[float, str, str]] = []
    model = town.model(draws)
    bots = enrol(
        town,
        draws,
        24,
        purse=lambda _: purse,
        place=lambda _: servers,
        client=lambda _: bot,
        rhythm=lambda _: Rhythm("people", 1.0, 0.8),
        model=lambda _: model,
        per_day=(2.5, 0.8),
        new=0.05,
    )
    reviewers = enrol(
        town,
        draws,
        14,
        purse=lambda _: purse,
        place=lambda _: office,
        client=lambda _: town.install(draws, "sdk-python", temperature=0.0),
        rhythm=lambda _: Rhythm("office", 1.0, 0.0),
        per_day=(1.2, 0.5),
        new=0.05,
    )

    def serve(member: Member, begin: float) -> tuple[Exchange]:
        ticket, answer = paper(draws.dice, "ticket"), paper(draws.dice, "reply")
        said.append((begin, ticket, answer))
        return ask(ticket, answer, _BOT.format(brand=brands[member.number]), end_user=draws.token("v", 6))

    def review(_member: Member, begin: float) -> list[Exchange]:
        recent = [(ticket, answer) for ts, ticket, answer in said if begin - 2 * DAY < ts < begin - HOUR]
        sent = []
        for at, (ticket, answer) in enumerate(draws.some(recent, 1, 5)):
            text = _REVIEW.format(ticket=ticket, answer=answer)
            sent.append(Exchange((("user", text),), reply(draws.dice, text, sentences=2), 8.0 * at))
        return sent

    calls = calls_of(town, draws, bots, serve)
    calls += calls_of(town, draws, reviewers, review)
    return group("transcript_quality", "batch", [*bots, *reviewers], calls)


def provider_switch(town: Town, _crowd: Crowd) -> Group:
    """Firms that consider leaving another lab and replay last month's
    conversations here with a well-known script.

    The stored assistant turns are the other lab's; a replay runs at machine pace, and most firms do it once.
    """
    draws = town.draws("businesses/provider_switch")
    script = product(
        town, draws, "sdk-python", own="Aldermoor/Python 1.{v}.{p} switchkit", temperature=0.0, max_tokens=800
    )
    members = enrol(
        town,
        draws,
        46,
        purse=lambda _: own_firm(town, draws, "pay-as-you-go"),
        place=lambda _: town.place(draws, draws.dice.choice(("cloud", "office"))),
        client=lambda _: script,
        rhythm=lambda _: Rhythm("office", town.zone(draws), 0.1),
        per_day=(0.1, 0.8),
        new=0.35,
    )
    voices = Voices(town, draws, OFFICE)
    systems = {
        m.number: speak(draws.dice, "You help {who} of {company} to {doing} the {plain}.") for m in members
    }

    def times(member: Member) -> list[float]:
        return [draws.dice.uniform(member.begin, member.end) for _ in range(draws.dice.choice((1, 1, 1, 2)))]

    def stored(member: Member) -> tuple[Message, ...]:
        history: list[Message] = [("system", systems[member.number])]
        for asked, _ in conversation(draws, voices.of(member.number), turns(draws, 2.5)):
            history += [
                ("user", asked),
                ("assistant", paragraph(draws.dice, ("office", "software", "money"))),
            ]
        return tuple(history[:-1])

    def talk(member: Member, _begin: float) -> list[Exchange]:
        sent = []
        for at in range(draws.dice.choice((12, 25, 25, 60))):
            messages = stored(member)
            sent.append(Exchange(messages, reply(draws.dice, messages[-1][1]), 2.2 * at))
        return sent

    return group("provider_switch", "evaluation", members, calls_of(town, draws, members, talk, times))


_ROLES = (
    (
        "You are the Planner of a crew. Break the objective into at most five tasks for Worker. Output "
        "a numbered list only."
    ),
    (
        "You are Worker of a crew. Complete the task with the context given. State assumptions. Do not "
        "ask questions."
    ),
    "You are the Critic of a crew. Say what is missing, rate from 1 to 10, and end with APPROVE or REVISE.",
)


def agent_framework(town: Town, _crowd: Crowd) -> Group:
    """Hobbyists and small firms that run the same agent framework: its
    planner, worker and critic talk to each other.

    The three default prompts are the framework's, the objectives are
    everybody's own; the critic grades each result.
    """
    draws = town.draws("businesses/agent_framework")
    members = enrol(
        town,
        draws,
        78,
        purse=lambda _: own_card(town, draws),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "chains", temperature=0.7),
        rhythm=lambda _: Rhythm("people", town.zone(draws), 0.9),
        per_day=(0.22, 1.1),
        new=0.18,
    )

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        dice = draws.dice
        objective, after = f"Objective: {anyone(town, draws)}", 0.0
        sent: list[Exchange] = []
        for step in range(dice.randint(2, 7)):
            system = _ROLES[min(step, 1 + (step + 1) % 2)]
            text = objective if step == 0 else f"{objective}\nContext: {sent[-1].output}"
            output = verdict(dice, text) if system is _ROLES[2] else reply(dice, text)
            sent.append(ask(text, output, system)[0]._replace(after_s=after))
            after += draws.lognormal(14.0, 0.5)
        return sent

    return group("agent_framework", "application", members, calls_of(town, draws, members, talk))


_MANDATE = (
    "Client {client}, mandate {code}. Write the press note in the agency format: lead, quote, "
    "background, contact.\nFacts: {facts}"
)


def rotating_mandates(town: Town, _crowd: Crowd) -> Group:
    """A public-relations agency that opens an account for each mandate and
    closes it with the mandate, after a week or two.

    The same few people do the same kind of work from one office, on accounts that follow each other.
    """
    draws = town.draws("businesses/rotating_mandates")
    purse, office = one_purse(town, draws, "team"), town.place(draws, "office", 2)
    period = town.end - town.reference_start
    members = enrol(
        town,
        draws,
        54,
        purse=lambda _: purse,
        place=lambda _: office,
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("office", 1.0, 0.1),
        per_day=(0.9, 0.6),
        begins=lambda n: town.reference_start + max(0.0, (n - 14) / 40) * period * 0.95,
    )
    members = [
        m._replace(end=min(town.end, m.begin + draws.dice.uniform(0.3, 0.7) * period)) for m in members
    ]
    clients = {
        m.number: (fill(draws.dice, "{company}"), fill(draws.dice, "{code}"), one_field(draws.dice))
        for m in members
    }

    def talk(member: Member, _begin: float) -> list[Exchange]:
        client, code, field = clients[member.number]
        first = _MANDATE.format(
            client=client, code=code, facts=speak(draws.dice, "{sentence} {sentence}", field)
        )
        said = [first] + ["shorter quote, less enthusiastic"] * draws.chance(0.4)
        return chat(draws, [(text, reply(draws.dice, text)) for text in said])

    return group("rotating_mandates", "batch", members, calls_of(town, draws, members, talk))


_LEMMA = (
    "Draft an encyclopedia stub from the notes. Neutral tone, four to six sentences, no adjectives of "
    "praise, mark claims without a source with [source].\nTitle: {title}\nNotes: {notes}"
)


def encyclopedia_volunteers(town: Town, _crowd: Crowd) -> Group:
    """Volunteers of a free encyclopedia in a writing month: a bot
    hands each the next title of one list of stubs.

    They use the same gadget with their own keys; no title is done twice, and nobody else joins them.
    """
    draws = town.draws("businesses/encyclopedia_volunteers")
    members = enrol(
        town,
        draws,
        125,
        purse=lambda _: own_card(town, draws),
        place=lambda _: somewhere(town, draws),
        client=lambda _: product(
            town, draws, "console", own="Mozilla/5.0 ({os}) Chrome/1{v}.0.0.0 StubGadget/0.3", temperature=0.3
        ),
        rhythm=lambda _: Rhythm("evening", town.zone(draws), 1.6),
        model=mostly(town, draws, 0.85),
        per_day=(0.4, 1.2),
        new=0.25,
    )

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        sent = []
        for at in range(draws.dice.randint(1, 4)):
            field = one_field(draws.dice)
            text = _LEMMA.format(
                title=title(draws.dice, field), notes=speak(draws.dice, "{sentence*2..5}", field)
            )
            sent.append(ask(text, paragraph(draws.dice, field))[0]._replace(after_s=260.0 * at))
        return sent

    return group("encyclopedia_volunteers", "application", members, calls_of(town, draws, members, talk))


_AD = (
    "Write my cover letter for this job. Do not invent experience. My CV in short: {cv}\n\nJob "
    "advert:\n{advert}"
)


def job_applicants(town: Town, _crowd: Crowd) -> Group:
    """Applicants to the same twenty adverts of a career fair, who
    paste advert and CV and ask for a cover letter.
    """
    draws = town.draws("businesses/job_applicants")
    fair = in_week(town, 0.5)
    adverts = [
        article(draws.dice, ("office", "software", "shop", "clinic", "energy"), (1, 2)) for _ in range(20)
    ]
    members = enrol(
        town,
        draws,
        115,
        purse=lambda _: own_card(town, draws, "pro"),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("student", 1.0, 1.1),
        per_day=(0.12, 0.9),
        new=0.2,
    )
    lives = {
        m.number: speak(
            draws.dice,
            (
                "{person}, {2..15} years as {first}'s assistant at {company}, {town}; {judgement} with "
                "the {plain}"
            ),
        )
        for m in members
    }

    def times(member: Member) -> list[float]:
        before = [fair - draws.dice.expovariate(1 / DAY) for _ in range(draws.dice.choice((0, 1, 1, 2, 4)))]
        return habit(member, draws) + active(member, before)

    def talk(member: Member, _begin: float) -> list[Exchange]:
        text = _AD.format(cv=lives[member.number], advert=draws.dice.choice(adverts))
        said = [text] + [
            draws.dice.choice(("less formal", "one paragraph shorter", "mention my move"))
        ] * draws.chance(0.5)
        return chat(draws, [(words, reply(draws.dice, words, sentences=8)) for words in said])

    return group(
        "job_applicants",
        "crowd",
        members,
        calls_of(town, draws, members, besides(town, draws, talk, 0.4), times),
    )
