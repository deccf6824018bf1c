"""The gate: what may leave a member and what a hub may store. An object passes only if it is wholly allow-listed.

Three steps. The object must decode into its closed record (`profile`), so that no field exists which the schema
does not name. What follows from other fields (the Sigma rule, the test vectors, a pseudonym, a URL) is computed
again and must be equal, so that a string has no room of its own. And the record, written out again, must be the
object itself, so that nothing hides in a number's type or an omitted default. The same check runs in the member
before sending and in the hub before storing. A violation names a place and a rule, never the offending value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from stillwatch.signatures.buckets import hours_of
from stillwatch.signatures.profile import OBJECTS, PAP, TLP, Identity, Indicator, Opinion, Sighting
from stillwatch.signatures.sigma import render
from stillwatch.signatures.signature import ACCOUNTS_MIN, EXTENSION_ID, DistillationSignature
from stillwatch.signatures.vectors import vectors

VALID_HOURS_MAX = 180 * 24
_PLACE = re.compile(r" - at `(\$[^`]{0,200})`$")
_EXTENSION = f"$.extensions.{EXTENSION_ID}"


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule broken at a place of the object (`$.pattern`); carries no value of it."""

    code: str
    place: str
    rule: str

    def __str__(self) -> str:
        return f"{self.place}: {self.rule}"


def check(stix_object: Any) -> list[Violation]:
    """Every reason why the object may not pass; an empty list means that it may. Pure; raises nothing."""
    if not isinstance(stix_object, Mapping):
        return [Violation("not-an-object", "$", "must be a STIX object")]
    kind = stix_object.get("type")
    record = OBJECTS.get(kind) if isinstance(kind, str) else None
    if record is None:
        return [Violation("type", "$.type", f"must be one of {', '.join(OBJECTS)}")]
    try:
        decoded = msgspec.convert(stix_object, record)
    except (msgspec.ValidationError, RecursionError, ValueError, OverflowError) as error:
        return [_refused(error)]
    found = [*_markings(decoded), *_times(decoded), *_follows(decoded)]
    if not _same(decoded, stix_object):
        found.append(Violation("not-canonical", "$", "must be written exactly as the schema writes it"))
    return found


def admit(stix_object: Any, *, ceiling: str = "red") -> tuple[bool, list[Violation]]:
    """(passes, violations): `check`, and the TLP marking at most `ceiling` (clear, green, amber, …, red)."""
    found = check(stix_object)
    if not found:
        order = list(TLP.values())
        if order.index(stix_object["object_marking_refs"][0]) > order.index(TLP[ceiling]):
            found = [Violation("above-ceiling", "$.object_marking_refs", f"must be at most TLP:{ceiling}")]
    return not found, found


def _refused(error: Exception) -> Violation:
    place = _PLACE.search(str(error)) if isinstance(error, msgspec.ValidationError) else None
    where = place[1] if place else "$"
    return Violation("schema", where, "is not what the schema allows here (unknown field, type or value)")


def _markings(record: Any) -> Iterator[Violation]:
    """One TLP 2.0 marking, then at most one of PAP."""
    marks = record.object_marking_refs
    if marks[0] not in TLP.values() or any(m not in PAP.values() for m in marks[1:]):
        yield Violation(
            "marking", "$.object_marking_refs", "must be one TLP 2.0 marking, then at most one PAP"
        )


def _times(record: Any) -> Iterator[Violation]:
    """Real hours in order; a life time with an end."""
    pairs = [("created", "modified")]
    if isinstance(record, Indicator):
        pairs.append(("valid_from", "valid_until"))
    if isinstance(record, Sighting):
        pairs.append(("first_seen", "last_seen"))
    for first, last in pairs:
        span = _span(getattr(record, first), getattr(record, last))
        if span is None:
            yield Violation("time", f"$.{first}", f"and {last} must be whole hours that exist, in order")
        elif first == "valid_from" and not 0 < span <= VALID_HOURS_MAX:
            yield Violation("life-time", "$.valid_until", "must be 1 hour to 180 days after valid_from")
    if isinstance(record, Indicator):
        signature = record.extensions.signature
        if _span(signature.first_seen, signature.last_seen) is None:
            yield Violation(
                "time", f"{_EXTENSION}.first_seen", "and last_seen must be whole hours that exist, in order"
            )


def _span(first: str, last: str) -> int | None:
    try:
        span = hours_of(last) - hours_of(first)
    except (ValueError, OverflowError):
        return None
    return span if span >= 0 else None


def _follows(record: Any) -> Iterator[Violation]:
    """What is derived from other fields must be what derivation gives."""
    if isinstance(record, Identity):
        if record.created_by_ref != record.id or record.name != f"member-{record.id[10:18]}":
            yield Violation("pseudonym", "$.name", "must be the first eight digits of the member's own id")
    elif isinstance(record, Sighting):
        if record.where_sighted_refs[0] != record.created_by_ref:
            yield Violation("speaker", "$.where_sighted_refs", "must be the member that speaks")
        if record.count < ACCOUNTS_MIN:
            yield Violation("k-anonymity", "$.count", f"must be at least {ACCOUNTS_MIN}")
    elif isinstance(record, Indicator):
        yield from _indicator(record)
    else:
        assert isinstance(record, Opinion)
        if record.explanation in ("dropped", "not-held") and record.opinion != "neutral":
            yield Violation("receipt", "$.opinion", "must be neutral in the receipt of a withdrawal")


def _indicator(record: Indicator) -> Iterator[Violation]:
    ids = tuple(r.external_id for r in record.external_references)
    if list(ids) != sorted(set(ids)):
        yield Violation("order", "$.external_references", "must be sorted, without repeats")
    if any(r.url != technique_url(r.external_id) for r in record.external_references):
        yield Violation("reference", "$.external_references", "must link the technique's own page")
    signature = record.extensions.signature
    yield from _signature(signature)
    if record.pattern != render(signature, ids):
        yield Violation("pattern", "$.pattern", "must be the Sigma rule that follows from the signature")


def _signature(signature: DistillationSignature) -> Iterator[Violation]:
    if signature.scale.accounts < ACCOUNTS_MIN:
        yield Violation("k-anonymity", f"{_EXTENSION}.scale.accounts", f"must be at least {ACCOUNTS_MIN}")
    if signature.backtest is not None and signature.backtest.hit_accounts < ACCOUNTS_MIN:
        yield Violation(
            "k-anonymity", f"{_EXTENSION}.backtest.hit_accounts", f"must be at least {ACCOUNTS_MIN}"
        )
    for name in ("shared", "ruled_out", "local_checks"):
        words = getattr(signature, name)
        if list(words) != sorted(set(words)):
            yield Violation("order", f"{_EXTENSION}.{name}", "must be sorted, without repeats")
    if signature.template is None and signature.structure is None:
        yield Violation("empty", _EXTENSION, "must say something that another lab can look for")
    elif signature.vectors != vectors(signature):
        yield Violation("vectors", f"{_EXTENSION}.vectors", "must be those that follow from the signature")


def technique_url(technique: str) -> str:
    """The page of an ATLAS technique."""
    return f"https://atlas.mitre.org/techniques/{technique}"


def _same(written: Any, given: Any) -> bool:
    """Equality of a record and an object that tells 1, 1.0 and True apart: that of their JSON."""
    try:
        return msgspec.json.encode(written, order="sorted") == msgspec.json.encode(given, order="sorted")
    except (TypeError, ValueError, OverflowError, RecursionError):
        return False
