"""The same worlds written in other scripts: whatever people write in, the same is raised, and nothing more.

    python -m benchmarks.scripts [--seeds 1] [--jobs 1] [--minutes M] [--only SCRIPT ...]

Every word of a built world, prompts and answers alike, is replaced by a made-up word of another script, the same word
always by the same one: spelled with letters, or in as many ideographs, syllables or letters as such words have, with or
without spaces. Made-up Latin words are what the others are compared with, since phrases of intents and texts known
to be public are gone in all of them. Once everybody writes in the script (`everybody`), and once only the accounts of
the campaign or of the look-alike among people who write in Latin words (`the group`). `accounts_that_differ`: accounts raised
in one of the script and Latin words, not in both.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.finished import measured
from benchmarks.lookalikes import PLAIN
from benchmarks.worlds import RESULTS, keep
from stillwatch.range import build_world
from stillwatch.range.archetypes import ARCHETYPES
from stillwatch.service.scanning import scan
from stillwatch.stats.interval import clopper_pearson

SEED_FIRST = 431000
FDR = 0.01
BASE = "latin"
SHORT = 3
"""English words of so few letters are mostly function words, which are short in every script."""
SYLLABLES = 1200


def _range(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


BASE_LETTERS = "abcdefghijklmnopqrstuvwxyz"
ALONE = {
    "han": (_range(0x4E00, 0x53DB), 1, 2),
    "thai": (_range(0xE01, 0xE2E), 2, 5),
}
"""script without spaces -> its characters, and how many of them a short and a longer word has."""
SYLLABIC = {
    "vietnamese": ("abcdeghiklmnopqrstuvxyạảấầậắặẹẻếềệịọốồộớờợụủứừựỳ", " "),
    "tibetan": ("ཀཁགངཅཆཇཉཏཐདནཔཕབམཙཚཛཝཞཟའཡརལཤསཧཨ", "་"),
}
"""language -> its letters, and what stands between syllables and words. A short word is one syllable, a longer one two."""
SCRIPTS = (BASE, *ALONE, *SYLLABIC)
WIDE = str.maketrans(",.?!:;()", "，。？！：；（）")
WHO = ("everybody", "the group")


class Tongue:
    """Texts word by word in one script; what is no word stays, without spaces where the script has none."""

    def __init__(self, script: str) -> None:
        self._made: dict[str, str] = {}
        self._script = script
        self._space = "" if script in ALONE else SYLLABIC.get(script, ("", " "))[1]
        if script in SYLLABIC:
            rng, letters = np.random.default_rng(5), list(SYLLABIC[script][0])
            sizes = rng.integers(2, 5, SYLLABLES).tolist()
            self._syllables = ["".join(rng.choice(letters, n)) for n in sizes]

    def __call__(self, text: str) -> str:
        """The text in this script."""
        return re.sub(r"([A-Za-z']+)|([^A-Za-z']+)", self._part, text)

    def _part(self, found: re.Match[str]) -> str:
        word, other = found.groups()
        if word:
            return self._word(word.lower())
        if self._space == "":
            return re.sub(r"(?<=[，。？！：；）]) |^ $", "", other.translate(WIDE))
        return self._space if other == " " else other

    def _word(self, word: str) -> str:
        if word not in self._made:
            digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
            self._made[word] = self._coined(
                np.random.default_rng(int.from_bytes(digest, "big")), word, len(word) <= SHORT
            )
        return self._made[word]

    def _coined(self, rng: np.random.Generator, word: str, short: bool) -> str:
        if self._script in SYLLABIC:
            return self._space.join(rng.choice(self._syllables, 1 if short else 2).tolist())
        if self._script == BASE:
            return "".join(rng.choice(list(BASE_LETTERS), max(2, len(word))))
        letters, few, more = ALONE[self._script]
        return "".join(rng.choice(list(letters), few if short else more))


def rewrite(place: Path, script: str, only: set[str] | None) -> None:
    """Replace the texts of the current and the reference period, of the accounts in `only` by the script, others by BASE."""
    tongue, base = Tongue(script), Tongue(BASE)
    for folder in (place, place / "reference"):
        events = pq.read_table(folder / "events.parquet", columns=["event_id", "account_id"]).to_pydict()
        account = dict(zip(events["event_id"], events["account_id"], strict=True))
        table = pq.read_table(folder / "content.parquet")
        hands = [
            tongue if only is None or account[event] in only else base
            for event in table["event_id"].to_pylist()
        ]
        messages = [
            said and [{**turn, "text": hand(turn["text"] or "")} for turn in said]
            for said, hand in zip(table["messages"].to_pylist(), hands, strict=True)
        ]
        answers = [
            text and hand(text) for text, hand in zip(table["output_text"].to_pylist(), hands, strict=True)
        ]
        for name, column in (("messages", messages), ("output_text", answers)):
            at = table.schema.get_field_index(name)
            kind = table.schema.field(at)
            table = table.set_column(at, kind, pa.array(column, kind.type))
        pq.write_table(table, folder / "content.parquet")


def cases() -> list[str]:
    """Archetypes that have traffic of their own, then look-alikes, as their own files state them."""
    return [a.id for a in ARCHETYPES if a.id != "bought"] + PLAIN


def trial(case: str, seed: int) -> dict[str, Any]:
    """One world written, scanned and compared with its truth. case: WORLD|WHO|SCRIPT."""
    kind, who, script = case.split("|")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "world"
        build_world(kind, seed=seed, out=place)
        truth = json.loads((place / "truth.json").read_text())
        hands = {
            name: {a for c in truth[name] for a in c["accounts"]} for name in ("campaigns", "look_alikes")
        }
        rewrite(place, script, None if who == WHO[0] else set().union(*hands.values()))
        started = time.process_time()
        found = scan([place], authorisations=place / "authorisations.toml", workers=1, fdr=FDR).result
        taken = time.process_time() - started
    guilty = hands["campaigns"]
    named = {a.account_id for c in found.campaigns for a in c.accounts if a.q_value <= FDR}
    return {
        "accounts": len(guilty),
        "campaigns": len(truth["campaigns"]),
        "campaigns_raised": sum(
            len(named & set(c["accounts"])) * 2 >= len(c["accounts"]) for c in truth["campaigns"]
        ),
        "named": sorted(named),
        "false": len(named - guilty),
        "alarm": any(
            sum(a.account_id in guilty for a in c.accounts) * 2 < len(c.accounts) for c in found.campaigns
        ),
        "scan_cpu_s": taken,
    }


def row(who: str, script: str, done: dict[tuple[str, int], dict[str, Any]]) -> dict[str, Any]:
    """All worlds of one script together, against those of made-up Latin words."""
    mine = {at: result for at, result in done.items() if at[0].endswith(f"|{who}|{script}")}
    harvests = [r for r in mine.values() if r["accounts"]]
    honest = [r for r in mine.values() if not r["accounts"]]
    apart, compared = 0, 0
    for (case, seed), result in mine.items():
        base = done.get((f"{case.split('|')[0]}|{WHO[0]}|{BASE}", seed))
        if base:
            compared += 1
            apart += len(set(result["named"]) ^ set(base["named"]))
    alarms = sum(r["alarm"] for r in honest)
    return {
        "written_by": who,
        "script": script,
        "campaigns": sum(r["campaigns"] for r in harvests),
        "campaigns_raised": sum(r["campaigns_raised"] for r in harvests),
        "accounts": sum(r["accounts"] for r in harvests),
        "accounts_at_fdr": sum(len(r["named"]) - r["false"] for r in harvests),
        "false_accounts": sum(r["false"] for r in mine.values()),
        "honest_worlds": len(honest),
        "with_an_alarm": alarms,
        "clopper_pearson_95": [round(x, 4) for x in clopper_pearson(alarms, len(honest))] if honest else None,
        "worlds_compared": compared,
        "accounts_that_differ": apart,
        "scan_cpu_s_a_world": round(sum(r["scan_cpu_s"] for r in mine.values()) / max(1, len(mine)), 1),
    }


def main(seeds: int, jobs: int, minutes: float, only: list[str]) -> None:
    """Every script, a row each; the result is kept when no script was left out."""
    scripts = [s for s in SCRIPTS if not only or s in (*only, BASE)]
    wanted = [(who, script) for script in scripts for who in WHO if (who, script) != (WHO[1], BASE)]
    cells = [
        (f"{case}|{who}|{script}", SEED_FIRST + i)
        for i in range(seeds)
        for case in cases()
        for who, script in wanted
    ]
    beside = RESULTS / "scripts.unfinished.jsonl"
    done: dict[tuple[str, int], dict[str, Any]] = {}
    for at, result in measured(cells, trial, beside, jobs, minutes):
        done[at] = result
        print(at, {k: v for k, v in result.items() if k != "named"}, flush=True)
    rows = [row(who, script, done) for who, script in wanted]
    print(json.dumps(rows, indent=1))
    if not only:
        head = {"fdr": FDR, "seed_first": SEED_FIRST, "complete": len(done) == len(cells), "cases": cases()}
        keep("scripts", f"python -m benchmarks.scripts --seeds {seeds}", head | {"rows": rows})
        if len(done) == len(cells):
            beside.unlink()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--only", nargs="*", default=[], choices=SCRIPTS, metavar="SCRIPT")
    given = parser.parse_args()
    main(given.seeds, given.jobs, given.minutes, given.only)
