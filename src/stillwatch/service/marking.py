"""Marks: planting them in a stream of records as far as the policy allows, and testing a dataset for them."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from stillwatch import __version__
from stillwatch.comparison import mark_judging as judging
from stillwatch.comparison.mark_result import MarkTest
from stillwatch.comparison.result import RegisteredTest
from stillwatch.errors import ConfigError, CoverageError, UnreadableInputError
from stillwatch.ledger import Ledger
from stillwatch.marks import MarkKey, SynonymTable, built_in, plant
from stillwatch.marks.detecting import accounts, house
from stillwatch.marks.votes import count
from stillwatch.outputs.dataset import Dataset
from stillwatch.policy.authorisations import Authorisations
from stillwatch.policy.marking import MarkPolicy, Ruling

SECRET_BYTES_MIN = 16


@dataclass
class Planting:
    """What a run planted. lines: read; left: lines passed on as they were, by reason."""

    lines: int = 0
    marked: int = 0
    substitutions: int = 0
    words: int = 0
    left: dict[str, int] = field(default_factory=dict)

    def leave(self, reason: str) -> None:
        """Count a line that is passed on untouched."""
        self.left[reason] = self.left.get(reason, 0) + 1


@dataclass(frozen=True)
class Fields:
    """Names of the fields of a record: the account marked, the text served, the prompt."""

    account: str = "account_id"
    text: str = "output_text"
    prompt: str = "prompt"


def mark_key(secret: bytes | None) -> MarkKey:
    """The key of a secret. Raises ConfigError without one, or with one that can be guessed."""
    if secret is None:
        raise ConfigError(
            "marks need a key, and none is configured",
            where="secret",
            hint="give --key env:NAME or file:PATH",
        )
    if len(secret) < SECRET_BYTES_MIN:
        hint = "openssl rand -hex 32"
        raise ConfigError(f"the key is shorter than {SECRET_BYTES_MIN} bytes", where="secret", hint=hint)
    return MarkKey(secret)


def table_of(path: Path | None) -> SynonymTable:
    """The table of a file, or the built-in one."""
    return built_in() if path is None else SynonymTable.load(path)


def policy_of(path: Path | None, authorisations: Path | None) -> MarkPolicy:
    """The policy in effect: without a file nobody is marked. Raises ConfigError."""
    declared = Authorisations.load(authorisations) if authorisations else None
    return MarkPolicy((), declared) if path is None else MarkPolicy.load(path, declared)


def plant_lines(
    lines: Iterable[bytes],
    write: Callable[[bytes], Any],
    policy: MarkPolicy,
    key: MarkKey | None,
    table: SynonymTable,
    at: datetime,
    names: Fields,
    record: Callable[[bytes], Any] | None = None,
) -> Planting:
    """Pass JSON lines on, marked where `policy` allows it at the moment `at`; no line is ever lost.

    A line that is not marked is passed on byte for byte; of one that is, only the text changes. `record` receives
    one JSON line for every substitution. Raises ConfigError when a line is to be marked and there is no key.
    """
    done = Planting()
    for line in lines:
        done.lines += 1
        marked = _marked(line, policy, key, table, at, names, record, done)
        write(line if marked is None else marked)
    return done


def _marked(
    line: bytes, policy: MarkPolicy, key: MarkKey | None, table: SynonymTable, at: datetime, names: Fields,
    record: Callable[[bytes], Any] | None, done: Planting,
) -> bytes | None:  # fmt: skip
    try:
        held = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
        account, text = (msgspec.json.decode(held[n], type=str) for n in (names.account, names.text))
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError):
        done.leave("no JSON object with account and text")
        return None
    ruling = policy.ruling(account, at)
    if ruling.bound is None:
        done.leave(ruling.reason)
        return None
    if key is None:
        raise ConfigError(
            "the policy marks, and there is no key",
            where="secret",
            hint="give --key env:NAME or file:PATH, or switch marks off by leaving `marks` out of the configuration",
        )
    planted = plant(text, account, key, table, bound=ruling.bound, prompt=_prompt(held.get(names.prompt)))
    done.words += planted.words
    if not planted.substitutions:
        done.leave("nothing to change")
        return None
    done.marked += 1
    done.substitutions += len(planted.substitutions)
    if record is not None:
        for s in planted.substitutions:
            told = {"line": done.lines, "account": account, "start": s.start, "was": s.was, "now": s.now}
            record(msgspec.json.encode(told) + b"\n")
    held[names.text] = msgspec.Raw(msgspec.json.encode(planted.text))
    return msgspec.json.encode(held) + (b"\n" if line.endswith(b"\n") else b"")


def _prompt(raw: msgspec.Raw | None) -> str:
    """A prompt as text: a string, or every text in a list of messages."""
    if raw is None:
        return ""
    said: list[str] = []
    waiting = [msgspec.json.decode(raw)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            said.append(value)
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(v for k, v in value.items() if k in ("content", "text", "value"))
    return "\n".join(said)


def rulings(policy: MarkPolicy, names: Sequence[str], at: datetime) -> list[tuple[str, Ruling]]:
    """What the policy says of each account at that moment."""
    return [(name, policy.ruling(name, at)) for name in names]


def account_names(path: Path) -> list[str]:
    """Account ids, one a line, each once, in order. Raises UnreadableInputError, CoverageError."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInputError(
            "cannot read the accounts", where=str(path), hint="a text file in UTF-8, one account id a line"
        ) from error
    names = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if not names:
        raise CoverageError("no account in it", where=str(path), hint="one account id a line")
    return names


