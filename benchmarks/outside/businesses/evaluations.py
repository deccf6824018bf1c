"""Machines that grade or are graded: judges in CI, public benchmarks, leaderboards, regression suites."""

from __future__ import annotations

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
from benchmarks.outside.businesses.people import anyone
from benchmarks.outside.businesses.prose import article, one_field, paragraph, question
from benchmarks.outside.businesses.quizzes import exercise, multiple_choice, worked
from benchmarks.outside.businesses.schedules import daily, habit
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, group
from benchmarks.outside.calls import Group, Message
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import DAY, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply, verdict

_RUBRIC = (
    "You are grading the answer of a support bot. Criteria: {criteria}. Think about each criterion, "
    "then give an integer from 1 to "
    "{scale}.\n\n[Question]\n{question}\n\n[Answer]\n{answer}\n\n[Reference]\n{reference}"
)
_CRITERIA = ("correctness", "tone", "completeness", "grounding", "brevity", "refusal when unsure", "format")


def judge_in_ci(town: Town, _crowd: Crowd) -> Group:
    """A software house whose teams all run the same LLM-as-judge step
    in CI; one account a team, hosted runners.

    A run grades a fixed set of cases after each push, so the same questions come back with new answers.
    """
    draws = town.draws("businesses/judge_in_ci")
    runners = town.place(draws, "cloud", 30)
    purse = one_purse(town, draws)
    client = product(
        town, draws, "sdk-python", own="Aldermoor/Python 1.{v}.{p} (CI)", temperature=0.0, max_tokens=400
    )
    model = town.model(draws, tier="main", moves=0.5)
    members = enrol(
        town,
        draws,
        42,
        opened=rollout(town, draws, 900),
        purse=lambda _: purse,
        place=lambda _: runners,
        client=lambda _: client,
        rhythm=lambda n: Rhythm("office", float(n % 3), 0.05),
        per_day=(0.5, 0.8),
        new=0.1,
        model=lambda _: model,
    )
    cases = {m.number: [anyone(town, draws) for _ in range(draws.dice.randint(4, 9))] for m in members}
    criteria = {m.number: ", ".join(draws.some(_CRITERIA, 2, 4)) for m in members}

    def talk(member: Member, _begin: float) -> list[Exchange]:
        sent = []
        for at, case in enumerate(cases[member.number]):
            answer = reply(draws.dice, case, sentences=4)
            text = _RUBRIC.format(
                criteria=criteria[member.number],
                scale=5,
                question=case,
                answer=answer,
                reference=reply(draws.dice, case, sentences=2),
            )
            sent.append(Exchange((("user", text),), verdict(draws.dice, answer, 5), 2.5 * at))
        return sent

    return group("judge_in_ci", "evaluation", members, calls_of(town, draws, members, talk))


_SHOT = "The following are multiple choice questions with answers.\n\n{shots}\n\n{item}\nAnswer:"


def benchmark_harness(town: Town, _crowd: Crowd) -> Group:
    """Unrelated laboratories and start-ups that run the same
    open-source harness over the same public benchmark.

    Everybody sends the same items at temperature 0; most do so once, many when the new model comes out.
    """
    draws = town.draws("businesses/benchmark_harness")
    items = [multiple_choice(draws.dice) if at % 3 else exercise(draws.dice) for at in range(400)]
    shots = "\n\n".join(f"{item}\nAnswer: {draws.dice.choice('ABCD')}" for item in items[:2])
    members = enrol(
        town,
        draws,
        44,
        purse=lambda _: own_firm(town, draws) if draws.chance(0.6) else own_card(town, draws),
        place=lambda _: town.place(draws, draws.dice.choice(("cloud", "cloud", "office", "home"))),
        client=lambda _: product(town, draws, "sdk-python", temperature=0.0, max_tokens=32),
        rhythm=lambda _: Rhythm("always"),
        per_day=(1.0, 0.0),
        new=0.2,
        model=lambda _: town.model(draws, tier="main", moves=0.75),
    )

    def times(member: Member) -> list[float]:
        runs = [draws.dice.uniform(member.begin, member.end) for _ in range(draws.dice.choice((1, 1, 2)))]
        if member.begin <= member.model.moves_at < member.end:
            runs.append(member.model.moves_at)
        return [ts for ts in runs if ts < member.end]

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        # Nobody pays for the whole benchmark each time: a run takes the first so many items.
        size = draws.dice.choice((20, 40, 40, 80))
        pace = draws.lognormal(1.5, 0.4)
        sent = []
        for at, item in enumerate(items[2 : 2 + size]):
            text = _SHOT.format(shots=shots, item=item)
            sent.append(Exchange((("user", text),), draws.dice.choice("ABCD"), pace * at))
        return sent

    return group("benchmark_harness", "evaluation", members, calls_of(town, draws, members, talk, times))


def leaderboard(town: Town, _crowd: Crowd) -> Group:
    """A public leaderboard and the teams that track it: each night the
    same eighty fixed tasks, with steps shown.
    """
    draws = town.draws("businesses/leaderboard")
    tasks = [exercise(draws.dice, draws.dice.choice(("sum", "physics"))) for _ in range(80)]
    members = enrol(
        town,
        draws,
        26,
        purse=lambda _: own_firm(town, draws, "pay-as-you-go"),
        place=lambda _: town.place(draws, "cloud"),
        client=lambda _: town.install(draws, "sdk-python", temperature=0.0, max_tokens=1024),
        rhythm=lambda _: Rhythm("always"),
        per_day=(1.0, 0.0),
        new=0.15,
    )
    system = "Solve the task step by step. Finish with a line 'Answer: <number>'."

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        system_turn: Message = ("system", system)
        tonight = draws.dice.sample(tasks, 8)
        return [
            Exchange((system_turn, ("user", task)), worked(draws.dice), 5.0 * at)
            for at, task in enumerate(tonight)
        ]

    return group(
        "leaderboard", "evaluation", members, calls_of(town, draws, members, talk, daily(draws, 3.0, 600.0))
    )


