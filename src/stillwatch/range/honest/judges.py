"""Judges in continuous integration: unrelated teams grade their own product's answers with one stock rubric."""

from __future__ import annotations

import numpy as np

from stillwatch.range.accounts import long_ago
from stillwatch.range.blocks import single_turn
from stillwatch.range.honest.operators import heavy_tailed, office_hours
from stillwatch.range.honest.people import person_columns, times
from stillwatch.range.networks import servers
from stillwatch.range.prompts.grammar import answer, join, pick
from stillwatch.range.scene import LookAlike, Scene

STOCK = (
    "You are a careful judge of answers. Read the question and the submitted answer, score the response against the "
    "rubric below on a scale of 1 to 5, and explain the score before you give it. "
)
CRITERIA = tuple(
    f"Rubric: {first}; {second}.\n\nQuestion: "
    for first in (
        "nothing is invented",
        "the tone fits our customers",
        "every step can be checked",
        "no advice on law",
    )
    for second in (
        "short sentences only",
        "figures carry their unit",
        "the product is named once",
        "links are kept",
    )
)
ANSWER, CLOSE = (
    "\n\nSubmitted answer: ",
    "\n\nReturn one JSON object with the fields score and reason, and nothing else.",
)
CHANGED_SHARE = 0.2
"""Cases whose answer differs from that of the run before: most commits touch little (our assumption)."""


def judges(scene: Scene, teams: int, *, cases: float, runs: float, per_week: float) -> np.ndarray:
    """Add `teams` of one or two accounts that adopt the same judge in the current period; one look-alike each.

    cases, runs: mean test cases of a team and mean runs a week, both heavy-tailed. A case whose answer did not
    change is asked again word for word. per_week: the team's other traffic, in both periods.
    """
    rng = scene.rng("judges")
    sizes = 1 + (rng.random(teams) < 0.3)
    team = np.repeat(np.arange(teams), sizes)
    count = team.size
    columns = person_columns(rng, count) | {
        "org_id": [f"org_team_{t:04d}" if t % 2 else None for t in team.tolist()],
        "payment_id": [f"pay_team_{t:04d}" for t in team.tolist()],
        "email_domain": [f"team{t:04d}.example" for t in team.tolist()],
        "plan": "team",
        "user_agent": "verdict-ci/2.0",
        "client_fingerprint": "ja4_v2",
        "asn": [f"AS{65000 + t % 3}" for t in team.tolist()],
        "request_model": "aurora-1",
        "temperature": 0.0,
        "max_tokens": 512,
        "stream": False,
    }
    created = long_ago(rng, scene.clock, count)
    numbers = scene.accounts.add(count, addresses=servers(rng, count), created_s=created, **columns)
    owner, at = times(scene, rng, numbers, scene.shape.volumes(rng, count, per_week))
    usual = scene.texts.ask("application", owner)
    scene.blocks.append(single_turn(owner, at, usual, scene.answers(rng, owner.size)))
    _runs(scene, rng, numbers, team, cases, runs * scene.clock.days / 7)
    for place in range(teams):
        scene.look_alikes.append(LookAlike("evaluation", numbers[team == place]))
    return numbers


def _runs(
    scene: Scene, rng: np.random.Generator, numbers: np.ndarray, team: np.ndarray, cases: float, runs: float
) -> None:
    """Every run asks all cases of its account; `case` numbers (account, case), `event` its repetitions."""
    sizes, often = heavy_tailed(rng, numbers.size, cases, 0.8), heavy_tailed(rng, numbers.size, runs)
    run_of = np.repeat(np.arange(numbers.size), often)
    starts = office_hours(scene, rng, run_of.size)
    run = np.repeat(np.arange(run_of.size), sizes[run_of])
    account = run_of[run]
    place = np.arange(run.size) - np.repeat(np.cumsum(sizes[run_of]) - sizes[run_of], sizes[run_of])
    at = np.minimum(starts[run] + place * 2.0 + rng.random(run.size), scene.clock.last_s - 1e-3)
    case = (np.cumsum(sizes) - sizes)[account] + place
    order = np.lexsort((at, case))
    fresh = rng.random(run.size) < CHANGED_SHARE
    fresh |= np.concatenate([[True], case[order][1:] != case[order][:-1]])[np.argsort(order)]
    version = np.cumsum(fresh[order]) - 1
    first = order[fresh[order]]
    before = join(STOCK, pick(CRITERIA, team[account[first]]))
    after = join(ANSWER, answer(rng, first.size), CLOSE)
    prompt = scene.texts.ask("application", numbers[account[first]], before=before, after=after)
    text = np.empty(run.size, dtype=np.int64)
    text[order] = prompt[version]
    scene.blocks.append(single_turn(numbers[account], at, text, scene.answers(rng, run.size)))
