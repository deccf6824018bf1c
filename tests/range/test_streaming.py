"""Worlds of many scenes: one world, the same bytes however it is built, whole or not there at all."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import tracemalloc
from collections import defaultdict

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.errors import StorageError, UsageError
from stillwatch.range import build_world, building, drafts, networks, sizes
from stillwatch.range.writing import WorldWriter

EVENTS = 40_000
SCENES = 4


def digest(folder):
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.blake2b(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A demo world of four scenes, and what was told on the way."""
    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sizes, "SHARD_EVENTS", EVENTS // SCENES)
        out = tmp_path_factory.mktemp("many") / "w"
        build_world("demo", seed=3, out=out, size=EVENTS, progress=lambda *step: told.append(step))
    return out, told


def read(folder, name, *columns):
    return pq.read_table(folder / f"{name}.parquet", columns=list(columns)).to_pydict()


def test_it_is_one_world_with_the_events_asked_for(built):
    folder, _ = built
    truth = json.loads((folder / "truth.json").read_text())
    assert truth["size"] == {"events": EVENTS, "scenes": SCENES}
    ids = []
    for part in (folder, folder / "reference"):
        events, content = read(part, "events", "event_id"), read(part, "content", "event_id")
        assert events == content
        ids += events["event_id"]
    assert len(ids) == len(set(ids)) == pytest.approx(EVENTS, rel=0.05)
    assert [c["name"] for c in truth["campaigns"]] == ["harvest"]
    campaign = truth["campaigns"][0]
    assert len(set(campaign["accounts"])) == len(campaign["accounts"]) == truth["knobs"]["accounts"]
    owner = dict(zip(*read(folder, "events", "event_id", "account_id").values(), strict=True))
    assert {owner[e] for e in campaign["events"]} == set(campaign["accounts"])
    kinds = [x["kind"] for x in truth["look_alikes"]]
    assert sorted(kinds) == ["application"] + ["batch"] * SCENES + ["evaluation"] * SCENES


def test_organisations_payments_and_wordings_do_not_span_scenes(built):
    folder, _ = built
    columns = ("org_id", "payment_id", "email_domain")
    table = read(folder, "events", "account_id", *columns)
    size = {name: defaultdict(set) for name in columns}
    for name in columns:
        for account, value in zip(table["account_id"], table[name], strict=True):
            size[name][value].add(account)
    size["org_id"].pop(None)
    assert max(map(len, size["org_id"].values())) <= 12
    assert sum(org.startswith("org_institute") for org in size["org_id"]) == SCENES
    assert sum(domain.endswith("institute.example") for domain in size["email_domain"]) == SCENES
    assert len(size["email_domain"]["mail.example"]) > 12, "the mail domain of people is everybody's"


def test_the_proxy_pool_is_one_for_the_whole_campaign(built):
    folder, _ = built
    truth = json.loads((folder / "truth.json").read_text())
    guilty = set(truth["campaigns"][0]["accounts"])
    table = read(folder, "events", "account_id", "ip")
    networks = {
        ip.rpartition(".")[0] for a, ip in zip(table["account_id"], table["ip"], strict=True) if a in guilty
    }
    assert len(networks) <= 40


def test_no_honest_prompt_is_sent_by_two_accounts_of_any_scene(built):
    folder, _ = built
    truth = json.loads((folder / "truth.json").read_text())
    shared = {a for x in truth["look_alikes"] if x["kind"] == "evaluation" for a in x["accounts"]}
    holders = defaultdict(set)
    for part in (folder, folder / "reference"):
        accounts = read(part, "events", "account_id")["account_id"]
        for account, messages in zip(accounts, read(part, "content", "messages")["messages"], strict=True):
            if account not in shared:
                for message in messages:
                    if message["role"] == "user":
                        holders[message["text"]].add(account)
    assert max(map(len, holders.values())) == 1


def test_declarations_of_every_scene_are_readable(built):
    declared = tomllib.loads((built[0] / "authorisations.toml").read_text())["authorisation"]
    accounts = set(read(built[0] / "reference", "events", "account_id")["account_id"])
    assert len(declared) == SCENES
    assert all(set(d["accounts"]) <= accounts for d in declared)


