"""One round against a detector that looks several times while it runs: which accounts are closed, and what that stops.

Every account of the operator that a look raises is closed at that moment and sends no more. The looks of a round share one
false discovery rate in equal parts (decision 0014).
"""

from __future__ import annotations

import functools
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from stillwatch.errors import UnreadableInputError, UsageError
from stillwatch.range.archetypes.archetype import Setting
from stillwatch.range.building import build_world
from stillwatch.range.scoring.files import Findings
from stillwatch.range.unfolding import TRUTH, Unfolding
from stillwatch.service.scanning import scan

LOOKS, FDR = 4, 0.01
"""Looks at a round, and the false discovery rate of all of them together."""
Detector = Callable[[Path], frozenset[str]]
"""A world folder -> the accounts raised in it."""


def own_scanner(world: Path, fdr: float = FDR) -> frozenset[str]:
    """Accounts that `stillwatch scan` raises in a world, with what its customers declared."""
    found = scan([world], authorisations=world / "authorisations.toml", fdr=fdr, workers=1).result
    return frozenset(account.account_id for campaign in found.campaigns for account in campaign.accounts)


@dataclass(frozen=True, slots=True)
class Program:
    """A detector that is another program: words of its command line, in which `{world}` and `{findings}` become the folder
    to read and the file of findings JSON to write; other braces are its own."""

    words: tuple[str, ...]

    def __call__(self, world: Path) -> frozenset[str]:
        """Raises UnreadableInputError when it writes no findings."""
        findings = world.parent / "findings.json"
        findings.unlink(missing_ok=True)  # of the look before
        filled = [w.replace("{world}", str(world)).replace("{findings}", str(findings)) for w in self.words]
        try:
            subprocess.run(filled, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            found = msgspec.json.decode(findings.read_bytes(), type=Findings)
        except subprocess.CalledProcessError as error:
            raise _left_nothing(filled[0], f"exit status {error.returncode}") from error
        except (OSError, ValueError, RecursionError) as error:
            raise _left_nothing(filled[0], str(error) or type(error).__name__) from error
        return frozenset(account.account_id for campaign in found.campaigns for account in campaign.accounts)


def command(template: str) -> Program:
    """Any detector as a command. Raises UsageError for a line that is none, or names no `{world}` and `{findings}`."""
    hint = "for example 'mydetector {world} -o {findings}'"
    if "{world}" not in template or "{findings}" not in template:
        raise UsageError("the detector needs {world} and {findings}", where="--detector", hint=hint)
    try:
        return Program(tuple(shlex.split(template)))
    except ValueError as error:
        raise UsageError(f"not a command line ({error})", where="--detector", hint=hint) from error


def _left_nothing(program: str, why: str) -> UnreadableInputError:
    return UnreadableInputError(
        f"left no findings JSON ({why})",
        where=program,
        hint="it must exit 0 and write the format of `scan --format json`",
    )


def _check(looks: int) -> None:
    if looks < 1:
        raise UsageError(f"must be 1 or more, not {looks}", where="--looks", hint="4 for a round of two days")


def scanner(looks: int) -> Detector:
    """`own_scanner` at the level of one of so many looks. Raises UsageError for fewer than one."""
    _check(looks)
    return functools.partial(own_scanner, fdr=FDR / looks)


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one round: the operator's accounts that sent anything, how many of them each look closed, others raised
    at any look; the share of the requests that were sent, and of the harvest that was kept. By default nobody watched."""

    accounts: int = 0
    banned_at_looks: tuple[int, ...] = ()
    false_accounts: int = 0
    sent: float = 1.0
    kept: float = 1.0

    @property
    def banned(self) -> int:
        """Accounts of the operator closed by any look."""
        return sum(self.banned_at_looks)


def play(
    archetype: str,
    evasions: Sequence[str],
    seed: int,
    settings: Mapping[str, Setting],
    detector: Detector,
    looks: int,
    prompts: Path | None = None,
) -> Ran:
    """Build the world of a round and look at it so many times, the last time at all of it. What is true of it is shown to
    functions (a perfect detector needs it), and to no program.

    Looks go on when every account of the operator is closed: honest ones may still be raised. Raises UsageError for
    fewer than one look, and what `build_world` and the detector raise; leaves nothing behind.
    """
    _check(looks)
    work = Path(tempfile.mkdtemp(prefix="stillwatch-adapt-"))
    try:
        world = build_world(
            archetype, seed=seed, out=work / "world", evasions=evasions, settings=settings, prompts=prompts
        )
        running = Unfolding(world, work)
        (world / TRUTH).unlink()  # it lies beside what a detector is shown
        mine, closed, wrong = running.accounts, dict[str, int](), frozenset[str]()
        at_looks = []
        for moment in running.moments(looks):
            raised = detector(running.seen(moment, closed, told=not isinstance(detector, Program)))
            wrong |= raised - mine
            new = (raised & mine) - closed.keys()
            closed |= dict.fromkeys(new, moment)
            at_looks.append(len(new))
        return Ran(len(mine), tuple(at_looks), len(wrong), *running.shares(closed))
    finally:
        shutil.rmtree(work, ignore_errors=True)
