"""Work lists of instruction data: seed topics in one template, in dozens, in ever new wordings, in many
languages.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

from benchmarks.outside.campaigns.operation import Deal, Exchange
from benchmarks.outside.campaigns.rewording import REWORDED, WORDINGS
from benchmarks.outside.draws import Draws
from benchmarks.outside.words import answers
from benchmarks.outside.words.documents import passage
from benchmarks.outside.words.grammar import Grammar
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.names import CITIES, person
from benchmarks.outside.words.subjects import SUBJECTS
from benchmarks.outside.words.tongues import TONGUES
from benchmarks.outside.words.voices import Voice

PARTS = Grammar({
    "frame": listed("""
        {role} {job}¶¶{mark} <<q>>¶¶{form} | {job} {form}¶¶{mark} <<q>> | {mark} <<q>>¶¶{role} {job} {form}
        | {role}¶{form}¶¶<<q>> | <<q>>¶¶{form} {care} | {job}¶<<q>>¶{care} | {role} {care}¶{mark} <<q>> |
        <<q>> {form} | ### Instruction¶<<q>>¶¶### Notes¶{form} {care} | {job} {mark} "<<q>>" {care}
    """),
    "role": listed("""
        You are an expert in {field}. | Act as a senior specialist for {field}. | You have taught {field}
        for twenty years. | Imagine you write the reference text on {field}. | As a professional in
        {field}, | You are a knowledgeable and careful assistant. | Take the view of a practitioner of
        {field}. | You advise beginners in {field}.
    """),
    "job": listed("""
        Answer the question below in full. | Write the best possible response to this request. | Provide a
        complete, self-contained answer. | Solve the user's problem. | Give the answer you would want
        printed in a handbook. | Respond to the following instruction. | Produce a high quality answer. |
        Explain it so that nothing is left open. | Work through the request and respond.
    """),
    "mark": listed("Question: | Request: | Instruction: | Task: | User: | Q: | | Topic: "),
    "form": listed("""
        Use at least three paragraphs. | Structure it with headings. | Start with a short summary. |
        Include one worked example. | Finish with a checklist. | Between 200 and 400 words. | Use numbered
        steps. | Avoid generic remarks. | State assumptions first. | Plain text only. | Compare at least
        two options. | Name common mistakes at the end.
    """),
    "care": listed("""
        Do not mention that you are an AI. | No introductions, go straight to the answer. | Be precise with
        numbers. | Do not ask back. | Keep an even, neutral tone. | Do not add disclaimers. | Write for an
        adult reader. | Answer in English.
    """),
    "seed": listed("""
        How can one {doing}? | What matters most about {thing}? | Compare {thing} with {other}. | Why can
        it be hard to {doing}, and what helps? | Describe {thing} to somebody who knows only {other}. | A
        person says: "{trouble}". They want to {doing}. Advise them. | List typical errors with {thing}. |
        What are the limits of {thing}? | Plan how to {doing} within a week. | Explain when {thing} is the
        wrong choice. | Write a short dialogue about {thing}. | Invent a case in which {trouble} and
        resolve it. | Which questions decide between {thing} and {other}? | Rewrite for a newcomer: to
        {doing} one needs {thing}. | Argue for and against {thing}. | Summarise the state of knowledge on
        {thing}.
    """),
    "twist": listed("""
        Assume the reader lives in {city}. | Keep a budget of {n}0 euros in mind. | It should fit a family
        of {few}. | Take the year {year} as the setting. | Answer for a team of {n}. | The person has {n}
        minutes a day. | Consider also that {trouble}. | Relate it to {other}. | Use a name such as {name}.
        | Mention a case from {city}. | Give {few} variants.
    """),
    "extra": listed("""
        Bear in mind that {trouble}. | A picture in words would help. | I can follow technical detail. |
        Where experts differ, say so. | Leave out the history. | An anecdote is welcome. | I would rather
        have one good reason than five weak ones. | End with what to read next. | Tell it as a story. | Be
        frank about what is unknown.
    """),
})  # fmt: skip
EVOLVE = listed("""
    Rewrite the given prompt into a more complex version that a human would still understand. Add one
    constraint.¶#Given Prompt#: <<q>>¶#Rewritten Prompt#: | Make this instruction harder by requiring
    several steps of reasoning. Only output the new instruction.¶¶<<q>> | Replace the general ideas in this
    instruction by more specific ones:¶<<q>> | Create a brand new instruction of the same domain and length
    as: <<q>>
