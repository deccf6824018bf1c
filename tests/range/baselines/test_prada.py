"""PRADA: mixed distances of a heavy account are seen, light accounts cannot be tested."""

from stillwatch.range.baselines.prada import Prada


def test_half_repeated_half_new_queries_are_not_normal(judge):
    score, p, raised = judge(Prada())
    assert "synthetic-0" in raised
    assert p["synthetic-0"] < 1e-6
    assert score["synthetic-0"] > score["steady-0"]


def test_heavy_customers_of_natural_queries_are_not_raised(judge, of):
    assert not of(judge(Prada())[2], "steady")


def test_light_accounts_score_nothing(judge, of):
    score, p, raised = judge(Prada())
    assert {score[name] for name in of(score, "pool")} == {0.0}
    assert {p[name] for name in of(p, "pool")} == {1.0}
    assert not of(raised, "pool")


def test_the_number_of_distances_needed_is_a_parameter(judge):
    assert "copier-0" not in judge(Prada())[2]
    assert "copier-0" in judge(Prada(distances_min=30))[2]
