"""Campaigns that collect instruction data over many light accounts."""

from __future__ import annotations

import math

from benchmarks.outside.calls import Group
from benchmarks.outside.campaigns import instructing as work
from benchmarks.outside.campaigns import recruiting as get
from benchmarks.outside.campaigns.operation import (
    capped,
    carry_out,
    lottery,
    own_clocks,
    round_robin,
    sittings,
)
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.rhythm import DAY, HOUR, Rhythm
from benchmarks.outside.town import Town
from benchmarks.outside.words.subjects import STUDY, TECH

HYDRA = "hydra harvest"
STEADY = Rhythm("always")


def seed_topics_in_turn(town: Town, crowd: Crowd) -> Group:
    """One template over seed topics; a dispatcher on rented machines deals to 120 accounts in turn."""
    draws, n = town.draws("campaign/seed-topics"), town.sized(120)
    begin = town.start + 0.5 * DAY
    hands = get.enlist(
        town,
        draws,
        get.in_bulk(draws, n, begin - 2 * DAY, DAY),
        get.cards(town, draws, n, 30),
        get.shared(town.place(draws, "cloud", 6), n),
        get.programs(town, draws, n, ["sdk-python"], temperature=0.7, max_tokens=2048),
        begin=begin,
    )
    slots = round_robin(hands, STEADY.times(draws.rng, 24 * n, begin, town.end))
    return carry_out(town, draws, "seed-topics-in-turn", HYDRA, hands, slots, work.from_templates(draws, 1))


def thirty_experts(town: Town, crowd: Crowd) -> Group:
    """Thirty expert templates over 300 accounts at 8 a day, through a rotating residential pool, prepaid
    cards of five.
    """
    draws, n = town.draws("campaign/thirty-experts"), town.sized(300)
    begin = town.start - 2 * DAY
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 12 * DAY, begin + DAY),
        get.cards(town, draws, n, 5, jitter=True),
        get.shared(town.place(draws, "proxies", 1500), n),
        get.programs(town, draws, n, ["aiohttp", "requests", "sdk-python"], max_tokens=1024),
        begin=begin,
    )
    slots = own_clocks(town, draws, hands, 8, Rhythm("people", 2.0, 0.8), 0.4)
    return carry_out(town, draws, "thirty-experts", HYDRA, hands, slots, work.from_templates(draws, 30))


def paraphrased_drip(town: Town, crowd: Crowd) -> Group:
    """Machine-worded requests from 400 accounts at 5 a day, sticky homes, own cards, half of it unrelated."""
    draws, n = town.draws("campaign/drip"), town.sized(400)
    begin = town.start
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 60 * DAY, begin),
        get.cards(town, draws, n),
        get.sticky(town, draws, n),
        get.disguises(town, draws, n),
        begin=begin,
        tongue="en",
    )
    slots = capped(own_clocks(town, draws, hands, 5, Rhythm("people", -5.0), 0.5), 9)
    return carry_out(town, draws, "paraphrased-drip", HYDRA, hands, slots, work.reworded(draws), cover=0.5)


def crawled_questions(town: Town, crowd: Crowd) -> Group:
    """Questions crawled from public chats, drawn at random for 90 pay-as-you-go accounts on clean homes at
    30 a day.
    """
    draws, n = town.draws("campaign/crawled"), town.sized(90)
    begin = town.start + 1.3 * DAY
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 9 * DAY, begin),
        get.cards(town, draws, n, 3, jitter=True),
        get.homes(town, draws, n),
        get.programs(town, draws, n, ["sdk-node", "sdk-python"]),
        begin=begin,
    )
    slots = lottery(draws, hands, Rhythm("people", 1.0).times(draws.rng, 30 * n, begin, town.end), 0.6)
    deal = work.like_people(draws, 60, town.prompts)
    return carry_out(town, draws, "crawled-questions", HYDRA, hands, slots, deal)


def bought_and_covered(town: Town, crowd: Crowd) -> Group:
    """130 bought accounts keep a life of their own: four of five calls are unrelated, the rest follow 24
    templates.
    """
    draws, n = town.draws("campaign/bought"), town.sized(130)
    model = town.model(draws, tier="main", moves=0.0)
    hands = get.bought(
        town,
        draws,
        crowd,
        n,
        get.sticky(town, draws, n, 2),
        get.disguises(town, draws, n),
        begin=town.start - DAY,
        model=model,
    )
    slots = own_clocks(town, draws, hands, 18, Rhythm("evening", -3.0, 1.1), 0.3)
    deal = work.from_templates(draws, 24)
    return carry_out(town, draws, "bought-and-covered", HYDRA, hands, slots, deal, cover=0.8)


