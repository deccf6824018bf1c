"""What the second author's operators send: cases, riddles, broken programs, scenes, tools and drafts."""

from __future__ import annotations

import json
import random

from benchmarks.outside.words import answers, coding
from benchmarks.outside.words.grammar import Grammar
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.names import CITIES, FIRST, person
from benchmarks.outside.words.subjects import SUBJECTS

MATTER = Grammar({
    "shipment": listed("""
        {n} pallets of {goods} {from_to} under {term} | a {vehicle} of {goods} {from_to}, invoiced in
        {money} | samples of {goods} {from_to}, marked as worth {n} {money} | {goods}, repaired abroad and
        sent back {from_to} | {n} crates of {goods} for a fair, going home {hurdle} | a used {machine}
        {from_to} {hurdle} | mixed boxes of {goods} and {goods} {from_to}
    """),
    "from_to": listed("""
        from {port} to {port} | out of {port} | into {port} by {vehicle} | via {port} to
        {port}
    """),
    "goods": listed("""
        cut flowers | frozen prawns | cotton shirts | machine bearings | lithium cells | olive oil | used
        tyres | printed books | toy drones | cocoa paste | antique clocks | ceramic tiles | seed potatoes |
        bicycle frames | cosmetic creams | leather belts | solar inverters | raw honey | model trains |
        veterinary vaccines | teak benches | running shoes | fish meal | optical lenses
    """),
    "machine": listed("loom | forklift | printing press | milling machine | harvester | X-ray unit | kiln"),
    "term": listed("FOB | CIF | EXW | DAP | DDP | FCA | CPT"),
    "money": listed("euros | dollars | yen | rand | pesos | rupees | pounds"),
    "vehicle": listed("container | lorry | air freight | barge | courier | rail"),
    "hurdle": listed("""
        without the original invoice | three days after the licence ran out | with a broken seal | while
        the consignee is insolvent | with two conflicting origin marks | under a transit bond | after the
        broker quit | with wet packaging
    """),
    "case": listed("""
        {name}, {age}, {job}, {sign} for {span}; {also}. {value}. | A {age}-year-old {job} with {past}
        comes because of {sign}, {also}. {value}. | {age} y, {past}. New: {sign} and {sign}. {value},
        {value}. | Brought in by family: {sign} since {span}, {also}; takes {drug}. {value}.
    """),
    "age": tuple(str(n) for n in range(19, 88)),
    "job": listed("""
        baker | welder | night nurse | retired teacher | farmer | pianist | lorry driver | student |
        florist | diver | clerk | carpenter | chef
    """),
    "sign": listed("""
        swollen ankles | a dry cough | tingling fingers | double vision | loss of taste | evening fever |
        stiff hands in the morning | dark urine | a racing heart | night sweats | a rash on both shins |
        hoarseness | pain after meals | sudden deafness on one side | fainting on standing | itchy palms |
        a trembling jaw | blue toes | a painful calf
    """),
    "span": listed("two days | a week | {n} weeks | three months | since the winter | one night"),
    "also": listed("""
        no fever | worse lying flat | better with rest | lost {n} kg | a dog at home | back from {port} |
        mother had the same | smokes {n} a day | never ill before | refuses blood tests
    """),
    "past": listed("asthma | gout | one kidney | an old stroke | coeliac disease | a pacemaker | migraine"),
    "drug": listed("""
        an ACE inhibitor | lithium | warfarin | metformin | a beta blocker | prednisone |
        nothing
    """),
    "value": listed("""
        Sodium 12{n} | Pulse 1{n} | Ferritin {n} | Pressure 16{n}/9{n} | CRP {n}{n} | Glucose {n}.{n} |
        Creatinine 1{n}{n} | Saturation 9{d} %
    """),
    "riddle": listed("""
        {name} fills a tank with pump A in {n} h and pump B in {m} h; B starts {d} h late. When is it full?
        | A tram leaves {port} every {n} minutes, a bus every {m}. They leave together at noon. How often
        do they meet before midnight? | Of {m}00 guests, {n}3 eat fish, {d}5 drink wine and {d} do neither.
        How many do both? | A rope round a square field of side {n}{d} m is cut into pieces of {m} m. What
        is left over? | In how many ways can {d} pupils sit in a row of {n} chairs if {name} never sits
        beside {other}? | Show that {n}k² + {m}k is even for every integer k, or give a counterexample. |
        {name} buys {n} pens and {m} pads for {m}{d} coins, {other} buys {m} pens and {n} pads for
        {n}{m}. What does a pen cost? | A die is thrown {d} times. How likely is a sum above {n}? | Solve
        x² - {n}x + {m} = {d} and say how many roots are positive. | A ladder of {n} m leans {d} m from a
        wall; its foot slips {d}0 cm. How far does the top fall? | {name} says {other} lies, {other} says
        both lie. Who tells the truth? | The ratio of boys to girls is {d}:{n}; after {m} girls join it
        is 1:{n}. How many were there?
    """),
    "scene": listed("""
        {move} {thing_seen}, and {move_too}. "{says}" {name} said. {weather} {end} | {weather} {name}
        {move_too} {where}. {end} "{says}" | "{says}" No one answered. {weather} {move} {thing_seen}. {end}
        | {end} {name} had not {been} since {season}; now {thing_seen} lay {where}. {weather}
    """),
    "move": listed("""
        {name} put down | {name} turned over | Somebody had moved | {name} would not look at | They
        sold
    """),
    "thing_seen": listed("""
        the brass key | a folded map | the last letter | her father's coat | an empty birdcage | the ledger
        | a jar of teeth | the broken oar | two train tickets
    """),
    "move_too": listed("""
        waited for the kettle | counted the lamps | went down to the quay | lit the stove | said nothing |
        listened at the door | locked the boat shed
    """),
    "says": listed("""
        You came after all. | It was never about the money. | Ask me in spring. | That is not how I
        remember it. | Then we leave tonight. | Who told you? | The river took it.
    """),
    "weather": listed("""
        Rain stood in the furrows. | The harbour smelled of tar. | Snow had closed the pass. | The heat lay
        on the roofs. | Fog came up with the tide. | It was the hour before the bakers.
    """),
    "end": listed("""
        Later nobody agreed on the hour. | It was enough. | The dog knew first. | So the winter began. |
        He never told her. | Years afterwards they laughed. | That, at least, was true.
    """),
    "where": listed("on the stairs | in the salt house | under the lamp | by the weir | behind the chapel"),
    "been": listed("slept | laughed | written | been home | spoken of it"),
    "season": listed("the flood | Easter | the funeral | the wedding | the strike | harvest"),
    "port": CITIES,
    "n": listed("4 | 5 | 6 | 7 | 8 | 9 | 11 | 12 | 14"),
    "m": listed("3 | 6 | 8 | 9 | 10 | 13 | 15 | 16 | 18"),
    "d": listed("1 | 2 | 3 | 4 | 5"),
})  # fmt: skip
TOOL_NAMES = listed("""
    find_booking | open_valve | list_shifts | send_parcel | read_meter | block_card | swap_seat |
    book_room | set_alarm | query_stock | plan_route | issue_refund | reset_router | translate_label |
    draw_chart | charge_car | find_doctor | renew_loan | print_badge | mute_sensor
""")
ARGUMENTS = listed("""
    id | city | date | amount | reason | room | customer | limit | unit | since | level | note | line
""")
CHORES = listed("""
    {name} in {port} wants it moved to Friday, if that costs under {n}0 {money} | nothing works since
    {span}, please sort it out before noon | same as last time but for {n} people and without {goods} |
    first check what we have, then do the cheaper of the two | cancel all of it except {port} | {name}
    says {goods} arrived twice; put it right and tell them | what would happen with {n} instead of {m}? do
    not change anything yet | do it for {port} and {port}, and stop if either fails
""")
MISHAPS = listed("""
    it drops the last {noun} | the same {noun} comes twice | it breaks on an empty {field} | it is off by
    one day at midnight | it goes wrong when two {noun}s share a {field} | it crawls beyond a few thousand
    {noun}s | it silently keeps stale {noun}s | it fails only on the second {verb} | it swallows the error
""")
POOR = listed("""
    it is basically {a} and that's it | {a} because of {b}, everyone knows that | I think {a}, or maybe {b}
    | As explained, {b} leads to {a}. Therefore {a}. | {a}. Also {b}. In conclusion {a} is important. |
    First {b}, second {a}, third there are many factors. | No idea about {b} but {a} is fine
""")


