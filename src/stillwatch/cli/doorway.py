"""The outermost group: commands imported only when used, and errors told in two lines with fixed exit codes."""

from __future__ import annotations

import importlib
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import click

from stillwatch.cli.interrupts import Asked, interruptible
from stillwatch.errors import FULL, StillwatchError, storage_error


class LazyGroup(click.Group):
    """`lazy`: command name -> (module:attribute, one line of help). `--help` imports none of them."""

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.lazy:
            return None
        module, _, attribute = self.lazy[cmd_name][0].partition(":")
        return getattr(importlib.import_module(module), attribute)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.lazy.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.lazy:
            from stillwatch.errors import UnknownNameError

            raise UnknownNameError("command", args[0], self.lazy)
        return super().resolve_command(ctx, args)

    def main(  # type: ignore[override]  # always leaves, so returns nothing
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> None:
        """Run and leave with the exit code of interfaces: 0, 1, 2, 3, 4, 130, or 128 + the signal."""
        extra["standalone_mode"] = False
        sys.exit(_told(lambda: super(LazyGroup, self).main(args, prog_name, **extra)))


def _told(run: Any) -> int:
    """The exit code of `run`, its error told on stderr."""
    asked = Asked()
    try:
        with interruptible() as asked:
            code = run()
        return code if isinstance(code, int) else 0
    except StillwatchError as error:
        _say(error.message, error.where, error.hint)
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "stillwatch"
        _say(error.format_message().rstrip("."), "", f"see `{path} --help`")
        return 2
    except (click.Abort, KeyboardInterrupt):
        _say(
            "interrupted",
            "",
            "nothing half done was kept; what was kept before stays, and what was taken in whole",
        )
        return 128 + (asked.number or signal.SIGINT)
    except BrokenPipeError:
        return 0
    except OSError as error:
        if error.errno not in FULL:
            return _unexpected(error)
        told = storage_error(error, str(error.filename or _place(error)))
        _say(told.message, told.where, told.hint)
        return told.exit_code
    except MemoryError:
        _say("out of memory", "", "scan a shorter period, or give fewer --workers")
        return 4
    except Exception as error:  # noqa: BLE001 - the last resort: its message could hold prompt text
        return _unexpected(error)


def _unexpected(error: Exception) -> int:
    _say(f"unexpected {type(error).__name__}", _place(error), "this is a defect: report it with this line")
    return 4


def _place(error: BaseException) -> str:
    """module:line of our innermost frame: enough to report, and no text of any prompt."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "stillwatch" in f.filename]
    if not frames:
        return ""
    name = frames[-1].filename.replace("\\", "/").rpartition("/stillwatch/")[2]
    return f"stillwatch/{name}:{frames[-1].lineno}"


def _say(message: str, where: str, hint: str) -> None:
    """Two lines on stderr; control characters cannot steer the terminal."""
    line = f"error: {message} ({where})" if where else f"error: {message}"
    click.echo(_plain(line), err=True)
    if hint:
        click.echo(_plain(f"  hint: {hint}"), err=True)


def _plain(text: str) -> str:
    safe = "".join(c if c.isprintable() else " " for c in text)
    return safe.encode("utf-8", "replace").decode("utf-8")
