"""From a finding to what may be said of it: every field drawn from closed lists, buckets and keyed tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast, get_args

import msgspec

from stillwatch.errors import UsageError
from stillwatch.findings.result import Campaign, GroupDetail, Profile, RankedExplanation
from stillwatch.signatures.buckets import confidence, hour, hours_of, power
from stillwatch.signatures.profile import TECHNIQUES
from stillwatch.signatures.signature import (
    ACCOUNTS_MIN,
    Backtest,
    Balance,
    Category,
    DistillationSignature,
    LocalCheck,
    LookAlikeName,
    Scale,
    Shape,
    Shared,
    Structure,
    Tempo,
)
from stillwatch.signatures.sketch import ForumKey, sketch
from stillwatch.signatures.vectors import vectors

RULED_OUT_BITS = 4.0  # an explanation this far behind the leader, with evidence against it, is ruled out
ALWAYS_CHECK: tuple[LocalCheck, ...] = (
    "account-age",
    "application-template",
    "authorisation-registry",
    "benchmark-membership",
    "one-network",
    "one-organisation",
)


def derive(
    campaign: Campaign, detail: GroupDetail | None, key: ForumKey | None, backtest: Backtest | None = None
) -> DistillationSignature:
    """The signature of a campaign. Pure; without `key` or a template of some length there is no sketch.

    Raises UsageError where fewer than ACCOUNTS_MIN accounts, no usable time or nothing to look for is left.
    """
    if len(campaign.accounts) < ACCOUNTS_MIN:
        raise UsageError(
            f"fewer than {ACCOUNTS_MIN} accounts, too few to be shared without pointing at somebody",
            where=campaign.id,
            hint="share it when the campaign has grown, or not at all",
        )
    try:
        first, last = sorted((hour(campaign.first), hour(campaign.last, up=True)))
        days = max(1.0, (hours_of(last) - hours_of(first)) / 24)
    except (ValueError, OverflowError) as error:
        raise UsageError("has no usable time", where=campaign.id, hint="scan again") from error
    known = detail or GroupDetail(id=campaign.id)
    profile = known.profile
    made = DistillationSignature(
        extension_type="property-extension",
        schema_version=1,
        pattern="relay" if campaign.explanation == "relay" else "extraction",
        category=_category(profile),
        grade="observed" if known.families.get("provenance", 0.0) > 0 else "inferred",
        first_seen=first,
        last_seen=last,
        scale=Scale(accounts=power(len(campaign.accounts)), events=power(campaign.events), days=power(days)),
        template=sketch(known.template, key) if key is not None else None,
        tempo=_tempo(profile),
        structure=_structure(profile),
        shape=_shape(profile),
        shared=_known(profile.shared if profile else (), Shared),
        ruled_out=_ruled_out(campaign.explanations),
        local_checks=_checks(campaign, known),
        backtest=backtest,
    )
    if made.template is None and made.structure is None:
        raise UsageError(
            "holds neither a template nor a profile, so there is nothing that another lab could look for",
            where=campaign.id,
            hint="scan again with this version, and give the forum's key",
        )
    return msgspec.structs.replace(made, vectors=vectors(made))


def techniques(campaign: Campaign) -> tuple[str, ...]:
    """ATLAS techniques that may be named, sorted; Extract AI Model always."""
    return tuple(sorted({t for t in campaign.techniques if t in TECHNIQUES} | {"AML.T0024.002"}))


def certainty(campaign: Campaign) -> int:
    """The confidence of STIX in three steps."""
    return confidence(campaign.q_value)


def _known(words: Iterable[str], closed: object) -> tuple[Any, ...]:
    """The words that the closed list has, sorted; any other is dropped."""
    return tuple(sorted({w for w in words if w in get_args(closed)}))


def _category(profile: Profile | None) -> Category:
    asked = (
        sorted(((share, name) for name, share in profile.intents.items()), reverse=True) if profile else []
    )
    top = asked[0] if asked else (0.0, "")
    known = top[0] >= 0.5 and top[1] in get_args(Category)
    return cast("Category", top[1]) if known else "general"


def _tempo(profile: Profile | None) -> Tempo | None:
    if profile is None:
        return None
    d = profile.dispersion
    balance: Balance = "random" if d is None or 0.5 <= d <= 2 else "even" if d < 0.5 else "uneven"
    return Tempo(
        events_per_account_day=power(profile.events_per_account_day),
        active_hours=min(16, power(profile.active_hours)),
        balance=balance,
    )


def _structure(profile: Profile | None) -> Structure | None:
    if profile is None:
        return None
    repeated = profile.repeated
    made = Structure(
        input_tokens=_some(profile.input_tokens),
        output_tokens=_some(profile.output_tokens),
        turns=_some(profile.turns),
        items=None
        if repeated is None
        else "split"
        if repeated <= 0.1
        else "repeated"
        if repeated >= 0.5
        else "mixed",
    )
    return None if made == Structure() else made


def _some(value: float | None) -> int | None:
    return power(value) if value is not None and value >= 1 else None


def _shape(profile: Profile | None) -> Shape | None:
    if profile is None:
        return None
    asked = profile.request
    flags = {
        name: bool(asked[name])
        for name in ("tools", "stream", "logprobs", "structured_output")
        if isinstance(asked.get(name), bool)
    }
    heat = asked.get("temperature")
    made = Shape(
        **flags,
        temperature=None
        if heat is None or isinstance(heat, bool)
        else "zero"
        if heat <= 0
        else "low"
        if heat <= 0.5
        else "middle"
        if heat <= 1
        else "high",
        max_tokens=None if isinstance(asked.get("max_tokens"), bool) else _some(asked.get("max_tokens")),
    )
    return None if made == Shape() else made


def _ruled_out(ranking: list[RankedExplanation]) -> tuple[LookAlikeName, ...]:
    lead = max((e.bits for e in ranking), default=0.0)
    behind = [e.name for e in ranking if e.against and e.bits <= lead - RULED_OUT_BITS]
    return _known(behind, LookAlikeName)


def _checks(campaign: Campaign, detail: GroupDetail) -> tuple[LocalCheck, ...]:
    more: list[LocalCheck] = ["foreign-assistant-turns"] if campaign.explanation == "relay" else []
    if detail.families.get("provenance", 0.0) > 0:
        more.append("own-outputs-returned")
    return tuple(sorted({*ALWAYS_CHECK, *more}))
