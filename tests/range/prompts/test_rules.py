"""Rules: the kernel says what a naive composer says, and two serial numbers never give one text."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.range.prompts import grammar
from stillwatch.range.prompts.rules import (
    FRESH,
    GOLDEN,
    KEY,
    KEY_BITS,
    LITERAL,
    NUMBER_MIN,
    Free,
    Habit,
    Number,
    Rule,
    compose,
    rule,
)

RULES = {
    name: made for name, made in grammar.ROLES.items() if isinstance(made, Rule) and name != "application"
}
WORD = (1 << 64) - 1
SERIALS = st.integers(0, (1 << KEY_BITS) - 1)
OWNERS = st.integers(0, (1 << 42) - 1)


def mixed(z: int) -> int:
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & WORD
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & WORD
    return z ^ z >> 31


def key_of(serial: int) -> int:
    mask = (1 << KEY_BITS) - 1
    z = (serial + 0x5DEECE66D) & mask
    z = ((z ^ z >> 21) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ z >> 19) * 0x94D049BB133111EB) & mask
    return z ^ z >> 22


def serial_of(key: int) -> int:
    """The inverse of `key_of`, step by step: it exists, so no two serials share a key."""
    mask = (1 << KEY_BITS) - 1

    def unshifted(z: int, by: int) -> int:
        out = z
        for _ in range(KEY_BITS // by + 1):
            out = z ^ out >> by
        return out

    z = unshifted(key, 22)
    z = unshifted((z * pow(0x94D049BB133111EB, -1, 1 << KEY_BITS)) & mask, 19)
    z = unshifted((z * pow(0xBF58476D1CE4E5B9, -1, 1 << KEY_BITS)) & mask, 21)
    return (z - 0x5DEECE66D) & mask


def naively(made: Rule, serial: int, owner: int) -> tuple[str, list[tuple[int, int]]]:
    """(the text, the (digit, options) that the key chose), in plain Python over exact fractions of 2**64."""
    key, word, hashes, out, digits = key_of(serial) << (64 - KEY_BITS), 0, 0, "", []
    draws = iter(row for row in made.table.tolist() if row[0] != LITERAL)
    for slot in made.slots:
        if isinstance(slot, str):
            out += slot
            continue
        _, source, radix, choices, salt, _ = next(draws)
        span = choices or radix
        if source == KEY:
            digit, key = key * span >> 64, key * span & WORD
            digits.append((digit, span))
        else:
            if source == FRESH:
                hashes += 1
                word = mixed((serial * 64 + hashes + GOLDEN) & WORD)
            digit, word = word * span >> 64, word * span & WORD
        if isinstance(slot, Habit):
            digit = (mixed((owner * 64 + digit + salt * GOLDEN) & WORD) >> 8) % radix
        out += str(digit + NUMBER_MIN) if isinstance(slot, Number) else slot.options[digit]
    return out, digits


def test_composing():
    """Kernel and naive composer agree on a first look; the property below searches."""
    texts = compose(grammar.ORGANIC, np.arange(50), np.arange(50) // 5).to_pylist()
    assert texts == [naively(grammar.ORGANIC, i, i // 5)[0] for i in range(50)]


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=60)
@given(pairs=st.lists(st.tuples(SERIALS, OWNERS), min_size=1, max_size=20))
@pytest.mark.slow
def test_the_kernel_writes_what_the_naive_composer_says(name, pairs):
    serials, owners = (np.array(column, dtype=np.uint64) for column in zip(*pairs, strict=True))
    assert compose(RULES[name], serials, owners).to_pylist() == [naively(RULES[name], *p)[0] for p in pairs]


@given(SERIALS)
def test_the_key_is_a_bijection(serial):
    assert serial_of(key_of(serial)) == serial


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=100)
@given(serial=SERIALS)
def test_digits_spell_the_key_so_that_no_two_keys_share_them(name, serial):
    """The mixed-radix number of the digits is floor(f * M) with M >= 2**KEY_BITS: injective in f."""
    _, digits = naively(RULES[name], serial, 0)
    spelt, size = 0, 1
    for digit, span in digits:
        spelt, size = spelt * span + digit, size * span
    assert size >= 1 << KEY_BITS
    assert spelt == key_of(serial) * size >> KEY_BITS


def readings(made: Rule, text: str) -> set[tuple[str, ...]]:
    """Every way to read a text by a rule, as the words in its free slots."""

    @cache
    def after(place: int, at: int) -> frozenset[tuple[str, ...]]:
        if place == len(made.slots):
            return frozenset([()]) if at == len(text) else frozenset()
        slot = made.slots[place]
        if isinstance(slot, Number):
            end = at
            while end < len(text) and text[end].isascii() and text[end].isdigit():
                end += 1
            options = {text[at:e] for e in range(at + 1, end + 1)}
            options = {o for o in options if o[0] != "0" and NUMBER_MIN <= int(o) < slot.high}
        else:
            options = {slot} if isinstance(slot, str) else set(slot.options)
        found = set()
        for option in options:
            if text.startswith(option, at):
                said = (option,) if isinstance(slot, Free | Number) else ()
                found |= {said + rest for rest in after(place + 1, at + len(option))}
        return frozenset(found)

    return set(after(0, 0))


@pytest.mark.parametrize("name", RULES)
def test_a_text_can_be_read_in_one_way_only(name):
    serials = np.arange(0, 1 << KEY_BITS, (1 << KEY_BITS) // 150, dtype=np.uint64)
    for text in compose(RULES[name], serials, serials % 977).to_pylist():
        assert len(readings(RULES[name], text)) == 1


def test_an_ambiguous_rule_has_two_readings():
    made = rule(Free(["a", "ab"]), Free(["bc", "c"]), Number(10**9), " ", Number(10**9), " ", Number(10**9))
    assert {r[:2] for r in readings(made, "abc2 2 2")} == {("a", "bc"), ("ab", "c")}


@pytest.mark.parametrize("name", RULES)
def test_many_texts_in_a_row_are_all_different_and_use_every_word(name):
    made, serials = RULES[name], np.arange(20_000) + (3 << 32)
    texts = compose(made, serials, np.full(serials.size, 5))
    assert len(texts.unique()) == serials.size
    joined = "\n".join(texts.to_pylist())
    assert all(option in joined for slot in made.slots if isinstance(slot, Free) for option in slot.options)


def test_an_account_keeps_few_topics_and_its_neighbour_has_others():
    slot = next(s for s in grammar.ORGANIC.slots if isinstance(s, Habit) and s.salt == 1)

    def topics(owner: int) -> set[str]:
        texts = compose(grammar.ORGANIC, np.arange(300), np.full(300, owner)).to_pylist()
        return {max((o for o in slot.options if f" {o} " in t), key=len) for t in texts}

    assert 3 <= len(topics(1)) <= slot.choices + 1
    assert topics(1) != topics(2)


def test_a_rule_with_too_few_words_is_refused():
    few = ("the ", Free(["cat", "dog"]), " ", Number(400))
    with pytest.raises(ValueError, match="combinations"):
        rule(*few)
    texts = compose(rule(*few, unique=False), np.arange(20_000), np.zeros(20_000)).to_pylist()
    assert set(texts) == {f"the {animal} {n}" for animal in ("cat", "dog") for n in range(2, 400)}
