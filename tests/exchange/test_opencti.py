"""The bundle for OpenCTI: whole in itself, valid to the OASIS validator, and no wider than the indicators it is made of."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sigma.collection import SigmaCollection

from stillwatch.exchange import atlas, opencti
from stillwatch.exchange.markings import PAP_IDS, TLP_IDS
from stillwatch.signatures.profile import PAP, TECHNIQUES, TLP
from stillwatch.signatures.signature import EXTENSION_ID

Make = Callable[[str], dict[str, Any]]
ADDED = {
    "description", "labels", "kill_chain_phases", "x_opencti_score", "x_opencti_main_observable_type",
    "x_opencti_detection", "x_opencti_create_observables",
}  # fmt: skip


def of(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [o for o in bundle["objects"] if o["type"] == kind]


@pytest.mark.slow
@pytest.mark.parametrize("level", [*TLP.values(), "amber and PAP"])
def test_the_oasis_validator_and_library_read_it(
    make_indicator: Make, oasis: Callable[[str], list[Any]], level: str
) -> None:
    import stix2

    refs = [TLP["amber"], PAP["amber"]] if level == "amber and PAP" else [level]
    made = [{**make_indicator(name), "object_marking_refs": refs} for name in ("g-1", "g-2")]
    text = json.dumps(opencti.bundle(made))
    assert oasis(text) == []
    read = stix2.parse(text, allow_custom=True)
    assert {o.id for o in read.objects if o.type == "indicator"} == {o["id"] for o in made}


def test_everything_that_is_referred_to_is_there_and_comes_first(make_indicator: Make) -> None:
    bundle = opencti.bundle([make_indicator("g-1"), make_indicator("g-2")])
    seen = set[str]()
    for held in bundle["objects"]:
        named = [v for k, v in held.items() if k.endswith("_ref")] + held.get("object_marking_refs", [])
        assert set(named) - {held["id"]} <= seen
        assert held["id"] not in seen
        seen.add(held["id"])


def test_an_indicator_has_what_the_importer_looks_for(make_indicator: Make) -> None:
    item = make_indicator("g-1")
    (held,) = of(opencti.bundle([item], {item["id"]: 7}), "indicator")
    assert {k: v for k, v in held.items() if k not in ADDED} == item
    assert (held["x_opencti_score"], held["x_opencti_detection"]) == (7, False)
    assert (held["pattern_type"], held["x_opencti_main_observable_type"]) == ("sigma", "User-Account")
    assert held["kill_chain_phases"] == [{"kill_chain_name": "mitre-atlas", "phase_name": "exfiltration"}]
    assert held["labels"] == ["model-extraction", "category:grading", "evidence:inferred"]
    assert SigmaCollection.from_yaml(held["pattern"]).errors == []
    assert of(opencti.bundle([item]), "indicator")[0]["x_opencti_score"] == item["confidence"]


def test_what_it_indicates_is_related_and_marked_as_it_is(make_indicator: Make) -> None:
    item = make_indicator("g-1")
    bundle = opencti.bundle([item])
    (campaign,), (pattern,) = of(bundle, "campaign"), of(bundle, "attack-pattern")
    assert {
        (r["source_ref"], r["relationship_type"], r["target_ref"]) for r in of(bundle, "relationship")
    } == {
        (item["id"], "indicates", campaign["id"]),
        (item["id"], "indicates", pattern["id"]),
        (campaign["id"], "uses", pattern["id"]),
    }
    assert pattern["id"] == "attack-pattern--3f567912-629a-5e0b-ab0c-0102977c2d6c"
    signature = item["extensions"][EXTENSION_ID]
    assert (campaign["first_seen"], campaign["last_seen"]) == (
        signature["first_seen"],
        signature["last_seen"],
    )
    for held in (campaign, *of(bundle, "relationship")):
        assert held["object_marking_refs"] == item["object_marking_refs"]
        assert held["created_by_ref"] == item["created_by_ref"]
    assert (
        len(
            {
                c["name"]
                for c in of(opencti.bundle([make_indicator("g-1"), make_indicator("g-2")]), "campaign")
            }
        )
        == 2
    )


def test_the_same_indicators_give_the_same_bundle(make_indicator: Make) -> None:
    made = [make_indicator("g-1"), make_indicator("g-2")]
    assert opencti.bundle(made) == opencti.bundle(made)


@pytest.mark.slow
def test_a_bundle_of_nothing_is_valid(oasis: Callable[[str], list[Any]]) -> None:
    assert oasis(json.dumps(opencti.bundle([]))) == []


def test_what_the_gate_refuses_is_in_no_bundle(make_indicator: Make) -> None:
    bad: dict[str, Any] = {**make_indicator("g-1"), "name": "Aster Labs"}
    with pytest.raises(ValueError, match="may not leave"):
        opencti.bundle([bad])


def test_every_technique_and_every_marking_is_known() -> None:
    assert set(atlas.TECHNIQUES) == set(TECHNIQUES)
    made = {m["id"]: m["x_opencti_definition"] for m in opencti.markings([*TLP_IDS, *PAP_IDS])}
    assert made[TLP["amber+strict"]] == "TLP:AMBER+STRICT"
    assert made[PAP["red"]] == "PAP:RED"
    assert len(set(made.values())) == 9
