"""The size, naming and docstring budget of docs/style, held over every file of the package and its tests."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = sorted((ROOT / "src" / "stillwatch").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "manager", "managers"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
Rule = Callable[[Path, str, ast.Module], Iterator[str]]


def short_files(path: Path, text: str, tree: ast.Module) -> Iterator[str]:
    """A file is one idea: at most 400 lines."""
    lines = text.count("\n")
    if lines > FILE_LINES_MAX:
        yield f"{lines} lines"


def short_functions(path: Path, text: str, tree: ast.Module) -> Iterator[str]:
    """A function fits on a screen: at most 70 lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield f"{node.lineno}: {node.name} has {lines} lines"


def telling_names(path: Path, text: str, tree: ast.Module) -> Iterator[str]:
    """A module is named after its noun."""
    if {path.stem, path.parent.name} & BANNED_NAMES:
        yield "is named after nothing"


def opened_by_a_sentence(path: Path, text: str, tree: ast.Module) -> Iterator[str]:
    """A module opens with a docstring; an empty __init__ has nothing to say."""
    if tree.body and not ast.get_docstring(tree):
        yield "has no opening docstring"


def documented(path: Path, text: str, tree: ast.Module) -> Iterator[str]:
    """Public functions and classes say what they are; a plain record speaks by its field names."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        record = isinstance(node, ast.ClassDef) and all(isinstance(line, ast.AnnAssign) for line in node.body)
        if not node.name.startswith("_") and not record and not ast.get_docstring(node):
            yield f"{node.lineno}: {node.name} has no docstring"


def finished(path: Path, text: str, tree: ast.Module) -> Iterator[str]:
    """No note to self in a comment."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and UNFINISHED.search(token.string):
            yield f"{token.start[0]}: {token.string}"


def silent(path: Path, text: str, tree: ast.Module) -> Iterator[str]:
    """Only the command line prints."""
    if "cli" in path.parts:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield f"{node.lineno}: print"


EVERYWHERE: tuple[Rule, ...] = (short_files, short_functions, telling_names, opened_by_a_sentence, finished)
SOURCE_ONLY: tuple[Rule, ...] = (documented, silent)


@pytest.mark.parametrize("rule", [*EVERYWHERE, *SOURCE_ONLY], ids=lambda rule: rule.__name__)
@pytest.mark.slow
def test_the_budget_is_kept(rule: Rule) -> None:
    broken = []
    for path in SOURCE + (TESTS if rule in EVERYWHERE else []):
        text = path.read_text(encoding="utf-8")
        broken += [f"{path.relative_to(ROOT)}:{said}" for said in rule(path, text, ast.parse(text))]
    assert not broken, "\n" + "\n".join(broken)


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (short_files, "a.py", "x = 1\n" * 401),
        (short_functions, "a.py", "def f():\n" + "    x = 1\n" * 70),
        (telling_names, "utils.py", ""),
        (telling_names, "core/a.py", ""),
        (opened_by_a_sentence, "a.py", "x = 1\n"),
        (documented, "a.py", "def f():\n    pass\n"),
        (documented, "a.py", "class A:\n    def f(self):\n        pass\n"),
        (finished, "a.py", "x = 1  # " + "TO" + "DO later\n"),
        (silent, "a.py", "def f():\n    print(1)\n"),
    ],
)
def test_the_rule_can_fail(rule: Rule, name: str, text: str) -> None:
    assert list(rule(Path(name), text, ast.parse(text)))


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (short_files, "a.py", "x = 1\n" * 400),
        (short_functions, "a.py", "def f():\n" + "    x = 1\n" * 69),
        (telling_names, "commonality.py", ""),
        (opened_by_a_sentence, "__init__.py", ""),
        (documented, "a.py", "class A:\n    x: int\n    y: int = 0\ndef _f():\n    pass\n"),
        (finished, "a.py", 'x = "' + "TO" + 'DO"\n'),
        (silent, "cli/a.py", "print(1)\n"),
    ],
)
def test_the_rule_stays_silent_on_its_border(rule: Rule, name: str, text: str) -> None:
    assert not list(rule(Path(name), text, ast.parse(text)))
