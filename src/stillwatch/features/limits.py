"""Requests that were turned away because of who sent them: a rate limit, a quota, an account that is closed.

Trouble of the service itself (overload, time-outs, 5xx) meets everybody and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from stillwatch.features.batch import Batch
from stillwatch.features.columns import encoded

_LIMITED = re.compile(
    r"^\W*(?:http\W*)?(?:402|403|429)\W*$|rate.?limit|throttl|quota|resource.?exhausted|too.?many.?requests|billing"
    r"|(?:account|key|organi[sz]ation).{0,12}(?:suspended|disabled|banned|blocked|closed|deactivated)"
    r"|permission.?(?:denied|error)|access.?denied|forbidden",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"^\W*(?:http\W*)?2\d\d\W*(?:ok)?\W*$|^\W*(?:ok|success\w*|succeeded|completed?|stop|length|end_turn|tool_calls?)\W*$",
    re.IGNORECASE,
)
_SERVICE = re.compile(r"unavailable|overload|time.?out|internal|capacity", re.IGNORECASE)
COLUMNS = ("status", "error")


def limited(batch: Batch) -> np.ndarray:
    """bool[n]: `status` or `error` says that the account was limited; an error beside a status that says the request was
    answered is that of something else, such as a try before."""
    answered = _where(batch, "status", _answered)
    return _where(batch, "status", _turned_away) | (_where(batch, "error", _turned_away) & ~answered)


def _where(batch: Batch, column: str, says: Callable[[str], bool]) -> np.ndarray:
    array = batch.column(column)
    if array is None:
        return np.zeros(batch.rows, np.bool_)
    codes, values = encoded(array)
    told = [value is not None and says(value) for value in values.to_pylist()]
    return np.append(np.array(told, np.bool_), False)[codes]


def _answered(said: str) -> bool:
    return bool(_ANSWERED.search(said))


def _turned_away(said: str) -> bool:
    return bool(_LIMITED.search(said)) and not _SERVICE.search(said)