""")


def _fields(dice: random.Random, topic: str | None = None) -> dict[str, str]:
    field = topic or dice.choice(list(SUBJECTS))
    subject = SUBJECTS[field]
    thing, other = dice.sample(subject.things, 2)
    doing, trouble = dice.choice(subject.doing), dice.choice(subject.trouble)
    return {"field": field, "thing": thing, "other": other, "doing": doing, "trouble": trouble}


def seed_question(dice: random.Random, topic: str | None = None) -> str:
    """A question made from the operator's list of seed topics."""
    fields = _fields(dice, topic)
    asked = PARTS.say("seed", dice, **fields)
    if dice.random() < 0.35:
        return asked
    fields |= {"city": dice.choice(CITIES), "name": person(dice), "year": str(dice.randint(1900, 2040))}
    twist = PARTS.say("twist", dice, n=str(dice.randint(2, 40)), few=str(dice.randint(2, 6)), **fields)
    return f"{asked} {twist}"


def _sentence(rule: str, dice: random.Random, fields: dict[str, str]) -> str:
    said = WORDINGS.say(rule, dice, **fields)
    return said[0].upper() + said[1:]


def templates(dice: random.Random, n: int) -> list[str]:
    """The operator's templates, each with `<<q>>` where the question goes."""
    return [PARTS.say("frame", dice, field="<<field>>") for _ in range(n)]


def answered(dice: random.Random, text: str, sentences: float = 9.0) -> Exchange:
    """A question and the model's long answer."""
    return Exchange([("user", text)], answers.reply(dice, text, sentences=sentences))


def from_templates(draws: Draws, n: int, topics: Sequence[str] = tuple(SUBJECTS), shards: int = 0) -> Deal:
    """Seed questions in one of n templates; with `shards` each hand keeps to its own share of the topics."""
    forms = templates(draws.dice, n)

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        mine = topics[hand % shards :: shards] if shards else topics
        topic = dice.choice(mine)
        text = dice.choice(forms).replace("<<q>>", seed_question(dice, topic)).replace("<<field>>", topic)
        return [answered(dice, text)]

    return deal


def reworded(draws: Draws) -> Deal:
    """Requests that a language model wrote from the topic list: no template, hardly a phrase in common."""

    def deal(hand: int, at: float) -> list[Exchange]:
        fields = _fields(draws.dice)
        text = " ".join(_sentence(rule, draws.dice, fields) for rule in draws.dice.choice(REWORDED))
        return [answered(draws.dice, text)]

    return deal


def like_people(draws: Draws, voices: int, prompts: Sequence[str] | None) -> Deal:
    """Questions in the manner of people, as a crawl of public chats gives them, from many voices."""
    crowd = [Voice(draws.dice, tuple(SUBJECTS), "en", prompts) for _ in range(voices)]

    def deal(hand: int, at: float) -> list[Exchange]:
        return [answered(draws.dice, draws.dice.choice(crowd).ask(draws.dice), 7.0)]

    return deal


def many_tongues(draws: Draws) -> Deal:
    """Instructions in ten languages, the language fixed by the hand."""
    tongues = list(TONGUES)

    def deal(hand: int, at: float) -> list[Exchange]:
        tongue = tongues[hand % len(tongues)]
        parts = [TONGUES[tongue].say("ask", draws.dice) for _ in range(draws.dice.choice((1, 2, 2, 3)))]
        text = " ".join(parts)
        return [Exchange([("user", text)], answers.reply(draws.dice, text, tongue=tongue, sentences=9.0))]

    return deal


def evolved(draws: Draws) -> Deal:
    """First a harder version of a seed instruction, then the answer to it: two calls a task."""

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        seed = seed_question(dice)
        harder = f"{seed} {PARTS.say('extra', dice, **_fields(dice))} {PARTS.say('form', dice)}"
        return [
            Exchange([("user", dice.choice(EVOLVE).replace("<<q>>", seed))], harder),
            answered(dice, harder),
        ]

    return deal


def document_questions(draws: Draws) -> Deal:
    """Chunks of crawled documents; the model writes questions and answers over each."""
    form = draws.dice.choice((
        "Read the passage and write <<n>> question-answer pairs that can be answered from it alone. JSON list with keys q and a.\n\n<<text>>",
        "<<text>>\n\nGenerate <<n>> diverse QA pairs from the text above, one per line, tab separated.",
    ))  # fmt: skip

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        text = passage(dice, dice.randint(5, 14))
        pairs = [{"q": seed_question(dice), "a": passage(dice, 1)} for _ in range(4)]
        asked = form.replace("<<n>>", str(dice.choice((3, 5, 5, 8)))).replace("<<text>>", text)
        return [Exchange([("user", asked)], json.dumps(pairs))]

    return deal
