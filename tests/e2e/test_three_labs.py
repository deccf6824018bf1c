"""Story 10 with real processes: three labs share, a fourth frames a rival, and what follows is the lab's own to see.

quill finds a campaign and publishes it; moss sees it too. sable publishes a poisoned signature, made to fit the
declared evaluation that a rival runs at everybody's models. Local checks fail, two labs dispute it, its record drops,
it is withdrawn, and everybody who had it answers. At no time is the rival raised. The hub is killed on the way.
"""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import msgspec
import numpy as np
import pytest

from stillwatch.findings.result import Profile
from stillwatch.storage.workspace import Workspace
from stillwatch.testing.examples import example_scan
from stillwatch.testing.traffic import START_US, campaign, event, honest, organic, write

pytestmark = pytest.mark.e2e
LABS = ("quill", "moss", "fern", "sable")
RIVAL = "Compare the two answers below with the published rubric of our benchmark and give one mark to each of them"
CAMPAIGN = "g-0000000001"
DECLARED = """
[[authorisation]]
customer = "Hazel Models"
kind = "evaluation"
accounts = ["rival-*"]
purpose = "quarterly comparison"
"""


class Story:
    """The command line in one folder, and the hub's process."""

    def __init__(self, run, folder: Path) -> None:
        self._run, self.folder, self.hub, self.port = run, folder, None, 0

    def __call__(self, *words, code: int = 0) -> str:
        done = self._run(*words)
        assert done.returncode == code, f"{words}\n{done.stderr}"
        return done.stdout.decode()

    def at(self, lab: str, *words, code: int = 0):
        """A command of the exchange in a lab's workspace, its JSON."""
        said = self("exchange", *words, "--workspace", lab, code=code)
        return json.loads(said) if said.startswith("{") else said

    def agree(self, lab: str, *words) -> dict:
        """Draft, sign off, push: what left."""
        said = self.at(lab, *words)
        drafts = (self.folder / lab / "exchange" / "drafts").glob("*.json")
        digest = next(p.stem for p in drafts if json.loads(p.read_text())["object"] == said)
        self.at(lab, "sign-off", digest, "--by", "Ada Example")
        assert self.at(lab, "push")["refused"] == []
        return said

    def serve(self) -> None:
        self.hub = self._run(
            "exchange", "hub", "--data", "hub", "--listen", f"127.0.0.1:{self.port}", wait=False, text=True
        )
        for line in self.hub.stderr:
            if found := re.search(r"on port (\d+)", line):
                self.port = int(found[1])
                return
        pytest.fail("the hub did not start")

    def kill(self) -> None:
        self.hub.send_signal(signal.SIGKILL)
        self.hub.communicate(timeout=20)

    def weights(self, lab: str) -> dict[str, tuple[str, float]]:
        held = self.at(lab, "status", "--format", "json")["signatures"]
        return {s["signature"]: (s["state"], s["weight"]) for s in held}


@pytest.fixture
def story(run, tmp_path):
    """A hub and four labs that are its members and trust each other; logs with a campaign and the rival's evaluation."""
    held = Story(run, tmp_path)
    key = held("exchange", "hub", "init", "--data", "hub", "--origin", "forum.example/log").strip()
    (tmp_path / "forum.key").write_bytes(b"f" * 32)
    for lab in LABS:
        held.at(lab, "join", "--forum-key", "forum.key")
        rights = ("--read", "signatures", "--write", "signatures", "--tlp", "amber+strict")
        held(
            "exchange",
            "hub",
            "member",
            "add",
            lab,
            "--data",
            "hub",
            "--card",
            f"{lab}/exchange/member.json",
            *rights,
        )
    held.serve()
    for lab in LABS:
        held.at(lab, "connect", f"http://127.0.0.1:{held.port}", "--id", lab, "--log-key", key)
        for other in LABS:
            if other != lab:
                # What `exchange trust CARD` writes; twelve processes for it would tell nothing more.
                card = (tmp_path / other / "exchange" / "member.json").read_bytes()
                named = tmp_path / lab / "exchange" / "members" / f"{json.loads(card)['id']}.json"
                named.parent.mkdir(exist_ok=True)
                named.write_bytes(card)
    yield held
    held.kill()


