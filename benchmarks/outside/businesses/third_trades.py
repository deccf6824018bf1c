"""What people ask for their trade: agencies, resellers, gigs, migrations, seats, flows, deadlines, prompt packs."""

from __future__ import annotations

from benchmarks.outside.businesses import prose
from benchmarks.outside.businesses.grammar import Grammar, between, pick
from benchmarks.outside.businesses.lexicon import WORDS
from benchmarks.outside.businesses.third_people import Ask, Task, once, talked
from benchmarks.outside.draws import Draws
from benchmarks.outside.town import Town
from benchmarks.outside.words import answers
from benchmarks.outside.words.documents import document, passage
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.names import PRODUCTS
from benchmarks.outside.words.programs import Job, job
from benchmarks.outside.words.subjects import DAILY, OFFICE
from benchmarks.outside.words.voices import Voice

PLAIN = Grammar(WORDS)
AGENCY = listed("""
    Write {3..6} social posts for {client} about {t}. Voice: {voice}. No emojis in the first line, one call to action. |
    Draft the monthly newsletter of {client}. Lead: {t}. Second story: {u}. Voice: {voice}. Subject line below 45
    characters. | Answer this review in the name of {client}, {voice}, without admitting liability:¶{review} | Search
    advert for {client}: three headlines of at most 30 characters and two descriptions of at most 90, on {t}. | Brief for
    the photographer: {client}, {t}, {3..8} motifs, mood {mood}. | Turn these notes into a page for the site of {client}:¶
    {notes} | Ten ideas for {month} that connect {client} with {t}. We did {u} last year.
""")


def agency_clients(town: Town, draws: Draws, n: int) -> Task:
    """An agency works in the accounts of its clients with seven house templates and each client's own voice."""
    dice = draws.dice
    clients = [(PLAIN.say(dice, "{company}"), (pick(dice, prose.ALL_FIELDS),)) for _ in range(n)]
    voices = [
        pick(
            dice,
            (
                "warm and plain",
                "dry and expert",
                "cheerful",
                "premium, few adjectives",
                "like a neighbour",
                "technical",
            ),
        )
        for _ in range(n)
    ]

    def task(i: int, _at: float) -> list[Ask]:
        client, f = clients[i]
        thing, other = prose.speak(dice, "{thing}", f), prose.speak(dice, "{thing}", f)
        text = PLAIN.say(
            dice,
            pick(dice, AGENCY),
            client=client,
            voice=voices[i],
            t=thing,
            u=other,
            review=document(dice, "review"),
            notes=prose.paragraph(dice, f),
        )
        return once(text, answers.reply(dice, text, sentences=6.0))

    return task


def resold(town: Town, draws: Draws, n: int) -> Task:
    """Small firms that buy through a regional reseller: each its own program or people with their own questions."""
    dice = draws.dice
    jobs: list[Job | None] = [
        job(dice, town.company(draws)[0]) if dice.random() < 0.45 else None for _ in range(n)
    ]
    voices = [Voice(dice, (*OFFICE, *DAILY), prompts=town.prompts) for _ in range(n)]

    def task(i: int, _at: float) -> list[Ask]:
        work = jobs[i]
        if work is not None:
            messages, output = work.run(dice)
            return [Ask(messages, output)]
        text = voices[i].ask(dice)
        return talked([(text, answers.reply(dice, text, tongue=voices[i].tongue))])

    return task


GIGS: dict[str, tuple[str, ...]] = {
    "tags": listed("tags for this product, comma separated, max {5..12}: {product_row} | {product_row} >> category + 3 keywords"),
    "cleanup": listed("fix the transcript, keep speaker labels, no ums:¶{talk} | clean verbatim please¶¶{talk}"),
    "reviews": listed("is this review about delivery, product or service? {review} | {review}¶sentiment 1-5, one word why"),
    "captions": listed("write a caption for a photo of {thing}, under 15 words | alt text: {thing}, {colour}, {town}"),
    "articles": listed("{300..900} words about {thing}, easy to read, 3 subheadings | outline for an article: {title}"),
    "search": listed("which result fits the query '{thing}' better: A) {title} B) {title}? short reason | rate relevance 0-3: query {thing} / page {title}"),
    "answers": listed("give me a natural sounding answer to this survey question, i am {19..70}: {question} | {question}"),
    "emails": listed("rewrite so it sounds native: {mail} | reply politely that it takes {span}: {mail}"),
}  # fmt: skip


