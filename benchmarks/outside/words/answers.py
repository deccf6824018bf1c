"""What the lab's models answer: prose, lists, code, verdicts, JSON and thoughts about what was asked."""

from __future__ import annotations

import json
import random
import re

from benchmarks.outside.words.coding import snippet
from benchmarks.outside.words.grammar import Grammar
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.tongues import TONGUES

_WORD = re.compile(r"[^\W\d_]{4,}")
_DULL = frozenset(
    listed("""
    about | after | again | also | because | been | before | below | between | could | does | each |
    example | explain | every | first | following | from | give | have | help | here | into | just |
    know | like | make | many | more | most | much | need | only | other | over | please | should |
    some | step | steps | such | tell | than | that | their | them | then | there | these | they |
    thing | this | those | using | want | what | when | where | which | while | will | with | without |
    work | would | write | your | you're | give | text | answer | question
""")
)

ENGLISH = Grammar({
    "open": listed("""
        Good question. | Here is a short overview. | Short answer: it depends on {a}. | Sure. | Let's look
        at {a} first. | There are several ways to think about {a}. | Yes, with one caveat. | Happy to help
        with {a}. | Great, let's take this one step at a time. | The key idea behind {a} is simple. | It
        helps to separate {a} from {b}. | In brief: start with {b}. | Certainly! Below is what I would do.
        | That is a common situation.
    """),
    "body": listed("""
        {when} {a} {acts} {b}. | {a} {acts} {b}, {since} {fact}. | {do} {a} {when}. | {do} {a} and {do_too}
        {b}. | {few} people {do_too} {b} {when}. | {since} {fact}, {do_too} {a}. | {fact}: {a} {acts} {b}.
        | {when} it helps to {do_too} {b}. | {fact}. | {do} {b}, {since} {a} {acts} it. | {few} of it
        concerns {b}; the rest is {a}. | {a} {when} {acts} {b}. | Think of {a} as {image} and of {b} as
        {image}. | {a} took {n} {unit}, {b} another {n}. | {few} guides {do_too} {a} {n} times {when}.
    """),
    "when": listed("""
        in most cases | at first | once that is settled | after {n} {unit} | on a quiet day | early on |
        towards the end | every now and then | before you commit | in practice | for a start | in a second
        pass | where it counts | under load | in the long run | as a rule | with {n} people | when money is
        tight | outside the textbook
    """),
    "acts": listed("""
        shapes | limits | depends on | follows from | hides | outweighs | competes with | supports | comes
        before | replaces | explains | reveals | slows down | belongs to | contradicts | resembles | costs
        more than | is tied to | feeds | wears out
    """),
    "since": listed("""
        because | since | as | given that | although | even if | provided that | while | unless
    """),
    "fact": listed("""
        {n} in {n2} cases turn out well | the margin is about {n} percent | nobody measures it twice | the
        numbers are softer than they look | {few} sources agree | the effect fades after {n} {unit} |
        habits differ | the order can be changed later | time is the scarce part | one mistake costs {n}
        {unit} | there is a simpler variant | quality varies | the usual advice is dated | small changes
        add up
    """),
    "do": listed("""
        Check | Write down | Compare | Postpone | Test | Measure | Simplify | Label | Question | Repeat |
        Halve | Discuss | Sketch | Protect | Budget for | Look up | Rehearse
    """),
    "do_too": listed("""
        note | keep | review | skip | rank | adjust | document | watch | limit | share | time | trust |
        ignore | prepare | revisit
    """),
    "few": listed("Few | Most | About {n} percent | Some | Hardly any | Half | A growing number | Only {n}"),
    "image": listed("""
        the frame | the picture | a filter | the engine | a budget | the map | a hinge | the weather |
        scaffolding | the bottleneck
    """),
    "unit": listed("minutes | days | weeks | attempts | hours | pages | steps | months | euros | rounds"),
    "n": listed("""
        2 | 3 | 4 | 5 | 6 | 8 | 10 | 12 | 15 | 20 | 30 | 40 | 60 | 90
    """), "n2": listed("""
        5 | 7 | 9 | 10 | 12 | 20 | 50 | 100
    """),
    "close": listed("""
        Let me know if you want more detail on {a}. | I hope this helps! | Would you like an example with
        {b}? | In short, begin with {a}. | If you share more details I can be more specific. | Good luck! |
        To sum up: {a} first, {b} second. | Shall I draft it for you? | For anything serious, please check
        with a professional.
    """),
    "item": listed("""
        **{a}** – keep it simple | Check {b} twice | Write down {a} | Compare {a} with {b} | Plan time for
        {b} | Ask about {a} early | Avoid mixing {a} and {b} | Start small with {b} | Review {a} weekly |
        Decide on {b} | Put {a} where you see it | Drop what does not help {b} | Measure {a} | Make {b}
        repeatable
    """),
    "think": listed("""
        The user asks about {a}. | Let me think about what {a} involves. | They might mean {b}, but {a} is
        more likely. | First, {a}. | I should mention {b}. | Wait, does {b} apply here? Probably yes. | So
        the main steps are clear. | Let me check {a} once more. | If {a} holds, then {b} follows. | An
        alternative would be to start from {b}. | I will keep the answer short. | Let me count: two cases,
        maybe three. | That contradicts what I said about {b}, so reconsider. | Okay, that is consistent.
    """),
})  # fmt: skip