@pytest.fixture
def logs(tmp_path):
    rng = np.random.default_rng(5)
    rival = [
        event(f"rival-{a:02d}", f"{RIVAL} {organic(rng, a)}", START_US + (a * 4 + i) * 3_600_000)
        for a in range(40)
        for i in range(4)
    ]
    write(tmp_path / "logs", honest(rng, 150, 4, START_US) + campaign(rng, 30, 6, START_US) + rival)
    write(tmp_path / "logs" / "reference", honest(rng, 150, 4, START_US - 604_800_000_000), tag="r")
    (tmp_path / "declared.toml").write_text(DECLARED)
    return "logs"


def _frame(folder: Path) -> None:
    """sable keeps a finding that it never had: the rival's wording, as a campaign."""
    scan = example_scan(40)
    detail = msgspec.structs.replace(
        scan.detail.groups[0],
        template=[("fixed", RIVAL), ("slot", "")],
        profile=Profile(events_per_account_day=4.0, active_hours=20),
    )
    Workspace(folder).save(
        msgspec.structs.replace(scan, detail=msgspec.structs.replace(scan.detail, groups=[detail]))
    )


def test_three_labs_share_and_a_fourth_frames_a_rival(story: Story, logs: str, tmp_path: Path):
    known = ("--authorisations", "declared.toml")
    _frame(tmp_path / "sable")
    frame = story.agree("sable", "publish", CAMPAIGN, "--preview")["id"]

    # quill has received the poison before it scans; the rival is not raised.
    assert story.at("quill", "pull")["new"] == 2
    found = json.loads(story("scan", logs, "--workspace", "quill", "--format", "json", *known))
    raised = {a["account_id"] for c in found["campaigns"] for a in c["accounts"]}
    assert raised and not any(a.startswith("rival") for a in raised)
    real = story.agree("quill", "publish", found["campaigns"][0]["id"], "--preview")["id"]

    # Killed after it acknowledged: nothing is lost, and nobody sees another log.
    story.kill()
    story.serve()
    for lab in ("moss", "fern"):
        assert story.at(lab, "pull")["new"] == 4
        assert story.at(lab, "pull")["new"] == 0

    # Local checks: the real one holds, the frame is explained by what the rival declared. Neither acts (exit code 0).
    said = story.at("moss", "match", logs, "--format", "json", *known)
    verdict = {m["signature"]: m["verdict"] for m in said["matches"]}
    assert verdict == {real: "seen", frame: "declared"}
    assert {m["evidence"]["bits"] for m in said["matches"]} == {0}
    assert "declared by Hazel Models (evaluation)" in json.dumps(said)
    sighting = story.agree("moss", "sight", real, logs, *known)
    assert sighting["count"] in (16, 32)
    for lab in ("moss", "fern"):
        story.agree(lab, "dispute", frame, "--because", "framing-suspected")

    # The record: the frame is suspended at quill, which said nothing itself, and its author's record drops.
    before = story.weights("quill")
    story.at("quill", "pull")
    assert (before[frame][0], story.weights("quill")[frame]) == ("live", ("suspended", 0.0))
    story.at("fern", "pull")
    sources = _sources(story, "fern")
    author = json.loads((tmp_path / "sable" / "exchange" / "member.json").read_text())["id"]
    honest_one = json.loads((tmp_path / "quill" / "exchange" / "member.json").read_text())["id"]
    assert sources[author] < 0.5 < sources[honest_one]

    # Withdrawal: everybody drops it and answers; sable sees who has and who has not.
    story.agree("sable", "withdraw", frame)
    for lab in ("quill", "moss", "fern"):
        assert story.at(lab, "pull")["withdrawn"] == 1
        if lab != "fern":
            assert story.at(lab, "push")["receipts"] == 1
    story.at("sable", "pull")
    (withdrawn,) = story.at("sable", "status", "--format", "json")["withdrawals"]
    assert ([what for _, what in withdrawn["receipts"]], withdrawn["due"]) == (["dropped"] * 2, ["fern"])
    assert list(story.weights("fern")) == [real]

    # The record of the author stays, and nothing of anybody's customers ever reached the hub.
    assert _sources(story, "fern")[author] == sources[author]
    held = b"".join(p.read_bytes() for p in (tmp_path / "hub").iterdir())
    for secret in (
        b"rival-",
        b"acct-",
        b"Hazel",
        b"rubric",
        b"Ada Example",
        found["campaigns"][0]["id"].encode(),
    ):
        assert secret not in held


def _sources(story: Story, lab: str) -> dict[str, float]:
    held = story.at(lab, "status", "--format", "json")["sources"]
    return {s["author"]: s["reliability"] for s in held}
