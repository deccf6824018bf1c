"""Documents that offices and shops handle all day: tickets, clauses, notes, invoices, reviews, rows."""

from __future__ import annotations

import random

from benchmarks.outside.businesses.grammar import Grammar, Rules, pick
from benchmarks.outside.businesses.lexicon import WORDS
from benchmarks.outside.words.listing import listed

_GOODS: Rules = {
    "goods": listed("""
        kettle | rain coat | desk lamp | hiking boot | office chair | bath towel | bike light | tea set
        | ski glove | garden hose | headphones | wall clock | laptop sleeve | baby carrier | camping
        stove | linen shirt | bookshelf | water filter | pet bed | pillow | umbrella | toolbox | frying
        pan | yoga mat | sun hat | phone stand | storage box | running vest | table cloth | screwdriver
        set"""),
    "fabric": [
        "oak",
        "cotton",
        "recycled nylon",
        "steel",
        "bamboo",
        "merino",
        "cork",
        "glass",
        "leather",
        "birch",
        "aluminium",
        "linen",
    ],
    "fault": listed("""
        arrived with a broken clasp | makes a rattling noise | is the wrong size | leaks after two days
        | was charged twice | never left the depot | has a scratch on the left side | smells of paint |
        does not switch on | came without the manual | stopped charging | shows error {10..99} | lost
        its colour in the wash | was delivered to a neighbour"""),
    "wish": listed("""
        a refund | a replacement | an invoice with VAT | the tracking number | a call back | to change
        the address | to cancel | a spare part | an explanation | store credit"""),
    "greeting": ["Hello", "Hi", "Good morning", "Dear team", "Hey there", "To whom it may concern", "hi,"],
    "bye": [
        "Thanks, {first}",
        "Regards\n{person}",
        "{first}",
        "Best wishes\n{first} {last}\n{town}",
        "thx",
        "",
    ],
    "ticket": [
        "{greeting}, {remark*1..3} {bye}",
        "{remark*1..2} {bye}",
        "{greeting}\n{remark*2..4}\n{bye}",
        "{remark}",
        "order {code} {remark} {bye}",
    ],
    "remark": [
        "I ordered a {fabric} {goods} on {date} (order {code}) and it {fault}.",
        "I would like {wish}.",
        "My {goods} {fault}, can I get {wish}?",
        "This is the {ordinal} time.",
        "I am moving to {town} on {date}.",
        "Where is my {colour} {goods}?? paid {amount}, still nothing",
        "Is the {goods} made of {fabric} and does it fit {20..190} cm?",
        "I wrote {span} ago, nobody answered.",
        "Can you change the {goods} to {colour}?",
        "Please add a {goods} to {code}.",
        "Your courier came at {clock} though I had asked for {weekday}.",
        "My {relative} got the same {goods} for {amount} in {town}.",
        "{Colour} is not what the picture showed.",
        "it {fault} again",
        "Do you have a shop near {town}?",
        "The invoice says {amount} but I paid {amount}.",
        "I need it before {date}, otherwise keep it.",
        "How do I clean {fabric}?",
        "Your chat told me to write here, so: {goods}, {colour}, {code}.",
        "I am {mood}, honestly.",
        "Could somebody called {first} please phone me after {clock}?",
        "The box had a {goods} in it instead of a {goods}.",
        "We are a school in {town} and want {4..90} of the {goods}.",
        "The voucher {code} does not work at the till.",
        "For how long is the {fabric} one guaranteed, {span}?",
        "I cancelled on {weekday} and still got charged.",
        "{person} signed for it, we do not know {first}.",
        "great service by the way",
    ],
    "ordinal": ["second", "third", "fourth"],
    "reply": [
        (
            "Dear {first}, I am sorry that your {goods} {fault}. I have arranged {wish}; it takes "
            "{span}. Kind regards"
        ),
        (
            "Hello {first}, thank you for your message about order {code}. We can offer {wish}. Reply "
            "by {weekday}."
        ),
        "Hi, the {fabric} {goods} is back on {date}. Until then you can have {wish} or a {colour} one.",
        "Thank you for waiting. Parcel {code} left {town} on {date} and should reach you within {span}.",
    ],
    "product": [
        (
            "sku {code}; {colour} {goods}; {fabric}; {10..120} x {10..120} cm; {1..9}.{1..9} kg; made "
            "near {town}"
        ),
        "{goods} | {fabric} | {colour}, {colour} | {amount} | stock {1..900} | ref {code}",
        (
            '{"id": "{code}", "name": "{goods}", "material": "{fabric}", "colour": "{colour}", '
            '"price": "{money}"}'
        ),
    ],
    "blurb": [
        "Meet the {colour} {goods} from {company}: {fabric} that lasts, made for {span} of daily use.",
        (
            "A {goods} in {fabric}, weighing {1..9}.{1..9} kg. It keeps its {colour} tone and comes "
            "with {span} of warranty."
        ),
        (
            "Light, {colour} and honest: our {fabric} {goods} is sewn near {town} and repaired for "
            "free for {span}."
        ),
    ],
    "review": [
        "{1..5} stars. The {goods} {fault}, but the {fabric} feels solid.",
        "Bought this {goods} for my {relative}. After {span} it {fault}. {1..5}/5",
        "Lovely {colour}, fast delivery to {town}. Would buy the {goods} again for {amount}.",
        "Not worth {amount}. {Fabric} looks cheap and it {fault}!",
        "ok {goods}, {percent} as described",
        "{remark} {1..5} stars",
        "{remark} {remark}",
        "my {relative} loves it, {colour} like the picture",
        "bought {2..6} for the office in {town}, one of them {fault}",
        "{mood} at first, now {mood}. the {fabric} is fine",
    ],
    "relative": listed("""
        brother | sister | son | daughter | mother | neighbour | boss | dad | cousin | flatmate
    """),
    "invoice": [
        "INVOICE {code}\n{company}\n{street}, {town}\nDate {isodate}\n{line*2..6|\n}\nTotal due "
        "{amount} by {isodate}\nAccount {1000..9999} {1000..9999} {1000..9999}",
        "{company}  Inv. no {code}  {date}\nBill to: {person}, {street}, {town}\n{line*1..8|\n}\nVAT "
        "{percent}  Gross {amount}\nPayable within {span}",
    ],
    "line": [
        "{1..40} x {goods} ({fabric}) {money}",
        "{goods} {code}  {1..12} pcs  {money}",
        "labour {1..9} h  {money}",
    ],
    "clause": [
        (
            "{1..30}.{1..9} {Party} shall {duty} within {span} of the date of {event}, failing which "
            "{otherparty} may {right}."
        ),
        "{1..30}.{1..9} In the event of {event}, {party} is liable up to {amount}, save where {exception}.",
        (
            "{1..30}.{1..9} This agreement renews for {span} unless {party} gives notice of {span} "
            "before {date}."
        ),
        "{1..30}.{1..9} {Party} may {right} if {otherparty} fails to {duty}, provided that {exception}.",
        "{1..30}.{1..9} All sums under this clause carry interest of {percent} a year from {event}.",
    ],
    "party": [
        "the Supplier",
        "the Customer",
        "the Lessee",
        "the Licensor",
        "the Contractor",
        "the Employer",
        "the Buyer",
    ],
    "otherparty": ["the other party", "the Guarantor", "the Agent", "the Lender", "the Owner", "the Insurer"],
    "duty": listed("""
        deliver the goods | return all documents | pay the outstanding balance | maintain insurance
        cover | provide access to the premises | disclose any conflict of interest | remedy the defect |
        indemnify the Agent | keep accurate books | obtain the permits"""),
    "right": listed("""
        terminate with immediate effect | suspend performance | claim damages | appoint an expert |
        withhold payment | enter the site | assign the claim | demand security"""),
    "event": listed("""
        signature | completion | insolvency | a change of control | late delivery | a data breach |
        handover | force majeure | the first invoice"""),
    "exception": listed("""
        both parties agree in writing | the delay is shorter than {span} | a court decides otherwise |
        the amount is below {amount} | the goods were inspected | the law of {town} applies"""),
    "note": [
        "Pt {initial}.{initial}., {18..92} y, adm {date} with {complaint}. Hx {condition}, {condition}. "
        "BP {95..190}/{55..105}, HR {50..130}, T {35..40}.{0..9}. {finding}. {treatment}. {plan}.",
        "{18..92}-year-old, {complaint} for {span}. {finding}; labs: CRP {1..220}, Hb {70..170}, K "
        "{3..5}.{0..9}. Started {drug} {5..500} mg. {treatment}. {plan}.",
        (
            "Ward round {weekday}: bed {1..40}, {complaint}, day {1..14}. {finding}. Family informed "
            "by {last}. {plan}."
        ),
    ],
    "complaint": listed("""
        chest tightness | fall at home | productive cough | confusion | abdominal pain | syncope | wrist
        deformity | fever | leg swelling | poorly controlled sugar | dizziness | back pain |
        breathlessness"""),
    "condition": [
        "HTN",
        "T2DM",
        "COPD",
        "AF",
        "asthma",
        "CKD 3",
        "hip replacement {year}",
        "migraine",
        "gout",
        "hypothyroid",
        "none known",
    ],
    "finding": listed("""
        no focal deficit | crackles on the left base | ECG sinus rhythm | x-ray without fracture | wound
        clean | mild oedema | abdomen soft | saturation {88..99}% on air | gait unsteady"""),
    "treatment": [
        "IV fluids",
        "{drug} {5..500} mg bd",
        "dressing changed",
        "physio seen",
        "oxygen weaned",
        "cast applied",
    ],
    "drug": listed("""
        amlorin | betasol | cardivex | dolopan | enterol | ferrivan | glucostat | hydrelin | inspirol |
        levomar
    """),
    "plan": listed("""
        home {weekday}, GP in {span} | repeat bloods in {span} | await {town} bed | review by {last} |
        clinic on {date} | discharge with {drug}"""),
}

_GRAMMAR = Grammar(WORDS, _GOODS)


def paper(dice: random.Random, kind: str, **given: str) -> str:
    """One document: ticket, reply, product, blurb, review, invoice, clause or note."""
    return _GRAMMAR.start(dice, kind, **given)


def fill(dice: random.Random, template: str, **given: str) -> str:
    """Any template with the words of this file."""
    return _GRAMMAR.say(dice, template, **given)


def pages(dice: random.Random, kind: str, low: int, high: int) -> str:
    """Several documents of a kind below each other, as in a file."""
    return "\n\n".join(paper(dice, kind) for _ in range(dice.randint(low, high)))


_RECORDS = (
    (
        '{"kind": "{kind}", "date": "{isodate}", "party": "{company}", "total": {money}, "currency": '
        '"{currency}"}'
    ),
    (
        '{"kind": "{kind}", "reference": "{code}", "issuer": "{company}", "signed_by": "{person}", '
        '"due": "{isodate}"}'
    ),
)


def record(dice: random.Random, kind: str) -> str:
    """A short JSON record about a document, as an extraction job answers."""
    return fill(dice, pick(dice, _RECORDS), kind=kind)