BLAND = listed(
    "the goal | the details | the plan | the first step | the rest | the timing | the cost | the reason | the outcome | the order"
)


def keywords(text: str, dice: random.Random) -> list[str]:
    """Two or more words that a text is about, or bland ones where it says nothing."""
    found = [w for w in _WORD.findall(text[-600:]) if w.lower() not in _DULL]
    return dice.sample(found, min(len(found), 6)) if len(found) > 1 else dice.sample(BLAND, 3)


def reply(dice: random.Random, prompt: str, *, tongue: str = "en", sentences: float = 6.0) -> str:
    """An answer in prose or with a list; `sentences` is the median length."""
    length = max(1, round(sentences * dice.lognormvariate(0.0, 0.5)))
    if tongue != "en":
        return " ".join(TONGUES[tongue].say("answer", dice) for _ in range(max(2, length)))
    words = keywords(prompt, dice)
    parts = [_say("open", words, dice)]
    if dice.random() < 0.45:
        parts.append(" ".join(_say("body", words, dice) for _ in range(max(1, length // 3))))
        mark = dice.choice(("- ", "* ", "1. "))
        parts += [mark + _say("item", words, dice) for _ in range(max(2, length // 2))]
        parts.append(_say("close", words, dice))
        return "\n".join(parts)
    parts += [_say("body", words, dice) for _ in range(length)]
    if dice.random() < 0.5:
        parts.append(_say("close", words, dice))
    return " ".join(parts)


def _say(rule: str, words: list[str], dice: random.Random) -> str:
    said = ENGLISH.say(rule, dice, a=dice.choice(words), b=dice.choice(words))
    return said[0].upper() + said[1:]


def thought(dice: random.Random, prompt: str, sentences: float = 8.0) -> str:
    """The reasoning before an answer."""
    words = keywords(prompt, dice)
    length = max(2, round(sentences * dice.lognormvariate(0.0, 0.6)))
    return " ".join(_say("think", words, dice) for _ in range(length))


def code(dice: random.Random, prompt: str, language: str = "python") -> str:
    """A sentence, a block of code and a remark."""
    words = keywords(prompt, dice)
    remark = _say("body", words, dice)
    return f"{_say('open', words, dice)}\n\n```{language}\n{snippet(dice, language)}\n```\n\n{remark}"


def verdict(dice: random.Random, prompt: str, scale: int = 10) -> str:
    """A grade with its reasons."""
    words = keywords(prompt, dice)
    score = min(scale, max(1, round(dice.gauss(0.7 * scale, 0.18 * scale))))
    reasons = " ".join(_say("body", words, dice) for _ in range(dice.randint(1, 3)))
    return dice.choice(
        (f"Score: {score}/{scale}\n{reasons}", f"{reasons}\nRating: {score}", f"{score} - {reasons}")
    )


def record(dice: random.Random, prompt: str, fields: tuple[str, ...]) -> str:
    """A JSON object with the fields that were asked for."""
    words = keywords(prompt, dice)
    values: dict[str, object] = {f: dice.choice((*words, "unknown")) for f in fields}
    values["confidence"] = round(dice.uniform(0.4, 0.99), 2)
    return json.dumps(values, ensure_ascii=False)
