"""Every benchmark, one after the other (about half an hour on two cores): `make bench`.

    python -m benchmarks.run [PROMPTS.parquet]

The power figures on real prompts need the prompt file; without it they use the built-in grammar.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import building, calibration, hub, ledger, matching, power, speed, trace_scale

if __name__ == "__main__":
    power.main(Path(sys.argv[1]) if len(sys.argv) > 1 else None, 5)
    calibration.main(400)
    ledger.main([1_000_000])
    trace_scale.main([1_000_000], None)
    hub.main(100_000)
    matching.main(matching.EVENTS, matching.SIGNATURES)
    speed.main([100_000, 1_000_000, 10_000_000])
    building.main(building.SIZES)
