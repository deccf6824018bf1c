"""What scripts ask that test and measure: judges, made-up test data, public benchmarks, a shared protocol."""

from __future__ import annotations

from benchmarks.outside.businesses import prose
from benchmarks.outside.businesses.grammar import Grammar, between, pick
from benchmarks.outside.businesses.lexicon import WORDS
from benchmarks.outside.businesses.third_people import Ask, Task, once
from benchmarks.outside.draws import Draws
from benchmarks.outside.town import Town
from benchmarks.outside.words import answers
from benchmarks.outside.words.documents import document, passage
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.subjects import STUDY, SUBJECTS

PLAIN = Grammar(WORDS)
METRICS: dict[str, str] = {
    "faithfulness": "Given a question, a context and an answer, break the answer into statements. For each statement decide whether it can be inferred from the context (1) or not (0) and give a reason.\n\nquestion: {q}\ncontext: {c}\nanswer: {r}\n\nOutput JSON: a list of statement, reason, verdict.",
    "relevance": "Generate a question for the given answer and identify whether the answer is noncommittal. 1 if it is evasive, vague or ambiguous, else 0.\n\nanswer: {r}\ncontext: {c}\n\nOutput JSON: question, noncommittal.",
    "precision": "Verify if the context was useful in arriving at the given answer. Verdict 1 if useful, 0 if not, with a reason.\n\nquestion: {q}\ncontext: {c}\nanswer: {r}\n\nOutput JSON: reason, verdict.",
    "tone": "Rate the reply on a scale of 1 to 5 for politeness, and separately for clarity. Think through the criteria before you score.\n\nmessage: {q}\nreply: {r}\n\nOutput JSON: steps, politeness, clarity.",
    "correctness": "Compare the submitted answer with the expert answer. Ignore style. (A) subset, (B) superset, (C) same, (D) disagree, (E) differs in ways that do not matter. Reason first, then the letter on its own line.\n\n[Question]: {q}\n[Expert]: {c}\n[Submission]: {r}",
}  # fmt: skip


def framework_judges(town: Town, draws: Draws, n: int) -> Task:
    """The default judges of one open-source framework, over each start-up's own questions and answers."""
    dice = draws.dice
    fields = [(pick(dice, prose.ALL_FIELDS),) for _ in range(n)]
    used = [dice.sample(list(METRICS), between(dice, 1, 4)) for _ in range(n)]
    # A regression suite: the questions stay, the answers change with the product.
    suites = [
        [(prose.question(dice, f), prose.paragraph(dice, f)) for _ in range(between(dice, 15, 60))]
        for f in fields
    ]

    def task(i: int, _at: float) -> list[Ask]:
        q, c = dice.choice(suites[i])
        r = answers.reply(dice, q, sentences=3.0)
        text = METRICS[pick(dice, used[i])].format(q=q, c=c, r=r)
        return once(text, answers.verdict(dice, text, 5))

    return task


MAKERS = (
    "You are generating a test set for retrieval. From the context, write {k} questions that a {user} would ask and that "
    "can be answered from the context only, with the answers. Vary the difficulty: simple, reasoning, multi-context. "
    "Return a JSON list of question, answer, type.\n\nContext:\n{c}",
    "Rewrite the question so that answering it needs several steps of reasoning over the context, without making it "
    "longer than 25 words. Do not use phrases such as 'according to the context'.\n\nQuestion: {q}\nContext:\n{c}",
    "Here is a topic from our documentation: {t}. Write {k} realistic messages that a {user} would send to support about "
    "it, in different moods, some with typos. One message per line.",
    "Imagine a {user} who talks to our assistant. Continue the conversation with the user's next message only.\n\nSo far:\n{c}\n{q}",
)


def framework_test_sets(town: Town, draws: Draws, n: int) -> Task:
    """A framework's templates for synthetic test sets, over each team's own documents."""
    dice = draws.dice
    fields = [(pick(dice, prose.ALL_FIELDS),) for _ in range(n)]
    user = [
        pick(
            dice,
            ("customer", "new employee", "nurse", "tenant", "dealer", "field engineer", "parent", "auditor"),
        )
        for _ in range(n)
    ]
    used = [dice.sample(MAKERS, between(dice, 1, 3)) for _ in range(n)]

    def task(i: int, _at: float) -> list[Ask]:
        f = fields[i]
        given = {
            "k": str(between(dice, 3, 10)),
            "user": user[i],
            "c": prose.paragraph(dice, f),
            "q": prose.question(dice, f),
        }
        text = PLAIN.say(dice, pick(dice, used[i]), t=prose.speak(dice, "{thing}", f), **given)
        return once(text, answers.record(dice, text, ("question", "answer", "type")))

    return task


ITEMS = Grammar(WORDS, {
    "stem": listed("""
        Which of the following best describes {t} in {f}? | According to {last}'s rule, {t} depends mainly on | A {age}-year-old
        patient presents with {t}. The most likely cause is | In {year}, {t} was first connected with {u}. The reason was |
        If {t} doubles while {u} stays constant, then | All of the following are true of {t} EXCEPT | The term '{t}' refers to |
        {First} claims that {t} implies {u}. This is an example of | Which statement about {t} and {u} is correct?
    """),
    "age": ["{4..88}"],
    "choice": listed("""
        {t}, but only when {u} is absent | a fall of {percent} in {u} | the absence of {t} | {u} | an effect of {t} on {u} |
        neither {t} nor {u} | {u} after {span} | a confusion of {t} with {u} | the rate of {t} | {percent}
    """),
})  # fmt: skip
EXAMINED = (*STUDY, "health", "law and money", "programming")
HARNESS = "The following are multiple choice questions (with answers) about {f}.\n\n{shots}{q}\nAnswer:"


