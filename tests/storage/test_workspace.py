"""The workspace: a scan is whole or absent, whatever happens while it is written."""

import os
import resource
import signal
import subprocess
import sys
import time

import pytest

from stillwatch.errors import StorageError, UnknownNameError, UsageError
from stillwatch.storage.workspace import Workspace
from stillwatch.testing.examples import example_scan


def test_what_is_saved_is_read_back_and_saving_twice_changes_nothing(tmp_path):
    place = Workspace(tmp_path / "w")
    name = place.save(example_scan())
    assert place.save(example_scan()) == name
    assert place.load() == place.load(name[:5]) == example_scan()


def test_the_latest_is_the_last_saved(tmp_path):
    place = Workspace(tmp_path)
    place.save(example_scan(10))
    place.save(example_scan(20))
    assert place.load() == example_scan(20)


def test_unknown_names_and_an_empty_workspace_say_what_to_do(tmp_path):
    with pytest.raises((UsageError, UnknownNameError)) as error:
        Workspace(tmp_path).load()
    assert error.value.hint
    Workspace(tmp_path).save(example_scan())
    with pytest.raises(UnknownNameError):
        Workspace(tmp_path).load("zzz")


CHILD = """
import sys
from pathlib import Path
from stillwatch.storage.workspace import Workspace
from stillwatch.testing.examples import example_scan
print("go", flush=True)
n = 10
while True:
    n += 1
    Workspace(Path(sys.argv[1])).save(example_scan(n))
"""


@pytest.mark.slow
def test_a_killed_writer_leaves_whole_scans_only(tmp_path):
    place = Workspace(tmp_path)
    place.save(example_scan())
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE)
    child.stdout.readline()
    time.sleep(0.4)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert place.load() is not None
    for file in (tmp_path / "scans").glob("*.json"):
        assert place.load(file.stem).result.schema_version == 1


def test_a_full_disk_is_one_error_and_the_previous_scan_stays(tmp_path):
    place = Workspace(tmp_path)
    place.save(example_scan(10))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, hard))
        with pytest.raises(StorageError) as error:
            place.save(example_scan(40))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert error.value.hint
    assert place.load() == example_scan(10)


def test_a_workspace_that_cannot_be_made_is_one_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError):
        Workspace(tmp_path / "file" / "w").save(example_scan())
