"""Looking for received signatures in one's own logs (`stillwatch exchange match`): events in a CPU-second of one core.

    python -m benchmarks.matching [EVENTS [SIGNATURES ...]]

A world's log, and signatures derived, signed, judged and stored as a pull would have: one in ten says no wording, only
tokens and parameters; one in a hundred has the wording of a prompt of the log. `whole` counts everything that the command
does, `begin` the same on a log of 500 events: reading, standing and compiling the signatures, and reporting on each.
`floor`: reading the same columns of the same Parquet on one thread. Rows are interleaved with it, and the median of
RUNS is kept, because the machine is shared.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.worlds import keep
from stillwatch.exchange import signing, stix
from stillwatch.exchange.reception import Reader, judge
from stillwatch.findings.result import AccountMembership, Campaign, GroupDetail, Profile
from stillwatch.range import build_world
from stillwatch.service import sharing
from stillwatch.service.retrohunt import hunt
from stillwatch.signatures.deriving import certainty, derive, techniques
from stillwatch.signatures.sketch import ForumKey
from stillwatch.storage.member import MemberFolder
from stillwatch.storage.received import Batch, ReceivedStore

EVENTS, SIGNATURES = 200_000, [1, 1_000, 10_000]
RUNS = 3
FEW = 500
READ = ("event_id", "ts", "account_id", "input_tokens", "output_tokens", "max_tokens", "stream")
NOW = datetime(2026, 10, 1, tzinfo=UTC)
HOURS = int(NOW.timestamp() // 3600) - 24


def log(place: Path, events: int) -> tuple[Path, Path, list[str]]:
    """(a log of about so many events, its first FEW, prompts of it)."""
    world = build_world("demo", seed=5, out=place / "world", size=int(events * 1.37)) / "reference"
    few = place / "few"
    few.mkdir()
    prompts = list[str]()
    for name in ("events.parquet", "content.parquet"):
        head = next(pq.ParquetFile(world / name).iter_batches(FEW))
        pq.write_table(pa.Table.from_batches([head]), few / name)
        if name == "content.parquet":
            prompts = [" ".join(m["text"] for m in row) for row in head.column("messages").to_pylist()]
    return world, few, prompts


def finding(n: int, wording: str, draw: random.Random) -> tuple[Campaign, GroupDetail]:
    """A campaign of its own and its template."""
    size = 1 << draw.randrange(4, 12)
    accounts = [
        AccountMembership(account_id=f"a{i}", p_value=1e-4, q_value=1e-3, share=0.5) for i in range(64)
    ]
    profile = Profile(
        events_per_account_day=float(1 << draw.randrange(6)), active_hours=12, dispersion=0.4,
        repeated=draw.random(), input_tokens=float(size), output_tokens=float(size << draw.randrange(4)),
        turns=1.0, intents={"grading": 0.9}, shared=["client"],
        request={"stream": draw.random() < 0.5, "max_tokens": float(1 << draw.randrange(8, 13))},
    )  # fmt: skip
    campaign = Campaign(
        id=f"g-{n:010x}", p_value=1e-4, q_value=1e-3, bits=40.0, severity="medium", explanation="extraction",
        explanations=[], accounts=accounts, first="2026-09-01T00:00:00Z", last="2026-09-03T00:00:00Z",
        events=640, techniques=["AML.T0024.002"], evidence=[],
    )  # fmt: skip
    return campaign, GroupDetail(id=campaign.id, template=[("fixed", wording)], profile=profile)


def wording(n: int, prompts: list[str], draw: random.Random) -> str:
    """Of the log, too little to be told apart, or of nobody here."""
    if n % 100 == 0:
        return draw.choice(prompts)
    words = ("".join(draw.choices("abcdefghiklmnoprstuvw", k=5)) for _ in range(3 if n % 10 == 1 else 40))
    return " ".join(words)


def received(folder: MemberFolder, count: int, prompts: list[str]) -> None:
    """Store so many signatures as a pull would."""
    forum = folder.folder.parent.with_suffix(".forum")
    forum.write_bytes(bytes(range(32)))
    sharing.join(folder, forum)
    key, private, draw = ForumKey.of(folder.forum_key()), signing.new_key(), random.Random(count)
    member = stix.object_id("identity", b"b", "fern")
    reader, taken = Reader({member: signing.public_jwk(private)}), []
    for n in range(count):
        campaign, detail = finding(n, wording(n, prompts, draw), draw)
        held = stix.indicator(
            derive(campaign, detail, key), techniques(campaign), id_=stix.object_id("indicator", b"b", campaign.id),
            member=member, hours=HOURS, valid_days=90, confidence=certainty(campaign), tlp="amber",
        )  # fmt: skip
        taken.append(judge(msgspec.json.encode(held), signing.sign(held, private), reader))
        assert taken[-1].state == "accepted", taken[-1].reason
    ReceivedStore(folder.folder).take(Batch(accepted=taken))


def floor(target: Path) -> int:
    """Read what a match reads of the Parquet files; rows."""
    rows = 0
    for name, columns in (("events.parquet", READ), ("content.parquet", ("messages",))):
        for batch in pq.ParquetFile(target / name).iter_batches(32_768, columns=columns, use_threads=False):
            rows += batch.num_rows
    return rows // 2


def spent(work: Callable[[], Any]) -> tuple[float, Any]:
    """(CPU seconds, result)."""
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def measure(folder: MemberFolder, count: int, target: Path, few: Path) -> dict[str, Any]:
    """One row; the first turn compiles and warms, and is not kept."""
    took: dict[str, list[float]] = {"whole": [], "begin": [], "floor": []}
    for turn in range(RUNS + 1):
        whole, found = spent(lambda: hunt(folder, None, target, now=NOW))
        begin, _ = spent(lambda: hunt(folder, None, few, now=NOW))
        read, events = spent(lambda: floor(target))
        if turn:
            for name, value in (("whole", whole), ("begin", begin), ("floor", read)):
                took[name].append(value)
    assert len(found.matches) == count
    middle = {name: statistics.median(values) for name, values in took.items()}
    return {
        "signatures": count,
        "events": events,
        "events_per_cpu_s": round(events / middle["whole"]),
        "events_per_cpu_s_beyond_the_first": round((events - FEW) / (middle["whole"] - middle["begin"])),
        "over_reading_the_parquet": round(middle["whole"] / middle["floor"], 2),
        "begin_cpu_s": round(middle["begin"], 2),
        "floor_cpu_s": round(middle["floor"], 3),
        "verdicts": dict(sorted(Counter(m.verdict for m in found.matches).items())),
    }


def main(events: int, counts: list[int]) -> None:
    """Measure, print, keep."""
    rows = []
    with tempfile.TemporaryDirectory() as place:
        target, few, prompts = log(Path(place), events)
        for count in counts:
            folder = MemberFolder(Path(place) / f"member-{count}")
            received(folder, count, prompts)
            rows.append(measure(folder, count, target, few))
            print(rows[-1], flush=True)
    command = f"python -m benchmarks.matching {events} {' '.join(map(str, counts))}"
    keep("matching", command, {"runs": RUNS, "rows": rows})


if __name__ == "__main__":
    given = [int(float(a)) for a in sys.argv[1:]]
    main(given[0] if given else EVENTS, given[1:] or SIGNATURES)
