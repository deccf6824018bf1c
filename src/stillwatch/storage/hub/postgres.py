"""The same tables in PostgreSQL (15 or newer), for a forum that runs its own database.

Everything stands in a schema of its own. A writer locks the table `clock` first, so writers of all processes take
turns as they do in SQLite, and `added` grows in the order of commits (postgresql.org/docs/15/explicit-locking.html).
`synchronous_commit` is on for every session: what was acknowledged is flushed. Access is by psycopg 3.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from stillwatch.errors import StorageError
from stillwatch.storage.hub.connection import SCHEMA, VERSION, Answer, Session

if TYPE_CHECKING:
    import psycopg

NAMESPACE = "stillwatch_hub"
OLDEST = 15
WAIT_S = 10
_TYPES = {
    "INTEGER": "BIGINT",
    "BLOB": "BYTEA",
    "TEXT": 'TEXT COLLATE "C"',
    "STRICT, WITHOUT ROWID": "",
    "STRICT": "",
}


def create(url: str) -> None:
    """The tables, in a database that has none of them. Raises StorageError."""
    connection = _connected(url, url_named(url))
    try:
        with connection.transaction():
            there = connection.execute("SELECT to_regnamespace(%s)", (NAMESPACE,)).fetchone()
            if there is not None and there[0] is not None:
                raise StorageError(
                    "there is a hub already",
                    where=url_named(url),
                    hint=f"name another database, or drop the schema {NAMESPACE}",
                )
            connection.execute(f"CREATE SCHEMA {NAMESPACE}".encode())
            connection.execute(_schema().encode())
            connection.execute("INSERT INTO setting VALUES ('schema', %s)", (str(VERSION),))
    except _errors() as error:
        raise _unwritten(error, url_named(url)) from error
    finally:
        connection.close()


class Postgres:
    """Connections to the database: one that writes, one for each thread that reads.

    Args:
        url: postgresql://USER@HOST/DATABASE; a password is best left to a password file.
        where: named in errors, in which the address, for what it may hold, is not.
    """

    def __init__(self, url: str, where: str) -> None:
        self._url, self._where = url, where
        self._local = threading.local()
        self._lock = threading.Lock()
        self._all: list[psycopg.Connection[Any]] = []
        self._writer = self._fresh()

    def _fresh(self) -> psycopg.Connection[Any]:
        held = _connected(self._url, self._where)
        try:
            found = held.execute("SELECT value FROM setting WHERE name = 'schema'").fetchone()
        except _errors() as error:
            held.close()
            raise StorageError(
                "no hub in this database",
                where=self._where,
                hint="make one with `stillwatch exchange hub init --data DIR --database URL`",
            ) from error
        if found is None or found[0] != str(VERSION):
            held.close()
            raise StorageError(
                f"written by another version ({found[0] if found else 'none'}, this one reads {VERSION})",
                where=self._where,
                hint="run the version of stillwatch that wrote it",
            )
        self._all = [c for c in self._all if not c.closed]
        self._all.append(held)
        return held

    @property
    def read(self) -> Session:
        """This thread's connection for reading."""
        held = getattr(self._local, "held", None)
        if held is None:
            held = self._local.held = Reading(self._fresh, self._where)
        session: Session = held
        return session

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction: all of it is durable when the context is left, or nothing. Raises StorageError."""
        with self._lock, contextlib.ExitStack() as stack:
            try:
                self._begin(stack)
                yield Writing(self._writer)
                stack.close()
            except _errors() as error:
                raise _unwritten(error, self._where) from error

    def _begin(self, stack: contextlib.ExitStack) -> None:
        """Take the turn to write; a connection that the server has dropped meanwhile is made anew."""
        for attempt in range(2):
            if self._writer.closed:
                self._writer = self._fresh()
            try:
                stack.enter_context(self._writer.transaction())
                self._writer.execute("LOCK TABLE clock IN EXCLUSIVE MODE")
            except _errors():
                if attempt or not self._writer.closed:
                    raise
                stack.pop_all()
            else:
                return

    def close(self) -> None:
        """Close every connection."""
        for held in self._all:
            held.close()


class Writing:
    """A session within a transaction."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Answer:
        """Rows of one statement."""
        return self._connection.execute(_placed(sql), _bound(values))

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> None:
        """One statement for each of the rows."""
        with self._connection.cursor() as cursor:
            cursor.executemany(_placed(sql), [_bound(row) for row in rows])


