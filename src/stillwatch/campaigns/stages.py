"""Stages: a few accounts try, and from one moment on many work.

A probe sweep runs on a few accounts of a pool; what it found is then dealt out over all of it. Taken together, their
volumes are uneven and their content is of two kinds, as those of independent users are, though either stage is dealt
out evenly. So the accounts are judged on the stage in which they all work. The first try is no group of its own: it is
of few accounts, most of them in the other, and ordinary firms and courses have one (who works at the weekend, who was
told first). While it lasts it is all there is, and judged. The moment is where the longest wait for a further account
ends, if

- the accounts that had begun had EACH_MIN linked events each on average (where every account comes as often as another,
  as many others do not keep away so long), in volumes no more uneven than dealing at random makes them: people who pilot a
  tool are not told apart from those who use it later;
- the wait was WAIT_MIN of the stage that it ends, and their number at least doubles within SOON of the longer stage;
- GO_ON, as a share of the early accounts, then send at least half of the median of the others: they work on with
  them, or it is a hand-over (campaigns.handover) or a pool that is topped up.
"""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.burst import ACCOUNTS_MIN
from stillwatch.campaigns.dealing import UNEVEN_MIN
from stillwatch.stats.dispersion import volume_dispersion

BEGINNING = int(np.iinfo(np.int64).min)
EACH_MIN, WAIT_MIN, SOON, GO_ON = 5.0, 0.5, 0.25, 0.8


def at_work(owner: np.ndarray, ts: np.ndarray) -> int:
    """Moment (us) from which on the customers `owner` of events at `ts`, one an event, are all at work; BEGINNING where
    there was no first try."""
    people, person = np.unique(owner, return_inverse=True)
    if people.size < 2 * ACCOUNTS_MIN:
        return BEGINNING
    first = np.full(people.size, np.iinfo(np.int64).max)
    np.minimum.at(first, person, ts)
    begun = np.sort(first)
    waits = np.diff(begun)[ACCOUNTS_MIN - 1 : people.size // 2]
    place = ACCOUNTS_MIN + int(np.argmax(waits))
    moment, start, end = int(begun[place]), int(begun[0]), int(ts.max())
    if moment == start:
        return BEGINNING
    early = first < moment
    tried, worked = (np.bincount(person[part], minlength=people.size) for part in (ts < moment, ts >= moment))
    enough = tried.sum() >= EACH_MIN * place and volume_dispersion(tried[early]) <= UNEVEN_MIN
    waited = moment - begun[place - 1] >= WAIT_MIN * (moment - start)
    doubled = np.count_nonzero(begun[place:] - moment <= SOON * max(moment - start, end - moment)) >= place
    go_on = np.mean(2 * worked[early] >= np.median(worked[~early])) >= GO_ON
    return moment if enough and waited and doubled and go_on else BEGINNING
