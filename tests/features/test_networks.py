"""Networks of addresses: the kernel against the naive reading."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.features.networks import network_hashes, networks
from stillwatch.text import hash_strings

SEED = np.uint64(7)
CASES = [
    ("a plain address", "203.0.113.77", "203.0.113"),
    ("an IPv6 address", "2001:db8:aa:bb::1", "2001:db8:aa::/48"),
    ("an IPv4 address inside IPv6", "::ffff:203.0.113.77", "::/48"),
    ("three parts", "203.0.113", None),
    ("five parts", "1.2.3.4.5", None),
    ("an empty last part", "203.0.113.", None),
    ("letters in the last part", "203.0.113.x", None),
    ("digits of another script are digits", "203.0.113.٧", "203.0.113"),
    ("no address", "not an address", None),
    ("an empty text", "", None),
    ("nothing", None, None),
]


@pytest.mark.parametrize(("address", "network"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_addresses_become_networks(address, network):
    assert networks([address]) == [network]
    assert network_hashes(pa.array([address], pa.string()), SEED).tolist() == naive([address])


def naive(addresses):
    return hash_strings(pa.array(networks(addresses), pa.string()), SEED).tolist()


@given(st.lists(st.one_of(st.none(), st.text(".:0123456789af٧", max_size=18)), max_size=8))
def test_the_kernel_equals_the_naive_reading(addresses):
    assert network_hashes(pa.array(addresses, pa.string()), SEED).tolist() == naive(addresses)
