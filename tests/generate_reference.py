"""Writes docs/reference/ from the program, so that no list in the docs is kept by hand (`make docs`)."""

from __future__ import annotations

import inspect
import re
import sys
import tomllib
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

import click
import msgspec
import pyarrow as pa

from stillwatch import errors
from stillwatch.attribution.timeline import Timeline
from stillwatch.comparison.result import ModelComparison
from stillwatch.comparison.trace_result import DatasetTrace
from stillwatch.events import schema
from stillwatch.findings import result

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
NOTICE = "<!-- Written by tests/generate_reference.py; change the program, then run `make docs`. -->"
COLUMNS = ROOT / "docs" / "columns.toml"  # what each column means; a column without a line is an error


class MissingPartError(Exception):
    """A part of the program that a page describes does not exist yet."""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars inside cells are escaped and line ends become spaces."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(c) for c in line) + " |" for line in lines) + "\n"


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def part(module: str, name: str) -> object:
    """The named list of the program. Raises MissingPartError when it is not there."""
    try:
        return getattr(import_module(module), name)
    except (ModuleNotFoundError, AttributeError) as error:
        raise MissingPartError(f"{module}.{name}: {error}") from error


def first_sentence(text: str | None) -> str:
    """The opening sentence of a docstring, on one line."""
    paragraph = (text or "").strip().split("\n\n")[0]
    return " ".join(paragraph.split())


def cli_page() -> str:
    """Every command with its options, from the Click objects."""
    try:
        module = import_module("stillwatch.cli.main")
    except ModuleNotFoundError as error:
        raise MissingPartError(str(error)) from error
    group = next((v for v in vars(module).values() if isinstance(v, click.Group)), None)
    if group is None:
        raise MissingPartError("stillwatch.cli.main holds no click.Group")
    root = click.Context(group, info_name="stillwatch")
    body = "\n".join(_command(group, root, 2))
    return (
        f"# Command line\n\nData goes to stdout, progress and messages to stderr.\n\n{_exit_codes()}\n{body}"
    )


def _exit_codes() -> str:
    rows = [
        (0, "done, nothing at or above `--fail-on`"),
        (1, "findings at or above `--fail-on`"),
        (2, "usage or configuration"),
        (3, "input unreadable, or coverage too low to conclude"),
        (4, "internal or remote error"),
        (130, "interrupted; 143 or 129 where SIGTERM or SIGHUP asked for it"),
    ]
    return table(("exit code", "meaning"), rows) + "\nAn error outranks a finding.\n"


def _command(command: click.Command, context: click.Context, level: int) -> Iterator[str]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"{'#' * min(level, 4)} `{context.command_path}`\n"
    yield f"```text\n{usage}\n```\n"
    if command.help:
        yield inspect.cleandoc(command.help.split("\f")[0]).replace("\b\n", "") + "\n"
    records = [
        r for p in command.get_params(context) if (r := p.get_help_record(context)) and "--help" not in r[0]
    ]
    if records:
        yield table(
            ("option", "meaning"), [(f"`{' '.join(names.split())}`", text) for names, text in records]
        )
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from _command(below, click.Context(below, info_name=name, parent=context), level + 1)


def errors_page() -> str:
    """The exception tree with codes and exit codes."""
    tree = (errors.__doc__ or "").split("\n\n", 1)[1]
    rows = [
        (f"`{c.__name__}`", f"`{c.code}`", c.exit_code, first_sentence(c.__doc__))
        for c in _tree(errors.StillwatchError)
    ]
    return (
        "# Errors\n\nOne line on stderr says what happened and to which thing, the next says what to do.\n\n"
        f"```text\n{tree.strip()}\n```\n\n" + table(("class", "code", "exit", "meaning"), rows)
    )


def _tree(error: type[errors.StillwatchError]) -> Iterator[type[errors.StillwatchError]]:
    yield error
    for below in sorted(error.__subclasses__(), key=lambda c: c.__name__):
        if below.__module__ == errors.__name__:
            yield from _tree(below)


def schema_page() -> str:
    """The canonical event and the published result. Raises ValueError when a column is not described."""
    meanings = tomllib.loads(COLUMNS.read_text(encoding="utf-8"))
    described = {name for group in meanings["events"].values() for name in group}
    unmatched = described ^ set(schema.EVENTS.names) | set(meanings["content"]) ^ set(schema.CONTENT.names)
    if unmatched:
        raise ValueError(f"{COLUMNS.name} and events/schema.py disagree about {sorted(unmatched)}")
    required = ", ".join(f"`{c}`" for c in schema.REQUIRED)
    parts = [
        "# Schemas\n\n## Event (version 1)\n",
        "Two Parquet tables joined by `event_id`, because retention and permission differ. Only "
        f"{required} are required; any other column may be absent or null, and `stillwatch check` says what "
        "that costs.\n",
        "### `events` (no text)\n",
    ]
    for group, columns in meanings["events"].items():
        parts.append(f"**{group}**\n\n" + _columns(schema.EVENTS, columns))
    parts.append(
        "### `content` (own retention, own permission)\n\n" + _columns(schema.CONTENT, meanings["content"])
    )
    parts.append("## Result of `scan --format json` (version 1)\n")
    parts.extend(_structs(result.ScanResult))
    return "\n".join(parts)


