"""Which database a hub's folder names: a SQLite file in it, or a PostgreSQL database by one setting."""

from __future__ import annotations

import os
from pathlib import Path

from stillwatch.errors import StorageError
from stillwatch.storage.hub import postgres, sqlite
from stillwatch.storage.hub.connection import Database

SETTING = "database.url"
"""File of the folder with the address of a PostgreSQL database; without it the hub keeps a SQLite file beside."""
SCHEMES = ("postgresql://", "postgres://")


def created(folder: Path, url: str = "") -> None:
    """An empty database: a SQLite file in the folder, or the tables in the PostgreSQL database at `url`.

    Raises StorageError when there is one already, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageError(
            f"cannot write: {error.strerror}", where=str(folder), hint="choose a folder you may write to"
        ) from error
    if not url:
        sqlite.create(folder)
        return
    if not url.startswith(SCHEMES):
        raise StorageError(
            "not the address of a PostgreSQL database", where=url, hint="give postgresql://USER@HOST/DATABASE"
        )
    _note(folder / SETTING, url)
    try:
        postgres.create(url)
    except BaseException:
        (folder / SETTING).unlink()
        raise


def _note(path: Path, url: str) -> None:
    """The address may hold a password, so only the owner may read it."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(url + "\n")
    except FileExistsError:
        raise StorageError(
            "there is a hub already", where=str(path), hint="choose another folder for --data"
        ) from None
    except OSError as error:
        raise StorageError(
            f"cannot write: {error.strerror}", where=str(path), hint="choose a folder you may write to"
        ) from error


def opened(folder: Path) -> Database:
    """The database of a hub's folder. Raises StorageError when there is none, or it cannot be reached."""
    setting = folder / SETTING
    if not setting.is_file():
        return sqlite.Sqlite(folder)
    return postgres.Postgres(setting.read_text(encoding="utf-8").strip(), str(setting))
