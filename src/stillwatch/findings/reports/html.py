"""The report as one self-contained HTML page: no script, no external request, dark and light."""

from __future__ import annotations

from stillwatch.findings.reports import pictures
from stillwatch.findings.reports.page import filled
from stillwatch.findings.reports.table import RELATIONS, uncertain
from stillwatch.findings.result import Campaign, GroupDetail, LookAlike, Scan

GLOSSARY = (
    (
        "account-window",
        "one customer in one stretch of time as long as the scanned window: the unit that is counted",
    ),
    ("bits", "log2 of an e-value: each bit doubles the odds against honest traffic; bits of evidence add up"),
    ("burst", "far more accounts use a text now than the reference period makes plausible"),
    (
        "F",
        "how much accounts differ in content from each other over how much each varies itself; about 1 in a pool",
    ),
    ("D", "variance over mean of linked events per account; near 0 when requests are dealt out in turn"),
    (
        "p, q",
        "p: chance of this or more if honest; q: the share of false campaigns expected among those as strong",
    ),
    (
        "look-alike",
        "a group that acts together for an ordinary reason; listed so that you can check, never raised",
    ),
)


def render(scan: Scan) -> str:
    """The page. Every text from the input is escaped by the template."""
    details = {d.id: d for d in scan.detail.groups}
    return filled(
        "report.html.jinja",
        scan=scan,
        result=scan.result,
        campaigns=[_section(c, details, scan) for c in scan.result.campaigns],
        look_alikes=[_section(x, details, scan) for x in scan.result.look_alikes],
        quantiles=pictures.quantiles(scan.result.health.null_qq),
        glossary=GLOSSARY,
        relations=RELATIONS,
        uncertain=uncertain,
    )


def _section(item: Campaign | LookAlike, details: dict[str, GroupDetail], scan: Scan) -> dict[str, object]:
    detail = details.get(item.id, GroupDetail(id=item.id))
    return {
        "item": item,
        "detail": detail,
        "timeline": pictures.timeline(detail.timeline, scan.detail.timeline),
        "graph": pictures.graph(detail),
        "waterfall": pictures.waterfall(detail.evidence),
    }