def told(dice: random.Random, rule: str) -> str:
    """One text of a rule, with names of its own."""
    name, other = dice.sample(FIRST, 2)
    return MATTER.say(rule, dice, name=name, other=other)


def scenes(dice: random.Random, paragraphs: int) -> str:
    """Some paragraphs of a novel nobody wrote."""
    return "\n".join(told(dice, "scene") for _ in range(paragraphs))


def mishap(dice: random.Random) -> str:
    """What is wrong with a program."""
    return coding.GRAMMAR.fill(dice.choice(MISHAPS), dice)


def chore(dice: random.Random) -> str:
    """What a user of tools wants done."""
    filled = MATTER.fill(dice.choice(CHORES), dice, name=person(dice))
    return filled[0].upper() + filled[1:]


def toolbox(dice: random.Random) -> tuple[str, tuple[str, ...]]:
    """Definitions of some tools as JSON, and their names."""
    names = tuple(dice.sample(TOOL_NAMES, dice.randint(3, 6)))
    tools = [
        {"name": n, "args": {a: dice.choice(("str", "int", "bool")) for a in dice.sample(ARGUMENTS, 3)}}
        for n in names
    ]
    return json.dumps(tools), names


def invocation(dice: random.Random, names: tuple[str, ...]) -> str:
    """A call of one of the tools."""
    given = {a: dice.choice((dice.randint(1, 99), dice.choice(CITIES))) for a in dice.sample(ARGUMENTS, 2)}
    return json.dumps({"tool": dice.choice(names), "arguments": given})