def gig_workers(town: Town, draws: Draws, n: int) -> Task:
    """People on platforms for small jobs, each with the two or three sorts that they get, in their own words."""
    dice = draws.dice
    sorts = [dice.sample(list(GIGS), between(dice, 1, 3)) for _ in range(n)]
    wordings = [[pick(dice, GIGS[s]) for s in mine] for mine in sorts]
    head = [pick(dice, ("", "", "pls ", "same as before: ", "next. ", "Task: ")) for _ in range(n)]

    def task(i: int, _at: float) -> list[Ask]:
        f = (pick(dice, prose.ALL_FIELDS),)
        wording = pick(dice, wordings[i])
        given = {kind: document(dice, kind) for kind in ("product_row", "review", "mail") if kind in wording}
        if "{talk}" in wording:
            said = (prose.speak(dice, "{sentence}", f).lower() for _ in range(between(dice, 3, 8)))
            given["talk"] = "\n".join(f"S{k % 2 + 1}: um {line}" for k, line in enumerate(said))
        text = head[i] + prose.speak(dice, wording, f, **given)
        return once(text, answers.reply(dice, text, sentences=3.0))

    return task


def migrants(town: Town, draws: Draws, n: int) -> Task:
    """Customers of another provider that is down: they point their programs here, with system prompts that name it."""
    dice = draws.dice
    jobs = [job(dice, town.company(draws)[0]) for _ in range(n)]
    first = ["ping", "Say OK", "hello", "What model are you?", "Reply with the word pong."]
    asked = [0] * n

    def task(i: int, _at: float) -> list[Ask]:
        asked[i] += 1
        if asked[i] == 1:
            return once(pick(dice, first), "OK")
        messages, output = jobs[i].run(dice)
        return [Ask(messages, output)]

    return task


GUIDE = (
    "Context: I work at {firm} as {role}. Client: {client}. Confidential, do not use names.\nTask: {t}\nFormat: {form}\n"
    "Quality: state assumptions, flag what you are unsure of, no filler."
)
ROLES = listed(
    "analyst | associate | manager | designer | data engineer | tax adviser | partner's assistant | change lead"
)
TASKS = listed("""
    {3..6} hypotheses why {plain}s lose money when {trouble} | a slide storyline on {plain} and {plain} | questions for an
    interview with {who} about the {plain} | a risk table for the {plain} in {town} | an e-mail to {who}: {trouble}, meeting
    on {weekday} | shorten to {60..150} words: {paragraph} | what {who} would object to: {sentence} | a formula that adds
    {amount} per {plain} until {month}
""")


def bought_seats(town: Town, draws: Draws, n: int) -> Task:
    """A consultancy's new seats: half of the questions follow the house guide for prompts, half do not."""
    dice = draws.dice
    firm = town.company(draws)[0]
    roles = [pick(dice, ROLES) for _ in range(n)]
    fields = [(pick(dice, prose.ALL_FIELDS),) for _ in range(n)]
    guided = [dice.betavariate(1.2, 1.2) for _ in range(n)]

    def task(i: int, _at: float) -> list[Ask]:
        text = prose.speak(dice, pick(dice, TASKS), fields[i])
        if dice.random() < guided[i]:
            form = pick(dice, ("bullets", "table", "e-mail", "three slides", "one paragraph"))
            text = GUIDE.format(
                firm=firm, role=roles[i], client=f"a client in {fields[i][0]}", t=text, form=form
            )
        turns = [(text, answers.reply(dice, text))]
        if dice.random() < 0.4:
            turns.append(
                (
                    pick(
                        dice,
                        ("sharper", "more senior tone", "add numbers", "now in a table", "what is missing?"),
                    ),
                    answers.reply(dice, text),
                )
            )
        return talked(turns)

    return task


ACTIONS = (
    "Summarize the text in {k} bullet points.\n\nText: {r}",
    "Choose the best category for the text. Categories: {c}. Respond with the category only.\n\nText: {r}",
    "Extract the following fields from the text and return JSON. Fields: {c}\n\nText: {r}",
    "Write a reply to the message below. Instructions: {k} sentences, {v}.\n\nMessage: {r}",
    "Translate the text to {l}.\n\nText: {r}",
    "Score the lead from 0 to 100 and give a reason. Criteria: {c}\n\nLead: {r}",
)


