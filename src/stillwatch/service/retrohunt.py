"""Looking for received signatures in one's own logs or kept findings; the result informs and never acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np

from stillwatch.engine.fields import fields
from stillwatch.errors import InputError
from stillwatch.events.dataset import open_dataset
from stillwatch.exchange import bundles
from stillwatch.findings.result import Scan
from stillwatch.service.sharing import beside
from stillwatch.service.working import working_folder
from stillwatch.signatures.lifetime import valid
from stillwatch.signatures.matching import Match, Matcher
from stillwatch.signatures.profile import Indicator
from stillwatch.signatures.signature import AGREE_MIN, DistillationSignature
from stillwatch.signatures.sketch import ForumKey, sketch
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.workspace import Workspace
from stillwatch.telemetry import Progress, silent


class Alike(msgspec.Struct, frozen=True, kw_only=True):
    """A kept finding whose template agrees with a received signature in `bands` of 32 bands."""

    signature: str
    finding: str
    explanation: str
    bands: int


class Hunt(msgspec.Struct, frozen=True, kw_only=True):
    """matches: one per valid signature (logs); alike: kept findings (workspace); refused: [place, reason];
    not_valid: ids of signatures not yet, no longer or never valid (revoked), which were not looked for."""

    matches: list[Match] = []
    alike: list[Alike] = []
    refused: list[tuple[str, str]] = []
    not_valid: list[str] = []


def hunt(
    folder: MemberFolder,
    bundle: Path,
    target: Path,
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Hunt:
    """Match the signatures of a bundle file against `target`: logs, or a workspace of kept scans.

    Raises InputError (bundle or logs unreadable), UsageError (this workspace is no member), StorageError.
    """
    received = bundles.read(_bytes(bundle), _bytes(beside(bundle)), folder.members(), where=str(bundle))
    hours = int((now or datetime.now(UTC)).timestamp() // 3600)
    indicators = [o for o in received.accepted if o["type"] == "indicator"]
    live = [o for o in indicators if valid(o, hours)]
    said = Hunt(refused=received.refused, not_valid=[o["id"] for o in indicators if not valid(o, hours)])
    ids = [o["id"] for o in live]
    signatures = [msgspec.convert(o, Indicator).extensions.signature for o in live]
    key = ForumKey.of(folder.forum_key())
    if (target / "scans").is_dir():
        workspace = Workspace(target)
        return msgspec.structs.replace(said, alike=alike(ids, signatures, workspace.load(), key))
    return msgspec.structs.replace(said, matches=_logs(ids, signatures, target, key, progress))


def alike(
    ids: Sequence[str], signatures: Sequence[DistillationSignature], scan: Scan, key: ForumKey
) -> list[Alike]:
    """Findings of a scan whose template agrees with a signature of this forum key in AGREE_MIN bands or more."""
    names = {c.id: c.explanation for c in (*scan.result.campaigns, *scan.result.look_alikes)}
    own = [(g.id, sketch(g.template, key)) for g in scan.detail.groups if g.template and g.id in names]
    out = []
    for id_, signature in zip(ids, signatures, strict=True):
        theirs = signature.template
        if theirs is None or theirs.epoch != key.epoch:
            continue
        for finding, mine in own:
            bands = int(np.sum(np.array(mine.bands) == np.array(theirs.bands))) if mine else 0
            if bands >= AGREE_MIN:
                out.append(Alike(signature=id_, finding=finding, explanation=names[finding], bands=bands))
    return sorted(out, key=lambda a: (-a.bands, a.signature, a.finding))


def _logs(
    ids: Sequence[str],
    signatures: Sequence[DistillationSignature],
    logs: Path,
    key: ForumKey,
    progress: Progress | None,
) -> list[Match]:
    names: dict[str, int] = {}
    matcher = Matcher(signatures, key.epoch)
    with working_folder() as work:
        dataset = open_dataset([logs], work=work, progress=progress or silent)
        for part in fields(dataset, key, names):
            matcher.add(part)
    return list(matcher.found(ids, list(names)))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}",
            where=str(path),
            hint="a bundle comes as two files, NAME and NAME.jws",
        ) from error
