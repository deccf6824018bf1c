"""The rule as others read it: pySigma parses every rule, and the fields are the pinned ones."""

from __future__ import annotations

import msgspec
import pytest
from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.rule import SigmaRule

from stillwatch.signatures.sigma import FIELDS, render
from stillwatch.signatures.signature import DistillationSignature, Shape, Tempo
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
