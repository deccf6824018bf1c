"""The real program in a process of its own, and one small world with a campaign that it finds."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stillwatch.testing.traffic import START_US, WEEK_US, campaign, honest, write

PROGRAM = Path(sys.executable).with_name("stillwatch")


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """(folder with reference/ and log.jsonl, the events as JSON lines)."""
    rng = np.random.default_rng(5)
    folder = tmp_path_factory.mktemp("world")
    rows = honest(rng, 150, 4, START_US) + campaign(rng, 30, 6, START_US)
    rng.shuffle(rows)
    write(folder / "reference", honest(rng, 150, 4, START_US - WEEK_US), tag="r")
    lines = [json.dumps({"event_id": f"e-{i:05d}", **row}) for i, row in enumerate(rows)]
    write(folder / "parquet", rows)
    return folder, lines


@pytest.fixture
def run(tmp_path):
    """Run a command line in tmp_path; `file_bytes_max` stands for a full disk."""

    def go(*arguments, file_bytes_max=None, wait=True, **options):
        def limited():
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # what runs these tests may ignore it
            if file_bytes_max is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes_max, file_bytes_max))

        environment = {**os.environ, "TMPDIR": str(tmp_path), "NO_COLOR": "1"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        process = subprocess.Popen(
            [PROGRAM, *map(str, arguments)], cwd=tmp_path, env=environment, preexec_fn=limited, **pipes
        )
        if not wait:
            return process
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, (err or b"").decode())

    go.folder = tmp_path
    return go
