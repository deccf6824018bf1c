"""What each of the third author's campaigns asks: functions that turn (hand, time) into exchanges."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from benchmarks.outside.businesses import prose
from benchmarks.outside.businesses.grammar import Grammar, between, pick
from benchmarks.outside.businesses.lexicon import WORDS
from benchmarks.outside.calls import Message
from benchmarks.outside.campaigns import third_prompts as say
from benchmarks.outside.campaigns.operation import Deal, Exchange
from benchmarks.outside.campaigns.third_matter import WORLDS, clause, page, problem, world
from benchmarks.outside.draws import Draws
from benchmarks.outside.town import Town
from benchmarks.outside.words import answers, coding
from benchmarks.outside.words.subjects import SUBJECTS
from benchmarks.outside.words.tongues import TONGUES
from benchmarks.outside.words.voices import Voice

PLAIN = Grammar(WORDS)
SEEDS = (
    "How can I {d}?",
    "Explain {t} to a colleague.",
    "Compare {t} and {u}.",
    "Write a short text about {t}.",
    "What are the risks of {t}?",
    "Give me a plan to {d}.",
    "Summarise what is known about {u}.",
    "What would you do if {x}?",
)


def one(text: str, output: str, system: str | None = None) -> list[Exchange]:
    """A task of a single call."""
    opening: list[Message] = [("system", system)] if system else []
    return [Exchange([*opening, ("user", text)], output)]


def seed(dice: random.Random, subjects: Sequence[str]) -> str:
    """A simple instruction as in public lists of them."""
    subject = SUBJECTS[pick(dice, subjects)]
    thing, other = dice.sample(subject.things, 2)
    return pick(dice, SEEDS).format(
        t=thing, u=other, d=pick(dice, subject.doing), x=pick(dice, subject.trouble)
    )


def harder(town: Town, draws: Draws, n: int) -> Deal:
    """Public seeds made harder with a dozen reworded templates."""
    dice, subjects = draws.dice, list(SUBJECTS)

    def deal(_i: int, _at: float) -> list[Exchange]:
        text = PLAIN.say(dice, pick(dice, say.HARDER), seed=seed(dice, subjects), how=pick(dice, say.HOW))
        return one(text, answers.reply(dice, text, sentences=12.0))

    return deal


def hired_writers(town: Town, draws: Draws, n: int) -> Deal:
    """People write what comes to their minds in their subject and ask for the reasons in their own words."""
    dice = draws.dice
    voices = [
        Voice(dice, ("school", "science", "programming", "data", "law and money"), "en") for _ in range(n)
    ]
    fields = [dice.sample(prose.ALL_FIELDS, 3) for _ in range(n)]
    ends = [dice.sample(say.WRITTEN_ENDS, 5) for _ in range(n)]

    def deal(i: int, _at: float) -> list[Exchange]:
        first = voices[i].ask(dice) if dice.random() < 0.5 else prose.question(dice, fields[i])
        if dice.random() < 0.3:
            first = problem(dice)
        history: list[Message] = []
        made = []
        for text in [first, *(pick(dice, ends[i]) for _ in range(between(dice, 1, 3)))]:
            history.append(("user", text))
            output = answers.reply(dice, first, sentences=7.0)
            made.append(Exchange(list(history), output))
            history.append(("assistant", output))
        return made

    return deal


def clauses(town: Town, draws: Draws, n: int) -> Deal:
    """Clauses of contracts under one long system prompt."""
    dice = draws.dice

    def deal(_i: int, _at: float) -> list[Exchange]:
        text = say.LEGAL.say(dice, pick(dice, say.LEGAL_USER), clause=clause(dice))
        fields = ("favours", "risks", "quotes", "redraft", "reasoning")
        return one(text, answers.record(dice, text, fields) + answers.reply(dice, text), say.LEGAL_SYSTEM)

    return deal


def broker(town: Town, draws: Draws, n: int) -> Deal:
    """Questions of a broker's own customers, logged; a third of the work asks a logged one again elsewhere."""
    dice = draws.dice
    customers = [(draws.token("cust", 5), Voice(dice, prompts=town.prompts)) for _ in range(20 * n)]
    log: list[str] = []

    def deal(_i: int, _at: float) -> list[Exchange]:
        if len(log) > 40 and dice.random() < 0.34:
            text = log[-between(dice, 20, min(len(log), 2000))]
            extra = pick(
                dice, ("", "", "\n\nThink step by step.", "\n\nBe thorough.", "\n\nExplain your reasoning.")
            )
            return one(text + extra, answers.reply(dice, text, sentences=9.0))
        user, voice = dice.choice(customers)
        made: list[Exchange] = []
        history: list[Message] = []
        text = voice.ask(dice)
        log.append(text)
        for _ in range(dice.choice((1, 1, 1, 2, 3))):
            history.append(("user", text))
            output = answers.reply(dice, history[0][1], tongue=voice.tongue)
            made.append(Exchange(list(history), output, user))
            history.append(("assistant", output))
            text = voice.follow(dice)
        return made

    return deal


