"""Bought transcripts: no traffic at all, only a published dataset that may hold our answers."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from stillwatch.errors import UsageError
from stillwatch.range.archetypes.archetype import Archetype, Setting
from stillwatch.range.attackers.plan import Plan
from stillwatch.range.prompts.grammar import answer
from stillwatch.range.scene import Scene
from stillwatch.range.served import SENTENCES, capture, reworked
from stillwatch.range.suspect import Suspect


def _published(scene: Scene) -> None:
    """A dataset in random order: part of its rows are answers we served to honest accounts, cut, reordered or
    edited or not, and the others come from elsewhere."""
    knobs, rng = scene.knobs, scene.rng("published")
    if not any(block.account.size for block in scene.blocks):
        raise UsageError("nothing was served that could be published: honest must be above 0", where="bought")
    rows, share = int(knobs["rows"]), float(knobs["our_share"])
    served = capture(scene, rng, round(rows * min(1.0, share)), scene.clock.last_s)
    others = rows - len(served.sentences)
    columns = [answer(rng, others).to_pylist() for _ in range(SENTENCES)]
    foreign = [" ".join(lines) for lines in zip(*columns, strict=True)]
    texts = [*reworked(rng, served.sentences), *foreign]
    numbers = [*served.number.tolist(), *[-1] * others]
    order = rng.permutation(rows).tolist()
    scene.suspects.append(
        Suspect(pa.array([texts[i] for i in order], pa.large_string()), tuple(numbers[i] for i in order))
    )


def _plans(knobs: Mapping[str, Setting], days: float) -> tuple[Plan, ...]:
    return ()


BOUGHT = Archetype(
    id="bought",
    title="Bought transcripts",
    models="no attacker in the traffic: `suspect.jsonl` is a published dataset of which 60 % are answers served to "
    "honest accounts of both periods, partly cut, reordered or edited; truth.json says which rows, events and accounts",
    cannot_show="a model trained on the dataset, and rows rewritten by a language model; 3 % of the served answers were never logged",
    report="transcripts are traded (no public figure); 1,000 rows by default",
    knobs={"rows": 1000, "our_share": 0.6},
    plans=_plans,
    around=_published,
    scales=("rows",),
)
