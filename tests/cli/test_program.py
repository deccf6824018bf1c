"""The installed program: quick help, exit codes of the process, quiet when the reader hangs up."""

import json
import os
import resource
import subprocess
import sys

import click
import pytest

from stillwatch.cli.main import COMMANDS, cli

HELP_CPU_S_MAX = 0.3


def program(*arguments, cwd, **settings):
    command = [sys.executable, "-m", "stillwatch", *arguments]
    return subprocess.run(command, cwd=cwd, text=True, check=False, timeout=60, **settings)


def test_help_is_quick_and_imports_nothing_heavy(tmp_path):
    code = (
        "import sys\nfrom stillwatch.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert stop.code == 0\n"
        "import json\nprint(json.dumps(sorted({m.split('.')[0] for m in sys.modules})), file=sys.stderr)"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    heavy = {"numpy", "numba", "polars", "pyarrow", "scipy", "rich", "jinja2", "msgspec"}
    assert not heavy & set(json.loads(done.stderr.splitlines()[-1]))
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < HELP_CPU_S_MAX
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_one_line_in_the_list_is_the_commands_own_first_line(name):
    command = cli.get_command(click.Context(cli), name)
    assert (command.help or "").splitlines()[0] == COMMANDS[name][1]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["--version"], 0, id="the version"),
        pytest.param(["list"], 0, id="an empty workspace"),
        pytest.param([], 2, id="no command"),
        pytest.param(["nothing"], 2, id="no such command"),
        pytest.param(["explain", "g-1"], 2, id="no such finding"),
        pytest.param(["scan", "absent"], 3, id="no such input"),
        pytest.param(["init", "-o", "/proc/none/x"], 4, id="nowhere to write"),
    ],
)
@pytest.mark.slow
def test_the_exit_code_of_the_process(tmp_path, arguments, code):
    done = program(*arguments, cwd=tmp_path, capture_output=True)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_hangs_up_is_no_error(tmp_path):
    read, write = os.pipe()
    os.close(read)
    done = program("config", "show", cwd=tmp_path, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_under_stdout_is_an_error(tmp_path):
    with open("/dev/full", "w") as full:
        done = program("config", "show", cwd=tmp_path, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 4
    assert "stdout" in done.stderr
