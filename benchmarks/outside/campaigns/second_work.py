"""The work of the second author's operators: what a hand is given to send at a time, and what comes back."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence

from benchmarks.outside.calls import Message
from benchmarks.outside.campaigns import second_matter as matter
from benchmarks.outside.campaigns import second_prompts as prompts
from benchmarks.outside.campaigns.operation import Deal, Exchange
from benchmarks.outside.draws import Draws
from benchmarks.outside.words import answers, coding
from benchmarks.outside.words.subjects import DAILY, SUBJECTS
from benchmarks.outside.words.tongues import TONGUES
from benchmarks.outside.words.voices import Voice

TONGUE_NAMES = {
    "es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese", "ru": "Russian", "zh": "Chinese",
    "ja": "Japanese", "tr": "Turkish",
}  # fmt: skip
OTHERS_MANNER = (  # how the relay's own model opens and closes, unlike ours
    "Absolutely! ", "Alright — ", "Here you go:\n", "Okay, let us unpack that. ", "",
)  # fmt: skip


def filled(template: str, **given: str) -> str:
    """The template with its slots replaced; other braces stay as they are."""
    for name, text in given.items():
        template = template.replace("{" + name + "}", text)
    return template


def _once(text: str, output: str, system: str | None = None) -> list[Exchange]:
    opening: list[Message] = [("system", system)] if system else []
    return [Exchange([*opening, ("user", text)], output)]


def _serial(dice: random.Random) -> str:
    return f"{dice.choice('CFHLMR')}-{dice.randint(1000, 99999)}"


def over(
    draws: Draws, templates: Sequence[str], rule: str, sentences: float, system: str | None = None
) -> Deal:
    """Any template over a fresh text of a rule, answered in prose."""

    def deal(_hand: int, _at: float) -> list[Exchange]:
        dice = draws.dice
        given = {"x": matter.told(dice, rule), "ref": _serial(dice)}
        text = filled(dice.choice(templates), **given)
        return _once(text, answers.reply(dice, given["x"], sentences=sentences), system)

    return deal


def margins(draws: Draws) -> Deal:
    """A finished problem whose way is to be told; each hand keeps to three of the templates."""
    own: dict[int, list[str]] = {}

    def deal(hand: int, _at: float) -> list[Exchange]:
        dice = draws.dice
        mine = own.setdefault(hand, dice.sample(prompts.MARGINS, 3))
        problem = matter.told(dice, "riddle") if draws.chance(0.8) else matter.inquiry(dice)
        text = filled(dice.choice(mine), x=problem, y=str(dice.randint(2, 400)))
        return _once(text, answers.thought(dice, problem, 16.0))

    return deal


def audit(draws: Draws) -> Deal:
    """A question with a weak answer, to be scored."""

    def deal(_hand: int, _at: float) -> list[Exchange]:
        dice = draws.dice
        asked = matter.inquiry(dice) if draws.chance(0.7) else matter.told(dice, "riddle")
        reply = matter.draft(dice, asked)
        text = filled(dice.choice(prompts.AUDIT), q=asked, r=reply, ref=_serial(dice))
        marks = {k: dice.randint(0, 4) for k in ("correct", "complete", "grounded", "tone", "useful")}
        return _once(text, json.dumps({**marks, "why": answers.reply(dice, reply, sentences=1.0)}))

    return deal


def coins(draws: Draws) -> Deal:
    """Two drafts to choose from; half of the pairs come back the other way round, to whoever is next."""
    turned: list[tuple[str, str, str]] = []

    def deal(_hand: int, _at: float) -> list[Exchange]:
        dice = draws.dice
        if len(turned) > 40 and draws.chance(0.5):
            asked, first, second = turned.pop(dice.randrange(len(turned)))
        else:
            asked = matter.inquiry(dice)
            first, second = matter.draft(dice, asked), answers.reply(dice, asked, sentences=4.0)
            turned.append((asked, second, first))
        text = filled(dice.choice(prompts.COINS), q=asked, a=first, b=second)
        picked = f"{dice.choice(('The first', 'The second'))}. {answers.reply(dice, second, sentences=1.5)}"
        return _once(text, picked)

    return deal


def rooms(draws: Draws) -> Deal:
    """One order for a new exercise, with drawn ingredients."""

    def deal(_hand: int, _at: float) -> list[Exchange]:
        dice = draws.dice
        parts = [dice.choice(SUBJECTS[s].things) for s in dice.sample(("systems", "programming", "data"), 3)]
        x, y, z = dice.sample(parts, 3)
        text = filled(prompts.ROOMS[0], x=x, y=y, z=z, ref=_serial(dice))
        goal = answers.reply(dice, text, sentences=7.0)
        return _once(text, f"{goal}\n\n{answers.code(dice, f'{x} {y} {z}')}")

    return deal


def repairs(draws: Draws, shards: Sequence[str]) -> Deal:
    """A broken program to mend, worded by a machine; every hand gets one programming language."""

    def deal(hand: int, _at: float) -> list[Exchange]:
        dice = draws.dice
        language = shards[hand % len(shards)]
        code = coding.snippet(dice, language)
        text = prompts.REPAIR.say("ask", dice, code=code, mishap=matter.mishap(dice))
        return _once(text, answers.code(dice, code, language))

    return deal


def plays(draws: Draws) -> Deal:
    """A dialogue of four to seven turns in which a small model plays the user."""

    def deal(_hand: int, _at: float) -> list[Exchange]:
        dice = draws.dice
        who, place, want = (dice.choice(r) for r in (prompts.CAST, prompts.STAGES, prompts.WANTS))
        given = {"who": who, "place": place, "want": want, "want_i": want.replace("is ", "am ", 1)}
        line = filled(dice.choice(prompts.PLAYS), **given)
        subject = SUBJECTS[dice.choice(DAILY)]
        history: list[Message] = []
        turns = []
        for _ in range(dice.randint(4, 7)):
            history = [*history, ("user", line)]
            said = answers.reply(dice, line, sentences=3.5)
            turns.append(Exchange(history, said))
            history = [*history, ("assistant", said)]
            thing = dice.choice(subject.things)
            line = filled(dice.choice(prompts.GOES_ON), x=thing, who_s=who[0].upper() + who[1:])
        return turns

    return deal


def toolwork(draws: Draws) -> Deal:
    """A request with made-up tools, whose results the operator makes up too."""

    def deal(_hand: int, _at: float) -> list[Exchange]:
        dice = draws.dice
        tools, names = matter.toolbox(dice)
        system = filled(dice.choice(prompts.TOOLSETS), tools=tools, n=str(dice.randint(1, 9)))
        history: list[Message] = [("system", system), ("user", matter.chore(dice))]
        steps = []
        for _ in range(dice.choice((1, 1, 2, 3, 4))):
            wanted = matter.invocation(dice, names)
            steps.append(Exchange(history, wanted))
            history = [*history, ("assistant", wanted), ("tool", matter.result(dice))]
        steps.append(Exchange(history, answers.reply(dice, history[1][1], sentences=2.0)))
        return steps

    return deal


def parallel(draws: Draws) -> Deal:
    """Pages of novels into one language per hand."""
    shards = tuple(TONGUE_NAMES)

    def deal(hand: int, _at: float) -> list[Exchange]:
        dice = draws.dice
        tongue = shards[hand % len(shards)]
        page = matter.scenes(dice, dice.randint(2, 5))
        text = filled(dice.choice(prompts.PARALLEL), tongue=TONGUE_NAMES[tongue], x=page)
        said = " ".join(TONGUES[tongue].say("answer", dice) for _ in range(page.count(".")))
        return _once(text, said)

    return deal


def throws(draws: Draws, samples: int) -> Deal:
    """Each problem goes out `samples` times, to as many hands as come next."""
    queue: list[tuple[str, str]] = []

    def deal(_hand: int, _at: float) -> list[Exchange]:
        dice = draws.dice
        if not queue:
            problem = matter.told(dice, "riddle")
            text = filled(dice.choice(prompts.THROWS), x=problem, ref=_serial(dice))
            queue.extend([(text, problem)] * samples)
        text, problem = queue.pop()
        return _once(text, f"{answers.thought(dice, problem, 7.0)}\n=> {dice.randint(1, 60)}")

    return deal


def relayed(draws: Draws, users: int) -> Deal:
    """Other people's chats: what another model said before stands in the history, we give the last turn."""
    people = [Voice(draws.dice) for _ in range(users)]

    def deal(_hand: int, _at: float) -> list[Exchange]:
        dice = draws.dice
        number = min(int(dice.paretovariate(0.6)) - 1, users - 1)
        voice = people[number]
        history: list[Message] = [("system", "You are Corvid. Friendly, quick, never mention other vendors.")]
        text = voice.ask(dice)
        for _ in range(dice.choice((0, 0, 0, 1, 1, 2, 4))):
            other = dice.choice(OTHERS_MANNER) + answers.reply(dice, text, tongue=voice.tongue, sentences=2.5)
            history += [("user", text), ("assistant", other)]
            text = voice.follow(dice)
        history.append(("user", text))
        return [Exchange(history, answers.reply(dice, text, tongue=voice.tongue), f"cv{number:05d}")]

    return deal


