"""How an operator comes by accounts, money, addresses and programs."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.outside.campaigns.operation import Hand
from benchmarks.outside.catalogue import ModelChoice
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.draws import Draws
from benchmarks.outside.networks import Place
from benchmarks.outside.rhythm import DAY, HOUR
from benchmarks.outside.software import Installed
from benchmarks.outside.talk import KEEPS_IDS, Seat
from benchmarks.outside.town import Town
from benchmarks.outside.words.subjects import DAILY, STUDY, TECH
from benchmarks.outside.words.voices import Voice

EVERYTHING = (*DAILY, *STUDY, *TECH)


def cards(
    town: Town, draws: Draws, n: int, per_card: int | None = 1, jitter: bool = False
) -> list[str | None]:
    """A payment for each of n accounts: `per_card` accounts to a card, None for none at all (free tier).

    With `jitter` the number to a card varies between 1 and twice as many, as hand work does.
    """
    if per_card is None:
        return [None] * n
    paid: list[str | None] = []
    while len(paid) < n:
        size = draws.dice.randint(1, 2 * per_card - 1) if jitter else per_card
        paid += [town.card(draws)] * size
    return paid[:n]


def shared(place: Place, n: int) -> list[Place]:
    """Everybody behind the same machines, exits or rotating pool."""
    return [place] * n


def sticky(town: Town, draws: Draws, n: int, per_address: int = 1) -> list[Place]:
    """A residential proxy line for each account (or for a few), held for the whole campaign."""
    pool = town.place(draws, "proxies", -(-n // per_address)).addresses
    return [Place("proxy", (pool[i // per_address],)) for i in range(n)]


def exits(town: Town, draws: Draws, n: int, per_exit: int = 8) -> list[Place]:
    """VPN exits, each account on two or three of them, several accounts to an exit."""
    services = [town.place(draws, "vpn", 3) for _ in range(max(1, n // per_exit))]
    return [draws.dice.choice(services) for _ in range(n)]


def homes(town: Town, draws: Draws, n: int) -> list[Place]:
    """Clean private lines, one household each."""
    return [town.place(draws, "home") for _ in range(n)]


def phones(town: Town, draws: Draws, n: int) -> list[Place]:
    """SIM cards in modems: carrier addresses shared with everybody on that carrier."""
    return [town.place(draws, "mobile") for _ in range(n)]


def programs(
    town: Town, draws: Draws, n: int, families: Sequence[str], **settings: object
) -> list[Installed]:
    """One build of the operator's program for each family named, spread over the accounts."""
    builds = [town.install(draws, family, **settings) for family in families]
    return [builds[i % len(builds)] for i in range(n)]


def disguises(town: Town, draws: Draws, n: int, **settings: object) -> list[Installed]:
    """Each account pretends to be another client, as popular as in the crowd: own User-Agent and settings."""
    return [town.install(draws, None, **settings) for _ in range(n)]


def in_bulk(draws: Draws, n: int, at: float, within_s: float = 6 * HOUR) -> list[float]:
    """Creation times of accounts opened by a script in one go."""
    return [at + draws.dice.random() * within_s for _ in range(n)]


def slowly(draws: Draws, n: int, begin: float, end: float) -> list[float]:
    """Creation times spread over a period, oldest first."""
    return sorted(draws.dice.uniform(begin, end) for _ in range(n))


def enlist(
    town: Town,
    draws: Draws,
    created: Sequence[float],
    payments: Sequence[str | None],
    places: Sequence[Place],
    clients: Sequence[Installed],
    *,
    model: ModelChoice | None = None,
    begin: float,
    end: float | None = None,
    plan: str = "pay-as-you-go",
    org: str | None = None,
    email: str | None = None,
    tongue: str | None = None,
) -> list[Hand]:
    """Open accounts and put a hand on each, in use from `begin` or its creation on."""
    hands = []
    model = model or town.model(draws, tier="main", moves=0.0)
    for i, opened in enumerate(created):
        paid = payments[i]
        account = town.account(
            draws, plan=plan if paid else "free", org=org, payment=paid, email=email, created=opened
        )
        seat = Seat(account, places[i], clients[i], model, keeps_ids=clients[i].family.name in KEEPS_IDS)
        voice = Voice(draws.dice, EVERYTHING, tongue, town.prompts)
        wait = draws.dice.expovariate(1 / (4 * HOUR))
        hands.append(Hand(seat, max(begin, opened + wait), town.end if end is None else end, voice))
    return hands


def bought(
    town: Town,
    draws: Draws,
    crowd: Crowd,
    n: int,
    places: Sequence[Place],
    clients: Sequence[Installed],
    *,
    begin: float,
    model: ModelChoice,
) -> list[Hand]:
    """Accounts that belonged to people: their traffic up to a day or more before the hand-over stays."""
    hands: list[Hand] = []
    while len(hands) < n:
        account, calls = crowd.newcomer(draws)
        over = begin + draws.dice.uniform(0, 1.5) * DAY
        if account.created > begin - 20 * DAY:  # only aged ones are on offer
            continue
        i = len(hands)
        left = over - DAY * draws.dice.uniform(1, 6)
        seat = Seat(account, places[i], clients[i], model, keeps_ids=clients[i].family.name in KEEPS_IDS)
        voice = Voice(draws.dice, EVERYTHING, prompts=town.prompts)
        hands.append(Hand(seat, over, town.end, voice, tuple(c for c in calls if c.ts < left)))
    return hands