def _columns(table_schema: pa.Schema, meanings: dict[str, str]) -> str:
    fields = [f for f in table_schema if f.name in meanings]
    return table(
        ("column", "type", "meaning"), [(f"`{f.name}`", f"`{f.type}`", meanings[f.name]) for f in fields]
    )


def _structs(*roots: type[msgspec.Struct]) -> Iterator[str]:
    """One table per record type, in the order in which the result mentions them."""
    waiting, seen = [*roots], set()
    while waiting:
        struct = waiting.pop(0)
        if struct in seen:
            continue
        seen.add(struct)
        own = struct.__doc__ if "__doc__" in vars(struct) and struct.__doc__ else ""
        yield f"### `{struct.__name__}`\n"
        if own:
            yield inspect.cleandoc(own) + "\n"
        hints = typing.get_type_hints(struct)
        fields = msgspec.structs.fields(struct)
        yield table(("field", "type"), [(f"`{f.encode_name}`", f"`{_type(hints[f.name])}`") for f in fields])
        waiting.extend(s for f in fields for s in _mentioned(hints[f.name]))


def _mentioned(hint: object) -> Iterator[type[msgspec.Struct]]:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint
    for inner in typing.get_args(hint):
        yield from _mentioned(inner)


def _type(hint: object) -> str:
    named = hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint)
    return re.sub(r"\b(?:\w+\.)+(\w+)", r"\1", named).replace("NoneType", "null").replace("None", "null")


def sources_page() -> str:
    """Log formats that readers understand."""
    entries = _entries(part("stillwatch.events.sources", "SOURCES"))
    head = (
        "# Sources\n\nDetected by content, not by name; plain, `.gz` or `.zst`; "
        "one file each in `events/sources/`.\n\n"
    )
    rows = [(f"[`{n}`](#{n})", _says(v), first_sentence(type(v).__doc__)) for n, v in entries]
    told = [f"## {name}\n\n{_doc(v)}\n" for name, v in entries]
    return "\n".join([head + table(("source", "format", "recognised as"), rows), *told])


WORLD_FACTS = ("models", "resembles", "differs", "numbers", "cannot show")


def worlds_page() -> str:
    """Worlds of the range."""
    entries = _entries(part("stillwatch.range", "WORLDS"))
    head = (
        "# Worlds\n\n`stillwatch range build WORLD --seed N --out DIR` builds one; "
        "`scan` never reads its `truth.json`.\n\n"
    )
    parts = [
        head
        + table(("world", "what happens in it"), [(f"[`{n}`](#{_anchor(n)})", _says(v)) for n, v in entries])
    ]
    for name, world in entries:
        facts = [(what, getattr(world, what.replace(" ", "_"), "")) for what in WORLD_FACTS]
        told = "\n\n".join(f"**{what.capitalize()}:** {text}" for what, text in facts if text)
        parts.append(f"## {name}\n\n{_says(world)}.\n\n{told}\n")
    return "\n".join(parts)


def detectors_page() -> str:
    """Detectors with what they detect, miss and mistake."""
    head = "# Detectors\n\nEach judges one linked group and returns bits of evidence, never a decision.\n"
    family = _entries(part("stillwatch.detectors", "DETECTORS"))
    return _parts(head, family, "detector", "ATLAS", lambda v: ", ".join(getattr(v, "techniques", ())))


def comparators_page() -> str:
    """Comparators of a suspect model, and the published result."""
    head = "# Comparators\n\nEach scores likeness to a teacher for `stillwatch compare model`; the first decides.\n"
    family = _entries(part("stillwatch.comparison", "COMPARATORS"))
    shown = _parts(
        head, family, "comparator", "role", lambda v: "decides" if v is family[0][1] else "supports"
    )
    told = "\n".join(_structs(ModelComparison, DatasetTrace, Timeline))
    return f"{shown}\n## Results of `compare model`, `compare dataset` and `compare timeline`, `--format json`\n\n{told}"


