"""The programs that call the lab: official SDKs, curl, agents, no-code tools, apps and people's own code."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.outside.calls import Client
from benchmarks.outside.draws import Draws

DAY = 86_400.0


class Family(NamedTuple):
    """A program: its User-Agent by version and platform, and when its versions came out.

    `minor` is the minor version current at the start of the week, `pace_days` the time between two.
    """

    name: str
    agent: str
    platforms: tuple[str, ...]
    minor: int
    pace_days: float
    stream: float  # share of installations that stream
    weight: float


FAMILIES = (
    Family("sdk-python", "Aldermoor/Python 1.{v}.{p} ({os})",
           ("Linux x86_64; CPython 3.11", "Linux x86_64; CPython 3.12", "Darwin arm64; CPython 3.12",
            "Windows AMD64; CPython 3.11", "Linux aarch64; CPython 3.10"), 58, 9.0, 0.25, 30),
    Family("sdk-node", "Aldermoor/JS 4.{v}.{p} ({os})",
           ("node/20.11; linux", "node/22.3; linux", "node/18.19; darwin", "node/22.3; win32"), 71, 8.0, 0.5, 18),
    Family("sdk-go", "aldermoor-go/0.{v}.{p} ({os})", ("go1.22; linux", "go1.23; linux"), 19, 24.0, 0.2, 4),
    Family("sdk-java", "aldermoor-java/2.{v}.{p} ({os})", ("17.0.9; Linux", "21.0.2; Linux"), 12, 30.0, 0.1, 3),
    Family("curl", "curl/8.{v}.{p}", ("",), 7, 60.0, 0.0, 3),
    Family("requests", "python-requests/2.{v}.{p}", ("linux", "darwin"), 32, 90.0, 0.05, 7),
    Family("aiohttp", "Python/3.11 aiohttp/3.{v}.{p}", ("linux",), 10, 80.0, 0.05, 3),
    Family("console", "Mozilla/5.0 ({os}) Chrome/1{v}.0.{p}.0 Console",
           ("Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64",
            "iPhone; CPU iPhone OS 17_5"), 36, 28.0, 1.0, 20),
    Family("agent-tool", "quillpad-agent/0.{v}.{p} ({os})", ("darwin-arm64", "linux-x64", "win32-x64"),
           44, 4.0, 1.0, 8),
    Family("editor", "marlin-editor/3.{v}.{p} ({os})", ("darwin", "win32", "linux"), 15, 14.0, 1.0, 6),
    Family("no-code", "Flowbench/2024.{v} (hooks)", ("",), 11, 30.0, 0.0, 4),
    Family("chains", "weftchain/0.{v}.{p} Aldermoor/Python", ("linux",), 33, 10.0, 0.4, 5),
)  # fmt: skip
BY_NAME = {f.name: f for f in FAMILIES}


class Installed:
    """One installation: it lags behind the releases by `lag_days`, or stays pinned to what it was."""

    def __init__(
        self, family: Family, platform: str, lag_days: float, pinned: int | None, settings: Client
    ) -> None:
        self.family = family
        self._platform = platform
        self._lag_days = lag_days
        self._pinned = pinned
        self._settings = settings
        self._made: dict[int, Client] = {}

    def at(self, ts: float, start: float) -> Client:
        """The client seen at a time; `start` is the start of the current week."""
        minor = self._pinned
        if minor is None:
            minor = self.family.minor + int(((ts - start) / DAY - self._lag_days) // self.family.pace_days)
        client = self._made.get(minor)
        if client is None:
            agent = self.family.agent.format(v=max(minor, 0), p=(minor * 7) % 4, os=self._platform)
            client = self._made[minor] = _replace_agent(self._settings, agent)
        return client


def _replace_agent(settings: Client, agent: str) -> Client:
    return Client(
        agent, settings.fingerprint, settings.temperature, settings.top_p, settings.max_tokens,
        settings.stream,
        settings.reasoning_effort, settings.response_format, settings.tools_hash, settings.logprobs,
        settings.n,
    )  # fmt: skip


def fingerprint(family: str, platform: str) -> str:
    """A JA4-like handshake: the same for everybody who runs this TLS library on this platform."""
    stack = Draws(0, f"tls/{family}/{platform}")
    ciphers, extensions = stack.dice.randint(13, 31), stack.dice.randint(8, 17)
    protocol = "h2" if family in {"console", "sdk-go", "curl", "editor"} else "h1"
    first, second = stack.dice.getrandbits(48), stack.dice.getrandbits(48)
    return f"t13d{ciphers}{extensions:02d}{protocol}_{first:012x}_{second:012x}"


def install(
    draws: Draws, family: str | None = None, *, own: str | None = None, **settings: object
) -> Installed:
    """Install a program with its usual settings.

    `family` is a name of FAMILIES, or None to draw one by popularity; `own` replaces the User-Agent by one of
    the caller's own program. `settings` are fields of Client; those not given are drawn as people set them.
    """
    dice = draws.dice
    kind = BY_NAME[family] if family else dice.choices(FAMILIES, [f.weight for f in FAMILIES])[0]
    platform = dice.choice(kind.platforms)
    if own is not None:
        kind = kind._replace(agent=own)
    chosen: dict[str, object] = {
        "temperature": dice.choices((None, 0.0, 0.2, 0.3, 0.5, 0.7, 1.0), (50, 9, 8, 6, 5, 15, 7))[0],
        "top_p": dice.choices((None, 0.9, 0.95, 1.0), (85, 4, 4, 7))[0],
        "max_tokens": dice.choices((None, 256, 512, 1000, 1024, 2000, 2048, 4096, 8192), (30, 4, 8, 7, 14, 6, 10, 14, 7))[0],
        "stream": dice.random() < kind.stream,
    }  # fmt: skip
    template = Client("", fingerprint(kind.name, platform), **(chosen | settings))  # type: ignore[arg-type]
    pinned = None
    if dice.random() < 0.35:
        pinned = kind.minor - int(dice.expovariate(1 / 8.0)) - 1
    return Installed(kind, platform, dice.expovariate(1 / 20.0), pinned, template)
