"""People on their own: occasional askers, regulars, freelancers, students, writers of long conversations."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.outside.calls import Account, Call
from benchmarks.outside.draws import Draws
from benchmarks.outside.networks import Place
from benchmarks.outside.rhythm import DAY, Rhythm
from benchmarks.outside.talk import KEEPS_IDS, Seat, conversation
from benchmarks.outside.town import Town
from benchmarks.outside.words import coding
from benchmarks.outside.words.documents import document, passage
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.subjects import DAILY, OFFICE, STUDY, TECH
from benchmarks.outside.words.tongues import ZONES_OF
from benchmarks.outside.words.voices import Voice


class Sort(NamedTuple):
    """A sort of person. `sittings` is the median number a day; `turns` the mean length of a conversation."""

    name: str
    share: float
    plans: tuple[str, ...]
    shape: str
    weekend: float
    sittings: float
    spread: float
    turns: float
    subjects: tuple[str, ...]
    codes: float = 0.0  # share of questions about code
    pastes: float = 0.05  # share of questions over a pasted text
    sentences: float = 6.0


SORTS = (
    Sort("occasional", 26, ("free",), "people", 1.1, 0.10, 0.8, 1.5, DAILY),
    Sort("free regular", 12, ("free",), "evening", 1.2, 0.45, 0.8, 2.2, DAILY),
    Sort("subscriber", 17, ("pro", "pay-as-you-go"), "people", 0.9, 0.7, 0.9, 2.5, (*DAILY, "programming", "data"), 0.1),
    Sort("freelancer", 9, ("pro", "pay-as-you-go"), "office", 0.4, 1.3, 0.8, 2.5, OFFICE, 0.1, 0.3),
    Sort("student", 13, ("free", "free", "pro"), "student", 0.8, 0.6, 0.9, 3.0, STUDY, 0.08, 0.1),
    Sort("hobby coder", 9, ("free", "pay-as-you-go"), "evening", 1.4, 0.6, 1.0, 3.0, TECH, 0.75),
    Sort("teller of tales", 4, ("pro", "free"), "night", 1.2, 0.5, 0.9, 11.0, ("arts", "history and ideas"), 0, 0, 9.0),
    Sort("questioner", 10, ("pay-as-you-go", "free"), "people", 0.9, 1.1, 1.0, 1.0, (*DAILY, *STUDY), 0.1, 0.05, 3.0),
)  # fmt: skip
OVER_A_TEXT = listed("""
    summarise this¶¶{text} | {text}¶¶make it shorter | Can you proofread this?¶{text} | what's the main
    point of this: {text} | reply to this for me: {text} | Improve the style:¶¶{text} | {text}¶¶Is this too
    harsh? | turn this into bullet points¶{text} | translate to English please: {text} | tl;dr {text}
""")
FASHIONS = listed("""
    describe my {pet} as a medieval king | roast my {pet} like a stand-up comedian | write a nature
    documentary about my {pet} doing taxes | what would my {pet} say in a job interview
""")
PETS = listed(
    "cat | dog | hamster | parrot | goldfish | rabbit | grandma's poodle | tortoise | lazy cat | gecko"
)


def span(town: Town, draws: Draws) -> tuple[float, float, float | None]:
    """When an account is active, and when it was created if that is recent.

    Most are there throughout; some come during the reference or the current week, some leave.
    """
    dice, begin, end = draws.dice, town.reference_start, town.end
    fate = dice.random()
    if fate < 0.14:  # newcomers, at the same pace before and in the current week
        begin += dice.random() * (end - begin)
        return begin, end, begin - dice.expovariate(1 / 1800.0)
    if fate < 0.24:
        end -= dice.random() * (end - begin)
    return begin, end, None


def ask_of(sort: Sort, voice: Voice, draws: Draws) -> str | None:
    """A first question that is not the voice's own: code, or something over a pasted text."""
    fate = draws.dice.random()
    if fate < sort.codes:
        return coding.request(draws.dice)
    if fate < sort.codes + sort.pastes and voice.tongue == "en":
        text = (
            passage(draws.dice, draws.dice.randint(3, 12))
            if draws.chance(0.6)
            else document(draws.dice, draws.dice.choice(("mail", "ticket")))
        )
        return draws.dice.choice(OVER_A_TEXT).format(text=text)
    return None


def resident(town: Town, draws: Draws, sort: Sort, fashion: tuple[str, float]) -> tuple[Account, list[Call]]:
    """One person of a sort with all of their calls. `fashion` is (wording, time from when people use it)."""
    dice = draws.dice
    begin, end, created = span(town, draws)
    plan = dice.choice(sort.plans)
    account = town.account(
        draws, plan=plan, payment=None if plan == "free" else town.card(draws), created=created
    )
    voice = Voice(dice, sort.subjects, prompts=town.prompts)
    places = [town.place(draws, "home")]
    if draws.chance(0.4):
        places.append(town.place(draws, "mobile"))
    if draws.chance(0.06):
        places.append(town.place(draws, "vpn", 3))
    family = dice.choices(("console", None, "editor"), (70, 25, 5) if sort.codes < 0.5 else (25, 55, 20))[0]
    client, model = town.install(draws, family), town.model(draws)
    keeps = client.family.name in KEEPS_IDS
    rhythm = Rhythm(sort.shape, dice.choice(ZONES_OF[voice.tongue]), sort.weekend)
    calls: list[Call] = []
    for at in rhythm.times(
        draws.rng, min(draws.lognormal(0.65 * sort.sittings, sort.spread), 7.0), begin, end
    ):
        seat = Seat(account, dice.choice(places), client, model, keeps_ids=keeps)
        calls += sitting(town, draws, seat, sort, voice, float(at), fashion)
    return account, calls


def sitting(
    town: Town, draws: Draws, seat: Seat, sort: Sort, voice: Voice, at: float, fashion: tuple[str, float]
) -> list[Call]:
    """A sitting of one person: one conversation or a few in a row."""
    calls: list[Call] = []
    place: Place = seat.place._replace(addresses=(seat.place.address(draws, at),))
    for _ in range(draws.dice.choice((1, 1, 1, 2, 3))):
        turns = 1 + int(draws.dice.expovariate(1 / max(sort.turns - 0.7, 0.1)))
        first = ask_of(sort, voice, draws) if town.prompts is None else None
        if at > fashion[1] and draws.chance(0.02):
            first = fashion[0].format(pet=draws.dice.choice(PETS))
        calls += conversation(
            town,
            draws,
            seat._replace(place=place),
            at,
            voice,
            min(turns, 30),
            first=first,
            sentences=sort.sentences,
        )
        at = calls[-1].ts + draws.dice.expovariate(1 / 300.0) + 20.0
    return calls


def fashion_of(town: Town, draws: Draws) -> tuple[str, float]:
    """The fashion of the season, and when it begins."""
    return draws.dice.choice(FASHIONS), town.start + draws.dice.uniform(-3, 3) * DAY
