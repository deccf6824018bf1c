"""The localisation look-alike: freelancers translate one publisher's strings with one tool."""

from __future__ import annotations

from stillwatch.range.honest.localisation import localisation
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    positive(scene, "freelancers", "strings")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    localisation(scene, int(knobs["freelancers"]), int(knobs["strings"]), int(knobs["languages"]))


LOCALISATION = World(
    id="localisation",
    title="One corpus, eight languages, eighty freelancers",
    models="one publisher's corpus split over freelancers of eight languages who pay, sign up and "
    "connect on their own; one tool gives template, client and parameters",
    resembles="one template in the user's turn over unrelated payers and home networks, one client, recent "
    "sign-ups, a work list split so that nobody repeats another of the same language, content "
    "that any of them could have sent",
    differs="each string is asked once per language, so it is shared by eight accounts; shares are "
    "heavy-tailed; work happens in office hours of working days",
    numbers="400 strings in 8 languages over 80 people, 40 each on average: about a day's work at "
    "professional speed; our assumption",
    cannot_show="many corpora in one tool at once; languages=1 shows a list whose strings never collide",
    knobs={"honest": 1500, "per_week": 6.0, "freelancers": 80, "strings": 400, "languages": 8},
    compose=_compose,
    scales=("honest", "freelancers"),
)