def baselines_page() -> str:
    """Published methods that the range compares with."""
    head = (
        "# Baselines\n\nPublished methods and common practice on the same windows and vectors as a scan: "
        "`stillwatch range baseline NAME WORLD_DIR`. Each raises accounts at its own threshold and ranks all.\n"
    )
    family = _entries(part("stillwatch.range.baselines", "BASELINES"))
    return _parts(head, family, "baseline", "written from", lambda v: getattr(v, "source", ""))


def _parts(
    head: str, family: list[tuple[str, object]], kind: str, third: str, says: Callable[[object], str]
) -> str:
    """A table of the family, then each member's file and parameters; a file that two share is told once."""
    rows = [(f"[`{n}`](#{_anchor(n)})", _says(v), says(v)) for n, v in family]
    parts, told = [head, table((kind, "in one line", third), rows)], dict[str, str]()
    for name, value in family:
        doc = re.sub(r"^(#+) ", r"#\1 ", _doc(value), flags=re.MULTILINE)
        shown = f"See [`{told[doc]}`](#{_anchor(told[doc])})." if doc in told else doc
        parts.append(f"## {name}\n\n{shown}\n")
        told.setdefault(doc, name)
        if parameters := list(_parameters(value)):
            parts.append(table(("parameter", "type", "default"), parameters))
    return "\n".join(parts)


def _entries(family: object) -> list[tuple[str, object]]:
    """(name, part) of a registry, which is a tuple of parts or a mapping from names to parts."""
    if isinstance(family, dict):
        return list(family.items())
    return [(_name(member), member) for member in typing.cast(Iterable[object], family)]


def _name(member: object) -> str:
    for attribute in ("id", "name", "NAME", "__name__"):
        value = getattr(member, attribute, None)
        if isinstance(value, str):
            return value.rpartition(".")[2] if inspect.ismodule(member) else value
    raise ValueError(f"{member!r} has no name")


def _doc(member: object) -> str:
    """The docstring of the file that defines the part: one idea, one file."""
    if inspect.ismodule(member):
        return inspect.cleandoc(member.__doc__ or "")
    owner = member if inspect.isclass(member) or inspect.isfunction(member) else type(member)
    return inspect.cleandoc(sys.modules[owner.__module__].__doc__ or owner.__doc__ or "")


def _says(member: object) -> str:
    for attribute in ("title", "summary", "sentence", "about", "description"):
        value = getattr(member, attribute, None)
        if isinstance(value, str) and value:
            return value
    return first_sentence(_doc(member))


def _anchor(name: str) -> str:
    return re.sub(r"[^\w-]", "", name.lower().replace(" ", "-"))


def _parameters(member: object) -> Iterator[tuple[str, str, str]]:
    owner = member if inspect.isclass(member) else type(member)
    for field in getattr(owner, "__dataclass_fields__", {}).values():
        if "ClassVar" not in str(field.type) and field.name not in ("id", "title", "source"):
            yield (
                f"`{field.name}`",
                f"`{_type(field.type)}`",
                f"`{getattr(member, field.name, field.default)}`",
            )


def benchmarks_page() -> str:
    """Committed results, told by a file of its own."""
    told = typing.cast(Callable[..., str], part("tests.benchmarks_page", "told"))
    return told(ROOT / "benchmarks" / "results", table)


def signature_page() -> str:
    """The distillation signature, told by a file of its own."""
    told = typing.cast(Callable[..., str], part("tests.signature_page", "told"))
    return told(table, _structs, first_sentence)


def hub_page() -> str:
    """The hub's HTTP interface, told by a file of its own."""
    return typing.cast(Callable[..., str], part("tests.hub_page", "told"))(table)


PAGES: dict[str, Callable[[], str]] = {
    "cli": cli_page,
    "distillation-signature": signature_page,
    "hub-http": hub_page,
    "errors": errors_page,
    "schema": schema_page,
    "sources": sources_page,
    "detectors": detectors_page,
    "comparators": comparators_page,
    "worlds": worlds_page,
    "baselines": baselines_page,
    "benchmarks": benchmarks_page,
}


def rendered(name: str) -> str:
    """The page as it should stand in docs/reference. Raises MissingPartError without its part."""
    return NOTICE + "\n\n" + re.sub(r"\n{3,}", "\n\n", PAGES[name]().strip()) + "\n"


def main() -> int:
    """Write every page that has something to describe; 1 when a part is missing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = 0
    for name in PAGES:
        try:
            (FOLDER / f"{name}.md").write_text(rendered(name), encoding="utf-8")
        except MissingPartError as error:
            missing = 1
            print(f"docs/reference/{name}.md skipped: {error}", file=sys.stderr)
    return missing


if __name__ == "__main__":
    sys.exit(main())
