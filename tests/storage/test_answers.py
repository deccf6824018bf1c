"""The journal of answers: a write that fails half-way leaves no trace, and names cannot leave the folder."""

import errno
import os

import pytest

from stillwatch.errors import StorageError
from stillwatch.outputs.collection import Answered, Asked
from stillwatch.storage.answers import AnswerJournal, journal_path

AT = "2026-01-01T00:00:00+00:00"


def test_a_write_that_fails_half_way_leaves_the_lines_before_it(tmp_path, monkeypatch):
    path = tmp_path / "a.jsonl"
    with AnswerJournal.opened(path, "plan", "m") as journal:
        journal.append(Asked(prompt=0, at=AT))
        before, real = path.read_bytes(), os.write

        def half(handle, data):
            if len(data) < 20:
                raise OSError(errno.ENOSPC, "full")
            return real(handle, data[: len(data) - 10])

        monkeypatch.setattr(os, "write", half)
        with pytest.raises(StorageError, match="no room left"):
            journal.append(Answered(prompt=0, at=AT, output="text"))
        monkeypatch.undo()
        assert path.read_bytes() == before
        journal.append(Answered(prompt=0, at=AT, output="text"))
    with AnswerJournal.opened(path, "plan", "m") as journal:
        assert [type(x).__name__ for x in journal.lines] == ["Run", "Asked", "Answered"]


def test_an_answer_that_comes_too_late_is_dropped(tmp_path):
    path = tmp_path / "a.jsonl"
    with AnswerJournal.opened(path, "plan", "m") as journal:
        pass
    before = path.read_bytes()
    journal.append(Answered(prompt=0, at=AT, output="text"))
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "ünï", "x" * 500, "", "..", "a b\n"])
def test_no_name_leaves_the_folder(tmp_path, name):
    assert journal_path(tmp_path, name).parent == tmp_path
    with AnswerJournal.opened(journal_path(tmp_path, name), "plan", name):
        assert len(list(tmp_path.iterdir())) == 1


def test_names_that_look_alike_have_their_own_file(tmp_path):
    assert journal_path(tmp_path, "a/b") != journal_path(tmp_path, "a-b")


def test_a_link_in_its_place_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").write_text("")
    path = tmp_path / "a.jsonl"
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError), AnswerJournal.opened(path, "plan", "m"):
        pass
