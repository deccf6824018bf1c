"""Products whose customers bring their own keys: one prompt of the vendor over many unrelated accounts."""

from __future__ import annotations

from benchmarks.outside.businesses.members import (
    Member,
    enrol,
    mostly,
    own_card,
    own_firm,
    part_of,
    product,
    somewhere,
)
from benchmarks.outside.businesses.papers import fill, paper
from benchmarks.outside.businesses.people import anyone
from benchmarks.outside.businesses.prose import article, one_field, paragraph, speak
from benchmarks.outside.businesses.sittings import Exchange, ask, calls_of, chat, group
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply

_EDITOR_PROMPT = (
    "You are Marginalia, the writing companion of the Marginalia desktop editor (build {build}). "
    "Improve the text between <draft> tags. Keep the author's voice, spelling variant and paragraph "
    "breaks. Do not add facts. Answer with the improved text only, then a line '---', then at most "
    "three short remarks about style."
)
_TONES = (
    "clearer",
    "shorter",
    "warmer",
    "more formal",
    "less repetitive",
    "easier for a teenager",
    "more direct",
)


def writing_app(town: Town, _crowd: Crowd) -> Group:
    """Users of a desktop editor with an AI button who put in their own key.

    They share the vendor's system prompt and program, not money, network or subject.
    """
    draws = town.draws("businesses/writing_app")
    members = enrol(
        town,
        draws,
        170,
        purse=lambda _: own_card(town, draws),
        place=lambda _: somewhere(town, draws),
        client=lambda _: product(
            town, draws, "sdk-node", own="Marginalia/2.{v}.{p} ({os})", temperature=0.4, max_tokens=2048
        ),
        rhythm=lambda _: Rhythm(draws.dice.choice(("people", "evening", "office")), town.zone(draws), 0.8),
        model=mostly(town, draws, 0.85),
        per_day=(0.45, 1.1),
        new=0.12,
    )
    builds = {m.number: draws.dice.choice((411, 411, 412, 412, 412, 415)) for m in members}

    def talk(member: Member, _begin: float) -> tuple[Exchange]:
        dice = draws.dice
        field = one_field(dice)
        draft = "\n\n".join(paragraph(dice, field) for _ in range(dice.randint(1, 3)))
        text = f"Make it {dice.choice(_TONES)}.\n<draft>\n{draft}\n</draft>"
        return ask(
            text,
            paragraph(dice, field) + "\n---\n" + reply(dice, draft, sentences=2),
            _EDITOR_PROMPT.format(build=builds[member.number]),
        )

    return group("writing_app", "application", members, calls_of(town, draws, members, talk))


_DESK_PROMPT = (
    "You answer customers of {shop} as a member of its support team. Shop policy: returns within "
    "{days} days, delivery in {delivery} working days, tone {tone}. If the message is a complaint, "
    "apologise once. Never promise a refund above {limit}. Sign as 'Team {shop}'."
)


def helpdesk_plugin(town: Town, _crowd: Crowd) -> Group:
    """Web shops that installed the same help-desk plug-in with their own key.

    The vendor hosts it: every ticket comes from a handful of its
    servers, under one template with the shop's name.
    """
    draws = town.draws("businesses/helpdesk_plugin")
    servers = town.place(draws, "cloud", 6)
    worker = product(
        town, draws, "sdk-node", own="ticketnest-worker/5.{v}.{p}", temperature=0.2, max_tokens=600
    )
    model = town.model(draws)
    members = enrol(
        town,
        draws,
        140,
        purse=lambda _: own_firm(town, draws, draws.dice.choice(("pay-as-you-go", "team"))),
        place=lambda _: part_of(servers, draws, 6),
        client=lambda _: worker,
        rhythm=lambda _: Rhythm("people", town.zone(draws), 0.6),
        per_day=(1.5, 1.2),
        new=0.08,
        model=lambda _: model,
    )
    prompts = {
        m.number: _DESK_PROMPT.format(
            shop=fill(draws.dice, "{company}"),
            days=draws.dice.choice((14, 30, 60)),
            delivery=draws.dice.randint(2, 9),
            tone=draws.dice.choice(("friendly", "brief", "formal", "playful")),
            limit=fill(draws.dice, "{amount}"),
        )
        for m in members
    }

    def talk(member: Member, _begin: float) -> tuple[Exchange]:
        ticket = paper(draws.dice, "ticket")
        return ask(
            ticket, paper(draws.dice, "reply"), prompts[member.number], end_user=draws.token("cust", 6)
        )

    return group("helpdesk_plugin", "application", members, calls_of(town, draws, members, talk))


_FOLLOW_UP = (
    "Write a follow-up e-mail for a sales representative.\nContact: {person}, {role} at "
    "{company}\nLast contact: {date}\nStage: {stage}\nNotes: {notes}\nGoal: {goal}\nLength: {words} "
    "words. No subject line, no placeholders."
)


