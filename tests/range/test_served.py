"""Captured answers: shown with the same words everywhere, and reworked in ways that leave most of them standing."""

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.range.accounts import Accounts
from stillwatch.range.blocks import ASSISTANT, NONE, USER, Block, single_turn
from stillwatch.range.clock import Clock
from stillwatch.range.published import Published
from stillwatch.range.scene import Scene
from stillwatch.range.seeding import generator
from stillwatch.range.served import SENTENCES, capture, reworked
from stillwatch.range.shape import fitted
from stillwatch.range.suspect import Suspect


@pytest.fixture
def scene():
    """Account 0 asks twice, the second time with the first answer in the history; account 1 belongs to a campaign."""
    clock = Clock(7.0, 4.0)
    made = Scene("t", 0, clock, fitted(), {}, Accounts(clock, 0))
    rng, zero = generator(0, "t"), np.zeros(1, dtype=np.int64)
    asked, answers = made.texts.ask("chat", np.array([0, 0, 1])), made.answers(rng, 3)
    made.blocks.append(single_turn(zero, np.array([-50.0]), asked[:1], answers[:1]))
    made.blocks.append(
        Block(
            account=zero,
            at_s=np.array([10.0]),
            counts=np.array([3]),
            role=np.array([USER, ASSISTANT, USER], dtype=np.int8),
            text=np.array([asked[0], answers[0], asked[1]]),
            answer=answers[1:2],
            conversation=zero,
            end_user=zero + NONE,
        )
    )
    made.blocks.append(single_turn(zero + 1, np.array([-60.0]), asked[2:], answers[2:], label=0))
    return made


def test_a_captured_answer_has_its_words_in_later_histories_too(scene):
    served = capture(scene, generator(1, "t"), 9, before_s=0.0)
    assert served.account.tolist() == [0]
    assert scene.blocks[0].answer[0] == scene.blocks[1].text[1] == served.number[0]
    assert len(served.sentences[0]) == SENTENCES


def test_nothing_later_and_nothing_of_a_campaign_is_captured(scene):
    before = [block.answer.tolist() for block in scene.blocks]
    capture(scene, generator(1, "t"), 9, before_s=0.0)
    after = [block.answer.tolist() for block in scene.blocks]
    assert after[1:] == before[1:]
    assert after[0] != before[0]


def test_covers_of_an_attacker_are_not_captured(scene):
    scene.pools["pool"] = np.array([0])
    assert not capture(scene, generator(1, "t"), 9, before_s=0.0).sentences


def test_nothing_to_capture_changes_nothing(scene):
    before = [block.answer.tolist() for block in scene.blocks]
    assert not capture(scene, generator(1, "t"), 9, before_s=-1e6).sentences
    assert [block.answer.tolist() for block in scene.blocks] == before


def test_reworked_texts_are_cut_reordered_or_edited_each_about_two_times_in_five():
    lines = [[f"alpha {i} beta gamma {j}." for j in range(SENTENCES)] for i in range(600)]
    texts = reworked(generator(2, "t"), lines)
    kept = [[line for line in given if line in text] for given, text in zip(lines, texts, strict=True)]
    edited = [not found for found in kept]
    cut = [text.count("alpha") < SENTENCES for text in texts]
    orders = [[text.index(line) for line in found] for found, text in zip(kept, texts, strict=True) if found]
    moved = [order != sorted(order) for order in orders]
    for seen in (edited, cut, moved):
        assert 0.33 < sum(seen) / len(seen) < 0.47
    assert reworked(generator(2, "t"), lines) == texts


def test_rows_of_a_dataset_are_written_and_told_only_where_something_was_published(scene, tmp_path):
    published = Published(tmp_path)
    block, events = scene.blocks[0], np.array([7], dtype=np.uint64)
    published.add(scene, block, events)
    assert list(tmp_path.iterdir()) == []
    assert published.told() == {}
    rows = pa.array(["theirs", "ours"], pa.large_string())
    scene.suspects.append(Suspect(rows, (-1, int(block.answer[0]))))
    scene.accounts.add(1, addresses=np.zeros((1, 4)), created_s=np.zeros(1))
    for _ in range(2):  # a world of two scenes goes on with the row numbers
        published.add(scene, block, events)
    account = scene.accounts.ids()[0].as_py()
    ours = [
        {"row": name, "event": "ev_0000000000000007", "account": account}
        for name in ("row-000001", "row-000003")
    ]
    assert published.told()["suspect"] == {"file": "suspect.jsonl", "rows": 4, "ours": ours}
    assert len((tmp_path / "suspect.jsonl").read_text().splitlines()) == 4
