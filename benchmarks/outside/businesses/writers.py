"""People who write for a living: agencies, translators, game studios, copywriters."""

from __future__ import annotations

from benchmarks.outside.businesses.fiction import story, tale
from benchmarks.outside.businesses.members import (
    Member,
    at_work_and_home,
    by_turns,
    enrol,
    in_week,
    mostly,
    one_purse,
    own_card,
    product,
    somewhere,
)
from benchmarks.outside.businesses.papers import fill, paper
from benchmarks.outside.businesses.people import besides
from benchmarks.outside.businesses.prose import article, one_field, speak, title
from benchmarks.outside.businesses.schedules import habit
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, chat, group
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply
from benchmarks.outside.words.listing import listed

_ARTICLE = (
    "Write a {length}-word blog article for {client}.\nKeyword: {keyword}\nSecondary: {second}\nTitle: "
    "{title}\nH2 every 200 words, one list, FAQ with three questions at the end, meta description of "
    "150 characters."
)
_PARTS = (
    "Now write the outline.",
    "Expand section {n} to {length} words.",
    "Write the FAQ.",
    "Give five internal link ideas.",
)


def seo_agency(town: Town, _crowd: Crowd) -> Group:
    """An agency that writes search-engine articles: an account per
    client on the agency's card, one article brief.
    """
    draws = town.draws("businesses/seo_agency")
    purse = one_purse(town, draws)
    office = town.place(draws, "office", 1)
    client = product(town, draws, "requests", temperature=0.7, max_tokens=4096)
    members = enrol(
        town,
        draws,
        42,
        purse=lambda _: purse,
        place=lambda _: office,
        client=lambda _: client,
        rhythm=lambda _: Rhythm("office", 2.0, 0.1),
        model=mostly(town, draws, 0.8),
        per_day=(0.7, 0.9),
        new=0.15,
    )
    niches = {m.number: (one_field(draws.dice), fill(draws.dice, "{company}")) for m in members}

    def talk(member: Member, _begin: float) -> list[Exchange]:
        dice = draws.dice
        field, name = niches[member.number]
        length = dice.choice((600, 900, 1200, 1500))
        first = _ARTICLE.format(
            length=length,
            client=name,
            keyword=speak(dice, "{doing} {plain}", field),
            second=speak(dice, "{plain}, {plain}", field),
            title=title(dice, field),
        )
        said = [first] + [
            part.format(n=dice.randint(1, 5), length=dice.choice((150, 250)))
            for part in draws.some(_PARTS, 0, 2)
        ]
        return chat(draws, [(text, article(dice, field, (2, 4))) for text in said], known=False)

    return group("seo_agency", "batch", members, calls_of(town, draws, members, talk))


_LOCALISE = (
    "Translate the interface strings of {product} into {language}. Keep placeholders such as %s and "
    "{{0}}. Glossary: {glossary}. Maximum length {size} characters per string.\n{strings}"
)
_LANGUAGES = listed("""
    German | French | Italian | Polish | Turkish | Portuguese | Japanese | Korean | Dutch | Czech |
    Finnish | Greek
""")


def translation_bureau(town: Town, _crowd: Crowd) -> Group:
    """Translators of a bureau who put the same client's manual into
    twelve languages: the same sources, many outputs.

    The bureau pays; half of the translators work at home; a big release of the client falls in this week.
    """
    draws = town.draws("businesses/translation_bureau")
    office, purse = town.place(draws, "office", 2), one_purse(town, draws, "team")
    strings = [speak(draws.dice, "{1..999} = {sentence}", ("software", "shop", "energy")) for _ in range(700)]
    glossary = ", ".join(speak(draws.dice, "{plain}", ("software",)) for _ in range(5))
    release = in_week(town, 0.1)
    members = enrol(
        town,
        draws,
        58,
        purse=lambda _: purse,
        place=lambda n: at_work_and_home(town, draws, office, 0.45 if n % 2 else 0.0),
        client=lambda _: product(town, draws, "sdk-node", own="catglide/6.{v} ({os})", temperature=0.1),
        rhythm=lambda _: Rhythm("office", draws.dice.choice((0.0, 1.0, 2.0, 9.0)), 0.2),
        model=mostly(town, draws, 0.9),
        per_day=(1.3, 0.7),
        new=0.1,
    )

    def times(member: Member) -> list[float]:
        return habit(member, draws) + habit(member, draws, 1.5, since=release)

    def talk(member: Member, begin: float) -> tuple[Exchange]:
        dice = draws.dice
        corpus = strings[:400] if begin > release else strings[400:]
        at = dice.randrange(len(corpus) - 12)
        text = _LOCALISE.format(
            product="Tidewater Desk",
            language=_LANGUAGES[member.number % 12],
            glossary=glossary,
            size=dice.choice((60, 80, 120)),
            strings="\n".join(corpus[at : at + dice.randint(5, 12)]),
        )
        return ask(text, reply(dice, text, sentences=6))

    return group(
        "translation_bureau",
        "batch",
        members,
        calls_of(town, draws, members, besides(town, draws, talk, 0.05), times),
    )


