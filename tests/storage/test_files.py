"""Files are replaced whole; devices are written to, links followed, and what cannot be written is told early."""

import os
import stat

import pytest

from stillwatch.errors import StorageError
from stillwatch.storage.files import check_writable, write_atomically


def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path):
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to("real")
    write_atomically(tmp_path / "link", b"after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"after"


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="needs devices")
def test_a_device_is_written_to_and_stays_a_device(tmp_path):
    (tmp_path / "null").symlink_to("/dev/null")
    write_atomically(tmp_path / "null", b"gone")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize("name", ["folder", "file/inside", "itself"])
def test_what_cannot_be_written_is_told_before_and_changes_nothing(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("before")
    (tmp_path / "itself").symlink_to("itself")
    for attempt in (check_writable, lambda path: write_atomically(path, b"x")):
        with pytest.raises(StorageError):
            attempt(tmp_path / name)
    assert (tmp_path / "file").read_text() == "before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder", "itself"]


def test_a_place_that_can_be_written_is_left_as_it_was(tmp_path):
    (tmp_path / "file").write_text("before")
    check_writable(tmp_path / "file")
    check_writable(tmp_path / "new" / "file")
    assert (tmp_path / "file").read_text() == "before"
    assert not (tmp_path / "new" / "file").exists()
