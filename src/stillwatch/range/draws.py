"""Random draws that are the same on every machine: numpy's interface, distributions of our own.

numpy promises that the raw words of a bit generator never change (NEP 19) but not what its distributions make of
them, and its `exp` and `log` may differ in the last bit between processors. Everything here is made of raw words
and of operations that IEEE 754 rounds correctly (+ - * / and scaling by powers of two), one at a time, so that no
compiler can fuse them. A method that is not overridden is not pinned; a test keeps the range from using one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

PINNED = (
    *("random", "uniform", "integers", "choice", "permutation", "shuffle", "normal", "lognormal"),
    *("exponential", "poisson", "geometric", "zipf"),
)
"""The methods whose results never change."""

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""ln 2 in two parts, the first with enough trailing zeros that k * _LN2_HIGH is exact (fdlibm)."""
_EXP = [1.0 / math.factorial(i) for i in range(15)]
_POISSON_MEAN_MAX = 64.0
Size = int | tuple[int, ...] | None

# Wichura 1988, algorithm AS 241 (PPND16): the normal quantile to about 1e-16.
_CENTRE = (
    (3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3),
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3),
)  # fmt: skip
_MIDDLE = (
    (1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
     1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9),
)  # fmt: skip
_TAIL = (
    (6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7),
    (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15),
)  # fmt: skip


def _polynomial(coefficients: Sequence[float], x: np.ndarray) -> np.ndarray:
    """Horner, lowest power first."""
    out = np.full(np.shape(x), coefficients[-1])
    for c in coefficients[-2::-1]:
        out = out * x + c
    return out


def exp(x: np.ndarray | float) -> np.ndarray:
    """e**x to about one unit in the last place. Shape like `x`; 0 below -745, values above 709 count as 709."""
    x = np.clip(np.asarray(x, dtype=np.float64), -746.0, 709.0)
    k = np.rint(x * 1.4426950408889634)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    return np.ldexp(_polynomial(_EXP, r), k.astype(np.int64))


def log(x: np.ndarray | float) -> np.ndarray:
    """Natural logarithm of positive numbers to about one unit in the last place. Shape like `x`."""
    m, e = np.frexp(np.asarray(x, dtype=np.float64))
    small = m < 0.7071067811865476
    m, e = np.where(small, m * 2.0, m), np.where(small, e - 1, e).astype(np.float64)
    s = (m - 1.0) / (m + 1.0)
    series = _polynomial([1.0 / (2 * i + 1) for i in range(12)], s * s)
    return e * _LN2_HIGH + (2.0 * s * series + e * _LN2_LOW)


def normal_quantile(p: np.ndarray) -> np.ndarray:
    """The standard normal quantile of p in (0, 1), algorithm AS 241 (Wichura 1988). Shape like `p`."""
    q = np.asarray(p, dtype=np.float64) - 0.5
    r = 0.180625 - q * q
    out = q * _polynomial(_CENTRE[0], r) / _polynomial(_CENTRE[1], r)
    far = np.abs(q) > 0.425
    if np.any(far):
        tail = np.sqrt(-log(np.where(q < 0, p, 1.0 - p)[far]))
        near, rest = tail - 1.6, tail - 5.0
        value = np.where(
            tail <= 5.0,
            _polynomial(_MIDDLE[0], near) / _polynomial(_MIDDLE[1], near),
            _polynomial(_TAIL[0], rest) / _polynomial(_TAIL[1], rest),
        )
        out[far] = np.where(q[far] < 0, -value, value)
    return out


def _high(word: np.ndarray, span: np.ndarray) -> np.ndarray:
    """The upper 64 bits of word * span, both uint64; of a short span the upper half of the word decides."""
    low32, s32 = np.uint64(0xFFFFFFFF), np.uint64(32)
    if np.all(span <= low32):
        return ((word >> s32) * span) >> s32
    a, b = word >> s32, word & low32
    c, d = span >> s32, span & low32
    middle = a * d + ((b * d) >> s32)
    return a * c + (middle >> s32) + ((b * c + (middle & low32)) >> s32)


