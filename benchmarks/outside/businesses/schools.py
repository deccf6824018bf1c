"""People who learn: courses, bootcamps, exam weeks, shared accounts, tutors."""

from __future__ import annotations

from benchmarks.outside.businesses.members import (
    Member,
    Purse,
    at_work_and_home,
    enrol,
    free_or_card,
    in_week,
    one_purse,
    own_card,
    part_of,
    somewhere,
)
from benchmarks.outside.businesses.people import anyone, besides, conversation, everyday, turns
from benchmarks.outside.businesses.prose import speak
from benchmarks.outside.businesses.quizzes import exercise, worked
from benchmarks.outside.businesses.schedules import active, habit
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, chat, group
from benchmarks.outside.businesses.snippets import code, say, wish, work
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.networks import Place
from benchmarks.outside.rhythm import HOUR, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply
from benchmarks.outside.words.subjects import STUDY
from benchmarks.outside.words.voices import Voice

_BRIEF = (
    "Assignment {number}: implement a {thing} with add, remove and iterate, without library "
    "containers. Report the complexity of each operation and test it with {size} random elements."
)
_STUCK = (
    "how do i start with this?\n{brief}",
    "{brief}\n\nthis is what I have, it fails on the empty case\n{code}",
    "explain the complexity of remove for a {thing}",
    "why is my {thing} slow for {size} elements\n{code}",
    "can you review my {thing} before I hand it in? no full solution please\n{code}",
    "difference between a {thing} and a hash table in my own words for the report",
    "{trace}",
)


def university_course(town: Town, _crowd: Crowd) -> Group:
    """Students of one programming course behind the campus network and in
    dormitories; the deadline is in the middle of the week.

    Everybody works on the same assignment text, most on free accounts that they opened for the course.
    """
    draws = town.draws("businesses/university_course")
    campus = town.place(draws, "office", 3)
    dormitory = town.place(draws, "office", 2)
    deadline = in_week(town, 0.55)
    things = ("skip list", "circular buffer", "priority queue", "linked list")
    members = enrol(
        town,
        draws,
        180,
        purse=lambda _: (
            Purse("free", email="student.uni-arden.example")
            if draws.chance(0.8)
            else own_card(town, draws, "pro")
        ),
        place=lambda n: at_work_and_home(town, draws, campus if n % 3 else dormitory, 0.25),
        client=lambda _: town.install(
            draws, draws.dice.choice(("console", "console", "console", "editor", "sdk-python"))
        ),
        rhythm=lambda _: Rhythm("student", 1.0, 1.0),
        per_day=(0.2, 0.9),
        new=0.25,
    )

    def times(member: Member) -> list[float]:
        late = [
            deadline - draws.dice.expovariate(1 / (20 * HOUR))
            for _ in range(draws.dice.choice((0, 1, 1, 2, 3, 4)))
        ]
        return habit(member, draws) + active(member, late)

    def talk(_member: Member, begin: float) -> list[Exchange]:
        dice = draws.dice
        number = 4 if begin > town.start else 3
        given = {
            "brief": _BRIEF.format(number=number, thing=things[number - 1], size=10_000),
            "thing": things[number - 1],
            "size": dice.choice(("1000", "10000", "50000")),
            "code": code(dice),
            "trace": code(dice, "trace"),
        }
        said = [dice.choice(_STUCK).format(**given)]
        said += [
            dice.choice(
                (
                    "still fails",
                    "why?",
                    code(dice, "trace"),
                    "and in the worst case?",
                    "ok thanks, simpler please",
                )
            )
            for _ in range(turns(draws, 1.8) - 1)
        ]
        return chat(draws, [(text, work(dice)) for text in said])

    return group(
        "university_course",
        "classroom",
        members,
        calls_of(town, draws, members, besides(town, draws, talk, 0.35), times),
    )


_LESSON = (
    "Rewrite this prompt so that the answer is a table: {text}",
    "Act as a {role}. {text} Show your reasoning before the answer.",
    "Here are three examples of good answers. 1) {a} 2) {b} 3) {c} Now answer: {text}",
    "Grade your last answer from 1 to 10 and improve it: {text}",
    "Split the task into steps, number them, solve each: {text}",
)


