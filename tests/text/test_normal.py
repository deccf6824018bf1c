"""Normalising by a table does what the library does, character by character and in every combination."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.text.hashing import buffers
from stillwatch.text.normal import _HARD, _fold, _table, by_library, normalise

SAID = {
    "russian": "Напиши письмо Ёлке: «Привет, как дела?» — №5",
    "chinese": "请帮我写一封信，主题是“明天的会议”；谢谢！１２３",
    "japanese": "次の文章を要約してください。「ｶﾀｶﾅ」も、㈱も。",
    "korean": "다음 문장을 요약해 주세요. 감사합니다!",
    "thai": "ช่วยเขียนจดหมายให้หน่อย น้ำ ๑๒๓",
    "vietnamese": "Hãy viết một lá thư ngắn cho bạn của tôi",
    "greek": "Γράψε ένα ΓΡΆΜΜΑ στον ΟΔΥΣΣΕΆΣ.",
    "hindi": "कृपया एक पत्र लिखें। पढ\u093cना क़ानून न\u093cी",
    "arabic": "اكتب رسالة قصيرة إلى صديقي، من فضلك؟ ﷺ",
    "hebrew": "כתוב מכתב קצר לחבר שלי",
    "tibetan": "བོད་སྐད་ཀྱི་ཡི་གེ།",
    "decomposed": "cafe\u0301 A\u030a \u1112\u1161\u11ab \u0344",
    "bengali": "আমার বন্ধুকে একটি চিঠি লেখো। ো \u09c7\u09be ড়",
    "tamil": "என் நண்பருக்கு கடிதம் எழுது \u0b92\u0bd7",
    "marks": "a\u0323\u0302 a\u0302\u0323 \u05d1\u05bc\u05b8 \u05d1\u05b8\u05bc",
    "emoji": "ok 👍🏽 👩\u200d🚀 ☀\ufe0f 🤔 ½ ﬁ İ ẞ",
}


def both(texts: list[str | None]) -> tuple[list[str | None], list[str | None]]:
    array = pa.array(texts, pa.large_string())
    plain = [text is None or text.isascii() for text in texts]
    library = by_library(array).to_pylist()
    wanted = [text if ascii else other for text, ascii, other in zip(texts, plain, library, strict=True)]
    return normalise(array).to_pylist(), wanted


def by_table(text: str) -> bool:
    data, offsets = buffers(pa.array([text], pa.large_string()))
    hard = np.zeros(1, np.bool_)
    _fold(data, offsets, *_table(), np.empty(4 * data.size, np.uint8), np.zeros(2, np.int64), hard)
    return not hard[0]


def test_every_character_of_the_table_becomes_what_the_library_makes_of_it() -> None:
    covered = [chr(c) for c in np.flatnonzero(_table()[2] != _HARD).tolist()]
    texts = [f"é{c}A" for c in covered]
    found, wanted = both(texts)
    assert found == wanted
    assert len(covered) > 60_000


@given(
    st.lists(
        st.one_of(
            st.text(max_size=30),
            st.text(st.characters(max_codepoint=0x3FF), max_size=30),
            st.lists(st.sampled_from("".join(SAID.values())), max_size=30).map("".join),
        ),
        max_size=8,
    )
)
def test_texts_become_what_the_library_makes_of_them(texts: list[str]) -> None:
    found, wanted = both(texts)
    assert found == wanted


@pytest.mark.parametrize("name", SAID)
def test_languages(name: str) -> None:
    found, wanted = both([SAID[name], None, "Plain", "", SAID[name] * 3])
    assert found == wanted


@pytest.mark.parametrize(
    "name", ["russian", "chinese", "korean", "thai", "vietnamese", "arabic", "hebrew", "tibetan", "hindi"]
)
def test_common_languages_are_done_by_the_table(name: str) -> None:
    assert by_table(SAID[name].replace("ﷺ", "").replace("क़", "ड\u093c").replace("न\u093c", "न"))


@pytest.mark.parametrize("text", ["cafe\u0301", "\u1112\u1161", "ΟΔΟΣ", "a\u0302\u0323", "\U00010400é", "ﷺ"])
def test_what_depends_on_its_neighbours_is_left_to_the_library(text: str) -> None:
    assert not by_table(text)


def test_slices_and_bytes_that_are_no_text() -> None:
    texts = pa.array(["Ä", "Ö", None, "Ü!"], pa.string()).slice(1)
    assert normalise(texts).to_pylist() == ["ö", None, "ü!"]
    hidden = pa.StructArray.from_arrays([pa.array(["Ä", "Ö"])], ["text"], mask=pa.array([True, False]))
    assert normalise(hidden.flatten()[0]).to_pylist() == [None, "ö"]
    bad = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(np.array([0, 3], np.int32)), pa.py_buffer(b"\xe4\xb8a")]
    )
    assert normalise(bad).to_pylist() == ["\ufffda"]
