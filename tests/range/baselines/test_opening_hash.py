"""Opening hash: a fixed beginning is found, words before it blind the method, a quotation of strangers is too few."""

from stillwatch.range.baselines.opening_hash import OpeningHash


def test_a_pool_with_one_opening_is_one_group(judge, of, window):
    verdict = OpeningHash().judge(window)
    groups = [{window.names[a] for a in g} for g in verdict.groups]
    assert of(window.names, "pool") in groups


def test_words_before_the_template_blind_it(judge, of):
    score, _, raised = judge(OpeningHash())
    assert not of(raised, "varied")
    assert max(score[name] for name in of(score, "varied")) == 1


def test_fewer_accounts_than_the_minimum_are_not_raised(judge, of):
    assert len(of(judge(OpeningHash(accounts_min=6))[2], "twin")) == 6
    assert not of(judge(OpeningHash(accounts_min=7))[2], "twin")
