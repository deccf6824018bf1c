"""People who share a product, a sheet, a deck or a benchmark and hold conversations are not raised, nor nearly.

Each of these populations was, under a rule that was tried and dropped (decision 0042); a pool that follows up is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stillwatch.service.scanning import scan
from stillwatch.testing.traffic import START_US, WEEK_US, event, organic, write

pytestmark = pytest.mark.slow
S, MINUTE, DAY = 1_000_000, 60_000_000, 86_400_000_000
Rows = list[dict[str, Any]]
TASK = "Work through the task with care, write down every step that leads to the result, and say which step fails most often. "
TUTOR = "You are Lumo, a patient companion for languages. Warm up first, lead through the lesson of the day, and close with three words."


def person(number: int) -> dict[str, Any]:
    """Columns of somebody with a network, a payer and a client of their own."""
    return {
        "ip": f"192.0.{number % 200}.{number // 200}", "asn": f"AS{number % 31}", "payment_id": f"p{number}",
        "user_agent": f"ua{number % 23}/1", "request_model": "m1", "status": "ok",
    }  # fmt: skip


def conversation(account: str, at: float, turns: list[str], rng: np.random.Generator, **columns: Any) -> Rows:
    """One event per user turn, some seconds apart, each with the history before it; `system` opens it."""
    messages = [{"role": "system", "text": columns.pop("system")}] if "system" in columns else []
    rows = []
    for turn in turns:
        messages = [*messages, {"role": "user", "text": turn}]
        rows.append(event(account, "", int(at), messages=messages, **columns))
        messages = [*messages, {"role": "assistant", "text": organic(rng, 3, 12)}]
        at += (5 + rng.exponential(45)) * S
    return rows


def last_only(rows: Rows) -> Rows:
    """The conversation's last request: what came before was made up by whoever sends it."""
    return rows[-1:]


def crowd(rng: np.random.Generator, start: int, people: int = 600) -> Rows:
    rows: Rows = []
    for number in range(people):
        for _ in range(1 + rng.geometric(1 / 3)):
            turns = [organic(rng, number) for _ in range(min(8, rng.geometric(0.5)))]
            rows += conversation(
                f"acct-{number:04d}", start + rng.integers(WEEK_US), turns, rng, **person(number)
            )
    return rows


def a_lesson_a_day(rng: np.random.Generator) -> Rows:
    """Learners who come once a day at an hour of their own, for a conversation with the lesson of the day."""
    rows: Rows = []
    for who, hour in enumerate(rng.uniform(6, 23, 48)):
        for day in range(7):
            at = START_US + day * DAY + (hour * 60 + rng.normal(0, 40)) * MINUTE
            turns = [
                organic(rng, day, int(rng.integers(6, 16))) for _ in range(1 + min(15, rng.geometric(0.25)))
            ]
            me = person(5000 + who) | {"user_agent": "lumo/2", "system": TUTOR}
            rows += conversation(
                f"mine-{who}", at, ["Start the lesson of the day for me. " + turns[0], *turns[1:]], rng, **me
            )
    return rows


def a_question_a_day(rng: np.random.Generator) -> Rows:
    """The same with one question."""
    rows: Rows = []
    for who, hour in enumerate(rng.uniform(6, 23, 48)):
        for day in range(7):
            at = START_US + day * DAY + (hour * 60 + rng.normal(0, 40)) * MINUTE
            me = person(5000 + who) | {"user_agent": "lumo/2", "system": TUTOR}
            rows += conversation(f"mine-{who}", at, [organic(rng, who, 12)], rng, **me)
    return rows


def a_class(rng: np.random.Generator) -> Rows:
    """Students who ask the exercises of one sheet in one to four chats each, opened in words of their own."""
    sheet = [f"{TASK}Exercise: {organic(rng, i, 14)}." for i in range(10)]
    rows: Rows = []
    for who in range(48):
        at = START_US + DAY + (9 * 60 + rng.uniform(0, 15)) * MINUTE
        for exercise in sheet:
            for _ in range(min(4, rng.geometric(0.5))):
                at += (20 + rng.exponential(150)) * S
                chat = conversation(
                    f"mine-{who}", at, [organic(rng, who, 8), exercise], rng, **person(5000 + who)
                )
                rows += last_only(chat)
    return rows


