"""The accounts of a population: who pays, where they call from, when they joined and how much they use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from benchmarks.outside.calls import Account
from benchmarks.outside.catalogue import ModelChoice
from benchmarks.outside.draws import Draws
from benchmarks.outside.networks import Place, Provider
from benchmarks.outside.rhythm import DAY, Rhythm
from benchmarks.outside.software import Installed
from benchmarks.outside.town import Town

JOINED_IN_REFERENCE = 0.15  # of the members that are not new this week
LEAVES = 0.06  # share of people that stop before the end
SECOND = 0.05  # share of private accounts that are somebody's second one, on the same card


class Member(NamedTuple):
    """One account as its holder uses it; active in [begin, end), with `per_day` sittings on a working day."""

    number: int
    account: Account
    place: Place
    client: Installed
    model: ModelChoice
    rhythm: Rhythm
    per_day: float
    begin: float
    end: float


class Purse(NamedTuple):
    """Who an account belongs to and who pays for it."""

    plan: str
    org: str | None = None
    payment: str | None = None
    email: str | None = None


def own_card(town: Town, draws: Draws, plan: str = "pay-as-you-go") -> Purse:
    """A private person or a small firm with a card of its own."""
    if draws.chance(0.25):
        return Purse(plan, payment=town.card(draws), email=town.company(draws)[1])
    return Purse(plan, payment=town.card(draws))


def own_firm(town: Town, draws: Draws, plan: str = "team") -> Purse:
    """A firm with its own organisation, card and e-mail domain."""
    return Purse(plan, town.org(draws), town.card(draws), town.company(draws)[1])


def free_or_card(town: Town, draws: Draws, free: float) -> Purse:
    """A private person; at share `free` without any payment."""
    return Purse("free") if draws.chance(free) else own_card(town, draws)


def one_purse(town: Town, draws: Draws, plan: str = "scale") -> Purse:
    """A company whose accounts all share organisation, payment and domain."""
    return Purse(plan, town.org(draws), town.card(draws), town.company(draws)[1])


def somewhere(town: Town, draws: Draws) -> Place:
    """Where private people are: at home, on the phone, rarely behind a VPN or at work."""
    kind = draws.dice.choices(("home", "mobile", "office", "vpn"), (68, 18, 9, 5))[0]
    return town.place(draws, kind, 3) if kind == "vpn" else town.place(draws, kind)


def at_work_and_home(town: Town, draws: Draws, office: Place, home: float) -> Place:
    """The office's lines, and at share `home` one's own."""
    own = town.place(draws, "home").addresses[0]
    return Place("office", (office.addresses[0], *office.addresses, own), 1 - 2 * home) if home else office


def behind(provider: Provider, draws: Draws, addresses: int) -> Place:
    """Some addresses of one network operator, another at each sitting."""
    return Place("mobile", tuple((provider.ip(draws), provider.asn) for _ in range(addresses)), 0.0)


def part_of(pool: Place, draws: Draws, size: int, sticky: float = 0.0) -> Place:
    """A few addresses of a larger pool."""
    return Place(pool.kind, tuple(draws.dice.sample(pool.addresses, min(size, len(pool.addresses)))), sticky)


def joined(town: Town, draws: Draws, new: float) -> float:
    """When a member starts: at share `new` in the current week, some in the reference, most before it."""
    if draws.chance(new):
        return draws.dice.uniform(town.start, town.end - 0.15 * (town.end - town.start))
    if draws.chance(JOINED_IN_REFERENCE):
        return draws.dice.uniform(town.reference_start, town.start)
    return town.reference_start


def in_week(town: Town, share: float) -> float:
    """A moment of the current week: 0 is its start, 1 its end."""
    return town.start + share * (town.end - town.start)


def enrol(
    town: Town,
    draws: Draws,
    size: int,
    *,
    purse: Callable[[int], Purse],
    place: Callable[[int], Place],
    client: Callable[[int], Installed],
    rhythm: Callable[[int], Rhythm],
    per_day: tuple[float, float],
    new: float = 0.1,
    begins: Callable[[int], float] | None = None,
    opened: Callable[[int], float] | None = None,
    model: Callable[[int], ModelChoice] | None = None,
    keys: int = 1,
) -> list[Member]:
    """Open accounts. `per_day` is (median, sigma of the logarithm); who starts late opened the account then.

    `opened` says when the others were created, where they were created together. A sigma of 0 means that
    everybody does the same amount to the end, as machines do.
    """
    members: list[Member] = []
    for number in range(size):
        begin = begins(number) if begins else joined(town, draws, new)
        # A newcomer looks around for some hours before the first call.
        created = opened(number) if opened else None
        if begin > town.reference_start:
            created = begin - draws.dice.expovariate(1 / (0.3 * DAY))
        paid, spot = purse(number), place(number)
        if members and paid.payment and not paid.org and not members[-1].account.org and draws.chance(SECOND):
            paid, spot = paid._replace(payment=members[-1].account.payment), members[-1].place
        account = town.account(
            draws,
            plan=paid.plan,
            org=paid.org,
            payment=paid.payment,
            email=paid.email,
            created=created,
            keys=keys,
        )
        amount = draws.lognormal(*per_day) if per_day[1] else per_day[0]
        chosen = model(number) if model else town.model(draws)
        leaves = per_day[1] > 0 and draws.chance(LEAVES)
        end = draws.dice.uniform(begin, town.end) if leaves else town.end
        members.append(
            Member(number, account, spot, client(number), chosen, rhythm(number), amount, begin, end)
        )
    return members


def everyone_alike(purse: Purse) -> Callable[[int], Purse]:
    """The same organisation and payment for every account."""
    return lambda _number: purse


def by_turns(purses: Sequence[Purse]) -> Callable[[int], Purse]:
    """A few payers, each for every so many accounts."""
    return lambda number: purses[number % len(purses)]


def rollout(town: Town, draws: Draws, hours: float) -> Callable[[int], float]:
    """All accounts were opened within so many hours, some time before the reference."""
    day = town.reference_start - draws.dice.uniform(10, 400) * DAY
    return lambda _number: day - draws.dice.uniform(0, hours) * 3600


def mostly(town: Town, draws: Draws, share: float) -> Callable[[int], ModelChoice]:
    """The model that the maker of a program chose; at share 1 - `share` the user set another."""
    default = town.model(draws)
    return lambda _number: default if draws.chance(share) else town.model(draws)


def product(town: Town, draws: Draws, family: str, own: str | None = None, **settings: object) -> Installed:
    """A program whose settings are all its maker's: what is not given is not sent, rather than drawn."""
    unset: dict[str, object] = {"temperature": None, "top_p": None, "max_tokens": None, "stream": False}
    return town.install(draws, family, own=own, **(unset | settings))
