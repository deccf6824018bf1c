"""Tokens: masks, case, CJK and punctuation."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.text import derive_seed, mix, tokenize
from stillwatch.text.normal import normalise
from stillwatch.text.tokens import IDEOGRAPH, LETTER, MASK, PART, PUNCTUATION, SYLLABLE, WORD

SEED = derive_seed(b"secret", "token")


def tokens(text: str, seed=SEED) -> list[tuple[int, int]]:
    block = tokenize(pa.array([text]), seed)
    return list(zip(block.tokens.tolist(), block.kinds.tolist(), strict=True))


SAME = [
    ("case is ignored", "Hello World", "hello WORLD"),
    ("numbers are one mask", "call 3 times", "call 4711 times"),
    ("runs of masks collapse", "rows 1 2 3 end", "rows 9 end"),
    ("links are one mask", "see https://a.example/x?y=1 now", "see http://other.example now"),
    ("addresses are one mask", "mail ada@a.example now", "mail bob@c.example now"),
    ("identifiers with digits are masks", "id 9f3a2b done", "id 77c0de1 done"),
    ("full-width letters are the same letters", "ｈｅｌｌｏ", "hello"),
    ("capital umlauts are lower-cased", "ÄRGER", "ärger"),
    ("white space does not count", "a  b\n\tc", "a b c"),
]
DIFFERENT = [
    ("words", "alpha", "beta"),
    ("punctuation counts", "stop.", "stop!"),
    ("CJK is split by character", "今日", "今天"),
]


@pytest.mark.parametrize(("a", "b"), [c[1:] for c in SAME], ids=[c[0] for c in SAME])
def test_same_tokens(a, b):
    assert tokens(a) == tokens(b)


@pytest.mark.parametrize(("a", "b"), [c[1:] for c in DIFFERENT], ids=[c[0] for c in DIFFERENT])
def test_different_tokens(a, b):
    assert tokens(a) != tokens(b)


def test_cjk_gives_one_token_a_character():
    assert len(tokens("今日天气很好")) == 6


def test_another_secret_gives_other_tokens():
    other = derive_seed(b"other", "token")
    assert not set(t for t, _ in tokens("hello world")) & set(t for t, _ in tokens("hello world", other))


@given(st.lists(st.text(), max_size=6))
def test_a_text_tokenises_the_same_alone_and_among_others(texts):
    texts = [t.encode("utf-8", "replace").decode() for t in texts]
    block = tokenize(pa.array(texts, pa.string()), SEED)
    for i, text in enumerate(texts):
        part = slice(block.offsets[i], block.offsets[i + 1])
        assert list(zip(block.tokens[part].tolist(), block.kinds[part].tolist(), strict=True)) == tokens(text)


SHARED = "ẸẹẼẽỊịỌọỤụỸỹ"
SINGLE = (
    *(
        (0xE00, 0xEFF),
        (0x1000, 0x109F),
        (0x1780, 0x17FF),
        (0x1950, 0x19DF),
        (0x1A20, 0x1AAF),
        (0x1B00, 0x1B4F),
    ),
    *((0xA980, 0xA9FF), (0xAA60, 0xAADF)),
)
WORDED = ("letter", "digit", "toned")
ALONE = {"punctuation": PUNCTUATION, "ideograph": IDEOGRAPH, "syllable": SYLLABLE, "single": LETTER}
MARKS, NOUGHTS = (
    "¡«·»¿՝։־،؛؟۔।॥ฯ๚๛၊။។៕៖፡።፣፤፥፦፧፨᧞᧟᪠᪡᪢᪣᪤᪥᪦᪨᪩᪪᪫᪬᪭᭚᭛᭜᭝᭞᭟᭠꧁꧂꧃꧄꧅꧆꧇꧈꧉꧊꧋꧌꧍",
    "٠۰०০੦૦୦௦౦೦൦෦๐໐၀០᧐᪀᪐꧐༠༪႐᭐꧰",
)


def kind_of(character: str) -> str:
    """What one normalised character is, from the module's description."""
    point = ord(character)
    if point < 0x80:
        if character.isdigit():
            return "digit"
        if character.isalpha() or character == "_":
            return "letter"
        return "space" if point <= 32 or point == 127 else "punctuation"
    if any(0 <= point - ord(nought) <= 9 for nought in NOUGHTS) or character == "\u19da":
        return "digit"
    if 0xF00 <= point <= 0xFFF:
        if character in "་༌":
            return "space"
        held = character in "ༀ༹༘༙༵༷༾༿" or (0xF40 <= point <= 0xFBC and point != 0xF85)
        return "toned" if held else "punctuation"
    if character in "々〆〇":
        return "ideograph"
    if (
        character in MARKS
        or 0x2000 <= point <= 0x206F
        or 0x3000 <= point <= 0x303F
        or 0xFE30 <= point <= 0xFE4F
    ):
        return "punctuation"
    if 0x3040 <= point <= 0x30FF or 0xAC00 <= point <= 0xD7AF or 0xA000 <= point <= 0xA48C:
        return "syllable"
    if any(first <= point <= last for first, last in SINGLE):
        return "single"
    if 0x3400 <= point <= 0x9FFF or point >= 0x1F000 or 0x1B000 <= point < 0x1E000:
        return "ideograph"
    return (
        "toned"
        if (0x1EA0 <= point <= 0x1EF9 and character not in SHARED) or character in "ƠơƯư"
        else "letter"
    )


