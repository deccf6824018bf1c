"""The town: calendar, networks, shops and the registry of accounts that every group draws from."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.outside.calls import Account, Call, Client, Message
from benchmarks.outside.catalogue import THINKS, ModelChoice, choose_model
from benchmarks.outside.draws import Draws
from benchmarks.outside.networks import Networks, Place
from benchmarks.outside.rhythm import DAY, zone
from benchmarks.outside.software import Installed, install
from benchmarks.outside.words.names import company, domain_of

EPOCH = 1_777_248_000.0  # Monday 27 April 2026, 00:00 UTC
WEEKS = 26
FREE_MAIL = (
    ("postelle.example", 40), ("inboxly.example", 22), ("mailhaven.example", 12), ("correo-libre.example", 6),
    ("brieftaube.example", 5), ("pochta-mir.example", 4), ("youxiang.example", 6), ("protonet.example", 3),
    ("quickpost.example", 2),
)  # fmt: skip


class Town:
    """Everything that is the same for all groups of a world.

    Times are seconds since 1970, UTC. The current week is [start, end), the reference [reference_start,
    start).
    `size` scales campaigns (the crowd has its own number).

    Every method takes the caller's own `Draws` (`town.draws("my group")`), so groups never disturb each other:
    a world with one more group holds the very same calls otherwise.
    """

    def __init__(
        self,
        seed: int,
        days: float = 7,
        reference_days: float = 14,
        prompts: Sequence[str] | None = None,
        size: float = 1.0,
    ) -> None:
        self.seed = seed
        self._size = size
        self.prompts = tuple(prompts) if prompts else None
        draws = self.draws("town")
        self.start = EPOCH + DAY * draws.dice.randrange(7 * WEEKS)
        self.end = self.start + days * DAY
        self.reference_start = self.start - reference_days * DAY
        self.released = self.start + days * DAY * draws.dice.uniform(0.2, 0.6)  # the newest model comes out
        self.networks = Networks(draws)
        self.thinking = THINKS  # models that reason before they answer

    def draws(self, name: str) -> Draws:
        """The random stream of a group or a part of one; the same name gives the same stream again."""
        return Draws(self.seed, name)

    def account(
        self,
        draws: Draws,
        *,
        plan: str = "pay-as-you-go",
        org: str | None = None,
        payment: str | None = None,
        email: str | None = None,
        created: float | None = None,
        keys: int = 1,
    ) -> Account:
        """Open an account. `payment=None` is none at all (free tier); `email=None` a free mail provider.

        `created` is drawn over the last two years, more of it lately, unless given.
        """
        if created is None:
            created = self.reference_start - draws.dice.betavariate(0.8, 2.0) * 730 * DAY - DAY
        return Account(
            draws.token("acc"), org, payment, email or self.free_mail(draws), created, plan,
            tuple(draws.token("key", 8) for _ in range(keys)),
        )  # fmt: skip

    def card(self, draws: Draws) -> str:
        """A new payment token."""
        return draws.token("pay")

    def org(self, draws: Draws) -> str:
        """A new organisation id."""
        return draws.token("org", 8)

    def company(self, draws: Draws) -> tuple[str, str]:
        """A company's (name, e-mail domain)."""
        name = company(draws.dice)
        return name, domain_of(name, draws.dice)

    def free_mail(self, draws: Draws) -> str:
        """The domain of a free e-mail provider."""
        return draws.dice.choices([d for d, _ in FREE_MAIL], [w for _, w in FREE_MAIL])[0]

    def zone(self, draws: Draws) -> float:
        """A time zone, hours from UTC."""
        return zone(draws.rng)

    def place(self, draws: Draws, kind: str = "home", size: int = 1) -> Place:
        """Addresses of a kind: home, mobile, office, cloud, vpn or proxies; `size` where the kind has one."""
        nets = self.networks
        if kind == "home":
            return nets.home(draws)
        if kind == "mobile":
            return nets.mobile(draws)
        if kind == "office":
            return nets.office(draws, size)
        if kind == "cloud":
            return nets.cloud(draws, size)
        return nets.vpn(draws, size) if kind == "vpn" else nets.proxies(draws, size)

    def install(self, draws: Draws, family: str | None = None, **settings: object) -> Installed:
        """Install a client program; see `software.install`."""
        return install(draws, family, **settings)  # type: ignore[arg-type]

    def model(self, draws: Draws, *, tier: str | None = None, moves: float = 0.35) -> ModelChoice:
        """What a program asks for over time; see `catalogue.choose_model`."""
        return choose_model(draws, self.released, tier=tier, moves=moves)

    def call(
        self,
        draws: Draws,
        ts: float,
        account: Account,
        place: Place | tuple[str, str],
        client: Installed | Client,
        model: ModelChoice | str,
        messages: Sequence[Message],
        output: str,
        *,
        key: int = 0,
        reasoning: str | None = None,
        conversation: str | None = None,
        session: str | None = None,
        end_user: str | None = None,
        status: str = "ok",
        error: str | None = None,
        harvest: bool = False,
    ) -> Call:
        """Put a call together. A place gives the address of that time; pass (ip, asn) to hold one.

        `reasoning` is kept only when the model thinks; an error has no output.
        """
        ip, asn = place.address(draws, ts) if isinstance(place, Place) else place
        name = model if isinstance(model, str) else model.at(ts)
        return Call(
            ts, account, account.keys[key % len(account.keys)], ip, asn,
            client.at(ts, self.start) if isinstance(client, Installed) else client, name, tuple(messages),
            output if status == "ok" else "", reasoning if name in self.thinking and status == "ok" else None,
            conversation, session, end_user, status, error, harvest,
        )  # fmt: skip

    def sized(self, accounts: int) -> int:
        """How many accounts a group that is meant to have `accounts` gets in a town of this size (2 at
        least).
        """
        return max(2, round(accounts * self._size))
