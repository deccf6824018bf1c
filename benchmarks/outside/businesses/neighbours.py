"""People as the crowd has them, moved behind a line, a bill or a program that they share with others."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from benchmarks.outside.businesses.members import Purse
from benchmarks.outside.businesses.sittings import within
from benchmarks.outside.calls import Account, Call, Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.draws import Draws
from benchmarks.outside.networks import Place
from benchmarks.outside.software import Installed
from benchmarks.outside.town import Town


class Shared(NamedTuple):
    """What a person shares with the others; None leaves it as it was.
    `share` is how many calls take the place.
    """

    place: Place | None = None
    share: float = 1.0
    purse: Purse | None = None
    client: Installed | None = None


def moved(
    town: Town, crowd: Crowd, draws: Draws, size: int, shares: Callable[[int], Shared]
) -> list[tuple[Account, list[Call]]]:
    """New people of the crowd, each with what `shares` says of their number."""
    people = []
    for number in range(size):
        account, calls = crowd.newcomer(draws)
        shared = shares(number)
        if shared.purse is not None:
            plan, org, payment, email = shared.purse
            account = msgspec.structs.replace(
                account, plan=plan, org=org, payment=payment, email_domain=email or account.email_domain
            )
        people.append((account, [_moved(town, draws, account, call, shared) for call in calls]))
    return people


def _moved(town: Town, draws: Draws, account: Account, call: Call, shared: Shared) -> Call:
    ip, asn = call.ip, call.asn
    if shared.place is not None and draws.chance(shared.share):
        ip, asn = shared.place.address(draws)
    client = shared.client.at(call.ts, town.start) if shared.client is not None else call.client
    return msgspec.structs.replace(call, account=account, ip=ip, asn=asn, client=client)


def settled(town: Town, name: str, kind: str, people: list[tuple[Account, list[Call]]]) -> Group:
    """The population of these people."""
    calls = within(town, (call for _, calls in people for call in calls))
    return Group(name, kind, "", tuple(account for account, _ in people), tuple(calls))
