"""Open-source tools that people run themselves: the same defaults, the same minute, no common owner."""

from __future__ import annotations

from benchmarks.outside.businesses.members import (
    Member,
    enrol,
    mostly,
    own_card,
    own_firm,
    product,
    somewhere,
)
from benchmarks.outside.businesses.people import turns
from benchmarks.outside.businesses.prose import ALL_FIELDS, article, speak
from benchmarks.outside.businesses.schedules import daily, habit
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, group
from benchmarks.outside.businesses.snippets import code, say, wish, work
from benchmarks.outside.calls import Group, Message
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.draws import Draws
from benchmarks.outside.networks import Place
from benchmarks.outside.rhythm import DAY, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import record, reply


def _machine(town: Town, draws: Draws) -> Place:
    return town.place(draws, "cloud" if draws.chance(0.55) else "home")


_DIGEST_PROMPT = (
    "You write a morning digest. For each article give one line of at most 25 words, no opinion, and a "
    "tag out of: {tags}. Keep the order of the input."
)


def feed_digest(town: Town, _crowd: Crowd) -> Group:
    """Readers who run the same open-source feed reader; its cron fires
    at 06:00 and the popular feeds are the same.

    Many therefore send the same articles within the same minute from rented servers and homes.
    """
    draws = town.draws("businesses/feed_digest")
    fields = ALL_FIELDS[:14]
    days = int((town.end - town.reference_start) / DAY) + 2
    popular = [[article(draws.dice, fields, (1, 2)) for _ in range(14)] for _ in range(days)]
    members = enrol(
        town,
        draws,
        110,
        purse=lambda _: own_card(town, draws),
        place=lambda _: _machine(town, draws),
        client=lambda _: product(
            town, draws, "aiohttp", own="gazette-digest/0.9.{v}", temperature=0.0, max_tokens=1024
        ),
        rhythm=lambda _: Rhythm("always", town.zone(draws) if draws.chance(0.5) else 0.0),
        model=mostly(town, draws, 0.8),
        per_day=(1.0, 0.0),
        new=0.1,
    )

    def talk(_member: Member, begin: float) -> tuple[Exchange]:
        today = popular[int((begin - town.reference_start) // DAY)]
        read = draws.some(today, 1, 3) + [
            article(draws.dice, fields, (1, 2)) for _ in range(draws.dice.randint(0, 2))
        ]
        text = "\n\n=====\n\n".join(read)
        system = _DIGEST_PROMPT.format(tags="world, local, money, science, sport, other")
        return ask(text, reply(draws.dice, text, sentences=len(read) + 1), system)

    return group(
        "feed_digest", "application", members, calls_of(town, draws, members, talk, daily(draws, 6.0, 20.0))
    )


_TRIAGE_PROMPT = (
    "You are a triage bot for an open-source repository. Return JSON with the fields: labels, "
    "duplicate_of, severity, needs_reproduction. Repository: {repo}"
)


def issue_triage(town: Town, _crowd: Crowd) -> Group:
    """Maintainers who use the same triage workflow at its default hour, on shared runners of one cloud."""
    draws = town.draws("businesses/issue_triage")
    runners = town.place(draws, "cloud", 40)
    worker = product(
        town,
        draws,
        "sdk-node",
        own="triage-flow/1.{v}.0",
        temperature=0.0,
        max_tokens=512,
        response_format="json_object",
    )
    members = enrol(
        town,
        draws,
        75,
        purse=lambda _: own_card(town, draws),
        place=lambda _: runners,
        client=lambda _: worker,
        rhythm=lambda _: Rhythm("always"),
        model=mostly(town, draws, 0.85),
        per_day=(1.0, 0.0),
        new=0.12,
    )
    repositories = {m.number: say(draws.dice, "{noun}-{verb}") for m in members}
    usual = {m.number: draws.lognormal(1.6, 0.8) for m in members}

    def talk(member: Member, _begin: float) -> list[Exchange]:
        system = _TRIAGE_PROMPT.format(repo=repositories[member.number])
        sent = []
        for at in range(min(12, int(draws.rng.poisson(usual[member.number])))):
            pasted = code(draws.dice, draws.dice.choice(("trace", "trace", "python", "shell")))
            body = f"{wish(draws.dice)}\n\n{pasted}"
            messages: tuple[Message, ...] = (("system", system), ("user", body))
            sent.append(
                Exchange(messages, record(draws.dice, body, ("labels", "duplicate_of", "severity")), 6.0 * at)
            )
        return sent

    times = daily(draws, 2.0 + 17 / 60, 45.0)
    return group("issue_triage", "application", members, calls_of(town, draws, members, talk, times))


_AGENT_PROMPT = (
    "You are an agent that works in a terminal. Read before you write, run the tests after every "
    "change, never touch files outside the working directory. Answer briefly; the user sees a small "
    "window.\nDirectory: /home/{user}/{repo}\nPlatform: {platform}\nBranch: {branch}\nTools: read, "
    "write, search, run"
)
_HISTORY_MAX = 14  # the tool drops older messages


def coding_agent(town: Town, _crowd: Crowd) -> Group:
    """Developers who use the same terminal agent with their own keys:
    one prompt and one set of tools, long sessions.
    """
    draws = town.draws("businesses/coding_agent")
    members = enrol(
        town,
        draws,
        75,
        purse=lambda _: own_firm(town, draws) if draws.chance(0.3) else own_card(town, draws, "pro"),
        place=lambda _: somewhere(town, draws),
        client=lambda _: product(
            town, draws, "agent-tool", stream=True, max_tokens=8192, tools_hash="tools_5d1e0b7c"
        ),
        rhythm=lambda _: Rhythm(
            draws.dice.choice(("office", "office", "evening", "people")), town.zone(draws), 0.4
        ),
        per_day=(0.55, 1.1),
        new=0.1,
        model=lambda _: town.model(draws, tier="main", moves=0.7),
    )

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        dice = draws.dice
        system = _AGENT_PROMPT.format(
            user=say(dice, "{first}").lower(),
            repo=say(dice, "{noun}-{noun}"),
            branch=say(dice, "{verb}-{noun}"),
            platform=dice.choice(("linux", "darwin", "win32")),
        )
        session, after = draws.token("sess"), 0.0
        history: list[Message] = []
        sent = []
        for at in range(2 + turns(draws, 5.0)):
            history.append(
                ("user", wish(dice)) if at == 0 or draws.chance(0.25) else ("tool", code(dice, "shell"))
            )
            answer = work(dice)
            messages: tuple[Message, ...] = (("system", system), *history[-_HISTORY_MAX:])
            sent.append(Exchange(messages, answer, after, session=session))
            history.append(("assistant", answer))
            after += draws.lognormal(35.0, 0.9)
        return sent

    return group("coding_agent", "application", members, calls_of(town, draws, members, talk))


_GALLERY = (
    ("Classify the form entry as lead, support, spam or press. Answer with one word.\n\nEntry: ", "lead"),
    ("Turn this voice memo into tasks, one a line, with a due date where one is named.\n\nMemo: ", "tasks"),
    ("Write a post of at most 60 words with two hashtags about the following update.\n\nUpdate: ", "post"),
    ("Extract name, company, phone and wish as JSON.\n\nE-mail: ", "fields"),
)


def no_code_gallery(town: Town, _crowd: Crowd) -> Group:
    """Small firms that copied automations from a template gallery; the
    platform runs them at every quarter of an hour.
    """
    draws = town.draws("businesses/no_code_gallery")
    platform = town.place(draws, "cloud", 10)
    worker = product(town, draws, "no-code", temperature=0.7, max_tokens=256)
    members = enrol(
        town,
        draws,
        120,
        purse=lambda _: own_card(town, draws),
        place=lambda _: platform,
        client=lambda _: worker,
        rhythm=lambda _: Rhythm("people", town.zone(draws), 0.5),
        per_day=(0.9, 1.1),
        new=0.15,
    )
    chosen = {m.number: draws.dice.choice(_GALLERY) for m in members}

    def times(member: Member) -> list[float]:
        return [ts // 900 * 900 + 900 + draws.dice.uniform(0.5, 9.0) for ts in habit(member, draws)]

    def talk(member: Member, _begin: float) -> tuple[Exchange]:
        lead, sort = chosen[member.number]
        entry = speak(draws.dice, "{person}, {company}: {question} {sentence}")
        answers = {
            "lead": draws.dice.choice(("lead", "support", "spam", "press")),
            "fields": record(draws.dice, entry, ("name", "company", "phone", "wish")),
        }
        return ask(lead + entry, answers.get(sort) or reply(draws.dice, entry, sentences=2))

    return group("no_code_gallery", "application", members, calls_of(town, draws, members, talk, times))
