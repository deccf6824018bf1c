"""The evasion ladder in one visible list, one rung a file, from naive to hard."""

from __future__ import annotations

from collections.abc import Sequence

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.range.evasions.benchmark_cover import BenchmarkCover
from stillwatch.range.evasions.churn import Churn
from stillwatch.range.evasions.clean_infrastructure import CleanInfrastructure
from stillwatch.range.evasions.evasion import Evasion
from stillwatch.range.evasions.fixed_template import FixedTemplate
from stillwatch.range.evasions.mixing import Mixing
from stillwatch.range.evasions.one_account import OneAccount
from stillwatch.range.evasions.oracle_guided import OracleGuided
from stillwatch.range.evasions.paraphrase import Paraphrase
from stillwatch.range.evasions.reference_poisoning import ReferencePoisoning
from stillwatch.range.evasions.relay_cover import RelayCover
from stillwatch.range.evasions.slow_drip import SlowDrip
from stillwatch.range.evasions.template_grammar import TemplateGrammar
from stillwatch.range.evasions.topic_sharding import TopicSharding
from stillwatch.range.evasions.translation import Translation

EVASIONS: tuple[type[Evasion], ...] = (
    OneAccount,
    FixedTemplate,
    TemplateGrammar,
    Paraphrase,
    Mixing,
    SlowDrip,
    Churn,
    TopicSharding,
    Translation,
    CleanInfrastructure,
    RelayCover,
    BenchmarkCover,
    OracleGuided,
    ReferencePoisoning,
)

__all__ = ["EVASIONS", "Evasion", "evasions"]


def evasions(specs: Sequence[str]) -> tuple[Evasion, ...]:
    """The evasions of `ID` or `ID:AMOUNT` texts, in the order of the ladder whatever the order given.

    The id may be shortened to its rung ("L4"). Raises UnknownNameError, and UsageError where two rungs decide the
    same thing or one stands alone.
    """
    chosen = sorted((_evasion(spec) for spec in specs), key=lambda evasion: evasion.rung)
    for i, one in enumerate(chosen):
        for other in chosen[i + 1 :]:
            same = one.id == other.id
            if same or one.alone or other.alone or (one.decides and one.decides == other.decides):
                shared = "whole plan" if one.alone or other.alone else one.decides
                raise UsageError(
                    f"cannot be combined with {other.id}: "
                    + ("it is given twice" if same else f"both decide the {shared}"),
                    where=one.id,
                    hint="give one of the two",
                )
    return tuple(chosen)


def _evasion(spec: str) -> Evasion:
    name, colon, amount = spec.partition(":")
    for kind in EVASIONS:
        if name in (kind.id, kind.id.partition("-")[0]):
            if not colon:
                return kind()
            try:
                return kind(amount=float(amount))
            except ValueError:
                raise UsageError(
                    f"'{amount}' is not a number", where=kind.id, hint=f"write {kind.id}:{kind.low:g}"
                ) from None
    raise UnknownNameError("evasion", name, [kind.id for kind in EVASIONS])
