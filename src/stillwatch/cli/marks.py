"""`stillwatch marks`: planting keyed choices between synonyms, and finding them again."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, emit, emit_case, note
from stillwatch.config import Config, resolved
from stillwatch.errors import UnreadableInputError, UsageError, storage_error

if TYPE_CHECKING:
    from stillwatch.marks import MarkKey

KEY = click.option(
    "--key", metavar="REF", help="The mark key, env:NAME or file:PATH (default: the configured secret)."
)
TABLE = click.option(
    "--table", type=options.PATH, metavar="FILE", help="Another table of synonyms, TOML (default: the built-in one)."
)  # fmt: skip
POLICY = click.option(
    "--policy", type=options.PATH, metavar="FILE",
    help="Who may be marked (default: `marks` of the configuration; without either nothing is marked).",
)  # fmt: skip
AT = click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    metavar="DATE",
    help="Judge the policy at this moment, UTC (default: now).",
)


@click.group()
def marks() -> None:
    """Plant keyed choices between synonyms in served text, and find them again.

    Off unless a policy file that is in force says otherwise; two people approve it, and it expires.
    """


@marks.command("plant")
@click.argument("source", default="-", metavar="[FILE]")
@click.option("-o", "--output", type=options.PATH, metavar="FILE", help="Write here instead of stdout.")
@KEY
@POLICY
@TABLE
@AT
@click.option(
    "--account-field", default="account_id", show_default=True, help="Field with the account to mark for."
)
@click.option(
    "--text-field", default="output_text", show_default=True, help="Field with the text that is served."
)
@click.option(
    "--prompt-field", default="prompt", show_default=True,
    help="Field with the prompt or messages; what stands there is not changed.",
)  # fmt: skip
@click.option("--record", type=options.PATH, metavar="FILE", help="Write every substitution here, JSONL.")
@options.configured
def plant_(
    source: str, output: Path | None, key: str | None, policy: Path | None, table: Path | None, at: datetime | None,
    account_field: str, text_field: str, prompt_field: str, record: Path | None, config: Config,
) -> None:  # fmt: skip
    """Mark served text: JSON lines from FILE or stdin to stdout, each for its account, where the policy allows it.

    A line that is not marked is passed on byte for byte.
    """
    from stillwatch.service import marking

    names = marking.Fields(account_field, text_field, prompt_field)
    rules = marking.policy_of(policy or config.marks, config.authorisations)
    chosen = _key(key, config) if rules.rules else None
    with ExitStack() as stack:
        lines: BinaryIO = sys.stdin.buffer if source == "-" else stack.enter_context(_opened(Path(source)))
        out: BinaryIO = sys.stdout.buffer if output is None else stack.enter_context(_writing(output))
        told = None if record is None else stack.enter_context(_writing(record)).write
        done = marking.plant_lines(
            lines, out.write, rules, chosen, marking.table_of(table), _moment(at), names, told
        )
        out.flush()
    rate = 100 * done.substitutions / done.words if done.words else 0.0
    note(f"{done.marked:,} of {done.lines:,} lines marked, {rate:.2f} substitutions per 100 words read")
    for reason, n in sorted(done.left.items()):
        note(f"  {n:,} as they were: {reason}")
    if not rules.rules:
        note("marks are off: no policy is configured")


@marks.command("detect")
@click.argument("suspect", type=options.PATH, metavar="SUSPECT")
@KEY
@click.option(
    "--accounts", "accounts_file", type=options.PATH, metavar="FILE", help="Accounts to test, one id a line."
)
@click.option(
    "--ledger", type=options.PATH, metavar="DIR", help="Test every account of this ledger (needs its secret)."
)
@TABLE
@options.configured
@options.output("table", "json", "html")
def detect_(
    suspect: Path, key: str | None, accounts_file: Path | None, ledger: Path | None, table: Path | None, config: Config,
    format_: str, output: Path | None, no_colour: bool,
) -> None:  # fmt: skip
    """Test a dataset for marks: of the house, and of every account given.

    SUSPECT is JSONL, JSON, Parquet or CSV: Alpaca, ShareGPT, chat messages, or a column of answers.
    """
    if accounts_file is not None and ledger is not None:
        raise UsageError("--accounts and --ledger exclude each other", hint="give one list of accounts")
    held = (ledger, options.required_secret(config)) if ledger else None
    from stillwatch.service import marking

    found = marking.detect(
        suspect, _key(key, config), accounts_file=accounts_file, ledger=held, table_file=table
    )
    emit_case("mark", found, format_, output, no_colour)


@marks.group("policy")
def policy_() -> None:
    """Who may be marked, and until when."""


@policy_.command("check")
@click.argument("file", type=options.PATH, required=False, metavar="[FILE]")
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="ID",
    help="Say what it means for this account; repeat it.",
)
@AT
@options.configured
@click.option("--format", "format_", type=click.Choice(("table", "json")), default="table", show_default=True)
def check(
    file: Path | None, accounts: tuple[str, ...], at: datetime | None, config: Config, format_: str
) -> None:
    """Check a policy file (default: `marks` of the configuration) and say what it allows."""
    from stillwatch.service import marking

    path, moment = file or config.marks, _moment(at)
    policy = marking.policy_of(path, config.authorisations)
    ruled = marking.rulings(policy, accounts, moment)
    if format_ == "json":
        emit(as_json({"at": moment, "rules": policy.rules, "accounts": dict(ruled)}))
        return
    if not policy.rules:
        emit("marks are off: no rule\n" if path else "marks are off: no policy is configured\n")
    for number, rule in enumerate(policy.rules, 1):
        state = "in force" if rule.starts <= moment <= rule.expires else "not in force"
        emit(
            f"rule {number}: {state}, {rule.starts:%Y-%m-%d} to {rule.expires:%Y-%m-%d}, at most {rule.bound:g} "
            f"substitutions per 100 words\n  purpose: {rule.purpose}\n  approved by: {', '.join(rule.approvers)}\n"
            f"  told in: {rule.told}\n"
        )
    for name, ruling in ruled:
        emit(f"{name}: {ruling.reason}\n")


def _key(reference: str | None, config: Config) -> MarkKey:
    from stillwatch.service.marking import mark_key

    return mark_key(resolved(reference, "--key") if reference else config.secret_bytes())


def _moment(at: datetime | None) -> datetime:
    return datetime.now(UTC) if at is None else at.replace(tzinfo=UTC)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UnreadableInputError(
            f"cannot read ({error.strerror})", where=str(path), hint="check the path"
        ) from error


def _writing(path: Path) -> BinaryIO:
    try:
        return path.open("wb")
    except OSError as error:
        raise storage_error(error, str(path)) from error
