"""Invented address space: which populations sit behind which networks (10.0.0.0/8, private AS numbers).

Scenes of a large world after the first have homes and offices of their own in 224.0.0.0/3, which no client has.
"""

from __future__ import annotations

import numpy as np

HOMES, SHARED, OFFICES, CLOUD, LABS, PROXIES = (
    (0, 8192),
    (8192, 40),
    (16384, 4096),
    (24576, 64),
    (28672, 32),
    (32768, 512),
)
"""(first /24 of 10/8, how many)."""
OWN = (HOMES, OFFICES, LABS)
"""Networks of which each scene has its own; clouds, crowded access networks and proxies are those of the whole world."""
OWN_FIRST, OWN_SIZE = 224 << 16, sum(size for _, size in OWN)
SCENES_APART = (1 << 21) // OWN_SIZE
"""So many scenes after the first share no home and no office; a larger world uses the blocks again."""
ADDRESSES_PER_ACCOUNT = 4


def _pack(network: np.ndarray, host: np.ndarray) -> np.ndarray:
    return ((10 << 24) + (network.astype(np.int64) << 8) + host).astype(np.uint32)


def homes(rng: np.random.Generator, count: int) -> np.ndarray:
    """People: one home network each, one in six also behind a crowded shared network. Shape (count, 4)."""
    network = HOMES[0] + rng.integers(0, HOMES[1], (count, 1)).repeat(ADDRESSES_PER_ACCOUNT, axis=1)
    network[:, 2:] = HOMES[0] + rng.integers(0, HOMES[1], (count, 2))
    crowd = rng.random(count) < 1 / 6
    network[crowd, 0] = SHARED[0] + np.minimum(rng.zipf(1.6, int(crowd.sum())), SHARED[1]) - 1
    return _pack(network, rng.integers(1, 255, (count, ADDRESSES_PER_ACCOUNT)))


def residences(rng: np.random.Generator, count: int) -> np.ndarray:
    """One home address each, never the same twice, as few as possible in one network. Shape (count, 4)."""
    network = HOMES[0] + np.resize(rng.permutation(HOMES[1]), count)
    host = 1 + (rng.integers(0, 254) + np.arange(count) // HOMES[1]) % 254
    return np.repeat(_pack(network, host)[:, None], ADDRESSES_PER_ACCOUNT, axis=1)


def office(rng: np.random.Generator, count: int, pool: tuple[int, int] = OFFICES) -> np.ndarray:
    """One organisation: all accounts from one /24. Shape (count, 4)."""
    network = np.full((count, ADDRESSES_PER_ACCOUNT), pool[0] + rng.integers(0, pool[1]))
    return _pack(network, rng.integers(1, 40, (count, ADDRESSES_PER_ACCOUNT)))


def servers(rng: np.random.Generator, count: int) -> np.ndarray:
    """Unrelated programs on rented machines: crowded cloud networks. Shape (count, 4)."""
    network = CLOUD[0] + rng.integers(0, CLOUD[1], (count, 1)).repeat(ADDRESSES_PER_ACCOUNT, axis=1)
    return _pack(network, rng.integers(1, 255, (count, ADDRESSES_PER_ACCOUNT)))


def proxies(
    rng: np.random.Generator, count: int, networks: int, market: np.random.Generator | None = None
) -> np.ndarray:
    """A bought proxy pool of `networks` /24s, accounts spread over it at random. Shape (count, 4).

    market: the generator that picks the networks, so that several buyers can get the same ones.
    """
    pool = PROXIES[0] + (market or rng).choice(PROXIES[1], min(networks, PROXIES[1]), replace=False)
    network = rng.choice(pool, (count, ADDRESSES_PER_ACCOUNT))
    return _pack(network, rng.integers(1, 255, (count, ADDRESSES_PER_ACCOUNT)))


def providers(rng: np.random.Generator, count: int) -> list[str]:
    """Access networks of people: twenty, the first ones large. Length `count`."""
    return [f"AS{64512 + number}" for number in np.minimum(rng.geometric(0.15, count), 20).tolist()]


def apart(addresses: np.ndarray, scene: int) -> np.ndarray:
    """The addresses (uint32, any shape) as scene number `scene` has them: homes, offices and laboratories in a block
    of its own, so that two scenes share a network only where the world means one thing."""
    if not scene:
        return addresses
    network, out = addresses.astype(np.int64) >> 8, addresses.copy()
    begin = OWN_FIRST + (scene - 1) % SCENES_APART * OWN_SIZE
    for first, size in OWN:
        place = network - (10 << 16) - first
        held = (place >= 0) & (place < size)
        out[held] = (((begin + place[held]) << 8) + (addresses[held] & 255)).astype(np.uint32)
        begin += size
    return out
