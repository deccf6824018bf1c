"""The background: everybody else at the lab, from people who ask once a month to firms with pipelines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.outside.calls import Account, Call, Group
from benchmarks.outside.draws import Draws
from benchmarks.outside.firms import Made, agent_user, app, automation, developer, firm
from benchmarks.outside.residents import SORTS, fashion_of, resident
from benchmarks.outside.talk import with_failures
from benchmarks.outside.town import Town

FIRMS = 0.17  # share of accounts that belong to firms of two or more accounts
SINGLES: tuple[tuple[Callable[[Town, Draws], Made], float], ...] = (
    (developer, 0.11), (agent_user, 0.045), (automation, 0.025), (app, 0.012),
)  # fmt: skip


class Crowd:
    """The accounts and calls of the background, and a way to make more of the same.

    `of(account_id)` gives an account's calls; `newcomer(draws)` makes one more person as the crowd has them,
    for campaigns that buy accounts with a past and for cover traffic.
    """

    def __init__(self, town: Town, accounts: int = 1200) -> None:
        self._town = town
        self.fashion = fashion_of(town, town.draws("crowd/fashion"))
        self.made: Made = list(self._all(accounts))
        self._by_id = {account.id: calls for account, calls in self.made}

    def _all(self, accounts: int) -> Iterator[tuple[Account, list[Call]]]:
        left = {make.__name__: round(accounts * share) for make, share in SINGLES}
        desks = round(accounts * FIRMS)
        people = accounts - desks - sum(left.values())
        for i in range(people):
            yield self.newcomer(self._town.draws(f"crowd/person/{i}"))
        for make, _ in SINGLES:
            for i in range(left[make.__name__]):
                yield from self._failing(make, self._town.draws(f"crowd/{make.__name__}/{i}"))
        while desks > 0:
            draws = self._town.draws(f"crowd/firm/{desks}")
            size = min(desks, 1 + int(draws.dice.paretovariate(1.1)), 30)
            desks -= size
            yield from self._failing(lambda t, d, n=size: firm(t, d, n), draws)  # type: ignore[misc]

    def _failing(self, make: Callable[[Town, Draws], Made], draws: Draws) -> Made:
        return [(account, with_failures(draws, calls)) for account, calls in make(self._town, draws)]

    def newcomer(self, draws: Draws) -> tuple[Account, list[Call]]:
        """One more person with all of their calls, of a sort drawn as in the crowd."""
        sort = draws.dice.choices(SORTS, [s.share for s in SORTS])[0]
        account, calls = resident(self._town, draws, sort, self.fashion)
        return account, with_failures(draws, calls)

    def of(self, account_id: str) -> list[Call]:
        """The calls of one account of the crowd."""
        return self._by_id[account_id]

    def group(self) -> Group:
        """The whole crowd as one group for `calls.write`."""
        accounts = tuple(account for account, _ in self.made)
        return Group("crowd", "crowd", "", accounts, tuple(c for _, calls in self.made for c in calls))
