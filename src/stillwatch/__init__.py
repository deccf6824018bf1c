"""Stillwatch finds, explains and documents adversarial distillation campaigns in model API usage logs.

The use cases as functions, imported on first use so that `import stillwatch` stays light.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"
_LAZY = {
    "scan": "stillwatch.service.scanning",
    "check": "stillwatch.service.checking",
    "plan_comparison": "stillwatch.service.comparing",
    "compare_model": "stillwatch.service.comparing",
    "build_world": "stillwatch.range",
    "score_findings": "stillwatch.range",
}
__all__ = [
    "__version__",
    "build_world",
    "check",
    "compare_model",
    "plan_comparison",
    "scan",
    "score_findings",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'stillwatch' has no attribute '{name}'")
