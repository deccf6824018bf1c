"""A shared key: any threshold of holders agree, fewer do not, and a share that does not fit is seen."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.exchange.oprf import group, points, shares, voprf


def outputs(dealt: shares.Dealt, holders: tuple[int, ...], inputs: list[bytes]) -> list[bytes]:
    blinded = voprf.blind(inputs)
    answers = {}
    for i in holders:
        public = shares.public_share(dealt.commitments, i)
        answer = voprf.evaluate(dealt.shares[i - 1], public, blinded.elements)
        voprf.verify(public, blinded.elements, answer)
        answers[i] = answer.elements
    elements, scale = shares.combine(answers)
    return voprf.finalize(inputs, blinded.blinds, elements, scale)


@given(st.integers(1, 4), st.integers(0, 3), st.data())
@settings(max_examples=20)
def test_any_threshold_of_holders_agree_and_one_fewer_do_not(threshold: int, more: int, data) -> None:
    count = threshold + more
    dealt = shares.deal(threshold, count)
    every = st.permutations(range(1, count + 1))
    one, other = (tuple(sorted(data.draw(every)[:threshold])) for _ in range(2))
    inputs = [b"a", b"b"]
    assert outputs(dealt, one, inputs) == outputs(dealt, other, inputs)
    if threshold > 1:
        assert outputs(dealt, one[1:], inputs) != outputs(dealt, one, inputs)


def test_every_set_of_3_of_5_agrees_with_the_key_itself() -> None:
    dealt = shares.deal(3, 5)
    answers = {
        i: group.times(s, group.base_times((7).to_bytes(32, "little"))) for i, s in enumerate(dealt.shares, 1)
    }
    expected = group.times((7).to_bytes(32, "little"), dealt.commitments[0])
    for held in itertools.combinations(answers, 3):
        elements, scale = shares.combine({i: answers[i] for i in held})
        assert elements == group.times(scale.to_bytes(32, "little"), expected)
    more, scale = shares.combine(answers)  # more than the threshold do no harm
    assert more == group.times(scale.to_bytes(32, "little"), expected)


def test_commitments_say_which_share_fits() -> None:
    dealt, other = shares.deal(2, 3), shares.deal(2, 3)
    assert all(shares.fits(dealt.commitments, i, s) for i, s in enumerate(dealt.shares, 1))
    assert not shares.fits(dealt.commitments, 1, dealt.shares[1])
    assert not shares.fits(dealt.commitments, 1, other.shares[0])
    assert not shares.fits(dealt.commitments, 1, bytes(32))
    assert not shares.fits(dealt.commitments, 1, b"\xff" * 32)
    assert [shares.public_share(dealt.commitments, i) for i in (1, 2, 3)] == [
        group.base_times(s) for s in dealt.shares
    ]


def test_weights_stay_small_for_every_set_of_holders() -> None:
    assert shares.weight_max() <= points.WEIGHT_MAX
    assert shares.weights([1, 3]) == ([3, -1], 2)
    assert shares.weights([2]) == ([1], 1)


@pytest.mark.parametrize(("threshold", "holders"), [(0, 3), (4, 3), (2, 10)])
def test_a_sharing_that_makes_no_sense_is_refused(threshold: int, holders: int) -> None:
    with pytest.raises(ValueError, match="threshold"):
        shares.deal(threshold, holders)


def test_answers_of_different_sizes_are_refused() -> None:
    one = group.base_times((1).to_bytes(32, "little"))
    with pytest.raises(ValueError, match="sizes"):
        shares.combine({1: one, 2: one + one})
