"""`stillwatch`: the root command, its lazily imported sub-commands, and what every error becomes."""

from __future__ import annotations

import importlib
import os
import sys

import click

from stillwatch import __version__
from stillwatch.errors import StillwatchError

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": (
        "stillwatch.cli.demo",
        "Build a small world with one campaign, scan it and explain what was found.",
    ),
    "init": ("stillwatch.cli.setup", "Write a commented stillwatch.toml here."),
    "doctor": ("stillwatch.cli.setup", "Say whether this installation can do its work."),
    "config": ("stillwatch.cli.setup", "Show the configuration in force."),
    "check": ("stillwatch.cli.check", "Say what a log holds and which detectors can run on it."),
    "scan": ("stillwatch.cli.scan", "Find extraction campaigns in API usage logs."),
    "list": ("stillwatch.cli.findings", "List the scans and findings of the workspace."),
    "show": ("stillwatch.cli.findings", "Print a kept scan again, in any format."),
    "explain": ("stillwatch.cli.findings", "Explain one finding: for, against, and what would change it."),
    "range": ("stillwatch.cli.worlds", "Build worlds with known truth, and score findings against it."),
}


class Lazy(click.Group):
    """Imports a command's module when the command runs, so that --help stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        name = "range_" if cmd_name == "range" else "list_" if cmd_name == "list" else cmd_name
        return getattr(importlib.import_module(COMMANDS[cmd_name][0]), name)  # type: ignore[no-any-return]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="stillwatch")
def root() -> None:
    """Find, explain and document adversarial distillation campaigns in model API usage logs.

    Exit codes: 0 done; 1 findings at or above --fail-on; 2 usage or configuration; 3 input unreadable or
    coverage too low; 4 internal or remote error; 130 interrupted.
    """


def main() -> None:
    """Run, and turn every error into two lines and an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of one command line."""
    try:
        code = root.main(arguments, standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        return 130
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        return 130
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        return _say(error.format_message(), _usage_hint(error), 2)
    except StillwatchError as error:
        return _say(str(error), error.hint, error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(
            f"{error.filename or 'input or output'}: {error.strerror}",
            "check the path, permissions and free space",
            4,
        )
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback, no prompt text
        if os.environ.get("STILLWATCH_DEBUG"):
            raise
        return _say(
            f"internal error ({type(error).__name__})", "run again with STILLWATCH_DEBUG=1 and report it", 4
        )


def _usage_hint(error: click.ClickException) -> str:
    ctx = getattr(error, "ctx", None)
    return f"see `{ctx.command_path} --help`" if ctx else "see `stillwatch --help`"


def _say(message: str, hint: str, code: int) -> int:
    click.echo(f"error: {message}", err=True)
    if hint:
        click.echo(f"  hint: {hint}", err=True)
    return code
