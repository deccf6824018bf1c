"""Events of accounts as one stream, from when each of them acts; groups of whose nights nothing is known."""

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.nights import Nights


def stream(times_of, unit_us):
    """(owner i64[n], ts i64[n] us) in order of time; times_of: for each account, times since the start, in units."""
    owner = np.repeat(np.arange(len(times_of)), [len(times) for times in times_of])
    ts = (np.concatenate(times_of) * unit_us).astype(np.int64)
    order = np.argsort(ts, kind="stable")
    return owner[order], ts[order]


def resting(group: Group) -> Group:
    """The group, of whose nights nothing is known: nobody looks whether its accounts act at all hours."""
    group.__dict__["nights"] = Nights(group.customers.size, 0, 0, 0, 0, 0.0)
    return group
