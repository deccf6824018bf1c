"""The third author's campaigns: who runs each, on which accounts, and how the work is dealt, as a table."""

from __future__ import annotations

from functools import partial

from benchmarks.outside.campaigns import Scenario
from benchmarks.outside.campaigns import third_work as work
from benchmarks.outside.campaigns.third_hands import Plan, Pool, campaign

WARM = (("temperature", 1.0), ("max_tokens", 4096))

PLANS: dict[str, Plan] = {
    "lab-seeds-made-harder": Plan(
        "The data team of a middling lab makes public seeds harder with a dozen reworded templates; one virtual "
        "card an account, a rented proxy pool, a dispatcher that takes the accounts in turn, from nine days before.",
        "hydra harvest",
        Pool(260, "slowly", 9, "card", "proxies", ("aiohttp", "sdk-python"), WARM),
        work.harder, "turns", 6.0, quota=12,
    ),
    "annotation-bureau": Plan(
        "A crowd-work vendor pays people to write hard questions and to press for reasons; everybody sits at home "
        "with an account and a card of their own and uses the console in sittings, for weeks.",
        "reasoning extraction",
        Pool(120, "slowly", 14, "card", "homes", ("console",), plan="pro"),
        work.hired_writers, "sittings", 4.0, shape="office", zone=5.5, weekend=0.3, spread=0.4, tasks=5, gap_s=420.0,
    ),
    "clause-startup": Plan(
        "A start-up distils a reviewer of contracts from clauses under one long system prompt; five dozen "
        "accounts of shell firms on machines in three clouds, as fast as the limits allow.",
        "hydra harvest",
        Pool(60, "slowly", 5, "firms", "clouds", ("sdk-python", "sdk-node"), (("temperature", 0.2), ("response_format", "json_object"))),
        work.clauses, "lottery", 26.0, spread=0.5,
    ),
    "access-broker-log": Plan(
        "A broker sells cheap access over aged accounts, keeps every question with its answer to sell as data, "
        "and asks a third of them again on another account.",
        "silent relay",
        Pool(90, "aged", 13, "card", "machines", ("sdk-node", "sdk-go"), (("stream", True),), tier=None),
        work.broker, "lottery", 9.0, shape="people", zone=2.0, spread=0.6,
    ),
    "student-notebooks": Plan(
        "Some seventy students who build a maths model of their own share five prompts and a notebook; student "
        "mails, free accounts, evenings, everyone a subject, from three days before the week.",
        "reasoning extraction",
        Pool(70, "slowly", 3, "student", "campus", ("sdk-python", "requests", "chains"), tier=None),
        work.exercises, "sittings", 24.0, shape="student", zone=1.0, spread=0.5, tasks=16, gap_s=14.0,
    ),
    "three-hundred-slow-taps": Plan(
        "A lab with means and patience: aged accounts behind phones, three tasks a day each, more than half of the "
        "traffic cover, and no wording in common because a model writes every question like somebody else.",
        "hydra harvest",
        Pool(300, "aged", 14, "card", "phones", (), tier=None),
        work.as_people, "clocks", 3.0, shape="people", zone=8.0, spread=0.7, cover=0.6,
    ),
    "free-pair-judges": Plan(
        "Free accounts from a script, thrown away after three days behind VPN exits, compare two answers of a "
        "student model in six wordings; dealt at random.",
        "grader harvest",
        Pool(150, "churned", 6, "none", "vpn", ("requests", "sdk-python", "sdk-node"), tier=None),
        work.pairs, "lottery", 16.0, spread=0.3, quota=40,
    ),
    "eight-samples-each": Plan(
        "Rejection sampling on stolen cards: every problem is sent four to eight times over different accounts "
        "with a fixed ending for the parser, day and night, from machines at many clouds.",
        "reasoning extraction",
        Pool(100, "bulk", 4, "stolen", "machines", ("aiohttp",), (("temperature", 1.0), ("max_tokens", 8192)), tier="deep"),
        work.samples, "lottery", 22.0,
    ),
    "tool-trace-foundry": Plan(
        "A maker of agents collects traces over invented functions with made-up results, on accounts of small "
        "firms behind household lines, each with its own pace.",
        "task harvest",
        Pool(80, "slowly", 10, "firms", "sticky", ("sdk-python", "chains"), (("tools_hash", None), ("temperature", 0.7))),
        work.tool_traces, "clocks", 3.5, shape="people", zone=-5.0, spread=0.6, gap_s=6.0, cover=0.1,
    ),
    "both-ends-of-the-line": Plan(
        "A voice-bot company lets the model play callers and the agents who answer them; the accounts are divided "
        "by trade and bought from one reseller on one payment.",
        "task harvest",
        Pool(120, "bulk", 7, "one", "proxies", ("sdk-node", "aiohttp"), (("temperature", 0.9),)),
        work.callers, "turns", 2.6, shape="office", zone=3.0, weekend=0.6, gap_s=5.0,
    ),
    "commit-miners": Plan(
        "Code out of public repositories with ten kinds of request, on accounts that look like developers with a "
        "card each and keep office hours; a quarter is cover.",
        "hydra harvest",
        Pool(140, "slowly", 12, "card", "sticky", ("editor", "sdk-node", "sdk-python", "curl"), tier=None),
        work.repositories, "clocks", 7.0, shape="office", zone=2.0, weekend=0.3, spread=0.5, cover=0.25,
    ),
    "ten-tongue-thinkers": Plan(
        "Free accounts opened in one night of this week behind sticky household lines, each asking in one of ten "
        "languages for thoughts in that language.",
        "reasoning extraction",
        Pool(180, "bulk", -2.3, "none", "sticky", (), (("max_tokens", 4096),), tier=None),
        work.tongues, "clocks", 9.0, shape="people", zone=3.0, spread=0.3, quota=20,
    ),
    "scanned-shelf": Plan(
        "A publisher of data turns a shelf of scanned textbooks into questions and answers through a reseller's "
        "accounts on one payment, page after page.",
        "hydra harvest",
        Pool(60, "bulk", 8, "one", "clouds", ("sdk-java", "sdk-go"), (("temperature", 0.3), ("max_tokens", 2048)), tier="small"),
        work.pages, "turns", 25.0,
    ),
    "environment-writers": Plan(
        "A lab orders environments with verifiers; when the first stock of accounts is banned in mid-week a second "
        "one, opened for the purpose, goes on with the list five hours later.",
        "task harvest",
        Pool(120, "bulk", 6, "card", "proxies", ("sdk-python",), (("temperature", 1.0),)),
        work.worlds, "turns", 17.0, banned_at=0.45,
    ),
    "phrasing-sweep": Plan(
        "Free accounts try thousands of wordings on twenty problems to bring out hidden thoughts; from the middle "
        "of the week the five best wordings run over new problems.",
        "probe sweep",
        Pool(160, "churned", 1, "none", "vpn", ("requests", "aiohttp", "curl"), life_days=4.0, tier="deep"),
        work.sweep, "lottery", 13.0, spread=0.4,
    ),
    "thinking-aloud": Plan(
        "Protocols of thinking aloud, in the words of a training for tutors, over household proxies and cards of "
        "their own; a third is cover, and the accounts move to the new model as it comes out.",
        "reasoning extraction",
        Pool(220, "slowly", 11, "card", "proxies", ("sdk-python", "sdk-node", "requests"), moves=1.0),
        work.tutors, "turns", 7.0, quota=9, cover=0.3,
    ),
    "critic-and-reviser": Plan(
        "Answers of a student model are put into the conversation as ours and criticised and rewritten, on aged "
        "accounts with a daily quota and much cover.",
        "trace cleaning",
        Pool(110, "aged", 10, "card", "sticky", ("sdk-python", "sdk-node", "chains")),
        work.revisions, "clocks", 8.0, shape="people", zone=1.0, spread=0.3, quota=14, cover=0.4, gap_s=30.0,
    ),
    "two-day-personas": Plan(
        "A small broker of data makes up people and what they would ask; free accounts live for two days behind "
        "phones, work at night only, and the whole began this week.",
        "hydra harvest",
        Pool(300, "churned", -0.5, "none", "phones", ("requests", "sdk-node"), (("temperature", 1.0),), life_days=2.0, tier="small"),
        work.personas, "lottery", 22.0, shape="night", zone=7.0, spread=0.2,
    ),
}  # fmt: skip


def _scenario(name: str, plan: Plan) -> Scenario:
    made = partial(campaign, name, plan)
    made.__doc__ = plan.about
    return made


THIRD: dict[str, Scenario] = {name: _scenario(name, plan) for name, plan in PLANS.items()}