class Reading:
    """A session of one thread that only reads; when the server has gone it connects again, once."""

    def __init__(self, fresh: Callable[[], psycopg.Connection[Any]], where: str) -> None:
        self._fresh, self._where = fresh, where
        self._connection = self._ready()

    def _ready(self) -> psycopg.Connection[Any]:
        held = self._fresh()
        held.execute("SET default_transaction_read_only = on")
        return held

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Answer:
        """Rows of one statement. Raises StorageError when the database cannot be reached."""
        try:
            if not self._connection.closed:
                try:
                    return self._connection.execute(_placed(sql), _bound(values))
                except _errors():
                    if not self._connection.closed:
                        raise
            self._connection = self._ready()
            return self._connection.execute(_placed(sql), _bound(values))
        except _errors() as error:
            raise StorageError(
                f"the store cannot be read: {_said(error)}",
                where=self._where,
                hint="look whether the database runs and may be reached from here",
            ) from error

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> None:
        """Reading has no rows to write."""
        raise StorageError("this session only reads", where=self._where, hint="report this as a defect")


def url_named(url: str) -> str:
    """The address without user and password, for errors."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def _driver() -> Any:
    try:
        import psycopg
    except ImportError as error:
        raise StorageError(
            "PostgreSQL needs psycopg, which is not installed",
            where="stillwatch exchange hub",
            hint="pip install 'stillwatch[postgres]'",
        ) from error
    return psycopg


def _errors() -> Any:
    return _driver().Error


def _connected(url: str, where: str) -> psycopg.Connection[Any]:
    driver = _driver()
    try:
        held: psycopg.Connection[Any] = driver.connect(
            url,
            autocommit=True,
            connect_timeout=WAIT_S,
            options=f"-c search_path={NAMESPACE} -c synchronous_commit=on -c client_encoding=utf8"
            f" -c lock_timeout={WAIT_S}s -c client_min_messages=warning",
        )
    except driver.Error as error:
        raise StorageError(
            f"the database cannot be reached: {_said(error)}",
            where=where,
            hint="look whether it runs, and whether the address names it",
        ) from error
    major = held.info.server_version // 10_000
    if major < OLDEST:
        held.close()
        raise StorageError(
            f"PostgreSQL {major} is too old", where=where, hint=f"use PostgreSQL {OLDEST} or newer"
        )
    return held


def _unwritten(error: Exception, where: str) -> StorageError:
    return StorageError(
        f"the store cannot be written: {_said(error)}",
        where=where,
        hint="look whether the database runs, has space, and lets this user write; nothing was changed",
    )


def _said(error: Exception) -> str:
    """What the server said, in one line and without the values of the statement."""
    diagnosis = getattr(error, "diag", None)
    primary = getattr(diagnosis, "message_primary", None)
    return primary or (str(error).strip().splitlines() or [type(error).__name__])[0]


def _schema() -> str:
    written = SCHEMA
    for theirs, ours in _TYPES.items():
        written = written.replace(f" {theirs}", f" {ours}")
    return written


@functools.lru_cache(maxsize=512)
def _placed(sql: str) -> bytes:
    return sql.replace("%", "%%").replace("?", "%s").encode()


def _bound(values: Sequence[Any]) -> list[Any]:
    """PostgreSQL's text holds no NUL; nothing that is stored has one, and what is looked up then finds nothing."""
    return [v.replace("\0", "\ufffd") if isinstance(v, str) else v for v in values]
