"""`stillwatch exchange hub`: the forum's server, its members and what it holds."""

from __future__ import annotations

import gc
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stillwatch.cli import options
from stillwatch.cli.hub_folder import needs_extra, opened
from stillwatch.cli.hub_overlap import overlap
from stillwatch.cli.output import as_json, emit, note
from stillwatch.errors import UsageError

if TYPE_CHECKING:
    from stillwatch.exchange.markings import Level

TLPS = ("clear", "green", "amber", "amber+strict", "red")
PAPS = ("clear", "green", "amber", "red")

data = click.option(
    "--data",
    type=options.PATH,
    default=Path("hub"),
    show_default=True,
    metavar="DIR",
    help="The hub's folder.",
)
tlp = click.option(
    "--tlp",
    type=click.Choice(TLPS),
    default="amber",
    show_default=True,
    help="Strictest TLP 2.0 level allowed.",
)
pap = click.option(
    "--pap", type=click.Choice(PAPS), default="amber", show_default=True, help="Strictest PAP level allowed."
)


@click.group("hub", invoke_without_command=True)
@data
@click.option(
    "--listen", default="127.0.0.1:6443", show_default=True, metavar="HOST:PORT", help="Where to serve."
)
@click.option("--tls-certificate", type=options.PATH, metavar="FILE", help="PEM certificate chain.")
@click.option("--tls-key", type=options.PATH, metavar="FILE", help="PEM key of the certificate.")
@click.option(
    "--client-authorities",
    type=options.PATH,
    metavar="FILE",
    help="PEM of the authorities whose client certificates members may show (mutual TLS).",
)
@click.option("--behind-proxy", is_flag=True, help="A proxy on the same trusted network ends TLS.")
@click.option(
    "--certificate-header",
    default="",
    metavar="NAME",
    help="Header in which the proxy writes the SHA-256 of a client's certificate, and which it never passes on.",
)
@click.option(
    "--gate",
    type=click.Choice(("signature", "stix")),
    default="signature",
    show_default=True,
    help="What may be published: the distillation signature's closed schema, or any STIX object.",
)
@click.option("--metrics", metavar="HOST:PORT", help="Figures for Prometheus, without authentication.")
@click.pass_context
def hub(
    ctx: click.Context,
    data: Path,
    listen: str,
    tls_certificate: Path | None,
    tls_key: Path | None,
    client_authorities: Path | None,
    behind_proxy: bool,
    certificate_header: str,
    gate: str,
    metrics: str | None,
) -> None:
    """Serve the forum over TAXII 2.1, or (with a command) look after it.

    Changes by the commands are seen by a running hub at once. SIGTERM ends it cleanly; after a kill nothing that was
    acknowledged is missing.
    """
    if ctx.invoked_subcommand is not None:
        return
    with opened(data) as held:
        from stillwatch.service.hub import signatures_only

        held.gates = [signatures_only] if gate == "signature" else []
        from stillwatch.api.hub_metrics import Metrics
        from stillwatch.api.hub_server import Door, HubServer

        door = Door(
            listen,
            tls_certificate,
            tls_key,
            behind_proxy,
            certificate_header,
            client_authorities=client_authorities,
        )
        figures = Metrics(held) if metrics else None
        stop = threading.Event()
        previous = signal.signal(signal.SIGTERM, lambda *_: stop.set())
        try:
            with HubServer(held, door, figures) as server:
                gc.freeze()  # what is loaded stays: a full collection would walk it in the middle of an answer
                if figures is not None and metrics:
                    note(f"figures on port {figures.listen(metrics)} (/metrics)")
                note(f"serving TAXII 2.1 on port {server.port} (/taxii2/); log {held.verifier()}")
                while not stop.wait(0.2):
                    pass
        finally:
            signal.signal(signal.SIGTERM, previous)


@hub.command("init")
@data
@click.option("--title", default="Stillwatch forum", show_default=True, help="What members see as its name.")
@click.option("--origin", required=True, metavar="NAME", help="Name of the log, such as forum.example/log.")
@click.option(
    "--database",
    default="",
    metavar="URL",
    help="Keep everything in PostgreSQL (15 or newer), postgresql://USER@HOST/NAME; otherwise in a file of the folder.",
)
def init(data: Path, title: str, origin: str, database: str) -> None:
    """Make a hub with one collection, `signatures`, and print the log's public key."""
    needs_extra()
    from stillwatch.service import hub_members

    emit(hub_members.init(data, title, origin, database) + "\n")
    note(
        f"keep {data / 'log.key'} secret and backed up; next: stillwatch exchange hub member add ID --data {data}"
    )


