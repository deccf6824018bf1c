"""Calibrators keep their mean at most one, agree with quadrature, and averages stay e-values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from stillwatch.stats import evalues


@pytest.mark.parametrize("kappa", [0.1, 0.5, 0.9])
def test_the_power_calibrator_integrates_to_one(kappa) -> None:
    # with p = exp(-x), the integral of e(p) dp becomes that of e(exp(-x)) exp(-x) dx
    total, _ = integrate.quad(lambda x: 2.0 ** float(evalues.power_bits(-x, kappa)) * math.exp(-x), 0, 600)
    assert total == pytest.approx(1.0, abs=1e-6)


def test_the_mixture_calibrator_integrates_to_one() -> None:
    total, _ = integrate.quad(
        lambda u: 2.0 ** float(evalues.mixture_bits(-math.exp(u))) * math.exp(u - math.exp(u)),
        -30,
        6,
        limit=200,
    )
    # the tail beyond x = e^6 holds 1 / x of the mass
    assert total + math.exp(-6) == pytest.approx(1.0, abs=1e-4)


@given(st.floats(1e-6, 0.999999))
@pytest.mark.slow
def test_the_mixture_equals_quadrature_over_kappa(p) -> None:
    naive, _ = integrate.quad(lambda k: k * p ** (k - 1.0), 0, 1)
    assert 2.0 ** float(evalues.mixture_bits(math.log(p))) == pytest.approx(naive, rel=1e-6)


@pytest.mark.parametrize(("log_p", "bits"), [(0.0, -1.0), (-math.inf, math.inf), (0.5, -1.0)])
def test_the_ends_of_the_mixture(log_p, bits) -> None:
    assert float(evalues.mixture_bits(log_p)) == bits


@given(st.floats(-5000, 0), st.floats(-5000, 0))
def test_calibrators_never_pay_more_for_a_larger_p(a, b) -> None:
    low, high = min(a, b), max(a, b)
    assert evalues.mixture_bits(low) >= evalues.mixture_bits(high) - 1e-9
    assert evalues.power_bits(low) >= evalues.power_bits(high)


def test_p_to_e_is_the_formula() -> None:
    assert evalues.p_to_e([0.01, 1.0], 0.5) == pytest.approx([5.0, 0.5])


def test_average_is_the_mean_and_survives_overflow() -> None:
    assert float(evalues.average_bits([1.0, 3.0])) == pytest.approx(math.log2(5.0))
    assert float(evalues.average_bits([5000.0, -math.inf])) == pytest.approx(4999.0)
    assert float(evalues.average_bits([-math.inf, -math.inf])) == -math.inf
    assert float(evalues.average_bits([1.0, 3.0], weights=[3.0, 1.0])) == pytest.approx(math.log2(3.5))
    by_row = evalues.average_bits([[0.0, 0.0], [2.0, -math.inf]], axis=1)
    assert by_row == pytest.approx([0.0, 1.0])


def test_markov() -> None:
    assert evalues.bits_to_p([10.0, -3.0]) == pytest.approx([2.0**-10, 1.0])
    with pytest.raises(ValueError, match="negative"):
        evalues.bits([-0.5])
