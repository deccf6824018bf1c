"""Work lists in which the model judges: rubric grades, preference pairs, and our own outputs sent back for
cleaning.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.outside.calls import Call
from benchmarks.outside.campaigns.instructing import seed_question
from benchmarks.outside.campaigns.operation import Deal, Exchange
from benchmarks.outside.draws import Draws
from benchmarks.outside.words import answers
from benchmarks.outside.words.grammar import Grammar
from benchmarks.outside.words.listing import listed

RUBRICS = Grammar({
    "grade": listed("""
        {intro}¶¶[Prompt]¶<<q>>¶¶[Response]¶<<a>>¶¶{rubric} {form} | {rubric}¶{form}¶---¶Q: <<q>>¶A: <<a>>
        | Prompt: <<q>>¶Answer: <<a>>¶{rubric}¶{form} | <<q>>¶->¶<<a>>¶¶{intro} {form}
    """),
    "intro": listed("""
        Evaluate the response to the prompt. | You are a strict grader. | Rate this answer as a domain
        expert would. | Score the candidate for our reward data. | Judge how well the answer serves the
        asker.
    """),
    "rubric": listed("""
        Criteria: correctness, completeness, clarity. | Rubric: 1 wrong, 5 partly right, 10 flawless. |
        Consider helpfulness, honesty and tone. | Deduct points for missing steps and for padding. | Weigh
        accuracy twice. | Check instruction following first, then style.
    """),
    "form": listed("""
        Reply with a score from 1 to 10 and a rationale. | Output: score, then reasons. | Give the number
        first. | Score (1-10), one paragraph of critique, one improvement.
    """),
    "pair": listed("""
        {which}¶¶Question: <<q>>¶¶A: <<a>>¶¶B: <<b>>¶¶{how} | <<q>>¶¶Answer 1:¶<<a>>¶¶Answer
        2:¶<<b>>¶¶{which} {how} | I got two replies to "<<q>>".¶First: <<a>>¶Second: <<b>>¶{which} |
        {which} {how}¶[1] <<a>>¶[2] <<b>>¶(asked: <<q>>)
    """),
    "which": listed("""
        Which one is better? | Pick the reply you would send. | Compare both replies. | Which would a
        careful person prefer? | Choose. | Rank the two. | Help me decide between these.
    """),
    "how": listed("""
        Explain in two sentences. | Answer with A or B and why. | Ties are not allowed. | Mention the
        decisive difference. | Say how sure you are. | Ignore length.
    """),
    "clean": listed("""
        Clean up this sample: fix formatting, remove boilerplate, keep the reasoning.¶¶<<a>> | Below is a
        draft answer. Return a polished version only.¶<<a>> | Is the following answer fit for a data set?
        Reply keep or drop and a reason.¶Q: <<q>>¶A: <<a>> | <<a>>¶¶Rewrite the text above without phrases
        like "Sure" or "I hope this helps". | Filter check. Input: <<q>>¶Output: <<a>>¶Flag errors, then
        print the corrected output. | Normalise this transcript to one step per line:¶<<a>>
    """),
})  # fmt: skip


def rubric_grades(draws: Draws, templates: int) -> Deal:
    """Candidate answers of a student model, graded against a rubric."""
    forms = [RUBRICS.say("grade", draws.dice) for _ in range(templates)]

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        asked = seed_question(dice)
        text = (
            dice.choice(forms)
            .replace("<<q>>", asked)
            .replace("<<a>>", answers.reply(dice, asked, sentences=4.0))
        )
        return [Exchange([("user", text)], answers.verdict(dice, asked))]

    return deal


def preference_pairs(draws: Draws, templates: int | None) -> Deal:
    """Two candidate answers; the model says which is better. `templates=None` words each request anew."""
    forms = [RUBRICS.say("pair", draws.dice) for _ in range(templates or 0)]

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        asked = seed_question(dice)
        first, second = (answers.reply(dice, asked, sentences=3.0) for _ in range(2))
        form = dice.choice(forms) if forms else RUBRICS.say("pair", dice)
        text = form.replace("<<q>>", asked).replace("<<a>>", first).replace("<<b>>", second)
        choice = dice.choice(("A", "B", "Answer 1", "The first", "The second"))
        return [Exchange([("user", text)], f"{choice}. {answers.reply(dice, asked, sentences=1.5)}")]

    return deal


def cleaning(draws: Draws, captured: Sequence[Call], templates: int) -> Deal:
    """What our models once answered to others comes back as input, to be cleaned, filtered or judged."""
    forms = [RUBRICS.say("clean", draws.dice) for _ in range(templates)]
    usable = [c for c in captured if len(c.output) > 150]

    def deal(hand: int, at: float) -> list[Exchange]:
        dice = draws.dice
        earlier = dice.choice(usable)
        while earlier.ts >= at:  # it cannot come back before it was written
            earlier = dice.choice(usable)
        traced = earlier.output if not earlier.reasoning else f"{earlier.reasoning}\n\n{earlier.output}"
        text = dice.choice(forms).replace("<<a>>", traced).replace("<<q>>", earlier.messages[-1][1])
        return [Exchange([("user", text)], answers.verdict(dice, traced) if dice.random() < 0.3 else traced)]

    return deal