def washing(draws: Draws, answered: Sequence[tuple[str, str]]) -> Deal:
    """What our models once told others comes back to be cleaned; `answered` holds (question, answer)."""

    def deal(_hand: int, _at: float) -> list[Exchange]:
        dice = draws.dice
        asked, said = dice.choice(answered)
        text = filled(dice.choice(prompts.WASH), q=asked, x=said)
        kept = said.split(". ")
        return _once(text, "SKIP" if len(kept) < 3 and draws.chance(0.5) else ". ".join(kept[1:] or kept))

    return deal


def probes(draws: Draws, settled: float, winners: int) -> Deal:
    """Until `settled` every call tries a new dress around a problem; afterwards the best few are used."""
    kept = [prompts.LOCKS.say("try", draws.dice, x="{x}") for _ in range(winners)]
    payload = [matter.told(draws.dice, "riddle") for _ in range(6)]

    def deal(_hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        problem = dice.choice(payload) if at < settled else matter.told(dice, "riddle")
        wording = prompts.LOCKS.say("try", dice, x="{x}") if at < settled else dice.choice(kept)
        refused = at < settled and draws.chance(0.4)
        output = "I can give you the answer and a short explanation instead."
        return _once(filled(wording, x=problem), output if refused else answers.thought(dice, problem, 14.0))

    return deal


def reading(draws: Draws) -> Deal:
    """Questions of general interest, worded anew by a machine at each call."""

    def deal(_hand: int, _at: float) -> list[Exchange]:
        asked = matter.inquiry(draws.dice)
        text = prompts.READING.say("ask", draws.dice, x=asked)
        return _once(text, answers.reply(draws.dice, asked, sentences=11.0))

    return deal


def syllabus(draws: Draws, topic_at: Callable[[float], str]) -> Deal:
    """Whatever stands on the plan at that time, in one of fourteen forms."""

    def deal(_hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        subject = SUBJECTS[topic_at(at)]
        thing = dice.choice(subject.things) if draws.chance(0.8) else f"how to {dice.choice(subject.doing)}"
        text = filled(dice.choice(prompts.SYLLABUS), x=thing)
        return _once(text, answers.reply(dice, text, sentences=10.0))

    return deal