def a_benchmark_in_runs(rng: np.random.Generator) -> Rows:
    """Laboratories that run one benchmark three times with examples drawn anew before each question."""
    questions = [f"{TASK}Question: {organic(rng, i, 14)}." for i in range(70)]
    rows: Rows = []
    for lab in range(48):
        for run in range(3):
            at = START_US + (run * 2 + rng.uniform(0, 1.5)) * DAY
            for number in rng.permutation(30):
                at += rng.exponential(15) * S
                shots = [questions[i] for i in rng.choice(np.arange(30, 70), 3, replace=False)]
                me = person(5000 + lab) | {"user_agent": "harness/4"}
                rows += last_only(conversation(f"mine-{lab}", at, [*shots, questions[number]], rng, **me))
    return rows


def a_deck(rng: np.random.Generator) -> Rows:
    """Learners of one deck: a chat a day, opened with the state of the learner, with twelve of thirty cards."""
    deck = [f"{TASK}Card: {organic(rng, i, 12)}." for i in range(30)]
    rows: Rows = []
    for who, hour in enumerate(rng.uniform(6, 23, 48)):
        for day in range(7):
            at = START_US + day * DAY + (hour * 60 + rng.normal(0, 30)) * MINUTE
            cards = [deck[i] for i in rng.choice(30, 12, replace=False)]
            opening = f"Learner {who * 7919}, day {day}, streak {int(rng.integers(99))}"
            rows += conversation(
                f"mine-{who}", at, [opening, *cards], rng, **person(5000 + who) | {"user_agent": "cards/7"}
            )
    return rows


def a_pool(rng: np.random.Generator) -> Rows:
    """What the others are told from: a list dealt in turns, each item asked about further in the same words."""
    rows: Rows = []
    scripted = [
        "Show every step of that.",
        "Check it line by line and correct it.",
        "Give a second solution.",
    ]
    at = np.sort(rng.uniform(0, WEEK_US, 40 * 6))
    for place, moment in enumerate(at):
        script = scripted[: min(3, rng.geometric(0.4))]
        me = person(5000 + place % 40) | {
            "user_agent": "script/1",
            "payment_id": f"paid{place % 10}",
            "ip": f"203.0.113.{place % 9}",
        }
        opening = f"{TASK}Item: {organic(rng, int(rng.integers(8)), 14)}."
        rows += conversation(f"mine-{place % 40}", START_US + moment, [opening, *script], rng, **me)
    return rows


def leads(
    folder: Path, population: Callable[[np.random.Generator], Rows], seed: int
) -> tuple[bool, list[float]]:
    """(whether anything is raised; by how many bits extraction leads what is honest, of each group of the population)."""
    rng = np.random.default_rng([11, seed])
    write(folder, population(rng) + crowd(rng, START_US))
    write(folder / "reference", [r for k in (1, 2) for r in crowd(rng, START_US - k * WEEK_US)], tag="r")
    found = scan([folder], workers=1)
    raised = {campaign.id: campaign for campaign in found.result.campaigns}
    accounts = {c.id: [a.account_id for a in c.accounts] for c in raised.values()}
    accounts |= {look.id: list(look.accounts) for look in found.result.look_alikes}
    out = []
    for group in found.detail.groups:
        if any(name.startswith("mine") for name in accounts[group.id]):
            bits = {e.name: e.bits for e in group.explanations}
            out.append(
                bits["extraction"] - max(b for name, b in bits.items() if name not in ("extraction", "relay"))
            )
    return bool(raised), out


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    "population", [a_lesson_a_day, a_question_a_day, a_class, a_benchmark_in_runs, a_deck]
)
def test_people_who_share_something_are_not_raised(tmp_path, population, seed) -> None:
    raised, ahead = leads(tmp_path, population, seed)
    assert ahead, "the population is linked, so something is judged"
    assert not raised
    assert max(ahead) <= 0.0


def test_a_pool_that_follows_up_is_raised(tmp_path) -> None:
    raised, ahead = leads(tmp_path, a_pool, 0)
    assert raised
    assert max(ahead) >= 1.0
