"""Is each item of a list sampled a fixed number of times, or drawn by chance, and dealt over many accounts?

Rejection sampling asks every prompt k times (4 to 16 in practice) and keeps the best answer. Items then come again in other
accounts, as they do where several independent customers, *runners*, work one list off: laboratories with a benchmark, a
class with a sheet, a suite that runs again. A list counts as sampled where all of this holds:
- **a constant number**: SAME_MIN of at least ITEMS_MIN items were asked the same k >= 2 times. Null: accounts choose items
  independently of each other, each as many as it asked. How often an item is asked is then Poisson-binomial, no value of
  which has more than MODE_MAX / sd of the probability (Baillon, Cominetti & Vaisman 2016), over 1 - e^-mean given that somebody
  asked. Unit: the item; p = P(Bin(items, that bound) >= items asked k times) <= P_CHANCE. Choices of one account exclude each
  other (negatively associated), which only thins the tail;
- **little each**: there are ACCOUNTS_MIN accounts for each time an item is asked, so that an account covers an eighth of
  the list at most, on average. Who has a class's sheet or a benchmark to do covers most of it;
- **no passes**: in k stretches of equal length the items are spread over all k not by far more often than by chance
  (k! / k^k). A suite that runs again, or laboratories one after another, ask each item once in each;
- **no runners**: accounts of one runner share the list and ask nothing twice. Either what can be an account's runner, all
  accounts that have less than FEW_SHARED of the items in common with it that dealing at random gives, covers less
  than HALF of the list, for RUNNERLESS of the accounts; or accounts under one payer ask each other's items HALF to twice
  as often as dealing at random makes them (PAIRS_MIN expected), counted over payers of no more accounts than a runner has. A
  company with a suite of its own asks its items more often.
A generator that fills slots at random asks for no number: its items come again as often as chance has it. A list counts as
drawn where accounts cover little, there are no runners (asked of the accounts that sent half the mean or more), and how often
items are asked varies by DRAWN_MAX times its mean at most. What people have in common are a few popular prompts, so that it varies
by twenty times and more.
Descriptive, but for the first: nothing is claimed but that independent customers of one list do not look like this.

Misses: lists in passes ("run all, again"); copies that go out one after another over accounts that take turns, which are
groups with one exercise each; fewer than ACCOUNTS_MIN accounts for each sample; accounts with so few items that runners cannot
be excluded, and payers of their own. One laboratory that samples a private test set over many accounts looks the same.
"""

from __future__ import annotations

from math import exp, lgamma, log, sqrt

import numpy as np
from scipy import sparse

from stillwatch.stats.binomial import upper_tail

SAME_MIN, ITEMS_MIN, P_CHANCE, MODE_MAX = 0.8, 50, 0.001, 0.4689
ACCOUNTS_MIN, HALF, FEW_SHARED, RUNNERLESS, PAIRS_MIN = 8.0, 0.5, 0.25, 0.9, 20.0
DRAWN_MAX = 5.0
SOME = 200
"""Accounts whose runner is looked for."""


def samples(item: np.ndarray, owner: np.ndarray, ts: np.ndarray, payer: np.ndarray) -> int | None:
    """How often each item is sampled; None where the list is not. Per event: item u64[n], owner i64[n], ts i64[n] us; payer
    u64[n], the payment key, 0 where none is known."""
    _, item = np.unique(item, return_inverse=True)
    accounts, owner = np.unique(owner, return_inverse=True)
    times = np.bincount(item)
    k = int(np.bincount(times).argmax())
    same = int(np.count_nonzero(times == k))
    if k < 2 or times.size < ITEMS_MIN or same < SAME_MIN * times.size:
        return None
    if accounts.size < ACCOUNTS_MIN * times.mean() or _chance(times, same, owner) > P_CHANCE:
        return None
    if _in_passes(item, ts, times == k, k):
        return None
    asked = _asked(item, owner)
    under = np.zeros(accounts.size, np.uint64)
    under[owner] = payer
    return k if _no_runners(asked) or _paid_again(asked, under) else None


