"""Benchmark runs: unrelated laboratories run one public benchmark, each dealing it out over its own accounts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stillwatch.range.blocks import single_turn
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.operators import service_accounts
from stillwatch.range.networks import LABS, office, servers
from stillwatch.range.scene import LookAlike, Scene

PREAMBLE = (
    "Below is one item of the Lindow set. Work through it, give your step-by-step reasoning first, and close with the "
    "letter of the option that is right on a line of its own after the word Answer.\n\n"
)
HARNESS, LIBRARY = "lm-eval-harness/0.4.3", "openai-python/1.51"
ACCOUNTS_MAX = 12
RUN_S_MEAN = 3 * 3600.0


def benchmark_runs(
    scene: Scene, laboratories: int, items: int, *, recognised_share: float, open_share: float
) -> list[np.ndarray]:
    """Add `laboratories` that each ask all `items` once in the current period; one look-alike each.

    recognised_share: send a user agent that names a harness; the others call through a plain library.
    open_share: run under one organisation; the others on accounts of their members.
    """
    rng = scene.rng("benchmark")
    front = pa.array([PREAMBLE] * items, pa.large_string())
    benchmark = scene.texts.ask("evaluation", np.full(items, 3_000_000), before=front)
    out = []
    for place in range(laboratories):
        count = min(ACCOUNTS_MAX, 1 + int(rng.geometric(0.3)))
        addresses = office(rng, count, LABS) if rng.random() < 0.5 else servers(rng, count)
        numbers = service_accounts(
            scene,
            rng,
            f"lab_{place:03d}",
            count,
            addresses=addresses,
            openly=bool(rng.random() < open_share),
            asn=f"AS{65000 + place % 3}",
            user_agent=HARNESS if rng.random() < recognised_share else LIBRARY,
            client_fingerprint="ja4_h1",
            request_model="aurora-1",
            temperature=0.0,
            max_tokens=1024,
            stream=False,
        )
        owner = numbers[np.arange(items) % count]
        starts = rng.random() * max(0.1, scene.clock.days - 0.5) * DAY_S
        at = np.minimum(
            starts + np.sort(rng.random(items)) * rng.exponential(RUN_S_MEAN), scene.clock.last_s - 1e-3
        )
        text = rng.permutation(benchmark)
        scene.blocks.append(single_turn(owner, at, text, scene.answers(rng, items)))
        scene.look_alikes.append(LookAlike("evaluation", numbers))
        out.append(numbers)
    return out
