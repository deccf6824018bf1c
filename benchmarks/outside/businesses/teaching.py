"""People and firms that teach: homework apps, publishers of exercises, graders of essays."""

from __future__ import annotations

from benchmarks.outside.businesses.members import (
    Member,
    at_work_and_home,
    enrol,
    free_or_card,
    in_week,
    mostly,
    one_purse,
    own_card,
    part_of,
    product,
    somewhere,
)
from benchmarks.outside.businesses.people import anyone, besides, turns
from benchmarks.outside.businesses.prose import one_field, paragraph, speak
from benchmarks.outside.businesses.quizzes import exercise, multiple_choice, worked
from benchmarks.outside.businesses.schedules import habit
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, chat, group
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply, verdict
from benchmarks.outside.words.subjects import STUDY

_TUTOR = (
    "You are Stepwise, a mathematics tutor. Think in {language} inside <thinking> tags before you "
    "answer, number the steps, and let the pupil do the last one."
)


def homework_app(town: Town, _crowd: Crowd) -> Group:
    """Pupils of a homework app with accounts of their own: its prompt
    asks for visible thinking in the pupil's language.
    """
    draws = town.draws("businesses/homework_app")
    members = enrol(
        town,
        draws,
        145,
        purse=lambda _: free_or_card(town, draws, 0.3),
        place=lambda _: town.place(draws, "mobile" if draws.chance(0.7) else "home"),
        client=lambda _: product(
            town, draws, "sdk-go", own="Stepwise/2.{v} ({os})", temperature=0.2, max_tokens=1200, stream=True
        ),
        rhythm=lambda _: Rhythm("evening", town.zone(draws), 0.7),
        model=mostly(town, draws, 0.95),
        per_day=(0.3, 1.0),
        new=0.15,
    )
    spoken = {
        m.number: draws.dice.choice(("English", "Spanish", "Hindi", "French", "Polish", "Tagalog"))
        for m in members
    }

    def talk(member: Member, _begin: float) -> list[Exchange]:
        dice = draws.dice
        said = [
            exercise(dice, dice.choice(("sum", "physics")))
            if draws.chance(0.5)
            else anyone(town, draws, STUDY)
        ]
        said += [
            dice.choice(("is it 12?", "i dont get step 2", "show me the last step", "why"))
            for _ in range(turns(draws, 1.7) - 1)
        ]
        answers = [
            (text, f"<thinking>\n{worked(dice)}\n</thinking>\n{reply(dice, text, sentences=2)}")
            for text in said
        ]
        return chat(draws, answers, _TUTOR.format(language=spoken[member.number]))

    return group("homework_app", "application", members, calls_of(town, draws, members, talk))


_UNIT = (
    "Create {count} new exercises for unit {unit} '{topic}' of our workbook, grade {grade}. None may "
    "repeat an earlier one. Each with solution, time in minutes and a typical mistake. Context: "
    "{context}. Return JSON lines."
)


def quiz_publisher(town: Town, _crowd: Crowd) -> Group:
    """A publisher of workbooks that needs thousands of new exercises with solutions, an account per book.

    A few editors start scripts in the evening; the books go to print
    soon, so the pace of this week is higher.
    """
    draws = town.draws("businesses/quiz_publisher")
    purse = one_purse(town, draws, "team")
    office, build = town.place(draws, "office", 1), town.place(draws, "cloud", 2)
    members = enrol(
        town,
        draws,
        26,
        purse=lambda _: purse,
        place=lambda n: build if n % 2 else office,
        client=lambda _: product(town, draws, "sdk-python", temperature=1.0, max_tokens=2048),
        rhythm=lambda n: Rhythm("night" if n % 2 else "office", 1.0, 0.4),
        model=mostly(town, draws, 0.8),
        per_day=(2.5, 0.6),
        new=0.15,
    )
    books = {
        m.number: (
            one_field(draws.dice, ("science", "history", "money", "sky", "farm")),
            draws.dice.randint(4, 12),
        )
        for m in members
    }

    def times(member: Member) -> list[float]:
        return habit(member, draws) + habit(member, draws, since=in_week(town, 0.1))

    def talk(member: Member, _begin: float) -> tuple[Exchange]:
        dice = draws.dice
        field, grade = books[member.number]
        count = dice.choice((3, 5, 10))
        text = _UNIT.format(
            count=count,
            unit=dice.randint(1, 18),
            topic=speak(dice, "{plain}", field),
            grade=grade,
            context=speak(dice, "{first}, {town}, {plain}", field),
        )
        return ask(
            text, "\n".join(exercise(dice, dice.choice(("sum", "physics", "case"))) for _ in range(count))
        )

    return group("quiz_publisher", "batch", members, calls_of(town, draws, members, talk, times))


