"""The ATLAS techniques that a signature may name, as the STIX objects that MITRE publishes.

Source: MITRE ATLAS data in STIX 2.1 (stix-atlas.json, June 2026): ids, names, tactics and dates as they stand there, so that a
platform that has loaded ATLAS recognises them as what it has.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from stillwatch.signatures.gate import technique_url

KILL_CHAIN = "mitre-atlas"


class Technique(NamedTuple):
    """`stix`: the UUID of its attack-pattern; `tactic`: phase of the kill chain; dates: of the published object."""

    stix: str
    name: str
    tactic: str
    created: str
    modified: str


TECHNIQUES = {
    "AML.T0005": Technique(
        "6a4ccafa-0e03-5e98-b8cd-5fccc68409d4", "Create Proxy AI Model", "ai-attack-staging", "2021-05-13", "2025-04-09"
    ),
    "AML.T0005.001": Technique(
        "298dc6c6-5683-5475-b724-2a2a3db3a7dc", "Train Proxy via Replication", "ai-attack-staging", "2021-05-13", "2021-05-13"
    ),
    "AML.T0008.005": Technique(
        "647ac4ac-b2bc-53f7-ab83-81f421a1f0b5", "AI Service Proxies", "resource-development", "2026-03-30", "2026-03-30"
    ),
    "AML.T0021": Technique(
        "d3d7763a-58e1-5e38-84fd-3abea967cb08", "Establish Accounts", "resource-development", "2022-01-24", "2023-01-18"
    ),
    "AML.T0024": Technique(
        "85fed2c6-e2df-595e-88bf-f356a17cec21", "Exfiltration via AI Inference API", "exfiltration", "2021-05-13", "2025-04-09"
    ),
    "AML.T0024.002": Technique(
        "3f567912-629a-5e0b-ab0c-0102977c2d6c", "Extract AI Model", "exfiltration", "2021-05-13", "2025-12-23"
    ),
    "AML.T0034": Technique(
        "7bbac64e-2b1d-5cb0-a442-bb7573b0a328", "Cost Harvesting", "impact", "2021-05-13", "2026-03-30"
    ),
    "AML.T0040": Technique(
        "5ac1f849-523e-51bf-a1e9-1a97ab91cc91", "AI Model Inference API Access", "ai-model-access", "2021-05-13", "2025-03-12"
    ),
    "AML.T0048.004": Technique(
        "73772ced-edba-578c-bacd-703e082a9c57", "AI Intellectual Property Theft", "impact", "2021-05-13", "2025-04-09"
    ),
}  # fmt: skip


def attack_pattern(technique: str) -> dict[str, Any]:
    """The technique's STIX object, without its description."""
    held = TECHNIQUES[technique]
    return {
        "type": "attack-pattern", "spec_version": "2.1", "id": f"attack-pattern--{held.stix}",
        "created": f"{held.created}T00:00:00.000Z", "modified": f"{held.modified}T00:00:00.000Z",
        "name": held.name, "kill_chain_phases": phases((technique,)),
        "external_references": [
            {"source_name": KILL_CHAIN, "external_id": technique, "url": technique_url(technique)}
        ],
    }  # fmt: skip


def phases(techniques: tuple[str, ...]) -> list[dict[str, str]]:
    """Kill chain phases of the techniques, each once, by name."""
    names = sorted({TECHNIQUES[t].tactic for t in techniques})
    return [{"kill_chain_name": KILL_CHAIN, "phase_name": name} for name in names]
