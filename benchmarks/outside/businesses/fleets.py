"""Companies with many accounts: one per employee, department, store, tenant or project, all on one bill."""

from __future__ import annotations

from benchmarks.outside.businesses.members import (
    Member,
    at_work_and_home,
    behind,
    enrol,
    everyone_alike,
    in_week,
    joined,
    mostly,
    one_purse,
    part_of,
    product,
    rollout,
)
from benchmarks.outside.businesses.papers import fill, paper
from benchmarks.outside.businesses.people import anyone, everyday
from benchmarks.outside.businesses.prose import article, question, speak
from benchmarks.outside.businesses.schedules import active, habit
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, chat, group
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import DAY, HOUR, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply
from benchmarks.outside.words.listing import listed

_ASSISTANT = (
    "You are {name}, the internal assistant of {company}. The user is a member of staff. Do not give "
    "legal advice, do not repeat customer data, and refer to the handbook where it applies. Today's "
    "office: {town}."
)


def company_staff(town: Town, _crowd: Crowd) -> Group:
    """A consultancy that gave every employee an account: one organisation, one bill, one internal assistant.

    They work in two offices and partly from home; a new department is switched on in the current week.
    """
    draws = town.draws("businesses/company_staff")
    office, second = town.place(draws, "office", 4), town.place(draws, "office", 2)
    system = fill(draws.dice, _ASSISTANT, name="Ask Corven")
    purse = one_purse(town, draws)
    portal = product(town, draws, "sdk-node", own="corven-portal/7.{v}", temperature=0.5)
    members = enrol(
        town,
        draws,
        200,
        purse=everyone_alike(purse),
        place=lambda n: at_work_and_home(town, draws, office if n % 4 else second, 0.2),
        client=lambda _: portal,
        rhythm=lambda n: Rhythm("office", 1.0 if n % 4 else 0.0, 0.06),
        model=mostly(town, draws, 1.0),
        per_day=(0.45, 1.1),
        # The last forty people are the department that joins on the second morning of the week.
        begins=lambda n: (
            joined(town, draws, 0.02) if n < 160 else in_week(town, 0.2 + 0.5 * draws.dice.betavariate(1, 3))
        ),
    )
    talk = everyday(
        town, draws, subjects=("work", "language", "marketing", "law and money", "data"), system=system
    )
    return group("company_staff", "application", members, calls_of(town, draws, members, talk))


_LETTER = (
    "Write the discharge letter for the family doctor from the notes below. Sections: diagnosis, "
    "course, medication, follow-up. Plain language, no abbreviations, at most 250 words. Ward: "
    "{ward}.\n\nNotes:\n{notes}"
)
_WARDS = listed("""
    cardiology | surgery | geriatrics | paediatrics | neurology | emergency | oncology | orthopaedics |
    maternity | urology
""")


def hospital_wards(town: Town, _crowd: Crowd) -> Group:
    """A hospital group with one account per ward; all fill the same
    letter forms from their notes, before noon.
    """
    draws = town.draws("businesses/hospital_wards")
    lines = town.place(draws, "office", 3)
    purse = one_purse(town, draws, "team")
    client = product(town, draws, "sdk-java", own="wardbook/11.{v}", temperature=0.0, max_tokens=900)
    model = town.model(draws, tier="main", moves=0.1)
    members = enrol(
        town,
        draws,
        45,
        opened=rollout(town, draws, 40),
        purse=everyone_alike(purse),
        place=lambda _: lines,
        client=lambda _: client,
        rhythm=lambda _: Rhythm("office", 1.0, 0.5),
        per_day=(3.0, 0.7),
        new=0.0,
        model=lambda _: model,
    )

    def talk(member: Member, _begin: float) -> tuple[Exchange]:
        notes = "\n".join(paper(draws.dice, "note") for _ in range(draws.dice.randint(2, 5)))
        ward = f"{_WARDS[member.number % len(_WARDS)]} {member.number // len(_WARDS) + 1}"
        return ask(_LETTER.format(ward=ward, notes=notes), reply(draws.dice, notes, sentences=8))

    return group("hospital_wards", "application", members, calls_of(town, draws, members, talk))


_SHIFT_REPORT = (
    "Summarise today's store report for the area manager in four lines: sales, stock, staff, "
    "incidents.\nStore {store}, {town}. {date}.\n{lines}"
)


