"""Schools, courses and exams of the second author: people who teach, learn, mark and write questions."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.outside.businesses.members import (
    Member,
    Purse,
    at_work_and_home,
    everyone_alike,
    free_or_card,
    in_week,
    mostly,
    own_card,
    product,
    somewhere,
)
from benchmarks.outside.businesses.people import conversation
from benchmarks.outside.businesses.second_taking_up import owned, population, wave
from benchmarks.outside.businesses.second_texts import lines, slots, text
from benchmarks.outside.businesses.sittings import Exchange, ask, chat
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import DAY, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words import answers, coding
from benchmarks.outside.words.documents import passage
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.subjects import STUDY, SUBJECTS
from benchmarks.outside.words.voices import Voice

RUBRIC = (
    "Mark this pupil's essay with the county rubric: task (0-6), structure (0-6), language (0-6), "
    "evidence (0-6). "
    "Give the four marks, a total and two sentences the pupil will understand. Do not rewrite it. Essay:\n{x}"
)
ITEMS = listed("""
    Write {n} multiple-choice items on {x} for the intermediate certificate. One key, three plausible
    distractors, no "all of the above". State the skill each item tests. | Item family {x}: draft a stem
    of at most 40 words, key, distractors with the mistake behind each. | Here is a stimulus:¶{y}¶Write
    {n} questions that cannot be answered without it, about {x}.
""")
STEPS_SYSTEM = (
    "You are Pip, a patient tutor. First think aloud between <steps> and </steps>, one step per line, so "
    "that the "
    "student can follow, then give the result between <answer> and </answer>. Never skip a step."
)
TRIAL = listed("""
    {x} Let's reason step by step. | {x} Answer directly with the result only. | First restate the problem,
    then plan, then solve: {x} | You are a careful mathematician. {x} Show every step. | Q: 12 + 7·2? A: 7·2
    is 14, 12+14 is 26. 26.¶Q: {x} A: | Solve it three times and take the majority. {x} | {x} Then check
    your result and say how sure you are.
""")
OLYMPIAD = listed("""
    Full solution please, with the idea before the formulas:¶{x} | Problem of the week: {x}¶Write it as for
    the camp booklet: idea, solution, remark. | {x}¶Give a hint, then a stronger hint, then the solution.
