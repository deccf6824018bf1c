"""ristretto255 elements that everybody may see: decoded, summed with public weights, encoded again.

Not constant time: nothing secret may enter (see `field`). The addition law is complete on this curve, so no input
needs a case of its own. Sources: RFC 9496, section 4.3 (decode, encode); Hisil, Wong, Carter & Dawson, "Twisted Edwards
curves revisited" (2008), sections 3.1 and 3.3; Pippenger's buckets with signed digits as in Bernstein, Doumen, Lange &
Oosterwijk, "Faster batch forgery identification" (2012), section 4. libsodium is the oracle.
"""

from __future__ import annotations

from collections.abc import Sequence

import numba as nb
import numpy as np

from stillwatch.exchange.oprf.field import (
    ONE,
    ZERO,
    Fe,
    P,
    absolute,
    add,
    limbs,
    mul,
    negative,
    power_p58,
    same,
    square,
    sub,
    whole,
)

Point = tuple[Fe, Fe, Fe, Fe]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z
WEIGHT_MAX = 2**31 - 1
_SMALL = 64  # below so many elements, digits of 4 bits are cheaper than digits of 8
_D_INT = -121665 * pow(121666, -1, P) % P
_ROOT_INT = pow(2, (P - 1) // 4, P)
_D, _2D = limbs(_D_INT), limbs(2 * _D_INT % P)
_ROOT = limbs(_ROOT_INT)  # a square root of -1
_MINUS_ONE, _MINUS_ROOT = limbs(P - 1), limbs(P - _ROOT_INT)
# 1 / sqrt(a - d), the value printed in RFC 9496, section 4.1
_ENCHANTED = limbs(54469307008909316920995813868745141605393597292927456921205312896311721017578)
_E = (ZERO, ONE, ONE, ZERO)
_M51 = np.uint64((1 << 51) - 1)


@nb.njit(cache=True, nogil=True)
def _inverse_root(v: Fe) -> tuple[bool, Fe]:
    """(whether v is a square, the nonnegative 1 / sqrt(v) or 1 / sqrt(v * sqrt(-1)))."""
    v3 = mul(square(v), v)
    r = mul(v3, power_p58(mul(square(v3), v)))
    check = mul(v, square(r))
    flipped = same(check, _MINUS_ONE)
    if flipped or same(check, _MINUS_ROOT):
        r = mul(r, _ROOT)
    return same(check, ONE) or flipped, absolute(r)


@nb.njit(cache=True, nogil=True)
def _read(data: np.ndarray) -> tuple[bool, Fe]:
    """(whether u8[32] is a canonical, nonnegative field element, its limbs)."""
    words = (np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0))
    w0, w1, w2, w3 = words
    for i in range(8):
        shift = np.uint64(8 * i)
        w0 |= np.uint64(data[i]) << shift
        w1 |= np.uint64(data[8 + i]) << shift
        w2 |= np.uint64(data[16 + i]) << shift
        w3 |= np.uint64(data[24 + i]) << shift
    a = (
        w0 & _M51,
        ((w0 >> np.uint64(51)) | (w1 << np.uint64(13))) & _M51,
        ((w1 >> np.uint64(38)) | (w2 << np.uint64(26))) & _M51,
        ((w2 >> np.uint64(25)) | (w3 << np.uint64(39))) & _M51,
        (w3 >> np.uint64(12)) & _M51,
    )
    b = whole(a)
    good = (w3 >> np.uint64(63)) == 0 and (w0 & np.uint64(1)) == 0
    for i in range(5):
        good = good and a[i] == b[i]
    return good, a


@nb.njit(cache=True, nogil=True)
def _write(a: Fe, out: np.ndarray) -> None:
    a = whole(a)
    w0 = a[0] | (a[1] << np.uint64(51))
    w1 = (a[1] >> np.uint64(13)) | (a[2] << np.uint64(38))
    w2 = (a[2] >> np.uint64(26)) | (a[3] << np.uint64(25))
    w3 = (a[3] >> np.uint64(39)) | (a[4] << np.uint64(12))
    for i in range(8):
        shift = np.uint64(8 * i)
        out[i], out[8 + i] = np.uint8(w0 >> shift), np.uint8(w1 >> shift)
        out[16 + i], out[24 + i] = np.uint8(w2 >> shift), np.uint8(w3 >> shift)


