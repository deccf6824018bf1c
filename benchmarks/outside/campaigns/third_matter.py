"""What the third author's operators harvest over: problems, seeds, clauses, pages, environments, programs."""

from __future__ import annotations

import random

from benchmarks.outside.businesses.grammar import Grammar, between, pick
from benchmarks.outside.businesses.lexicon import WORDS
from benchmarks.outside.words.listing import listed

PROBLEMS = Grammar(WORDS, {
    "problem": listed("""
        {First} fills a {vessel} at {3..19} litres a minute while it leaks {1..2}.{1..9} litres a minute. How
        long until {40..900} litres are in it? | A {shop} sells {2..9} {ware}s for {4..60} {coin}. How many can
        {first} buy with {70..900} {coin}, and what is left over? | In a {box} there are {3..14} {colour} and
        {3..14} {ink} {ware}s. Two are drawn without putting any back. What is the probability that
        {event}? | Find all real x with {2..9}x^2 - {10..60}x + {1..48} = 0 and say which of them is larger
        than {1..5}. | A {vehicle} leaves {town} at {40..95} km/h; {5..50} minutes later another follows at
        {96..140} km/h. When and where does the second one catch up? | How many {3..7}-digit numbers have
        digits that add up to {5..19} and no zero? | {First}, {first} and {first} share {60..980} {coin} in the
        ratio {2..7}:{2..7}:{2..9}. How much more does the first get than the last? | The sequence starts with
        {2..9}, {10..17} and each term is the sum of the two before it minus {1..4}. What is the {6..14}th
        term? | A ladder of {3..9} m leans on a wall and its foot slides away at {1..6}0 cm/s. How fast does
        the top move when the foot is {1..2}.{1..9} m from the wall? | Evaluate the integral of x^{2..6}
        exp(-{2..9}x) from 0 to infinity. | {First} is {2..5} times as old as {first}. In {4..18} years the
        ages will add up to {40..99}. How old are they? | A fair die is thrown until a {face} shows for the
        second time. What is the chance that this takes exactly {4..12} throws? | Show that
        {2..9}n^3 + {10..29}n is divisible by {2..3} for every whole n, or give a counterexample. | A
        {shape} has a perimeter of {24..180} cm. Which area can it have at most? | {Count} {people} sit at a
        round table; {first} will not sit beside {first}. In how many ways can they sit?
    """),
    "science": listed("""
        A {mass} slides down a slope of {12..48} degrees with a friction coefficient of 0.{10..45}. What is
        its speed after {2..14} m? | {10..95} mL of 0.{10..90} M {acid} is titrated with 0.{10..50} M sodium
        hydroxide. What is the pH at the half-way point? | A gas at {280..420} K and {1..9}.{0..9} bar expands
        adiabatically to {2..6} times its volume. Which temperature does it reach if gamma is 1.{30..67}? |
        Two {colour} plants heterozygous for {2..3} unlinked genes are crossed. Which share of the offspring
        shows exactly {1..2} recessive traits? | A lens of {8..60} cm focal length stands {10..140} cm from a
        candle. Where is the image, and is it upright? | Why does the boiling point of {liquid} rise when
        {2..40} g of {salt} is dissolved in {100..900} g of it, and by how much? | A capacitor of {1..90} uF
        is charged to {5..48} V and discharged through {1..99} kOhm. After how long is {10..80} % of the
        energy gone? | An enzyme has Km = {2..90} uM and Vmax = {10..400} nmol/min. At which concentration is
        the rate {10..90} % of the maximum, and what changes with a competitive inhibitor of Ki = {1..40} uM? |
        A sample of {isotope} has {5..90} % of its activity left. How old is it, and how sure can one be? |
        A satellite circles at {300..900} km. How long is a day up there, counted in sunrises?
    """),
    "logic": listed("""
        {First}, {first} and {first} each own a different pet and a different {ware}. The owner of the {colour}
        {ware} is not {first}; {first} lives beside the one with the {pet}. Who owns what, and is the answer
        unique? | On an island {2..5} of {6..12} people always lie. {First} says that exactly {1..4} of the
        others do. {First} says that {first} does. Who can be believed? | A lift, a {vessel} and a {box} weigh
        {30..99} kg together; the lift weighs {2..4} times the {vessel}. What more do you need to know? |
        You have {7..13} coins, one of them light, and a balance that breaks after {2..4} weighings. Can the
        light one be found for certain? | Five {people} finish a race. {First} was before {first} but after
        {first}; {first} was not last. List every possible order. | A {shop} is open on the days whose number
        is prime or a multiple of {4..9}. On which days of the month is it closed twice in a row?
    """),
    "shop": listed("kiosk | bakery | market stall | stationer | garden centre | tool hire"),
    "vessel": listed("water butt | fish tank | boiler | paddling pool | vat | cistern"),
    "ware": listed("marble | pencil | bead | ticket | button | stamp | battery | envelope | tile"),
    "coin": listed("coins | crowns | euros | tokens | dollars"),
    "box": listed("drawer | bag | hat | tin | jar"),
    "ink": listed("white | black | pink | purple | gold"),
    "event": listed("both have the same colour | at least one is {ink} | the second is {ink} | none is {colour}"),
    "vehicle": listed("lorry | goods train | coach | cyclist's support van | night bus"),
    "face": listed("six | one | five"),
    "shape": listed("rectangle with a half circle on one side | right triangle | regular hexagon with one corner cut off | kite"),
    "count": listed("five | six | seven | eight | nine"),
    "people": listed("guests | delegates | divers | players | cousins"),
    "mass": listed("crate of {4..60} kg | sledge of {20..90} kg | curling stone | book of {1..3} kg"),
    "acid": listed("acetic acid | formic acid | lactic acid | benzoic acid"),
    "liquid": listed("water | ethanol | benzene"), "salt": listed("sodium chloride | urea | glucose | calcium chloride"),
    "isotope": listed("carbon-14 | caesium-137 | cobalt-60 | iodine-131 | tritium"),
    "pet": listed("ferret | canary | tortoise | greyhound | newt"),
})  # fmt: skip

