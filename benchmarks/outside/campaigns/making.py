"""Work lists that have things made: code with tests, tasks for training environments, translations, tool
runs.
"""

from __future__ import annotations

import json

from benchmarks.outside.calls import Message
from benchmarks.outside.campaigns.operation import Deal, Exchange
from benchmarks.outside.draws import Draws
from benchmarks.outside.words import answers, coding
from benchmarks.outside.words.documents import KINDS, document, passage
from benchmarks.outside.words.grammar import Grammar
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.subjects import SUBJECTS

MAKE = Grammar({
    "spec": listed("""
        {verb} all {noun}s whose {field} changed since the last run | group {noun}s by {other} and report
        the {count} largest | {verb} a {noun} file of several gigabytes with bounded memory | keep the
        {field} of each {noun} unique under concurrent writes | match {noun}s to {other}s by {field},
        tolerating typos | {verb} {noun}s in order of {field} with at most {small} retries | detect cycles
        among {noun}s that refer to {other}s | convert {noun} records between two schemas without losing
        {field} | a cache of {noun}s with expiry by {field} | diff two lists of {noun}s and print what was
        added, removed or changed
    """),
    "program": listed("""
        Implement in {lang}: {spec}. Include unit tests that cover edge cases. | Write production-quality
        {lang} to {spec}. Then write the tests. | {spec}. Language: {lang}. Return one code block with the
        solution and one with tests. | Task: {spec}.¶Constraints: {lang}, standard library only, complexity
        stated.¶Deliver: code, tests, short explanation. | Give me a {lang} function for this and
        pytest-style tests: {spec} | As an exercise with solution: {spec} ({lang}). Tests must fail for a
        naive version.
    """),
    "task": listed("""
        Create {count} unique tasks for an agent in a simulated {place}. Each needs a goal, an initial
        state, and a checker in Python. Theme: {theme}. | Design a new environment: {place}, theme {theme}.
        Give tools with JSON schemas, a hidden state and a reward function. | Write a hard but verifiable
        problem about {theme} with its exact answer. It must differ from common benchmarks. | Generate a
        scenario in which an assistant in a {place} must {goal}. Provide success criteria and {small}
        distractors. | Propose {count} task ideas ({theme}) for training; difficulty 1-5; one line each, no
        repeats. | Compose a multi-step web task: site type {place}, user wants to {goal}. Output YAML with
        steps, checks, and failure modes. | Seed: {theme}. Produce a unit-testable puzzle and a reference
        solution.
    """),
    "place": listed("""
        bank back office | airline desk | spreadsheet | file system | web shop | hospital ward | calendar
        app | warehouse | terminal | ticket queue | map service | library catalogue | issue tracker |
        kitchen
    """),
    "translate": listed("""
        Translate into {tongue}. Keep register and names.¶¶<<t>> | <<t>>¶¶{tongue} translation only: | You
        are a professional translator. Render the source in {tongue}.¶Source: <<t>> | {tongue}: <<t>> |
        Give a natural {tongue} version and a literal one:¶<<t>>
    """),
})  # fmt: skip
PERSONAS = listed("""
    Inspired by: {name}, who runs a stall in {city}. | Persona: {name}, {company}. | Set it at {company} in
    {city}. | Written for {name}. | Locale: {city}. | Main character: {name} from {city}.
""")
TONGUES = {"German": "de", "French": "fr", "Spanish": "es", "Portuguese": "pt", "Japanese": "ja", "Turkish": "tr", "Hindi": "hi", "Russian": "ru"}  # fmt: skip


def programs_with_tests(draws: Draws) -> Deal:
    """Small programs from a specification, with their tests."""

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        noun, other = dice.sample(coding.NOUNS, 2)
        language = dice.choice(("Python", "Python", "TypeScript", "Go", "Rust", "Java"))
        fields = dice.choice(("date", "amount", "status", "region", "version", "owner", "checksum"))
        text = MAKE.say(
            "program",
            dice,
            noun=noun,
            other=other,
            verb=dice.choice(coding.VERBS),
            field=fields,
            lang=language,
            count=str(dice.randint(3, 20)),
            small=str(dice.randint(2, 6)),
        )
        text = text[0].upper() + text[1:]
        output = f"{answers.code(dice, text)}\n\n{answers.code(dice, text)}"
        return [Exchange([("user", text)], output)]

    return deal


def training_tasks(draws: Draws) -> Deal:
    """Tasks and environments with a checker, each on another theme."""

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        subject = SUBJECTS[dice.choice(list(SUBJECTS))]
        text = MAKE.say(
            "task",
            dice,
            theme=dice.choice(subject.things),
            goal=dice.choice(subject.doing),
            count=str(dice.choice((5, 10, 20))),
            small=str(dice.randint(2, 5)),
        )
        return [
            Exchange(
                [("user", text)], f"{answers.reply(dice, text, sentences=10.0)}\n\n{answers.code(dice, text)}"
            )
        ]

    return deal


def translations(draws: Draws) -> Deal:
    """Sentences of a corpus into eight languages, one language to a hand."""
    names = list(TONGUES)
    forms = [MAKE.say("translate", draws.dice, tongue="<<l>>") for _ in range(3)]

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        tongue = names[hand % len(names)]
        source = (
            document(dice, dice.choice(KINDS)) if dice.random() < 0.5 else passage(dice, dice.randint(1, 4))
        )
        text = dice.choice(forms).replace("<<t>>", source).replace("<<l>>", tongue)
        return [
            Exchange([("user", text)], answers.reply(dice, source, tongue=TONGUES[tongue], sentences=4.0))
        ]

    return deal


def tool_runs(draws: Draws, toolsets: int) -> Deal:
    """Trajectories with tools that exist only in the prompt: the operator's program plays the tools."""
    sets = [_toolset(draws) for _ in range(toolsets)]

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        names, system = dice.choice(sets)
        subject = SUBJECTS[dice.choice(list(SUBJECTS))]
        goal = f"{dice.choice(subject.doing)}; note that {dice.choice(subject.trouble)}"
        history: list[Message] = [("system", system), ("user", goal[0].upper() + goal[1:])]
        steps: list[Exchange] = []
        for _ in range(dice.randint(2, 6)):
            asked = json.dumps({"tool": dice.choice(names), "args": {"query": dice.choice(subject.things)}})
            steps.append(Exchange(tuple(history), asked))
            history += [("assistant", asked), ("tool", document(dice, dice.choice(KINDS)))]
        return [*steps, Exchange(tuple(history), answers.reply(dice, goal))]

    return deal


def _toolset(draws: Draws) -> tuple[list[str], str]:
    dice = draws.dice
    names = [f"{dice.choice(coding.VERBS)}_{dice.choice(coding.NOUNS)}" for _ in range(dice.randint(3, 6))]
    lines = "\n".join(f"- {name}(query: str) -> {dice.choice(coding.NOUNS)}" for name in names)
    opening = dice.choice(
        ("Tools you may call:", "You can use these functions.", "Available API:", "# Tools")
    )
    rule = dice.choice(
        (
            "Reply with one JSON call per turn.",
            "Call one tool at a time, then finish with text.",
            "Plan, then act.",
        )
    )
    return names, f"{opening}\n{lines}\n{rule}"