def test_progress_counts_events_up_to_all_of_them(built):
    _, told = built
    done = [step[1] for step in told]
    assert done == sorted(done)
    assert told[-1][1] == told[-1][2] > 0


def test_scenes_compose(built, tmp_path, monkeypatch):
    """Scene k of the world is what scene k alone is: nothing leaks from one to the next."""
    folder, _ = built
    monkeypatch.setattr(sizes, "SHARD_EVENTS", EVENTS // SCENES)
    world = building.find("demo")
    asked = building._Asked(world, 3, building.fitted(), (), ())
    knobs = building.settled(world, {})
    made = building.plan(
        world, knobs, EVENTS, lambda k: building._compose(asked, k, building.Shard()).events()
    )
    index = 2
    scene = building._compose(asked, made.shards[index], building.Shard(index, SCENES))
    (tmp_path / "alone").mkdir()
    writer = WorldWriter(tmp_path / "alone")
    writer.add(scene, scene.texts.resolve(building.Grammar(), 3, "demo", index))
    writer.close({})
    for name in ("events", "content"):
        alone = pq.read_table(tmp_path / "alone" / f"{name}.parquet")
        whole = pq.read_table(folder / f"{name}.parquet")
        rows = np.flatnonzero(pa.compute.is_in(whole["event_id"], alone["event_id"].combine_chunks()))
        assert np.array_equal(rows, np.arange(rows[0], rows[0] + alone.num_rows))
        assert whole.slice(rows[0], alone.num_rows).equals(alone)
        if name == "events":
            assert alone["ts"].to_pylist() == sorted(alone["ts"].to_pylist())


BUILD = """
import sys
from pathlib import Path
from stillwatch.range import build_world, sizes
sizes.SHARD_EVENTS = 10_000
build_world("demo", seed=3, out=Path(sys.argv[1]), size=40_000)
"""


@pytest.mark.slow
def test_another_process_with_other_hashes_threads_and_place_writes_the_same_bytes(built, tmp_path):
    names = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS", "ARROW_IO_THREADS")
    other = dict.fromkeys(names, "1") | {"PYTHONHASHSEED": "77", "LC_ALL": "C", "TZ": "Asia/Kathmandu"}
    other |= {"NPY_DISABLE_CPU_FEATURES": _features()}
    subprocess.run([sys.executable, "-c", BUILD, str(tmp_path / "w")], env=os.environ | other, check=True)
    assert digest(tmp_path / "w") == digest(built[0])


def _features():
    """The vector instructions of this processor that numpy can do without, switched off for the other process."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))


def test_the_files_say_nothing_of_their_making(built):
    for name in ("events", "content"):
        file = pq.ParquetFile(built[0] / f"{name}.parquet")
        assert file.metadata.metadata in (None, {})
        assert not any(pa.types.is_dictionary(f.type) for f in file.schema_arrow)


def drafts_in(folder):
    return [p for p in folder.iterdir() if ".draft-" in p.name]


def started(tmp_path):
    """A build of a million events by the program, under way."""
    command = [sys.executable, "-m", "stillwatch", "range", "build", "demo", "--events", "1e6", "--out", "w"]
    child = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    for _ in range(600):
        if any((d / "events.parquet").exists() for d in drafts_in(tmp_path)):
            return child
        time.sleep(0.05)
    child.kill()
    pytest.fail("the build never began to write")


@pytest.mark.skipif(drafts.fcntl is None, reason="POSIX signals and locks")
@pytest.mark.slow
def test_a_build_asked_to_stop_leaves_nothing_and_what_a_killed_one_left_is_swept_by_the_next(tmp_path):
    child = started(tmp_path)
    child.terminate()
    assert child.wait(60) == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
    child = started(tmp_path)
    os.kill(child.pid, signal.SIGSTOP)
    build_world("quiet", seed=0, out=tmp_path / "w", honest=60)
    assert len(drafts_in(tmp_path)) == 1, "a draft in use was swept"
    shutil.rmtree(tmp_path / "w")
    child.kill()
    child.wait(60)
    assert len(drafts_in(tmp_path)) == 1
    build_world("quiet", seed=0, out=tmp_path / "w", honest=60)
    assert [p.name for p in tmp_path.iterdir()] == ["w"]


LIMITED = """
import resource, sys
from pathlib import Path
from stillwatch.range import build_world
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, 1 << 18))
from stillwatch.errors import StorageError
try:
    build_world("demo", seed=0, out=Path(sys.argv[1]) / "w", size=40_000)