def exercises(town: Town, draws: Draws, n: int) -> Deal:
    """Exercises; each student has one of five shared prompts and one subject."""
    dice, kinds = draws.dice, (("problem",), ("science",), ("logic",), ("problem", "logic"))

    def deal(i: int, _at: float) -> list[Exchange]:
        text = PLAIN.say(dice, say.SHOW_WORK[i % 5], q=problem(dice, kinds[i % 4]))
        return one(text, answers.reply(dice, text, sentences=11.0))

    return deal


def as_people(town: Town, draws: Draws, n: int) -> Deal:
    """Questions written by a model in the manner of anybody at all: nothing in common but their quality."""
    dice = draws.dice

    def deal(_i: int, _at: float) -> list[Exchange]:
        fate = dice.random()
        if fate < 0.4:
            text = prose.question(dice)
        elif fate < 0.47:
            text = problem(dice)
        elif fate < 0.75:
            text = Voice(dice, list(SUBJECTS), prompts=town.prompts).ask(dice)
        else:
            text = coding.request(dice)
        if dice.random() < 0.45:
            text = text.rstrip("?.") + pick(dice, say.NICHE_END)
        return one(text, answers.reply(dice, text, sentences=9.0))

    return deal


def pairs(town: Town, draws: Draws, n: int) -> Deal:
    """Two answers of a student model to one question, to be compared."""
    dice, subjects = draws.dice, list(SUBJECTS)

    def deal(_i: int, _at: float) -> list[Exchange]:
        q = seed(dice, subjects)
        r, s = (answers.reply(dice, q, sentences=3.5) for _ in range(2))
        return one(PLAIN.say(dice, pick(dice, say.PAIR), q=q, r=r, s=s), answers.verdict(dice, q))

    return deal


def samples(town: Town, draws: Draws, n: int) -> Deal:
    """Each problem four to eight times, the copies far apart, to keep the answers that agree."""
    dice = draws.dice
    waiting: list[str] = []

    def deal(_i: int, _at: float) -> list[Exchange]:
        while len(waiting) < 400:
            waiting.extend([problem(dice)] * between(dice, 4, 8))
        at = between(dice, 0, len(waiting) - 1)
        waiting[at], waiting[-1] = waiting[-1], waiting[at]
        text = PLAIN.say(dice, say.BOXED, q=waiting.pop())
        return one(text, f"{answers.reply(dice, text, sentences=9.0)}\nAnswer: {between(dice, 1, 400)}")

    return deal


def tool_traces(town: Town, draws: Draws, n: int) -> Deal:
    """An agent with invented functions works in a world whose results the operator's program makes up."""
    dice = draws.dice

    def deal(_i: int, _at: float) -> list[Exchange]:
        tools = dice.sample(say.TOOLS, between(dice, 3, 7))
        place = say.AGENT.start(dice, "place")
        system = PLAIN.say(
            dice, say.AGENT_SYSTEM, place=place, tools="\n".join(f"- {tool}" for tool in tools)
        )
        history: list[Message] = [("system", system), ("user", say.AGENT.start(dice, "goal"))]
        made = []
        for _ in range(between(dice, 3, 7)):
            name = pick(dice, tools).split("(", maxsplit=1)[0]
            given = say.AGENT.start(dice, "arg")
            said = f'{answers.thought(dice, history[1][1], 1.0)}\n["{name}", "{given}"]'
            made.append(Exchange(list(history), said))
            history += [("assistant", said), ("tool", say.AGENT.start(dice, "result"))]
        return made

    return deal


def callers(town: Town, draws: Draws, n: int) -> Deal:
    """The model plays a caller and the agent who takes the call, turn by turn; each hand has one trade."""
    dice, branches = draws.dice, list(say.MATTERS)

    def deal(i: int, _at: float) -> list[Exchange]:
        branch = branches[i % len(branches)]
        who = say.CALLER.start(dice, "who")
        matter = say.CALLER.say(dice, pick(dice, say.MATTERS[branch]))
        caller = PLAIN.say(dice, say.CALLER_SYSTEM, who=who, matter=matter)
        agent = PLAIN.say(dice, say.DESK_SYSTEM, branch=branch)
        said: list[str] = []
        made = []
        for turn in range(between(dice, 4, 8)):
            speaks = turn % 2  # 0: the caller
            opening: list[Message] = [("system", (caller, agent)[speaks])]
            if not speaks:
                opening.append(("user", "(The line is open.)"))
            roles = [("assistant" if at % 2 == speaks else "user", text) for at, text in enumerate(said)]
            output = say.CALLER_SAYS.start(dice, ("caller", "agent")[speaks])
            made.append(Exchange([*opening, *roles], output))
            said.append(output)
        return made

    return deal


