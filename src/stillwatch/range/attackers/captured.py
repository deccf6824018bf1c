"""Items that are outputs of ours: answers other accounts got come back to be worked on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from stillwatch.range.attackers.dealing import dealt
from stillwatch.range.prompts.grammar import join
from stillwatch.range.scene import Scene
from stillwatch.range.served import capture, reworked


@dataclass(frozen=True, slots=True)
class Captured:
    """One captured answer a request, `reworked` as `served.py` says; captured before `before_s` (seconds of the
    current period). A small world has fewer answers than requests, and then they come back again. Requests that a
    poisoned reference (L13) adds may quote answers served after them."""

    before_s: float

    def texts(
        self,
        scene: Scene,
        rng: np.random.Generator,
        shard: np.ndarray | None,
        place: np.ndarray,
        before: pa.Array | None,
        after: pa.Array | None,
    ) -> np.ndarray:
        """See `Items`; answers are of no topic, so a shard changes nothing."""
        served = capture(scene, rng, place.size, self.before_s)
        deal = scene.rng("dealing", str(len(scene.blocks)))
        chosen = dealt(deal, place, len(served.sentences)).tolist() if served.sentences else []
        again = [served.sentences[item] for item in chosen]
        texts = pa.array(reworked(rng, again) or [""] * place.size, pa.large_string())
        pieces = [piece for piece in (before, texts, after) if piece is not None]
        return scene.texts.keep(join(*pieces) if len(pieces) > 1 else texts)
