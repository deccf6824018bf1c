"""Strangers behind the same line, exit or gateway: VPNs, co-working, carrier NAT, resellers, routers."""

from __future__ import annotations

from benchmarks.outside.businesses.members import (
    Member,
    Purse,
    behind,
    enrol,
    mostly,
    one_purse,
    own_card,
    part_of,
    product,
)
from benchmarks.outside.businesses.neighbours import Shared, moved, settled
from benchmarks.outside.businesses.people import Voices, conversation, turns
from benchmarks.outside.businesses.sittings import Exchange, calls_of, chat, group
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.networks import Place
from benchmarks.outside.rhythm import Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.subjects import DAILY

VPN_EXITS = 14


def vpn_customers(town: Town, crowd: Crowd) -> Group:
    """Customers of one VPN service: nothing in common but its exits,
    which each of them uses most of the time.
    """
    draws = town.draws("businesses/vpn_customers")
    service = town.place(draws, "vpn", VPN_EXITS)
    people = moved(
        town,
        crowd,
        draws,
        120,
        lambda _: Shared(part_of(service, draws, draws.dice.randint(2, 6)), draws.dice.uniform(0.5, 1.0)),
    )
    return settled(town, "vpn_customers", "crowd", people)


def coworking_space(town: Town, crowd: Crowd) -> Group:
    """Freelancers and small firms of one co-working house: their
    calls of the day leave through its two lines.
    """
    draws = town.draws("businesses/coworking_space")
    house = town.place(draws, "office", 2)
    people = moved(town, crowd, draws, 70, lambda _: Shared(house, draws.dice.uniform(0.3, 0.8)))
    return settled(town, "coworking_space", "crowd", people)


def country_behind_nat(town: Town, crowd: Crowd) -> Group:
    """Everybody in a country whose only carrier puts all phones behind twelve addresses."""
    draws = town.draws("businesses/country_behind_nat")
    nat = behind(draws.dice.choice(town.networks.carriers), draws, 12)
    people = moved(town, crowd, draws, 230, lambda _: Shared(part_of(nat, draws, 12), 0.95))
    return settled(town, "country_behind_nat", "crowd", people)


def student_hall(town: Town, crowd: Crowd) -> Group:
    """Residents of a student hall with one uplink; they study
    different things and pay, if at all, themselves.
    """
    draws = town.draws("businesses/student_hall")
    uplink = town.place(draws, "office", 1)
    people = moved(town, crowd, draws, 110, lambda _: Shared(uplink, draws.dice.uniform(0.6, 0.95)))
    return settled(town, "student_hall", "crowd", people)


def gateway_reseller(town: Town, crowd: Crowd) -> Group:
    """A reseller that opens an account per customer, pays for all and sends everything through its gateway.

    The customers are as mixed as the crowd; only the gateway's program, machines and bill are the same.
    """
    draws = town.draws("businesses/gateway_reseller")
    machines = town.place(draws, "cloud", 6)
    purse = one_purse(town, draws)
    gateway = product(town, draws, "sdk-go", own="openquay-gateway/1.{v}", stream=True)
    people = moved(town, crowd, draws, 115, lambda _: Shared(machines, 1.0, purse, gateway))
    return settled(town, "gateway_reseller", "reseller", people)


def regional_distributors(town: Town, crowd: Crowd) -> Group:
    """Accounts sold in local currency by four distributors, who pay for their customers at home."""
    draws = town.draws("businesses/regional_distributors")
    # A distributor has no organisation at the lab: it tops up its customers' accounts with a company card.
    purses = [Purse("pay-as-you-go", payment=town.card(draws)) for _ in range(4)]
    sizes = draws.dice.choices(range(4), (10, 5, 2, 1), k=130)
    people = moved(town, crowd, draws, 130, lambda n: Shared(purse=purses[sizes[n]]))
    return settled(town, "regional_distributors", "reseller", people)


def model_router(town: Town, _crowd: Crowd) -> Group:
    """A router that sends its users' questions to several labs over a
    few accounts, with many users behind each.

    Histories hold turns of other labs' models; languages and subjects are those of its users.
    """
    draws = town.draws("businesses/model_router")
    machines = town.place(draws, "cloud", 5)
    purse = one_purse(town, draws)
    client = product(town, draws, "aiohttp", own="crossway-router/0.{v}", stream=True)
    members = enrol(
        town,
        draws,
        20,
        purse=lambda _: purse,
        place=lambda _: machines,
        client=lambda _: client,
        rhythm=lambda _: Rhythm("people", 0.0),
        per_day=(5.0, 0.5),
        new=0.1,
        keys=2,
    )
    users = [f"u{draws.dice.getrandbits(32):08x}" for _ in range(600)]
    voices = Voices(town, draws, DAILY)

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        who = int(len(users) * draws.dice.random() ** 2)
        said = conversation(draws, voices.of(who), turns(draws, 2.0))
        exchanges = chat(draws, said, known=False)
        # The user may have begun with another lab's model and switched.
        skip = draws.dice.randrange(len(exchanges)) if draws.chance(0.3) else 0
        return [e._replace(end_user=users[who], key=who) for e in exchanges[skip:]]

    return group("model_router", "reseller", members, calls_of(town, draws, members, talk))


_TEAM_BOT = "You are {name}, a bot in the chat room of a club. Several people speak; answer the last one."


def chat_room_bots(town: Town, _crowd: Crowd) -> Group:
    """Clubs that rent the same hosted chat-room bot and pay the lab
    themselves; many voices come out of each account.
    """
    draws = town.draws("businesses/chat_room_bots")
    host: Place = town.place(draws, "cloud", 3)
    client = product(town, draws, "sdk-node", own="clubhouse-bot/2.{v}", temperature=0.9, max_tokens=400)
    members = enrol(
        town,
        draws,
        65,
        purse=lambda _: own_card(town, draws),
        place=lambda _: host,
        client=lambda _: client,
        rhythm=lambda _: Rhythm("evening", town.zone(draws), 1.4),
        model=mostly(town, draws, 1.0),
        per_day=(0.7, 1.1),
        new=0.12,
    )
    voices = Voices(town, draws)
    names = ("Beppo", "Mirabel", "Sparrow", "Old Tom", "Quip")

    def talk(member: Member, _begin: float) -> list[Exchange]:
        speaker = voices.of(member.number * 12 + draws.dice.randrange(12))
        system = _TEAM_BOT.format(name=names[member.number % 5])
        return chat(draws, conversation(draws, speaker, turns(draws, 1.5)), system, known=False)

    return group("chat_room_bots", "application", members, calls_of(town, draws, members, talk))