def hashed(text: str) -> int:
    value = int(SEED)
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return int(mix(np.uint64(value)))


def tokens_naive(text: str) -> list[tuple[int | None, int]]:
    """The oracle of `tokenize`, character by character; the value of a mask is left out."""
    text = normalise(pa.array([text]))[0].as_py()
    out: list[tuple[int | None, int]] = []
    toned: list[bool] = []
    i = 0
    while i < len(text):
        kind = kind_of(text[i])
        if kind in ALONE:
            out.append((hashed(text[i]), ALONE[kind]))
            toned.append(False)
        run = ""
        while i + len(run) < len(text) and kind_of(text[i + len(run)]) in WORDED:
            run += text[i + len(run)]
        i += max(1, len(run))
        if not run:
            continue
        rest = text[i:]
        mail = rest[:1] == "@" and len(rest) > 1 and kind_of(rest[1]) in WORDED
        if rest.startswith("://") or mail:
            while i < len(text) and ord(text[i]) > 32:
                i += 1
            kind = "mask"
        masked = kind == "mask" or any(kind_of(c) == "digit" for c in run)
        masked = masked or (len(run.encode()) > 40 and run[0].isascii())
        if masked and out and out[-1][1] == MASK:
            continue
        folded = "".join(c.lower() if c.isascii() else c for c in run)
        out.append((None, MASK) if masked else (hashed(folded), WORD))
        toned.append(not masked and any(kind_of(c) == "toned" for c in run))
    return [
        (token, PART if kind == WORD and any(toned[max(0, i - 2) : i + 3]) else kind)
        for i, (token, kind) in enumerate(out)
    ]


ALPHABET = st.sampled_from(
    [
        *"abzAZ_059 \t\n.,:/@-!\x7f",
        "://",
        "a@b",
        " xin ",
        *"éÄ—今の。🙂한ก៕٣ệ«𞤀𠀀々௧ẹ་།ཀི༣༺ꀀꦏ᧚ᦀ༹྅࿐႐ᬅ᭐꧋᧞",
        "\u200b",
        "\u200d",
        "\u2067",
    ]
)


@given(
    st.one_of(st.lists(ALPHABET, max_size=60).map("".join), st.text(max_size=40), st.just("long" * 11 + " x"))
)
def test_the_kernel_equals_the_naive_reading(text):
    text = text.encode("utf-8", "replace").decode()
    assert [(None if k == MASK else t, k) for t, k in tokens(text)] == tokens_naive(text)


def test_nulls_and_empty_texts_have_no_tokens():
    block = tokenize(pa.array([None, "", "x"]), SEED)
    assert block.offsets.tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize(
    "seen", ["a\u200bpe", "\u2067ape\u2069", "a\U000e0061pe", "a\u034fpe", "ape\ufe0f", "a\u00adpe"]
)
def test_what_cannot_be_seen_changes_nothing(seen):
    assert tokens(f"the {seen} bee") == tokens("the ape bee")


def test_words_near_vietnamese_are_syllables_and_others_are_words():
    said = "please write a letter to my aunt: xin chào bạn thân mến của tôi and close with all my love"
    kinds = [kind for _, kind in tokens(said)]
    assert kinds[:6] == [WORD] * 6
    assert kinds[-3:] == [WORD] * 3
    assert kinds.count(PART) >= 7
    assert PART not in [kind for _, kind in tokens("ọmọ wa ni ẹkọ tó dára ní ilé ìwé wa")]


def test_tibetan_is_read_by_syllable_and_clause():
    kinds = [kind for _, kind in tokens("བོད་སྐད་ཀྱི་ཡི་གེ། ༡༢")]
    assert kinds == [PART] * 5 + [PUNCTUATION, MASK]
    assert tokens("བོད་སྐད") == tokens("བོད སྐད")