@nb.njit(cache=True, nogil=True)
def _decoded(data: np.ndarray) -> tuple[bool, Fe, Fe]:
    """(whether u8[32] is an element other than the identity, x, y) (RFC 9496, 4.3.1)."""
    good, s = _read(data)
    ss = square(s)
    u1, u2 = sub(ONE, ss), add(ONE, ss)
    u2u2 = square(u2)
    v = sub(sub(ZERO, mul(_D, square(u1))), u2u2)
    is_square, inverse = _inverse_root(mul(v, u2u2))
    dx = mul(inverse, u2)
    x = absolute(mul(add(s, s), dx))
    y = mul(u1, mul(inverse, mul(dx, v)))
    t = mul(x, y)
    good = good and is_square and not negative(t) and not same(y, ZERO) and not same(s, ZERO)
    return good, x, y


@nb.njit(cache=True, nogil=True)
def _encode(p: Point, out: np.ndarray) -> None:
    """RFC 9496, 4.3.2."""
    x0, y0, z0, t0 = p
    u1, u2 = mul(add(z0, y0), sub(z0, y0)), mul(x0, y0)
    _, inverse = _inverse_root(mul(u1, square(u2)))
    d1, d2 = mul(inverse, u1), mul(inverse, u2)
    z_inverse = mul(mul(d1, d2), t0)
    x, y, d = x0, y0, d2
    if negative(mul(t0, z_inverse)):
        x, y, d = mul(y0, _ROOT), mul(x0, _ROOT), mul(d1, _ENCHANTED)
    if negative(mul(x, z_inverse)):
        y = sub(ZERO, y)
    _write(absolute(mul(d, sub(z0, y))), out)


@nb.njit(cache=True, nogil=True)
def _finished(a: Fe, b: Fe, c: Fe, d: Fe) -> Point:
    e, f, g, h = sub(b, a), sub(d, c), add(d, c), add(b, a)
    return mul(e, f), mul(g, h), mul(f, g), mul(e, h)


@nb.njit(cache=True, nogil=True)
def _plus(p: Point, yx: Fe, y_x: Fe, xy2d: Fe) -> Point:
    """p + q of a q given by y + x, y - x and 2dxy; for p - q swap the first two and negate the last."""
    x1, y1, z1, t1 = p
    return _finished(mul(sub(y1, x1), y_x), mul(add(y1, x1), yx), mul(t1, xy2d), add(z1, z1))


@nb.njit(cache=True, nogil=True)
def _sum(p: Point, q: Point) -> Point:
    x1, y1, z1, t1 = p
    x2, y2, z2, t2 = q
    z = mul(z1, z2)
    a, b = mul(sub(y1, x1), sub(y2, x2)), mul(add(y1, x1), add(y2, x2))
    return _finished(a, b, mul(mul(t1, _2D), t2), add(z, z))


@nb.njit(cache=True, nogil=True)
def _double(p: Point) -> Point:
    x, y, z, _ = p
    a, b, c = square(x), square(y), square(z)
    h = add(a, b)
    e = sub(h, square(add(x, y)))
    g = sub(a, b)
    f = add(add(c, c), g)
    return mul(e, f), mul(g, h), mul(f, g), mul(e, h)


@nb.njit(cache=True, nogil=True)
def _put(out: np.ndarray, p: Point) -> None:
    for i in range(4):
        for j in range(5):
            out[i, j] = p[i][j]


@nb.njit(cache=True, nogil=True)
def _fe(held: np.ndarray) -> Fe:
    return held[0], held[1], held[2], held[3], held[4]


@nb.njit(cache=True, nogil=True)
def _got(held: np.ndarray) -> Point:
    return _fe(held[0]), _fe(held[1]), _fe(held[2]), _fe(held[3])


@nb.njit(cache=True, nogil=True)
def _decode_all(data: np.ndarray, out: np.ndarray) -> int:
    """Fill out u64[n, 3, 5] with y + x, y - x, 2dxy; the first that is no element, or -1."""
    for i in range(data.shape[0]):
        good, x, y = _decoded(data[i])
        if not good:
            return i
        plus, minus, product = add(y, x), sub(y, x), mul(mul(x, y), _2D)
        for j in range(5):
            out[i, 0, j], out[i, 1, j], out[i, 2, j] = plus[j], minus[j], product[j]
    return -1


