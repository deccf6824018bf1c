"""What we conclude of a group: one file per detector, each judging one pattern into `Evidence`."""

from stillwatch.detectors.judgement import Detector, Judgement
from stillwatch.detectors.registry import DETECTORS

__all__ = ["DETECTORS", "Detector", "Judgement"]
