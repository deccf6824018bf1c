"""Known evaluation harnesses, SDKs and applications, told by user agent or by the stock wording they send.

What they are for: many unrelated accounts share a harness's stock prompt or an SDK's user agent, so a key
that one of them explains is organic. A user agent is asserted by the caller and a stock prompt can be copied:
a match supports an explanation and never clears an account. Literals only, matched at word starts: linear
time on any input, whatever a caller sends.

What it misses: harnesses that keep the plain user agent of an SDK and change the stock prompts. Extend it:

    [[harness]]
    name = "heron-bench"
    kind = "evaluation"
    user_agents = ["heron-bench/"]
    markers = ["you are the heron grader"]
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from stillwatch.policy.tables import Table, read_tables

KINDS = ("evaluation", "sdk", "application")
TELLING_KINDS = ("evaluation", "application")
"""An SDK's user agent is what everybody sends, attackers too: it explains nothing unless asked for."""
KEYS = ("name", "kind", "user_agents", "markers")
USER_AGENT_CHARS_MAX = 512
MARKER_CHARS_MIN = 12
TEXT_CHARS_MAX = 20_000
"""Stock wording opens or closes a prompt: only this much of each end is searched."""


class Harness(msgspec.Struct, frozen=True, kw_only=True):
    """user_agents: literals that begin a word of the user agent; markers: literals inside the prompt."""

    name: str
    kind: str
    user_agents: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()


def _evaluation(name: str, user_agents: Sequence[str], markers: Sequence[str] = ()) -> Harness:
    return Harness(name=name, kind="evaluation", user_agents=tuple(user_agents), markers=tuple(markers))


def _sdk(name: str, *user_agents: str) -> Harness:
    return Harness(name=name, kind="sdk", user_agents=user_agents)


HARNESSES: tuple[Harness, ...] = (
    _evaluation(
        "lm-evaluation-harness",
        ["lm-eval", "lm_eval", "lm-evaluation-harness"],
        ["the following are multiple choice questions (with answers) about"],
    ),
    _evaluation(
        "inspect-ai",
        ["inspect-ai", "inspect_ai"],
        [
            "you are assessing a submitted answer on a given task based on a criterion",
            "the entire content of your response should be of the following format: 'answer:",
        ],
    ),
    _evaluation("helm", ["crfm-helm", "crfm_helm"]),
    _evaluation("promptfoo", ["promptfoo"], ["you are grading output according to a user-specified rubric"]),
    _evaluation("deepeval", ["deepeval"]),
    _evaluation("ragas", ["ragas"]),
    _evaluation("openai-evals", ["openai-evals", "oaieval"]),
    _evaluation(
        "simple-evals",
        ["simple-evals", "simple_evals"],
        [
            "the last line of your response should be of the following format: 'answer: $letter'",
            "the last line of your response should be of the form answer: $answer",
        ],
    ),
    _evaluation("langsmith", ["langsmith"], ["you are an expert data labeler evaluating model outputs"]),
    _evaluation(
        "braintrust",
        ["braintrust", "autoevals"],
        ["you are comparing a submitted answer to an expert answer on a given question"],
    ),
    _evaluation("mt-bench", ["fastchat"], ["please act as an impartial judge and evaluate the quality of"]),
    _evaluation("opencompass", ["opencompass"]),
    _evaluation("lighteval", ["lighteval"]),
    _evaluation("evalplus", ["evalplus"]),
    _evaluation("garak", ["garak/"]),
    _evaluation("giskard", ["giskard"]),
    _evaluation("trulens", ["trulens"]),
    _evaluation("arize-phoenix", ["arize-phoenix", "phoenix-evals"]),
    _sdk("langchain", "langchain"),
    _sdk("llama-index", "llama-index", "llama_index", "llamaindex"),
    _sdk("litellm", "litellm"),
    _sdk("vercel-ai-sdk", "ai-sdk/"),
    _sdk("openai-sdk", "openai/", "asyncopenai/", "azureopenai/", "asyncazureopenai/"),
    _sdk("anthropic-sdk", "anthropic/", "asyncanthropic/"),
    _sdk("bedrock-sdk", "boto3/", "aws-sdk-"),
    _sdk("http-library", "python-requests/", "python-httpx/", "aiohttp/", "axios/", "okhttp/", "curl/"),
)
"""The built-in registry; the first match wins, so harnesses stand before the SDKs they run on."""


class Harnesses:
    """The registry in use: the operator's own entries first, then the built-in ones."""

    def __init__(self, extra: Sequence[Harness] = ()) -> None:
        self.entries = (*extra, *HARNESSES)
        self._agents = [(literal.lower(), entry) for entry in self.entries for literal in entry.user_agents]
        self._markers = [(_flat(literal), entry) for entry in self.entries for literal in entry.markers]

    @classmethod
    def load(cls, path: Path) -> Harnesses:
        """Read a TOML file of `[[harness]]` tables. Raises ConfigError naming file, table and key."""
        return cls([_harness(table) for table in read_tables(path, "harness", KEYS)])

    def match(
        self, user_agents: Sequence[str | None], kinds: Sequence[str] = TELLING_KINDS
    ) -> list[Harness | None]:
        """The entry of one of `kinds` for each user agent, or None; each distinct one is looked at once."""
        known = {agent: self._by_agent(agent, kinds) for agent in dict.fromkeys(user_agents) if agent}
        return [known.get(agent) if agent else None for agent in user_agents]

    def match_text(self, texts: Sequence[str | None]) -> list[Harness | None]:
        """The harness whose stock wording each prompt holds, or None."""
        return [self._by_marker(text) if text else None for text in texts]

    def _by_agent(self, agent: str, kinds: Sequence[str]) -> Harness | None:
        folded = agent[:USER_AGENT_CHARS_MAX].lower()
        fitting = (e for literal, e in self._agents if e.kind in kinds and _begins_word(folded, literal))
        return next(fitting, None)

    def _by_marker(self, text: str) -> Harness | None:
        ends = (
            text if len(text) <= 2 * TEXT_CHARS_MAX else text[:TEXT_CHARS_MAX] + "\n" + text[-TEXT_CHARS_MAX:]
        )
        folded = _flat(ends)
        return next((entry for literal, entry in self._markers if literal in folded), None)


def match(user_agents: Sequence[str | None], kinds: Sequence[str] = TELLING_KINDS) -> list[Harness | None]:
    """`Harnesses().match`: against the built-in registry only."""
    return _BUILTIN.match(user_agents, kinds)


def _harness(table: Table) -> Harness:
    entry = Harness(
        name=table.text("name", required=True),
        kind=table.one_of("kind", KINDS),
        user_agents=table.texts("user_agents"),
        markers=table.texts("markers"),
    )
    if not entry.user_agents and not entry.markers:
        raise table.error("nothing to match", hint="add user_agents or markers")
    if any(len(literal) < 3 for literal in entry.user_agents):
        raise table.error(
            "a user agent shorter than 3 characters matches nearly everything", hint="write more"
        )
    if any(len(_flat(literal)) < MARKER_CHARS_MIN for literal in entry.markers):
        hint = f"write at least {MARKER_CHARS_MIN} characters of the stock wording"
        raise table.error("a marker is too short to tell anything", hint=hint)
    return entry


def _begins_word(text: str, literal: str) -> bool:
    at = text.find(literal)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(literal, at + 1)
    return at >= 0


def _flat(text: str) -> str:
    return " ".join(text.lower().split())


_BUILTIN = Harnesses()
