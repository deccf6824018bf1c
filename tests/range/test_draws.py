"""Draws: the right distributions, values that never change, and a range that uses nothing else."""

import ast
import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from stillwatch.range import draws
from stillwatch.range.draws import PINNED, Draws, exp, log, normal_quantile
from stillwatch.range.seeding import generator

RANGE = Path(draws.__file__).parent
FINITE = st.floats(-700, 700)

CALLS = {
    "random": ((), stats.uniform.cdf),
    "uniform": ((2.0, 5.0), stats.uniform(2, 3).cdf),
    "integers": ((3, 900), None),
    "choice": ((50,), None),
    "permutation": (None, None),
    "shuffle": (None, None),
    "normal": ((1.0, 2.0), stats.norm(1, 2).cdf),
    "lognormal": ((0.5, 0.7), stats.lognorm(0.7, scale=np.exp(0.5)).cdf),
    "exponential": ((3.0,), stats.expon(scale=3).cdf),
    "poisson": ((150.0,), None),
    "geometric": ((0.15,), None),
    "zipf": ((1.6,), None),
}
DISCRETE = {
    "integers": stats.randint(3, 900),
    "choice": stats.randint(0, 50),
    "poisson": stats.poisson(150),
    "geometric": stats.geom(0.15),
    "zipf": stats.zipf(1.6),
}
GOLDEN = {
    "random": "51b3555cf543a4b0",
    "uniform": "aa4101bc16536ec4",
    "integers": "24afbae1496ab3cc",
    "choice": "3ccd3570234082b4",
    "permutation": "911ac87848daddcd",
    "shuffle": "76cfe5010b2f0f68",
    "normal": "b3b9f914e2b1ceee",
    "lognormal": "cf36f02ed1879aa7",
    "exponential": "abbe09b84ffe891b",
    "poisson": "a9469ffc1e5baf91",
    "geometric": "065ac8dc95081b29",
    "zipf": "7db4fb24b964ed78",
}


def drawn(name: str, count: int) -> np.ndarray:
    rng = generator(7, "draws", name)
    if name == "permutation":
        return rng.permutation(count)
    if name == "shuffle":
        values = np.arange(count)
        rng.shuffle(values)
        return values
    return getattr(rng, name)(*CALLS[name][0], size=count)


@pytest.mark.parametrize("name", PINNED)
def test_the_values_never_change(name):
    """A new numpy or a new processor may not move one bit; a change here changes every world."""
    digest = hashlib.blake2b(np.ascontiguousarray(drawn(name, 3000)).tobytes(), digest_size=8).hexdigest()
    assert digest == GOLDEN[name]


@pytest.mark.parametrize("name", [n for n in CALLS if CALLS[n][1]])
def test_continuous_draws_follow_their_distribution(name):
    assert stats.kstest(drawn(name, 20_000), CALLS[name][1]).pvalue > 1e-3


@pytest.mark.parametrize("name", DISCRETE)
def test_discrete_draws_follow_their_distribution(name):
    values, law = drawn(name, 20_000), DISCRETE[name]
    edges = np.unique(law.ppf(np.linspace(0, 1, 21)[1:-1]))
    below = np.concatenate([[0.0], law.cdf(edges), [1.0]])
    counts = np.diff(np.concatenate([[0], [np.count_nonzero(values <= e) for e in edges], [values.size]]))
    assert stats.chisquare(counts, np.diff(below) * values.size).pvalue > 1e-3


def test_a_permutation_and_a_choice_without_replacement_repeat_nothing():
    rng = generator(1, "permutation")
    assert sorted(rng.permutation(1000)) == list(range(1000))
    assert len(set(rng.choice(512, 40, replace=False))) == 40
    with pytest.raises(ValueError, match="more wanted"):
        rng.choice(3, 4, replace=False)


def test_weights_and_shapes_are_those_of_numpy():
    rng = generator(1, "shapes")
    counts = np.bincount(rng.choice(3, 30_000, p=[0.6, 0.3, 0.1]))
    assert np.allclose(counts / 30_000, [0.6, 0.3, 0.1], atol=0.01)
    assert np.isscalar(rng.random())
    assert np.isscalar(rng.integers(5))
    assert rng.integers(1, 255, (2, 4)).shape == (2, 4)
    assert rng.poisson(np.array([1.0, 500.0])).shape == (2,)
    assert rng.choice(["a", "b"], 3).shape == (3,)
    with pytest.raises(ValueError, match="low >= high"):
        rng.integers(3, 3)


@given(FINITE)
def test_exp_is_exp(x):
    assert exp(x) == pytest.approx(np.exp(x), rel=4.5e-16)


@given(st.floats(1e-300, 1e300))
def test_log_is_log(x):
    assert log(x) == pytest.approx(np.log(x), rel=4.5e-16, abs=2.3e-16)


@given(st.floats(1e-12, 1 - 1e-12))
def test_the_quantile_inverts_the_normal(p):
    assert normal_quantile(np.array([p]))[0] == pytest.approx(stats.norm.ppf(p), rel=1e-12, abs=1e-12)


def unpinned(tree: ast.AST) -> list[str]:
    """Methods called on a generator that are not pinned, and numpy functions whose last bit is the processor's."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner, name = node.func.value, node.func.attr
        on_rng = isinstance(owner, ast.Name) and owner.id.endswith("rng")
        made = (
            isinstance(owner, ast.Call) and getattr(owner.func, "attr", getattr(owner.func, "id", ""))
        ) or ""
        if (on_rng or made in ("rng", "shared", "generator")) and name not in PINNED:
            found.append(f"{node.lineno}: {name} is not pinned in draws.py")
        numpy = isinstance(owner, ast.Name) and owner.id in ("np", "math")
        if numpy and name in ("exp", "log", "log2", "log1p", "expm1", "power", "sin", "cos", "tanh", "pow"):
            found.append(f"{node.lineno}: {owner.id}.{name} differs between processors, take draws.{name}")
    return found


@pytest.mark.slow
def test_worlds_are_made_of_pinned_draws_only():
    broken = []
    for path in sorted(RANGE.rglob("*.py")):
        inside = path.relative_to(RANGE).parts
        if path.name not in ("draws.py", "scoring.py") and inside[0] in WORLD_PARTS:
            broken += [f"{'/'.join(inside)}:{x}" for x in unpinned(ast.parse(path.read_text()))]
    assert not broken, "\n".join(broken)


WORLD_PARTS = {
    *("accounts.py", "blocks.py", "networks.py", "scene.py", "shape.py", "texts.py", "writing.py"),
    *("attackers", "evasions", "honest", "prompts", "worlds"),
}


@pytest.mark.parametrize("line", ["rng.beta(1, 2)", "scene.rng('a').gamma(2)", "x = np.exp(y)"])
def test_the_rule_can_fail(line):
    assert unpinned(ast.parse(line))


def test_the_generator_is_ours_everywhere():
    assert isinstance(generator(0, "x"), Draws)
