"""Honest groups by a second author, a held-out test: all start, grow or change in or just before the week."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.outside.businesses import second_learning as learning
from benchmarks.outside.businesses import second_public as public
from benchmarks.outside.businesses import second_trades as trades
from benchmarks.outside.calls import Group
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.town import Town

Population = Callable[[Town, Crowd], Group]

SECOND: dict[str, Population] = {
    "rubric_teachers": learning.rubric_teachers,
    "item_writers": learning.item_writers,
    "step_tutor_app": learning.step_tutor_app,
    "prompting_course": learning.prompting_course,
    "olympiad_camp": learning.olympiad_camp,
    "dialogue_raters": learning.dialogue_raters,
    "tutorial_followers": learning.tutorial_followers,
    "weekend_hackathon": learning.weekend_hackathon,
    "shop_plugin": trades.shop_plugin,
    "client_cards": trades.client_cards,
    "service_desk": trades.service_desk,
    "sdk_default": trades.sdk_default,
    "own_cloud_move": trades.own_cloud_move,
    "young_reseller": trades.young_reseller,
    "checking_start_up": trades.checking_start_up,
    "review_bots": trades.review_bots,
    "text_comparers": public.text_comparers,
    "interview_post": public.interview_post,
    "guard_contest": public.guard_contest,
    "easy_reading": public.easy_reading,
    "hymnal_translators": public.hymnal_translators,
    "river_kingdom": public.river_kingdom,
    "flash_notes": public.flash_notes,
    "label_readers": public.label_readers,
}