def low_code(town: Town, draws: Draws, n: int) -> Task:
    """Customers of a maker of flows: six ready-made actions, filled with each customer's own records."""
    dice = draws.dice
    kinds = [pick(dice, ("ticket", "mail", "review", "note", "product_row")) for _ in range(n)]
    flows = [
        PLAIN.say(
            dice,
            pick(dice, ACTIONS),
            k=str(between(dice, 2, 6)),
            c=pick(
                dice,
                (
                    "sales, support, spam",
                    "name, company, phone, date",
                    "budget, size, urgency",
                    "refund, repair, other",
                    "owner, deadline, next step",
                ),
            ),
            v=pick(dice, ("friendly", "formal", "apologise first", "sign as the team")),
            l=pick(dice, ("English", "German", "Spanish", "Korean")),
            r="<record>",
        )
        for _ in range(n)
    ]

    def task(i: int, _at: float) -> list[Ask]:
        text = flows[i].replace("<record>", document(dice, kinds[i]))
        return once(text, answers.reply(dice, text, sentences=2.0))

    return task


NOTICE = (
    "Our trade association asks members to check their {what} before the new rules apply on {date}. Use the checklist "
    "of the association: (1) who is responsible, (2) which barriers or data there are, (3) contact, (4) complaints, (5) "
    "date of review. Rewrite our text so that every point is covered in plain language, and list what I still have to "
    "find out.\n\nCompany: {company}, {town}\nText: {text}"
)


def deadline(town: Town, draws: Draws, n: int) -> Task:
    """Small firms before a legal deadline, with the wording their association mailed to all members."""
    dice = draws.dice
    firms = [PLAIN.say(dice, "{company}") for _ in range(n)]
    day = PLAIN.say(dice, "{date}")

    def task(i: int, _at: float) -> list[Ask]:
        text = prose.paragraph(dice, ("shop", "office")) + " " + passage(dice, 3)
        what = pick(dice, ("accessibility statement", "privacy notice", "terms of sale"))
        first = PLAIN.say(dice, NOTICE, what=what, date=day, company=firms[i], text=text)
        if dice.random() < 0.2:
            first = f"what does the new rule mean for {pick(dice, ('a shop with two staff', 'a site without a shop', 'us, we only sell to firms'))}?"
        turns = [(first, answers.reply(dice, first, sentences=9.0))]
        while dice.random() < 0.45 and len(turns) < 5:
            more = pick(
                dice,
                (
                    "shorter",
                    "point 2 is wrong, we store nothing",
                    "can I leave out the complaints part?",
                    "now in German",
                    "make it fit on one page",
                    "who would be responsible if I am alone?",
                ),
            )
            turns.append((more, answers.reply(dice, first, sentences=5.0)))
        return talked(turns)

    return task


PACKS = listed("""
    [ROLE] Marketplace SEO strategist, 10+ years. [INPUT] {p} / {price} / {feature}, {feature} [OUTPUT] title of 140
    characters, 13 tags, 5 bullets with benefits in capitals, description that starts with a question. | [ROLE] Conversion
    copywriter. [INPUT] {p}, buyer: {who} [OUTPUT] hook, pain, story, offer at {price}, guarantee. 120 words. | [ROLE]
    Review miner. [INPUT] {review} {review} {review} [OUTPUT] three objections, three phrases to reuse. | [ROLE] Pin
    designer. [INPUT] {p}; {feature} [OUTPUT] 5 pin titles, 5 overlays of 4 words, board name. | [ROLE] Customer angel.
    [INPUT] {review} [OUTPUT] apology, fix, small gift, signature of the shop.
""")


def prompt_packs(town: Town, draws: Draws, n: int) -> Task:
    """Sellers on a marketplace who bought the same pack of prompts, run over all of their products."""
    dice = draws.dice
    wares = [dice.sample(PRODUCTS, 4) for _ in range(n)]

    def task(i: int, _at: float) -> list[Ask]:
        p = f"{pick(dice, ('handmade', 'vintage', 'personalised', 'set of 3', 'organic', 'mini'))} {pick(dice, wares[i])}"
        feature = pick(
            dice,
            (
                "ships in 2 days",
                "recycled box",
                "engraving included",
                "machine washable",
                "gift wrap",
                "made to order",
            ),
        )
        who = pick(dice, ("new parents", "dog people", "students", "brides", "campers", "grandfathers"))
        text = PLAIN.say(
            dice,
            pick(dice, PACKS),
            p=p,
            price=PLAIN.say(dice, "{amount}"),
            feature=feature,
            who=who,
            review=document(dice, "review"),
        )
        return once(text, answers.reply(dice, text, sentences=6.0))

    return task
