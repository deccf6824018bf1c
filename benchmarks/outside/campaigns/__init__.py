"""Campaigns as competent operators would run them; every scenario is one line of CAMPAIGNS."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.outside.calls import Group
from benchmarks.outside.campaigns import hydras, minds, moves, works
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.town import Town

Scenario = Callable[[Town, Crowd], Group]

CAMPAIGNS: dict[str, Scenario] = {
    "seed-topics-in-turn": hydras.seed_topics_in_turn,
    "thirty-experts": hydras.thirty_experts,
    "paraphrased-drip": hydras.paraphrased_drip,
    "crawled-questions": hydras.crawled_questions,
    "bought-and-covered": hydras.bought_and_covered,
    "two-day-accounts": hydras.two_day_accounts,
    "ten-languages": hydras.ten_languages,
    "harder-and-harder": hydras.harder_and_harder,
    "early-and-light": hydras.early_and_light,
    "document-mill": hydras.document_mill,
    "debugging-sessions": minds.debugging_sessions,
    "homework-help": minds.homework_help,
    "best-of-eight": minds.best_of_eight,
    "sweep-then-scale": minds.sweep_then_scale,
    "rubric-line": minds.rubric_line,
    "free-preferences": minds.free_preferences,
    "casual-second-opinions": minds.casual_second_opinions,
    "laundered-outputs": minds.laundered_outputs,
    "task-factory": works.task_factory,
    "side-projects": works.side_projects,
    "corpus-in-shards": works.corpus_in_shards,
    "invented-tools": works.invented_tools,
    "puppet-users": works.puppet_users,
    "silent-relay": works.silent_relay,
    "bare-relay": works.bare_relay,
    "stored-sessions": works.stored_sessions,
    "typing-pool": works.typing_pool,
    "on-release-day": moves.on_release_day,
    "after-the-ban": moves.after_the_ban,
    "rented-pool-code": moves.rented_pool_code,
    "rented-pool-topics": moves.rented_pool_topics,
}
