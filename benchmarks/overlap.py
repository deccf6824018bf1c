"""Private overlap in CPU time of one core: a key holder's evaluations with batched proofs, a lab's side, a comparison.

    python -m benchmarks.overlap [BATCHES]

Each row is one batch of 4,096 elements; the rows are interleaved and the median is kept, because the machine is shared;
the best batch is the nearest to a core that nobody else uses.
`multiply` is the group library's bare multiplication by a key, one for each evaluation, below which none can go
(`without_proof` is its rate); `other` is another implementation of RFC 9497 with one key and no shares (dev dependency),
on the same batch, with its proof.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from voprf import ristretto

from benchmarks.worlds import keep
from stillwatch.exchange import signing
from stillwatch.exchange.markings import Level
from stillwatch.exchange.oprf import group, shares, voprf
from stillwatch.exchange.overlap import epoch, tokens
from stillwatch.service import hub_members
from stillwatch.service.hub import Hub
from stillwatch.service.hub_overlap import HubOverlap
from stillwatch.signatures.buckets import at_hour

BATCH = 4_096
RECORDS = 1 << 19


def timed(rows: dict[str, list[float]], name: str, work: Callable[[], Any]) -> Any:
    """The result; CPU seconds go to the row."""
    started = time.process_time()
    held = work()
    rows.setdefault(name, []).append(time.process_time() - started)
    return held


def main(batches: int) -> None:
    """Measure, print, keep."""
    first = int(time.time() // 3600)
    holders = tuple(epoch.Holder(origin=f"h{i}.example/log", url="https://h.example") for i in (1, 2, 3))
    made = epoch.dealt("identifiers", at_hour(first), at_hour(first + 24), 2, holders)
    publics = {i: shares.public_share(made.epoch.points(), i) for i in (1, 2)}
    keys = {i: bytes.fromhex(made.shares[i - 1].share) for i in (1, 2)}
    other = ristretto.Evaluator.from_seed(bytes(32), b"benchmark")
    rows: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as place:
        folder, key = Path(place) / "hub", signing.new_key()
        hub_members.init(folder, "Benchmark", "h1.example/log")
        hub = Hub(folder)
        hub_members.add(hub, "quill", "Quill", Level(3, 3), {}, signing.public_jwk(key))
        side = HubOverlap(hub)
        side.install(epoch.written(made.shares[0]))
        side.allow("quill", BATCH * (batches + 1))
        member = hub.store.member("quill")
        assert member is not None
        for n in range(-1, batches):  # the first turn compiles and warms, and is not kept
            rows = {} if n == 0 else rows
            inputs = [made.epoch.value(f"email:user{BATCH * n + i}@moss.example") for i in range(BATCH)]
            blinded = timed(rows, "blind", lambda inputs=inputs: voprf.blind(inputs))
            asked = blinded.elements
            timed(rows, "multiply", lambda asked=asked: group.times(keys[1], asked))
            answers = {}
            for i in (1, 2):
                answers[i] = timed(
                    rows, "evaluate", lambda i=i, asked=asked: voprf.evaluate(keys[i], publics[i], asked)
                )
                timed(
                    rows,
                    "verify",
                    lambda i=i, asked=asked, held=answers[i]: voprf.verify(publics[i], asked, held),
                )
            timed(rows, "hub", lambda asked=asked: side.evaluate(member, made.epoch.id, asked))
            questions = [
                ristretto.BlindedInput.deserialize(asked[32 * i : 32 * i + 32]) for i in range(BATCH)
            ]
            timed(rows, "other", lambda questions=questions: other.evaluate_batch(questions))
            combined, scale = timed(
                rows, "combine", lambda held=answers: shares.combine({i: a.elements for i, a in held.items()})
            )
            timed(
                rows, "finalize",
                lambda inputs=inputs, blinds=blinded.blinds, held=combined, by=scale: voprf.finalize(
                    inputs, blinds, held, by
                ),
            )  # fmt: skip
        hub.close()
    theirs = b"".join(sorted(hashlib.sha256(b"%d" % n).digest()[:16] for n in range(RECORDS)))
    own = {n: hashlib.sha256(b"%d" % n).digest()[:16] for n in range(0, 2 * RECORDS, 100)}
    hits = timed(rows, "compare", lambda: tokens.found(own, theirs, made.epoch))
    assert len(hits) == -(-RECORDS // 100)
    held = {
        f"{k}_us": round(statistics.median(v) / BATCH * 1e6, 2) for k, v in rows.items() if k != "compare"
    }
    best = {k: min(v) / BATCH * 1e6 for k, v in rows.items()}
    row = {
        "batches": batches,
        "best_batch_evaluations_per_cpu_s": round(1e6 / best["evaluate"]),
        "best_batch_over_other_implementation": round(best["evaluate"] / best["other"], 2),
        "evaluations_per_cpu_s": round(1e6 / held["evaluate_us"]),
        "evaluations_per_cpu_s_without_proof": round(1e6 / held["multiply_us"]),
        "hub_evaluations_per_cpu_s": round(1e6 / held["hub_us"]),
        "over_bare_multiplication": round(held["evaluate_us"] / held["multiply_us"], 2),
        "over_other_implementation": round(held["evaluate_us"] / held["other_us"], 2),
        "lab_us_2_of_3": round(
            held["blind_us"] + 2 * held["verify_us"] + held["combine_us"] + held["finalize_us"], 1
        ),
        **held,
        "compare_records": RECORDS,
        "compare_cpu_s": round(rows["compare"][0], 2),
    }
    print(row, flush=True)
    keep("overlap", f"python -m benchmarks.overlap {batches}", {"rows": [row]})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
