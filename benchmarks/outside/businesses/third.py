"""The third author's honest groups: who they are, what they run and when they came, as a table."""

from __future__ import annotations

from functools import partial

from benchmarks.outside.businesses import Population, third_checks, third_learning, third_public, third_trades
from benchmarks.outside.businesses.third_people import People, group

SDK = ("sdk-python", "sdk-python", "sdk-node", "requests")
COLD = (("temperature", 0.0),)

GROUPS: dict[str, People] = {
    "tutorial_digests": People(
        "People who follow a video and type its code off the screen: a script mails them a digest of their own feeds, at "
        "first over and over until it runs, then each morning. Most are new this week.",
        "crowd", 140, third_learning.digest_tutorial, "mixed", "homes", ("sdk-python",), 2.2,
        tasks=3, gap_s=40.0, shape="evening", new=0.7, since=(0.1, 0.8), settings=(("max_tokens", 1024),), everyday=0.2,
    ),
    "few_shot_course": People(
        "An online course in the week of its second assignment: everybody runs the notebook's template over a hundred "
        "texts of their own choice, on free accounts that the course told them to open.",
        "classroom", 150, third_learning.few_shot_course, "free", "anywhere", ("sdk-python", "requests"), 0.7,
        tasks=30, gap_s=3.0, shape="student", new=0.8, since=(0.05, 0.7), settings=COLD, tier="small",
    ),
    "district_worksheets": People(
        "Pupils of one school district at home and behind its four lines, with accounts the district opened; each class "
        "types off the same worksheets.",
        "classroom", 220, third_learning.district_worksheets, "school", "campus", ("console",), 1.1,
        tasks=3, gap_s=150.0, shape="student", zone=1.0, weekend=0.4, new=0.05, tier="small",
    ),
    "exam_season": People(
        "Students in the weeks before the exams solve the same past papers with prompts that a forum recommends, which "
        "ask for every step; free accounts mostly, many of them new.",
        "crowd", 240, third_learning.exam_season, "mixed", "anywhere", ("console", "console", None), 1.2,
        tasks=3.5, gap_s=120.0, shape="student", zone=0.0, weekend=1.2, new=0.35, everyday=0.2,
    ),
    "hackathon_teams": People(
        "Eighty teams at a hackathon, on vouchers of its sponsor, in one hall; a starter kit's system prompt, an own idea "
        "each, two days and nights.",
        "application", 80, third_learning.hackathon, "credits", "one office", ("sdk-node", "sdk-python", "editor"), 16.0,
        spread=0.6, tasks=6, gap_s=25.0, shape="always", zone=1.0, new=1.0, since=(0.6, 0.68), moves=0.8,
    ),
    "guard_workshop": People(
        "A conference workshop on prompt injection, then its online edition: hundreds of tricks against one guarded "
        "word, on free accounts opened for it.",
        "research", 110, third_learning.guard_workshop, "free", "anywhere", ("requests", "console", "sdk-python"), 2.5,
        tasks=14, gap_s=35.0, shape="office", zone=-5.0, weekend=0.5, new=0.85, since=(0.25, 0.7),
    ),
    "vocabulary_decks": People(
        "Learners with a flashcard plugin and a key of their own: its default prompt over all the new cards of a deck, "
        "hundreds in one go.",
        "application", 80, third_learning.vocabulary_decks, "mixed", "homes", ("requests",), 0.5,
        tasks=36, gap_s=4.0, shape="evening", alike=True, own="deckling-helper/2.{v}", new=0.15, tier="small",
    ),
    "translators_plugin": People(
        "Freelance translators whose tool sends each segment with the one before and the client's terms: hundreds of "
        "calls on a working day.",
        "application", 60, third_learning.translators, "card", "homes", ("sdk-java",), 1.4,
        spread=0.5, tasks=22, gap_s=45.0, shape="office", weekend=0.3, alike=True, own="Segmenta/7.{v} (desktop)", settings=(("temperature", 0.2),),
    ),
    "framework_judges": People(
        "Start-ups whose continuous tests use the default judges of one framework on their own answers, from the "
        "rented machines of a test service, day and night.",
        "evaluation", 70, third_checks.framework_judges, "firms", "runners", ("sdk-python", "chains"), 2.2,
        spread=0.9, tasks=10, gap_s=2.0, shape="office", weekend=0.3, settings=COLD, new=0.12,
    ),
    "framework_test_sets": People(
        "Teams that let a framework write test questions over their own documents, in runs of hundreds; a release of the "
        "framework this week brought many of them.",
        "batch", 60, third_checks.framework_test_sets, "firms", "machines", ("chains", "sdk-python"), 0.35,
        spread=0.5, tasks=90, gap_s=2.5, shape="office", weekend=0.2, new=0.4, since=(0.1, 0.6),
    ),
    "public_benchmark": People(
        "Evaluators who run a public benchmark with its public harness to compare models, thousands of items in a fixed "
        "order, once the new model is near.",
        "evaluation", 40, third_checks.public_benchmark, "card", "machines", ("sdk-python", "aiohttp"), 0.22,
        spread=0.4, tasks=330, gap_s=1.2, shape="always", settings=COLD, moves=0.9, new=0.2, starts=-0.5,
    ),
    "many_labs_protocol": People(
        "Research groups at forty universities that follow one registered protocol: the same scenarios, drawn personas, "
        "a number and the reasons, from scripts with an account and a payment each.",
        "research", 42, third_checks.many_labs, "firms", "offices", ("sdk-python", "requests"), 0.5,
        spread=0.3, tasks=75, gap_s=3.0, shape="office", weekend=0.4, settings=(("temperature", 1.0),), starts=0.02, new=0.5, since=(0.0, 0.3),
    ),
    "service_fleet": People(
        "A company's services with an account each, all under one organisation, in one cloud: eight versioned prompts of "
        "its platform over their own records, day and night.",
        "batch", 120, third_checks.service_fleet, "one", "vendor", ("sdk-go", "sdk-java"), 8.0,
        spread=0.8, gap_s=5.0, alike=True, settings=(("temperature", 0.0), ("max_tokens", 512)), runs="steady", plan="scale", new=0.03,
    ),
    "agency_clients": People(
        "An agency that works in its clients' accounts, each on the client's card, from its own machines with seven house "
        "templates.",
        "application", 90, third_trades.agency_clients, "firms", "vendor", ("sdk-node",), 3.0,
        spread=0.6, tasks=4, gap_s=30.0, shape="office", zone=1.0, weekend=0.1, alike=True, settings=(("temperature", 0.7),), new=0.05,
    ),
    "regional_reseller": People(
        "Small firms that buy through one reseller, which pays for all and sends everything through its own machines; "
        "programs and people with nothing in common.",
        "reseller", 150, third_trades.resold, "one", "vendor", ("sdk-node",), 4.0,
        spread=1.0, tasks=2, gap_s=40.0, shape="office", weekend=0.3, alike=True, new=0.12, plan="scale",
    ),
    "gig_workers": People(
        "People on platforms for small jobs who get through them with free accounts at home, long hours, each with their "
        "own sorts of job.",
        "crowd", 160, third_trades.gig_workers, "free", "phones", ("console", "console", "requests"), 2.0,
        spread=0.7, tasks=5, gap_s=90.0, weekend=1.0, new=0.2, everyday=0.1,
    ),
    "outage_migrants": People(
        "Customers of another provider that failed this week: within a day they opened accounts and pointed their "
        "programs here, first a ping, then all of their traffic.",
        "migration", 180, third_trades.migrants, "card", "machines", ("sdk-node", "sdk-python", "aiohttp"), 14.0,
        spread=1.0, gap_s=5.0, shape="people", new=1.0, since=(0.4, 0.55), settings=(("max_tokens", 1024),),
    ),
    "bought_seats": People(
        "Two hundred seats of a consultancy, opened in one hour this week on one payment; about half of what people ask "
        "follows the house guide for prompts.",
        "crowd", 200, third_trades.bought_seats, "one", "one office", ("console",), 3.0,
        spread=0.9, tasks=2, gap_s=110.0, shape="office", zone=1.0, weekend=0.05, new=1.0, since=(0.15, 0.5), plan="team",
    ),
    "low_code_flows": People(
        "Customers of a maker of flows: its machines, its client, six ready-made actions over each customer's own "
        "records, whenever something happens.",
        "application", 130, third_trades.low_code, "card", "vendor", ("no-code",), 7.0,
        spread=1.0, gap_s=5.0, alike=True, new=0.1, tier="small",
    ),
    "deadline_notices": People(
        "Small firms in the days before a legal deadline paste the wording that their association mailed to all members, "
        "with their own text; most have never used a model before.",
        "crowd", 170, third_trades.deadline, "mixed", "offices", ("console",), 1.4,
        spread=0.6, tasks=2, gap_s=200.0, shape="office", zone=1.0, weekend=0.3, new=0.7, since=(0.1, 0.8), everyday=0.2,
    ),
    "prompt_packs": People(
        "Sellers on a marketplace who bought the same pack of prompts and run it over every product they have.",
        "application", 90, third_trades.prompt_packs, "card", "homes", ("requests", "console", "no-code"), 0.9,
        spread=0.8, tasks=16, gap_s=20.0, shape="evening", new=0.3,
    ),
    "life_auditor_clip": People(
        "A prompt that a clip makes famous in the middle of the week: free users on their phones copy it whole and add "
        "their own week.",
        "crowd", 300, third_public.life_auditor, "free", "phones", ("console",), 0.9,
        spread=0.7, tasks=1.3, gap_s=80.0, shape="evening", new=0.6, since=(0.35, 0.9), starts=0.35, everyday=0.3,
    ),
    "prompt_library": People(
        "Readers of a public list of prompts who fill in its blanks and go on talking; on all sorts of clients.",
        "crowd", 200, third_public.prompt_library, "mixed", "anywhere", ("console", None), 0.8,
        spread=0.9, tasks=1.5, gap_s=90.0, new=0.15, everyday=0.3,
    ),
    "named_storm": People(
        "A storm with a name makes private people ask nearly the same within three days, many on accounts opened for it.",
        "crowd", 300, third_public.storm, "free", "phones", ("console",), 1.2,
        spread=0.6, tasks=2, gap_s=60.0, zone=0.0, new=0.45, since=(0.3, 0.8), starts=0.3, everyday=0.15,
    ),
    "logbook_volunteers": People(
        "Volunteers of a science project, many since a radio feature this week, run its script over scanned weather "
        "books on free keys.",
        "batch", 130, third_public.logbooks, "free", "homes", ("requests",), 0.8,
        spread=0.8, tasks=16, gap_s=6.0, shape="evening", weekend=1.6, alike=True, own="tidewatch-volunteer/1.{v}", new=0.55, since=(0.2, 0.85),
    ),
    "reading_aid": People(
        "Users of a browser aid for easy reading on their own keys: two fixed prompts over whatever page is open.",
        "application", 110, third_public.reading_aid, "mixed", "homes", ("sdk-node",), 5.0,
        spread=0.7, tasks=3, gap_s=30.0, alike=True, own="plainview-extension/0.{v}", settings=(("stream", True),), tier="small",
    ),
    "game_tables": People(
        "Hosts of one game community who run its bot with its system prompt at night, the same build with their own "
        "house rules, on their own keys.",
        "application", 100, third_public.game_tables, "mixed", "anywhere", ("sdk-node",), 0.7,
        spread=0.7, tasks=3, gap_s=45.0, shape="night", weekend=2.0, alike=True, own="dice-steward/4.{v}", settings=(("temperature", 1.0),), new=0.15,
    ),
    "triage_bots": People(
        "Maintainers of free software whose repositories run the same action on each pull request, from machines set up "
        "for every job, day and night.",
        "application", 120, third_public.triage_bots, "mixed", "runners", ("sdk-node",), 7.0,
        spread=1.0, gap_s=5.0, shape="people", alike=True, own="pull-steward-action/3.{v}", settings=(("temperature", 0.1),), new=0.1,
    ),
}  # fmt: skip


def _population(name: str, people: People) -> Population:
    made = partial(group, name, people)
    made.__doc__ = people.about
    return made


THIRD: dict[str, Population] = {name: _population(name, people) for name, people in GROUPS.items()}