def detect(
    suspect: Path,
    key: MarkKey,
    *,
    accounts_file: Path | None = None,
    ledger: tuple[Path, bytes] | None = None,
    table_file: Path | None = None,
    others: Sequence[RegisteredTest] = (),
) -> MarkTest:
    """Test `suspect` for marks under `key`, and for those of the accounts of a file or of a ledger (with its secret).

    others: tests of the same case, over which Holm goes as well. Raises UnreadableInputError, CoverageError,
    ConfigError.
    """
    table = table_of(table_file)
    data = Dataset(suspect)
    custody = [(suspect.name, data.digest())]
    votes = count((row.answer for row in data.rows()), table)
    names: list[str] = []
    if accounts_file is not None:
        names = account_names(accounts_file)
        custody.append((accounts_file.name, hashlib.sha256(accounts_file.read_bytes()).hexdigest()))
    elif ledger is not None:
        names = Ledger.open(*ledger).view().accounts()
    one = judging.house_mark(house(votes, key))
    many = judging.account_marks(accounts(votes, key, names), names)
    tests = judging.registered(one, many, others)
    verdict, reasons = judging.decide(tests, one, many, votes.slots)
    many = None if many is None else judging.listed(many, verdict)
    words = ["stillwatch", "marks", "detect", str(suspect), "--key", "REFERENCE"]
    words += ["--accounts", str(accounts_file)] if accounts_file else []
    words += ["--ledger", str(ledger[0])] if ledger and not accounts_file else []
    words += ["--table", str(table_file)] if table_file else []
    return MarkTest(
        version=__version__,
        verdict=verdict,
        statement=judging.statement(one, many),
        reasons=reasons,
        nulls=judging.NULLS,
        unit=judging.UNIT,
        suspect=suspect.name,
        format=data.format,
        rows_read=data.read,
        rows_used=votes.texts,
        left_out=data.left_out,
        words=votes.words,
        slots=votes.slots,
        slots_needed=judging.slots_needed(),
        key=key.fingerprint,
        table=table.digest,
        house=one,
        accounts=many,
        tests=tests,
        alternatives=judging.ALTERNATIVES,
        caps=judging.CAPS,
        custody=custody,
        replay=shlex.join(words),
    )