def prompt_bootcamp(town: Town, _crowd: Crowd) -> Group:
    """A paid course in prompting with live lessons: sixty people try
    the exercise of the day at the same hour.

    The organiser hands out credit codes, so no account has a card; half of them were opened for this course.
    """
    draws = town.draws("businesses/prompt_bootcamp")
    roles = ("recruiter", "tour guide", "chemist", "judge", "copy editor", "coach")
    lessons = [town.reference_start + day * 86_400 + 17 * HOUR for day in range(1, 40) if day % 7 in (1, 3)]
    members = enrol(
        town,
        draws,
        64,
        purse=lambda _: Purse("pay-as-you-go"),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("evening", 1.0),
        per_day=(0.12, 0.8),
        begins=lambda n: town.reference_start if n % 2 else in_week(town, draws.dice.uniform(0.0, 0.2)),
    )

    def times(member: Member) -> list[float]:
        live = [at + draws.dice.uniform(600, 4800) for at in lessons if draws.chance(0.75)]
        return active(member, live) + habit(member, draws)

    def talk(_member: Member, begin: float) -> list[Exchange]:
        form = _LESSON[int(begin // 86_400) % len(_LESSON)]
        sent, after = [], 0.0
        for _ in range(turns(draws, 3.0)):
            dice = draws.dice
            text = form.format(
                text=anyone(town, draws),
                role=dice.choice(roles),
                a=speak(dice, "{sentence}"),
                b=speak(dice, "{sentence}"),
                c=speak(dice, "{sentence}"),
            )
            sent.append(ask(text, reply(dice, text, sentences=5))[0]._replace(after_s=after))
            after += draws.lognormal(140.0, 0.6)
        return sent

    return group("prompt_bootcamp", "classroom", members, calls_of(town, draws, members, talk, times))


def exam_week(town: Town, _crowd: Crowd) -> Group:
    """Pupils of many schools in the week of the state exam: old papers,
    worked solutions, step by step, late at night.
    """
    draws = town.draws("businesses/exam_week")
    papers = [exercise(draws.dice, draws.dice.choice(("physics", "sum"))) for _ in range(150)]
    wishes = (
        "Show every step: ",
        "step by step pls ",
        "",
        "Explain so that I could solve it alone. ",
        "where do the numbers come from? ",
        "full working: ",
    )
    members = enrol(
        town,
        draws,
        200,
        purse=lambda _: free_or_card(town, draws, 0.6),
        place=lambda _: town.place(draws, "home" if draws.chance(0.6) else "mobile"),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("student", 1.0, 1.2),
        per_day=(0.16, 0.9),
        new=0.25,
    )

    def times(member: Member) -> list[float]:
        return habit(member, draws) + habit(member, draws, 4.0, town.start, in_week(town, 0.7))

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        dice = draws.dice
        first = dice.choice(wishes) + (
            dice.choice(papers) if draws.chance(0.5) else exercise(dice, "physics")
        )
        said = [first] + [
            dice.choice(("why step 2?", "i get something else", "is there a faster way", "thanks"))
            for _ in range(turns(draws, 1.6) - 1)
        ]
        return chat(draws, [(text, worked(dice)) for text in said])

    return group(
        "exam_week",
        "classroom",
        members,
        calls_of(town, draws, members, besides(town, draws, talk, 0.35), times),
    )


def shared_logins(town: Town, _crowd: Crowd) -> Group:
    """Paid accounts that three to eight students share: each login is
    used from many places at once, all night.
    """
    draws = town.draws("businesses/shared_logins")

    def many_places() -> Place:
        spots = [somewhere(town, draws).addresses[0] for _ in range(draws.dice.randint(3, 8))]
        return Place("mixed", tuple(spots), 0.0)

    members = enrol(
        town,
        draws,
        34,
        purse=lambda _: own_card(town, draws, "pro"),
        place=lambda _: many_places(),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("student", town.zone(draws), 1.1),
        per_day=(2.4, 0.6),
        new=0.1,
    )
    voices = {
        m.number: [Voice(draws.dice, STUDY, prompts=town.prompts) for _ in m.place.addresses] for m in members
    }

    def talk(member: Member, _begin: float) -> list[Exchange]:
        voice = draws.dice.choice(voices[member.number])
        return chat(draws, conversation(draws, voice, turns(draws, 2.0)))

    return group("shared_logins", "crowd", members, calls_of(town, draws, members, talk))


_SHEET = (
    "Make a worksheet on {topic} for {name}, level {level}: six tasks from easy to hard, then the "
    "solutions on a new page."
)


def tutoring_centre(town: Town, _crowd: Crowd) -> Group:
    """Tutors of a chain of tutoring centres, one account each on the chain's card, busy after school."""
    draws = town.draws("businesses/tutoring_centre")
    purse = one_purse(town, draws, "team")
    centres = [town.place(draws, "office") for _ in range(5)]
    members = enrol(
        town,
        draws,
        52,
        purse=lambda _: purse,
        place=lambda n: part_of(centres[n % 5], draws, 1),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("evening", 4.0, 0.8),
        per_day=(0.9, 0.7),
        new=0.08,
    )

    def talk(_member: Member, _begin: float) -> tuple[Exchange]:
        dice = draws.dice
        if draws.chance(0.5):
            text = _SHEET.format(
                topic=speak(dice, "{plain}", ("science", "history")),
                name=say(dice, "{first}"),
                level=dice.randint(5, 12),
            )
            return ask(text, "\n".join(exercise(dice, "sum") for _ in range(6)))
        task = exercise(dice, "physics")
        text = f"A pupil wrote this solution. Where is the first mistake?\n{task}\n\n{worked(dice)}"
        return ask(text, reply(dice, text, sentences=3))

    return group(
        "tutoring_centre",
        "classroom",
        members,
        calls_of(town, draws, members, besides(town, draws, talk, 0.15)),
    )


def hackathon(town: Town, _crowd: Crowd) -> Group:
    """Participants of a weekend hackathon on the venue's network with
    the sponsor's starter kit and credit codes.

    All accounts are new, without a card, and start within hours of the opening on Friday afternoon.
    """
    draws = town.draws("businesses/hackathon")
    venue = town.place(draws, "office", 3)
    weekday = (town.start // 86_400 + 3) % 7  # 0 is a Monday
    opening = min(town.start + ((4 - weekday) % 7) * 86_400 + 17 * HOUR, in_week(town, 0.6))
    starter = (
        "You are the assistant of {project}, built with the Alderhack starter kit. {task} Answer in "
        "JSON with the key 'reply'."
    )
    members = enrol(
        town,
        draws,
        95,
        purse=lambda _: Purse("pay-as-you-go"),
        place=lambda _: at_work_and_home(town, draws, venue, 0.1),
        client=lambda _: town.install(draws, draws.dice.choice(("sdk-python", "sdk-node", "agent-tool"))),
        rhythm=lambda _: Rhythm("always", 1.0),
        per_day=(3.0, 0.9),
        begins=lambda _: opening + draws.dice.expovariate(1 / 2400.0),
    )
    members = [m._replace(end=min(m.end, opening + 50 * HOUR)) for m in members]
    projects = {
        m.number: starter.format(
            project=say(draws.dice, "{stem}{tail}"),
            task=speak(draws.dice, "It helps to {doing} the {plain}."),
        )
        for m in members
    }

    def talk(member: Member, _begin: float) -> list[Exchange]:
        if draws.chance(0.5):
            text = wish(draws.dice)
            return chat(draws, [(text, work(draws.dice))])
        return list(ask(anyone(town, draws), reply(draws.dice, "json", sentences=2), projects[member.number]))

    return group("hackathon", "classroom", members, calls_of(town, draws, members, talk))


def exchange_students(town: Town, _crowd: Crowd) -> Group:
    """A language school's students who practise the same language
    every evening with the school's fixed prompt.
    """
    draws = town.draws("businesses/exchange_students")
    system = (
        "You are a patient conversation partner. Correct at most two mistakes per message, then ask a "
        "question back. Level B1."
    )
    members = enrol(
        town,
        draws,
        70,
        purse=lambda _: own_card(town, draws, "pro"),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("evening", -5.0, 1.0),
        per_day=(0.35, 0.6),
        new=0.15,
    )
    talk = everyday(town, draws, tongue="es", system=system, mean_turns=3.0)
    return group("exchange_students", "classroom", members, calls_of(town, draws, members, talk))
