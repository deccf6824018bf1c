"""Running prose in a field of life: sentences, paragraphs, questions and titles."""

from __future__ import annotations

import random
from collections.abc import Sequence

from benchmarks.outside.businesses.fields import FIELDS
from benchmarks.outside.businesses.grammar import Grammar, Rules, between, pick
from benchmarks.outside.businesses.lexicon import WORDS
from benchmarks.outside.words.listing import listed

# Most sentences are put together from clauses, so that two texts rarely share a run of words by chance.
_CLAUSES: Rules = {
    "clause": [
        "{np} {did} {np}",
        "{np} {did} {np} {aside}",
        "{np} {adverb} {did} {np}",
        "{np} and {np} {did} {np} {aside}",
        "{np} was {adjective} {aside}",
        "{np} {did} {np} {aside} {aside}",
        "there was {adjective} talk of {np}",
        "{np} {did} {quantity} {plain}s",
    ],
    "np": [
        "{who}",
        "{who}",
        "the {plain}",
        "the {adjective} {plain}",
        "{a adjective} {plain}",
        "{first}",
        "{person}",
        "{company}",
        "every {plain}",
        "the {plain} of {first}",
        "the {plain} from {town}",
        "their {plain}",
        "our {adjective} {plain}",
        "this {plain}",
    ],
    "did": listed("""
        accepted | adjusted | admired | avoided | blamed | bought | brought | carried | checked |
        chose | cleaned | copied | counted | covered | defended | delayed | described | divided |
        doubled | dropped | examined | expected | finished | fixed | followed | forgot | found | gave
        up | handed over | ignored | improved | inherited | kept | left | lifted | liked | lost |
        measured | mentioned | missed | moved | needed | noticed | offered | opened | ordered | owned
        | paid for | painted | passed on | picked | praised | promised | questioned | reached |
        refused | remembered | rented | replaced | returned | saved | shared | showed | sold | sorted
        | spoiled | started | stopped | stored | studied | swapped | tested | thanked | threw away |
        traced | tried out | turned down | used | wanted | warned about | watched | welcomed | wrote
        about"""),
    "adverb": listed("""
        almost | already | always | badly | barely | briefly | carefully | clearly | eventually |
        finally | gladly | hardly | later | mostly | never | often | only just | openly | partly |
        politely | quickly | quietly | rarely | secretly | simply | slowly | sometimes | soon |
        suddenly | twice | usually | willingly"""),
    "adjective": listed("""
        ancient | bitter | bold | brief | bright | broken | careful | clever | common | curious | damp
        | distant | dusty | empty | exact | familiar | famous | fragile | gentle | heavy | hollow |
        hopeful | huge | idle | local | lonely | loud | lucky | modern | modest | narrow | nervous |
        new | odd | old | patient | plain | pleasant | private | proper | public | quick | quiet |
        rare | ready | rough | serious | shallow | sharp | simple | slow | small | smooth | solid |
        spare | steady | strange | strict | strong | sudden | tiny | useful | vague | warm | weak"""),
    "quantity": ["{2..60}", "several", "a dozen", "too many", "a few", "{percent} of the"],
    "aside": [
        "in {town}",
        "before {clock}",
        "for {amount}",
        "without asking {who}",
        "since {year}",
        "despite {np}",
        "at the end of {month}",
        "after {span}",
        "on {date}",
        "with the help of {person}",
        "as {who} had hoped",
        "next to {np}",
        "because of {np}",
        "against the advice of {who}",
        "near {street}",
        "by mistake",
        "for the {ordinal} time",
        "under {adjective} light",
        "every {weekday}",
        "instead of {np}",
        "until {month}",
    ],
    "ordinal": ["first", "second", "third", "last"],
    "joint": [
        ", and",
        ", but",
        "; meanwhile",
        ", so",
        ", while",
        ", although",
        ", because",
        " until",
        " before",
    ],
    "composed": [
        "{Clause}.",
        "{Clause}{joint} {clause}.",
        "{Aside}, {clause}.",
        "{Clause}; {clause}.",
        '"{Clause}", said {who}.',
        "If {clause}, {clause}.",
        "{Clause} ({aside}).",
        "{Adverb}, {clause}.",
        "Whether {clause} or not, {clause}.",
        "{Who} asked why {clause}.",
    ],
}

