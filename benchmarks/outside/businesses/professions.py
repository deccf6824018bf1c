"""Professions that use the same forms in unrelated firms: lawyers, traders, journalists, call centres."""

from __future__ import annotations

from benchmarks.outside.businesses.members import (
    Member,
    at_work_and_home,
    by_turns,
    enrol,
    everyone_alike,
    mostly,
    one_purse,
    own_card,
    own_firm,
    product,
    rollout,
    somewhere,
)
from benchmarks.outside.businesses.papers import fill, paper
from benchmarks.outside.businesses.people import besides
from benchmarks.outside.businesses.prose import article, speak
from benchmarks.outside.businesses.schedules import active, habit
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, chat, group
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import DAY, HOUR, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply

_FORMS = (
    "Compare the clause with our standard position and rate the deviation low, medium or high. Give "
    "the reason and a counter-proposal.\n\nClause: {text}\n\nStandard position: {standard}",
    "Rewrite the clause in plain language for the client {client}. Keep numbers and deadlines.\n\n{text}",
    "List every deadline, amount and notice period in the following terms as a table.\n\n{text}\n{more}",
    "Draft a short letter to the other side about this clause; matter {matter}.\n\n{text}",
)


def law_firms(town: Town, _crowd: Crowd) -> Group:
    """Unrelated law firms that bought the same set of prompt forms from their practice-software publisher."""
    draws = town.draws("businesses/law_firms")
    members = enrol(
        town,
        draws,
        60,
        purse=lambda _: own_firm(town, draws),
        place=lambda _: town.place(draws, "office"),
        client=lambda _: town.install(
            draws, draws.dice.choice(("console", "console", "sdk-python", "editor"))
        ),
        rhythm=lambda _: Rhythm("office", town.zone(draws), 0.15),
        per_day=(1.3, 1.0),
        new=0.08,
    )

    def talk(_member: Member, _begin: float) -> tuple[Exchange]:
        dice = draws.dice
        text = dice.choice(_FORMS).format(
            text=paper(dice, "clause"),
            more=paper(dice, "clause"),
            standard=paper(dice, "clause"),
            client=fill(dice, "{company}"),
            matter=fill(dice, "{code}"),
        )
        return ask(text, reply(dice, text, sentences=7))

    return group(
        "law_firms", "application", members, calls_of(town, draws, members, besides(town, draws, talk, 0.25))
    )


_TICKERS = (
    "ALDR",
    "BRKW",
    "CNDR",
    "FENN",
    "GLDP",
    "HVNX",
    "KSTR",
    "LRCH",
    "MARL",
    "OAKB",
    "QRRY",
    "RVNA",
    "SLTM",
    "WRNC",
)


