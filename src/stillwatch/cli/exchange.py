"""`stillwatch exchange`: signatures of campaigns, shared with rivals and looked for in one's own logs."""

from __future__ import annotations

from pathlib import Path
from typing import cast, get_args

import click

from stillwatch.cli import options
from stillwatch.cli.exchange_export import export
from stillwatch.cli.exchange_hub import COMMANDS as WITH_THE_HUB
from stillwatch.cli.exchange_match import match
from stillwatch.cli.exchange_say import COMMANDS as THAT_SAY
from stillwatch.cli.exchange_status import status
from stillwatch.cli.hub import hub
from stillwatch.cli.output import as_json, emit, note
from stillwatch.cli.overlap import overlap
from stillwatch.config import Config
from stillwatch.errors import UsageError

TLPS = ("clear", "green", "amber", "amber+strict", "red")
BASES = ("legitimate-interest", "legal-obligation", "contract", "consent", "public-interest")


@click.group("exchange")
def exchange() -> None:
    """Share signatures of campaigns with rivals, and look for theirs.

    Nothing leaves that was not previewed, let through by the gate and signed off by a person. A received signature
    informs; it never acts.
    """


@exchange.command("join")
@click.option(
    "--forum-key",
    type=options.PATH,
    metavar="FILE",
    help="Secret that the forum's members share, at least 32 bytes (default: a new one).",
)
@options.workspace
@options.configured
def join(forum_key: Path | None, workspace: Path | None, config: Config) -> None:
    """Make this workspace a member: a signing key, a pseudonym, the forum's key.

    Prints our card (pseudonym and public key), which other members pass to `exchange trust`.
    """
    from stillwatch.service import sharing

    folder = options.member_folder(config, workspace)
    card = sharing.join(folder, forum_key)
    emit(as_json(card))
    note(f"hand {folder.folder / 'member.json'} to the other members; signing.key and forum.key stay secret")


@exchange.command("trust")
@click.argument("card", type=options.PATH)
@options.workspace
@options.configured
def trust(card: Path, workspace: Path | None, config: Config) -> None:
    """Accept what the member of this CARD file signs."""
    from stillwatch.service import sharing

    folder = options.member_folder(config, workspace)
    before = folder.members()
    taken = sharing.trust(folder, card)
    other = before.get(taken.id, taken.jwk) != taken.jwk
    note(
        f"trusted: {taken.id}{', with another key than before' if other else ''}; what it signed comes with the next pull"
    )


@exchange.command("publish")
@click.argument("campaign")
@click.option("--preview", is_flag=True, help="Show exactly what would leave and keep it as a draft.")
@click.option(
    "--tlp", type=click.Choice(TLPS), default="amber+strict", show_default=True, help="Who may see it."
)
@click.option(
    "--valid-days",
    type=click.IntRange(1, 180),
    default=90,
    show_default=True,
    help="After so many days it expires.",
)
@click.option(
    "--backtest",
    type=options.PATH,
    metavar="LOGS",
    help="With --preview: run the rule on these logs and add the result in buckets.",
)
@click.option(
    "-o", "--output", type=options.PATH, metavar="FILE", help="Bundle to write, with FILE.jws beside it."
)
@options.workspace
@options.configured
def publish(
    campaign: str,
    preview: bool,
    tlp: str,
    valid_days: int,
    backtest: Path | None,
    output: Path | None,
    workspace: Path | None,
    config: Config,
) -> None:
    """Share a campaign of the workspace as a signed bundle file.

    CAMPAIGN is its id or the beginning of it. First --preview, which prints exactly what would leave; then
    `exchange sign-off DIGEST`; then again with -o FILE.
    """
    from stillwatch.service import sharing
    from stillwatch.storage.workspace import Workspace

    folder = options.member_folder(config, workspace)
    kept = Workspace(options.overridden(config, workspace=workspace).workspace)
    if preview:
        from stillwatch.service import previewing
        from stillwatch.telemetry import progress_bar

        with progress_bar() as progress:
            shown = previewing.preview(
                kept,
                folder,
                campaign,
                tlp=tlp,
                valid_days=valid_days,
                backtest=backtest,
                progress=progress,
            )
        emit(as_json(shown.object))
        note(f"draft {shown.digest}\nnext: stillwatch exchange sign-off {shown.digest[:12]} --by NAME")
        return
    if output is None:
        raise UsageError("needs --preview, or a file to write", hint="give --preview first, then -o FILE")
    done = sharing.publish(kept, folder, campaign, output)
    note(f"wrote {output} and {sharing.beside(output)}: draft {done.digest[:12]}, as signed off")


@exchange.command("sign-off")
@click.argument("digest")
@click.option("--by", required=True, metavar="NAME", help="Who agrees. Stays in the workspace.")
@click.option(
    "--legal-basis",
    type=click.Choice(BASES),
    default="legitimate-interest",
    show_default=True,
    help="On what basis it may leave. Stays in the workspace.",
)
@options.workspace
@options.configured
def sign_off(digest: str, by: str, legal_basis: str, workspace: Path | None, config: Config) -> None:
    """Record that a person agrees to a previewed draft leaving.

    DIGEST, as `publish --preview` gave it, stands for the exact bytes: a draft that changes needs a new sign-off.
    """
    from stillwatch.service import sharing
    from stillwatch.storage.member import LegalBasis

    assert set(BASES) == set(get_args(LegalBasis))
    signed = sharing.sign_off(
        options.member_folder(config, workspace),
        digest,
        by=by,
        legal_basis=cast("LegalBasis", legal_basis),
    )
    note(f"signed off: {signed.digest[:12]} of {signed.campaign}; next: stillwatch exchange publish -o FILE")


@exchange.command("misp")
@click.argument("bundle", type=options.PATH)
@click.option("--out", type=options.PATH, required=True, metavar="DIR", help="Folder of the feed.")
@options.workspace
@options.configured
def misp(bundle: Path, out: Path, workspace: Path | None, config: Config) -> None:
    """Write the signatures of a BUNDLE file as a MISP feed.

    Only objects that `match` would use are written. The rule is never marked for detection systems (`to_ids`).
    """
    from stillwatch.service import sharing

    count, refused = sharing.misp(options.member_folder(config, workspace), bundle, out)
    for place, reason in refused:
        note(f"refused: {place}: {reason}")
    note(f"wrote {count} events to {out}")


@exchange.command("schema")
def schema() -> None:
    """Print the JSON schema of the distillation signature."""
    from stillwatch.signatures.signature import json_schema

    emit(as_json(json_schema()))


for command in (*WITH_THE_HUB, match, *THAT_SAY, export, status, hub, overlap):
    exchange.add_command(command)
