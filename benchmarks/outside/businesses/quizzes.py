"""Exercises with a right answer: sums, physics, law cases and multiple choice."""

from __future__ import annotations

import random

from benchmarks.outside.businesses.grammar import Grammar, Rules, between, pick
from benchmarks.outside.businesses.lexicon import WORDS
from benchmarks.outside.businesses.prose import ALL_FIELDS, speak
from benchmarks.outside.words.listing import listed

_QUIZ: Rules = {
    "item": listed("""
        apples | stamps | tickets | bricks | pencils | coins | cards | bottles | beads | chairs | tiles
        | seedlings
    """),
    "sum": [
        (
            "{first@1} buys {3..60} {item@1} at {2..19} each and sells {2..40} of them at {5..30} "
            "each. What is the profit?"
        ),
        (
            "A train leaves {town@1} at {1..9}:{10..59} and covers {40..400} km at {40..160} km/h. "
            "When does it arrive?"
        ),
        (
            "{first@1} has {10..90} {item@1}, gives {percent} to {first@2} and loses {2..9}. How many "
            "{item@1} are left?"
        ),
        (
            "A tank holds {50..900} litres and drains {2..20} litres a minute. After how many minutes "
            "is {2..40} per cent left?"
        ),
        (
            "If {2..9} workers lay {20..300} {item@1} in {2..12} hours, how many do {3..15} workers "
            "lay in {2..9} hours?"
        ),
        "The sides of a triangle are {3..30}, {3..30} and x; its perimeter is {70..99}. Find x.",
        "Solve {2..19}x + {3..99} = {100..400}.",
        "How many ways are there to choose {2..5} of {6..20} {item@1} in a row so that no two are adjacent?",
    ],
    "physics": [
        (
            "A {1..90} kg crate slides {2..40} m down a slope of {5..60} degrees with friction "
            "{0..0}.{10..90}. Find its final speed."
        ),
        "A lens of focal length {5..50} cm forms an image {10..99} cm away. Where is the object?",
        (
            "A {2..900} ohm resistor and a {1..99} microfarad capacitor are in series. After which "
            "time is the charge at {10..90} per cent?"
        ),
        (
            "{20..900} ml of {0..2}.{10..99} M acid is titrated with {0..2}.{10..99} M base. Give the "
            "volume at equivalence."
        ),
        (
            "A gas at {1..9}.{1..9} bar and {5..90} degrees is compressed to {10..90} per cent of its "
            "volume. Find the new pressure."
        ),
        (
            "A block hangs from a spring of {20..900} N/m and stretches it by {2..40} cm. Find its "
            "mass and the period."
        ),
    ],
    "case": [
        "{person@1} sold a van to {person@2} for {amount}, knowing that the brakes failed. {person@2} "
        "resold it before {date}. Who is liable, and on which ground?",
        (
            "{company@1} promised delivery by {date} and was {span} late after a strike in {town}. May "
            "the buyer withdraw?"
        ),
        "A tenant, {person@1}, stopped paying {amount} after the heating failed for {span}. Discuss.",
        (
            "{person@1} signed for {company@1} without authority; {company@1} kept the goods for "
            "{span}. Is it bound?"
        ),
    ],
}
_GRAMMAR = Grammar(WORDS, _QUIZ)


def exercise(dice: random.Random, kind: str = "sum") -> str:
    """One exercise: sum, physics or case."""
    return _GRAMMAR.start(dice, kind)


def multiple_choice(dice: random.Random) -> str:
    """A question with four options, A to D."""
    field = (pick(dice, ALL_FIELDS),)
    stem = speak(dice, "{Who} wants to {doing} the {plain}, but {trouble}. What should come first?", field)
    options = [speak(dice, "{Doing} the {plain} within {span}", field) for _ in range(4)]
    return stem + "\n" + "\n".join(f"{letter}. {text}" for letter, text in zip("ABCD", options, strict=True))


def worked(dice: random.Random) -> str:
    """A solution in steps that ends with a number."""
    steps = []
    value = between(dice, 2, 90)
    for at in range(1, between(dice, 3, 6)):
        other = between(dice, 2, 40)
        sign = pick(dice, "+-*")
        result = value + other if sign == "+" else value - other if sign == "-" else value * other
        steps.append(f"Step {at}: {value} {sign} {other} = {result}.")
        value = result
    return "\n".join([*steps, f"Answer: {value}"])