def drawn(item: np.ndarray, owner: np.ndarray) -> float | None:
    """How often an item is asked on the average, where items are drawn by chance by many accounts; None where they are not.
    Per event: item u64[n], owner i64[n]."""
    _, item = np.unique(item, return_inverse=True)
    accounts, owner = np.unique(owner, return_inverse=True)
    times = np.bincount(item)
    mean = float(times.mean())
    if times.size < ITEMS_MIN or accounts.size < ACCOUNTS_MIN * mean or times.var() > DRAWN_MAX * mean:
        return None
    return mean if _no_runners(_asked(item, owner)) else None


def _asked(item: np.ndarray, owner: np.ndarray) -> sparse.csr_array:
    """Whether an account asked an item, 1.0 [accounts, items], both dense codes."""
    asked = sparse.csr_array((np.ones(item.size), (owner, item)), shape=(owner.max() + 1, item.max() + 1))
    asked.sum_duplicates()
    asked.data[:] = 1.0
    return asked


def _chance(times: np.ndarray, same: int, owner: np.ndarray) -> float:
    """P that independent choosers ask so many items the same number of times."""
    share = np.minimum(1.0, np.bincount(owner) / times.size)
    spread = sqrt(float((share * (1.0 - share)).sum()))
    if spread <= MODE_MAX:
        return 1.0
    bound = MODE_MAX / spread / (1.0 - exp(-float(share.sum())))
    return float(upper_tail(same - 1, times.size, min(1.0, bound)))


def _in_passes(item: np.ndarray, ts: np.ndarray, usual: np.ndarray, k: int) -> bool:
    """Whether the items that are asked k times are so once in each of k stretches of the events, by far."""
    rank = np.empty(item.size, np.int64)
    rank[np.argsort(ts, kind="stable")] = np.arange(item.size)
    stretch = rank * k // item.size
    mine = usual[item]
    seen = np.unique(item[mine] * k + stretch[mine]) // k
    whole = np.count_nonzero(np.bincount(seen, minlength=usual.size) == k) / np.count_nonzero(usual)
    return bool(whole >= (1.0 + exp(lgamma(k + 1) - k * log(k))) / 2.0)


def _expected(asked: sparse.csr_array, rows: np.ndarray) -> np.ndarray:
    """Items f64[rows, accounts] that accounts have in common if the same requests are dealt out at random."""
    sent, times = asked.sum(axis=1), asked.sum(axis=0)
    return np.outer(sent[rows], sent) * float((times * (times - 1)).sum()) / float(sent.sum()) ** 2


def _no_runners(asked: sparse.csr_array) -> bool:
    """Whether hardly an account can belong to a runner: accounts that cover the list together and ask nothing twice. Who sent
    little has nothing in common with anybody, and is not asked."""
    sent = asked.sum(axis=1)
    enough = np.flatnonzero(sent >= HALF * sent.mean())
    rows = enough[np.unique(np.linspace(0, enough.size - 1, SOME).astype(np.int64))]
    common = (asked[rows] @ asked.T).toarray()
    mates = common <= FEW_SHARED * _expected(asked, rows)
    mates[np.arange(rows.size), rows] = True
    covered = ((sparse.csr_array(mates.astype(float)) @ asked) > 0).sum(axis=1)
    return float((covered < HALF * asked.shape[1]).mean()) >= RUNNERLESS


def _paid_again(asked: sparse.csr_array, payer: np.ndarray) -> bool:
    """Whether payers pay for an item again about as often as if each request went to any account."""
    runner = asked.shape[0] * asked.shape[1] / float(asked.sum())
    found = expected = 0.0
    for key in np.unique(payer[payer != 0]):
        rows = np.flatnonzero(payer == key)
        if not 2 <= rows.size <= runner:
            continue
        pairs = np.triu_indices(rows.size, 1)
        found += float((asked[rows] @ asked[rows].T).toarray()[pairs].sum())
        expected += float(_expected(asked, rows)[:, rows][pairs].sum())
    return expected >= PAIRS_MIN and HALF * expected <= found <= expected / HALF
