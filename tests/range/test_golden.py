"""Golden worlds: a digest of a tiny world of each kind and of each rung, so that nothing of a machine slips in.

The digests are of what the files say, so another version of Parquet or zstd changes none. After a change that is meant
to change worlds: `python tests/range/test_golden.py` writes them anew; say in the commit what changed and why.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from stillwatch.range import WORLDS, build_world
from stillwatch.range.evasions import EVASIONS

GOLDEN = Path(__file__).with_name("golden_worlds.json")
SEED, HONEST, MOST, LEAST = 20_261, 25, 12, 4
CASES = {world.id: (world.id, ()) for world in WORLDS} | {
    f"hydra {kind.id}": ("hydra", (kind.id,)) for kind in EVASIONS
}


def build(case, folder):
    """The tiny world of a case, in a folder of its own."""
    name, evasions = CASES[case]
    world = next(w for w in WORLDS if w.id == name)
    knobs = {k: max(LEAST, min(MOST, int(world.knobs[k]))) for k in world.scales if world.knobs.get(k)}
    return build_world(
        name,
        seed=SEED,
        out=folder / case.replace(" ", "-"),
        evasions=evasions,
        **(knobs | {"honest": HONEST}),
    )


def said(folder):
    """Digest of every value of every file."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        if path.suffix != ".parquet":
            digest.update(path.read_bytes())
            continue
        table = pq.read_table(path)
        for name in table.column_names:
            digest.update(f"{name}{table[name].to_pylist()}".encode())
    return digest.hexdigest()


def written(folder):
    """Digest of the bytes of every file."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.blake2b(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    place = tmp_path_factory.mktemp("golden")
    return {case: build(case, place) for case in CASES}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.slow
def test_a_world_is_what_it_was_on_the_machine_that_wrote_its_digest(built, case):
    assert said(built[case]) == json.loads(GOLDEN.read_text())[case]


def test_the_digests_are_of_these_cases_and_differ_where_the_worlds_do():
    """L2 is what `hydra` does by itself, and the oracle of L12 chooses L3 here."""
    golden = json.loads(GOLDEN.read_text())
    assert list(golden) == list(CASES)
    twins = [("hydra", "hydra L2-grammar"), ("hydra L3-paraphrase", "hydra L12-oracle")]
    assert all(golden[one] == golden[other] for one, other in twins)
    assert len(set(golden.values())) == len(golden) - len(twins)


@pytest.mark.slow
def test_another_process_with_other_hashes_threads_locale_and_place_writes_the_same_bytes(built, tmp_path):
    names = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS", "ARROW_IO_THREADS")
    other = dict.fromkeys(names, "1") | {
        "PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "LANG": "C", "TZ": "Asia/Kathmandu", "PYTHONUTF8": "0",
    }  # fmt: skip
    subprocess.run(
        [sys.executable, __file__, str(tmp_path)], env=os.environ | other, check=True, cwd=tmp_path.parent
    )
    for case, folder in built.items():
        assert written(tmp_path / folder.name) == written(folder), case


def main(place):
    """Build every case under `place`; without one, write the digests anew."""
    with tempfile.TemporaryDirectory() as temporary:
        made = {case: build(case, Path(place or temporary)) for case in CASES}
        if not place:
            GOLDEN.write_text(
                json.dumps({case: said(folder) for case, folder in made.items()}, indent=1) + "\n"
            )


if __name__ == "__main__":
    main(*sys.argv[1:] or [""])
