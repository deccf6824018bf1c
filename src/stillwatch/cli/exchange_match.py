"""`stillwatch exchange match`: received signatures looked for in our own logs or kept findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, coloured, emit, width
from stillwatch.config import Config
from stillwatch.errors import UsageError


@click.command("match")
@click.argument("paths", nargs=-1, required=True, type=options.PATH, metavar="[BUNDLE] TARGET")
@click.option("--authorisations", type=options.PATH, metavar="FILE", help="What customers declared.")
@options.workspace
@options.configured
@options.output("table", "json", "ocsf")
def match(
    paths: tuple[Path, ...],
    authorisations: Path | None,
    workspace: Path | None,
    config: Config,
    format_: str,
    output: Path | None,
    no_colour: bool,
) -> None:
    """Look for received signatures in our own logs or kept findings.

    TARGET is what `scan` reads, or a workspace. With a BUNDLE file its signatures are looked for, else those that were
    pulled; what counts most comes first. Accounts that customers declared are told apart. Refused objects are listed
    with their reason. Exit code 0 whatever is seen: a received signature informs and never acts.
    """
    from stillwatch.service import retrohunt
    from stillwatch.telemetry import progress_bar

    if len(paths) > 2:
        raise UsageError(
            "takes a target, or a bundle and a target", where=str(paths[2]), hint="give one or two paths"
        )
    bundle = paths[0] if len(paths) == 2 else None
    settled = options.overridden(config, authorisations=authorisations)
    with progress_bar() as progress:
        found = retrohunt.hunt(
            options.member_folder(config, workspace),
            bundle,
            paths[-1],
            authorisations=settled.authorisations,
            progress=progress,
        )
    if format_ == "json":
        emit(as_json(found), output)
        return
    if format_ == "ocsf":
        from stillwatch.signatures import ocsf

        emit(ocsf.render(found.matches, {s.signature: s.weight for s in found.standings}), output)
        return
    emit(_told(found, coloured(no_colour, output)), output)


def _told(found: Any, colour: bool) -> str:
    from rich.text import Text

    from stillwatch.findings.reports.table import console, line, text_of

    out = console(width(), colour=colour)
    standing = {s.signature: s for s in found.standings}
    for m in found.matches:
        held = standing[m.signature]
        told = f"  {m.verdict}, {held.state}, weight {held.weight:.0f} of 100"
        out.print(Text(m.signature, style="bold").append(told, style="not bold"))
        for said in m.evidence.observed:
            line(out, said)
        if held.state == "suspended":
            line(
                out,
                f"disputed by {held.disputing + (held.own is False)} independent of its author: do not rely on it",
            )
        if m.verdict in ("seen", "declared"):
            line(out, f"check first: {', '.join(m.local_checks)}")
            for said in m.evidence.counter:
                line(out, said)
    for a in found.alike:
        declared = f"; {a.declared:.0%} of its accounts are declared" if a.declared else ""
        line(out, f"{a.signature}: {a.finding} ({a.explanation}) agrees in {a.bands} of 32 bands{declared}")
    for place, reason in found.refused:
        line(out, f"refused: {place}: {reason}")
    for id_ in found.not_valid:
        line(out, f"not valid now: {id_}")
    if not (found.matches or found.alike or found.refused or found.not_valid):
        line(out, "nothing to say")
    return text_of(out)
