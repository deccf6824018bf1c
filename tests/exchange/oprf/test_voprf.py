"""RFC 9497 against its own vectors, a library not written here, and everything that may arrive damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.exchange.oprf import group, points, voprf

SUITES = json.loads((Path(__file__).parent / "rfc9497.json").read_text())["suites"]
VECTORS = [(suite, vector) for suite in SUITES for vector in suite["vectors"]]
IDENTITY = bytes(32)
NEGATIVE = bytes.fromhex("0100000000000000000000000000000000000000000000000000000000000000")
OVER_P = (2**255 - 19 + 2).to_bytes(32, "little")
NON_SQUARE = bytes.fromhex(
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371"
)  # RFC 9496, A.3


def cut(text: str) -> list[bytes]:
    return [bytes.fromhex(x) for x in text.split(",")]


@pytest.mark.parametrize(
    ("suite", "vector"), VECTORS, ids=[f"mode {s['mode']} batch {v['Batch']} {i}" for i, (s, v) in enumerate(VECTORS)]
)  # fmt: skip
def test_a_vector_of_the_rfc(suite: dict, vector: dict) -> None:
    mode, inputs = suite["mode"], cut(vector["Input"])
    key, public = voprf.derived_key(bytes.fromhex(suite["seed"]), bytes.fromhex(suite["keyInfo"]), mode)
    assert key.hex() == suite["skSm"]
    blinded = voprf.blind(inputs, mode, b"".join(cut(vector["Blind"])))
    assert blinded.elements == b"".join(cut(vector["BlindedElement"]))
    if mode == voprf.VOPRF:
        assert public.hex() == suite["pkSm"]
        answer = voprf.evaluate(key, public, blinded.elements, bytes.fromhex(vector["Proof"]["r"]))
        assert answer.proof.hex() == vector["Proof"]["proof"]
        voprf.verify(public, blinded.elements, answer)
        answers = answer.elements
    else:
        answers = group.times(key, blinded.elements)
    assert answers == b"".join(cut(vector["EvaluationElement"]))
    assert voprf.finalize(inputs, blinded.blinds, answers) == cut(vector["Output"])
    assert [voprf.evaluated_alone(key, x, mode) for x in inputs] == cut(vector["Output"])


def test_every_vector_of_both_modes_is_there() -> None:
    assert [(s["mode"], v["Batch"]) for s, v in VECTORS] == [(0, 1), (0, 1), (1, 1), (1, 1), (1, 2)]


def test_a_library_not_written_here_believes_our_proof_and_we_believe_its() -> None:
    other = pytest.importorskip("voprf.ristretto")
    seed = bytes(range(32))
    holder = other.Evaluator.from_seed(seed, b"info")
    key, public = voprf.derived_key(seed, b"info")
    assert holder.public_key.serialize() == public
    inputs = [f"value {i}".encode() for i in range(70)]
    expected = [bytes(holder.evaluate_known_input(x)) for x in inputs]

    blinded = voprf.blind(inputs)
    size = range(0, len(blinded.elements), 32)
    asked = [other.BlindedInput.deserialize(blinded.elements[i : i + 32]) for i in size]
    said = holder.evaluate_batch(asked).serialize()  # the proof, then the elements
    answer = voprf.Evaluated(said[64:], said[:64])
    voprf.verify(public, blinded.elements, answer)
    assert voprf.finalize(inputs, blinded.blinds, answer.elements) == expected

    clients, questions = zip(*(other.Client.blind(x) for x in inputs), strict=True)
    ours = voprf.evaluate(key, public, b"".join(q.serialize() for q in questions))
    theirs = other.VerifiableBatchOutput.deserialize(ours.proof + ours.elements)
    got = other.Client.finalize_batch(list(clients), theirs, holder.public_key)
    assert [bytes(x) for x in got] == expected


@given(st.binary(max_size=100))
@settings(max_examples=30)
def test_the_same_input_is_never_asked_the_same_way_and_always_gives_the_same(value: bytes) -> None:
    key, public = voprf.derived_key(bytes(32), b"unlinkable")
    first, second = voprf.blind([value, value]), voprf.blind([value])
    sent = [first.elements[:32], first.elements[32:], second.elements]
    assert len(set(sent)) == 3
    answers = voprf.evaluate(key, public, first.elements)
    a, b = voprf.finalize([value, value], first.blinds, answers.elements)
    assert a == b == voprf.evaluated_alone(key, value)


@pytest.fixture(scope="module")
def exchanged() -> tuple[bytes, bytes, bytes, voprf.Evaluated]:
    key, public = voprf.derived_key(bytes(32), b"proofs")
    blinded = voprf.blind([f"{i}".encode() for i in range(5)])
    return key, public, blinded.elements, voprf.evaluate(key, public, blinded.elements)


@pytest.mark.parametrize(
    "bend",
    [
        lambda e: e._replace(proof=bytes(64)),
        lambda e: e._replace(proof=e.proof[:63]),
        lambda e: e._replace(proof=e.proof + b"\0"),
        lambda e: e._replace(proof=e.proof[32:] + e.proof[:32]),
        lambda e: e._replace(proof=b"\xff" * 64),
        lambda e: e._replace(elements=e.elements[32:] + e.elements[:32]),
        lambda e: e._replace(elements=e.elements[:-32]),
        lambda e: e._replace(elements=e.elements[:-1]),
        lambda e: e._replace(elements=b""),
        lambda e: e._replace(elements=IDENTITY + e.elements[32:]),
        lambda e: e._replace(elements=OVER_P + e.elements[32:]),
    ],
    ids=["zero proof", "short proof", "long proof", "swapped scalars", "scalars over the order", "answers swapped",
         "one answer missing", "half an answer", "no answer", "an identity", "not canonical"],
)  # fmt: skip
def test_a_bent_answer_is_refused(exchanged, bend) -> None:
    _, public, asked, answer = exchanged
    with pytest.raises(ValueError, match=r"proof|answers|element|batch"):
        voprf.verify(public, asked, bend(answer))


def test_an_answer_by_another_key_is_refused(exchanged) -> None:
    _, public, asked, _ = exchanged
    key, other = voprf.derived_key(bytes(32), b"another")
    answer = voprf.evaluate(key, other, asked)
    with pytest.raises(voprf.WrongProofError):
        voprf.verify(public, asked, answer)


def test_one_answer_by_another_key_among_many_is_refused(exchanged) -> None:
    key, public, asked, answer = exchanged
    other = group.times(group.random_scalar(), asked[:32])
    with pytest.raises(voprf.WrongProofError):
        voprf.verify(public, asked, answer._replace(elements=other + answer.elements[32:]))
    voprf.verify(public, asked, voprf.evaluate(key, public, asked))


@pytest.mark.parametrize("bad", [IDENTITY, NEGATIVE, OVER_P, NON_SQUARE, b"\xff" * 32],
                         ids=["identity", "negative", "over p", "no square", "all ones"])  # fmt: skip
def test_what_is_no_element_is_not_multiplied_by_a_key(exchanged, bad: bytes) -> None:
    key, public, asked, _ = exchanged
    with pytest.raises(points.NotAnElementError, match="element 5"):
        voprf.evaluate(key, public, asked + bad)


@pytest.mark.parametrize("size", [0, 1, 31, 33, 32 * 65_536])
def test_a_batch_has_1_to_65535_whole_elements(size: int) -> None:
    key, public = voprf.derived_key(bytes(32), b"sizes")
    with pytest.raises(ValueError, match="a batch is"):
        voprf.evaluate(key, public, bytes(size))


def test_a_zero_key_or_scalar_is_an_error() -> None:
    with pytest.raises(ValueError, match="zero"):
        group.inverse(bytes(32))
    with pytest.raises(ValueError, match="zero"):
        group.base_times(bytes(32))
    with pytest.raises(ValueError, match="seed"):
        voprf.derived_key(bytes(31), b"")
    with pytest.raises(ValueError, match="65,535"):
        voprf.blind([bytes(65_536)])
