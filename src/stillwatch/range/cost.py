"""What a campaign costs its operator, item by item, and what one retained example costs in the end.

    cost per retained example = (sum of the items) / (retained_share · harvest answers kept)

Items follow from the plan alone (a follow-up costs what a request does), prices from `cost_inputs.toml`, where each has
its source or is called an assumption. The figure is for comparing plans with one another, defended and undefended; its
absolute size is no better than the prices.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from stillwatch.errors import ConfigError, UnknownNameError
from stillwatch.range.attackers.plan import Plan
from stillwatch.range.attackers.sizing import Size, account_days, size

INPUTS = Path(__file__).with_name("cost_inputs.toml")
AMOUNT_MAX = 1e9
"""Sums of larger amounts overflow, and nothing is so dear."""
KB_PER_GB = 1e6
BOUGHT = ("accounts", "payments")
"""Items that are paid whatever becomes of the accounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The values of `cost_inputs.toml`; amounts in US dollars, shares in [0, 1]."""

    input_usd_per_million: float
    output_usd_per_million: float
    input_tokens_per_request: float
    output_tokens_per_request: float
    output_tokens_per_benchmark_question: float
    verification_usd: float
    aged_account_usd: float
    payment_instrument_usd: float
    proxy_usd_per_gb: float
    residential_usd_per_gb: float
    server_usd_per_gb: float
    kilobytes_per_request: float
    paraphrase_usd_per_item: float
    translation_usd_per_item: float
    sorting_usd_per_item: float
    operator_usd_per_account_day: float
    retained_share: float
    forfeited_usd_per_ban: float


@dataclass(frozen=True, slots=True)
class Bill:
    """items: what is paid for -> US dollars. retained: examples kept in the end."""

    items: Mapping[str, float]
    retained: float

    @property
    def total_usd(self) -> float:
        """Sum of the items."""
        return sum(self.items.values())

    @property
    def usd_per_example(self) -> float | None:
        """Cost of one retained example, None when nothing is retained."""
        return self.total_usd / self.retained if self.retained > 0 else None

    def as_record(self) -> dict[str, Any]:
        """Plain values for JSON, rounded to a hundredth of a cent."""
        each = self.usd_per_example
        return {
            "items_usd": {name: round(value, 4) for name, value in self.items.items()},
            "total_usd": round(self.total_usd, 4),
            "retained_examples": round(self.retained, 1),
            "usd_per_retained_example": None if each is None else round(each, 6),
        }


def added(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The record of two bills (`Bill.as_record`) together."""
    names = dict.fromkeys((*one["items_usd"], *other["items_usd"]))
    items = {name: one["items_usd"].get(name, 0.0) + other["items_usd"].get(name, 0.0) for name in names}
    return Bill(items, one["retained_examples"] + other["retained_examples"]).as_record()


def prices(path: Path | None = None, changes: Mapping[str, object] | None = None) -> Prices:
    """Prices of a file (default: the package's) with single values changed.

    Raises ConfigError for a file or value that cannot be used, UnknownNameError for a name that is no price.
    """
    given = _read(INPUTS)
    if path is not None:
        given |= _read(path)
    return Prices(**(given | {name: _price(name, value, "--set") for name, value in (changes or {}).items()}))


def _read(path: Path) -> dict[str, float]:
    try:
        sections = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"not a readable TOML file ({error})", where=str(path), hint=f"copy {INPUTS.name} and change it"
        ) from error
    flat: dict[str, Any] = {}
    for name, value in sections.items():
        flat |= value if isinstance(value, dict) else {name: value}
    return {name: _price(name, value, str(path)) for name, value in flat.items()}


def _price(name: str, value: object, where: str) -> float:
    known = [field.name for field in fields(Prices)]
    if name not in known:
        raise UnknownNameError("price", name, known, where=where)
    share = name.endswith("_share")
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not 0 <= value <= (1 if share else AMOUNT_MAX)
    ):
        raise ConfigError(
            f"{name} must be a number from 0 to {'1' if share else f'{AMOUNT_MAX:,.0f}'}, not {value!r}",
            where=where,
            hint="amounts are in US dollars",
        )
    return float(value)


def bill(
    plan: Plan,
    days: float,
    price: Prices,
    *,
    owned: int = 0,
    beside: Sequence[Plan] = (),
) -> Bill:
    """The bill of a plan carried out in a period of `days`.

    owned: how many of the pool's accounts live already and need not be bought. beside: plans of the same pool that were
    billed before: their accounts, and the days on which they use them, are paid for there. Raises UsageError as `size`
    does.
    """
    shape = size(plan, days)
    earlier = [size(other, days) for other in beside]
    before, after = _bought(earlier, owned), _bought([*earlier, shape], owned)
    each = max(1, plan.pool.accounts_per_payment)
    asked = shape.harvest + shape.reference
    answers = asked * plan.work.exchanges
    sent = shape.requests - asked + answers
    items = _tokens(plan, shape, price) | {
        "accounts": (after - before) * (price.aged_account_usd if plan.pool.aged else price.verification_usd),
        "payments": (math.ceil(after / each) - math.ceil(before / each)) * price.payment_instrument_usd,
        "network": sent * price.kilobytes_per_request / KB_PER_GB * _per_gb(plan, price),
        "paraphrase": answers * price.paraphrase_usd_per_item * plan.work.paraphrased,
        "translation": answers * price.translation_usd_per_item * (1 - 1 / plan.work.languages),
        "sorting": answers * price.sorting_usd_per_item * (plan.work.shards > 1),
        "time": (account_days([*earlier, shape]) - account_days(earlier))
        * price.operator_usd_per_account_day,
    }
    return Bill({name: usd for name, usd in items.items() if usd}, answers * price.retained_share)


def _bought(shapes: Sequence[Size], owned: int) -> int:
    """Accounts bought for plans of one pool: the most that any needs, and others for each reference period that its own
    accounts do not live to see."""
    most = max((shape.accounts_bought for shape in shapes), default=0)
    forerunners = sum(shape.accounts for shape in shapes if shape.reference and shape.generations > 1)
    return max(0, most - owned) + forerunners


def cut_short(spent: Bill, price: Prices, *, banned: int, sent: float, kept: float) -> Bill:
    """The bill of a period in which accounts were closed, without a reference period.

    banned: how many. sent: share of the requests sent before; the others are not paid for, and days in use are taken to
    go with requests. kept: share of the harvest answered before.
    """
    items = {name: usd * (1.0 if name in BOUGHT else sent) for name, usd in spent.items.items()}
    if banned:
        items["bans"] = banned * price.forfeited_usd_per_ban
    return Bill(items, spent.retained * kept)


def _per_gb(plan: Plan, price: Prices) -> float:
    return {
        "proxies": price.proxy_usd_per_gb,
        "servers": price.server_usd_per_gb,
        "homes": price.residential_usd_per_gb,
    }[plan.pool.network]


def _tokens(plan: Plan, shape: Size, price: Prices) -> dict[str, float]:
    asked = price.input_tokens_per_request * price.input_usd_per_million / 1e6
    answered = price.output_usd_per_million / 1e6
    each = asked + price.output_tokens_per_request * answered
    short = asked + price.output_tokens_per_benchmark_question * answered
    covers = {
        f"tokens of {cover.kind} cover": count * shape.accounts_bought * (short if cover.kind == "benchmark" else each)
        for cover, count in zip(plan.covers, shape.covers, strict=True)
    }  # fmt: skip
    return {
        "tokens of the harvest": shape.harvest * plan.work.exchanges * each,
        **covers,
        "tokens of the reference period": shape.reference * plan.work.exchanges * each,
    }
