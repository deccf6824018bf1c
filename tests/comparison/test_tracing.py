"""Tracing against a dictionary; the row bound, the account test and the size that suffices against simulation."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.comparison import trace_judging as judging
from stillwatch.comparison.tracing import OVERLAP, Traces, calibration, holdings, log_bound, trace
from stillwatch.ledger import Ledger
from stillwatch.ledger.sketches import DAY_US
from stillwatch.outputs.dataset import Row
from stillwatch.text import tokenize
from stillwatch.text.spans import spans

WORDS = [a + b for a in ("amber", "brook", "cedar", "delta") for b in ("fjord", "grove", "heron")]


def text(seed, words=40):
    return " ".join(np.random.default_rng(seed).choice(WORDS, words))


def kept(folder, texts):
    made = Ledger.create(folder, b"secret", durable=False)
    n = len(texts)
    made.append(
        [
            pa.record_batch(
                {
                    "event_id": [f"ev-{i}" for i in range(n)],
                    "account_id": [f"acct-{i % 4}" for i in range(n)],
                    "ts": pa.array([20_000 * DAY_US] * n, pa.timestamp("us", tz="UTC")),
                    "output_text": pa.array(texts, pa.string()),
                }
            )
        ]
    )
    return made


def asked(made, words):
    seed = np.uint64(made.seeds.token)
    return set(spans(tokenize(pa.array([words], pa.large_string()), seed), 1 << 20)[0].tolist())


@settings(max_examples=15)
@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=8))
def test_the_best_response_is_that_of_a_dictionary(tmp_path_factory, mixes):
    served = [f"{text(i)} {text(100 + i // 2)}" for i in range(8)]
    made = kept(tmp_path_factory.mktemp("ledger"), served)
    rows = [Row(i + 1, "", " and ".join(text(s) for s in seeds)) for i, seeds in enumerate(mixes)]
    found = trace(rows, made.view(), np.uint64(made.seeds.token))
    held = [asked(made, t) for t in served]
    for i, row in enumerate(rows):
        mine = asked(made, row.answer)
        df = {s: sum(s in h for h in held) for s in mine}
        scores = [sum(np.log2(len(served) / df[s]) for s in mine & h) for h in held]
        shared = [len(mine & h) for h in held]
        assert found.spans[i] == len(mine)
        assert found.score[i] == pytest.approx(max(scores))
        assert found.shared[i] in {k for k, s in zip(shared, scores, strict=True) if s > max(scores) - 1e-9}


def test_no_rows_and_an_empty_ledger(tmp_path):
    empty = Ledger.create(tmp_path / "empty", b"secret", durable=False)
    assert trace([], empty.view(), np.uint64(1)).number.size == 0
    found = trace([Row(1, "", text(1))], empty.view(), np.uint64(1))
    assert (found.response.tolist(), found.log_bound.tolist()) == ([-1], [0.0])
    assert holdings(empty.view())[0].size == 0


@pytest.mark.parametrize("mean", [0.01, 0.3, 2.0])
def test_the_row_bound_is_above_the_chance_of_independent_phrases(mean):
    drawn = np.random.default_rng(1).poisson(mean, 200_000)
    for k in range(1, 8):
        allowed = np.exp(log_bound(np.array([k * OVERLAP]), np.array([mean * OVERLAP]), 1))[0]
        assert (drawn >= k).mean() <= allowed + 3 * np.sqrt(allowed / drawn.size)


def traces(n, account, score):
    zeros = np.zeros(n, np.int64)
    return Traces(
        np.arange(n), np.full(n, 9), score, np.full(n, 5), np.arange(n), account.astype(np.uint64), zeros,
        np.full(n, -np.inf),
    )  # fmt: skip


def test_innocent_datasets_name_accounts_no_more_often_than_stated():
    rng, runs, rows, m = np.random.default_rng(2), 300, 500, 50
    held = (np.arange(m, dtype=np.uint64), np.full(m, 20))
    named = claims = 0
    for _ in range(runs):
        some, other = (traces(n, rng.integers(0, m, n), rng.exponential(1, n)) for n in (rows, 2000))
        found = judging.rule(some, other)
        tests = judging.accounts(some, found, other, held, np.arange(rows, dtype=np.uint64))
        named += bool((tests.p_bonferroni <= judging.FAMILY_ALPHA).any())
        claims += float(judging.at_least(int(found.matches.sum()), rows, found.rate)) <= judging.WEAK
    assert named <= 0.01 * runs + 3 * np.sqrt(0.01 * runs)
    assert claims <= judging.WEAK * runs + 3 * np.sqrt(judging.WEAK * runs)


@pytest.mark.parametrize("rate", [1e-3, 1e-2, 0.05])
def test_the_size_that_suffices_suffices_and_less_than_half_of_it_does_not(rate):
    n = judging.rows_needed(rate)
    assert judging.at_least(int(judging.OURS * n), n, rate) <= judging.STRONG
    half = n * 2 // 5
    assert n == 30 or judging.at_least(int(judging.OURS * half), half, rate) > judging.STRONG
    assert judging.rows_needed(0.2) is None


def test_what_controls_quote_as_well_is_no_evidence(tmp_path):
    quotation = text(999, 80)
    made = kept(tmp_path, [f"{quotation} {text(i, 60)}" for i in range(20)])
    view, seed = made.view(), np.uint64(made.seeds.token)
    others = [Row(i, "", f"{quotation if i % 40 == 0 else ''} {text(5000 + i, 60)}") for i in range(1600)]
    known, controls = calibration(others, view, seed, judging.CONTROLS_MIN)
    assert len(set(known.tolist()) & asked(made, quotation)) >= 10
    assert controls.number.size == 800 and set(controls.number) < {r.number for r in others}
    innocent = [Row(1, "", f"{quotation} {text(9000, 60)}")]
    ours = [Row(i, "", f"{quotation} {text(i, 60)}") for i in range(20)]
    without_it = trace(ours, view, seed, known)
    assert judging.rule(without_it, controls).matches.all()
    assert (without_it.response == np.arange(20)).all()
    assert trace(innocent, view, seed).shared[0] >= 3
    assert not judging.rule(trace(innocent, view, seed, known), controls).matches.any()


def test_few_controls_all_set_the_threshold(tmp_path):
    made = kept(tmp_path, [text(i) for i in range(4)])
    rows = [Row(i, "", text(i)) for i in range(2 * judging.CONTROLS_MIN - 1)]
    known, controls = calibration(rows, made.view(), np.uint64(made.seeds.token), judging.CONTROLS_MIN)
    assert known.size == 0 and controls.number.size == len(rows)