def result(dice: random.Random) -> str:
    """What a tool says, rarely an error."""
    if dice.random() < 0.15:
        return json.dumps({"error": dice.choice(("timeout", "not found", "permission denied", "bad date"))})
    rows = [
        {"id": dice.randint(100, 9999), "place": dice.choice(CITIES), "ok": True}
        for _ in range(dice.randint(1, 4))
    ]
    return json.dumps({"rows": rows})


def draft(dice: random.Random, about: str) -> str:
    """What a weaker model says about something: short, flat or beside the point."""
    words = answers.keywords(about, dice)
    if dice.random() < 0.4:
        said = dice.choice(POOR).format(a=dice.choice(words), b=dice.choice(words))
        return said[0].upper() + said[1:]
    return answers.reply(dice, about, sentences=3.0)


def inquiry(dice: random.Random) -> str:
    """A question of any field, asked plainly."""
    form = dice.choice(
        (
            "How would one {t}?",
            "What decides whether {t} goes well?",
            "Why do people disagree about {t}?",
            "Give the strongest case against {t}.",
            "{T}: what changes with scale?",
            "What does {t} cost in effort and money?",
            "Which three facts about {t} surprise beginners?",
            "How did {t} come to be seen the way it is today?",
        )
    )
    subject = SUBJECTS[dice.choice(tuple(SUBJECTS))]
    thing = dice.choice(subject.doing if "one {t}" in form else subject.things)
    return form.format(t=thing, T=thing[0].upper() + thing[1:])
