"""Looking for received signatures in one's own logs or kept findings; the result informs and never acts.

Signatures come from a bundle file or from what was pulled. What customers declared is consulted, and results are
ordered by how much each signature counts (`standing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from stillwatch.engine.fields import fields
from stillwatch.events.dataset import open_dataset
from stillwatch.exchange import bundles
from stillwatch.exchange.reception import judge
from stillwatch.findings.result import Scan, findings_of
from stillwatch.policy.authorisations import Authorisations
from stillwatch.service.hub_session import reader_offline
from stillwatch.service.sharing import bundle_files
from stillwatch.service.standing import Standing, decoded, record, standings
from stillwatch.service.working import working_folder
from stillwatch.signatures.lifetime import stage
from stillwatch.signatures.matching import Match, Matcher
from stillwatch.signatures.profile import Indicator
from stillwatch.signatures.signature import AGREE_MIN, DistillationSignature
from stillwatch.signatures.sketch import ForumKey, sketch
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.received import ReceivedStore
from stillwatch.storage.workspace import Workspace
from stillwatch.telemetry import Progress, silent


class Alike(msgspec.Struct, frozen=True, kw_only=True):
    """A kept finding whose template agrees with a received signature in `bands` of 32 bands. `declared`: share of its
    accounts that a declaration covers which holds, by the registry given now."""

    signature: str
    finding: str
    explanation: str
    bands: int
    declared: float = 0.0


class Hunt(msgspec.Struct, frozen=True, kw_only=True):
    """matches: one per valid signature (logs); alike: kept findings (workspace); refused: [place, reason];
    not_valid: ids of signatures not yet, no longer or never valid (withdrawn), which were not looked for;
    standings: of those that were, by falling weight, which is the order of `matches` too."""

    matches: list[Match] = []
    alike: list[Alike] = []
    refused: list[tuple[str, str]] = []
    not_valid: list[str] = []
    standings: list[Standing] = []


def hunt(
    folder: MemberFolder,
    bundle: Path | None,
    target: Path,
    *,
    authorisations: Path | None = None,
    only: str = "",
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Hunt:
    """Match the signatures of a bundle file (or those received) against `target`: logs, or a workspace of kept scans.

    `only`: one signature's id. Raises InputError (bundle or logs unreadable), ConfigError (authorisations), UsageError
    (this workspace is no member), StorageError.
    """
    registry = Authorisations.load(authorisations) if authorisations else Authorisations()
    hours = int((now or datetime.now(UTC)).timestamp() // 3600)
    store = ReceivedStore(folder.folder)
    indicators, refused = given(folder, store, bundle) if bundle else (received(folder, store), [])
    indicators = [o for o in indicators if o["id"] == only or not only]
    live = [o for o in indicators if stage(o, hours) == "live"]
    by_id = standings(record(folder, store, live), live, hours)
    live.sort(key=lambda o: (-by_id[o["id"]].weight, o["id"]))
    said = Hunt(
        refused=refused,
        not_valid=[o["id"] for o in indicators if stage(o, hours) != "live"],
        standings=[by_id[o["id"]] for o in live],
    )
    ids = [o["id"] for o in live]
    signatures = [msgspec.convert(o, Indicator).extensions.signature for o in live]
    key = ForumKey.of(folder.forum_key())
    if (target / "scans").is_dir():
        found = alike(ids, signatures, Workspace(target).load(), key, registry)
        return msgspec.structs.replace(said, alike=found)
    return msgspec.structs.replace(said, matches=_logs(ids, signatures, target, key, registry, progress))


def alike(
    ids: Sequence[str],
    signatures: Sequence[DistillationSignature],
    scan: Scan,
    key: ForumKey,
    registry: Authorisations | None = None,
) -> list[Alike]:
    """Findings of a scan whose template agrees with a signature of this forum key in AGREE_MIN bands or more."""
    names = {c.id: c.explanation for c in findings_of(scan.result)}
    declared = _declared(scan, registry or Authorisations())
    own = [(g.id, sketch(g.template, key)) for g in scan.detail.groups if g.template and g.id in names]
    out = []
    for id_, signature in zip(ids, signatures, strict=True):
        theirs = signature.template
        if theirs is None or theirs.epoch != key.epoch:
            continue
        for finding, mine in own:
            bands = int(np.sum(np.array(mine.bands) == np.array(theirs.bands))) if mine else 0
            if bands >= AGREE_MIN:
                out.append(
                    Alike(
                        signature=id_,
                        finding=finding,
                        explanation=names[finding],
                        bands=bands,
                        declared=declared[finding],
                    )
                )
    return sorted(out, key=lambda a: (-a.bands, a.signature, a.finding))


def _declared(scan: Scan, registry: Authorisations) -> dict[str, float]:
    """Finding -> share of its accounts that a declaration covers which holds. A kept look-alike has no dates and no
    volume, so only whether it is declared is known of it."""
    asked = [
        (c.id, [a.account_id for a in c.accounts], c.first, c.last, c.events) for c in scan.result.campaigns
    ]
    asked += [(c.id, list(c.accounts), "", "", 0) for c in scan.result.look_alikes]
    out = {}
    for id_, accounts, first, last, events in asked:
        days = (
            max(1.0, (datetime.fromisoformat(last) - datetime.fromisoformat(first)).days)
            if first and last
            else 1.0
        )
        covering = registry.covering(accounts, first or None, last or None, events / days)
        held = {account for c in covering if c.holds for account in c.accounts}
        out[id_] = len(held) / max(1, len(accounts))
    return out


def given(
    folder: MemberFolder, store: ReceivedStore, bundle: Path
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """(indicators, refused) of a bundle file, judged as a pull would; a signature withdrawn before stays so."""
    rows = bundles.raw(*bundle_files(bundle), str(bundle))
    judged = [judge(body, jws, reader_offline(folder, store)) for body, jws in rows]
    gone = {k.id for k in store.objects("indicator") if k.revoked}
    held = [
        {**j.held, "revoked": True} if j.id in gone else j.held
        for j in judged
        if j.state == "accepted" and j.held["type"] == "indicator"
    ]
    return held, [
        (f"{bundle}: objects[{i}]", j.reason) for i, j in enumerate(judged) if j.state != "accepted"
    ]


def received(folder: MemberFolder, store: ReceivedStore) -> list[dict[str, Any]]:
    """Indicators of others that were pulled and not withdrawn."""
    me = folder.card().id
    return [decoded(k) for k in store.objects("indicator") if k.author != me and not k.revoked]


def _logs(
    ids: Sequence[str],
    signatures: Sequence[DistillationSignature],
    logs: Path,
    key: ForumKey,
    registry: Authorisations,
    progress: Progress | None,
) -> list[Match]:
    names: dict[str, int] = {}
    matcher = Matcher(signatures, key.epoch)
    with working_folder() as work:
        dataset = open_dataset([logs], work=work, progress=progress or silent)
        for part in fields(dataset, key, names):
            matcher.add(part)
    return list(matcher.found(ids, list(names), registry))
