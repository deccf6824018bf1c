"""How the third author's operators come by accounts and deal out work: both are described in a few fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from benchmarks.outside.calls import Account, Group
from benchmarks.outside.campaigns import operation, recruiting
from benchmarks.outside.campaigns.operation import Deal, Hand, Slot
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.draws import Draws
from benchmarks.outside.networks import Place
from benchmarks.outside.rhythm import DAY, HOUR, Rhythm
from benchmarks.outside.software import Installed
from benchmarks.outside.talk import KEEPS_IDS, Seat
from benchmarks.outside.town import Town
from benchmarks.outside.words.voices import Voice

Work = Callable[[Town, Draws, int], Deal]  # for so many hands
PER_EXIT = 6


class Pool(NamedTuple):
    """A stock of accounts.

    `opened` is bulk, slowly, aged (bought from people) or churned; `lead` is the days before the week at
    which work starts (below 0: within it); `pay` is none, card, stolen, one, firms or student.
    """

    accounts: int
    opened: str
    lead: float
    pay: str
    net: str
    software: tuple[str, ...] = ()  # families of programs; none: every account its own disguise
    settings: tuple[tuple[str, Any], ...] = ()
    life_days: float = 3.0  # of churned accounts
    tier: str | None = "main"
    moves: float = 0.0
    plan: str = "pay-as-you-go"


class Plan(NamedTuple):
    """A campaign. `dealing` is turns, lottery, clocks or sittings; `per_day` is tasks per account in use."""

    about: str
    archetype: str
    pool: Pool
    work: Work
    dealing: str
    per_day: float
    shape: str = "always"
    zone: float = 0.0
    weekend: float = 1.0
    quota: int = 0
    spread: float = 0.0
    tasks: int = 1  # per sitting
    gap_s: float = 20.0  # between tasks of a sitting and between exchanges of a task
    cover: float = 0.0
    banned_at: float | None = None  # share of the week after which another stock takes over


def places(town: Town, draws: Draws, kind: str, n: int) -> list[Place]:
    """Where n accounts call from, by the way the operator hides."""
    if kind == "sticky":
        return recruiting.sticky(town, draws, n)
    if kind == "proxies":
        pool = town.place(draws, "proxies", max(6, 2 * n))
        return [Place("proxy", tuple(draws.dice.sample(pool.addresses, 6))) for _ in range(n)]
    if kind == "vpn":
        return recruiting.exits(town, draws, n, PER_EXIT)
    if kind == "phones":
        return recruiting.phones(town, draws, n)
    if kind == "clouds":
        rented = [town.place(draws, "cloud", 5) for _ in range(3)]
        return [draws.dice.choice(rented) for _ in range(n)]
    if kind == "machines":  # one small rented machine for each account, at several clouds
        return [town.place(draws, "cloud") for _ in range(n)]
    if kind == "campus":
        lines = [town.place(draws, "office", 2) for _ in range(3)]
        return [
            draws.dice.choice(lines) if draws.chance(0.4) else town.place(draws, "home") for _ in range(n)
        ]
    return recruiting.homes(town, draws, n)


def programs(town: Town, draws: Draws, pool: Pool, n: int) -> list[Installed]:
    """The program on each account."""
    settings = dict(pool.settings)
    if not pool.software:
        return recruiting.disguises(town, draws, n, **settings)
    return recruiting.programs(town, draws, n, pool.software, **settings)


def _accounts(town: Town, draws: Draws, pool: Pool, created: Sequence[float]) -> list[Account]:
    """Accounts with the money that the operator has for them."""
    n = len(created)
    opened: list[Account] = []
    firm: tuple[str, str, str] | None = None
    one, campuses = town.card(draws), [town.company(draws)[1] for _ in range(3)]
    left = 0
    for at in created:
        if pool.pay == "firms":
            if not left:
                left = draws.dice.randint(2, 6)
                firm = (town.org(draws), town.card(draws), town.company(draws)[1])
            left -= 1
            assert firm is not None
            given: dict[str, Any] = {"plan": "team", "org": firm[0], "payment": firm[1], "email": firm[2]}
        elif pool.pay == "student":
            given = {"plan": "free", "email": draws.dice.choice(campuses)}
        elif pool.pay == "one":
            given = {"plan": pool.plan, "payment": one}
        else:
            given = {"plan": pool.plan}
        opened.append(town.account(draws, created=at, **given))
    if pool.pay in {"card", "stolen"}:
        cards = recruiting.cards(town, draws, n, 1 if pool.pay == "card" else 3, pool.pay == "stolen")
        return [_paid(account, card) for account, card in zip(opened, cards, strict=True)]
    return [_paid(a, None) for a in opened] if pool.pay == "none" else opened


def _paid(account: Account, card: str | None) -> Account:
    return Account(
        account.id,
        account.org,
        card,
        account.email_domain,
        account.created,
        account.plan if card else "free",
        account.keys,
    )


def hire(
    town: Town, draws: Draws, crowd: Crowd, pool: Pool, begin: float, end: float, tongue: str | None = None
) -> list[Hand]:
    """Hands on all accounts of a pool, in use from `begin` to `end` at the most."""
    n = town.sized(pool.accounts)
    spots, clients = places(town, draws, pool.net, n), programs(town, draws, pool, n)
    model = town.model(draws, tier=pool.tier, moves=pool.moves)
    if pool.opened == "aged":
        return recruiting.bought(town, draws, crowd, n, spots, clients, begin=begin, model=model)
    span = end - begin
    if pool.opened == "bulk":
        created = recruiting.in_bulk(draws, n, begin - draws.dice.uniform(0.5, 2) * DAY, 8 * HOUR)
    elif pool.opened == "churned":
        life = pool.life_days * DAY
        steps = [begin - 0.5 * life + (span - 0.3 * life) * i / n for i in range(n)]
        created = [at - draws.dice.uniform(1, 9) * HOUR for at in steps]
    else:
        created = recruiting.slowly(draws, n, begin - 45 * DAY, max(begin, end - 5 * DAY))
    hands = []
    for i, account in enumerate(_accounts(town, draws, pool, created)):
        start = max(begin, account.created + draws.dice.expovariate(1 / (5 * HOUR)))
        stop = (
            start + pool.life_days * DAY * draws.dice.uniform(0.7, 1.3) if pool.opened == "churned" else end
        )
        seat = Seat(account, spots[i], clients[i], model, keeps_ids=clients[i].family.name in KEEPS_IDS)
        voice = Voice(draws.dice, recruiting.EVERYTHING, tongue, town.prompts)
        hands.append(Hand(seat, start, min(stop, end), voice))
    return hands


def slots(
    town: Town, draws: Draws, plan: Plan, hands: Sequence[Hand], begin: float, end: float
) -> list[Slot]:
    """When which hand works."""
    rhythm = Rhythm(plan.shape, plan.zone, plan.weekend)
    if plan.dealing == "clocks":
        dealt = operation.own_clocks(town, draws, hands, plan.per_day, rhythm, plan.spread)
    elif plan.dealing == "sittings":
        dealt = operation.sittings(
            town, draws, hands, plan.per_day / plan.tasks, plan.tasks, plan.gap_s, rhythm
        )
    else:
        # The lottery also draws hands that are not in use, and loses those draws.
        used = sum(hand.end - hand.begin for hand in hands) / (end - begin)
        drawn = used if plan.dealing == "turns" else len(hands)
        times = [float(at) for at in rhythm.times(draws.rng, plan.per_day * drawn, begin, end)]
        if plan.dealing == "turns":
            dealt = operation.round_robin(hands, times)
        else:
            dealt = operation.lottery(draws, hands, times, plan.spread)
    return operation.capped(dealt, plan.quota) if plan.quota else dealt


def campaign(name: str, plan: Plan, town: Town, crowd: Crowd) -> Group:
    """The campaign of a plan, with all of its calls."""
    draws = town.draws(f"third/{name}")
    begin, end = town.start - plan.pool.lead * DAY, town.end
    begin = max(begin, town.reference_start + HOUR)
    hands: list[Hand]
    if plan.banned_at is None:
        hands = hire(town, draws, crowd, plan.pool, begin, end)
    else:
        ban = town.start + plan.banned_at * (town.end - town.start)
        half = plan.pool._replace(accounts=plan.pool.accounts // 2)
        hands = hire(town, draws, crowd, half, begin, ban)
        hands += hire(town, draws, crowd, half, ban + 5 * HOUR, end)
    deal = plan.work(town, draws, len(hands))
    dealt = slots(town, draws, plan, hands, begin, end)
    return operation.carry_out(
        town, draws, name, plan.archetype, hands, dealt, deal, cover=plan.cover, gap_s=plan.gap_s
    )
