"""The program `stillwatch`: one visible list of its commands, each imported only when used."""

from __future__ import annotations

import click

from stillwatch import __version__
from stillwatch.cli.doorway import LazyGroup

COMMANDS = {
    "demo": ("stillwatch.cli.demo:demo", "Build a small world, scan it, and explain what was found."),
    "check": ("stillwatch.cli.check:check", "Say what an input is and what it can show, before scanning it."),
    "scan": (
        "stillwatch.cli.scan:scan",
        "Find campaigns of accounts that harvest a model's outputs together.",
    ),
    "watch": ("stillwatch.cli.watch:watch", "Follow logs as they are written and scan again and again."),
    "replay": ("stillwatch.cli.replay:replay", "Say when each campaign would first have been raised."),
    "explain": ("stillwatch.cli.explain:explain", "Say everything about one campaign or look-alike."),
    "list": ("stillwatch.cli.listing:list_", "List the scans kept in the workspace and what they found."),
    "show": ("stillwatch.cli.listing:show", "Show a kept scan or one finding again, in any format."),
    "ledger": (
        "stillwatch.cli.ledger:ledger",
        "Keep what was served as keyed hashes, for scans and comparisons.",
    ),
    "exchange": (
        "stillwatch.cli.exchange:exchange",
        "Share signatures of campaigns with rivals, and look for theirs.",
    ),
    "range": ("stillwatch.cli.range:range_", "Build worlds whose truth is known, and score scans of them."),
    "compare": (
        "stillwatch.cli.compare:compare",
        "Compare a suspect model or dataset with ours, with a stated error rate.",
    ),
    "marks": (
        "stillwatch.cli.marks:marks",
        "Plant keyed choices between synonyms in served text, and find them again.",
    ),
    "init": ("stillwatch.cli.setup:init", "Write a commented stillwatch.toml."),
    "doctor": ("stillwatch.cli.setup:doctor", "Check that this machine can run a scan."),
    "config": ("stillwatch.cli.setup:config", "Show the configuration in effect."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="stillwatch")
def cli() -> None:
    """Find, explain and document extraction campaigns in model API usage logs.

    Start with `stillwatch demo`, then `stillwatch check PATH` on your own logs.

    Exit codes: 0 done; 1 findings at or above --fail-on; 2 usage or configuration; 3 input unreadable or coverage
    too low; 4 internal error or a write that failed; 130 interrupted (143 or 129 by SIGTERM or SIGHUP).
    """


def main() -> None:
    """Entry point of the installed program."""
    cli.main(prog_name="stillwatch")
