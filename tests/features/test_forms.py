"""Requests by their form: a quoted exchange and a verdict, two answers and a choice, working that is shown, tasks to train on."""

import polars as pl
import pyarrow as pa
import pytest

from stillwatch.features.forms import FORMS, HEAD, TAIL, formed
from stillwatch.features.intent import INTENTS, disguised


def of(*texts):
    """The intents of each text by its form."""
    found = {intent: set(rows.tolist()) for intent, rows in formed(pl.Series(texts, dtype=pl.String))}
    return [{intent for intent, rows in found.items() if i in rows} for i in range(len(texts))]


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        (
            "grading",
            "Give a number first.\nQ: What is a tariff?\nA: A tax on imports.\nJudge by correctness.",
        ),
        ("grading", "Prompt: Name a river.\nAnswer: The Oder.\nOutput a score with reasons."),
        ("preference", "Pick the reply you would send.\nHello!\n[1] Good day to you.\n[2] What do you want?"),
        ("preference", "Answer 1: seven.\nAnswer 2: nine.\nWhich answer is better, and why?"),
        ("reasoning", "Three coins are tossed. Show your working, wrong turns included."),
        ("tasks", "Design an environment in a library with a hidden state and a reward function."),
    ],
)
def test_the_form_is_seen_in_any_words(intent, text):
    assert intent in of(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "Question: what is the capital of Peru? Answer: Lima. Translate both lines into Spanish.",
        "Which of these is best?\nA: a bus\nB: a train\nC: a bicycle",
        "Show me how to tie a bow tie, step by step.",
        "Design a logo for a bakery and write a slogan.",
        "Grade my steak: which cut is better for a stew?",
        "Create a scenario for a birthday party of ten children.",
    ],
)
def test_everyday_requests_have_none(text):
    assert of(text)[0] == set()


def test_what_is_wanted_stands_at_either_end():
    """A long document holds any word: parts of an instruction in its middle are not read."""
    middle = "lorem ipsum " * (HEAD + TAIL)
    wanted = "Show your working, dead ends included."
    assert of(wanted + middle, middle + wanted, middle + wanted + middle) == [
        {"reasoning"},
        {"reasoning"},
        set(),
    ]


def test_nothing_is_asked_for_where_nothing_is_said():
    assert of(None, "") == [set(), set()]
    assert of() == []


def test_forms_show_as_intents_do():
    text = "Question: What is rust?\nReply: Oxidised iron.\nEvaluate it from 1 to 5."
    assert disguised(pa.array([text, None], pa.large_string())).tolist() == [1 << INTENTS.index("grading"), 0]
    assert set(FORMS) <= set(INTENTS)
