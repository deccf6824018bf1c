"""RFC 6962 trees: the published vectors, the recursive definition as oracle, and proofs that cannot be bent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchange import merkle

# The eight leaves and roots that the reference implementations of Certificate Transparency test with.
LEAVES = [
    bytes.fromhex(x)
    for x in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def tree(leaves: list[bytes]) -> merkle.Node:
    held: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        return held[level, index]

    for at, leaf in enumerate(leaves):
        for level, index, digest in merkle.grown(at, node, [merkle.leaf_hash(leaf)]):
            held[level, index] = digest
    return node


def naive(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return merkle.leaf_hash(leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node_hash(naive(leaves[:k]), naive(leaves[k:]))


def test_the_published_roots() -> None:
    node = tree(LEAVES)
    assert [merkle.root(n, node).hex() for n in range(1, 9)] == ROOTS
    assert merkle.root(0, node).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_published_proofs() -> None:
    node = tree(LEAVES)
    assert [x.hex() for x in merkle.inclusion(0, 8, node)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [x.hex() for x in merkle.consistency(6, 8, node)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_proof_up_to_forty_leaves_verifies_and_no_bent_one_does() -> None:
    leaves = [bytes([n]) for n in range(40)]
    node = tree(leaves)
    for size in range(1, 41):
        top = merkle.root(size, node)
        assert top == naive(leaves[:size])
        for at in range(size):
            leaf, path = merkle.leaf_hash(leaves[at]), merkle.inclusion(at, size, node)
            assert merkle.includes(at, size, leaf, path, top)
            assert not merkle.includes(at, size, merkle.leaf_hash(b"other"), path, top)
            assert not merkle.includes(at, size, leaf, [*path, leaf], top)
            assert size == 1 or not merkle.includes(at, size, leaf, path[:-1], top)
        for first in range(1, size + 1):
            before, proof = merkle.root(first, node), merkle.consistency(first, size, node)
            assert merkle.consistent(first, size, before, top, proof)
            assert not merkle.consistent(first, size, merkle.leaf_hash(b"fork"), top, proof)
            assert first == size or not merkle.consistent(first, size, before, top, [*proof, before])


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=30), st.data())
def test_growing_in_one_step_or_many_is_the_same_tree(leaves: list[bytes], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(leaves)))
    hashed = [merkle.leaf_hash(x) for x in leaves]
    held = {(a, b): h for a, b, h in merkle.grown(0, lambda a, b: held[a, b], hashed[:cut])}
    held |= {(a, b): h for a, b, h in merkle.grown(cut, lambda a, b: held[a, b], hashed[cut:])}
    assert merkle.root(len(leaves), lambda a, b: held[a, b]) == naive(leaves)
