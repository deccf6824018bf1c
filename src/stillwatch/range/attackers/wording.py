"""The words around each item: one template, a template grammar, free paraphrase, or the template translated."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.range.attackers.plan import Work
from stillwatch.range.prompts.acts import ACTS, Act, Template
from stillwatch.range.prompts.grammar import join, pick
from stillwatch.range.prompts.paraphrase import paraphrases


def act_of(work: Work) -> Act | None:
    """The act of a work list, None for bare items.

    Raises UnknownNameError, and UsageError where the act cannot be worded as the work list asks.
    """
    if not work.act:
        return None
    act = next((act for act in ACTS if act.id == work.act), None)
    if act is None:
        raise UnknownNameError("act", work.act, [act.id for act in ACTS])
    if work.languages > 1 and work.paraphrased:
        raise UsageError(
            "the paraphrase machine writes English only, so it cannot word a translated template",
            where="L3-paraphrase with L8-translation",
            hint="take one of the two, or L8-translation with L2-grammar",
        )
    if work.languages > 1 + len(act.translations):
        raise UsageError(
            f"act '{act.id}' is known in {1 + len(act.translations)} languages, not {work.languages}",
            where="L8-translation",
            hint=f"add translations to prompts/acts/{act.id}.py or take fewer",
        )
    return act


def wordings(
    work: Work, rng: np.random.Generator, place: np.ndarray, shard: np.ndarray | None
) -> tuple[pa.Array | None, pa.Array | None]:
    """(before, after) each item, large_string of shape (n,), or (None, None) for bare items.

    place: which account of the pool sends each request, shape (n,). shard: its part of the list, or None.
    """
    act = act_of(work)
    if act is None:
        return None, None
    if work.paraphrased:
        return paraphrases(act, rng, place.size)
    if shard is None:
        variant = rng.integers(0, work.variants, place.size)
    else:
        each = max(1, work.variants // work.shards)
        variant = shard * each + rng.integers(0, each, place.size)
    if work.languages == 1:
        return _worded(act.template, variant)
    templates = (act.template, *tuple(act.translations.values())[: work.languages - 1])
    return _by_language(templates, place // work.shards % work.languages, variant)


def _worded(template: Template, variant: np.ndarray) -> tuple[pa.Array, pa.Array]:
    leads, tasks, closes = template
    before = join(pick(leads, variant), pick(tasks, variant // len(leads)))
    return before, pick(closes, variant // (len(leads) * len(tasks)))


def _by_language(
    templates: tuple[Template, ...], language: np.ndarray, variant: np.ndarray
) -> tuple[pa.Array, pa.Array]:
    before, after = _worded(templates[0], variant)
    for number, template in enumerate(templates[1:], 1):
        mask = language == number
        front, back = _worded(template, variant[mask])
        before = pc.replace_with_mask(before, mask, front)
        after = pc.replace_with_mask(after, mask, back)
    return before, after
