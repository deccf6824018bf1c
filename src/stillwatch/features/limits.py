"""Requests that were turned away because of who sent them: a rate limit, a quota, an account that is closed.

Trouble of the service itself (overload, time-outs, 5xx) meets everybody and is left out.
"""

from __future__ import annotations

import re

import numpy as np

from stillwatch.features.batch import Batch
from stillwatch.features.columns import encoded

_LIMITED = re.compile(
    r"^\W*(?:http\W*)?(?:402|403|429)\W*$|rate.?limit|throttl|quota|resource.?exhausted|too.?many.?requests|billing"
    r"|(?:account|key|organi[sz]ation).{0,12}(?:suspended|disabled|banned|blocked|closed|deactivated)"
    r"|permission.?(?:denied|error)|access.?denied|forbidden",
    re.IGNORECASE,
)
_SERVICE = re.compile(r"unavailable|overload|time.?out|internal|capacity", re.IGNORECASE)
COLUMNS = ("status", "error")


def limited(batch: Batch) -> np.ndarray:
    """bool[n]: `status` or `error` says that the account was limited."""
    out = np.zeros(batch.rows, np.bool_)
    for name in COLUMNS:
        array = batch.column(name)
        if array is not None:
            codes, values = encoded(array)
            told = [value is not None and _turned_away(value) for value in values.to_pylist()]
            out |= np.append(np.array(told, np.bool_), False)[codes]
    return out


def _turned_away(said: str) -> bool:
    return bool(_LIMITED.search(said)) and not _SERVICE.search(said)
