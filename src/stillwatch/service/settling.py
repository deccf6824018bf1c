"""Which of several groups stands for an account: people beside a list, and pools that take in accounts of a text.

People who share a pool with a list are told apart from a raised pool and not named with it (campaigns.tenants), nor is who
merely used a raised text (campaigns.passers), or one that is raised without them. A wide pool (campaigns.groups) says who else belongs to a text group that is
raised. It stands for those of its accounts that no raised text names, if what shows in the whole shows in them as well:
dealt to evenly or in order, and leading by themselves, with their content where they were chosen by it. The groups by
means and the jobs that lie in it whole are parts of it. It stands for nothing if it is not raised or no text group in
it is, if another group lies in it in part, or if one is something else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from stillwatch.campaigns.burst import ACCOUNTS_MIN
from stillwatch.campaigns.group import Group
from stillwatch.campaigns.groups import members_of
from stillwatch.campaigns.membership import membership
from stillwatch.campaigns.passers import kin_alone, without_passers
from stillwatch.campaigns.tenants import without_bystanders
from stillwatch.findings.assembly import Judged, group_id, judge, stands
from stillwatch.findings.explanations import leads
from stillwatch.policy.authorisations import Authorisations
from stillwatch.service.declared import declared

PARTS = ("extraction", "relay", "batch", "unknown")
"""What leads in a part of a list: jobs are what some requests of one look like."""


def settled(judged: Sequence[Judged], registry: Authorisations, fdr: float) -> list[Judged]:
    """Groups with passers-by and bystanders apart and wide pools resolved, largest first; no pool names who a raised text
    names."""
    out = [part for j in judged if not j.group.wide for part in with_bystanders_apart(j, registry, fdr)]
    for pool in (j for j in judged if j.group.wide):
        out = _with_pool(out, pool, registry, fdr)
    # Last: who passes by a text is no other part of the pool that holds it.
    out = [part for j in out for part in with_passers_apart(j, registry, fdr)]
    return sorted(out, key=lambda j: (-j.group.customers.size, int(j.group.customers[0])))


def _with_pool(found: list[Judged], pool: Judged, registry: Authorisations, fdr: float) -> list[Judged]:
    """The groups and what the pool stands for, without the parts of it; the groups alone where it stands for nothing."""
    mine = pool.group.customers
    inside = [(j, float(np.isin(j.group.customers, mine).mean())) for j in found]
    worded = [j for j, share in inside if share and _raised_text(j, fdr)]
    parts = [(j, share) for j, share in inside if share and not _raised_text(j, fdr)]
    if not worded or any(share < 1.0 or _something_else(j, registry) for j, share in parts):
        return found
    named = members_of(pool.group.obs, [j.group for j in worded])
    kept = with_bystanders_apart(pool, registry, fdr)[0]
    left = kept.group.customers[~named[kept.group.customers]]
    enough = stands(kept, fdr) and left.size >= ACCOUNTS_MIN
    rest = _by_itself(pool, kept.group.narrowed(left), registry, fdr) if enough else None
    if rest is None:
        return found
    out = [rest, *worded, *(j for j, share in inside if not share)]
    beside = np.setdiff1d(mine[~named[mine]], left)
    return [_bystanders(pool, beside, rest, fdr), *out] if beside.size else out


def _raised_text(found: Judged, fdr: float) -> bool:
    return stands(found, fdr) and not found.group.by_means and found.group.lone_p is None


def _by_itself(pool: Judged, group: Group, registry: Authorisations, fdr: float) -> Judged | None:
    """The group, a part of the pool, judged; None where it is not raised, or only thanks to what is not in it."""
    if not (group.dealing.evenly or group.dealing.ordered):
        return None
    q, known = max(pool.q_value, group.p_value), declared(group, registry)
    ways = {group.chosen_by_content, False}
    found = {way: judge(replace(group, chosen_by_content=way), known, q, fdr) for way in ways}
    return found[group.chosen_by_content] if all(stands(j, fdr) for j in found.values()) else None


def _bystanders(pool: Judged, customers: np.ndarray, campaign: Judged, fdr: float) -> Judged:
    group = pool.group.narrowed(customers)
    apart = replace(pool, id=group_id(group), group=group, members=membership(group, fdr))
    return replace(apart, overruled=("reseller", _beside(campaign)))


def _something_else(found: Judged, registry: Authorisations) -> bool:
    """What honest people do together, what was told apart, or what is declared: it is no part of a list."""
    said = declared(found.group, registry)
    holds = any(bits > 0 for name, (bits, _) in said.items() if name not in PARTS or name == "batch")
    return found.overruled is not None or found.ranking[0].name not in PARTS or holds


def with_bystanders_apart(found: Judged, registry: Authorisations, fdr: float) -> list[Judged]:
    """A raised group as campaign and bystanders, if it has such (campaigns.tenants)."""
    parts = without_bystanders(found.group) if stands(found, fdr) else None
    return _apart(found, parts, registry, fdr, "are not told from people of their own", "reseller", _beside)


def with_passers_apart(found: Judged, registry: Authorisations, fdr: float) -> list[Judged]:
    """A group as campaign and those who merely used its wording, if there are such (campaigns.passers): a raised group,
    and one that would be raised without them."""
    if stands(found, fdr):
        parts = without_passers(found.group)
        return _apart(found, parts, registry, fdr, "share a wording and nothing else", "unknown", _passing)
    if found.overruled is not None or found.q_value > fdr:
        return [found]
    return _without_passers(found, registry, fdr)


def _without_passers(found: Judged, registry: Authorisations, fdr: float) -> list[Judged]:
    """A group that is not raised, judged once more without those who pass by; as it was where that raises nothing.

    A handful of people who paste a prompt are no kin of its pool and send next to nothing: volumes of all of them together
    are those of nobody who deals. Who is left was chosen for sharing means, so the group has to be significant as it was
    found, everybody included. It was chosen for sending much as well, so the kin have to lead alone too, who were not.
    Either leads by one bit more than at the first look: the better of two looks is taken.
    """
    parts = without_passers(found.group)
    if parts is None:
        return [found]
    for group in (kin_alone(found.group), parts[0]):
        kept = judge(group, declared(group, registry), max(found.q_value, group.p_value), fdr)
        if not stands(kept, fdr) or not leads(kept.ranking, looks=2):
            return [found]
    beside = judge(parts[1], declared(parts[1], registry), kept.q_value, fdr)
    return [kept, replace(beside, overruled=("unknown", _passing(kept)))]


def _apart(
    found: Judged,
    parts: tuple[Group, Group] | None,
    registry: Authorisations,
    fdr: float,
    who: str,
    explanation: str,
    reason: Callable[[Judged], str],
) -> list[Judged]:
    """Campaign and look-alike. The campaign is raised only if it leads and is significant with both and without the other."""
    if parts is None:
        return [found]
    kept, beside = (judge(g, declared(g, registry), max(found.q_value, g.p_value), fdr) for g in parts)
    if not stands(kept, fdr):
        why = f"inconclusive: {beside.group.customers.size} of the accounts {who}, and what the others do does not stand by itself"
        return [replace(found, overruled=("unknown", why))]
    return [kept, replace(beside, overruled=(explanation, reason(kept)))]


def _passing(campaign: Judged) -> str:
    return f"used the wording of {campaign.id} a few times or beside much else, and shares no means with its accounts"


def _beside(campaign: Judged) -> str:
    return f"shares a pool with {campaign.id}; not told from people with content of their own"
