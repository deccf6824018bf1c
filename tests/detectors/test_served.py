"""Outputs that come back and turns we never issued: it fires, it nearly fires, it stays silent."""

from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.detectors.foreign_turns import ForeignTurns
from stillwatch.detectors.returned_outputs import ReturnedOutputs
from stillwatch.features.served import ELSEWHERE, FOREIGN, OWN, UNJUDGED


def records(accounts, each, *, returned=0.0, responses=None, foreign=0.0, turns=None, judged=1.0):
    """Events of `accounts` accounts, the first share of each with a returned response and a foreign turn."""
    n = accounts * each
    at = np.arange(n)
    customer = at // each
    back = customer < returned * accounts
    strange = customer < foreign * accounts
    origin = np.where(strange, FOREIGN, OWN)
    origin[customer >= judged * accounts] = UNJUDGED
    return SimpleNamespace(
        rows=n,
        customer=customer,
        event_hash=at.astype(np.uint64),
        returned=np.where(back, at % (responses or n) + 1, 0).astype(np.uint64),
        issuer=np.where(back, at % 7 + 1, 0).astype(np.uint64),
        turn=(at % (turns or n) + 1).astype(np.uint64),
        origin=origin.astype(np.uint8),
    )


def group(mine, crowd):
    return SimpleNamespace(events=mine, rows=np.arange(mine.rows), obs=SimpleNamespace(crowd=crowd))


CROWD = records(300, 2, foreign=0.02)


@pytest.mark.parametrize(
    ("mine", "leaning"),
    [
        pytest.param(records(30, 4, returned=1), ("extraction", 1), id="every account brings many responses"),
        pytest.param(records(30, 4, returned=1, responses=3), ("unknown", 1), id="all bring the same three"),
        pytest.param(records(40, 4, returned=0.15), ("extraction", 1), id="a few accounts do, the crowd does not"),
        pytest.param(records(30, 4, returned=0.1), None, id="three accounts are too few"),
        pytest.param(records(30, 4), None, id="nothing comes back"),
    ],
)  # fmt: skip
def test_returned_outputs(mine, leaning):
    judgement = ReturnedOutputs().judge(group(mine, CROWD))
    if leaning is None:
        assert judgement is None
    else:
        assert judgement.evidence.bits > 2
        assert np.sign(judgement.leans[leaning[0]]) == leaning[1]


def test_what_the_crowd_does_too_is_no_evidence():
    usual = records(300, 2, returned=0.5, foreign=0.5)
    mine = records(30, 4, returned=0.5, foreign=0.5)
    for detector in (ReturnedOutputs(), ForeignTurns()):
        judgement = detector.judge(group(mine, usual))
        assert judgement.evidence.bits <= 0.5
        assert judgement.leans == {}


@pytest.mark.parametrize(
    ("mine", "leans"),
    [
        pytest.param(records(30, 4, foreign=1), {"relay": 1, "reseller": 1, "extraction": -1}, id="a relay"),
        pytest.param(records(30, 4, foreign=1, turns=2), {"application": 1, "relay": -1}, id="two examples in all"),
        pytest.param(records(30, 4, foreign=1, judged=0.1), None, id="hardly any turn could be judged"),
        pytest.param(records(30, 4), None, id="honest conversations"),
    ],
)  # fmt: skip
def test_foreign_turns(mine, leans):
    judgement = ForeignTurns().judge(group(mine, CROWD))
    assert (judgement is None) == (leans is None)
    if leans is not None:
        assert {name: np.sign(bits) for name, bits in judgement.leans.items()} == leans


def test_a_turn_issued_to_another_account_is_not_foreign():
    mine = records(30, 4)
    mine.origin[:] = ELSEWHERE
    assert ForeignTurns().judge(group(mine, CROWD)) is None


@pytest.mark.parametrize("detector", [ReturnedOutputs(), ForeignTurns()], ids=lambda d: d.id)
def test_evidence_on_the_crowd_itself_is_an_e_value(detector):
    """Groups drawn from the crowd: the mean of 2^bits is about one at most."""
    rng = np.random.default_rng(4)
    values = []
    for _ in range(400):
        share = 0.3
        mine, crowd = records(25, 1), records(400, 1)
        for made in (mine, crowd):
            hit = rng.random(made.rows) < share
            made.returned, made.issuer = (
                hit * (np.arange(made.rows) + 1).astype(np.uint64),
                hit.astype(np.uint64),
            )
            made.origin = np.where(hit, FOREIGN, OWN)
        judgement = detector.judge(group(mine, crowd))
        values.append(1.0 if judgement is None else 2.0**judgement.evidence.bits)
    assert np.mean(values) <= 1 + 4 * np.std(values) / np.sqrt(len(values))
