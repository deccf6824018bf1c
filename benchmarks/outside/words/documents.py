"""Records that programs process and people paste: reviews, tickets, mails, notes, product data, prose."""

from __future__ import annotations

import random

from benchmarks.outside.words.grammar import Grammar
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.names import CITIES, PRODUCTS, company, person
from benchmarks.outside.words.subjects import SUBJECTS

GRAMMAR = Grammar({
    "review": listed("""
        {opinion} {detail} {end} | {detail} {opinion} | {opinion} | Bought this {product} {when}. {detail}
        {opinion} {end} | {stars} stars. {detail} | {end} {detail} {detail}
    """),
    "opinion": listed("""
        Love this {product}! | The {product} is okay for the price. | Very disappointed with the {product}.
        | Works as described. | Would not buy again. | Best {product} I've owned. | Not what I expected
        from the photos. | My second {product} from {company}. | Decent but overpriced. | Excellent
        quality.
    """),
    "detail": listed("""
        Delivery took {n} days to {city}. | The box was damaged. | Battery lasts about {n} hours. | The
        size runs small. | Colour is nicer in person. | Support from {company} answered after {n} days. |
        It stopped working {when}. | Assembly took {n} minutes. | My {relative} uses it every day. | There
        is a strange smell. | Instructions are only in one language. | The zip broke {when}. | Quieter than
        the old one.
    """),
    "end": listed("""
        Recommended. | Returned it. | We'll see how long it lasts. | Five stars. | Never again. | Thanks
        {company}. | Would give as a gift.
    """),
    "when": listed("""
        last week | in {month} | after {n} days | two months ago | for my birthday | on sale | yesterday
    """),
    "month": listed("January | March | April | June | September | November"),
    "relative": listed("mother | son | wife | husband | neighbour | colleague | dog"),
    "ticket": listed("""
        Hi, order {code} still has not arrived in {city}. {plea} | I was charged twice for my {product}.
        {plea} | Cannot log in since {month}, error {n}{n}. {plea} | Please cancel subscription {code}.
        {plea} | Where can I find the invoice for {code}? | The {product} makes a noise after {n} days.
        {plea} | {name} told me on the phone I would get a refund. {plea} | Do you ship the {product} to
        {city}? | Wrong address on order {code}, it should be {city}. | App crashes when I open the
        {product} page. {plea}
    """),
    "plea": listed("""
        Please help. | This is urgent. | I want my money back. | Thanks, {name} | Kind regards, {name} |
        Waiting since {n} days! | Can someone call me?
    """),
    "mail": listed("""
        Dear {name},¶¶{body} {body} {body}¶¶Best regards,¶{other} | Hi {name},¶{body} {body}¶{other} |
        {name}, {body} {body} {body} {body} | Hello team,¶{body} {body}¶Thanks¶{other}
    """),
    "body": listed("""
        The meeting in {city} moved to {month} {n}. | {company} asked for a discount of {n} percent. |
        Please send the figures for the {product} line. | We are {n} days behind plan. | I attached the
        contract with {company}. | Could you confirm the delivery of {n} units? | The audit starts in
        {month}. | {name} will join from {city}. | Budget is fine for now. | Legal has {n} open comments. |
        Let us postpone the {product} decision. | The numbers for {month} look better than expected. | I
        disagree with the second point.
    """),
    "note": listed("""
        {name}, {n} y, seen in {city}: {symptom}, {symptom}. Follow-up in {n} weeks. | Call with {company}:
        wants {n} licences, worried about {concern}. | Site visit {city}: {n} defects, {concern}. |
        Interview {name}: strong on {concern}, less on {symptom}. | Claim {code}: water damage, {n} rooms,
        {city}. | Shift report {month} {n}: {concern}, {n} units scrapped.
    """),
    "symptom": listed("cough | fatigue | knee pain | headaches | poor sleep | mild fever | dizziness | rash"),
    "concern": listed("""
        pricing | data protection | delivery dates | staffing | integration | warranty | noise | training |
        safety
    """),
    "product_row": listed("""
        {product}, {n}{n} g, made in {city}, colour {colour}, SKU {code}, warranty {n} months | SKU {code}
        | {product} by {company} | {colour} {product} {code}
    """),
    "colour": listed("black | sand | navy | olive | red | white | graphite | teal"),
    "headline": listed("""
        {company} opens a plant in {city} | {city} votes on {concern} | {company} recalls {n}{n}0 units of
        its {product} | {name} leaves {company} after {n} years | Shares of {company} fall {n} percent on
        {concern} | {city}: {n} injured as tram derails | {company} buys {other_company}
    """),
})  # fmt: skip
KINDS = ("review", "ticket", "mail", "note", "product_row", "headline")


def document(dice: random.Random, kind: str) -> str:
    """One record of a kind of KINDS."""
    return GRAMMAR.say(
        kind, dice, product=dice.choice(PRODUCTS), company=company(dice), other_company=company(dice), city=dice.choice(CITIES),
        name=person(dice), other=person(dice), n=str(dice.randint(2, 28)), stars=str(dice.randint(1, 5)),
        code=f"{dice.choice('ABDKRTZ')}{dice.randint(10_000, 999_999)}",
    )  # fmt: skip


def passage(dice: random.Random, sentences: int) -> str:
    """A paragraph of connected-looking prose on one field, for summaries, translations and context."""
    subject = SUBJECTS[dice.choice(list(SUBJECTS))]
    forms = (
        "{t} has changed a lot in {c}.", "Few people connect {t} with {u}.", "In {c}, {n} schools now teach {t}.", "To {d} is harder than it looks.",
        "According to {p}, {t} is the reason.", "Critics point to {u}.", "By {y}, {t} had become ordinary.", "The report lists {n} cases in which {x}.",
        "{p} spent {n} years on {u}.", "Nobody expected {t} to matter so much.", "Costs rose by {n} percent in {y}.", "What remains is {u}.",
    )  # fmt: skip
    said = []
    for _ in range(sentences):
        thing, other = dice.sample(subject.things, 2)
        line = dice.choice(forms).format(
            t=thing, u=other, c=dice.choice(CITIES), n=dice.randint(2, 60), d=dice.choice(subject.doing), p=person(dice),
            y=dice.randint(1950, 2025), x=dice.choice(subject.trouble),
        )  # fmt: skip
        said.append(line[0].upper() + line[1:])
    return " ".join(said)
