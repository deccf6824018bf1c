"""Every act can be worded as a template, in free paraphrase and in every language."""

from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.errors import UsageError
from stillwatch.range.attackers.plan import Work
from stillwatch.range.attackers.wording import wordings
from stillwatch.range.prompts.acts import ACTS
from stillwatch.range.prompts.acts.act import Act
from stillwatch.range.prompts.acts.experts import LANGUAGES
from stillwatch.range.prompts.paraphrase import RULES, expand, paraphrases

IDS = [act.id for act in ACTS]


def symbols(rules):
    return {
        name.split("}")[0]
        for options in rules.values()
        for option in options
        for name in option.split("{")[1:]
    }


@pytest.mark.parametrize("act", ACTS, ids=IDS)
def test_an_act_has_every_form(act):
    assert symbols(RULES) <= set(RULES) | set(act.paraphrase)
    assert all(len(set(words)) == len(words) >= 18 for words in act.paraphrase.values())
    assert tuple(act.translations) == LANGUAGES
    for template in (act.template, *act.translations.values()):
        assert all(slot and len(set(slot)) == len(slot) for slot in template)
    assert act.wordings == 1000


@pytest.mark.parametrize("act", ACTS, ids=IDS)
@pytest.mark.slow
def test_paraphrases_are_all_different_and_share_no_long_run(act):
    before, after = paraphrases(act, np.random.default_rng(5), 600)
    pairs = list(zip(before.to_pylist(), after.to_pylist(), strict=True))
    assert len(set(pairs)) == 600
    holders = defaultdict(set)
    for number, (front, back) in enumerate(pairs):
        for part in (front.lower().split(), back.lower().split()):
            for at in range(len(part) - 5):
                holders[tuple(part[at : at + 6])].add(number)
    assert max(map(len, holders.values())) <= 600 / 100
    assert sum(front == "" for front, _ in pairs) > 60
    assert sum(len(back) < 2 for _, back in pairs) > 60


@pytest.mark.parametrize("act", ACTS, ids=IDS)
@pytest.mark.parametrize(
    "work", [{"variants": 1}, {"variants": 1000}, {"languages": 8}, {"paraphrased": True}]
)
@pytest.mark.slow
def test_the_same_draws_give_the_same_words_and_none_is_missing(act, work):
    place = np.arange(200) % 40

    def worded():
        return wordings(Work(act=act.id, **work), np.random.default_rng(3), place, None)

    one, two = worded(), worded()
    assert all(a.equals(b) and a.null_count == 0 and len(a) == 200 for a, b in zip(one, two, strict=True))
    assert len(set(zip(*(part.to_pylist() for part in one), strict=True))) == 1 or work != {"variants": 1}


def test_a_recursive_rule_ends_and_expansions_stay_in_their_rows():
    rules = {"a": ("{b}", "{b}{a}"), "b": ("x", "y")}
    made = expand(rules, "a", np.random.default_rng(1), 500)
    assert isinstance(made, pa.LargeStringArray)
    assert set("".join(made.to_pylist())) == {"x", "y"}
    assert max(len(text) for text in made.to_pylist()) < 12
    longer = sum(len(text) > 1 for text in made.to_pylist())
    assert 200 < longer < 300


def test_too_small_a_vocabulary_is_refused():
    words = {symbol: ("same",) for symbol in (*RULES, "do", "it", "how", "deliver", "where")} | {"request": ("{item}",), "item": RULES["item"]}  # fmt: skip
    tiny = Act(id="tiny", title="", template=(("",), ("",), ("",)), paraphrase=words)
    with pytest.raises(UsageError, match="different ways"):
        paraphrases(tiny, np.random.default_rng(1), 50)
