"""Account codes: Arrow's merged dictionaries against a plain dict, whatever the batches."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.engine import population
from stillwatch.engine.population import AccountCodes

BATCHES = st.lists(
    st.lists(st.sampled_from(["b", "a", "ä", "zz", "", "🙂", "\uffff"]), max_size=6), max_size=6
)


@pytest.mark.parametrize("waiting", [0, 1 << 20], ids=["merged at every batch", "merged once"])
@settings(max_examples=40)
@given(first=BATCHES, second=BATCHES)
def test_codes_equal_a_plain_dict(waiting, first, second):
    codes, known = AccountCodes(), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(population, "WAITING_MAX", waiting)
        for period in (first, second):
            for i, batch in enumerate(period):
                array = pa.array(batch, pa.string())
                codes.add(array.dictionary_encode() if i % 2 else array)
            want = [known.setdefault(name, len(known)) for batch in period for name in batch]
            assert codes.taken().tolist() == want
    names, rank = codes.rank()
    assert names == sorted(known)
    assert [names[r] for r in rank] == list(known)


def test_a_null_has_no_code_and_no_name():
    codes = AccountCodes()
    codes.add(pa.array(["a", None, "a"], pa.string()))
    codes.add(pa.nulls(2, pa.string()))
    assert codes.taken().tolist() == [0, -1, 0, -1, -1]
    assert codes.rank()[0] == ["a"]
    assert codes.taken().dtype == np.int32
