"""Where calls come from: homes, phones behind carrier NAT, offices, clouds, VPN exits and proxy pools."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.outside.draws import Draws

ISPS = 60
CARRIERS = 18
CLOUDS = 9
VPNS = 12
HELD_S = {"home": 86_400.0, "mobile": 7_200.0, "vpn": 14_400.0}  # how long an address is kept


class Place(NamedTuple):
    """Addresses that one caller uses, with their network; `sticky` is how often the usual one is used.

    A home, a phone or a VPN keeps its address for hours; machines and proxies differ from call to call.
    """

    kind: str
    addresses: tuple[tuple[str, str], ...]  # (ip, asn)
    sticky: float = 1.0

    def address(self, draws: Draws, at: float | None = None) -> tuple[str, str]:
        """The (ip, asn) of a call at a time; without a time a fresh draw."""
        if len(self.addresses) == 1:
            return self.addresses[0]
        period_s = HELD_S.get(self.kind)
        if at is None or period_s is None:
            return (
                self.addresses[0] if draws.dice.random() < self.sticky else draws.dice.choice(self.addresses)
            )
        lot = zlib.crc32(f"{self.addresses[0][0]}/{at // period_s}".encode()) / 2**32
        if lot < self.sticky:
            return self.addresses[0]
        return self.addresses[int((lot - self.sticky) / (1 - self.sticky) * len(self.addresses))]


class Provider(NamedTuple):
    """An operator of a network: its AS number and the /16 prefixes it announces."""

    asn: str
    prefixes: tuple[str, ...]
    v6: str

    def ip(self, draws: Draws) -> str:
        """Any IPv4 address of the provider."""
        dice = draws.dice
        return f"{dice.choice(self.prefixes)}.{dice.randrange(256)}.{dice.randrange(1, 255)}"

    def ip6(self, draws: Draws) -> str:
        """An IPv6 address in a customer's own /64."""
        parts = [f"{draws.dice.getrandbits(16):x}" for _ in range(6)]
        return ":".join([self.v6, *parts[:2], *parts[2:]])


class Networks:
    """Every network of a town. All draws are the caller's, so one group never moves another's addresses."""

    def __init__(self, draws: Draws) -> None:
        self._used: set[str] = set()
        self.isps = [self._provider(draws, 3) for _ in range(ISPS)]
        self.carriers = [self._provider(draws, 1) for _ in range(CARRIERS)]
        self.clouds = [self._provider(draws, 4) for _ in range(CLOUDS)]
        self.vpns = [self._provider(draws, 1) for _ in range(VPNS)]
        self._nat = {c.asn: [c.ip(draws) for _ in range(6)] for c in self.carriers}
        self._exits = {v.asn: [v.ip(draws) for _ in range(14)] for v in self.vpns}

    def _provider(self, draws: Draws, prefixes: int) -> Provider:
        taken: list[str] = []
        while len(taken) < prefixes:
            prefix = f"{draws.dice.randrange(11, 100)}.{draws.dice.randrange(256)}"
            if prefix not in self._used:
                self._used.add(prefix)
                taken.append(prefix)
        asn = f"AS{4_200_000_000 + draws.dice.randrange(1_000_000)}"  # the range for private use
        return Provider(
            asn, tuple(taken), f"2a{draws.dice.randrange(256):02x}:{draws.dice.getrandbits(12):x}"
        )

    def home(self, draws: Draws) -> Place:
        """A household: one line that keeps its address for weeks, or an IPv6 prefix that changes the host
        part.
        """
        isp = draws.dice.choice(self.isps)
        if draws.chance(0.15):
            net = isp.ip6(draws).rsplit(":", 4)[0]
            hosts = (
                f"{net}:" + ":".join(f"{draws.dice.getrandbits(16):x}" for _ in range(4)) for _ in range(6)
            )
            return Place("home", tuple((h, isp.asn) for h in hosts), 0.3)
        lines = tuple((isp.ip(draws), isp.asn) for _ in range(draws.dice.choice((1, 1, 1, 2, 3))))
        return Place("home", lines, 0.85)

    def mobile(self, draws: Draws) -> Place:
        """A phone: a handful of addresses of the carrier, shared with every other customer."""
        carrier = draws.dice.choice(self.carriers)
        pool = draws.dice.sample(self._nat[carrier.asn], 4)
        return Place("mobile", tuple((ip, carrier.asn) for ip in pool), 0.0)

    def office(self, draws: Draws, exits: int = 1) -> Place:
        """A company's own lines, used by all of its people."""
        isp = draws.dice.choice(self.isps)
        return Place("office", tuple((isp.ip(draws), isp.asn) for _ in range(exits)), 0.7)

    def cloud(self, draws: Draws, machines: int = 1) -> Place:
        """Rented machines in one cloud; a call comes from any of them."""
        cloud = draws.dice.choice(self.clouds)
        return Place("cloud", tuple((cloud.ip(draws), cloud.asn) for _ in range(machines)), 0.0)

    def vpn(self, draws: Draws, exits: int = 3) -> Place:
        """A few exits of one VPN service, shared with its other customers."""
        service = draws.dice.choice(self.vpns)
        pool = draws.dice.sample(self._exits[service.asn], exits)
        return Place("vpn", tuple((ip, service.asn) for ip in pool), 0.4)

    def proxies(self, draws: Draws, size: int, isps: int = 25) -> Place:
        """A pool of residential proxies: other people's homes over many providers, another at each call."""
        among: Sequence[Provider] = draws.dice.sample(self.isps, min(isps, len(self.isps)))
        lines = []
        for _ in range(size):
            isp = draws.dice.choice(among)
            lines.append((isp.ip(draws), isp.asn))
        return Place("proxy", tuple(lines), 0.0)