_SENTENCES: Rules = {
    "sentence": ["{composed}", "{composed}", "{composed}", "{stock}"],
    "stock": [
        "{Who} said that the {plain} would take {span}.",
        "In {town} the {plain} cost {amount} last {month}.",
        "We tried to {doing} the {plain} twice, and {trouble}.",
        "{Who} prefers to {doing} it on {a weekday} morning.",
        "Nobody had told {person} about the {plain}.",
        "It started when {who} wanted to {doing} the {plain}; then {trouble}.",
        "About {percent} of people ask {who} first.",
        "The {plain} is {degree} than the {plain}, but {who} disagrees.",
        "After {span} they gave up on the {plain} and went back to the {plain}.",
        "{Person}, from {company}, calls the {plain} {judgement}.",
        "If {trouble}, {who} will have to {doing} everything again.",
        "There is {a judgement} way to {doing} the {plain}, and {a judgement} one.",
        "By {month} {who} had changed the {plain} {2..9} times.",
        "What matters is the {plain}, not the {plain}.",
        "Since {year} {company} has offered to {doing} it for {amount}.",
        "I think that {who} was {mood} because {trouble}.",
        "{Judgement} as it was, the {plain} lasted {span}.",
        "On {date} {who} decided to {doing} the {plain}.",
        "The plan for the {plain} was simple: {doing}, wait {span}, {doing} again.",
        "A note from {person} mentions the {plain} and the {plain}.",
        "You could also {doing} the {plain} before {clock}.",
        "Most of the work on the {plain} is done by {who}.",
        "{Trouble}, said {who}, and the {plain} had to wait.",
        "At {clock} the {plain} was still not ready.",
        "They {didwell}, although the {plain} was {judgement}.",
        "One of the reasons is the {plain}; another is {who}.",
    ],
    "degree": [
        "cheaper",
        "slower",
        "harder",
        "older",
        "better",
        "less useful",
        "more common",
        "easier to repair",
    ],
    "judgement": listed("""
        excellent | awkward | sensible | overrated | honest | risky | cheap | remarkable | dull |
        necessary | elegant | outdated | fair | unusual | practical | generous | strict"""),
    "didwell": [
        "managed in the end",
        "were lucky",
        "apologised",
        "asked for help",
        "kept a list",
        "started over",
    ],
    "plain": ["{thing}"],
    "question": [
        "How do I {doing} the {plain} when {trouble}?",
        "Is it normal that {trouble}? It concerns the {plain}.",
        "What should {who} know about the {plain} before {month}?",
        "Can {who} {doing} the {plain} without paying {amount}?",
        "Why does everybody say that the {plain} is {judgement}?",
        "{Plain} or {plain}: which one would you take for {span}?",
        "What is the difference between the {plain} and the {plain}?",
        "My {plain} is {2..14} years old and {trouble}. Should I still {doing} it?",
        "How long does it take to {doing} the {plain}? {Who} says {span}.",
        "{Who} asked me to {doing} the {plain}. Where do I start?",
        "Give me {3..9} ideas for the {plain}, nothing {judgement}.",
        "Write a short message to {who} about the {plain}: {trouble}.",
        "Explain the {plain} as if I had never had to {doing} anything.",
        "i need to {doing} the {plain} by {weekday}, {trouble}, help",
        "Make a plan for {span} so that I can {doing} the {plain}.",
        "is {amount} too much for the {plain}??",
        "Quick one: when do you {doing} the {plain}?",
        "Compare {3..5} ways to {doing} the {plain} in a table.",
        "What would you answer if {who} told you that {trouble}?",
        "{sentence} {sentence} What would you do?",
    ],
    "title": [
        "The {plain} that changed {town}",
        "How to {doing} the {plain} in {span}",
        "{2..12} facts about the {plain}",
        "Why {trouble}",
        "{Plain} and {plain}: what {who} recommends",
        "A {judgement} guide to the {plain}",
        "When {who} met the {plain}",
    ],
    "paragraph": ["{sentence*3..6}", "{sentence*2..4}", "{sentence*4..8}"],
}

_GRAMMARS: dict[str, Grammar] = {
    name: Grammar(
        WORDS,
        _CLAUSES,
        _SENTENCES,
        field,
        # The names of some things bring their own article, which a sentence with "the" must not repeat.
        {"plain": [thing.removeprefix("the ").removeprefix("a ") for thing in field["thing"]]},
    )
    for name, field in FIELDS.items()
}

ALL_FIELDS: tuple[str, ...] = tuple(_GRAMMARS)


def speak(dice: random.Random, template: str, fields: Sequence[str] = ALL_FIELDS, **given: str) -> str:
    """The template expanded in one of the fields."""
    return _GRAMMARS[pick(dice, fields)].say(dice, template, **given)


def question(dice: random.Random, fields: Sequence[str] = ALL_FIELDS) -> str:
    """What one person asks an assistant."""
    return speak(dice, "{question}", fields)


def paragraph(dice: random.Random, fields: Sequence[str] = ALL_FIELDS) -> str:
    """A few sentences in one field."""
    return speak(dice, "{paragraph}", fields)


def title(dice: random.Random, fields: Sequence[str] = ALL_FIELDS) -> str:
    """A headline in one field."""
    return speak(dice, "{title}", fields)


def article(
    dice: random.Random, fields: Sequence[str] = ALL_FIELDS, paragraphs: tuple[int, int] = (2, 5)
) -> str:
    """A headline and some paragraphs, all in one field."""
    field = (pick(dice, fields),)
    body = [paragraph(dice, field) for _ in range(between(dice, *paragraphs))]
    return "\n\n".join([title(dice, field), *body])


def one_field(dice: random.Random, fields: Sequence[str] = ALL_FIELDS) -> tuple[str]:
    """One field, in the form that the other functions take."""
    return (pick(dice, fields),)
