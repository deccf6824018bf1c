"""Mahalanobis: odd accounts are far out, honest or not; an account with everyday conduct is not."""

import dataclasses

import numpy as np
import pytest

from stillwatch.range.baselines.account_features import scaled
from stillwatch.range.baselines.mahalanobis import Mahalanobis


def test_an_odd_account_is_raised_and_the_distance_is_that_of_the_formula(judge, window):
    score, _, raised = judge(Mahalanobis())
    assert "copier-0" in raised
    now, reference = scaled(window)
    varying = reference.std(axis=0) > 0
    now, reference = now[:, varying], reference[:, varying]
    s = np.cov(reference.T)
    s = 0.95 * s + 0.05 * np.diag(np.diag(s))
    x = now[window.names.index("copier-0")]
    assert score["copier-0"] == pytest.approx(float(x @ np.linalg.solve(s, x)), rel=1e-6)


def test_the_oddest_honest_customers_are_raised_as_well(judge):
    assert {"heavy-0", "specialist-0"} <= judge(Mahalanobis())[2]


def test_a_campaign_whose_accounts_look_ordinary_is_missed(judge, of):
    """The pool whose openings vary differs from others in content only; nearly all of it stays inside."""
    raised = judge(Mahalanobis())[2]
    assert len(of(raised, "varied")) <= 3


def test_the_reference_alone_sets_the_threshold(window):
    doubled = dataclasses.replace(window, now=window.before[0], names=tuple(map(str, range(153))))
    assert not Mahalanobis().judge(doubled).groups