def store_chain(town: Town, _crowd: Crowd) -> Group:
    """A retail chain with an account per store: every store sends its
    report after closing and some labels by day.

    Stores sit behind their own lines; the till vendor's program, the form and the bill are the same.
    """
    draws = town.draws("businesses/store_chain")
    purse = one_purse(town, draws)
    model = town.model(draws, tier="small")
    isps = draws.dice.sample(town.networks.isps, 3)  # the chain has contracts with three operators
    members = enrol(
        town,
        draws,
        160,
        opened=rollout(town, draws, 72),
        purse=everyone_alike(purse),
        place=lambda n: behind(isps[n % 3], draws, 1),
        client=lambda _: product(
            town, draws, "sdk-go", own="tillpoint/4.{v} (store)", temperature=0.2, max_tokens=300
        ),
        rhythm=lambda _: Rhythm("people", draws.dice.choice((0.0, 1.0))),
        per_day=(1.0, 0.0),
        new=0.03,
        model=lambda _: model,
    )

    def times(member: Member) -> list[float]:
        closing = 20.0 - member.rhythm.zone_h
        days = range(int(member.begin // DAY), int(member.end // DAY) + 1)
        due = [day * DAY + closing * HOUR + draws.dice.expovariate(1 / 900) for day in days]
        open_days = [ts for ts in due if (ts // DAY + 3) % 7 < 6]  # closed on Sundays
        return active(member, open_days) + habit(member, draws, 0.4)

    def talk(member: Member, begin: float) -> tuple[Exchange]:
        dice = draws.dice
        if begin % DAY / HOUR + member.rhythm.zone_h < 19.9:
            row = paper(dice, "product")
            return ask(f"Write the shelf label (max 12 words) for: {row}", paper(dice, "blurb"))
        lines = "\n".join(
            fill(
                dice,
                dice.choice(
                    (
                        "till {1..6}: {money}",
                        "{goods} sold out",
                        "{first} sick, {last} took over",
                        "return {code}: {goods} {fault}",
                        "visitors {40..900}",
                    )
                ),
            )
            for _ in range(dice.randint(4, 10))
        )
        text = fill(dice, _SHIFT_REPORT, store=f"S{member.number:03d}", lines=lines)
        return ask(text, reply(dice, lines, sentences=4))

    return group("store_chain", "application", members, calls_of(town, draws, members, talk, times))


_TENANT_PROMPT = (
    "You are the assistant of {house}, a property manager using Keyring. Answer tenants politely. "
    "Known facts: {facts}"
)


def provisioned_tenants(town: Town, _crowd: Crowd) -> Group:
    """A property-management SaaS that opens one account per tenant company for its own accounting.

    All accounts have the SaaS's organisation, card and servers; tenants that sign up this week get new ones.
    """
    draws = town.draws("businesses/provisioned_tenants")
    servers = town.place(draws, "cloud", 8)
    purse = one_purse(town, draws)
    worker = product(
        town, draws, "sdk-python", own="keyring-backend/{v}.{p}", temperature=0.3, max_tokens=800, stream=True
    )
    model = town.model(draws)
    members = enrol(
        town,
        draws,
        130,
        purse=everyone_alike(purse),
        place=lambda _: part_of(servers, draws, 8),
        client=lambda _: worker,
        rhythm=lambda _: Rhythm("people", town.zone(draws), 0.5),
        per_day=(0.6, 1.3),
        new=0.12,
        model=lambda _: model,
    )
    prompts = {
        m.number: _TENANT_PROMPT.format(
            house=fill(draws.dice, "{company}"),
            facts=fill(draws.dice, "office {clock} to {clock}, {street}, {town}, caretaker {person}"),
        )
        for m in members
    }

    def talk(member: Member, _begin: float) -> list[Exchange]:
        first = question(draws.dice, ("tenancy",)) if draws.chance(0.4) else anyone(town, draws, ("house",))
        said = [first] + [speak(draws.dice, "{sentence}", ("tenancy",))] * draws.chance(0.4)
        answers = [(text, reply(draws.dice, text, sentences=4)) for text in said]
        return chat(draws, answers, prompts[member.number])

    return group("provisioned_tenants", "application", members, calls_of(town, draws, members, talk))


def project_accounts(town: Town, _crowd: Crowd) -> Group:
    """An engineering firm that opens an account per client project; work is mixed and uneven."""
    draws = town.draws("businesses/project_accounts")
    office = town.place(draws, "office", 2)
    purse = one_purse(town, draws, "team")
    members = enrol(
        town,
        draws,
        34,
        purse=everyone_alike(purse),
        place=lambda _: office,
        client=lambda _: town.install(draws),
        rhythm=lambda _: Rhythm("office", 2.0, 0.1),
        per_day=(1.6, 1.3),
        new=0.15,
    )
    talk = everyday(
        town, draws, subjects=("engineering", "work", "data", "programming", "language"), mean_turns=2.2
    )
    return group("project_accounts", "application", members, calls_of(town, draws, members, talk))


_BRIEFING = (
    "Summarise for a member of parliament who has one minute. Neutral, past tense, {words} words, no "
    "adjectives."
)


def ministry_desks(town: Town, _crowd: Crowd) -> Group:
    """The desks of a regional administration, one account each, behind
    one gateway; all use the shared briefing form.
    """
    draws = town.draws("businesses/ministry_desks")
    gateway = town.place(draws, "office", 1)
    purse = one_purse(town, draws)
    client = product(town, draws, "sdk-java", temperature=0.1, max_tokens=600)
    members = enrol(
        town,
        draws,
        60,
        opened=rollout(town, draws, 3),
        purse=everyone_alike(purse),
        place=lambda _: gateway,
        client=lambda _: client,
        rhythm=lambda _: Rhythm("office", 1.0, 0.0),
        model=mostly(town, draws, 1.0),
        per_day=(1.1, 0.9),
        new=0.0,
    )

    def talk(_member: Member, _begin: float) -> tuple[Exchange]:
        source = article(draws.dice, ("energy", "road", "farm", "clinic", "tenancy", "history"))
        return ask(
            source,
            reply(draws.dice, source, sentences=4),
            _BRIEFING.format(words=draws.dice.choice((80, 120, 150))),
        )

    return group("ministry_desks", "application", members, calls_of(town, draws, members, talk))
