"""Requests as published pipelines word them, in the user's turn or in the system prompt; and honest text beside them."""

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.events.schema import CONTENT, EVENTS
from stillwatch.features import Batch, Family, Keyring, event_keys
from stillwatch.features.families import family_of
from stillwatch.features.intent import INTENTS, disguised, intents
from stillwatch.features.phrases import DISGUISED, PHRASES
from stillwatch.features.published import PUBLISHED

RING = Keyring.of(b"secret")


def bit(intent):
    return 1 << INTENTS.index(intent)


def batch(*messages):
    columns = {f.name: pa.nulls(len(messages), f.type) for f in EVENTS}
    content = {"event_id": pa.array([str(i) for i in range(len(messages))])}
    content["messages"] = pa.array(messages, CONTENT.field("messages").type)
    return Batch(pa.record_batch(columns), pa.record_batch(content))


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        (
            "tasks",
            "Write ten task instructions that differ in verb and form, each with an input and an output.",
        ),
        ("tasks", "Turn the #Given Prompt# below into a harder version of itself by adding one requirement."),
        ("tasks", "Write two question-answer pairs about the passage, the second harder than the first."),
        ("tasks", "Invent a self-contained problem, with inspiration from the following lines of code."),
        ("tasks", "Continue the dialogue between a user and an AI assistant for six turns."),
        ("grading", "Rate outputs 1 to 5 for honesty and give the rationale for the rating."),
        ("grading", "You are a strict evaluator. Score the answer for correctness and depth."),
        ("grading", "Add up points, an additive 5-point scale, for how well the model's answer helps."),
        ("preference", "Two AI assistants replied. Say which of the two responses you would send."),
        ("preference", "Rank the following responses from best to worst."),
        ("reasoning", "Give the answer, then the rationale that leads to it, including dead ends."),
        ("critique", "Act as a Response Rewriter and return the #Rewritten Response# only."),
    ],
)
def test_what_published_pipelines_ask_is_seen(intent, text):
    assert disguised(pa.array([text], pa.large_string()))[0] & bit(intent)


@pytest.mark.parametrize(
    "text",
    [
        "Rate my chances of getting a visa on time.",
        "Which answer should I give my landlord about the deposit?",
        "What is the best response to a lowball offer?",
        "Make a list of tasks for moving house, and rank them by cost.",
        "My student asked why the sky is blue. How do I explain it?",
        "Score the music for a short film about a lighthouse.",
        "Train a smile for the photograph, any tips?",
        "Explain how a training plan for a marathon works.",
    ],
)
def test_everyday_requests_beside_them_are_none(text):
    array = pa.array([text], pa.large_string())
    assert not (intents(array) | disguised(array)).any()


def test_a_system_prompt_says_what_is_asked_for_and_makes_no_intent_key():
    system = "Act as an impartial judge. Use the grading rubric."
    elsewhere = "Bewerte die folgende Antwort auf einer Skala von 1 bis 5."
    quiet = [{"role": "user", "text": "Bees make honey because they eat it in winter."}]
    keys = event_keys(
        batch(
            [{"role": "system", "text": system}, *quiet],
            [{"role": "system", "text": elsewhere}, *quiet],
            [{"role": "system", "text": "Answer kindly."}, *quiet],
            quiet,
        ),
        RING,
    )
    assert (keys.asked_for & bit("grading")).astype(bool).tolist() == [True, True, False, False]
    assert not keys.intents.any()
    assert Family.INTENT not in set(family_of(keys.keys).tolist())


def test_two_system_prompts_of_one_event_are_both_read():
    asks = [{"role": "system", "text": t} for t in ("Rate each response.", "Which response is better?")]
    seen = event_keys(batch([*asks, {"role": "user", "text": "a and b"}]), RING).asked_for
    assert seen.tolist() == [bit("grading") | bit("preference")]


def test_phrases_are_listed_once_and_under_the_intents_there_are():
    assert set(PUBLISHED) == set(DISGUISED) == set(PHRASES)
    every = [phrase for some in PUBLISHED.values() for phrase in some]
    assert len(set(every)) == len(every)
    assert all(phrase == phrase.lower() and len(phrase) >= 7 for phrase in every)
    plain = pa.array(every, pa.large_string())
    assert np.flatnonzero(disguised(plain) == 0).size == 0