_BARKS = (
    "Character: {name}, {trait} {role}. Setting: {spot}. Goal: {wants}.\nWrite {count} barks for the "
    "event '{occasion}'. Max 12 words each, no modern slang, {age}."
)


def game_studio(town: Town, _crowd: Crowd) -> Group:
    """Writers and scripts of a game studio that need thousands of
    lines for side characters before a milestone.
    """
    draws = town.draws("businesses/game_studio")
    purse = one_purse(town, draws, "team")
    office, build = town.place(draws, "office", 2), town.place(draws, "cloud", 2)
    members = enrol(
        town,
        draws,
        32,
        purse=lambda _: purse,
        place=lambda n: build if n < 6 else office,
        client=lambda n: (
            product(town, draws, "requests", temperature=1.0) if n < 6 else town.install(draws, "console")
        ),
        rhythm=lambda n: Rhythm("always" if n < 6 else "office", -8.0, 0.4),
        per_day=(1.5, 0.8),
        new=0.1,
    )
    age = draws.dice.choice(("rated for everyone", "rated for teens"))

    def talk(_member: Member, _begin: float) -> tuple[Exchange]:
        dice = draws.dice
        count = dice.choice((5, 8, 10, 20))
        text = story(dice, _BARKS, name=story(dice, "{first}"), count=str(count), age=age)
        return ask(text, "\n".join(tale(dice, "bark") for _ in range(count)))

    return group(
        "game_studio", "batch", members, calls_of(town, draws, members, besides(town, draws, talk, 0.15))
    )


_LISTING = (
    (
        "Write a marketplace listing: title of at most 80 characters, five bullets, a description. "
        "Persuasive but true.\n{row}"
    ),
    "Answer this buyer question in two sentences.\nListing: {row}\nQuestion: {ticket}",
    "Rewrite my listing so that it does not sound like the others: {blurb}",
)


def marketplace_sellers(town: Town, _crowd: Crowd) -> Group:
    """Small sellers on a marketplace who saw the same video and paste the prompts from its description."""
    draws = town.draws("businesses/marketplace_sellers")
    members = enrol(
        town,
        draws,
        110,
        purse=lambda _: own_card(town, draws),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("people", town.zone(draws), 0.9),
        per_day=(0.4, 1.2),
        new=0.3,
    )

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        dice = draws.dice
        text = dice.choice(_LISTING).format(
            row=paper(dice, "product"), ticket=paper(dice, "ticket"), blurb=paper(dice, "blurb")
        )
        return chat(draws, [(text, paper(dice, "blurb") + "\n" + reply(dice, text, sentences=3))])

    return group(
        "marketplace_sellers",
        "crowd",
        members,
        calls_of(town, draws, members, besides(town, draws, talk, 0.3)),
    )


_POST = (
    "Persona: {persona}. Write {count} posts for {network} about: {topic}. Hook in the first line, no "
    "emojis, end with a question."
)


def social_media_agencies(town: Town, _crowd: Crowd) -> Group:
    """Freelance social-media managers who share one agency network's
    prompt book; three agencies pay for their own.
    """
    draws = town.draws("businesses/social_media_agencies")
    purses = [one_purse(town, draws, "team") for _ in range(3)]
    members = enrol(
        town,
        draws,
        66,
        purse=by_turns(purses),
        place=lambda _: somewhere(town, draws),
        client=lambda _: town.install(draws, "console"),
        rhythm=lambda _: Rhythm("office", town.zone(draws), 0.3),
        per_day=(0.7, 0.9),
        new=0.1,
    )
    personas = {
        m.number: [fill(draws.dice, "{mood} {trade} owner from {town}") for _ in range(3)] for m in members
    }

    def talk(member: Member, _begin: float) -> list[Exchange]:
        dice = draws.dice
        said = [
            _POST.format(
                persona=dice.choice(personas[member.number]),
                count=dice.choice((1, 3, 5)),
                network=dice.choice(("a photo app", "a career network", "short video")),
                topic=speak(dice, "{sentence}"),
            )
        ]
        said += ["shorter, and less like an ad"] * draws.chance(0.3)
        return chat(draws, [(text, reply(dice, text, sentences=5)) for text in said])

    return group(
        "social_media_agencies",
        "crowd",
        members,
        calls_of(town, draws, members, besides(town, draws, talk, 0.2)),
    )
