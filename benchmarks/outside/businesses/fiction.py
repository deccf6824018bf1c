"""Stories, characters and lines of dialogue, as hobbyists and game studios write them."""

from __future__ import annotations

import random

from benchmarks.outside.businesses.grammar import Grammar, Rules
from benchmarks.outside.businesses.lexicon import WORDS
from benchmarks.outside.words.listing import listed

_STORY: Rules = {
    "role": listed("""
        ferryman | blacksmith | smuggler | court astronomer | tavern keeper | gravedigger |
        quartermaster | pearl diver | retired pilot | lighthouse keeper | bounty clerk | mushroom farmer
        | lock-picker | bell ringer | royal cook | mapmaker | airship mechanic | beast tamer |
        apothecary | toll collector | glassblower | dock guard"""),
    "trait": listed("""
        stubborn | soft-spoken | greedy | superstitious | loyal | sarcastic | forgetful | homesick |
        vain | brave but clumsy | cheerful | haunted | blunt | overly polite"""),
    "spot": listed("""
        a flooded market | the north gate | a burnt library | an orbital greenhouse | the salt mines | a
        night train | a frozen harbour | the attic of an inn | the royal stables | a sunken temple | the
        border post | a rooftop garden"""),
    "wants": listed("""
        find a lost brother | pay off a debt | hide a stolen ring | leave the city | win the harvest
        race | learn who lit the fire | keep the bridge open | sell a cursed mirror | be forgiven |
        catch the last ship"""),
    "occasion": listed("""
        player enters | shop is closed | player steals | it rains | player returns wounded | low on
        health | quest done | enemy spotted | idle | player haggles | festival night | alarm rings |
        boss defeated"""),
    "bark": [
        '"{Spot}? Not before {clock}, friend."',
        '"You smell of {spot}. Sit down."',
        '"{Money} coins, and I never saw you."',
        '"My {relative} wanted to {wants}. Look where it led."',
        '"Ask {first} the {role}. I only sweep."',
        '"Careful near {spot}; {first} never came back."',
        '"Hm. {Mood} again? It passes."',
        '"If you can {wants}, I can pour {2..9} rounds."',
    ],
    "relative": ["brother", "sister", "mother", "father", "cousin", "wife", "uncle"],
    "beat": [
        "{name} leans against the wall of {spot} and looks {mood}.",
        '"I only came to {wants}," says {name}.',
        "Outside, the {role} counts {2..40} coins twice.",
        '{name} lowers the lantern. "Who told you about {spot}?"',
        "Something falls in {spot}; nobody moves.",
        "The {trait} {role} laughs, then stops.",
        '*takes out a letter from {first}* "Read it. Slowly."',
        "{name} remembers {spot}, the smoke, the {role} with the {colour} coat.",
        "For {span} there was no word from {first}.",
        '"You are {mood}," {name} says, "and you should be."',
    ],
    "player": [
        "*I follow {name} to {spot}* Why are you so {mood}?",
        'I put {2..40} coins on the table. "Tell me about {spot}."',
        "*hides behind the {role}* we could still {wants}",
        '"{first} sent me," I lie, looking {mood}.',
        "ok time skip: {span} later, {spot}, it is {clock}",
        "I show {name} the {colour} ring. What happens?",
        "*sits down* honestly I just want to {wants}",
        "(OOC: keep it slower, less {mood}) I knock again.",
        "Do you remember {first}, the {role}?",
    ],
    "scene": ["{beat*3..6}", "{beat*2..4}\n\n{beat*2..4}"],
}

_GRAMMAR = Grammar(WORDS, _STORY)


def tale(dice: random.Random, kind: str, name: str = "the stranger") -> str:
    """A piece of fiction: bark, beat, player (a hobbyist's turn) or scene (the reply), about `name`."""
    return _GRAMMAR.start(dice, kind, name=name)


def story(dice: random.Random, template: str, **given: str) -> str:
    """Any template with the words of this file."""
    return _GRAMMAR.say(dice, template, **given)
