"""`stillwatch exchange overlap`: which confirmed-abuse identifiers do other labs have too, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, emit, note
from stillwatch.config import Config
from stillwatch.errors import UsageError

if TYPE_CHECKING:
    from stillwatch.exchange.overlap.holders import Reach

BASES = ("legitimate-interest", "legal-obligation", "contract", "consent", "public-interest")
epoch = click.option("--epoch", default="", metavar="ID", help="Which epoch, when several are kept.")
member = click.option("--id", "member", required=True, metavar="ID", help="Our id at the hubs.")
authorities = click.option(
    "--ca", "authorities", type=options.PATH, metavar="FILE", help="PEM of the forum's own authority."
)


@click.group("overlap")
def overlap() -> None:
    """Which confirmed-abuse identifiers do other labs have too?

    Identifiers are blinded before they leave; a threshold of key holders answers without seeing them; token sets are
    compared here, so that nobody else learns what was looked for or found. docs/explanation/private-overlap.md says
    what each party learns all the same.
    """


@overlap.command("prepare")
@click.argument("document", type=options.PATH, metavar="EPOCH")
@click.argument("listed", type=options.PATH, metavar="LIST")
@options.workspace
@options.configured
def prepare(document: Path, listed: Path, workspace: Path | None, config: Config) -> None:
    """Read a LIST and blind what is new in it, for the EPOCH whose document the forum gave.

    LIST has one TYPE:VALUE a line (email, phone, pay, dev, org-domain; or net, asn for an epoch of networks); for an
    epoch of templates it is what `exchange publish` wrote. The identifiers themselves are not kept.
    """
    from stillwatch.service import overlapping

    with _opened(config, workspace) as (folder, store):
        held = overlapping.prepare(folder, store, document, listed)
    emit(as_json(held))
    _tell(listed, held.refused)
    note(f"next: stillwatch exchange overlap evaluate {listed} --id ID ({held.new:,} evaluations)")


@overlap.command("evaluate")
@click.argument("listed", type=options.PATH, metavar="LIST")
@member
@epoch
@authorities
@options.workspace
@options.configured
def evaluate(
    listed: Path, member: str, epoch: str, authorities: Path | None, workspace: Path | None, config: Config
) -> None:
    """Have the prepared entries of LIST evaluated by the key holders.

    Every answer's proof is checked. Counts against this member's allowance at each holder that answers; interrupted, the
    same command goes on, and what was answered is not charged again.
    """
    from stillwatch.service import overlapping

    with _opened(config, workspace) as (folder, store):
        held = overlapping.evaluate(folder, store, epoch, listed, member, _reach(authorities), said=note)
    emit(as_json(held))


@overlap.command("publish")
@click.argument("listed", type=options.PATH, metavar="LIST")
@member
@epoch
@click.option("--by", required=True, metavar="NAME", help="Who agrees. Stays in the workspace.")
@click.option(
    "--legal-basis",
    type=click.Choice(BASES),
    default="legitimate-interest",
    show_default=True,
    help="On what basis it may leave. Stays in the workspace.",
)
@authorities
@options.workspace
@options.configured
def publish(
    listed: Path,
    member: str,
    epoch: str,
    by: str,
    legal_basis: str,
    authorities: Path | None,
    workspace: Path | None,
    config: Config,
) -> None:
    """Publish the tokens of LIST, which holds only what is confirmed, in place of our last set of this epoch.

    The set is filled up to a power of two. What it says of us: docs/explanation/private-overlap.md.
    """
    from stillwatch.service import overlapping

    with _opened(config, workspace) as (folder, store):
        count = overlapping.publish(
            folder, store, epoch, listed, member, by=by, legal_basis=legal_basis, reach=_reach(authorities)
        )
    note(f"published: a set of {count:,} records, fillings included")


@overlap.command("compare")
@click.argument("listed", type=options.PATH, metavar="LIST")
@member
@epoch
@authorities
@options.workspace
@options.configured
@click.option("-o", "--output", type=options.PATH, metavar="FILE", help="Write here instead of stdout.")
def compare(
    listed: Path,
    member: str,
    epoch: str,
    authorities: Path | None,
    workspace: Path | None,
    config: Config,
    output: Path | None,
) -> None:
    """Say which entries of LIST other labs have published, as lines of LIST.

    Exit code 0 whatever is found: an overlap informs and never acts. Nobody learns what was looked for.
    """
    from stillwatch.service import overlapping

    with _opened(config, workspace) as (folder, store):
        held = overlapping.compare(folder, store, epoch, listed, member, _reach(authorities))
    emit(as_json(held), output)
    _tell(listed, held.refused)
    if held.missing:
        note(f"{held.missing:,} entries have no token yet: prepare and evaluate this list")


@overlap.command("forget")
@click.argument("id")
@options.workspace
@options.configured
def forget(id: str, workspace: Path | None, config: Config) -> None:
    """Remove what is kept of the epoch with this ID, tokens included."""
    from stillwatch.service.overlapping import kept_epoch

    with _opened(config, workspace) as (_, store):
        if not id:
            raise UsageError("needs the id of an epoch", hint="`overlap prepare` prints it")
        note(f"removed {store.forget(kept_epoch(store, id).id):,} entries")


@contextmanager
def _opened(config: Config, workspace: Path | None) -> Iterator[tuple[Any, Any]]:
    from stillwatch.storage.member import MemberFolder
    from stillwatch.storage.overlap import OverlapStore

    folder = MemberFolder(options.overridden(config, workspace=workspace).workspace)
    folder.card()
    store = OverlapStore(folder.folder)
    try:
        yield folder, store
    finally:
        store.close()


def _reach(authorities: Path | None) -> Reach:
    from stillwatch.exchange.overlap.holders import over_tls

    return over_tls(authorities)


def _tell(listed: Path, refused: list[tuple[int, str]]) -> None:
    for number, why in refused:
        note(f"refused: {listed}:{number}: {why}")