CLAUSES = Grammar(WORDS, {
    "clause": listed("""
        {n}. {Party} shall {duty} within {5..90} days of {trigger}, failing which {party} may {remedy}. | {n}.
        Notwithstanding clause {2..19}, the liability of {party} under this Agreement shall not exceed {amount}
        or {50..200} % of the fees paid in the preceding {3..24} months, whichever is the {extreme}. | {n}.
        This Agreement renews for successive terms of {6..36} months unless {party} gives notice of at least
        {30..180} days before the end of the then current term. | {n}. {Party} assigns to {party} all rights in
        the {deliverable}, including those arising before {date}, save for {carve}. | {n}. {Party} shall keep
        the {secret} confidential for {1..10} years after termination, except where {exception}. | {n}. Any
        dispute about the {deliverable} shall first be referred to {forum}; {party} bears the costs unless
        {exception}. | {n}. For {6..24} months after {trigger} {party} shall not, directly or indirectly,
        {compete} within {20..300} km of {town}. | {n}. {Party} may raise the fees once a year by the higher of
        {2..9} % and {index}, with {14..90} days' notice. | {n}. Should {trigger} occur, {party} may {remedy}
        and shall {duty}.
    """),
    "n": ["{1..24}.{1..9}"],
    "party": listed("the Supplier | the Customer | the Licensee | the Landlord | the Tenant | the Contractor | {company} | the Guarantor"),
    "duty": listed("""
        remedy the defect at its own cost | deliver the source materials | return all copies of the {secret} |
        reinstate the premises | pay the outstanding sum with interest at {2..12} % | appoint a substitute
        reasonably acceptable to {party} | maintain insurance of at least {amount}
    """),
    "trigger": listed("""
        written notice | a change of control of {party} | the Effective Date | acceptance of the {deliverable} |
        insolvency of {party} | termination for convenience | a breach of clause {2..19}
    """),
    "remedy": listed("""
        terminate with immediate effect | withhold {5..40} % of the fee | step in and perform | claim liquidated
        damages of {amount} a day | suspend access | draw on the deposit
    """),
    "extreme": ["higher", "lower"],
    "deliverable": listed("Software | Works | Design | Report | Database | Premises | Prototype"),
    "carve": listed("background know-how | third-party components listed in Annex {1..5} | moral rights | open-source parts"),
    "secret": listed("Confidential Information | price lists | Source Code | personal data | business plan"),
    "exception": listed("disclosure is required by law | the information was already public | {party} acted in good faith | the sum at stake is below {amount}"),
    "forum": listed("mediation in {town} | an expert appointed by both parties | arbitration by three members | the managing directors"),
    "compete": listed("engage in the trade of {party} | solicit the customers of {party} | employ former staff of {party}"),
    "index": listed("the consumer price index | the wage index of the sector"),
})  # fmt: skip

