"""The application look-alike in conversations: each stays on an account; a desk's tickets go to any of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.range.test_sittings import scene

from stillwatch.errors import UsageError
from stillwatch.range import build_world
from stillwatch.range.honest.application import BUTTONS, FRONT, application
from stillwatch.stats.dispersion import volume_dispersion

SMALL = {"honest": 20, "accounts": 40, "per_week": 20.0, "wrapped": True, "sitting": 1.0}


def told(folder: Path, **knobs: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(events of the application with a conversation, all of its messages)."""
    place = build_world("application", seed=4, out=folder, **(SMALL | knobs))
    events = pl.read_parquet(place / "events.parquet").filter(pl.col("user_agent") == "harbour-sdk/3.1")
    said = pl.read_parquet(place / "content.parquet").filter(
        pl.col("event_id").is_in(events["event_id"].implode())
    )
    return events, said


@pytest.mark.parametrize("desk", [False, True], ids=["users", "a desk"])
def test_a_conversation_stays_on_its_account_and_its_text_stands_once(tmp_path: Path, desk: bool) -> None:
    events, said = told(tmp_path / "w", exchanges=4.0, desk=desk)
    talks = events.group_by("conversation_id").agg(pl.col("account_id").n_unique(), pl.len())
    assert (talks["account_id"] == 1).all()
    assert talks["len"].mean() == pytest.approx(4.0, rel=0.15)
    asked = [[m["text"] for m in row if m["role"] == "user"] for row in said["messages"].to_list()]
    assert all(texts[0].startswith(FRONT) for texts in asked)
    assert not any(FRONT in text for texts in asked for text in texts[1:])
    last = [texts[-1] for texts in asked if len(texts) > 1]
    assert np.mean([text in BUTTONS for text in last]) == pytest.approx(0.5, abs=0.1)
    assert sum(len(texts) == 1 for texts in asked) == talks.height, "the others carry what was said before"


def test_a_desk_is_dealt_to_and_users_are_not(tmp_path: Path) -> None:
    spread = {}
    for name, desk in (("users", False), ("desk", True)):
        events, _ = told(tmp_path / name, exchanges=4.0, desk=desk)
        counts = events.group_by("account_id").agg(pl.col("conversation_id").n_unique())["conversation_id"]
        spread[name] = volume_dispersion(counts.to_numpy().astype(np.float64))
    assert spread["desk"] < 1.7
    assert spread["users"] > 3.0


@pytest.mark.parametrize(
    "knobs",
    [{"exchanges": 0.5}, {"exchanges": 4.0, "new": False}, {"desk": True, "new": False}],
    ids=["half an exchange", "old conversations", "an old desk"],
)
def test_what_it_cannot_be_is_refused(knobs: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="conversations of one exchange or more"):
        application(scene(), 5, 5.0, **knobs)
