"""`stillwatch exchange connect | push | pull | witness`: this workspace and its hub."""

from __future__ import annotations

from pathlib import Path

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, emit, note
from stillwatch.config import Config
from stillwatch.errors import UsageError

REFUSED_SHOWN = 20


@click.command("connect")
@click.argument("url")
@click.option("--id", "id_", required=True, metavar="ID", help="Our id at the hub.")
@click.option(
    "--log-key",
    required=True,
    metavar="KEY",
    help="Public key of the hub's log, NAME+HASH+KEY, or a file with it. Get it over another way than the hub.",
)
@click.option("--collection", default="signatures", show_default=True, help="Where to read and post.")
@click.option(
    "--ca", type=options.PATH, metavar="FILE", help="PEM of the authority that signed the hub's certificate."
)
@click.option("--certificate", type=options.PATH, metavar="FILE", help="PEM of our TLS client certificate.")
@click.option("--key", type=options.PATH, metavar="FILE", help="PEM of its key.")
@options.workspace
@options.configured
def connect(
    url: str,
    id_: str,
    log_key: str,
    collection: str,
    ca: Path | None,
    certificate: Path | None,
    key: Path | None,
    workspace: Path | None,
    config: Config,
) -> None:
    """Say where the forum's hub is, and ask it once.

    We show who we are with our signing key (private_key_jwt); the operator added it with our member.json.
    """
    from stillwatch.service import hub_session
    from stillwatch.storage.member import HubAddress

    hub = HubAddress(
        url=url,
        member=id_,
        log_key=_key_text(log_key),
        collection=collection,
        authorities=str(ca.resolve()) if ca else "",
        certificate=str(certificate.resolve()) if certificate else "",
        key=str(key.resolve()) if key else "",
    )
    hub_session.connect(options.member_folder(config, workspace), hub)
    note(f"connected to {url} as {id_}; next: stillwatch exchange pull")


@click.command("push")
@options.workspace
@options.configured
@click.pass_context
def push(ctx: click.Context, workspace: Path | None, config: Config) -> None:
    """Send the hub what was signed off, and receipts of withdrawals. The same twice changes nothing.

    Exit code 4 when the hub refused something.
    """
    from stillwatch.service import pushing
    from stillwatch.telemetry import progress_bar

    with progress_bar() as progress:
        done = pushing.push(options.member_folder(config, workspace), progress=progress)
    emit(as_json(done))
    note(f"sent {len(done.sent)} objects, of which {done.receipts} receipts; refused {len(done.refused)}")
    _told(done.refused)
    if done.refused:
        ctx.exit(4)


@click.command("pull")
@click.argument("bundles", nargs=-1, type=options.PATH)
@click.option("--again", is_flag=True, help="Walk from the beginning: what we would judge otherwise by now.")
@options.workspace
@options.configured
def pull(bundles: tuple[Path, ...], again: bool, workspace: Path | None, config: Config) -> None:
    """Receive what the hub has added since the last pull, or what BUNDLE files hold.

    Each object must be proved to stand in the hub's log, be within our clearance, pass the gate and be signed by a
    member that we trust. A pull that was interrupted goes on where it was.
    """
    from stillwatch.service import pulling
    from stillwatch.telemetry import progress_bar

    folder = options.member_folder(config, workspace)
    with progress_bar() as progress:
        got = (
            pulling.take_files(folder, bundles, progress=progress)
            if bundles
            else pulling.pull(folder, again=again, progress=progress)
        )
    emit(as_json(got))
    note(
        f"received: {got.new} new, {got.updated} updated, {got.withdrawn} withdrawn, {got.unchanged} unchanged,"
        f" {got.held} held aside, {len(got.refused)} refused"
    )
    _told(got.refused)
    for warning in got.warnings:
        note(f"warning: {warning}")
    if got.withdrawn:
        note(
            "withdrawn signatures are used no more; next: stillwatch exchange push, which sends the receipts"
        )


@click.command("witness")
@options.workspace
@options.configured
def witness(workspace: Path | None, config: Config) -> None:
    """Sign the checkpoint of the hub's log, after checking that it extends the one we saw last.

    Prints its size and root, and which members have signed the same one. Run it after each pull: a hub that
    shows members different histories cannot gather their lines under one checkpoint.
    """
    from stillwatch.service import witnessing

    done = witnessing.witness(options.member_folder(config, workspace))
    emit(as_json(done))
    note(f"signed the log of {done.size} entries, with {len(done.witnesses)} witnesses so far")


def _key_text(given: str) -> str:
    """The key itself, or what a file holds."""
    if "+" in given:
        return given.strip()
    try:
        return Path(given).read_text("utf-8", "replace").strip()
    except OSError as error:
        raise UsageError(
            "is no key of a log, and no file with one",
            where=given,
            hint="give NAME+HASH+KEY, as `hub init` printed it",
        ) from error


def _told(refused: list[tuple[str, str]]) -> None:
    for place, reason in refused[:REFUSED_SHOWN]:
        note(f"refused: {place}: {reason}")
    if len(refused) > REFUSED_SHOWN:
        note(f"refused: and {len(refused) - REFUSED_SHOWN} more")


COMMANDS: tuple[click.Command, ...] = (connect, push, pull, witness)
