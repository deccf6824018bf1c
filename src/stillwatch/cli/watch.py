"""`stillwatch watch`: the scan that goes on."""

from __future__ import annotations

import contextlib
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stillwatch.cli import options
from stillwatch.cli.output import coloured, emit, note, render, width
from stillwatch.config import Config
from stillwatch.errors import UsageError

if TYPE_CHECKING:
    from stillwatch.findings.result import Scan
    from stillwatch.service.watching import Judgement, Rules, Watch
    from stillwatch.storage.inbox import Inbox

_LEVELS = ("low", "medium", "high", "critical")
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class Length(click.ParamType):
    """A length of time such as 90s, 15m, 6h or 7d, in seconds."""

    name = "length"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds, more than 0."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", value.strip())
        if not found or float(found[1]) == 0:
            self.fail(f"'{value}' is no length of time; write 90s, 15m, 6h or 7d", param, ctx)
        return float(found[1]) * _UNITS[found[2]]


@click.command()
@click.argument("paths", nargs=-1, type=options.PATH, metavar="[PATH]...")
@click.option("--once", is_flag=True, help="Take in what is there, judge it, and end.")
@click.option("--every", type=Length(), default="1h", show_default=True, help="Time between judgements.")
@click.option("--window", type=Length(), default="7d", show_default=True, help="What a judgement looks at.")
@click.option(
    "--keep", type=Length(), default="35d", show_default=True, help="How long events are kept, as reference."
)
@click.option("--otlp", metavar="HOST:PORT", help="Receive OTLP/HTTP traces here (extra: server).")
@click.option("--otlp-token", metavar="REF", help="Bearer token of the receiver: env:NAME or file:PATH.")
@click.option("--kafka", metavar="BROKERS/TOPIC", help="Read this topic (extra: kafka).")
@click.option("--reference", type=options.PATH, metavar="PATH", help="A fixed period to compare with.")
@click.option("--authorisations", type=options.PATH, metavar="FILE", help="What customers declared.")
@click.option("--harnesses", type=options.PATH, metavar="FILE", help="Known harnesses.")
@click.option("--public-text", type=options.PATH, metavar="PATH", help="Public text: benchmarks, tutorials.")
@options.fdr
@click.option("--fail-on", type=click.Choice(_LEVELS), help="With --once: exit 1 at this severity.")
@click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help="Threads (default: one per core).")
@options.workspace
@options.configured
@options.output("table", "json", "jsonl")
@click.pass_context
def watch(
    ctx: click.Context,
    paths: tuple[Path, ...],
    once: bool,
    every: float,
    window: float,
    keep: float,
    otlp: str | None,
    otlp_token: str | None,
    kafka: str | None,
    reference: Path | None,
    authorisations: Path | None,
    harnesses: Path | None,
    public_text: Path | None,
    fdr: float | None,
    fail_on: str | None,
    workers: int | None,
    workspace: Path | None,
    config: Config,
    format_: str,
    output: Path | None,
    no_colour: bool,
) -> None:
    """Follow logs as they are written and scan again and again.

    PATH is a file or folder that others write to; rotation, renaming and compression are followed. Each judgement
    says what `scan` would say of the window's events; only new and changed campaigns are printed (`--format json`:
    every judgement whole). Every event is kept once under the workspace, so a restart goes on where it stopped.
    """
    if not paths and not otlp and not kafka:
        raise UsageError("nothing to watch", hint="give a PATH, --otlp HOST:PORT or --kafka BROKERS/TOPIC")
    if keep < window:
        raise UsageError("--keep is shorter than --window", hint="keep at least the window, better four")
    if otlp_token and not otlp:
        raise UsageError("--otlp-token without --otlp", hint="give --otlp HOST:PORT too")
    config = options.overridden(
        config, fdr=fdr, workers=workers, workspace=workspace, authorisations=authorisations,
        harnesses=harnesses, public_text=public_text,
    )  # fmt: skip
    from stillwatch.service.watching import DAY_US, Rules, Watch
    from stillwatch.storage.inbox import Inbox
    from stillwatch.storage.journal import Journal
    from stillwatch.telemetry import progress_bar

    day_s = DAY_US / 1e6
    rules = Rules(
        window_days=window / day_s, keep_days=keep / day_s, every_s=every, reference=reference,
        authorisations=config.authorisations, harnesses=config.harnesses, public_text=config.public_text,
        ledger=config.ledger,
        fdr=config.fdr, workers=config.workers, secret=config.secret_bytes(),
    )  # fmt: skip
    folder = config.workspace / "watch"
    boxes = {name: Inbox(folder / name) for name, asked in (("otlp", otlp), ("kafka", kafka)) if asked}
    with contextlib.ExitStack() as stack:
        journal = stack.enter_context(Journal.opened(folder))
        progress = stack.enter_context(progress_bar())
        writer = _Writer(config, format_, output, coloured(no_colour, output), once)
        running = Watch(
            list(paths), journal, rules, writer.told, note, progress, [Inbox(p) for p in _left(folder, boxes)]
        )
        running.inboxes = [*running.inboxes, *boxes.values()]
        _open_doors(stack, boxes, otlp, otlp_token, kafka)
        if once:
            worst = [c.severity for c in running.once().scan.result.campaigns]
            if fail_on and any(_LEVELS.index(s) >= _LEVELS.index(fail_on) for s in worst):
                ctx.exit(1)
            return
        _until_stopped(running, rules)