class Draws(np.random.Generator):
    """A numpy generator whose methods in `PINNED` give the same values with any numpy on any processor."""

    def _words(self, size: Size) -> np.ndarray:
        if isinstance(size, int | np.integer):
            return self.bit_generator.random_raw(int(size))
        shape = () if size is None else tuple(size)
        return np.asarray(self.bit_generator.random_raw(math.prod(shape)), dtype=np.uint64).reshape(shape)

    def _open(self, size: Size) -> np.ndarray:
        """Uniform in (0, 1), both ends excluded."""
        return ((self._words(size) >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52

    def random(self, size: Size = None, **_: Any) -> Any:
        """Uniform in [0, 1), 53 bits."""
        return _plain((self._words(size) >> np.uint64(11)) * 2.0**-53)

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Size = None) -> Any:
        """Uniform in [low, high)."""
        return _plain(low + (np.asarray(high) - low) * self.random(_size(size, low, high)))

    def integers(self, low: Any, high: Any = None, size: Size = None, dtype: Any = np.int64, **_: Any) -> Any:
        """Whole numbers in [low, high), or [0, low): word * span >> 64, biased below 2**-32."""
        first, end = (0, low) if high is None else (low, high)
        if (
            isinstance(first, int)
            and isinstance(end, int)
            and 0 < end - first <= 1 << 32
            and size is not None
        ):
            drawn = ((self._words(size) >> np.uint64(32)) * np.uint64(end - first)) >> np.uint64(32)
            return (drawn.astype(np.int64) + first).astype(dtype, copy=False)
        span = np.asarray(np.subtract(end, first))
        if np.any(span <= 0):
            raise ValueError("low >= high")
        words = self._words(_size(size, first, end))
        drawn = _high(np.atleast_1d(words), span.astype(np.uint64)).reshape(words.shape)
        return _plain((drawn.astype(np.int64) + np.asarray(first)).astype(dtype))

    def choice(self, a: Any, size: Size = None, replace: bool = True, p: Any = None, **_: Any) -> Any:
        """Elements of `a` (or of range(a)), with weights `p` or none."""
        count = int(a) if np.ndim(a) == 0 else len(a)
        if replace and p is None:
            at = self.integers(0, count, size)
        elif replace:
            total = np.cumsum(np.asarray(p, dtype=np.float64))
            at = np.minimum(
                np.searchsorted(total, np.asarray(self.random(size)) * total[-1], "right"), count - 1
            )
        else:
            wanted = 1 if size is None else int(np.prod(size))
            if wanted > count:
                raise ValueError("more wanted than there are")
            keys = self._words(count) if p is None else -log(self._open(count)) / np.asarray(p, np.float64)
            at = np.argsort(keys, kind="stable")[:wanted].reshape(() if size is None else size)
        return _plain(at if np.ndim(a) == 0 else np.asarray(a)[at])

    def permutation(self, x: Any, axis: int = 0) -> np.ndarray:
        """range(x), or the elements of `x` along the first axis, in random order."""
        values = np.arange(x) if np.ndim(x) == 0 else np.asarray(x)
        return values[np.argsort(self._words(len(values)), kind="stable")]

    def shuffle(self, x: Any, axis: int = 0) -> None:
        """Put `x` in random order in place."""
        order = self.permutation(len(x))
        x[:] = x[order] if isinstance(x, np.ndarray) else [x[i] for i in order]

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Size = None) -> Any:
        """Normal with mean `loc` and standard deviation `scale`."""
        shape = _size(size, loc, scale)
        drawn = normal_quantile(np.atleast_1d(self._open(shape)))
        return _plain(loc + np.asarray(scale) * (drawn.reshape(()) if shape is None else drawn))

    def lognormal(self, mean: Any = 0.0, sigma: Any = 1.0, size: Size = None) -> Any:
        """exp of a normal."""
        return _plain(exp(self.normal(mean, sigma, size)))

    def exponential(self, scale: Any = 1.0, size: Size = None) -> Any:
        """Exponential with mean `scale`."""
        return _plain(-np.asarray(scale) * log(self._open(_size(size, scale))))

    def geometric(self, p: float, size: Size = None) -> Any:
        """Trials up to the first success, from 1."""
        drawn = np.ceil(log(self._open(size)) / log(1.0 - p)) if p < 1 else np.ones(size or ())
        return _plain(np.maximum(drawn, 1).astype(np.int64))

    def poisson(self, lam: Any = 1.0, size: Size = None) -> Any:
        """Counts with mean `lam`: inversion of the distribution function, large means as sums of smaller ones."""
        shape = _size(size, lam)
        mean = np.broadcast_to(np.asarray(lam, dtype=np.float64), shape or ()).reshape(-1)
        parts = np.maximum(1, np.ceil(mean / _POISSON_MEAN_MAX)).astype(np.int64)
        each, owner = np.repeat(mean / parts, parts), np.repeat(np.arange(mean.size), parts)
        counts = np.zeros(mean.size, dtype=np.int64)
        for at in range(0, each.size, 4096):
            some = each[at : at + 4096]
            np.add.at(counts, owner[at : at + 4096], _poisson(some, self._open(some.size)))
        return _plain(counts.reshape(shape or ()))

    def zipf(self, a: float, size: Size = None) -> Any:
        """P(k) proportional to k**-a, k from 1: Devroye 1986, rejection from the Pareto density (X.6.1)."""
        shape = () if size is None else size
        out = np.zeros(int(np.prod(shape, dtype=np.int64)), dtype=np.int64)
        b = exp(np.array((a - 1.0) * log(2.0)))
        open_ = np.arange(out.size)
        while open_.size:
            u, v = self._open(open_.size), self._open(open_.size)
            x = np.floor(exp(np.minimum(-log(u) / (a - 1.0), 43.0)))
            t = exp((a - 1.0) * log(1.0 + 1.0 / x))
            good = v * x * (t - 1.0) / (b - 1.0) <= t / b
            out[open_[good]] = x[good].astype(np.int64)
            open_ = open_[~good]
        return _plain(out.reshape(shape))


def _poisson(mean: np.ndarray, u: np.ndarray) -> np.ndarray:
    """The smallest k with F(k) > u, shape like `mean`; every mean at most `_POISSON_MEAN_MAX`."""
    top = float(mean.max(initial=0.0))
    terms = int(top + 12.0 * np.sqrt(top)) + 24
    ratio = np.empty((mean.size, terms))
    ratio[:, 0] = exp(-mean)
    ratio[:, 1:] = mean[:, None] / np.arange(1.0, terms)
    return (np.cumsum(np.cumprod(ratio, axis=1), axis=1) <= u[:, None]).sum(axis=1)


def _size(size: Size, *values: Any) -> Size:
    return np.broadcast_shapes(*(np.shape(v) for v in values)) or None if size is None else size


def _plain(value: Any) -> Any:
    """A scalar for shape ()."""
    array = np.asarray(value)
    return array[()] if array.ndim == 0 else array