@nb.njit(cache=True, nogil=True)
def _added(p: Point, q: np.ndarray, minus: bool) -> Point:
    if minus:
        return _plus(p, _fe(q[1]), _fe(q[0]), sub(ZERO, _fe(q[2])))
    return _plus(p, _fe(q[0]), _fe(q[1]), _fe(q[2]))


@nb.njit(cache=True, nogil=True)
def _bucket_sum(points: np.ndarray, digits: np.ndarray, bits: int, out: np.ndarray) -> None:
    """The sum of points u64[n, 3, 5] times their signed digits i16[windows, n], least window first, encoded."""
    size = 1 << (bits - 1)
    buckets = np.empty((size, 4, 5), np.uint64)
    total = _E
    for w in range(digits.shape[0] - 1, -1, -1):
        for _ in range(bits):
            total = _double(total)
        for b in range(size):
            _put(buckets[b], _E)
        for i in range(points.shape[0]):
            digit = digits[w, i]
            if digit != 0:
                at = abs(digit) - 1
                _put(buckets[at], _added(_got(buckets[at]), points[i], digit < 0))
        running, window = _E, _E
        for b in range(size - 1, -1, -1):
            running = _sum(running, _got(buckets[b]))
            window = _sum(window, running)
        total = _sum(total, window)
    _encode(total, out)


@nb.njit(cache=True, nogil=True)
def _weigh_all(points: np.ndarray, weights: np.ndarray, out: np.ndarray) -> None:
    """out u8[n, 32]: for each i the sum over j of weights i64[j] times points u64[j, i, 3, 5]."""
    top = 0
    for w in weights:
        while (abs(w) >> top) != 0:
            top += 1
    for i in range(out.shape[0]):
        total = _E
        for bit in range(top - 1, -1, -1):
            total = _double(total)
            for j in range(weights.size):
                if (abs(weights[j]) >> bit) & 1:
                    total = _added(total, points[j, i], weights[j] < 0)
        _encode(total, out[i])


class NotAnElementError(ValueError):
    """`at`: the first that is no canonical ristretto255 element, or is the identity."""

    def __init__(self, at: int) -> None:
        super().__init__(f"element {at} is not a canonical ristretto255 element, or is the identity")
        self.at = at


def decoded(elements: bytes) -> np.ndarray:
    """Elements (32 bytes each, one after the other) ready to be summed, u64[n, 3, 5]. Raises NotAnElementError."""
    data = np.frombuffer(elements, np.uint8).reshape(-1, 32)
    out = np.empty((len(data), 3, 5), np.uint64)
    if (bad := _decode_all(data, out)) >= 0:
        raise NotAnElementError(bad)
    return out


def weighted_sum(points: np.ndarray, scalars: bytes) -> bytes:
    """The encoded sum of scalar times element. `scalars`: 32 bytes little endian each, below the group's order."""
    out = np.empty(32, np.uint8)
    bits = 4 if len(points) < _SMALL else 8
    _bucket_sum(points, _digits(np.frombuffer(scalars, np.uint8).reshape(-1, 32), bits), bits, out)
    return out.tobytes()


def combined(elements: Sequence[np.ndarray], weights: Sequence[int]) -> bytes:
    """For each place the encoded sum over j of weights[j] * elements[j]. Raises ValueError for large weights."""
    if any(abs(w) > WEIGHT_MAX for w in weights):
        raise ValueError("a weight has more than 31 bits")
    out = np.empty((len(elements[0]), 32), np.uint8)
    _weigh_all(np.stack(elements), np.array(weights, np.int64), out)
    return out.tobytes()


def _digits(scalars: np.ndarray, bits: int) -> np.ndarray:
    """Signed digits i16[windows, n], least first: each from -2^(bits-1) + 1 to 2^(bits-1)."""
    plain = scalars if bits == 8 else np.stack([scalars & 15, scalars >> 4], 2).reshape(len(scalars), 64)
    out = np.empty((plain.shape[1], len(plain)), np.int16)
    carry = np.zeros(len(plain), np.int16)
    for w in range(plain.shape[1]):
        digit = plain[:, w].astype(np.int16) + carry
        carry = (digit > 1 << (bits - 1)).astype(np.int16)
        out[w] = digit - (carry << bits)
    return out
