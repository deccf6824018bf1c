"""`stillwatch exchange hub overlap`: keys of private overlap, dealt, installed and destroyed; who may ask how much."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, emit, note
from stillwatch.errors import InputError, UsageError, storage_error

if TYPE_CHECKING:
    from stillwatch.service.hub_overlap import HubOverlap

PURPOSES = ("identifiers", "networks", "templates")
data = click.option(
    "--data",
    type=options.PATH,
    default=Path("hub"),
    show_default=True,
    metavar="DIR",
    help="The hub's folder.",
)


@click.group("overlap")
def overlap() -> None:
    """Private overlap: this hub's share of each epoch's key, and what members may ask."""


@overlap.command("deal")
@click.option(
    "--purpose", type=click.Choice(PURPOSES), default="identifiers", show_default=True, help="For what."
)
@click.option(
    "--threshold", type=int, default=2, show_default=True, help="Holders that must answer together."
)
@click.option(
    "--holder",
    "holders",
    multiple=True,
    required=True,
    metavar="ORIGIN=URL",
    help="Name of a holder's log and its address; repeatable, the first keeps the token sets.",
)
@click.option("--days", type=click.IntRange(1, 120), default=90, show_default=True, help="How long it lasts.")
@click.option("--out", type=options.PATH, required=True, metavar="DIR", help="New folder for the files.")
def deal(purpose: str, threshold: int, holders: tuple[str, ...], days: int, out: Path) -> None:
    """Make an epoch's key and split it: one public document, one secret share for each holder.

    Run it on a machine that is not connected, hand share-N.json to holder N, then destroy them here: whoever runs this
    has seen the whole key.
    """
    import time

    from stillwatch.exchange.overlap import epoch
    from stillwatch.signatures.buckets import at_hour

    assert set(PURPOSES) == set(get_args(epoch.Purpose))
    first = int(time.time() // 3600)
    try:
        named = tuple(epoch.Holder(origin=o, url=u) for o, _, u in (h.partition("=") for h in holders))
        if not all(h.origin and h.url for h in named):
            raise ValueError("a holder is ORIGIN=URL")
        kind = cast("epoch.Purpose", purpose)
        made = epoch.dealt(kind, at_hour(first), at_hour(first + 24 * days), threshold, named)
    except ValueError as error:
        raise UsageError(str(error), hint="see `stillwatch exchange hub overlap deal --help`") from None
    try:
        out.mkdir(parents=True, mode=0o700)
        for share in made.shares:
            handle = os.open(out / f"share-{share.holder}.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(epoch.written(share) + b"\n")
        (out / "epoch.json").write_bytes(epoch.written(made.epoch) + b"\n")
    except FileExistsError:
        raise UsageError("there is such a folder", where=str(out), hint="give a new one with --out") from None
    except OSError as error:
        raise storage_error(error, str(out)) from error
    emit(made.epoch.id + "\n")
    note(
        f"give {out / 'epoch.json'} to everybody, each share-N.json to its holder alone; then destroy the shares"
    )


@overlap.command("install")
@click.argument("share", type=options.PATH)
@data
def install(share: Path, data: Path) -> None:
    """Take this hub's SHARE of an epoch's key into use, after checking it against the public commitments."""
    try:
        body = share.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", where=str(share), hint="check the path"
        ) from error
    with _opened(data) as held:
        epoch = held.install(body)
    note(f"epoch {epoch.id} for {epoch.purpose}, until {epoch.ends}; now destroy {share}")


@overlap.command("retire")
@click.argument("epoch")
@data
def retire(epoch: str, data: Path) -> None:
    """Destroy this hub's share of an EPOCH's key and delete the sets published in it.

    Once fewer holders than the threshold have their share, nobody can make or test a token of that epoch again.
    Backups of the hub's folder still hold the share: destroy them too.
    """
    with _opened(data) as held:
        held.retire(epoch)
    note(f"retired: {epoch}")


@overlap.command("allow")
@click.argument("member")
@click.option(
    "--per-day",
    type=click.IntRange(0, 10_000_000),
    default=20_000,
    show_default=True,
    help="Evaluations a day in each epoch; 0 ends its part.",
)
@data
def allow(member: str, per_day: int, data: Path) -> None:
    """Let a MEMBER take part, with so many evaluations a day: each is one guess that it may make."""
    with _opened(data) as held:
        held.allow(member, per_day)
    note(f"{member}: {per_day:,} evaluations a day")


@overlap.command("list")
@data
def list_(data: Path) -> None:
    """The epochs in use at this hub, as JSON."""
    with _opened(data) as held:
        emit(as_json({"epochs": held.epochs()}))


@contextmanager
def _opened(folder: Path) -> Iterator[HubOverlap]:
    from stillwatch.cli.hub_folder import opened
    from stillwatch.service.hub_overlap import HubOverlap

    with opened(folder) as hub:
        yield HubOverlap(hub)