def two_day_accounts(town: Town, crowd: Crowd) -> Group:
    """Free accounts last two days each behind VPN exits; a new batch of thirty every day, 25 questions a
    day each.
    """
    draws, n = town.draws("campaign/two-days"), town.sized(30)
    days = math.ceil((town.end - town.start) / DAY)
    deal, model = work.from_templates(draws, 8, shards=6), town.model(draws, tier="small", moves=0.0)
    hands = []
    for day in range(-2, days - 1):
        begin = town.start + day * DAY
        hands += get.enlist(
            town,
            draws,
            get.in_bulk(draws, n, begin, 3 * HOUR),
            get.cards(town, draws, n, None),
            get.exits(town, draws, n, 6),
            get.programs(town, draws, n, ["requests"], temperature=1.0),
            begin=begin,
            end=begin + 2 * DAY,
            model=model,
        )
    slots = own_clocks(town, draws, hands, 25, STEADY, 0.2)
    return carry_out(town, draws, "two-day-accounts", HYDRA, hands, slots, deal)


def ten_languages(town: Town, crowd: Crowd) -> Group:
    """Instructions in ten languages, one language to an account, 180 phones and homes at 14 a day, a few
    cards.
    """
    draws, n = town.draws("campaign/languages"), town.sized(180)
    begin = town.start + 0.8 * DAY
    places = [*get.phones(town, draws, n // 2), *get.homes(town, draws, n - n // 2)]
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 5 * DAY, begin),
        get.cards(town, draws, n, 12, jitter=True),
        places,
        get.programs(town, draws, n, ["sdk-python", "aiohttp"], temperature=0.9),
        begin=begin,
    )
    slots = own_clocks(town, draws, hands, 14, Rhythm("people", 4.0), 0.5)
    return carry_out(town, draws, "ten-languages", HYDRA, hands, slots, work.many_tongues(draws), cover=0.15)


def harder_and_harder(town: Town, crowd: Crowd) -> Group:
    """Instructions are first made harder, then answered; 70 accounts on one card in bursts, 100 calls a day
    each.
    """
    draws, n = town.draws("campaign/evolved"), town.sized(70)
    begin = town.start + 3.4 * DAY
    hands = get.enlist(
        town,
        draws,
        get.in_bulk(draws, n, begin - 6 * HOUR),
        get.cards(town, draws, n, n),
        get.shared(town.place(draws, "cloud", 12), n),
        get.programs(town, draws, n, ["chains"], temperature=1.0),
        begin=begin,
    )
    slots = sittings(town, draws, hands, 5, 10, 9.0, STEADY)
    return carry_out(town, draws, "harder-and-harder", HYDRA, hands, slots, work.evolved(draws))


def early_and_light(town: Town, crowd: Crowd) -> Group:
    """Ten days old when the week begins: 24 templates, weighted draws over 200 accounts at 6 a day, own
    cards, cover of a third.
    """
    draws, n = town.draws("campaign/early"), town.sized(200)
    begin = town.start - 10 * DAY
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 40 * DAY, begin),
        get.cards(town, draws, n),
        get.sticky(town, draws, n, 4),
        get.disguises(town, draws, n),
        begin=begin,
    )
    slots = lottery(draws, hands, Rhythm("office", 8.0, 0.6).times(draws.rng, 6 * n, begin, town.end), 0.5)
    deal = work.from_templates(draws, 24, (*STUDY, *TECH))
    return carry_out(town, draws, "early-and-light", HYDRA, hands, slots, deal, cover=0.33)


def document_mill(town: Town, crowd: Crowd) -> Group:
    """A company of its own with 55 accounts: question-answer pairs over crawled pages, at night on a
    schedule, 90 a day each.
    """
    draws, n = town.draws("campaign/documents"), town.sized(55)
    begin = town.start + 2.6 * DAY
    _, domain = town.company(draws)
    hands = get.enlist(
        town,
        draws,
        get.slowly(draws, n, begin - 20 * DAY, begin),
        get.cards(town, draws, n, 20),
        get.shared(town.place(draws, "cloud", 4), n),
        get.programs(town, draws, n, ["sdk-python"], temperature=0.3),
        begin=begin,
        plan="scale",
        org=town.org(draws),
        email=domain,
    )
    slots = capped(round_robin(hands, Rhythm("night", 1.0).times(draws.rng, 90 * n, begin, town.end)), 120)
    return carry_out(town, draws, "document-mill", HYDRA, hands, slots, work.document_questions(draws))
