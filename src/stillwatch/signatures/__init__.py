"""What rivals can share of a campaign: the distillation signature, its kinds, the gate, its life time."""

from stillwatch.signatures.gate import Violation, admit, check
from stillwatch.signatures.signature import DistillationSignature

__all__ = ["DistillationSignature", "Violation", "admit", "check"]
