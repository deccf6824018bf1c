"""`stillwatch exchange`: signatures of campaigns, shared with rivals and looked for in one's own logs."""

from __future__ import annotations

import click

from stillwatch.cli.hub import hub


@click.group("exchange")
def exchange() -> None:
    """Share signatures of campaigns with rivals, and look for theirs."""


exchange.add_command(hub)
