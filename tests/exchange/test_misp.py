"""The MISP feed: its parts agree, its rule acts on nothing, and it says no more than the indicator."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from sigma.collection import SigmaCollection

from stillwatch.exchange.misp import feed

Make = Callable[[str], dict[str, Any]]


def test_manifest_events_and_hashes_agree(make_indicator: Make):
    files = feed([make_indicator("g-1"), make_indicator("g-2")])
    manifest = json.loads(files["manifest.json"])
    assert set(files) == {"manifest.json", "hashes.csv", *(f"{name}.json" for name in manifest)}
    assert len(manifest) == 2
    hashes = set(files["hashes.csv"].decode().split())
    for name, head in manifest.items():
        event = json.loads(files[f"{name}.json"])["Event"]
        assert {k: event[k] for k in head} == head
        assert event["uuid"] == name
        assert event["Tag"][0] == {"name": "tlp:green"}
        for attribute in event["Attribute"]:
            assert attribute["to_ids"] is False
            assert f"{hashlib.md5(attribute['value'].encode()).hexdigest()},{name}" in hashes
        assert SigmaCollection.from_yaml(event["Attribute"][0]["value"]).errors == []


def test_every_word_of_the_feed_is_of_the_indicator_or_the_format(make_indicator: Make):
    item = make_indicator("g-1")
    event = json.loads(feed([item])[f"{item['id'].removeprefix('indicator--')}.json"])["Event"]
    assert event["Attribute"][0]["value"] == item["pattern"]
    assert json.loads(event["Attribute"][1]["value"]) in item["extensions"].values()


def test_what_the_gate_refuses_has_no_feed(make_indicator: Make):
    bad: dict[str, Any] = {**make_indicator("g-1"), "name": "Aster Labs"}
    with pytest.raises(ValueError, match="may not leave"):
        feed([bad])