def _item(draws: Draws, field: str) -> str:
    dice = draws.dice
    thing, other = dice.sample(SUBJECTS[field].things, 2)
    given = {"t": thing, "u": other, "f": field}
    choices = [f"{letter}. {ITEMS.start(dice, 'choice', **given)}" for letter in "ABCD"]
    return "\n".join([ITEMS.start(dice, "stem", **given), *choices])


def public_benchmark(town: Town, draws: Draws, n: int) -> Task:
    """A public benchmark with a public harness: fixed items in a fixed order, five shots or none."""
    dice = draws.dice
    items = [(field, _item(draws, field)) for field in EXAMINED for _ in range(150)]
    shots = {
        f: "".join(f"{_item(draws, f)}\nAnswer: {pick(dice, 'ABCD')}\n\n" for _ in range(3)) for f in EXAMINED
    }
    few, cot = [dice.random() < 0.5 for _ in range(n)], [dice.random() < 0.4 for _ in range(n)]
    place = [between(dice, 0, len(items) - 1) for _ in range(n)]

    def task(i: int, _at: float) -> list[Ask]:
        place[i] = (place[i] + 1) % len(items)
        field, item = items[place[i]]
        if cot[i]:
            text = f"{item}\n\nThink step by step and finish with 'The answer is (X)'."
            return once(text, f"{answers.reply(dice, item)} The answer is ({pick(dice, 'ABCD')}).")
        return once(HARNESS.format(f=field, q=item, shots=shots[field] if few[i] else ""), pick(dice, "ABCD"))

    return task


VIGNETTE = (
    "You take part in a study. Imagine you are {who}.\n\nScenario {k}: {s}\n\nHow acceptable is this? Answer with a number "
    "from 1 (not at all) to 7 (fully). Then explain your reasoning in your own words in three to five sentences, and say "
    "how certain you are in percent."
)
PROTOCOL = Grammar(WORDS, {
    "who": listed("""
        {a job} aged {19..82} who lives in {a place} and has {kids} | {a job}, {19..82}, {mood}, who votes {vote} | a
        {19..82}-year-old {job} with {kids} in {a place}
    """),
    "job": listed("teacher | plumber | retired judge | student | nurse | farmer | cashier | engineer | carer | police officer"),
    "place": listed("village | harbour town | suburb | big city | mountain valley"),
    "kids": listed("no children | one child | three children | grown-up children | a child on the way"),
    "vote": listed("always | rarely | for the first time | never"),
    "s": listed("""
        A {agent} learns that {other} has {deed}. To protect {good}, the {agent} {act}. | Nobody but a {agent} can stop a
        machine that will {harm}. The {agent} {act}. | A {agent} promised {other} to keep quiet about {deed}, and now {act}. |
        {Percent} of {other}s lose a little so that one {agent} gains {amount}; the council {act}.
    """),
    "agent": listed("nurse | landlord | teacher | ferry captain | pharmacist | tax officer | neighbour | programmer"),
    "other": listed("colleague | patient | tenant | pupil | passenger | client"),
    "deed": listed("copied a report | taken {amount} | driven after two glasses | lied about their age | sold a gift"),
    "good": listed("a friend | the reputation of the house | {2..40} strangers | an animal | the truth"),
    "act": listed("says nothing | tells everybody | lies to the police | breaks the machine | asks for {amount} | waits {span}"),
    "harm": listed("flood a cellar with {2..9} people | delete the savings of {a job} | injure a dog"),
})  # fmt: skip


def many_labs(town: Town, draws: Draws, n: int) -> Task:
    """One registered protocol at many universities: the same scenarios, drawn personas, answers collected."""
    dice = draws.dice
    scenarios = [PROTOCOL.start(dice, "s") for _ in range(24)]

    def task(_i: int, _at: float) -> list[Ask]:
        k = between(dice, 1, len(scenarios))
        text = VIGNETTE.format(who=PROTOCOL.start(dice, "who"), k=k, s=scenarios[k - 1])
        output = (
            f"{between(dice, 1, 7)}\n{answers.reply(dice, text, sentences=4.0)}\n{between(dice, 50, 99)} %"
        )
        return once(text, output)

    return task


FLEET = listed("""
    Summarise the case for the next colleague. Keep numbers. | Which of our teams should own this? Reply with a team and a
    reason. | Extract every deadline as ISO dates. | Suggest a reply in the tone of the house. | Redact names and
    numbers. | Is this a complaint in the sense of policy C-12? yes/no + paragraph. | Write release notes for customers.
    | Check the text against the checklist and list violations.
""")


def service_fleet(town: Town, draws: Draws, n: int) -> Task:
    """A company's services, one account each: eight shared prompts of its platform, each service its records."""
    dice = draws.dice
    firm = town.company(draws)[0]
    kinds = [pick(dice, ("ticket", "mail", "note", "review", "headline")) for _ in range(n)]
    prompts = [
        f"[{firm} platform / prompt {k + 1} / v{between(dice, 1, 9)}]\n{text}" for k, text in enumerate(FLEET)
    ]

    def task(i: int, _at: float) -> list[Ask]:
        text = document(dice, kinds[i]) + (" " + passage(dice, 4) if dice.random() < 0.3 else "")
        return once(text, answers.reply(dice, text, sentences=2.5), prompts[i % len(prompts)])

    return task
