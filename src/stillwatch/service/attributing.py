"""What stands beside a trace: its plan, the campaigns whose accounts were traced, and rows side by side with the logs."""

from __future__ import annotations

import datetime as dt
import hashlib
import shlex
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa

from stillwatch import __version__
from stillwatch.attribution.links import Suspicion, campaign_links
from stillwatch.comparison.aligning import aligned
from stillwatch.comparison.trace_plan import TracePlan, rule_in_use, sealed, under
from stillwatch.comparison.trace_result import AlignedRow, CampaignLink, DatasetTrace
from stillwatch.comparison.tracing import holdings
from stillwatch.engine.batches import responses
from stillwatch.errors import UsageError
from stillwatch.events.dataset import open_dataset
from stillwatch.ledger import Ledger
from stillwatch.outputs.dataset import Dataset
from stillwatch.service.plans import plan_in
from stillwatch.service.working import working_folder
from stillwatch.storage.workspace import Workspace
from stillwatch.text.units import units, words

ROWS_ALIGNED_MAX = 50


def plan_trace(
    ledger: Path, secret: bytes, *, suspect: Path | None = None, controls: Path | None = None, marks: bool = False,
    now: dt.datetime | None = None
) -> TracePlan:  # fmt: skip
    """A sealed plan. Raises UnreadableInputError, ConfigError (another secret)."""
    held = Ledger.open(ledger, secret)
    return sealed(
        TracePlan(
            version=__version__,
            written=(now or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds"),
            suspect=Dataset(suspect).digest() if suspect else None,
            controls=Dataset(controls).digest() if controls else None,
            ledger_responses=held.view().responses,
            marks=marks,
            rule=rule_in_use(),
        )
    )


def attributed(
    found: DatasetTrace, ledger: Path, secret: bytes, *, plan: Path | None = None, workspace: Path | None = None,
    served: Sequence[Path] = (),
) -> DatasetTrace:  # fmt: skip
    """The trace under its plan, with campaigns of `workspace` and, where rows carry text, beside the logs `served`.

    Raises ConfigError (not a plan), UsageError (logs without rows of text), InputError, StorageError.
    """
    told = (
        plan_in(plan, _decoded, kind="a plan of a trace", command="stillwatch compare plan-dataset")
        if plan
        else None
    )
    found, words = under(told, found), [found.replay]
    words += [f"--plan {shlex.quote(str(plan))}"] if plan else []
    if workspace is not None:
        links, scans = _links(found, Ledger.open(ledger, secret), Workspace(workspace))
        found = msgspec.structs.replace(
            found, campaigns_read=len(links), links=links, custody=[*found.custody, *scans]
        )
        words.append(f"--workspace {shlex.quote(str(workspace))}")
    if served:
        if found.rows and all(r.text is None for r in found.rows):
            raise UsageError(
                "rows are shown beside the logs only as text", hint="add --show-text, or leave --served out"
            )
        found = msgspec.structs.replace(found, aligned=_beside(found, served))
    if any(r.text is not None for r in found.rows):
        words.append("--show-text")
    words += [f"--served {shlex.quote(str(path))}" for path in served]
    return msgspec.structs.replace(found, replay=" ".join(words))


def _decoded(data: bytes) -> TracePlan:
    return msgspec.json.decode(data, type=TracePlan)


def _links(
    found: DatasetTrace, ledger: Ledger, workspace: Workspace
) -> tuple[list[CampaignLink], list[tuple[str, str]]]:
    """A link for every campaign kept (of one that several scans raised, the newest), and the scans read."""
    names = workspace.names() or [workspace.resolve()]

    def marks(accounts: Sequence[str]) -> np.ndarray:
        return ledger.seeds.accounts(pa.array(accounts, pa.large_string()))

    known: dict[str, Suspicion] = {}
    custody = []
    for name in names:
        path = workspace.folder / "scans" / f"{name}.json"
        custody.append((f"scan {name}", hashlib.sha256(path.read_bytes()).hexdigest()))
        for c in workspace.load(name).result.campaigns:
            known[c.id] = Suspicion(c.id, name, c.explanation, marks([a.account_id for a in c.accounts]))
    listed = marks([a.account for a in found.accounts if a.listed])
    of_row = marks([r.account for r in found.rows if not r.rivals])
    return campaign_links(list(known.values()), holdings(ledger.view()), listed, of_row), custody


def _beside(found: DatasetTrace, served: Sequence[Path]) -> list[AlignedRow]:
    """The most certain rows beside their responses, as far as the logs hold them."""
    best = sorted((r for r in found.rows if r.text), key=lambda r: -r.score)[:ROWS_ALIGNED_MAX]
    texts = _served_texts({r.response for r in best}, served)
    out = []
    for r in sorted(best, key=lambda r: r.row):
        if r.text is not None and r.response in texts:
            passages, common = aligned(r.text, texts[r.response])
            out.append(
                AlignedRow(
                    row=r.row, account=r.account, day=r.day, response=r.response, words=sum(words(units(p.row)) for p in passages), common=common,
                    passages=passages,
                )
            )  # fmt: skip
    return out


def _served_texts(wanted: set[str], served: Sequence[Path]) -> dict[str, str]:
    texts: dict[str, str] = {}
    with working_folder() as work:
        for batch in responses(open_dataset(list(served), work=work)):
            ids = batch.column("event_id").to_pylist()
            places = [i for i, name in enumerate(ids) if name in wanted]
            said = batch.column("output_text").take(pa.array(places, pa.int64())).to_pylist()
            texts.update({ids[i]: text for i, text in zip(places, said, strict=True) if text})
    return texts
