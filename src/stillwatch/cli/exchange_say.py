"""`stillwatch exchange sight | opine | dispute | withdraw`: what we say of signatures, as drafts to be signed off."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, emit, note
from stillwatch.config import Config

if TYPE_CHECKING:
    from stillwatch.service.sharing import Preview

OPINIONS = ("confirmed", "not-observable", "look-alike", "false-positive", "framing-suspected")
DISPUTES = OPINIONS[2:]


@click.command("sight")
@click.argument("signature")
@click.argument("logs", type=options.PATH)
@click.option("--authorisations", type=options.PATH, metavar="FILE", help="What customers declared.")
@options.workspace
@options.configured
def sight(
    signature: str, logs: Path, authorisations: Path | None, workspace: Path | None, config: Config
) -> None:
    """Draft a sighting: a received SIGNATURE that is seen in our own LOGS.

    Refused unless it is seen there by accounts that no customer declared. A power of two of accounts and two hours
    leave, after `exchange sign-off`.
    """
    from stillwatch.service import sighting
    from stillwatch.telemetry import progress_bar

    settled = options.overridden(config, authorisations=authorisations)
    with progress_bar() as progress:
        shown = sighting.sight(
            options.member_folder(config, workspace),
            signature,
            logs,
            authorisations=settled.authorisations,
            progress=progress,
        )
    _drafted(shown)


@click.command("opine")
@click.argument("signature")
@click.argument("word", type=click.Choice(OPINIONS))
@options.workspace
@options.configured
def opine(signature: str, word: str, workspace: Path | None, config: Config) -> None:
    """Draft an opinion of a received SIGNATURE, one of five words. A new one replaces ours of before."""
    from stillwatch.service import stating

    _drafted(stating.opine(options.member_folder(config, workspace), signature, word))


@click.command("dispute")
@click.argument("signature")
@click.option(
    "--because",
    type=click.Choice(DISPUTES),
    default="false-positive",
    show_default=True,
    help="Why it does not hold on our traffic.",
)
@options.workspace
@options.configured
def dispute(signature: str, because: str, workspace: Path | None, config: Config) -> None:
    """Draft the opinion that a received SIGNATURE does not hold.

    Two independent members that dispute a signature suspend it at the others.
    """
    from stillwatch.service import stating

    _drafted(stating.opine(options.member_folder(config, workspace), signature, because))


@click.command("withdraw")
@click.argument("name")
@options.workspace
@options.configured
def withdraw(name: str, workspace: Path | None, config: Config) -> None:
    """Draft the withdrawal of something of ours: NAME begins its id, or the campaign that it is about.

    Members that pull it drop it and answer with a receipt; `exchange status` shows who has not.
    """
    from stillwatch.service import stating

    _drafted(stating.withdraw(options.member_folder(config, workspace), name))


def _drafted(shown: Preview) -> None:
    emit(as_json(shown.object))
    note(
        f"draft {shown.digest}\nnext: stillwatch exchange sign-off {shown.digest[:12]} --by NAME, then exchange push"
    )


COMMANDS: tuple[click.Command, ...] = (sight, opine, dispute, withdraw)
