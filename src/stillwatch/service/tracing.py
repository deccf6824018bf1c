"""Tracing a dataset: which of its rows we served, to which accounts, on which days."""

from __future__ import annotations

import shlex
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from stillwatch import __version__
from stillwatch.comparison import trace_judging as judging
from stillwatch.comparison.mark_result import MarkTest
from stillwatch.comparison.result import RegisteredTest, Verdict
from stillwatch.comparison.trace_result import ControlCheck, DatasetTrace, TracedAccount, TracedRow
from stillwatch.comparison.tracing import NONE_KNOWN, Traces, calibration, holdings, trace
from stillwatch.ledger import Ledger, View
from stillwatch.marks import MarkKey
from stillwatch.outputs.dataset import Dataset
from stillwatch.service.marking import detect

ALTERNATIVES = [
    "the account published its own answers, or shared them with somebody who did",
    "two models wrote the same text: quotations, code, boilerplate, and answers that the prompt all but dictates",
    "a third party holds both the dataset and what the account received (a proxy, a browser extension, a leak)",
    "the served text was itself copied from a public source that the dataset copied as well",
]
CAPS = [
    "a matching row says that this text was served to the account, not that the account made or sold the dataset",
    "rows rewritten by another model leave no shared spans and are not traced",
    "no match is no proof of innocence: outputs that were not logged are not in the ledger",
]
ORDER: tuple[Verdict, ...] = ("inconclusive", "investigate", "strong")
_EPOCH = date(1970, 1, 1)


def trace_dataset(
    suspect: Path, ledger: Path, secret: bytes, *, controls: Path | None = None, show_text: bool = False,
    marks: MarkKey | None = None,
) -> DatasetTrace:  # fmt: skip
    """Trace `suspect` against the ledger, its rows judged on `controls` (texts known to be innocent).

    marks: test for marks under that key as well, the house's and those of every account of the ledger. Raises UnreadableInputError, CoverageError (no row has an answer), ConfigError (another secret).
    """
    kept = Ledger.open(ledger, secret)
    view, seed = kept.view(), np.uint64(kept.seeds.token)
    data = Dataset(suspect)
    custody = [(suspect.name, data.digest())]
    innocent, other, known = None, None, NONE_KNOWN
    if controls is not None:
        other = Dataset(controls)
        custody.append((controls.name, other.digest()))
        known, innocent = calibration(other.rows(), view, seed, judging.CONTROLS_MIN)
    rows = trace(data.rows(), view, seed, known)
    found = judging.rule(rows, innocent)
    held = holdings(view)
    identity = view.identity(np.maximum(rows.response, 0))
    matched = int(np.unique(identity[found.matches]).size)
    p = float(judging.at_least(matched, rows.number.size, found.rate))
    size = innocent.number.size if innocent is not None and found.hits is not None else None
    planted = (
        None
        if marks is None
        else detect(suspect, marks, ledger=(ledger, secret), others=[_test(p, rows, found)])
    )
    registered = [_test(p, rows, found)] if planted is None else planted.tests
    traced, reasons = judging.decide(
        matched=matched, n=rows.number.size, p=registered[0].p_holm, rate=found.rate, controls=size
    )
    verdict, reasons = _together(traced, reasons, planted)
    tests = judging.accounts(rows, found, innocent, held, identity)
    lines = _rows(rows, found, view, _texts(suspect, rows.number[found.matches]) if show_text else {})
    told = _accounts(tests, lines, rows, found, claim=traced != "inconclusive")
    words = ["stillwatch", "compare", "dataset", str(suspect), "--ledger", str(ledger)]
    words += ["--controls", str(controls)] if controls else []
    words += ["--marks-key", "REFERENCE"] if marks else []
    return DatasetTrace(
        version=__version__,
        verdict=verdict,
        trace_verdict=traced,
        statement=_statement(len(lines), rows.number.size, told, planted),
        reasons=reasons,
        nulls=judging.NULLS,
        unit=judging.UNIT,
        suspect=suspect.name,
        format=data.format,
        rows_read=data.read,
        rows_traced=rows.number.size,
        left_out=data.left_out,
        ledger_responses=view.responses,
        ledger_accounts=held[0].size,
        row_alpha=judging.ROW_ALPHA,
        row_rate=found.rate,
        threshold=round(found.threshold, 3),
        controls=_check(other, innocent, found, known.size),
        matched_rows=len(lines),
        p=p,
        tests=registered,
        marks=planted,
        rows=lines,
        accounts=told,
        alternatives=ALTERNATIVES,
        caps=CAPS,
        custody=custody,
        replay=shlex.join(words),
    )


