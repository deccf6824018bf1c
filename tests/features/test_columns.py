"""Columns as codes: a dictionary larger than its batch is cut to what the batch uses."""

import numpy as np
import pyarrow as pa

from stillwatch.features.columns import encoded, hashed


def test_a_large_dictionary_is_cut_and_hashes_stay():
    words = pa.array(["a", "b", "c", "d", "e"])
    large = pa.DictionaryArray.from_arrays(pa.array([4, None, 1]), words)
    codes, values = encoded(large)
    assert [None if c < 0 else values[c].as_py() for c in codes] == ["e", None, "b"]
    assert len(values) == 2
    plain = pa.array(["e", None, "b"])
    assert hashed(large, np.uint64(3), 3).tolist() == hashed(plain, np.uint64(3), 3).tolist()
