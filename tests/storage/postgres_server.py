"""A PostgreSQL server of the tests' own, on a socket in a temporary folder, where its programs are installed."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from stillwatch.storage.hub.postgres import NAMESPACE

OWNERS = ("postgres", "nobody")
PATIENCE_S = 300
"""Until a server that was killed has recovered, on a machine whose disk is busy."""


class Server:
    """One cluster. It can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.user = _owner()
        if self.user:
            shutil.chown(folder, self.user)
        self._run(
            "initdb", "-D", str(self.data), "-U", "forum", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )

    @property
    def url(self) -> str:
        return f"postgresql://forum@/postgres?host={self.folder}"

    def start(self, *, durable: bool = False) -> None:
        settings = f"-c listen_addresses= -c unix_socket_directories={self.folder}"
        if not durable:
            settings += " -c fsync=off"
        log = str(self.folder / "log")
        self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", str(PATIENCE_S), "-l", log, "-o", settings, "start"
        )

    def stop(self, mode: str = "fast") -> None:
        """`immediate` is a kill: nothing is written on the way out."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def emptied(self) -> None:
        """Drop what an earlier test left."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {NAMESPACE} CASCADE".encode())

    def _run(self, program: str, *given: str) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        with (self.folder / "said").open("w+") as said:  # not a pipe: the server would hold it open
            done = subprocess.run(
                [program, *given],
                user=self.user or None,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                timeout=PATIENCE_S + 30,
            )
            said.seek(0)
            told = said.read()
        if done.returncode:
            raise RuntimeError(f"{program}: {told[-500:]}")


def _owner() -> str:
    """The server refuses to run as root."""
    if os.getuid():
        return ""
    for name in OWNERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return ""


def started() -> Iterator[Server]:
    """A running server; skips where there is none to run."""
    if not (shutil.which("initdb") and shutil.which("pg_ctl")):
        pytest.skip("PostgreSQL's initdb and pg_ctl are not on the path")
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        try:
            server = Server(Path(folder))
            server.start()
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
        try:
            yield server
        finally:
            with contextlib.suppress(RuntimeError):
                server.stop("immediate")
