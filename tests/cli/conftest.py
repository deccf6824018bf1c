"""A command line whose scan is a fixed example, so that doors are tested without the engine."""

import pytest
from click.testing import CliRunner

from stillwatch.cli.main import cli
from stillwatch.service import scanning
from stillwatch.testing.examples import example_scan


@pytest.fixture
def asked(monkeypatch):
    """Keyword arguments of every scan that the command line asked for."""
    calls = []

    def scan(paths, **settings):
        calls.append({"paths": paths, **settings})
        return example_scan()

    monkeypatch.setattr(scanning, "scan", scan)
    return calls


@pytest.fixture
def run(tmp_path, monkeypatch, asked):
    """Run one command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    runner = CliRunner()

    def go(*arguments, env=None):
        return runner.invoke(cli, [str(a) for a in arguments], prog_name="stillwatch", env=env)

    return go
