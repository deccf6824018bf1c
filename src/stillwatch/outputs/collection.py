"""What asking one model gave: the lines of its journal, folded into answers that count and a statement of the rest.

Answers count when they came inside the plan's window and from the served model (and fingerprint, unless the plan
says otherwise) that gave most of them: two models behind one name are two models. Of equally many the earlier counts.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import msgspec

from stillwatch.outputs.endpoint import Endpoint


class Run(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="run"):
    """The first line: whose answers these are, under which plan."""

    plan: str
    model: str
    version: int = 1


class Asked(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="asked"):
    """Written before a request is sent, so that no kill hides one from the budget. prompt: place in the plan."""

    prompt: int
    at: str


class Answered(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="answer"):
    """An answer. cut: it reached the bound on tokens; tokens: (input, output) as the service counted."""

    prompt: int
    at: str
    output: str
    served: str = ""
    fingerprint: str = ""
    cut: bool = False
    tokens: tuple[int, int] | None = None


class Missed(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="missed"):
    """A request without an answer. final: asking again is pointless (refused, empty, rejected)."""

    prompt: int
    at: str
    reason: str
    final: bool


Line = Run | Asked | Answered | Missed


class ServedModel(msgspec.Struct, frozen=True, kw_only=True):
    """Answers of one origin. used: these are the ones judged."""

    model: str
    fingerprint: str
    answers: int
    first: str
    last: str
    used: bool


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """What asking one model gave. withheld: prompts by reason, final; failed: prompts that were asked and got nothing
    yet, by their last reason; cut: used answers that reached max_tokens; late: answers after the window; other:
    answers of another served model; stopped: why a run ended before everything was asked; file, sha256: the journal."""

    model: str
    planned: int
    requests: int
    answered: int
    used: int
    late: int
    other: int
    cut: int
    withheld: dict[str, int]
    failed: dict[str, int]
    not_asked: int
    served: list[ServedModel]
    tokens: tuple[int, int]
    first: str | None
    last: str | None
    stopped: str | None
    file: str
    sha256: str


def settled(lines: Sequence[Line]) -> set[int]:
    """Prompts that need not be asked again."""
    return {x.prompt for x in lines if isinstance(x, Answered) or (isinstance(x, Missed) and x.final)}


def requests(lines: Sequence[Line]) -> int:
    """Requests sent, answered or not."""
    return sum(isinstance(x, Asked) for x in lines)


def deadline(lines: Sequence[Line], endpoint: Endpoint) -> dt.datetime | None:
    """End of the plan's window, None before the first request."""
    first = next((x.at for x in lines if isinstance(x, Asked)), None)
    return dt.datetime.fromisoformat(first) + dt.timedelta(hours=endpoint.window_h) if first else None


def folded(
    lines: Sequence[Line], endpoint: Endpoint, *, model: str, planned: int, stopped: str | None, file: str, sha256: str
) -> tuple[Collection, dict[int, str]]:  # fmt: skip
    """(what asking gave, prompt -> output of the answers that count). A prompt's first answer is the one."""
    answers: dict[int, Answered] = {}
    missed: dict[int, Missed] = {}
    for x in lines:
        if isinstance(x, Answered):
            answers.setdefault(x.prompt, x)
        elif isinstance(x, Missed):
            missed[x.prompt] = x
    end = deadline(lines, endpoint)
    timely = {i: a for i, a in answers.items() if end is None or dt.datetime.fromisoformat(a.at) <= end}
    origins = Counter(_origin(a, endpoint) for a in timely.values())
    began = {o: min(a.at for a in timely.values() if _origin(a, endpoint) == o) for o in origins}
    leading = min(origins, key=lambda o: (-origins[o], began[o]), default=None)
    used = {i: a for i, a in timely.items() if _origin(a, endpoint) == leading}
    unanswered = [m for i, m in missed.items() if i not in answers]
    asked = [x.at for x in lines if isinstance(x, Asked)]
    touched = {x.prompt for x in lines if isinstance(x, Asked)}
    lost = len(touched - set(answers) - set(missed))
    failed = Counter(m.reason for m in unanswered if not m.final)
    failed.update({"the run ended before an answer came": lost} if lost else {})
    counted = [a.tokens for a in answers.values() if a.tokens]
    told = Collection(
        model=model,
        planned=planned,
        requests=len(asked),
        answered=len(answers),
        used=len(used),
        late=len(answers) - len(timely),
        other=len(timely) - len(used),
        cut=sum(a.cut for a in used.values()),
        withheld=dict(sorted(Counter(m.reason for m in unanswered if m.final).items())),
        failed=dict(sorted(failed.items())),
        not_asked=planned - len(touched),
        served=[
            ServedModel(
                model=o[0], fingerprint=o[1], answers=n, first=began[o], used=o == leading,
                last=max(a.at for a in timely.values() if _origin(a, endpoint) == o),
            )
            for o, n in sorted(origins.items(), key=lambda item: began[item[0]])
        ],
        tokens=(sum(given for given, _ in counted), sum(made for _, made in counted)),
        first=min(asked, default=None),
        last=max([*(a.at for a in answers.values()), *(m.at for m in missed.values())], default=None),
        stopped=stopped,
        file=file,
        sha256=sha256,
    )  # fmt: skip
    return told, {i: a.output for i, a in sorted(used.items())}


def _origin(answer: Answered, endpoint: Endpoint) -> tuple[str, str]:
    return (
        answer.served if "model" in endpoint.split else "",
        answer.fingerprint if "system_fingerprint" in endpoint.split else "",
    )
