"""When people write and with what means: event times over both periods, clients, plans and parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from stillwatch.range.accounts import long_ago
from stillwatch.range.clock import DAY_S
from stillwatch.range.networks import homes, office, providers
from stillwatch.range.scene import OLD_MODELS, Scene

CLIENTS = (
    *("webchat/4.2", "webchat/4.3", "mobile-ios/9.1", "mobile-android/9.0", "openai-python/1.51"),
    *("openai-node/4.60", "langtool/0.3.1", "curl/8.5.0", "desk-app/2.7", "notes-plugin/1.4"),
)
DOMAINS = ("mail.example", "post.example", "inbox.example", "corp.example", "uni.example", "home.example")
CHURN_SHARE = 0.1
PACE_S = 216.0
"""Mean seconds from a request to the next that goes on from it: the 3,974 of the Mooncake conversation trace whose prefix
blocks another request of its hour had."""
COMPANY = 12
"""People of one company, on average; our assumption."""
_MAX_TOKENS = (256, 512, 1024, 2048, 4096)
_TEMPERATURES = (0.0, 0.3, 0.7, 1.0)


def person_columns(rng: np.random.Generator, count: int) -> dict[str, Any]:
    """Independent habits of `count` unrelated people."""
    return {
        "asn": providers(rng, count),
        "payment_id": [f"pay_{x:012x}" for x in rng.integers(0, 1 << 48, count).tolist()],
        "email_domain": [DOMAINS[i] for i in rng.integers(0, len(DOMAINS), count).tolist()],
        "plan": [("free", "plus", "team")[i] for i in rng.choice(3, count, p=[0.6, 0.3, 0.1]).tolist()],
        "user_agent": [CLIENTS[i] for i in rng.integers(0, len(CLIENTS), count).tolist()],
        "client_fingerprint": [f"ja4_{x:03d}" for x in np.minimum(rng.geometric(0.05, count), 120).tolist()],
        "request_model": [OLD_MODELS[i] for i in rng.choice(3, count, p=[0.5, 0.35, 0.15]).tolist()],
        "temperature": rng.choice(_TEMPERATURES, count),
        "max_tokens": rng.choice(_MAX_TOKENS, count),
        "stream": rng.random(count) < 0.6,
    }


def people(scene: Scene, rng: np.random.Generator, count: int, **columns: Any) -> np.ndarray:
    """`count` unrelated people, some of whom leave or arrive during the periods. Account numbers int64."""
    clock = scene.clock
    start, until = np.full(count, clock.first_s), np.full(count, clock.last_s)
    leaving, arriving = rng.random(count) < CHURN_SHARE, rng.random(count) < CHURN_SHARE
    span = clock.last_s - clock.first_s
    until[leaving] = clock.first_s + rng.random(int(leaving.sum())) * span
    start[arriving & ~leaving] = clock.first_s + rng.random(int((arriving & ~leaving).sum())) * span
    created = long_ago(rng, clock, count)
    created[start > clock.first_s] = start[start > clock.first_s] - 600.0
    given, addresses = person_columns(rng, count) | columns, homes(rng, count)
    share = float(scene.knobs.get("companies_share", 0.0))
    if share:
        theirs, colleague, addresses[colleague] = companies(scene, count, share)
        for name, values in theirs.items():
            given[name] = np.array(given[name], dtype=object)
            given[name][colleague] = values
    return scene.accounts.add(count, addresses=addresses, created_s=created, active=(start, until), **given)


def companies(scene: Scene, count: int, share: float) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    """(payers and mail domains of colleagues, who they are bool[count], their addresses): `share` of `count` people whose
    company pays for them, that sit in its office or at home, and whose organisation is not known.

    Sizes of companies are unequal: shares of them are a uniform draw of all that sum to one.
    """
    rng = scene.rng("companies")
    colleague = rng.random(count) < share
    size = int(colleague.sum())
    odds = rng.exponential(1.0, max(1, round(size / COMPANY)))
    company = rng.choice(odds.size, size, p=odds / odds.sum())
    addresses, offices = homes(rng, size), np.concatenate([office(rng, 1) for _ in range(odds.size)])
    addresses[:, :2] = offices[company, :2]
    columns = {
        "payment_id": [f"pay_company{x:04d}" for x in company.tolist()],
        "email_domain": [f"company{x:04d}.example" for x in company.tolist()],
    }
    return columns, colleague, addresses


def times(
    scene: Scene,
    rng: np.random.Generator,
    accounts: np.ndarray,
    per_week: np.ndarray,
    *,
    machines: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """(account, seconds) of events over both periods, Poisson with `per_week` expected events a week each; of people in
    sittings (`seated`), of machines one by one."""
    days = scene.clock.span_days
    counts = rng.poisson(per_week * days / 7.0)
    owner = np.repeat(accounts, counts)
    start = np.repeat(scene.accounts.number("from_s")[accounts], counts)
    until = np.repeat(scene.accounts.number("until_s")[accounts], counts)
    day = np.floor(rng.random(owner.size) * days)
    at = scene.clock.first_s + day * DAY_S + scene.shape.seconds_of_day(rng, owner.size)
    at = at if machines else seated(scene, rng, owner, at)
    inside = (at >= start) & (at < until)
    return owner[inside], at[inside]


def within(scene: Scene, rng: np.random.Generator, count: int) -> np.ndarray:
    """`count` times of honest shape inside the current period only, seconds."""
    days = scene.clock.days
    at = np.floor(rng.random(count) * days) * DAY_S + scene.shape.seconds_of_day(rng, count)
    return np.minimum(at, scene.clock.last_s - 1e-3)


def seated(scene: Scene, rng: np.random.Generator, owner: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The times, seconds, if people come in sittings of `sitting` events on average (a setting of every world; 1: each
    event by itself, and nothing is drawn). Events of one owner stand together; lengths of sittings are geometric, and
    the number of events of each owner stays."""
    mean = float(scene.knobs.get("sitting", 1.0))
    if mean <= 1.0 or owner.size < 2:
        return at
    begins = np.ones(owner.size, np.bool_)
    begins[1:] = (owner[1:] != owner[:-1]) | (rng.random(owner.size - 1) < 1.0 / mean)
    first = np.maximum.accumulate(np.where(begins, np.arange(owner.size), 0))
    waited = np.cumsum(np.where(begins, 0.0, rng.exponential(PACE_S, owner.size)))
    follows = np.minimum(at[first] + waited - waited[first], scene.clock.last_s - 1e-3)
    return np.where(begins, at, follows)
