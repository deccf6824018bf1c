"""Large piles of documents worked off by machines: batches, nightly pipelines, labelling, test data."""

from __future__ import annotations

from benchmarks.outside.businesses.members import (
    Member,
    enrol,
    everyone_alike,
    in_week,
    mostly,
    one_purse,
    part_of,
    product,
    rollout,
)
from benchmarks.outside.businesses.papers import fill, pages, paper, record
from benchmarks.outside.businesses.prose import article, speak
from benchmarks.outside.businesses.schedules import daily, habit
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, group
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import HOUR, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply

_EXTRACT = (
    "Extract from the contract: parties, start, end, notice period, governing law, liability cap, "
    "renewal. Return JSON that matches the schema contract_v3. Use null where the contract is silent. "
    "Contract {number}:\n\n{text}"
)


def contract_batch(town: Town, _crowd: Crowd) -> Group:
    """An insurer that reads its archive of contracts, spread evenly
    over 24 accounts to stay under the rate limits.

    A small pilot ran before; the whole archive goes through day and night in the current week.
    """
    draws = town.draws("businesses/contract_batch")
    machines = town.place(draws, "cloud", 8)
    worker = product(
        town, draws, "sdk-python", temperature=0.0, max_tokens=1024, response_format="json_schema"
    )
    model = town.model(draws, tier="main", moves=0.0)
    purse = one_purse(town, draws)
    members = enrol(
        town,
        draws,
        24,
        opened=rollout(town, draws, 1),
        purse=everyone_alike(purse),
        place=lambda n: part_of(machines, draws, 1 + n % 2),
        client=lambda _: worker,
        rhythm=lambda _: Rhythm("always"),
        per_day=(34.0, 0.0),
        model=lambda _: model,
        begins=lambda n: town.reference_start if n < 3 else in_week(town, 0.15),
    )
    members = [m._replace(per_day=34.0 if m.number >= 3 else 9.0) for m in members]

    def talk(member: Member, _begin: float) -> tuple[Exchange]:
        text = pages(draws.dice, "clause", 3, 7)
        number = f"{member.number:02d}-{draws.dice.randrange(100_000):05d}"
        return ask(_EXTRACT.format(number=number, text=text), record(draws.dice, "contract"))

    return group("contract_batch", "batch", members, calls_of(town, draws, members, talk))


_COPY = (
    "Write the product text for our {country} shop. Tone: {tone}. Exactly two paragraphs and five "
    "bullet points, metric units, no superlatives. Data:\n{row}"
)


def nightly_catalogue(town: Town, _crowd: Crowd) -> Group:
    """A marketplace group whose regional shops each renew product
    texts at one in the night from one data centre.
    """
    draws = town.draws("businesses/nightly_catalogue")
    machines = town.place(draws, "cloud", 5)
    worker = product(town, draws, "requests", temperature=0.6, max_tokens=700)
    model = town.model(draws, tier="small", moves=0.0)
    purse = one_purse(town, draws)
    members = enrol(
        town,
        draws,
        40,
        opened=rollout(town, draws, 0.2),
        purse=everyone_alike(purse),
        place=lambda _: machines,
        client=lambda _: worker,
        rhythm=lambda n: Rhythm("always", float(n % 3)),
        per_day=(1.0, 0.0),
        new=0.05,
        model=lambda _: model,
    )
    size = {m.number: draws.lognormal(2.5, 0.7) for m in members}  # products a night; large regions have more
    shop = {
        m.number: (fill(draws.dice, "{town}"), draws.dice.choice(("sober", "warm", "youthful")))
        for m in members
    }

    def talk(member: Member, _begin: float) -> list[Exchange]:
        country, tone = shop[member.number]
        sent = []
        for at in range(min(15, 1 + int(draws.rng.poisson(size[member.number])))):
            text = _COPY.format(country=country, tone=tone, row=paper(draws.dice, "product"))
            sent.append(
                Exchange(
                    (("user", text),), paper(draws.dice, "blurb") + " " + reply(draws.dice, text), 7.0 * at
                )
            )
        return sent

    return group(
        "nightly_catalogue", "batch", members, calls_of(town, draws, members, talk, daily(draws, 1.0, 60.0))
    )


_GUIDE = (
    "You help annotators of project {project}. Guideline v{version}: label the text {labels}. If two "
    "labels fit, take the earlier one in this list. Answer with the label and one sentence of reason."
)
_LABELS = (
    "complaint, praise, question, other",
    "toxic, rude, neutral, kind",
    "refund, delivery, quality, price, none",
)


def labelling_firm(town: Town, _crowd: Crowd) -> Group:
    """A data-labelling firm: workers on two shifts ask the model for a
    second opinion on what they label for clients.

    One account per worker, on the firm's bill, from its two halls;
    three client projects with their own guidelines.
    """
    draws = town.draws("businesses/labelling_firm")
    halls = [town.place(draws, "office", 2) for _ in range(2)]
    client = product(town, draws, "sdk-python", own="tagroom/3.{v}", temperature=0.0, max_tokens=120)
    purse = one_purse(town, draws, "team")
    members = enrol(
        town,
        draws,
        70,
        opened=rollout(town, draws, 60),
        purse=everyone_alike(purse),
        place=lambda n: halls[n % 2],
        client=lambda _: client,
        rhythm=lambda n: Rhythm("office", 5.5 if n % 4 < 3 else -1.0, 0.3),
        model=mostly(town, draws, 1.0),
        per_day=(3.4, 0.5),
        new=0.1,
    )
    projects = [
        _GUIDE.format(project=fill(draws.dice, "{code}"), version=v + 2, labels=_LABELS[v]) for v in range(3)
    ]

    def talk(member: Member, _begin: float) -> tuple[Exchange]:
        project = member.number % 3
        text = paper(draws.dice, draws.dice.choice(("review", "ticket")))
        label = draws.dice.choice(_LABELS[project].split(", "))
        return ask(text, f"{label}\n{reply(draws.dice, text, sentences=1)}", projects[project])

    return group("labelling_firm", "batch", members, calls_of(town, draws, members, talk))


