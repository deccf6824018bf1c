"""Public sums against libsodium and Python integers, and RFC 9496's vectors of what is and is not an element."""

from __future__ import annotations

import itertools
import random

import numba as nb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.exchange.oprf import field, group, points

# RFC 9496, appendix A.1: multiples of the generator, and A.3: encodings that must be refused
MULTIPLES = [
    "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
    "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
    "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259",
]
REFUSED = [
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
    "c34c4e1826e5d403b78e246e88aa051c36ccf0aafebffe137d148a2bf9104562",
    "c940e5a4404157cfb1628b108db051a8d439e1a421394ec4ebccb9ec92a8ac78",
    "47cfc5497c53dc8e61c91d17fd626ffb1c49e2bca94eed052281b510b1117a24",
    "f1c6165d33367351b0da8f6e4511010c68174a03b6581212c71c0e1d026c3c72",
    "87260f7a2f12495118360f02c26a470f450dadf34a413d21042b43b9d93e1309",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
    "de6a7b00deadc788eb6b6c8d20c0ae96c2f2019078fa604fee5b87d6e989ad7b",
    "bcab477be20861e01e4a0e295284146a510150d9817763caf1a6f4b422d67042",
    "2a292df7e32cababbd9de088d1d1abec9fc0440f637ed2fba145094dc14bea08",
    "f4a9e534fc0d216c44b218fa0c42d99635a0127ee2e53c712f70609649fdff22",
    "8268436f8c4126196cf64b3c7ddbda90746a378625f9813dd9b8457077256731",
    "2810e5cbc2cc4d4eece54f61c6f69758e289aa7ab440b3cbeaa21995c2f4232b",
    "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
    "a45fdc55c76448c049a1ab33f17023edfb2be3581e9c7aade8a6125215e04220",
    "d483fe813c6ba647ebbfd3ec41adca1c6130c2beeee9d9bf065c8d151c5f396e",
    "8a2e1d30050198c65a54483123960ccc38aef6848e1ec8f5f780e8523769ba32",
    "32888462f8b486c68ad7dd9610be5192bbeaf3b443951ac1a8118419d9fa097b",
    "227142501b9d4355ccba290404bde41575b037693cef1f438c47f8fbf35d1165",
    "5c37cc491da847cfeb9281d407efc41e15144c876e0170b499a96a22ed31e01e",
    "445425117cb8c90edcbc7c1cc0e74f747f2c1efa5630a967c64f287792a48a4b",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]
NUMBERS = st.integers(0, field.P - 1)
EDGES = [0, 1, 2, 18, 19, field.P - 1, field.P - 2, 2**51 - 1, 2**51, 2**204, 2**255 - 20]


