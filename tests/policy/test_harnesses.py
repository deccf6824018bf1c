"""Known harnesses: which user agents and stock prompts match, which nearly do, and that time stays linear."""

import time

import pytest

from stillwatch.errors import ConfigError
from stillwatch.policy.harnesses import HARNESSES, KINDS, Harnesses, match


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("lm-eval/0.4.2 python/3.11", "lm-evaluation-harness"),
        ("Promptfoo/0.90", "promptfoo"),
        ("OpenAI/Python 1.54.0", "openai-sdk"),
        ("AsyncOpenAI/Python 1.54.0", "openai-sdk"),
        ("OpenAI/Python 1.54.0 inspect_ai/0.3", "inspect-ai"),
        ("Helm/3.12", None),
        ("storagas/1.0", None),
        ("Mozilla/5.0 (X11; Linux x86_64)", None),
        ("", None),
        (None, None),
    ],
    ids=[
        "a version after it",
        "case does not matter",
        "an SDK",
        "its asynchronous twin",
        "a harness outranks the SDK it runs on",
        "the package manager of the same name",
        "inside a word",
        "a browser",
        "empty",
        "absent",
    ],
)
def test_user_agents(agent, name) -> None:
    (found,) = match([agent], KINDS)
    assert (found.name if found else None) == name


def test_what_everybody_sends_explains_nothing_unless_asked_for() -> None:
    agents = ["OpenAI/Python 1.54.0", "curl/8.0", "langchain/0.3", "OpenAI/Python 1.54.0 ragas/0.2"]
    assert [h.name if h else None for h in match(agents)] == [None, None, None, "ragas"]


def test_order_and_length_are_kept() -> None:
    agents = ["deepeval", None, "x", "deepeval"]
    assert [h.name if h else None for h in match(agents)] == ["deepeval", None, None, "deepeval"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("You are grading output\naccording to a  user-specified RUBRIC. If", "promptfoo"),
        (
            "x" * 100_000 + " The last line of your response should be of the form Answer: $Answer",
            "simple-evals",
        ),
        ("You are grading homework according to a rubric", None),
        ("", None),
        (None, None),
    ],
    ids=["folded space and case", "at the far end", "near miss", "empty", "absent"],
)
def test_stock_wording(text, name) -> None:
    (found,) = Harnesses().match_text([text])
    assert (found.name if found else None) == name


def test_the_registry_is_well_formed() -> None:
    assert len({h.name for h in HARNESSES}) == len(HARNESSES)
    for harness in HARNESSES:
        assert harness.kind in KINDS
        assert harness.user_agents
        assert all(literal == literal.lower() for literal in (*harness.user_agents, *harness.markers))
        found = match(list(harness.user_agents), KINDS) + Harnesses().match_text(harness.markers)
        assert {h.name for h in found if h} == {harness.name}


def test_hostile_agents_cost_linear_time() -> None:
    agents = ["lm-ev" * 200_000 + str(i) for i in range(50)] + ["a" * 1_000_000]
    start = time.process_time()
    assert match(agents) == [None] * 51
    assert time.process_time() - start < 5.0


def test_extension_outranks_the_built_in(tmp_path) -> None:
    path = tmp_path / "harnesses.toml"
    path.write_text('[[harness]]\nname = "heron"\nkind = "evaluation"\nuser_agents = ["Promptfoo/99"]\n')
    registry = Harnesses.load(path)
    assert [h.name if h else None for h in registry.match(["promptfoo/99", "promptfoo/1"])] == [
        "heron",
        "promptfoo",
    ]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('name = "h"\nkind = "sdk"', "nothing to match"),
        ('name = "h"\nkind = "sdk"\nuser_agents = ["a"]', "shorter than 3"),
        ('name = "h"\nkind = "sdk"\nmarkers = ["hello"]', "too short"),
        ('name = "h"\nkind = "tool"', "'kind' cannot be 'tool'"),
        ('name = "h"\nkind = "sdk"\nuser_agent = ["abc"]', "unknown key 'user_agent'"),
    ],
)
def test_mistakes_are_named(tmp_path, body, says) -> None:
    path = tmp_path / "harnesses.toml"
    path.write_text("[[harness]]\n" + body)
    with pytest.raises(ConfigError, match=says) as raised:
        Harnesses.load(path)
    assert "harness 1" in str(raised.value)
