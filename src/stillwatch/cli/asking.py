"""Asking the endpoints of a plan from the terminal: what it may cost, a question, progress, and what came of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stillwatch.cli.output import note
from stillwatch.errors import UsageError

if TYPE_CHECKING:
    from stillwatch.comparison.plan import Plan
    from stillwatch.service.collecting import Collected


def asked(
    plan: Plan, folder: Path, *, yes: bool, offline: bool, prices: tuple[float | None, float | None]
) -> list[Collected]:  # fmt: skip
    """What the endpoints gave, after telling the cost and being allowed to spend it.

    Raises UsageError when there is nobody to ask for permission, click.Abort when it is refused.
    """
    from stillwatch.service.collecting import collect
    from stillwatch.telemetry import progress_bar

    if not offline and _to_ask(plan, folder, prices) and not yes:
        if not sys.stdin.isatty():
            raise UsageError(
                "asking costs money, and nobody is there to agree", where=str(folder), hint="add --yes"
            )
        click.confirm("Ask them?", abort=True, err=True)
    with progress_bar() as progress:
        found = collect(plan, folder, offline=offline, progress=progress)
    for one in found:
        t = one.told
        note(f"{t.model}: {t.used:,} of {t.planned:,} planned answers count, {t.requests:,} requests so far")
        if t.stopped:
            note(f"{t.model}: ended early: {t.stopped}; the same command goes on from here")
    return found


def _to_ask(plan: Plan, folder: Path, prices: tuple[float | None, float | None]) -> bool:
    """Tell what is still to be asked; whether it is anything."""
    from stillwatch.service.collecting import costs

    total = 0
    for c in costs(plan, folder, prices):
        total += c.requests
        money = "no price given" if c.cost_max is None else f"at most {c.cost_max:,.2f} without repeats"
        note(
            f"{c.model}: {c.requests:,} requests to make of {c.requests_left:,} left in the budget, about "
            f"{c.input_tokens:,} tokens in, at most {c.output_tokens_max:,} out; {money}"
        )
    return total > 0
