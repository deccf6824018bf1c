"""Events of accounts as one stream, from when each of them acts."""

import numpy as np


def stream(times_of, unit_us):
    """(owner i64[n], ts i64[n] us) in order of time; times_of: for each account, times since the start, in units."""
    owner = np.repeat(np.arange(len(times_of)), [len(times) for times in times_of])
    ts = (np.concatenate(times_of) * unit_us).astype(np.int64)
    order = np.argsort(ts, kind="stable")
    return owner[order], ts[order]
