"""`stillwatch exchange`: signatures of campaigns, shared with rivals and looked for in one's own logs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click

from stillwatch.cli import options
from stillwatch.cli.hub import hub
from stillwatch.cli.output import as_json, coloured, emit, note, width
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


def _folder(config: Config, workspace: Path | None) -> Any:
    from stillwatch.storage.member import MemberFolder

    return MemberFolder(options.overridden(config, workspace=workspace).workspace)


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

    folder = _folder(config, workspace)
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

    note(f"trusted: {sharing.trust(_folder(config, workspace), card).id}")


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
    from stillwatch.telemetry import progress_bar

    folder = _folder(config, workspace)
    kept = Workspace(options.overridden(config, workspace=workspace).workspace)
    if preview:
        with progress_bar() as progress:
            shown = sharing.preview(
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
        _folder(config, workspace),
        digest,
        by=by,
        legal_basis=legal_basis,  # type: ignore[arg-type]
    )
    note(f"signed off: {signed.digest[:12]} of {signed.campaign}; next: stillwatch exchange publish -o FILE")


@exchange.command("match")
@click.argument("bundle", type=options.PATH)
@click.argument("target", type=options.PATH)
@options.workspace
@options.configured
@options.output("table", "json")
def match(
    bundle: Path,
    target: Path,
    workspace: Path | None,
    config: Config,
    format_: str,
    output: Path | None,
    no_colour: bool,
) -> None:
    """Look for the signatures of a BUNDLE file in our own logs or kept findings.

    TARGET is what `scan` reads, or a workspace. Refused objects are listed with their reason. Exit code 0 whatever
    is seen: a received signature informs and never acts.
    """
    from stillwatch.service import retrohunt
    from stillwatch.telemetry import progress_bar

    with progress_bar() as progress:
        found = retrohunt.hunt(_folder(config, workspace), bundle, target, progress=progress)
    if format_ == "json":
        emit(as_json(found), output)
        return
    emit(_told(found, coloured(no_colour, output)), output)


def _told(found: Any, colour: bool) -> str:
    from rich.text import Text

    from stillwatch.findings.reports.table import console, line, text_of

    out = console(width(), colour=colour)
    for m in found.matches:
        out.print(Text(m.signature, style="bold").append(f"  {m.verdict}", style="not bold"))
        line(out, m.evidence.observed[0])
        if m.verdict == "seen":
            line(out, f"check first: {', '.join(m.local_checks)}")
            line(out, m.evidence.counter[0])
    for a in found.alike:
        line(out, f"{a.signature}: {a.finding} ({a.explanation}) agrees in {a.bands} of 32 bands")
    for place, reason in found.refused:
        line(out, f"refused: {place}: {reason}")
    for id_ in found.not_valid:
        line(out, f"not valid now: {id_}")
    if not (found.matches or found.alike or found.refused or found.not_valid):
        line(out, "nothing to say")
    return text_of(out)


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

    count, refused = sharing.misp(_folder(config, workspace), bundle, out)
    for place, reason in refused:
        note(f"refused: {place}: {reason}")
    note(f"wrote {count} events to {out}")


@exchange.command("schema")
def schema() -> None:
    """Print the JSON schema of the distillation signature."""
    from stillwatch.signatures.signature import json_schema

    emit(as_json(json_schema()))


exchange.add_command(hub)
exchange.add_command(overlap)