def crm_email_plugin(town: Town, _crowd: Crowd) -> Group:
    """Sales teams whose CRM drafts follow-up e-mails with the customer's own key, from the CRM's servers."""
    draws = town.draws("businesses/crm_email_plugin")
    servers = town.place(draws, "cloud", 12)
    worker = product(town, draws, "sdk-java", own="pipelane-drafts/{v}.{p}", temperature=0.7, max_tokens=512)
    model = town.model(draws)
    members = enrol(
        town,
        draws,
        90,
        purse=lambda _: own_firm(town, draws),
        place=lambda _: part_of(servers, draws, 4),
        client=lambda _: worker,
        rhythm=lambda _: Rhythm("office", town.zone(draws), 0.05),
        per_day=(1.2, 1.1),
        new=0.1,
        model=lambda _: model,
    )

    def talk(_member: Member, _begin: float) -> tuple[Exchange]:
        dice = draws.dice
        field = one_field(dice, ("office", "shop", "energy", "software", "money", "farm", "travel"))
        text = speak(
            dice,
            _FOLLOW_UP,
            field,
            role=dice.choice(("buyer", "head of operations", "owner", "IT lead", "plant manager")),
            stage=dice.choice(
                ("first call", "demo done", "offer sent", "silent", "renewal", "lost last year")
            ),
            notes=speak(dice, "{sentence} {sentence}", field),
            words=str(dice.choice((60, 80, 120))),
            goal=dice.choice(
                ("book a call", "get a decision", "say thanks", "ask for a referral", "send the new price")
            ),
        )
        return ask(text, fill(dice, "Dear {first},\n\n") + reply(dice, text, sentences=4))

    return group("crm_email_plugin", "application", members, calls_of(town, draws, members, talk))


_PAGE_ACTIONS = (
    "Summarise this page in five bullet points for a busy reader.",
    "Summarise this page in five bullet points for a busy reader.",
    "Explain the selected text in simple words.",
    "List the claims on this page and say which ones have a source.",
    "Reply to the selected post in a friendly way.",
)


def browser_extension(town: Town, _crowd: Crowd) -> Group:
    """Users of a browser extension with four buttons; they share its
    fixed wordings, and news pages when they are new.
    """
    draws = town.draws("businesses/browser_extension")
    popular = [article(draws.dice) for _ in range(60)]
    members = enrol(
        town,
        draws,
        220,
        purse=lambda _: own_card(town, draws),
        place=lambda _: somewhere(town, draws),
        client=lambda _: product(
            town,
            draws,
            "console",
            own="Mozilla/5.0 ({os}) Chrome/1{v}.0.0.0 Skimmer/1.8",
            max_tokens=700,
            stream=True,
        ),
        rhythm=lambda _: Rhythm("people", town.zone(draws)),
        model=mostly(town, draws, 0.9),
        per_day=(0.5, 1.2),
        new=0.2,
    )

    def talk(_member: Member, _begin: float) -> tuple[Exchange]:
        page = draws.dice.choice(popular) if draws.chance(0.15) else article(draws.dice)
        text = f"{draws.dice.choice(_PAGE_ACTIONS)}\n\nURL: https://{town.company(draws)[1]}\n\n{page}"
        return ask(text, reply(draws.dice, page, sentences=5))

    return group("browser_extension", "application", members, calls_of(town, draws, members, talk))


_RECIPE_PROMPT = (
    "You are Larder, a meal planner inside the Larder app. The user's pantry and diet follow. Be "
    "brief.\nDiet: {diet}\nPantry: {pantry}"
)


def meal_planner(town: Town, _crowd: Crowd) -> Group:
    """Keyed users of a phone app for meal plans: one prompt, homes
    and phones everywhere, peaks before dinner.
    """
    draws = town.draws("businesses/meal_planner")
    members = enrol(
        town,
        draws,
        120,
        purse=lambda _: own_card(town, draws),
        place=lambda _: town.place(draws, "mobile" if draws.chance(0.6) else "home"),
        client=lambda _: product(
            town, draws, "sdk-go", own="Larder/3.{v} ({os})", temperature=0.8, max_tokens=900
        ),
        rhythm=lambda _: Rhythm("evening", town.zone(draws), 1.2),
        model=mostly(town, draws, 0.95),
        per_day=(0.6, 0.9),
        new=0.15,
    )
    kitchen = ("kitchen",)

    def talk(_member: Member, _begin: float) -> list[Exchange]:
        dice = draws.dice
        prompt = _RECIPE_PROMPT.format(
            diet=dice.choice(("none", "vegetarian", "no nuts", "low salt", "vegan", "no gluten")),
            pantry=speak(dice, "{plain}, {plain}, {plain}, {2..9} eggs, {100..900} g rice", kitchen),
        )
        said = [anyone(town, draws, ("cooking",))] + [
            speak(dice, "Swap the {plain} for something else", kitchen)
        ] * draws.chance(0.3)
        return chat(draws, [(text, reply(dice, text, sentences=5)) for text in said], prompt, known=False)

    return group("meal_planner", "application", members, calls_of(town, draws, members, talk))