def elements(count: int) -> list[bytes]:
    return [group.hash_to_group(bytes([i % 256, i // 256]), b"tests") for i in range(count)]


def scalars(count: int, seed: int = 5) -> list[bytes]:
    source = random.Random(seed)
    edges = [1, group.ORDER - 1, 2**252, 128, 127, 129, 8, 7, 9]
    return [
        (edges[i] if i < len(edges) else source.randrange(1, group.ORDER)).to_bytes(32, "little")
        for i in range(count)
    ]


def naive(held: list[bytes], weights: list[bytes]) -> bytes:
    """The sum by libsodium, one by one."""
    terms = [group.times(w, e) for w, e in zip(weights, held, strict=True)]
    total = terms[0]
    for term in terms[1:]:
        total = group.sum_of(total, term)
    return total


@given(NUMBERS | st.sampled_from(EDGES), NUMBERS | st.sampled_from(EDGES))
@settings(max_examples=200)
def test_field_arithmetic_is_that_of_integers(a: int, b: int) -> None:
    x, y = field.limbs(a), field.limbs(b)
    product, square_, sum_, difference = _all(x, y)
    assert field.integer(product) == a * b % field.P
    assert field.integer(square_) == a * a % field.P
    assert field.integer(sum_) == (a + b) % field.P
    assert field.integer(difference) == (a - b) % field.P
    assert [int(v) for v in field.whole(sum_)] == [int(v) for v in field.limbs((a + b) % field.P)]
    assert field.negative(x) == bool(a & 1)
    assert field.integer(field.power_p58(x)) == pow(a, (field.P - 5) // 8, field.P)


@nb.njit
def _all(x, y):
    return field.mul(x, y), field.square(x), field.add(x, y), field.sub(x, y)


def test_the_largest_limbs_that_may_enter_a_product_do_not_overflow() -> None:
    wide = tuple(np.uint64(2**54 - 1) for _ in range(5))
    value = sum((2**54 - 1) << 51 * i for i in range(5))
    product, square_, _, _ = _all(wide, wide)
    assert field.integer(product) == field.integer(square_) == value * value % field.P


def test_multiples_of_the_generator() -> None:
    base = points.decoded(bytes.fromhex(MULTIPLES[0]))
    for n, expected in enumerate(MULTIPLES, 1):
        assert points.weighted_sum(base, n.to_bytes(32, "little")).hex() == expected
        assert points.combined([base], [n]).hex() == expected


@pytest.mark.parametrize("text", [*REFUSED, "00" * 32])
def test_an_encoding_that_must_be_refused(text: str) -> None:
    good = bytes.fromhex(MULTIPLES[0])
    with pytest.raises(points.NotAnElementError) as error:
        points.decoded(good + bytes.fromhex(text))
    assert error.value.at == 1


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=300)
def test_decoding_agrees_with_libsodium(data: bytes) -> None:
    data = (
        bytes([data[0] & 254]) + data[1:31] + bytes([data[31] & 127])
    )  # else nearly all are refused at once
    try:
        points.decoded(data)
        ours = True
    except points.NotAnElementError:
        ours = False
    try:
        group.times((1).to_bytes(32, "little"), data)
        theirs = True
    except points.NotAnElementError:
        theirs = False
    assert ours == theirs


@pytest.mark.parametrize("count", [1, 2, 9, 63, 64, 65, 200])
def test_a_weighted_sum_is_that_of_libsodium(count: int) -> None:
    held, weights = elements(count), scalars(count)
    assert points.weighted_sum(points.decoded(b"".join(held)), b"".join(weights)) == naive(held, weights)


def test_equal_elements_and_cancelling_weights_are_no_special_case() -> None:
    one = elements(1)[0]
    both = points.decoded(one * 2)
    two = (2).to_bytes(32, "little")
    minus = (group.ORDER - 1).to_bytes(32, "little")
    assert points.weighted_sum(both, two + minus) == one
    assert points.weighted_sum(both, (1).to_bytes(32, "little") + minus) == bytes(32)


@pytest.mark.parametrize(
    "weights", [[1], [-1], [3, -1], [15, -20, 6], [points.WEIGHT_MAX, 1 - points.WEIGHT_MAX]]
)
def test_combining_is_the_naive_sum(weights: list[int]) -> None:
    sets = [elements(4 * len(weights))[4 * j : 4 * j + 4] for j in range(len(weights))]
    got = points.combined([points.decoded(b"".join(s)) for s in sets], weights)
    exact = [(w % group.ORDER).to_bytes(32, "little") for w in weights]
    expected = [naive([s[i] for s in sets], exact) for i in range(4)]
    assert got == b"".join(expected)


def test_a_large_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="31 bits"):
        points.combined([points.decoded(elements(1)[0])], [2**31])


def test_signed_digits_are_the_scalar() -> None:
    for weight, bits in itertools.product(scalars(40), (4, 8)):
        digits = points._digits(np.frombuffer(weight, np.uint8).reshape(1, 32), bits)
        assert sum(int(d) << bits * i for i, d in enumerate(digits[:, 0])) == int.from_bytes(weight, "little")
        assert abs(digits).max() <= 1 << (bits - 1)
