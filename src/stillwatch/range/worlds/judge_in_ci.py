"""The judge look-alike: ninety unrelated teams adopt one judge for their continuous integration in the same week."""

from __future__ import annotations

from stillwatch.range.honest.judges import judges
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.honest.rented import rented
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    positive(scene, "teams")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    rented(scene, int(knobs["rented"]), float(knobs["per_week"]))
    judges(
        scene,
        int(knobs["teams"]),
        cases=float(knobs["cases"]),
        runs=float(knobs["runs"]),
        per_week=float(knobs["per_week"]),
    )


JUDGE_IN_CI = World(
    id="judge-in-ci",
    title="Ninety teams grade with one stock rubric",
    models="a release of an open judge whose stock rubric prompt stands in the user's turn; each commit "
    "grades the team's test cases again from hosted runners; the teams were customers before, "
    "with other traffic",
    resembles="one grading template over unrelated payers, which is what a grader harvest looks like: same "
    "client, same parameters, same cloud networks, single questions, answers of another model "
    "inside the prompt",
    differs="each team grades its own product (content differs between accounts), repeats unchanged cases "
    "word for word, has its own payer, works in office hours, and volumes are heavy-tailed",
    numbers="8 cases and 6 runs a week on average, log-normal, are our assumption; the spread between "
    "teams is that of one tool's users, far below the 2.7 (standard deviation of ln rate) between "
    "ServeGen's production clients",
    cannot_show="a judge run over other people's published answers, which would be the harvest itself",
    knobs={"honest": 1500, "per_week": 6.0, "rented": 150, "teams": 90, "cases": 8.0, "runs": 6.0},
    compose=_compose,
    scales=("honest", "rented", "teams"),
)
