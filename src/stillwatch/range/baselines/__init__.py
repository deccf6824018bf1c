"""Published methods behind one interface: the same windows, the same vectors, the same findings JSON."""

from stillwatch.range.baselines.baseline import Baseline, Verdict
from stillwatch.range.baselines.coordination import Coordination
from stillwatch.range.baselines.likelihood_ratio import LikelihoodRatio
from stillwatch.range.baselines.mahalanobis import Mahalanobis
from stillwatch.range.baselines.mmd import Mmd
from stillwatch.range.baselines.opening_hash import OpeningHash
from stillwatch.range.baselines.prada import Prada
from stillwatch.range.baselines.publishing import BaselineFindings
from stillwatch.range.baselines.seat import Seat
from stillwatch.range.baselines.shared_shingles import SharedShingles
from stillwatch.range.baselines.signal_fusion import SignalFusion
from stillwatch.range.baselines.volume_rate import VolumeRate
from stillwatch.range.baselines.window import Period, Window

BASELINES: tuple[Baseline, ...] = (
    VolumeRate(),
    OpeningHash(),
    SharedShingles(),
    Mmd(),
    Mmd(
        id="mmd-linked",
        title="MMD two-sample test over vectors, by linked group",
        linked=True,
        window_max=512,
        reference_size=512,
        permutations=199,
    ),
    Prada(),
    Seat(),
    Mahalanobis(),
    SignalFusion(),
    Coordination(),
    LikelihoodRatio(),
)

__all__ = ["BASELINES", "Baseline", "BaselineFindings", "Period", "Verdict", "Window"]
