"""The rule as others read it: pySigma parses every rule, and the fields are the pinned ones."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.rule import SigmaRule
from tests.signatures import plain_rule

from stillwatch.signatures.profile import TECHNIQUES as EVERY_TECHNIQUE
from stillwatch.signatures.sigma import FIELDS, render
from stillwatch.signatures.signature import (
    BANDS,
    DistillationSignature,
    Scale,
    Shape,
    Structure,
    Template,
    Tempo,
)
from stillwatch.signatures.vectors import accounts_needed

TECHNIQUES = ("AML.T0021", "AML.T0024.002")


def _variants(signature: DistillationSignature) -> dict[str, DistillationSignature]:
    change = msgspec.structs.replace
    slow = Tempo(events_per_account_day=1, active_hours=8, balance="random")
    return {
        "all facets": signature,
        "no wording": change(signature, template=None),
        "no weight": change(signature, structure=None, shape=None),
        "slow": change(signature, tempo=slow),
        "no tempo": change(signature, tempo=None),
        "streamed": change(signature, shape=Shape(stream=True)),
    }


@pytest.mark.parametrize("name", ["all facets", "no wording", "no weight", "slow", "no tempo", "streamed"])
def test_pysigma_reads_the_rule(signature: DistillationSignature, name: str):
    made = _variants(signature)[name]
    read = SigmaCollection.from_yaml(render(made, TECHNIQUES))
    assert read.errors == []
    rules = [r for r in read.rules if isinstance(r, SigmaRule)]
    correlations = [r for r in read.rules if isinstance(r, SigmaCorrelationRule)]
    assert len(rules) == 1
    assert len(correlations) == (1 if name in ("slow", "no tempo") else 2)
    assert correlations[0].condition.count == accounts_needed(made)
    used = {item.field for d in rules[0].detection.detections.values() for item in d.detection_items}
    assert used
    assert used <= set(FIELDS)
    assert len({str(r.id) for r in read.rules}) == len(read.rules)


def test_two_signatures_have_rules_of_different_ids(signature: DistillationSignature):
    other = msgspec.structs.replace(signature, template=None)
    first, second = (SigmaCollection.from_yaml(render(s, TECHNIQUES)).rules for s in (signature, other))
    assert not {str(r.id) for r in first} & {str(r.id) for r in second}


POWERS = st.integers(0, 30).map(lambda n: 1 << n)
TOKENS = st.integers(0, 2**64 - 1).map(lambda n: f"{n:016x}")
SIGNATURES = st.builds(
    DistillationSignature,
    extension_type=st.just("property-extension"), schema_version=st.just(1), pattern=st.just("extraction"),
    category=st.just("general"), grade=st.just("inferred"), first_seen=st.just("2026-05-04T00:00:00.000Z"),
    last_seen=st.just("2026-05-04T00:00:00.000Z"),
    scale=st.builds(Scale, accounts=POWERS, events=POWERS, days=POWERS),
    template=st.none() | st.builds(
        Template, scheme=st.just("minhash128-words3-bands32x4-siphash24"), epoch=TOKENS, agree_min=st.just(2),
        bands=st.lists(TOKENS, min_size=BANDS, max_size=BANDS).map(tuple),
    ),
    tempo=st.none() | st.builds(
        Tempo, events_per_account_day=POWERS, active_hours=POWERS, balance=st.just("even"),
    ),
    structure=st.none() | st.builds(
        Structure, input_tokens=st.none() | POWERS, output_tokens=st.none() | POWERS,
    ),
    shape=st.none() | st.builds(Shape, max_tokens=st.none() | POWERS, stream=st.none() | st.booleans()),
)  # fmt: skip


@given(SIGNATURES, st.lists(st.sampled_from(EVERY_TECHNIQUE), unique=True, max_size=4))
def test_the_rule_is_the_mapping_written_out(signature: DistillationSignature, techniques: list[str]):
    assert render(signature, tuple(techniques)) == plain_rule.rule(signature, tuple(techniques))
