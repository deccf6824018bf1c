"""How right were the findings? Recall at fixed false positive rates, look-alikes, harvest and cost, with intervals."""

from stillwatch.range.scoring.scoring import score_findings
from stillwatch.range.scoring.statement import Score

__all__ = ["Score", "score_findings"]
