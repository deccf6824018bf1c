"""`suspect.jsonl`: a published dataset beside the tables of a world, and what is true of its rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from stillwatch.range.blocks import Block
from stillwatch.range.scene import Scene
from stillwatch.range.seeding import opaque
from stillwatch.range.truth import EVENT_PREFIX

FILE = "suspect.jsonl"


class Published:
    """Grows by scenes; a world in which nothing was published has no such file and no such truth."""

    def __init__(self, folder: Path) -> None:
        self._path, self._rows = folder / FILE, 0
        self._ours: list[dict[str, str]] = []

    def add(self, scene: Scene, block: Block, events: np.ndarray) -> None:
        """Append the datasets of one scene, one JSON object a row with `id` and `text`.

        block: the events as written; events: the uint64 behind their ids, shape (n,).
        """
        if not scene.suspects:
            return
        texts = [text for suspect in scene.suspects for text in suspect.texts.to_pylist()]
        names = [f"row-{self._rows + place:06d}" for place in range(len(texts))]
        with self._path.open("a", encoding="utf-8") as out:
            for name, text in zip(names, texts, strict=True):
                out.write(json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n")
        numbers = np.array(
            [number for suspect in scene.suspects for number in suspect.numbers], dtype=np.int64
        )
        order = np.argsort(block.answer, kind="stable")
        at = np.minimum(np.searchsorted(block.answer, numbers, sorter=order), order.size - 1)
        event = order[at]
        ours = np.flatnonzero((numbers >= 0) & (block.answer[event] == numbers))
        ids = opaque(EVENT_PREFIX, events[event[ours]]).to_pylist()
        owners = opaque("acct_", scene.accounts.numbers()[block.account[event[ours]]]).to_pylist()
        for place, event_id, account in zip(ours.tolist(), ids, owners, strict=True):
            self._ours.append({"row": names[place], "event": event_id, "account": account})
        self._rows += len(texts)

    def told(self) -> dict[str, Any]:
        """The `suspect` entry of truth.json: rows in all, and row, event and account of each that is ours."""
        return {"suspect": {"file": FILE, "rows": self._rows, "ours": self._ours}} if self._rows else {}
