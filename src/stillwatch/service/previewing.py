"""From a kept campaign to the draft of what would leave of it, with a back-test on our own logs when asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from stillwatch.engine.fields import fields
from stillwatch.errors import UsageError
from stillwatch.events.dataset import open_dataset
from stillwatch.exchange import stix
from stillwatch.findings.result import Campaign
from stillwatch.service.sharing import Preview, drafted
from stillwatch.service.working import working_folder
from stillwatch.signatures.buckets import ONE_IN_MAX, power
from stillwatch.signatures.deriving import certainty, derive, techniques
from stillwatch.signatures.matching import Matcher
from stillwatch.signatures.signature import ACCOUNTS_MIN, Backtest, DistillationSignature
from stillwatch.signatures.sketch import ForumKey
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.workspace import Workspace
from stillwatch.telemetry import Progress

VALID_DAYS = 90


def preview(
    workspace: Workspace,
    folder: MemberFolder,
    campaign: str,
    *,
    tlp: str = "amber+strict",
    valid_days: int = VALID_DAYS,
    backtest: Path | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Preview:
    """What would leave of a campaign, kept as a draft. Raises UsageError, UnknownNameError, InputError."""
    scan, item = workspace.find(campaign)
    if not isinstance(item, Campaign):
        raise UsageError(
            "is a look-alike; only what was raised as a campaign can be shared",
            where=item.id,
            hint="`stillwatch list` shows campaigns",
        )
    detail = next((g for g in scan.detail.groups if g.id == item.id), None)
    key = ForumKey.of(folder.forum_key())
    made = derive(item, detail, key)
    if backtest is not None:
        made = derive(item, detail, key, _backtest(made, item, key, backtest, progress))
    card = folder.card()
    hours = int((now or datetime.now(UTC)).timestamp() // 3600)
    said = stix.indicator(
        made,
        techniques(item),
        id_=stix.object_id("indicator", folder.signing_key(), item.id),
        member=card.id,
        hours=hours,
        valid_days=valid_days,
        confidence=certainty(item),
        tlp=tlp,
    )
    return drafted(folder, item.id, said)


def _backtest(
    made: DistillationSignature, item: Campaign, key: ForumKey, logs: Path, progress: Progress | None
) -> Backtest | None:
    """The rule on the publisher's own logs, in buckets; nothing when it hits fewer than ACCOUNTS_MIN members."""
    names: dict[str, int] = {}
    matcher = Matcher([made], key.epoch)
    first, last = None, None
    with working_folder() as work:
        for part in fields(open_dataset([logs], work=work, progress=progress), key, names):
            matcher.add(part)
            low, high = int(part.hour.min()), int(part.hour.max())
            first, last = min(low, first or low), max(high, last or high)
    hit = set(next(matcher.found([item.id], list(names))).accounts)
    ours = {a.account_id for a in item.accounts}
    if len(hit & ours) < ACCOUNTS_MIN or first is None or last is None:
        return None
    return Backtest(
        days=power((last - first + 1) / 24),
        hit_accounts=power(len(hit & ours)),
        other_accounts_one_in=min(ONE_IN_MAX, power(len(set(names) - ours) / max(1, len(hit - ours)))),
    )
