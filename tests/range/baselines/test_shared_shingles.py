"""Shared shingles: sees what the opening hash misses, and takes readers of one quotation for a campaign."""

from stillwatch.range.baselines.shared_shingles import SharedShingles


def test_a_template_behind_changing_words_is_found(judge, of):
    score, _, raised = judge(SharedShingles())
    assert len(of(raised, "varied")) == 30
    assert min(score[name] for name in of(score, "varied")) >= 30


def test_strangers_who_quote_one_sentence_are_raised_too(judge, of):
    assert len(of(judge(SharedShingles())[2], "reader")) == 4


def test_people_who_share_nothing_are_not_raised(judge, of):
    assert not of(judge(SharedShingles())[2], "acct")