_PAIR = (
    "Which response is better for the user? Consider helpfulness, accuracy and style. Answer A, B or "
    "tie, then one paragraph of reasons.\n\nUser: {question}\n\nA: {a}\n\nB: {b}"
)


def ranking_start_ups(town: Town, _crowd: Crowd) -> Group:
    """Small firms that compare answers of several providers before they
    choose one, with a well-known pair template.

    The histories hold answers that this lab never gave; the firms come from everywhere and buy alone.
    """
    draws = town.draws("businesses/ranking_start_ups")
    members = enrol(
        town,
        draws,
        55,
        purse=lambda _: own_firm(town, draws, "pay-as-you-go"),
        place=lambda _: town.place(draws, draws.dice.choice(("office", "cloud", "home"))),
        client=lambda _: town.install(draws, "sdk-python"),
        rhythm=lambda _: Rhythm("office", town.zone(draws), 0.2),
        per_day=(0.5, 1.0),
        new=0.25,
    )

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        sent = []
        for at in range(draws.dice.randint(2, 8)):
            field = one_field(draws.dice)
            text = _PAIR.format(
                question=anyone(town, draws),
                a=paragraph(draws.dice, field),
                b=reply(draws.dice, paragraph(draws.dice, field)),
            )
            verdict_text = f"{draws.dice.choice(('A', 'B', 'tie'))}. {reply(draws.dice, text, sentences=2)}"
            sent.append(Exchange((("user", text),), verdict_text, 11.0 * at))
        return sent

    return group("ranking_start_ups", "evaluation", members, calls_of(town, draws, members, talk))


_GROUNDED = (
    "Answer only from the passages. If they do not contain the answer, say "
    "so.\n\n{passages}\n\nQuestion: {question}"
)


def regression_suites(town: Town, _crowd: Crowd) -> Group:
    """Customers of a testing product that replays their own chatbot's questions each night to detect drift.

    The product calls with each customer's key from its four machines;
    questions repeat exactly from night to night.
    """
    draws = town.draws("businesses/regression_suites")
    machines = town.place(draws, "cloud", 4)
    client = product(town, draws, "sdk-node", own="driftwatch/1.{v}.{p}", temperature=0.0, max_tokens=400)
    members = enrol(
        town,
        draws,
        65,
        purse=lambda _: own_firm(town, draws),
        place=lambda _: part_of(machines, draws, 4),
        client=lambda _: client,
        rhythm=lambda _: Rhythm("always", float(draws.dice.randint(-5, 8))),
        per_day=(1.0, 0.0),
        new=0.15,
    )

    def suite() -> list[tuple[Message, ...]]:
        field = one_field(draws.dice)
        passages = "\n\n".join(paragraph(draws.dice, field) for _ in range(2))
        asked = [
            anyone(town, draws) if draws.chance(0.5) else question(draws.dice, field)
            for _ in range(draws.dice.choice((1, 2, 2, 3, 5)))
        ]
        return [(("user", _GROUNDED.format(passages=passages, question=text)),) for text in asked]

    suites = {m.number: suite() for m in members}

    def talk(member: Member, _begin: float) -> list[Exchange]:
        return [
            Exchange(messages, reply(draws.dice, messages[-1][1], sentences=3), 3.0 * at)
            for at, messages in enumerate(suites[member.number])
        ]

    return group(
        "regression_suites",
        "evaluation",
        members,
        calls_of(town, draws, members, talk, daily(draws, 4.5, 300.0)),
    )


_FACTS = (
    "Here is a summary and its source. List every statement of the summary that the source does not "
    "support.\n\nSummary: {summary}\n\nSource: {source}"
)


def summary_challenge(town: Town, _crowd: Crowd) -> Group:
    """Teams of an academic shared task on faithful summaries; the test
    set was published in the middle of the week.
    """
    draws = town.draws("businesses/summary_challenge")
    published = in_week(town, 0.4)
    practice = [article(draws.dice) for _ in range(40)]
    tests = [article(draws.dice) for _ in range(120)]
    members = enrol(
        town,
        draws,
        48,
        purse=lambda _: own_card(town, draws),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "sdk-python", temperature=0.0),
        rhythm=lambda _: Rhythm("student", town.zone(draws), 1.0),
        per_day=(0.35, 0.8),
        new=0.1,
    )

    def talk(_member: Member, begin: float) -> list[Exchange]:
        pool = tests if begin > published else practice
        sent: list[Exchange] = []
        size = draws.dice.randint(6, 20) if begin > published else draws.dice.randint(1, 6)
        for at, source in enumerate(draws.dice.sample(pool, size)):
            text = _FACTS.format(summary=reply(draws.dice, source, sentences=2), source=source)
            sent.extend(e._replace(after_s=4.0 * at) for e in ask(text, reply(draws.dice, text, sentences=3)))
        return sent

    def times(member: Member) -> list[float]:
        return habit(member, draws) + habit(member, draws, 2.0, published, published + 2 * DAY)

    return group("summary_challenge", "evaluation", members, calls_of(town, draws, members, talk, times))
