"""The ledger of a scan: what the input itself and its reference say we served, beside one that is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from stillwatch.engine.batches import responses
from stillwatch.events.dataset import Dataset
from stillwatch.features.served import Issued
from stillwatch.ledger import Ledger, View
from stillwatch.ledger.ledger import Seeds
from stillwatch.telemetry import Progress

CustomerOf = Callable[[str], str | None]


def issued(
    datasets: Sequence[Dataset],
    work: Path,
    secret: bytes,
    kept: Path | None,
    customer_of: CustomerOf,
    public: np.ndarray,
    progress: Progress,
) -> Issued | None:
    """What was served, from the outputs of `datasets` (a ledger under `work`) and the ledger `kept`; `public`: spans of public text.

    None when neither says anything. Raises ConfigError when `kept` was made under another secret, and
    UnreadableInputError when it is damaged.
    """
    view = View() if kept is None else Ledger.open(kept, secret).view()
    logged = [d for d in datasets if d.coverage.get("output_text")]
    customers: dict[str, str] = {}
    if logged:
        made = Ledger.create(work / "ledger", secret, durable=False)
        made.append(_read(logged, customer_of, customers, progress))
        view = made.view().joined(view)
    if view.responses == 0:
        return None
    seeds = Seeds.of(secret)
    names = sorted(customers)
    marks = seeds.accounts(pa.array(names, pa.large_string()))
    owners = seeds.accounts(pa.array([customers[n] for n in names], pa.large_string()))
    order = np.argsort(marks)
    return Issued(view, np.uint64(seeds.account), (marks[order], owners[order]), public)


def _read(
    datasets: Sequence[Dataset], customer_of: CustomerOf, customers: dict[str, str], progress: Progress
) -> Iterator[pa.RecordBatch]:
    """Every event, the customers declared for several accounts noted on the way."""
    done, total = 0, sum(d.rows for d in datasets)
    seen: set[str] = set()
    for dataset in datasets:
        for batch in responses(dataset):
            progress("reading what was served", done, total)
            done += batch.num_rows
            for name in batch.column("account_id").unique().to_pylist():
                if name not in seen:
                    seen.add(name)
                    customer = customer_of(name)
                    if customer is not None:
                        customers[name] = f"customer {customer}"
            yield batch
