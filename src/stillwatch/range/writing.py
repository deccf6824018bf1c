"""A composed scene becomes a world folder: Parquet tables of both periods, what was declared, and the truth."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.events.schema import CONTENT, EVENTS, ROLES
from stillwatch.range.blocks import NONE, Block, concat
from stillwatch.range.clock import START
from stillwatch.range.prompts.grammar import mix
from stillwatch.range.scene import NEW_MODEL, OUTPUT_MISSING_SHARE, Scene
from stillwatch.range.seeding import opaque
from stillwatch.range.texts import Prompts

CHARS_PER_TOKEN = 4


def write_scene(scene: Scene, prompts: Prompts, folder: Path) -> None:
    """Write every file of the world into `folder`, which exists and is empty."""
    texts = scene.texts.resolve(prompts, scene.seed, scene.world)
    block = concat(scene.blocks)
    order = np.lexsort((block.account, block.at_s))
    block = block.take(
        order[(block.at_s[order] >= scene.clock.first_s) & (block.at_s[order] < scene.clock.last_s)]
    )
    ids = opaque("ev_", mix(np.arange(block.account.size, dtype=np.uint64), scene.seed * 7919 + 17))
    accounts = scene.accounts.ids()
    (folder / "reference").mkdir()
    for name, rows in (("reference", np.flatnonzero(block.at_s < 0)), (".", np.flatnonzero(block.at_s >= 0))):
        _write_tables(scene, block.take(rows), [ids[i] for i in rows], accounts, texts, folder / name)
    (folder / "truth.json").write_text(json.dumps(_truth(scene, block, ids, accounts), indent=1) + "\n")
    (folder / "authorisations.toml").write_text(_authorisations(scene, accounts))


def _write_tables(
    scene: Scene, block: Block, ids: list[str], accounts: list[str], texts: pa.Array, folder: Path
) -> None:
    rng = scene.rng("writing", "reference" if folder.name == "reference" else "current")
    lengths = np.diff(
        np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
    )
    content = _content(block, ids, texts, rng)
    events = _events(scene, block, ids, accounts, lengths, rng)
    for table, name in ((events, "events"), (content, "content")):
        pq.write_table(
            table, folder / f"{name}.parquet", compression="zstd", compression_level=3, row_group_size=1 << 16
        )


def _events(
    scene: Scene,
    block: Block,
    ids: list[str],
    accounts: list[str],
    lengths: np.ndarray,
    rng: np.random.Generator,
) -> pa.Table:
    n, who = block.account.size, block.account
    index = pa.array(who)
    table = scene.accounts.addresses()
    made = {name: scene.accounts.column(name).take(index) for name in scene.accounts.names()}
    moved = block.at_s >= scene.accounts.number("moves_s")[who]
    model = pa.array(
        np.where(moved, NEW_MODEL, np.asarray(made["request_model"].to_pylist(), dtype=object)), pa.string()
    )
    micro = scene.clock.microseconds(block.at_s)
    size = (
        np.add.reduceat(lengths[block.text], np.cumsum(block.counts) - block.counts)
        if n
        else np.zeros(0, np.int64)
    )
    made |= {
        "event_id": pa.array(ids),
        "ts": pa.array(micro, pa.timestamp("us", tz="UTC")),
        "source": pa.repeat(pa.scalar("range"), n),
        "provider": pa.repeat(pa.scalar("example-lab"), n),
        "operation": pa.repeat(pa.scalar("chat"), n),
        "account_id": pa.array(accounts, pa.string()).take(index),
        "ip": table[1].take(pa.array(table[0][who, rng.integers(0, 4, n)])),
        "account_created": pa.array(
            scene.clock.microseconds(scene.accounts.number("created_s"))[who], pa.timestamp("us", tz="UTC")
        ),
        "end_user_id": _numbered("user_", block.end_user),
        "conversation_id": _numbered("conv_", block.conversation),
        "request_model": model,
        "response_model": model,
        "input_tokens": pa.array(size // CHARS_PER_TOKEN + 1),
        "output_tokens": pa.array(scene.shape.answer_tokens(rng, n)),
        "status": pa.repeat(pa.scalar("ok"), n),
        "content_level": pa.repeat(pa.scalar("full"), n),
    }
    fields = [f for f in EVENTS if f.name in made]
    return pa.table([made[f.name].cast(f.type) for f in fields], schema=pa.schema(fields))


def _numbered(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pa.array([None if x == NONE else f"{prefix}{x:x}" for x in numbers.tolist()], pa.string())


def _content(block: Block, ids: list[str], texts: pa.Array, rng: np.random.Generator) -> pa.Table:
    n = block.account.size
    roles = pa.array(ROLES, pa.string()).take(pa.array(block.role.astype(np.int64)))
    flat = pa.StructArray.from_arrays(
        [roles, texts.take(pa.array(block.text)).cast(pa.string())], ["role", "text"]
    )
    offsets = pa.array(np.concatenate([[0], np.cumsum(block.counts)]), pa.int32())
    said = pa.array(
        np.where(block.answer >= 0, block.answer, 0),
        mask=(block.answer < 0) | (rng.random(n) < OUTPUT_MISSING_SHARE),
    )
    return pa.table(
        {
            "event_id": pa.array(ids, pa.string()),
            "messages": pa.ListArray.from_arrays(offsets, flat).cast(CONTENT.field("messages").type),
            "output_text": texts.take(said).cast(pa.string()),
        }
    )


def _truth(scene: Scene, block: Block, ids: list[str], accounts: list[str]) -> dict[str, object]:
    labelled = {i: np.flatnonzero(block.label == i) for i in range(len(scene.campaigns))}
    attackers = [
        {"campaign": x.campaign, "plan": dict(x.plan), "cost": dict(x.cost)} for x in scene.attackers
    ]
    return {
        "world": scene.world,
        "seed": scene.seed,
        "knobs": dict(scene.knobs),
        "campaigns": [
            {
                "name": c.name,
                "archetype": c.archetype,
                "accounts": [accounts[a] for a in c.accounts],
                "events": [ids[e] for e in labelled[i]],
            }
            for i, c in enumerate(scene.campaigns)
        ],
        "look_alikes": [
            {"kind": x.kind, "accounts": [accounts[a] for a in x.accounts]} for x in scene.look_alikes
        ],
    } | ({"attackers": attackers} if attackers else {})


def _authorisations(scene: Scene, accounts: list[str]) -> str:
    lines = ["# What customers of this world declared."]
    for a in scene.authorisations:
        starts, expires = (START + timedelta(days=d) for d in (a.starts_day, a.expires_day))
        lines += [
            "",
            "[[authorisation]]",
            f"customer = {json.dumps(a.customer)}",
            f"kind = {json.dumps(a.kind)}",
            f"accounts = {json.dumps([accounts[i] for i in a.accounts])}",
            f"purpose = {json.dumps(a.purpose)}",
            f"starts = {starts.date().isoformat()}",
            f"expires = {expires.date().isoformat()}",
            f"max_events_per_day = {a.max_events_per_day}",
        ]
    return "\n".join(lines) + "\n"