_PAGE = Grammar(WORDS, {
    "page": [
        "{chapter}  {head}\n\n{para}\n{para}\n\nFig. {1..12}.{1..9}  {Thing} of {the} {object}.\n\n{para}\n{10..480}",
        "{10..480}          {HEADLINE}\n\n{para}\n\nExample {1..9}. {para}\n{para}",
        "{head}\n{para}\n\nTable {1..9}: {thing} at {3..7} values of the {quantity}\n{row}\n{row}\n{row}\n\n{para}",
    ],
    "HEADLINE": listed("ELEMENTS OF HYDRAULICS | PRACTICAL PHARMACOGNOSY | ORCHARD MANAGEMENT | A COURSE IN OPTICS | BOOKKEEPING BY EXAMPLE"),
    "chapter": ["Chapter {1..24}", "§ {3..190}", "{1..24}.{1..9}"],
    "head": listed("The {quantity} of {objects} | Losses in {objects} | On {verbing} {objects} | {Objects} and their {quantity}"),
    "para": [
        "{s} {s} {s}", "{s} {s} {s} {s}", "{s} {s}"],
    "s": listed("""
        The {quantity} of a {object} is de- fined as the {thing} divided by its {quantity}. | It was {last} who
        in {1780..1960} first {measured} the {quantity} of {objects}. | If the {object} is {state}, its
        {quantity} falls by about {2..60} per cent. | The student should note that {objects} are rarely {state}.
        | From ({1..9}.{1..40}) it follows that the {thing} grows with the square of the {quantity}. | In
        practice a {object} of {2..90} cm is {measured} at {2..40} places and the mean is taken. | {Objects}
        which are {state} must not be confused with {objects}. | A common error is to neglect the {thing}. |
        For {objects} below {2..80} degrees the {quantity} can be read from Table {1..9}.
    """),
    "the": ["the", "a"],
    "quantity": listed("viscosity | yield | refractive power | moisture | head loss | turnover | acidity | stiffness | permeability"),
    "thing": listed("cross-section | pressure drop | residue | mean deviation | gradient | ash content | balance carried forward"),
    "object": listed("weir | prism | leaf extract | rootstock | pipe bend | ledger account | gear train | bark sample | soil column"),
    "objects": listed("weirs | prisms | tinctures | rootstocks | pipe bends | ledgers | gear trains | barks | clay soils"),
    "state": listed("dry | in equilibrium | fully loaded | freshly cut | submerged | closed at the year's end | polished"),
    "measured": listed("measured | tabulated | weighed | observed | compared"),
    "verbing": listed("grafting | calibrating | closing | grinding | dimensioning"),
    "row": ["{10..99}   {1..9}.{10..99}   {1..9}.{10..99}", "{10..99}   {1..9}.{10..99}   -"],
})  # fmt: skip

WORLDS = Grammar(WORDS, {
    "world": listed("""
        a {size} {place} where the agent must {goal} although {catch} | a text game: {goal} in a {place},
        {catch} | a terminal task in a {repo} repository: {chore}, and {catch} | a spreadsheet of {20..900}
        rows about a {place}: {chore} | a web shop for {goods}: {goal}, {catch} | a planning puzzle: {2..7}
        {crews} must {goal} before {clock}, {catch} | a negotiation between {2..5} {crews} over {goods}; {catch}
        | a calendar of {person}: {chore}, {catch}
    """),
    "size": listed("small | crowded | half-finished | rented | remote | flooded"),
    "place": listed("harbour | clinic | greenhouse | depot | library | mountain hut | bakery | print shop | observatory | tram depot"),
    "goal": listed("""
        move every {item} to its bay | find who took the {item} | sell {5..80} {goods} at a profit | restore the
        {item} | book the cheapest {item} | repair the {item} with what is at hand | get everybody home
    """),
    "item": listed("pallet | key | microscope | ferry seat | pump | ledger | telescope mirror | meeting room | generator"),
    "goods": listed("ceramics | seedlings | spare parts | tickets | used books | bearings | oysters"),
    "catch": listed("""
        one tool gives stale results | the rules change after step {5..40} | two instructions contradict each
        other | only {3..20} actions are allowed | part of the state is hidden | a bystander gives wrong hints |
        every action costs {2..9} credits | undo is not possible
    """),
    "crews": listed("crews | couriers | nurses | drones | electricians | buyers"),
    "repo": listed("Go | Rust | Python | TypeScript | C | SQL | bash"),
    "chore": listed("""
        make the failing test pass without touching the tests | find the {2..9} rows that break the {item} totals
        | migrate the configuration to the new format | bisect the change that slowed the build | merge
        duplicates but keep the newest | reschedule {2..9} meetings around {a item}
    """),
    "skill": listed("long-horizon planning | tool recovery | state tracking | arithmetic | careful reading | asking back | social reasoning | search"),
})  # fmt: skip


def problem(dice: random.Random, kinds: tuple[str, ...] = ("problem", "science", "logic")) -> str:
    """A question with one right answer."""
    return PROBLEMS.start(dice, pick(dice, kinds))


def clause(dice: random.Random) -> str:
    """A clause of a contract."""
    return CLAUSES.start(dice, "clause")


def page(dice: random.Random) -> str:
    """A page of an old textbook as a scanner read it: broken words, letters taken for others."""
    text = _PAGE.start(dice, "page")
    for _ in range(between(dice, 2, 9)):
        wrong = dice.choice(
            (("rn", "m"), ("l", "1"), ("e ", "c "), ("ti", "li"), (" the", " tlie"), ("h", "b"))
        )
        at = text.find(wrong[0], between(dice, 0, len(text)))
        if at > 0:
            text = text[:at] + wrong[1] + text[at + len(wrong[0]) :]
    return text


def world(dice: random.Random) -> str:
    """An environment in a few words."""
    return WORLDS.start(dice, "world")
