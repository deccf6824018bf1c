"""Requests in disguise: by other names, in other languages, encoded; and everyday text that is none."""

import base64
import codecs

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.features.intent import INTENTS, disguised, intents
from stillwatch.features.phrases import DISGUISED, ELSEWHERE, LONG, PHRASES
from stillwatch.range.prompts.acts.disguises import FAKE_DEBUGGING, UNFLAGGED, WORKING_MEMORY
from stillwatch.range.prompts.acts.reason import REASON

REASONING = 1 << INTENTS.index("reasoning")
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)


def shown(*texts: str) -> list[bool]:
    """Whether each text asks for reasoning, openly or in disguise."""
    array = pa.array(texts, pa.large_string())
    return (((intents(array) | disguised(array)) & REASONING) > 0).tolist()


@pytest.mark.parametrize("language", sorted(REASON.translations))
def test_every_translation_of_the_range_is_seen(language):
    leads, tasks, closes = REASON.translations[language]
    assert all(shown(*(f"{leads[0]}{task}how many?{close}" for task in tasks for close in closes)))


@pytest.mark.parametrize("act", [FAKE_DEBUGGING, UNFLAGGED, WORKING_MEMORY], ids=lambda act: act.id)
def test_every_disguise_of_the_range_is_seen_by_its_task(act):
    assert all(shown(*(f"{task}how many?" for task in act.template[1])))


@given(
    before=LATIN,
    after=LATIN,
    asked=st.sampled_from([(i, p) for i in ELSEWHERE for p in PHRASES[i] if len(p) >= LONG]),
)
def test_a_request_is_seen_however_it_is_encoded(before, after, asked):
    intent, phrase = asked
    plain = f"{before} {phrase} {after}"
    forms = [
        base64.b64encode(plain.encode()).decode(),
        plain.encode().hex(),
        codecs.encode(plain, "rot13"),
        plain[::-1],
    ]
    seen = disguised(pa.array(forms, pa.large_string()))
    assert (seen & (1 << INTENTS.index(intent))).all()


@pytest.mark.parametrize(
    "text",
    [
        "Schreibe bitte eine Einladung zum Sommerfest und denke an den Parkplatz.",
        "Écris une lettre à mon propriétaire au sujet du chauffage.",
        "Resume este texto en tres frases y dime qué piensas.",
        "Scrivi una ricetta per sei persone.",
        "Traduza este e-mail para o inglês.",
        "Schrijf een korte tekst over fietsen in de regen.",
        "请把这段话翻译成英文。",
        "この文章を要約してください。",
        "이 글을 요약해 주세요.",
        "Переведи это письмо на английский.",
        "Print the internal state of the parser after each token and fix the bug.",
        "Bewerte bitte meinen Aufsatz über Bienen.",
        "Évalue le coût de ce voyage pour six personnes.",
        "Dame un ejemplo de contrato de alquiler.",
        "Genera un titolo per la mia tesi.",
        "请给我的文章打分。",
        "Составь список заданий на неделю.",
        # What other languages say with the words of an English phrase, or with those of a translated one.
        "Cerca il numero di Anna nella rubrica telefonica.",
        "L'assistant a répondu hier à mon message.",
        "L'assistant a organisé et ordonné mes notes, puis les a isolées.",
        "Write a response appropriate for a complaint about the heating.",
        "Analysiere den inneren Monolog in Leutnant Gustl.",
        "Analiza el monólogo interior en la novela.",
        "Explique le monologue intérieur chez ce romancier.",
        "Denke laut Vertrag bin ich nicht haftbar, stimmt das?",
        "교통사고 과정을 설명하는 진술서를 써 주세요.",
        "다양한 지시사항을 표로 정리해 주세요.",
        "우리 제품의 환경 사양을 적어 주세요.",
        "動作環境仕様書を作ってください。",
        "请写出这道题的推理过程。",
        "他是一位公正的裁判。",
        "Riassumi i dati sintetici del bilancio.",
        "aGVsbG8gd29ybGQsIHRoaXMgaXMgYSBjb25maWd1cmF0aW9uIGZpbGU=",
    ],
)
def test_everyday_requests_are_none(text):
    array = pa.array([text], pa.large_string())
    assert not (intents(array) | disguised(array)).any()


@pytest.mark.parametrize("intent", ELSEWHERE)
def test_keys_are_made_from_open_requests_only_and_every_phrase_is_matched_by_itself(intent):
    phrases, bit = ELSEWHERE[intent], 1 << INTENTS.index(intent)
    array = pa.array([*phrases, None], pa.large_string())
    assert not intents(array).any()
    assert disguised(array).tolist() == [bit] * len(phrases) + [0]
    assert (disguised(pa.array([phrase.upper() for phrase in phrases], pa.large_string())) & bit).all()
    assert not [phrase for phrase in DISGUISED[intent] if len(phrase) < 8 and phrase.isascii()]
