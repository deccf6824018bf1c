"""Arithmetic modulo p = 2^255 - 19 for public values: five limbs of 51 bits, u64[5] as tuples inside numba.

Not constant time, so nothing secret may enter; keys and blinds go through libsodium (`group`). Limbs of results stay
below 2^52 and products of limbs below 2^54 fit 128 bits with room for their sum. Representation after Bernstein,
Duif, Lange, Schwabe & Yang, "High-speed high-security signatures" (2011), section 3; Python integers are the oracle.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numba as nb
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

P = 2**255 - 19
Fe = tuple[np.uint64, np.uint64, np.uint64, np.uint64, np.uint64]
_WIDE = ir.IntType(128)
_WORD = ir.IntType(64)
_MASK = (1 << 51) - 1
_FE = types.UniTuple(types.uint64, 5)


def limbs(x: int) -> Fe:
    """The limbs of an integer below p."""
    return cast("Fe", tuple(np.uint64(x >> 51 * i & _MASK) for i in range(5)))


def integer(x: Any) -> int:
    """The integer below p that limbs stand for."""
    return sum(int(v) << 51 * i for i, v in enumerate(x)) % P


def _carried(builder: Any, wide: list[Any]) -> list[Any]:
    """Five 128-bit column sums as limbs below 2^51 + 2^13."""
    mask, shift = ir.Constant(_WIDE, _MASK), ir.Constant(_WIDE, 51)
    for i in range(5):
        over = builder.lshr(wide[i], shift)
        wide[i] = builder.and_(wide[i], mask)
        if i < 4:
            wide[i + 1] = builder.add(wide[i + 1], over)
        else:
            wide[0] = builder.add(wide[0], builder.mul(over, ir.Constant(_WIDE, 19)))
    over = builder.lshr(wide[0], shift)
    wide[0] = builder.and_(wide[0], mask)
    wide[1] = builder.add(wide[1], over)
    return [builder.trunc(w, _WORD) for w in wide]


def _product(builder: Any, a: list[Any], b: list[Any]) -> list[Any]:
    high = [builder.mul(v, ir.Constant(_WORD, 19)) for v in b]  # below 2^54 * 19
    x, y, y19 = ([builder.zext(v, _WIDE) for v in held] for held in (a, b, high))
    columns = []
    for k in range(5):
        total = ir.Constant(_WIDE, 0)
        for i in range(5):
            total = builder.add(total, builder.mul(x[i], y[k - i] if i <= k else y19[k - i + 5]))
        columns.append(total)
    return _carried(builder, columns)


def _own_square(builder: Any, a: list[Any]) -> list[Any]:
    """The product of a with itself, its equal parts made once."""
    twice = [builder.shl(v, ir.Constant(_WORD, 1)) for v in a]
    high = [builder.mul(v, ir.Constant(_WORD, 19)) for v in a]
    x, x2, x19 = ([builder.zext(v, _WIDE) for v in held] for held in (a, twice, high))
    columns = []
    for k in range(5):
        total = ir.Constant(_WIDE, 0)
        for i in range(5):
            j = (k - i) % 5
            if i <= j:
                left, right = (x[i] if i == j else x2[i]), (x[j] if i + j == k else x19[j])
                total = builder.add(total, builder.mul(left, right))
        columns.append(total)
    return _carried(builder, columns)


def _built(body: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        limbs_of = (cgutils.unpack_tuple(builder, held, 5) for held in args)
        return cgutils.pack_array(builder, body(builder, *limbs_of))

    return codegen


def _mul(typing: Any, a: Any, b: Any) -> Any:
    return _FE(_FE, _FE), _built(_product)


def _square(typing: Any, a: Any) -> Any:
    return _FE(_FE), _built(_own_square)


mul: Callable[[Fe, Fe], Fe] = cast(Any, intrinsic(_mul))  # a * b
square: Callable[[Fe], Fe] = cast(Any, intrinsic(_square))  # a * a
_M = np.uint64(_MASK)
_S = np.uint64(51)
_19 = np.uint64(19)
_P0, _P1 = np.uint64(8 * ((1 << 51) - 19)), np.uint64(8 * _MASK)
ZERO, ONE = limbs(0), limbs(1)


@nb.njit(cache=True, nogil=True)
def reduced(a: Fe) -> Fe:
    """Limbs below 2^51 + 2^13 of the same element."""
    a0, a1, a2, a3, a4 = a
    a1 += a0 >> _S
    a2 += a1 >> _S
    a3 += a2 >> _S
    a4 += a3 >> _S
    return (a0 & _M) + _19 * (a4 >> _S), a1 & _M, a2 & _M, a3 & _M, a4 & _M


@nb.njit(cache=True, nogil=True)
def add(a: Fe, b: Fe) -> Fe:
    """a + b, not reduced: at most one more addition may follow before a product."""
    return a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]


@nb.njit(cache=True, nogil=True)
def sub(a: Fe, b: Fe) -> Fe:
    """a - b, with 8p added so that no limb goes below zero."""
    return reduced((
        a[0] + _P0 - b[0], a[1] + _P1 - b[1], a[2] + _P1 - b[2], a[3] + _P1 - b[3], a[4] + _P1 - b[4]
    ))  # fmt: skip


@nb.njit(cache=True, nogil=True)
def whole(a: Fe) -> Fe:
    """The one representative below p."""
    a0, a1, a2, a3, a4 = reduced(reduced(a))
    over = (a0 + _19) >> _S
    for limb in (a1, a2, a3, a4):
        over = (limb + over) >> _S
    a0 += _19 * over
    a1 += a0 >> _S
    a2 += a1 >> _S
    a3 += a2 >> _S
    a4 += a3 >> _S
    return a0 & _M, a1 & _M, a2 & _M, a3 & _M, a4 & _M


@nb.njit(cache=True, nogil=True)
def same(a: Fe, b: Fe) -> bool:
    """Whether a = b."""
    d = whole(sub(a, b))
    return (d[0] | d[1] | d[2] | d[3] | d[4]) == np.uint64(0)


@nb.njit(cache=True, nogil=True)
def negative(a: Fe) -> bool:
    """Whether the representative below p is odd (RFC 9496, section 3.1)."""
    return (whole(a)[0] & np.uint64(1)) == np.uint64(1)


@nb.njit(cache=True, nogil=True)
def absolute(a: Fe) -> Fe:
    """a or -a, whichever is not negative."""
    return sub(ZERO, a) if negative(a) else a


@nb.njit(cache=True, nogil=True)
def _squared(a: Fe, times: int) -> Fe:
    for _ in range(times):
        a = square(a)
    return a


@nb.njit(cache=True, nogil=True)
def power_p58(a: Fe) -> Fe:
    """a^((p - 5) / 8) = a^(2^252 - 3)."""
    t0 = square(a)
    t1 = mul(a, _squared(t0, 2))
    t0 = mul(t0, t1)
    t0 = mul(t1, square(t0))  # 2^5 - 1
    t0 = mul(t0, _squared(t0, 5))  # 2^10 - 1
    t1 = mul(t0, _squared(t0, 10))  # 2^20 - 1
    t2 = mul(t1, _squared(t1, 20))  # 2^40 - 1
    t0 = mul(t0, _squared(t2, 10))  # 2^50 - 1
    t1 = mul(t0, _squared(t0, 50))  # 2^100 - 1
    t2 = mul(t1, _squared(t1, 100))  # 2^200 - 1
    t0 = mul(t0, _squared(t2, 50))  # 2^250 - 1
    return mul(a, _squared(t0, 2))