_RUBRIC = (
    "Grade this essay with the examination board's scheme: thesis 0-4, evidence 0-6, structure 0-4, "
    "language 0-6. Give points per criterion with a quotation, the sum, and advice for the "
    "pupil.\nTask: {task}\n\nEssay:\n{essay}"
)


def essay_graders(town: Town, _crowd: Crowd) -> Group:
    """Teachers of many schools who grade the same mock exam with the
    examination board's public scheme, after school.
    """
    draws = town.draws("businesses/essay_graders")
    tasks = [speak(draws.dice, "Discuss: {title}") for _ in range(3)]
    members = enrol(
        town,
        draws,
        88,
        purse=lambda _: own_card(town, draws, draws.dice.choice(("pro", "pay-as-you-go"))),
        place=lambda _: at_work_and_home(town, draws, town.place(draws, "office"), 0.3),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("evening", 1.0, 1.4),
        per_day=(0.22, 0.9),
        new=0.2,
    )

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        task = draws.dice.choice(tasks)
        sent = []
        for at in range(draws.dice.randint(1, 9)):
            field = one_field(draws.dice)
            essay = "\n\n".join(paragraph(draws.dice, field) for _ in range(draws.dice.randint(2, 4)))
            text = _RUBRIC.format(task=task, essay=essay)
            sent.append(ask(text, verdict(draws.dice, essay, 20))[0]._replace(after_s=150.0 * at))
        return sent

    return group(
        "essay_graders",
        "evaluation",
        members,
        calls_of(town, draws, members, besides(town, draws, talk, 0.35)),
    )


_FLASH = "Make flash cards (front | back) from this lecture note. {count} cards, no duplicates.\n\n{note}"


def flash_card_sync(town: Town, _crowd: Crowd) -> Group:
    """Medical students who use the same flash-card program's plug-in;
    some share notes, and all sync before exams.
    """
    draws = town.draws("businesses/flash_card_sync")
    servers = town.place(draws, "cloud", 3)
    shared = [
        "\n".join(speak(draws.dice, "{sentence}", ("clinic", "science")) for _ in range(4)) for _ in range(50)
    ]
    members = enrol(
        town,
        draws,
        92,
        purse=lambda _: own_card(town, draws),
        place=lambda n: part_of(servers, draws, 3) if n % 2 else somewhere(town, draws),
        client=lambda _: product(
            town, draws, "requests", own="cardbox-sync/24.{v}", temperature=0.3, max_tokens=700
        ),
        rhythm=lambda _: Rhythm("student", town.zone(draws), 1.2),
        model=mostly(town, draws, 0.85),
        per_day=(0.3, 1.0),
        new=0.12,
    )

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        sent = []
        for at in range(draws.dice.randint(1, 4)):
            own = speak(draws.dice, "{sentence*3..6}", ("clinic", "science"))
            note = draws.dice.choice(shared) if draws.chance(0.3) else own
            text = _FLASH.format(count=draws.dice.choice((5, 10)), note=note)
            cards = "\n".join(
                speak(draws.dice, "{question} | {sentence}", ("clinic", "science")) for _ in range(5)
            )
            sent.append(ask(text, cards)[0]._replace(after_s=5.0 * at))
        return sent

    return group("flash_card_sync", "application", members, calls_of(town, draws, members, talk))


def quiz_night_hosts(town: Town, _crowd: Crowd) -> Group:
    """Hosts of pub quizzes who all write next week's round on the
    same afternoons, with the league's template.
    """
    draws = town.draws("businesses/quiz_night_hosts")
    members = enrol(
        town,
        draws,
        64,
        purse=lambda _: own_card(town, draws),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("office", 0.0, 2.5),
        per_day=(0.3, 0.8),
        new=0.08,
    )

    def talk(_member: Member, _begin: float) -> tuple[Exchange]:
        dice = draws.dice
        count = dice.choice((5, 10, 10))
        text = speak(
            dice,
            f"League round: {count} questions about the {{plain}}, level {{2..9}}, four options. {{Town}}.",
        )
        return ask(text, "\n\n".join(multiple_choice(dice) for _ in range(count)))

    return group(
        "quiz_night_hosts", "crowd", members, calls_of(town, draws, members, besides(town, draws, talk, 0.4))
    )