def _test(p: float, rows: Traces, found: judging.Rule) -> RegisteredTest:
    """The trace as one test of the case."""
    n = rows.number.size
    floor = float(judging.at_least(n, n, found.rate))
    return RegisteredTest(name="served-response trace", null=judging.NULLS[2], p=p, p_holm=p, p_floor=floor)


def _together(traced: Verdict, reasons: list[str], planted: MarkTest | None) -> tuple[Verdict, list[str]]:
    """The stronger verdict, with the reasons of both tests."""
    if planted is None:
        return traced, reasons
    said = [
        *(f"trace ({traced}): {r}" for r in reasons),
        *(f"marks ({planted.verdict}): {r}" for r in planted.reasons),
    ]
    return max(traced, planted.verdict, key=ORDER.index), said


def _check(
    data: Dataset | None, traced: Traces | None, found: judging.Rule, known: int
) -> ControlCheck | None:
    if data is None or traced is None or found.hits is None:
        return None
    return ControlCheck(
        file=data.path.name,
        rows=traced.number.size,
        known_spans=known,
        hits=int(found.hits.sum()),
        rate_upper=found.rate,
    )


def _texts(suspect: Path, numbers: np.ndarray) -> dict[int, str]:
    wanted = set(numbers.tolist())
    return {row.number: row.answer for row in Dataset(suspect).rows() if row.number in wanted}


def _rows(rows: Traces, found: judging.Rule, view: View, texts: dict[int, str]) -> list[TracedRow]:
    at = np.flatnonzero(found.matches)
    out = []
    for i, (account, day, name) in zip(at.tolist(), view.names(rows.response[at]), strict=True):
        number = int(rows.number[i])
        out.append(
            TracedRow(
                row=number,
                account=account,
                day=_iso(day),
                response=name,
                shared=int(rows.shared[i]),
                spans=int(rows.spans[i]),
                score=round(float(rows.score[i]), 3),
                bound=float(np.exp(max(rows.log_bound[i], -690.0))),
                p=None if found.p is None else float(found.p[i]),
                rivals=int(rows.rivals[i]),
                text=texts.get(number),
            )
        )
    return out


def _accounts(
    tests: judging.AccountTests, lines: list[TracedRow], rows: Traces, found: judging.Rule, *, claim: bool
) -> list[TracedAccount]:
    """Most certain first; days are those of its matching rows. Without a `claim` no account is listed."""
    of: dict[int, list[TracedRow]] = {}
    for mark, line in zip(rows.account[found.matches].tolist(), lines, strict=True):
        if not line.rivals:
            of.setdefault(mark, []).append(line)
    out = []
    for i, mark in enumerate(tests.account.tolist()):
        days = [line.day for line in of[mark]]
        family, q = float(tests.p_bonferroni[i]), float(tests.q[i])
        out.append(
            TracedAccount(
                account=of[mark][0].account,
                responses=int(tests.responses[i]),
                served=int(tests.served[i]),
                days=(min(days), max(days)),
                p=float(tests.p[i]),
                q=q,
                p_bonferroni=family,
                listed=judging.list_of(family, q) if claim else None,
            )
        )
    return sorted(out, key=lambda a: (a.p, -a.responses, a.account))


def _statement(matched: int, n: int, told: list[TracedAccount], planted: MarkTest | None) -> str:
    family = sum(a.listed == "bonferroni" for a in told)
    either = sum(a.listed is not None for a in told)
    return (
        f"{matched:,} of {n:,} distinct rows match a response we served; {either:,} accounts at a false discovery "
        f"rate of 1 %, {family:,} of them at a family-wise error rate of 1 %"
        + (f"; marks: {planted.statement}" if planted else "")
    )


def _iso(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()