def market_open_traders(town: Town, _crowd: Crowd) -> Group:
    """Retail traders who ask about the same shares and the same overnight news when the market opens.

    They read the same newsletter, so many paste its three questions; nothing else joins them.
    """
    draws = town.draws("businesses/market_open_traders")
    days = int((town.end - town.reference_start) / DAY) + 2
    news = [
        [speak(draws.dice, "{sentence}", ("money", "energy", "shop")) for _ in range(6)] for _ in range(days)
    ]
    members = enrol(
        town,
        draws,
        80,
        purse=lambda _: own_card(town, draws, draws.dice.choice(("pro", "pay-as-you-go"))),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws),
        rhythm=lambda _: Rhythm("office", -5.0, 0.0),
        per_day=(0.55, 0.7),
        new=0.12,
    )

    def times(member: Member) -> list[float]:
        days_of = [ts // DAY for ts in habit(member, draws)]
        opening = [day * DAY + 14.5 * HOUR + draws.dice.gauss(0, 420) for day in days_of]
        return active(
            member, (ts if draws.chance(0.75) else ts + draws.dice.uniform(0, 7) * HOUR for ts in opening)
        )

    def talk(_member: Member, begin: float) -> list[Exchange]:
        dice = draws.dice
        ticker, other = dice.sample(_TICKERS, 2)
        item = dice.choice(news[int((begin - town.reference_start) // DAY)])
        asked = dice.choice(
            (
                f"Bull case, bear case and key level for {ticker} today, given: {item}",
                f"What does this mean for {ticker} at the open? {item}",
                f"{ticker} vs {other}, which one reacts more to this: {item}",
                f"is it too late to buy {ticker} after yesterday? {fill(dice, '{percent}')} up",
                fill(
                    dice,
                    f"I hold {{10..900}} {ticker} at {{money}}. Size a hedge with {other}.",
                ),
            )
        )
        said = [asked] + [f"and for {other}?"] * draws.chance(0.3)
        return chat(draws, [(text, reply(dice, text, sentences=5)) for text in said])

    return group(
        "market_open_traders",
        "crowd",
        members,
        calls_of(town, draws, members, besides(town, draws, talk, 0.3), times),
    )


_HOUSE_STYLES = (
    "Summarise the wire story in 90 words, inverted pyramid, present tense headline.",
    "Give me three headlines under 60 characters and a standfirst for this wire copy.",
    "Turn the wire copy into a 40-second radio script.",
    "Bullet the facts, then list what still needs a second source.",
)


def newsrooms(town: Town, _crowd: Crowd) -> Group:
    """Journalists of six newspapers who all receive the same agency
    wires and ask for summaries within minutes.
    """
    draws = town.draws("businesses/newsrooms")
    houses = [
        (own_firm(town, draws), town.place(draws, "office", 2), draws.dice.choice(_HOUSE_STYLES))
        for _ in range(6)
    ]
    days = int((town.end - town.reference_start) / DAY) + 2
    wires = [[article(draws.dice) for _ in range(25)] for _ in range(days)]
    members = enrol(
        town,
        draws,
        75,
        purse=by_turns([h[0] for h in houses]),
        place=lambda n: at_work_and_home(town, draws, houses[n % 6][1], 0.1),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda n: Rhythm("people", (0.0, 0.0, 1.0, 1.0, 2.0, 1.0)[n % 6], 0.5),
        per_day=(1.4, 0.8),
        new=0.05,
    )

    def talk(member: Member, begin: float) -> tuple[Exchange]:
        # The wires of a day come one after the other; an editor takes one of the latest.
        latest = int((begin % DAY) / DAY * 25)
        wire = wires[int((begin - town.reference_start) // DAY)][max(0, latest - draws.dice.randint(0, 3))]
        style = houses[member.number % 6][2] if draws.chance(0.7) else draws.dice.choice(_HOUSE_STYLES)
        return ask(f"{style}\n\n{wire}", reply(draws.dice, wire, sentences=4))

    return group(
        "newsrooms", "crowd", members, calls_of(town, draws, members, besides(town, draws, talk, 0.25))
    )


_AGENT_HELP = (
    "Customer says: {said}\nScript step: {step}\nSuggest what I should say next, max 2 sentences, then "
    "the next step."
)


def call_centre(town: Town, _crowd: Crowd) -> Group:
    """Agents of a call centre on three shifts: one account a seat, one
    line out, one script, even loads by design.
    """
    draws = town.draws("businesses/call_centre")
    office = town.place(draws, "office", 2)
    purse = one_purse(town, draws, "team")
    client = product(
        town, draws, "sdk-node", own="seatside/2.{v}", temperature=0.3, max_tokens=160, stream=True
    )
    model = town.model(draws, tier="small")
    members = enrol(
        town,
        draws,
        90,
        opened=rollout(town, draws, 30),
        purse=everyone_alike(purse),
        place=lambda _: office,
        client=lambda _: client,
        rhythm=lambda n: Rhythm(
            "office", (2.0, 8.0, -6.0)[n % 3], 0.6
        ),  # a shift is an office day at another hour
        per_day=(3.2, 0.25),
        new=0.06,
        model=lambda _: model,
    )

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        steps = draws.dice.sample(
            ("greeting", "identify", "problem", "offer", "close"), draws.dice.randint(1, 3)
        )
        asked = [_AGENT_HELP.format(said=paper(draws.dice, "ticket"), step=step) for step in steps]
        return [
            Exchange((("user", text),), reply(draws.dice, text, sentences=2), 40.0 * at)
            for at, text in enumerate(asked)
        ]

    return group("call_centre", "application", members, calls_of(town, draws, members, talk))


_DESCRIBE = (
    "Describe this page for someone who cannot see it. Order: purpose, layout, controls, main text. "
    "Page source:\n"
)


def screen_reader_users(town: Town, _crowd: Crowd) -> Group:
    """Blind users of a screen reader's add-on: one fixed request over
    every page they open, many short calls a day.
    """
    draws = town.draws("businesses/screen_reader_users")
    members = enrol(
        town,
        draws,
        60,
        purse=lambda _: own_card(town, draws),
        place=lambda _: somewhere(town, draws),
        client=lambda _: product(
            town, draws, "sdk-python", own="earview-addon/1.{v} ({os})", max_tokens=500, stream=True
        ),
        rhythm=lambda _: Rhythm("people", town.zone(draws)),
        model=mostly(town, draws, 0.85),
        per_day=(0.6, 1.1),
        new=0.05,
    )

    def page() -> str:
        dice = draws.dice
        title = speak(dice, "{title}")
        links = "".join(speak(dice, "<a>{plain}</a>") for _ in range(dice.randint(2, 6)))
        return f"<h1>{title}</h1><nav>{links}</nav><main>{speak(dice, '{paragraph}')}</main>"

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        pages = [page() for _ in range(draws.dice.randint(1, 4))]
        return [
            Exchange((("user", _DESCRIBE + text),), reply(draws.dice, text, sentences=4), 90.0 * at)
            for at, text in enumerate(pages)
        ]

    return group("screen_reader_users", "application", members, calls_of(town, draws, members, talk))
