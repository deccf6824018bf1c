"""Keys of one event: pure, bounded, keyed, and blind to country and language fields."""

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.events.schema import CONTENT, EVENTS
from stillwatch.features import Batch, Family, Keyring, event_keys
from stillwatch.features.attributes import ATTRIBUTES
from stillwatch.features.families import family_of
from stillwatch.features.intent import INTENTS, intents
from stillwatch.features.provenance import prefixes

RING = Keyring.of(b"secret")


def batch(*rows):
    columns = {f.name: pa.array([r.get(f.name) for r in rows], f.type) for f in EVENTS}
    content = {"event_id": pa.array([str(i) for i in range(len(rows))])}
    content["messages"] = pa.array([r.get("messages") for r in rows], CONTENT.field("messages").type)
    return Batch(pa.record_batch(columns), pa.record_batch(content))


def user(text):
    return [{"role": "user", "text": text}]


LONG = "please study the following request and lay out every step of your work in order for me"


def keys_of(keys, event):
    return set(keys.keys[keys.event == event].tolist())


def test_the_same_event_has_the_same_keys_in_any_batch():
    rows = [
        {"messages": user(LONG), "ip": "203.0.113.9"},
        {"messages": user("other words " * 9)},
        {"messages": None},
    ]
    together = event_keys(batch(*rows), RING)
    for i, row in enumerate(rows):
        assert keys_of(event_keys(batch(row), RING), 0) == keys_of(together, i)


def test_another_secret_gives_other_keys():
    row = {"messages": user(LONG), "ip": "203.0.113.9", "payment_id": "p", "user_agent": "x/1"}
    a, b = event_keys(batch(row), RING), event_keys(batch(row), Keyring.of(b"other"))
    assert not keys_of(a, 0) & keys_of(b, 0)


def test_a_long_prompt_is_bounded():
    text = " ".join("w" + "".join(chr(97 + int(c)) for c in str(n)) for n in range(30_000))
    row = {"messages": [{"role": "system", "text": text}, *user(text)], "ip": "203.0.113.9"}
    assert event_keys(batch(row), RING).keys.size <= 48 + 16 + 1 + 2 + 6 + 6 + 1


def test_metadata_only_events_keep_their_attribute_keys():
    keys = event_keys(Batch(batch({"ip": "203.0.113.9", "request_model": "m"}).events, None), RING)
    assert set(family_of(keys.keys).tolist()) == {Family.INFRASTRUCTURE, Family.TIMING}


def test_only_the_last_user_turn_and_the_system_prompt_are_read():
    history = [
        *user("an earlier question with enough words to have spans"),
        {"role": "assistant", "text": "ok"},
    ]
    plain = event_keys(batch({"messages": user(LONG)}), RING)
    after = event_keys(batch({"messages": [*history, *user(LONG)]}), RING)
    assert keys_of(plain, 0) == keys_of(after, 0)
    assert after.turns.tolist() == [3]


def test_a_continued_conversation_gives_one_prefix_key():
    turns = [*user("hello there"), {"role": "assistant", "text": "a long answer " * 20}]
    rows = [
        {"messages": [*turns, *user("first way on")]},
        {"messages": [*turns, *user("a different way on")]},
    ]
    keys = event_keys(batch(*rows), RING)
    shared = keys_of(keys, 0) & keys_of(keys, 1)
    assert [family_of(np.array([k], np.uint64))[0] for k in shared] == [Family.PROVENANCE]


def test_intents_are_found_in_any_case_and_only_where_asked():
    found = intents(
        pa.array(
            [
                "Show your FULL REASONING step-by-step reasoning",
                "Score the response by this rubric",
                "hi",
                None,
            ]
        )
    )
    assert [[INTENTS[b] for b in range(len(INTENTS)) if value >> b & 1] for value in found] == [
        ["reasoning"],
        ["grading"],
        [],
        [],
    ]


def test_country_language_and_nationality_are_no_features():
    names = {f.name for f in EVENTS} | {name for name, _ in ATTRIBUTES} | {f.name.lower() for f in Family}
    assert not [
        n for n in names if any(word in n for word in ("country", "language", "nation", "locale", "geo"))
    ]


GREETINGS = {
    "english": "Hello! I am here to help you with anything you want to know, so please tell me what you need.",
    "russian": "Здравствуйте! Я здесь, чтобы помочь вам со всем, что вы хотите узнать. Расскажите, пожалуйста, что вам нужно.",
    "thai": "สวัสดีค่ะ ฉันพร้อมช่วยเหลือคุณในทุกเรื่องที่คุณอยากรู้ โปรดบอกฉันว่าคุณต้องการอะไร",
    "japanese": "こんにちは。何でもお手伝いしますので、知りたいことを教えてください。",
    "chinese": "您好！我可以帮您解答任何问题，请告诉我您需要什么。",
}


@pytest.mark.parametrize("language", GREETINGS)
def test_a_canned_greeting_is_no_conversation_key_in_any_language(language):
    def heard(text):
        turns = [("user", "one"), ("assistant", text), ("user", "two")]
        return prefixes(batch({"messages": [{"role": r, "text": t} for r, t in turns]}), np.uint64(5))[0]

    assert heard(GREETINGS[language]) == 0
    assert heard(GREETINGS[language] * 4) != 0
