"""Which of the accounts that hit a received signature a customer has declared, and whether the declaration holds.

Each customer is judged on its own accounts and its own hours. Only requests that hit the signature are known here, so
a declared volume can be seen to be exceeded but never to be kept, and declared models are not judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from stillwatch.policy.authorisations import Authorisations

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration that names accounts which hit. `left`: bounds that they left; `holds` when there are none."""

    customer: str
    kind: str
    purpose: str
    accounts: int
    holds: bool
    left: list[str] = []

    @property
    def said(self) -> str:
        """The sentence for a reader."""
        who = f"{self.accounts:,} of them are declared by {self.customer} ({self.kind})"
        return who if self.holds else f"{who}, who left the declared bounds: {'; '.join(self.left)}"


def declarations(
    account: np.ndarray, hour: np.ndarray, events: np.ndarray, names: Sequence[str], registry: Authorisations
) -> tuple[list[Declared], np.ndarray]:
    """(declarations, explained bool[n]) for hits account i64[n], hour i64[n] (since 1970), events i64[n] that each stands
    for; `names` by account number.

    An account is explained when a declaration that holds names it.
    """
    explained = np.zeros(account.size, np.bool_)
    if not len(registry) or not account.size:
        return [], explained
    groups = defaultdict[str, list[int]](list)
    for number in np.unique(account).tolist():
        customer = registry.customer_of(names[number])
        if customer is not None:
            groups[customer].append(number)
    out = []
    for customer in sorted(groups):
        mine = np.isin(account, groups[customer])
        first, last = int(hour[mine].min()), int(hour[mine].max())
        days = max(1.0, (last - first + 1) / 24)
        counts = {names[n]: float(events[account == n].sum()) / days for n in groups[customer]}
        covering = registry.covering(list(counts), _when(first), _when(last), counts)
        out += [
            Declared(
                customer=c.customer, kind=c.kind, purpose=c.purpose, accounts=len(c.accounts), holds=c.holds,
                left=[b.said for b in c.left],
            )
            for c in covering
        ]  # fmt: skip
        held = {name for c in covering if c.holds for name in c.accounts}
        explained |= np.isin(account, [n for n in groups[customer] if names[n] in held])
    return out, explained


def _when(hours: int) -> datetime:
    return _EPOCH + timedelta(hours=hours)