except StorageError as error:
    print(error.message, "|", error.hint)
"""


@pytest.mark.slow
def test_a_disk_that_fills_up_is_one_clear_error_and_nothing_is_left(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "no room left to write | free some disk space; what was there before is unchanged\n"
    assert list(tmp_path.iterdir()) == []


def test_a_disk_too_small_is_refused_before_anything_is_composed(tmp_path, monkeypatch):
    monkeypatch.setattr(sizes, "BYTES_PER_EVENT", 1e12)
    monkeypatch.setattr(building, "BYTES_PER_EVENT", 1e12)
    with pytest.raises(StorageError, match="GB are needed"):
        build_world("quiet", seed=0, out=tmp_path / "w", size=20_000)
    assert list(tmp_path.iterdir()) == []


def test_a_corpus_too_small_for_the_size_is_refused_with_the_number_needed(tmp_path, monkeypatch):
    monkeypatch.setattr(sizes, "SHARD_EVENTS", 10_000)
    kinds = {"chat": 300, "utterance": 900, "rubric": 50, "application": 300, "evaluation": 100}
    rows = [(kind, f"{kind} prompt number {i}") for kind, count in kinds.items() for i in range(count)]
    table = pa.table({"kind": [r[0] for r in rows], "prompt": [r[1] for r in rows]})
    pq.write_table(table, tmp_path / "p.parquet")
    with pytest.raises(UsageError, match=r"at least [\d,]+ prompts for its chat accounts, [\d,]+ are there"):
        build_world("quiet", seed=0, out=tmp_path / "w", prompts=tmp_path / "p.parquet", size=100_000)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p.parquet"]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_world(tmp_path, monkeypatch):
    """The traced peak of numpy and Python over six scenes is about that over two; the first build warms up."""
    peaks = []
    monkeypatch.setattr(sizes, "SHARD_EVENTS", 5_000)
    for size in (10_000, 10_001, 40_000):
        tracemalloc.start()
        build_world("power", seed=1, out=tmp_path / f"w{size}", size=size)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.3 * peaks[1]


@pytest.mark.slow
def test_no_home_and_no_office_is_shared_by_two_scenes_of_a_day():
    every = np.concatenate([np.arange(first, first + size, dtype=np.int64) for first, size in networks.OWN])
    addresses = ((10 << 24) + (every << 8) + 7).astype(np.uint32)
    day = sizes.SIZES["day"] // sizes.SHARD_EVENTS
    assert day <= networks.SCENES_APART + 1
    held = np.concatenate([networks.apart(addresses, scene) >> 8 for scene in range(day)])
    assert np.unique(held).size == held.size == day * networks.OWN_SIZE
    assert (networks.apart(addresses, networks.SCENES_APART) & 255 == 7).all()
    assert int(networks.apart(addresses, networks.SCENES_APART).max()) >> 8 < 0xFFFFFF
    crowd = ((10 << 24) + (np.arange(*networks.PROXIES) << 8)).astype(np.uint32)
    assert np.array_equal(networks.apart(crowd, 3), crowd)


def test_accounts_of_two_scenes_meet_in_no_network_of_their_own(built):
    """Of a built world: what two scenes share is a cloud, a crowded access network or a proxy."""
    folder, _ = built
    whole = [
        pq.read_table(part / "events.parquet", columns=["ip", "org_id"])
        for part in (folder, folder / "reference")
    ]
    addresses = set().union(*(set(table["ip"].to_pylist()) for table in whole))
    inside = [a for a in addresses if int(a.split(".")[0]) >= 224]
    assert len(inside) > len(addresses) / 2
    owners = defaultdict(set)
    for table in whole:
        for address, org in zip(table["ip"].to_pylist(), table["org_id"].to_pylist(), strict=True):
            if org:
                owners[address.rpartition(".")[0]].add(org.rpartition("-")[2] if "-" in org else "")
    assert (
        max(
            len({scene for scene in scenes if scene})
            for net, scenes in owners.items()
            if int(net.split(".")[0]) >= 224
        )
        == 1
    )
