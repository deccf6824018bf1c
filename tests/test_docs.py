"""The documentation says what the program does: generated pages, links, lists, and examples that are run."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
EXAMPLE = re.compile(
    r"^<!-- test(?P<codes>[ \d]*) -->\n```console\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"(?:\]\(|src=\"|srcset=\")(?!https?:|mailto:)(?P<target>[^)\s\"]+)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "generate_reference", ROOT / "tests" / "generate_reference.py"
    )
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = _generator()


def _page_id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _anchors(text: str) -> set[str]:
    """Heading anchors as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


@pytest.mark.parametrize("name", GENERATOR.PAGES)
def test_a_reference_page_is_what_the_program_says_now(name: str):
    written = DOCS / "reference" / f"{name}.md"
    assert written.is_file(), "run `make docs`"
    assert written.read_text(encoding="utf-8") == GENERATOR.rendered(name), "run `make docs`"


def test_the_reference_folder_holds_generated_pages_only():
    held = {p.name for p in (DOCS / "reference").iterdir()}
    assert held == {f"{name}.md" for name in GENERATOR.PAGES}


@pytest.mark.parametrize("page", PAGES, ids=_page_id)
def test_relative_links_lead_somewhere(page: Path):
    text = page.read_text(encoding="utf-8")
    broken = [t for t in _targets(text) if not _leads_somewhere(page, t)]
    assert not broken


def _targets(text: str) -> Iterator[str]:
    for match in LINK.finditer(FENCE.sub("", text)):
        yield match["target"]


def _leads_somewhere(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.exists():
        return False
    return not anchor or path.suffix != ".md" or anchor in _anchors(path.read_text(encoding="utf-8"))


def test_every_page_can_be_reached_from_the_readme():
    waiting, reached = [ROOT / "README.md"], set()
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        targets = _targets(page.read_text(encoding="utf-8"))
        waiting.extend(
            (page.parent / t.partition("#")[0]).resolve() for t in targets if not t.startswith("#")
        )
    assert not [_page_id(p) for p in PAGES if p not in reached]


def test_the_architecture_lists_every_folder_and_the_enforced_layers():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = [p.parent.name for p in (ROOT / "src" / "stillwatch").glob("*/__init__.py")]
    assert not [name for name in packages if not re.search(rf"^\s*{name}/", text, re.MULTILINE)]
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = pyproject["tool"]["importlinter"]["contracts"][0]["layers"]
    assert "\n".join(layers) in text


def test_the_readme_counts_the_accounts_of_the_demo_campaign():
    from stillwatch.range import WORLDS

    demo = next(world for world in WORLDS if world.id == "demo")
    assert f"One campaign: {demo.knobs['accounts']} accounts" in (ROOT / "README.md").read_text(
        encoding="utf-8"
    )


def test_every_decision_has_its_number_its_status_and_its_line_in_the_index():
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    decisions = sorted(p for p in (DOCS / "decisions").glob("*.md") if p.name != "README.md")
    numbers = [path.name[:4] for path in decisions]
    assert len(set(numbers)) == len(numbers)
    for number, path in zip(numbers, decisions, strict=True):
        text = path.read_text(encoding="utf-8")
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
        assert text.startswith(f"# {number} ")
        assert re.search(r"^Status: (proposed|accepted|rejected|superseded by \d{4})", text, re.MULTILINE)
        assert path.name in index


def _examples() -> list[object]:
    found = []
    for page in PAGES:
        blocks = list(EXAMPLE.finditer(page.read_text(encoding="utf-8")))
        if blocks:
            found.append(pytest.param(blocks, id=_page_id(page)))
    return found


@pytest.mark.e2e
@pytest.mark.parametrize("blocks", _examples())
@pytest.mark.slow
def test_examples_do_what_the_page_shows(blocks: list[re.Match[str]], tmp_path: Path):
    """Blocks of one page run in order in one folder; `<!-- test 0 1 -->` gives the exit codes allowed."""
    for block in blocks:
        allowed = {int(code) for code in block["codes"].split()} or {0}
        for command, expected in _commands(block["body"]):
            _runs_as_shown(command, expected, allowed, tmp_path)


def _commands(body: str) -> Iterator[tuple[str, list[str]]]:
    """(command, lines shown); a command goes on over `> ` lines, `...` stands for any lines."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        lines = part.rstrip("\n").split("\n")
        more = [line[2:] for line in lines[1:] if line.startswith("> ")]
        yield (
            "\n".join([lines[0], *more]),
            [x for x in lines[1 + len(more) :] if x.strip() not in ("", "...")],
        )


def _runs_as_shown(command: str, expected: list[str], allowed: set[int], folder: Path) -> None:
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(folder),
        "COLUMNS": "110",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode in allowed, f"$ {command}\n{said}"
    squeezed = [" ".join(line.split()) for line in said.splitlines()]
    missing = [line for line in expected if " ".join(line.split()) not in squeezed]
    assert not missing, f"$ {command}\n{said}"
