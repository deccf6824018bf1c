"""Is this endpoint serving our very model: a paired test that two samples of answers are exchangeable.

## Statistic
Biased MMD² with a linear kernel on unit idf-weighted gram vectors (Gretton et al. 2012, JMLR 13:723): with d_p the
difference of the two answers to prompt p, |mean over p of d_p|². Null: the suspect's answers are fresh draws
of the same model, so for each prompt the two answers may be swapped; signs of d_p are flipped at random,
p = (1 + #{flipped >= observed}) / (B + 1). A small p means *not* our model unchanged. A large one says equality
was not rejected, which counts only where the same test rejects models known to be others: the power shown.

## False positives
Another temperature, system prompt or sampler makes our own model look different; a second draw of the teacher
under the suspect's settings belongs among the teachers.

## Evasions
Restyling by a second model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from stillwatch.comparison.profiles import Profiles
from stillwatch.stats.permutation import permutation_p


@dataclass(frozen=True, slots=True, kw_only=True)
class Equality:
    """See the file."""

    flips: int = 999
    seed: int = 0

    def p_value(self, profiles: Profiles, one: int, other: int) -> float:
        """p that `one` and `other` answer alike; 1 where they share no prompt."""
        apart = _differences(profiles, one, other)
        n = apart.shape[0]
        if n == 0:
            return 1.0
        gram = np.asarray((apart @ apart.T).toarray(), np.float64)
        signs = np.random.default_rng(self.seed).choice([-1.0, 1.0], (self.flips, n))
        null = np.einsum("bp,bp->b", signs @ gram, signs)
        # ties within rounding count against a rejection
        return float(permutation_p(gram.sum() - 1e-9 * np.trace(gram), null))


def _differences(profiles: Profiles, one: int, other: int) -> sparse.csr_matrix:
    """f32 csr[shared prompts, grams]: answer of `one` minus answer of `other`, by prompt."""
    mine, theirs = (np.flatnonzero(profiles.model == m) for m in (one, other))
    _, i, j = np.intersect1d(profiles.prompt[mine], profiles.prompt[theirs], return_indices=True)
    return (profiles.vectors[mine[i]] - profiles.vectors[theirs[j]]).tocsr()