_TEST_DATA = (
    "Generate {count} realistic but fictional {thing} for our test system as JSON lines. Vary age, "
    "region and edge cases such as {edge}. Schema: {schema}. Seed: {seed}"
)


def test_data_makers(town: Town, _crowd: Crowd) -> Group:
    """Test engineers of one software house who generate fictional
    customers and orders for their own test systems.
    """
    draws = town.draws("businesses/test_data_makers")
    office, build = town.place(draws, "office", 2), town.place(draws, "cloud", 3)
    purse = one_purse(town, draws, "team")
    members = enrol(
        town,
        draws,
        40,
        purse=everyone_alike(purse),
        place=lambda n: build if n % 3 == 0 else office,
        client=lambda _: town.install(draws, draws.dice.choice(("sdk-python", "sdk-java", "curl"))),
        rhythm=lambda _: Rhythm("office", 1.0, 0.1),
        per_day=(1.6, 1.0),
        new=0.1,
    )

    def talk(_member: Member, _begin: float) -> tuple[Exchange]:
        dice = draws.dice
        count = dice.choice((5, 10, 20, 50))
        text = _TEST_DATA.format(
            count=count,
            thing=dice.choice(
                ("customers", "orders", "support chats", "invoices", "sensor readings", "reviews")
            ),
            edge=dice.choice(
                ("leap days", "empty names", "two surnames", "refunds", "time zones", "very long streets")
            ),
            schema=speak(dice, "name:str, {1..9} fields, {isodate}, status:enum"),
            seed=dice.randrange(10_000),
        )
        return ask(text, "\n".join(record(dice, "test") for _ in range(min(count, 12))))

    return group("test_data_makers", "batch", members, calls_of(town, draws, members, talk))


_SCAN = (
    "Correct the recognised text of a printed page from {year}. Keep old spelling, mark unreadable "
    "words with [?]. Page {page}:\n\n{text}"
)


def archive_transcribers(town: Town, _crowd: Crowd) -> Group:
    """A network of municipal archives that correct scanned newspapers
    under one project grant, mostly overnight.
    """
    draws = town.draws("businesses/archive_transcribers")
    purse = one_purse(town, draws)
    members = enrol(
        town,
        draws,
        28,
        purse=everyone_alike(purse),
        place=lambda _: town.place(draws, "office"),
        client=lambda _: town.install(draws, "sdk-python", temperature=0.0),
        rhythm=lambda _: Rhythm("night", 1.0),
        model=mostly(town, draws, 0.8),
        per_day=(3.5, 0.7),
        new=0.1,
    )

    def talk(_member: Member, _begin: float) -> tuple[Exchange]:
        dice = draws.dice
        text = article(dice, ("history", "farm", "stage", "road"))
        noisy = "".join(dice.choice("rnl1|.,") if dice.random() < 0.03 and c.isalpha() else c for c in text)
        return ask(_SCAN.format(year=dice.randint(1851, 1932), page=dice.randint(1, 8), text=noisy), text)

    return group("archive_transcribers", "batch", members, calls_of(town, draws, members, talk))


_CLAIM = (
    "Decide which team handles this claim (motor, home, travel, liability, other) and list missing "
    "documents.\nClaim {code}: {text}"
)


def claims_backlog(town: Town, _crowd: Crowd) -> Group:
    """An insurer after a hailstorm: the usual intake of thirty
    branches becomes a backlog three times as large.
    """
    draws = town.draws("businesses/claims_backlog")
    purse = one_purse(town, draws)
    machines = town.place(draws, "cloud", 4)
    client = product(town, draws, "sdk-java", temperature=0.0, max_tokens=300)
    members = enrol(
        town,
        draws,
        30,
        opened=rollout(town, draws, 4),
        purse=everyone_alike(purse),
        place=lambda _: machines,
        client=lambda _: client,
        rhythm=lambda _: Rhythm("people", 1.0, 0.4),
        model=mostly(town, draws, 1.0),
        per_day=(2.0, 0.5),
        new=0.0,
    )
    storm = in_week(town, 0.3)

    def times(member: Member) -> list[float]:
        extra = habit(member, draws, 2.0, since=storm)
        return habit(member, draws) + [ts + draws.dice.uniform(0, HOUR) for ts in extra]

    def talk(_member: Member, begin: float) -> tuple[Exchange]:
        dice = draws.dice
        hail = begin > storm and draws.chance(0.7)
        text = speak(dice, "{Person}, {town}, {date}: {sentence} {sentence}", ("road", "tenancy", "travel"))
        if hail:
            text = speak(
                dice,
                "{Person}, {town}: hail broke the {plain} at {clock}, damage {amount}. {sentence}",
                ("road", "garden"),
            )
        return ask(fill(dice, _CLAIM, text=text), reply(dice, text, sentences=2))

    return group("claims_backlog", "batch", members, calls_of(town, draws, members, talk, times))