@hub.command("collection")
@click.argument("name")
@data
@tlp
@pap
@click.option("--title", default="", help="What members see (default: the name).")
@click.option("--description", default="", help="What it is for.")
def collection(name: str, data: Path, tlp: str, pap: str, title: str, description: str) -> None:
    """Add a collection; nothing above its levels is taken in. Prints its id."""
    with opened(data) as held:
        from stillwatch.service import hub_members

        emit(hub_members.add_collection(held, name, title or name, description, _level(tlp, pap)) + "\n")


@hub.group("member")
def member() -> None:
    """Members: clearance, rights, keys. Each change is an entry of the log."""


@member.command("add")
@click.argument("id")
@data
@tlp
@pap
@click.option("--name", default="", help="What other members see (default: the id).")
@click.option(
    "--card", type=options.PATH, metavar="FILE", help="The member's card: its pseudonym and public key."
)
@click.option("--unsigned", is_flag=True, help="It may post without signatures (plain TAXII tools).")
@click.option("--read", multiple=True, metavar="COLLECTION", help="It may read here; repeatable.")
@click.option("--write", multiple=True, metavar="COLLECTION", help="It may post here; repeatable.")
@click.option("--certificate", default="", metavar="SHA256", help="Of its TLS client certificate.")
def add(
    id: str,
    data: Path,
    tlp: str,
    pap: str,
    name: str,
    card: Path | None,
    unsigned: bool,
    read: tuple[str, ...],
    write: tuple[str, ...],
    certificate: str,
) -> None:
    """Take in a member and print its client secret, which is shown only now."""
    if (card is None) != unsigned:
        raise UsageError("say how it signs", where=id, hint="give --card FILE, or --unsigned")
    identity, key = _card(card) if card else ("", None)
    with opened(data) as held:
        from stillwatch.service import hub_members

        rights = {c: (c in read, c in write) for c in dict.fromkeys((*read, *write))}
        joined = hub_members.add(held, id, name or id, _level(tlp, pap), rights, key, certificate, identity)
    emit(as_json(joined._asdict()))


@member.command("rotate")
@click.argument("id")
@data
@click.option("--card", type=options.PATH, metavar="FILE", help="Its new key; older ones sign nothing more.")
@click.option("--revoke", multiple=True, metavar="KEY", help="A key that fell into other hands; repeatable.")
@click.option("--secret", is_flag=True, help="A new client secret; the old one ends now.")
def rotate(id: str, data: Path, card: Path | None, revoke: tuple[str, ...], secret: bool) -> None:
    """Change a member's key or secret, or revoke keys."""
    if card is None and not revoke and not secret:
        raise UsageError("nothing to change", where=id, hint="give --card, --revoke or --secret")
    key = _card(card)[1] if card else None
    with opened(data) as held:
        from stillwatch.service import hub_members

        joined = hub_members.rotate(held, id, key, revoke, secret)
    emit(as_json({k: v for k, v in joined._asdict().items() if v}))


@member.command("suspend")
@click.argument("id")
@data
@click.option("--lift", is_flag=True, help="Let it in again.")
def suspend(id: str, data: Path, lift: bool) -> None:
    """Shut a member out at once; what it published stays."""
    with opened(data) as held:
        from stillwatch.service import hub_members

        hub_members.suspend(held, id, lift)
    note(f"{id} is {'active' if lift else 'suspended'}")


@hub.command("stats")
@data
def stats(data: Path) -> None:
    """What the hub holds, and the signed checkpoint of its log, as JSON."""
    with opened(data) as held:
        emit(as_json({**held.store.counts(), "checkpoint": held.checkpoint()}))


def _level(tlp: str, pap: str) -> Level:
    from stillwatch.exchange.markings import Level

    return Level(TLPS.index(tlp), PAPS.index(pap))


def _card(path: Path) -> tuple[str, dict[str, Any]]:
    """(identity or '', public JWK) of a card, or of a file with the JWK alone. Raises UsageError."""
    import msgspec

    try:
        held = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        held = None
    if isinstance(held, dict) and isinstance(held.get("jwk"), dict) and isinstance(held.get("id"), str):
        return held["id"], held["jwk"]
    if isinstance(held, dict) and "kty" in held:
        return "", held
    raise UsageError("is no member's card", where=str(path), hint="ask the member for its member.json")


hub.add_command(overlap)