def repositories(town: Town, draws: Draws, n: int) -> Deal:
    """Code of public repositories with ten kinds of request."""
    dice = draws.dice

    def deal(_i: int, _at: float) -> list[Exchange]:
        lang = pick(dice, ("python", "python", "typescript", "sql"))
        target = pick(dice, ("Rust", "Go", "Kotlin", "Swift", "C++"))
        code = "\n\n".join(coding.snippet(dice, lang) for _ in range(between(dice, 1, 3)))
        text = PLAIN.say(dice, pick(dice, say.CODE_ASKS), lang=lang, target=target, code=code)
        return one(text, answers.code(dice, text, lang))

    return deal


def tongues(town: Town, draws: Draws, n: int) -> Deal:
    """Questions in ten languages, each hand in one, with the thinking asked for in it."""
    dice, all_tongues = draws.dice, list(say.NATIVE)

    def deal(i: int, _at: float) -> list[Exchange]:
        tongue = all_tongues[i % len(all_tongues)]
        thinking, expert = say.NATIVE[tongue]
        text = f"{TONGUES[tongue].say('ask', dice)} {thinking}"
        if dice.random() < 0.4:
            text = f"{expert} {text}"
        return one(text, answers.reply(dice, text, tongue=tongue, sentences=10.0))

    return deal


def pages(town: Town, draws: Draws, n: int) -> Deal:
    """Scanned pages of textbooks, one template."""
    dice = draws.dice

    def deal(_i: int, _at: float) -> list[Exchange]:
        text = PLAIN.say(dice, say.PAGES, page=page(dice))
        return one(text, answers.reply(dice, text, sentences=10.0))

    return deal


def worlds(town: Town, draws: Draws, n: int) -> Deal:
    """Environments with verifiers."""
    dice = draws.dice

    def deal(_i: int, _at: float) -> list[Exchange]:
        skill = WORLDS.start(dice, "skill")
        text = PLAIN.say(dice, pick(dice, say.WORLD_ASKS), w=world(dice), skill=skill)
        return one(text, answers.code(dice, text))

    return deal


def sweep(town: Town, draws: Draws, n: int) -> Deal:
    """Wordings that might bring out hidden thoughts, over twenty problems; later the five best over many."""
    dice = draws.dice
    few = [problem(dice) for _ in range(20)]
    best = [say.SWEEP.start(dice, "move", q="[PROBLEM]") for _ in range(5)]
    turns = town.start + 0.5 * (town.end - town.start)

    def deal(_i: int, at: float) -> list[Exchange]:
        if at < turns:
            text = say.SWEEP.start(dice, "move", q=pick(dice, few))
        else:
            text = pick(dice, best).replace("[PROBLEM]", problem(dice))
        return one(text, answers.thought(dice, text, 12.0))

    return deal


def tutors(town: Town, draws: Draws, n: int) -> Deal:
    """Think-aloud protocols: a fixed system prompt on two accounts of three, none on the others."""
    dice = draws.dice

    def deal(i: int, _at: float) -> list[Exchange]:
        asks: tuple[Callable[[random.Random], str], ...] = (problem, problem, prose.question, coding.request)
        q = dice.choice(asks)(dice)
        text = say.TUTOR.start(dice, "line", q=q)
        return one(text, answers.thought(dice, text, 14.0), say.TUTOR_SYSTEM if i % 3 else None)

    return deal


def revisions(town: Town, draws: Draws, n: int) -> Deal:
    """Answers of the operator's own model put in our model's mouth, then criticised and rewritten."""
    dice, subjects = draws.dice, list(SUBJECTS)

    def deal(_i: int, _at: float) -> list[Exchange]:
        q = seed(dice, subjects)
        history: list[Message] = [("user", q), ("assistant", answers.reply(dice, q, sentences=4.0))]
        made = []
        for step in (say.CRITIQUE, say.REVISE):
            history.append(("user", pick(dice, step)))
            output = answers.reply(dice, q, sentences=6.0)
            made.append(Exchange(list(history), output))
            history.append(("assistant", output))
        return made

    return deal


def personas(town: Town, draws: Draws, n: int) -> Deal:
    """A made-up person, and what that person would ask."""
    dice = draws.dice

    def deal(_i: int, _at: float) -> list[Exchange]:
        text = say.PERSONA.start(dice, "ask", p=say.PERSONA.start(dice, "persona"))
        return one(text, answers.reply(dice, text, sentences=8.0))

    return deal