""")
RATING = (
    "Rate the tutor's last reply. Helpful 1-5, correct 1-5, polite 1-5, then a word on the student's mood.\n"
    "Dialogue {n}\n{x}"
)
MAKE_QA = (
    "Below is a part of my document. Write {n} question-answer pairs that can be answered from it alone, "
    "as JSON "
    "lines with the keys question and answer.\n\n{x}"
)
STARTER = "You are the brain of our hackathon app. Be brief. Output JSON with the keys say and do."


def rubric_teachers(town: Town, _crowd: Crowd) -> Group:
    """Teachers of many schools who were given a marking prompt at a county training day this week, each
    with an own account and a pile of essays on an own topic.
    """
    draws = town.draws("second/rubric_teachers")
    size, zone = town.sized(180), town.zone(draws)
    when = wave(town, draws, size, in_week(town, 0.1), in_week(town, 0.8), new=0.55, early=1.5, lasts_days=3)
    prompt, fields = owned(draws, (RUBRIC,)), [draws.dice.choice(STUDY) for _ in range(size)]

    def talk(member: Member, _begin: float) -> list[Exchange]:
        pile: list[Exchange] = []
        for i in range(draws.dice.randint(3, 26)):
            essay = text(draws.dice, "essay", fields[member.number])
            marks = answers.verdict(draws.dice, essay, 24)
            said = ask(slots(prompt(member.number), x=essay), marks)[0]
            pile.append(said._replace(after_s=i * draws.lognormal(60.0, 0.3)))
        return pile

    return population(
        town, draws, "rubric_teachers", "evaluation", when, talk,
        purse=lambda _: free_or_card(town, draws, 0.7), place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "console"), rhythm=lambda _: Rhythm("evening", zone, 1.3),
        per_day=(1.0, 0.7),
    )  # fmt: skip


def item_writers(town: Town, _crowd: Crowd) -> Group:
    """Freelancers who write questions for one exam board from its guide; the writing round began a week ago
    and pays by the item, so some write through the night.
    """
    draws = town.draws("second/item_writers")
    size = town.sized(65)
    when = wave(town, draws, size, town.start - 6 * DAY, in_week(town, 0.3), new=0.35)
    prompt = owned(draws, ITEMS, 0.4)
    fields = [draws.dice.choice(STUDY) for _ in range(size)]

    def talk(member: Member, _begin: float) -> list[Exchange]:
        field = fields[member.number]
        turns = []
        for _ in range(draws.dice.choice((1, 2, 2, 3, 5))):
            asked = slots(
                prompt(member.number), x=draws.dice.choice(SUBJECTS[field].things),
                n=str(draws.dice.randint(2, 6)),
                y=passage(draws.dice, draws.dice.randint(2, 6)),
            )  # fmt: skip
            turns.append((asked, answers.reply(draws.dice, asked, sentences=9.0)))
        return chat(draws, turns)

    return population(
        town, draws, "item_writers", "contracted", when, talk,
        purse=lambda _: own_card(town, draws), place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, draws.dice.choice(("console", "console", "sdk-python"))),
        rhythm=lambda _: Rhythm(draws.dice.choice(("office", "night", "people")), town.zone(draws), 0.8),
        per_day=(4.0, 1.0),
    )  # fmt: skip


def step_tutor_app(town: Town, _crowd: Crowd) -> Group:
    """A tutor app that shows its steps and runs on the user's own key; a new school term and a good review
    brought many new users in the days around the week's start.
    """
    draws = town.draws("second/step_tutor_app")
    size = town.sized(210)
    when = wave(town, draws, size, town.start - 4 * DAY, in_week(town, 0.9), new=0.9)
    app = product(town, draws, "sdk-node", own="pip-tutor/2.{v} ({os})", temperature=0.3, stream=True)
    model = mostly(town, draws, 0.85)
    fields = [draws.dice.choice(STUDY) for _ in range(size)]

    def talk(member: Member, _begin: float) -> list[Exchange]:
        turns = []
        for _ in range(draws.dice.choice((1, 1, 2, 3, 6))):
            asked = text(draws.dice, "puzzle")
            if draws.chance(0.4):
                asked = Voice(draws.dice, (fields[member.number],), "en", town.prompts).ask(draws.dice)
            steps = answers.thought(draws.dice, asked, 7.0).replace(". ", ".\n")
            turns.append((asked, f"<steps>{steps}</steps><answer>{draws.dice.randint(1, 99)}</answer>"))
        return chat(draws, turns, STEPS_SYSTEM)

    return population(
        town, draws, "step_tutor_app", "application", when, talk,
        purse=lambda _: free_or_card(town, draws, 0.6), place=lambda _: somewhere(town, draws),
        client=lambda _: app, rhythm=lambda _: Rhythm("student", town.zone(draws), 0.8),
        per_day=(1.2, 1.0), aside=0.0, model=model, tool=True,
    )  # fmt: skip


def prompting_course(town: Town, _crowd: Crowd) -> Group:
    """Students of one course on reasoning who compare ways of prompting over the same problem sheet, on
    accounts opened in the first lab of this week, from campus and from home.
    """
    draws = town.draws("second/prompting_course")
    size, zone = town.sized(95), town.zone(draws)
    lab = in_week(town, 0.2)
    when = wave(town, draws, size, lab, lab + 0.15 * DAY, new=0.85)
    campus = town.place(draws, "office", 4)
    sheet = [text(draws.dice, "puzzle") for _ in range(40)]

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        runs: list[Exchange] = []
        forms = draws.some(TRIAL, 1, 4)
        for i, problem in enumerate(draws.some(sheet, 2, 12)):
            for form in forms:
                asked = slots(form, x=problem)
                said = ask(asked, answers.thought(draws.dice, problem, 6.0))[0]
                runs.append(said._replace(after_s=12.0 * len(runs) + i))
        return runs

    return population(
        town, draws, "prompting_course", "classroom", when, talk,
        purse=lambda _: free_or_card(town, draws, 0.8),
        place=lambda _: at_work_and_home(town, draws, campus, 0.3),
        client=lambda _: town.install(draws, draws.dice.choice(("sdk-python", "requests"))),
        rhythm=lambda _: Rhythm("student", zone, 0.7), per_day=(1.3, 0.9), known=False, tool=True,
    )  # fmt: skip


def olympiad_camp(town: Town, _crowd: Crowd) -> Group:
    """Pupils and coaches who prepare for a mathematics olympiad with the camp's three prompts and ask for
    full solutions; the problem set came out shortly before the week.
    """
    draws = town.draws("second/olympiad_camp")
    size = town.sized(120)
    when = wave(town, draws, size, town.start - 2 * DAY, in_week(town, 0.7), new=0.4, early=1.6)
    prompt = owned(draws, OLYMPIAD, 0.5)

    def talk(member: Member, _begin: float) -> list[Exchange]:
        turns = []
        for _ in range(draws.dice.choice((1, 1, 2, 3, 4))):
            asked = slots(prompt(member.number), x=text(draws.dice, "puzzle"))
            turns.append((asked, answers.thought(draws.dice, asked, 12.0)))
            if draws.chance(0.4):
                why = draws.dice.choice(
                    ("why is that enough?", "I don't see the second step", "is there a shorter way?")
                )
                turns.append((why, answers.thought(draws.dice, asked, 4.0)))
        return chat(draws, turns)

    return population(
        town, draws, "olympiad_camp", "classroom", when, talk,
        purse=lambda _: free_or_card(town, draws, 0.75), place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("student", town.zone(draws), 1.4), per_day=(1.5, 0.9),
        model=lambda _: town.model(draws, tier="deep" if draws.chance(0.5) else None),
    )  # fmt: skip


def dialogue_raters(town: Town, _crowd: Crowd) -> Group:
    """Students paid by a university group to compare their own ratings of tutoring dialogues with the
    model's, with vouchers of one research grant on accounts opened this week.
    """
    draws = town.draws("second/dialogue_raters")
    size, zone = town.sized(48), town.zone(draws)
    begin = in_week(town, 0.25)
    when = wave(town, draws, size, begin, begin + DAY, new=1.0)
    grant = Purse("pay-as-you-go", payment=town.card(draws))
    campus = town.place(draws, "office", 3)
    pool = [Voice(draws.dice, STUDY, "en", town.prompts) for _ in range(30)]

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        rated: list[Exchange] = []
        for i in range(draws.dice.randint(4, 20)):
            said = conversation(draws, draws.dice.choice(pool), draws.dice.randint(1, 3))
            shown = "\n".join(f"S: {q}\nT: {a}" for q, a in said)
            asked = slots(RATING, x=shown, n=str(draws.dice.randint(1, 800)))
            one = ask(asked, answers.verdict(draws.dice, shown, 5))[0]
            rated.append(one._replace(after_s=i * draws.lognormal(95.0, 0.3)))
        return rated

    return population(
        town, draws, "dialogue_raters", "research", when, talk, purse=everyone_alike(grant),
        place=lambda _: at_work_and_home(town, draws, campus, 0.35),
        client=lambda _: town.install(draws, "console"), rhythm=lambda _: Rhythm("student", zone, 0.5),
        per_day=(1.5, 0.5), aside=0.1,
    )  # fmt: skip


def tutorial_followers(town: Town, _crowd: Crowd) -> Group:
    """Developers who follow a tutorial that makes question-answer pairs from one's own documents to test a
    search; it was posted in the middle of the week, and few go on after a day or two.
    """
    draws = town.draws("second/tutorial_followers")
    size = town.sized(130)
    when = wave(town, draws, size, in_week(town, 0.35), town.end, new=0.45, early=2.2, lasts_days=1.2)
    prompt = owned(draws, (MAKE_QA,), 0.75)

    def talk(member: Member, _begin: float) -> Sequence[Exchange]:
        made: list[Exchange] = []
        for i in range(min(1 + int(draws.lognormal(9.0, 0.9)), 120)):
            part = passage(draws.dice, draws.dice.randint(4, 10))
            asked = slots(prompt(member.number), x=part, n=draws.dice.choice(("3", "5", "5", "10")))
            one = ask(asked, answers.record(draws.dice, part, ("question", "answer")))[0]
            made.append(one._replace(after_s=i * draws.lognormal(5.0, 0.3)))
        return made

    return population(
        town, draws, "tutorial_followers", "crowd", when, talk,
        purse=lambda _: free_or_card(town, draws, 0.5),
        place=lambda _: town.place(draws, "cloud") if draws.chance(0.3) else somewhere(town, draws),
        client=lambda _: town.install(draws, "sdk-python", temperature=0.7, max_tokens=1024),
        rhythm=lambda _: Rhythm("people", town.zone(draws), 0.9), per_day=(1.6, 0.6), known=False, tool=True,
    )  # fmt: skip


def weekend_hackathon(town: Town, _crowd: Crowd) -> Group:
    """A hackathon of two days: accounts with free credits opened on the spot, one hall's network, the
    sponsor's starter kit with its system prompt, and a different idea in each team.
    """
    draws = town.draws("second/weekend_hackathon")
    size, zone = town.sized(150), town.zone(draws)
    begin = in_week(town, 0.45)
    when = wave(town, draws, size, begin, begin + 0.3 * DAY, new=0.95, early=1.5, lasts_days=1.8)
    hall = town.place(draws, "office", 2)
    kit = owned(draws, (STARTER,), 0.5)
    ideas = [Voice(draws.dice, prompts=town.prompts, tongue="en") for _ in range(max(1, size // 4))]

    def talk(member: Member, _begin: float) -> list[Exchange]:
        if draws.chance(0.4):
            return chat(
                draws,
                [(coding.request(draws.dice), answers.code(draws.dice, lines(draws.dice, "entry", 1, 2)))],
            )
        idea = ideas[member.number // 4 % len(ideas)]
        tries: list[Exchange] = []
        for i in range(draws.dice.choice((1, 2, 4, 9))):
            asked = idea.ask(draws.dice)
            one = ask(asked, answers.record(draws.dice, asked, ("say", "do")), kit(member.number // 4))[0]
            tries.append(one._replace(after_s=25.0 * i))
        return tries

    return population(
        town, draws, "weekend_hackathon", "classroom", when, talk, purse=lambda _: Purse("free"),
        place=lambda _: at_work_and_home(town, draws, hall, 0.1),
        client=lambda _: town.install(draws, draws.dice.choice(("sdk-python", "sdk-node", "agent-tool"))),
        rhythm=lambda _: Rhythm("people", zone, 1.0), per_day=(6.0, 0.9), aside=0.1, known=False, tool=True,
    )  # fmt: skip
