"""What firms' own programs send: system prompts and templates over records, worded by each firm."""

from __future__ import annotations

import random
from typing import NamedTuple

from benchmarks.outside.calls import Message
from benchmarks.outside.words import answers
from benchmarks.outside.words.documents import document, passage
from benchmarks.outside.words.grammar import Grammar
from benchmarks.outside.words.listing import listed

GRAMMAR = Grammar({
    "who": listed("""
        You are {role} at {company}. | You are a helpful {role} for {company}. | {company} {desk}. | You
        work for {company} as {role}. | Act as {role}. | You are an AI built by {company}. | # Role¶{role}
        ({company}) | Context: {company}, {desk}.
    """),
    "role": listed("""
        a support agent | an analyst | a copy editor | a data entry clerk | a product specialist | a
        moderator | a research assistant | a triage nurse assistant | a paralegal | a sales assistant | a
        librarian | a catalogue editor | a QA reviewer | a travel desk agent
    """),
    "desk": listed("""
        customer care | back office | product data team | newsroom | sales operations | clinic front desk |
        claims desk | internal tools
    """),
    "rule": listed("""
        Never invent facts. | Answer in the language of the input. | Keep answers under {n} words. | Use
        only the information given. | Be polite and concise. | If unsure, say so. | Do not mention
        competitors. | Output valid JSON only. | Prices are in EUR. | Escalate anything about refunds. | No
        markdown. | Follow the style guide v{n}. | Today's batch is {code}. | Do not include personal data.
        | Prefer short sentences.
    """),
    "classify": listed("""
        Classify the following {record} into one of: {labels}.¶¶{text} | {text}¶¶Category ({labels})? |
        Label: {labels}¶Input: {text}¶Label= | Which of {labels} fits best? Reply with one word.¶"{text}"
    """),
    "extract": listed("""
        Extract {fields} as JSON from this {record}:¶{text} | {text}¶---¶Return JSON with keys {fields}. |
        Parse the {record} below. Fields: {fields}. Use null if missing.¶¶{text}
    """),
    "summarise": listed("""
        Summarise in {n} sentences:¶{text} | TL;DR for {desk}:¶{text} | {text}¶¶Write a summary for the
        weekly report. | Key points of this {record}, max {n} bullets:¶{text}
    """),
    "write": listed("""
        Write a product description from these attributes: {text} | Product: {text}¶Tone: {tone}¶Length:
        {n}0 words | Create a {tone} listing for: {text} | Attributes: {text}. Return title and {n}
        bullets.
    """),
    "answer": listed("""
        Draft a reply to this {record}:¶{text} | Customer wrote:¶{text}¶¶Reply: | {text}¶¶Suggest an
        answer, {tone}. | Context:¶{context}¶¶Question: {text}¶Answer from the context only.
    """),
    "translate": listed("""
        Translate to {tongue}:¶{text} | {text}¶=> {tongue} | Translate the following {record} into
        {tongue}, keep names: {text}
    """),
    "tone": listed("friendly | neutral | premium | playful | technical"),
    "tongue": listed("""
        German | French | Spanish | Italian | Polish | Japanese | English | Dutch | Portuguese
    """),
    "labels": listed("""
        billing, shipping, product, other | positive, negative, neutral | urgent, normal, low | spam, ok |
        refund, exchange, question | politics, business, sport, other | A, B, C | complaint, praise,
        question
    """),
    "fields": listed("""
        name, date, amount | product, problem, urgency | company, city, event | sku, colour, weight |
        person, role, next_step | sentiment, topic | order_id, request
    """),
})  # fmt: skip
TASKS = ("classify", "extract", "summarise", "write", "answer", "translate")


class Job(NamedTuple):
    """A program of a firm: a fixed system prompt and template, filled with a new record at each call."""

    task: str
    record: str
    system: str | None
    template: str
    fields: tuple[str, ...]

    def run(self, dice: random.Random) -> tuple[list[Message], str]:
        """The messages and the answer of one record."""
        text = document(dice, self.record)
        if self.task == "summarise":
            text = f"{text} {passage(dice, dice.randint(3, 9))}"
        filled = self.template.replace("<<text>>", text)
        if "<<context>>" in filled:
            filled = filled.replace("<<context>>", passage(dice, dice.randint(3, 8)))
        messages: list[Message] = [("system", self.system)] if self.system else []
        return [*messages, ("user", filled)], self._output(dice, text)

    def _output(self, dice: random.Random, text: str) -> str:
        if self.task == "classify":
            return dice.choice(self.fields)
        if self.task == "extract":
            return answers.record(dice, text, self.fields)
        return answers.reply(dice, text, sentences=5.0 if self.task == "write" else 3.0)


def job(dice: random.Random, company: str, task: str | None = None) -> Job:
    """A new program of a company."""
    task = task or dice.choice(TASKS)
    record = (
        "product_row" if task == "write" else dice.choice(("review", "ticket", "mail", "note", "headline"))
    )
    code, n = f"{dice.choice('BKQ')}{dice.randint(10, 99)}", str(dice.randint(2, 9))
    given = {"company": company, "code": code, "n": n, "record": record.replace("_", " ")}
    system = None
    if dice.random() < 0.75:
        rules = [GRAMMAR.say("rule", dice, **given) for _ in range(dice.randint(1, 5))]
        joint = dice.choice((" ", "\n", "\n- "))
        system = GRAMMAR.say("who", dice, **given) + joint + joint.join(rules)
    wanted = GRAMMAR.say("labels" if task == "classify" else "fields", dice)
    template = GRAMMAR.say(
        task, dice, **given, text="<<text>>", context="<<context>>", labels=wanted, fields=wanted
    )  # fmt: skip
    return Job(task, record, system, template, tuple(wanted.split(", ")))
