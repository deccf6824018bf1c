"""The append-only log: Merkle tree hashes, inclusion and consistency proofs.

Source: RFC 6962, section 2.1 (hashing 2.1, audit paths 2.1.1, consistency proofs 2.1.2); verification as RFC 9162,
sections 2.1.3.2 and 2.1.4.2. A tree of n leaves is kept as the hashes of its complete subtrees: `node(level, index)`
is the hash of leaves [index · 2^level, (index + 1) · 2^level), so that a proof reads O(log² n) of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

Node = Callable[[int, int], bytes]
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grown(size: int, node: Node, leaves: Iterable[bytes]) -> list[tuple[int, int, bytes]]:
    """(level, index, hash) of every complete subtree that `leaves` (leaf hashes) add to a tree of `size`."""
    fresh: dict[tuple[int, int], bytes] = {}
    for at, leaf in enumerate(leaves, size):
        level, index, digest = 0, at, leaf
        fresh[level, index] = digest
        while index & 1:
            left = fresh.get((level, index - 1)) or node(level, index - 1)
            level, index, digest = level + 1, index >> 1, node_hash(left, digest)
            fresh[level, index] = digest
    return [(level, index, digest) for (level, index), digest in fresh.items()]


def root(size: int, node: Node) -> bytes:
    """MTH of the first `size` leaves."""
    return _range(0, size, node) if size else EMPTY


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """PATH(index, D[size]). Raises ValueError when the leaf is not in a tree of that size."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a log of {size}")
    return _path(index, 0, size, node)


def consistency(first: int, second: int, node: Node) -> list[bytes]:
    """PROOF(first, D[second]). Raises ValueError unless 0 < first <= second."""
    if not 0 < first <= second:
        raise ValueError(f"no proof from a log of {first} to one of {second}")
    return _subproof(first, 0, second, node, True)


def includes(index: int, size: int, leaf: bytes, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether `path` proves that leaf hash `leaf` stands at `index` of the tree with root `expected`."""
    if not 0 <= index < size:
        return False
    fn, sn, digest = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            digest = node_hash(sibling, digest)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            digest = node_hash(digest, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and digest == expected


def consistent(first: int, second: int, before: bytes, after: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree with root `after` only added leaves to the one with root `before`."""
    if first == second:
        return not proof and before == after
    if not 0 < first < second or not proof:
        return False
    steps = list(proof) if first & (first - 1) else [before, *proof]
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = steps[0]
    for sibling in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node_hash(new, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old == before and new == after


def _split(n: int) -> int:
    """The largest power of two smaller than n."""
    return 1 << (n - 1).bit_length() - 1


def _range(start: int, end: int, node: Node) -> bytes:
    n = end - start
    if n & (n - 1) == 0:
        level = n.bit_length() - 1
        return node(level, start >> level)
    k = _split(n)
    return node_hash(_range(start, start + k, node), _range(start + k, end, node))


def _path(index: int, start: int, end: int, node: Node) -> list[bytes]:
    if end - start == 1:
        return []
    k = start + _split(end - start)
    if index < k:
        return [*_path(index, start, k, node), _range(k, end, node)]
    return [*_path(index, k, end, node), _range(start, k, node)]


def _subproof(first: int, start: int, end: int, node: Node, whole: bool) -> list[bytes]:
    if first == end - start:
        return [] if whole else [_range(start, end, node)]
    k = _split(end - start)
    if first <= k:
        return [*_subproof(first, start, start + k, node, whole), _range(start + k, end, node)]
    return [*_subproof(first - k, start + k, end, node, False), _range(start, start + k, node)]
