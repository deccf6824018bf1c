"""Work lists of conversations: simulated users, another provider's live users, and its stored sessions
replayed.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.outside.calls import Message
from benchmarks.outside.campaigns.operation import Deal, Exchange
from benchmarks.outside.draws import Draws
from benchmarks.outside.words import answers, coding
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.subjects import SUBJECTS
from benchmarks.outside.words.voices import Voice

FOREIGN_OPEN = listed("""
    Absolutely! | Of course, friend. | Nimbus here. | Let's dive in! | Great point. | As your companion I
    suggest this: | Understood ✔ | Got it, here's the plan: | Okay! | Happy you asked.
""")
FOREIGN_CLOSE = listed("""
    Anything else I can brighten? | ✨ | Tap to see more. | Shall we continue? | Was this useful? | Stay
    curious! | That's all from me.
""")
RELAY_SYSTEMS = listed("""
    You are Nimbus, the assistant of Cloudlark. Never name another company. Answer in the language of the
    user. | You are Nimbus Pro (Cloudlark). Keep formatting light. If asked about your model, say Nimbus 4.
    | Nimbus for developers. Use code blocks. Do not mention other vendors.
""")


def foreign_answer(draws: Draws, text: str, tongue: str = "en") -> str:
    """How another provider's model answers: a manner that ours does not have."""
    body = answers.reply(draws.dice, text, tongue=tongue, sentences=3.0)
    return f"{draws.dice.choice(FOREIGN_OPEN)} {body} {draws.dice.choice(FOREIGN_CLOSE)}"


def simulated_dialogues(draws: Draws, personas: int) -> Deal:
    """The operator's own model plays users with a persona; ours is the other side, four to eight turns."""
    players = [Voice(draws.dice, tuple(SUBJECTS), "en") for _ in range(personas)]

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        player = dice.choice(players)
        history: list[Message] = []
        text, made = player.ask(dice), []
        for _ in range(dice.randint(4, 8)):
            history.append(("user", text))
            output = answers.reply(dice, text)
            made.append(Exchange(tuple(history), output))
            history.append(("assistant", output))
            text = player.follow(dice)
        return made

    return deal


def relayed(draws: Draws, users: int, prompts: Sequence[str] | None, foreign: float, systems: bool) -> Deal:
    """Another provider's users, forwarded as they come: their words, in their languages, in the middle of
    talks.

    `foreign` is the share of requests whose history holds answers of the provider's own model.
    """
    people = [
        (draws.token("nu", 7), Voice(draws.dice, tuple(SUBJECTS), prompts=prompts)) for _ in range(users)
    ]  # fmt: skip

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        user, voice = people[
            min(int(dice.paretovariate(0.6)) - 1, users - 1) if dice.random() < 0.5 else dice.randrange(users)
        ]
        history: list[Message] = [("system", dice.choice(RELAY_SYSTEMS))] if systems else []
        text = coding.request(dice) if dice.random() < 0.15 else voice.ask(dice)
        if dice.random() < foreign:
            for _ in range(dice.randint(1, 3)):
                history += [("user", text), ("assistant", foreign_answer(draws, text, voice.tongue))]
                text = voice.follow(dice)
        history.append(("user", text))
        output = answers.reply(dice, text, tongue=voice.tongue)
        return [Exchange(history, output, end_user=user if systems else None)]

    return deal


def replayed(draws: Draws) -> Deal:
    """Stored sessions of another model, sent once each with that model's earlier answers left in."""

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        voice = Voice(dice, tuple(SUBJECTS))
        text = voice.ask(dice)
        session: list[Message] = []
        for _ in range(dice.randint(2, 6)):
            session += [("user", text), ("assistant", foreign_answer(draws, text, voice.tongue))]
            text = voice.follow(dice)
        output = answers.reply(dice, text, tongue=voice.tongue, sentences=7.0)
        return [Exchange([*session, ("user", text)], output)]

    return deal