class _Writer:
    """Keeps each judgement in the workspace and prints what it changes."""

    def __init__(self, config: Config, format_: str, output: Path | None, colour: bool, whole: bool) -> None:
        self._config, self._format, self._output, self._colour = config, format_, output, colour
        self._whole = whole

    def told(self, judgement: Judgement) -> None:
        """Keep and print one judgement. Raises StorageError."""
        import msgspec

        from stillwatch.findings.disclosure import withheld
        from stillwatch.storage.workspace import Workspace

        scan = withheld(judgement.scan, self._config.accounts_min)
        kept = Workspace(self._config.workspace)
        kept.prepare()
        name = kept.save(scan)
        note(
            f"judged {scan.result.input.events:,} events up to {scan.result.input.last}: {len(scan.result.campaigns)} campaigns, "
            f"{sum(c.kind == 'new' for c in judgement.changes)} new; kept as scan {name}"
        )
        if self._format == "json" or (self._whole and self._format == "table"):
            emit(render(scan, self._format, self._colour, self._config.workspace), self._output)
        elif self._format == "jsonl":
            lines = [
                {"change": c.kind, "before": c.before, "campaign": c.campaign} for c in judgement.changes
            ] + [{"change": "ended", "before": old, "campaign": None} for old in judgement.ended]
            emit("".join(msgspec.json.encode(x).decode() + "\n" for x in lines), self._output)
        elif judgement.changes:
            emit(self._table(judgement, scan), self._output)

    def _table(self, judgement: Judgement, scan: Scan) -> str:
        from stillwatch.findings.reports import table

        out = table.console(width(), colour=self._colour)
        details = {d.id: d for d in scan.detail.groups}
        for change in judgement.changes:
            if change.before:
                table.line(out, f"{change.before} is now {change.campaign.id}", 0)
            table.campaign(out, change.campaign, scan.result.fdr, details.get(change.campaign.id))
        return table.text_of(out)


def _left(folder: Path, boxes: dict[str, Inbox]) -> list[Path]:
    """Inboxes of an earlier run that this one does not open: what they hold is still taken in."""
    return [folder / name for name in ("otlp", "kafka") if name not in boxes and (folder / name).is_dir()]


def _open_doors(
    stack: contextlib.ExitStack,
    boxes: dict[str, Inbox],
    otlp: str | None,
    otlp_token: str | None,
    kafka: str | None,
) -> None:
    for box in boxes.values():
        stack.callback(box.close)
    if otlp:
        try:
            from stillwatch.api.otlp import Receiver
        except ImportError:
            raise UsageError(
                "receiving OTLP needs the extra 'server'", hint="pip install 'stillwatch[server]'"
            ) from None
        token = Config(secret=otlp_token).secret_bytes() if otlp_token else None
        door = stack.enter_context(Receiver(otlp, boxes["otlp"], token))
        note(f"receiving OTLP/HTTP on port {door.port} (/v1/traces)")
    if kafka:
        from stillwatch.api.kafka import Subscription, consumer

        stack.enter_context(Subscription(consumer(kafka), boxes["kafka"], note))


def _until_stopped(running: Watch, rules: Rules) -> None:
    """Run until SIGTERM (a clean end, exit 0) or SIGINT (exit 130)."""
    previous = signal.signal(signal.SIGTERM, lambda *_: running.stop.set())
    note(f"watching; judged every {rules.every_s:g} s; stop with Ctrl-C, nothing is lost")
    try:
        running.run()
    finally:
        signal.signal(signal.SIGTERM, previous)
