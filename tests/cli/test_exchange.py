"""`stillwatch exchange` from a kept finding to another member's logs; each step refuses what is not ready."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from stillwatch.findings.result import Profile
from stillwatch.storage.workspace import Workspace
from stillwatch.testing.examples import HOSTILE, example_scan

WORDING = "You are a careful teacher of physics who answers every question with all the steps that lead to it"
CLOSING = "and end with the result on a line of its own"
CAMPAIGN = "g-0000000001"


def _keep(folder: Path) -> None:
    scan = example_scan(40)
    detail = msgspec.structs.replace(
        scan.detail.groups[0],
        template=[("fixed", WORDING), ("slot", ""), ("fixed", CLOSING)],
        profile=Profile(events_per_account_day=6.0, active_hours=20, input_tokens=60.0),
    )
    Workspace(folder).save(
        msgspec.structs.replace(scan, detail=msgspec.structs.replace(scan.detail, groups=[detail]))
    )


def _logs(path: Path, *, wording: str, accounts: int = 40, tokens: int = 64) -> Path:
    """Spans of the OpenAI pair format are not needed: canonical JSONL with messages."""
    start = datetime(2026, 5, 4, tzinfo=UTC)
    rows = [
        {
            "event_id": f"e{i}",
            "ts": (start + timedelta(minutes=i)).isoformat(),
            "account_id": f"local-{i}",
            "input_tokens": tokens,
            "messages": [{"role": "user", "text": f"{wording} case {chr(97 + i % 26)} {CLOSING}"}],
        }
        for i in range(accounts)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def members(run, tmp_path):
    """Members a (which holds a campaign) and b, who share the forum's key and trust a."""
    _keep(tmp_path / "a")
    assert run("exchange", "join", "--workspace", "a").exit_code == 0
    assert run("exchange", "join", "--workspace", "b", "--forum-key", "a/exchange/forum.key").exit_code == 0
    assert run("exchange", "trust", "a/exchange/member.json", "--workspace", "b").exit_code == 0
    return run


@pytest.fixture
def published(members, tmp_path):
    """The bundle that a has published."""
    shown = members("exchange", "publish", CAMPAIGN, "--preview", "--workspace", "a")
    assert shown.exit_code == 0, shown.output
    digest = next((tmp_path / "a" / "exchange" / "drafts").glob("*.json")).stem
    assert (
        members("exchange", "sign-off", digest[:12], "--by", "Ada Example", "--workspace", "a").exit_code == 0
    )
    done = members("exchange", "publish", CAMPAIGN, "--workspace", "a", "-o", "out.json")
    assert done.exit_code == 0, done.output
    return tmp_path / "out.json"


def test_keys_are_for_their_owner_only(members, tmp_path):
    for name in ("signing.key", "forum.key"):
        assert (tmp_path / "a" / "exchange" / name).stat().st_mode & 0o077 == 0
    again = members("exchange", "join", "--workspace", "a")
    assert again.exit_code == 2
    assert "member already" in again.output


def test_nothing_is_published_before_a_sign_off(members, tmp_path):
    assert members("exchange", "publish", CAMPAIGN, "--preview", "--workspace", "a").exit_code == 0
    refused = members("exchange", "publish", CAMPAIGN, "--workspace", "a", "-o", "out.json")
    assert refused.exit_code == 2
    assert "signed off" in refused.output
    assert not (tmp_path / "out.json").exists()


def test_what_leaves_is_what_was_previewed_and_names_nobody(published, tmp_path):
    bundle = json.loads(published.read_text())
    draft = json.loads(next((tmp_path / "a" / "exchange" / "drafts").glob("*.json")).read_text())
    assert bundle["objects"][1] == draft["object"]
    for held in (published, published.with_name("out.json.jws")):
        text = held.read_text()
        for secret in (HOSTILE, "acct-001", CAMPAIGN, "teacher", "Ada Example"):
            assert secret not in text


def test_a_draft_changed_after_its_sign_off_does_not_leave(published, tmp_path, members):
    draft = next((tmp_path / "a" / "exchange" / "drafts").glob("*.json"))
    held = json.loads(draft.read_text())
    held["object"]["confidence"] = 15
    draft.write_text(json.dumps(held))
    refused = members("exchange", "publish", CAMPAIGN, "--workspace", "a", "-o", "again.json")
    assert refused.exit_code == 2
    assert "changed" in refused.output
    assert not (tmp_path / "again.json").exists()


@pytest.mark.parametrize(
    ("wording", "accounts", "tokens", "verdict"),
    [
        pytest.param(WORDING, 40, 64, "seen", id="the wording, many accounts"),
        pytest.param(WORDING, 7, 64, "not-seen", id="the wording, few accounts"),
        pytest.param(WORDING, 40, 4096, "not-seen", id="the wording, other weight"),
        pytest.param(
            "Please tell me when the next train leaves for the coast", 40, 64, "not-seen", id="else"
        ),
    ],
)
def test_another_member_looks_for_it(published, members, tmp_path, wording, accounts, tokens, verdict):
    logs = _logs(tmp_path / "logs.jsonl", wording=wording, accounts=accounts, tokens=tokens)
    said = members("exchange", "match", published, logs, "--workspace", "b", "--format", "json")
    assert said.exit_code == 0, said.output
    match = json.loads(said.stdout)["matches"][0]
    assert match["verdict"] == verdict
    assert match["evidence"]["bits"] == 0
    lines = members(
        "exchange", "match", published, logs, "--workspace", "b", "--format", "ocsf"
    ).stdout.splitlines()
    assert [json.loads(x)["severity"] for x in lines] == ["Informational"] * (verdict == "seen")
    shown = members("exchange", "match", published, logs, "--workspace", "b")
    assert verdict in shown.output


def test_kept_findings_are_looked_through_too(published, members):
    said = members("exchange", "match", published, "a", "--workspace", "b", "--format", "json")
    alike = json.loads(said.stdout)["alike"]
    assert [(a["finding"], a["bands"]) for a in alike] == [(CAMPAIGN, 32)]


def test_a_stranger_and_a_forgery_are_refused(published, members, tmp_path):
    logs = _logs(tmp_path / "logs.jsonl", wording=WORDING)
    assert members("exchange", "join", "--workspace", "c").exit_code == 0
    said = members("exchange", "match", published, logs, "--workspace", "c", "--format", "json")
    assert "no trusted member" in json.loads(said.stdout)["refused"][0][1]
    published.write_text(published.read_text().replace('"confidence":50', '"confidence":85'))
    said = members("exchange", "match", published, logs, "--workspace", "b", "--format", "json")
    assert [reason for _, reason in json.loads(said.stdout)["refused"]] == [
        "its signature is missing or not its author's"
    ]


def test_a_feed_for_misp(published, members, tmp_path):
    done = members("exchange", "misp", published, "--out", "feed", "--workspace", "b")
    assert done.exit_code == 0, done.output
    assert len(json.loads((tmp_path / "feed" / "manifest.json").read_text())) == 1


@pytest.mark.parametrize("profile", ["stix", "opencti"])
def test_a_bundle_file_is_exported_as_far_as_match_would_use_it(published, members, tmp_path, profile):
    command = ("exchange", "export", published, "--profile", profile, "--workspace")
    done = members(*command, "b")
    kinds = [o["type"] for o in json.loads(done.stdout)["objects"]]
    assert (done.exit_code, kinds.count("indicator"), "campaign" in kinds) == (0, 1, profile == "opencti")
    assert members("exchange", "join", "--workspace", "c").exit_code == 0
    strange = members(*command, "c")
    assert "objects" not in json.loads(strange.stdout)
    assert "refused" in strange.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(
            ("publish", CAMPAIGN, "--preview", "--workspace", "none"), 2, "no scan", id="no workspace"
        ),
        pytest.param(
            ("publish", CAMPAIGN, "--workspace", "a"), 2, "--preview", id="neither preview nor file"
        ),
        pytest.param(
            ("publish", "g-0000000002", "--preview", "--workspace", "a"), 2, "look-alike", id="honest"
        ),
        pytest.param(("sign-off", "abc", "--by", "A", "--workspace", "a"), 2, "unknown draft", id="no draft"),
        pytest.param(("match", "no.json", "a", "--workspace", "b"), 3, "cannot be read", id="no bundle"),
        pytest.param(("trust", "a/exchange/forum.key", "--workspace", "b"), 3, "card", id="not a card"),
    ],
)
def test_each_step_says_what_is_missing(members, arguments, code, said):
    result = members("exchange", *arguments)
    assert result.exit_code == code, result.output
    assert said in result.output


def test_the_schema_is_printed(run):
    shown = json.loads(run("exchange", "schema").stdout)
    assert shown["title"] == "DistillationSignature"
    assert shown["additionalProperties"] is False


def test_a_kept_finding_that_a_customer_declared_is_told(published, members, tmp_path):
    accounts = "".join(f'"acct-{i:03d}", ' for i in range(60))
    (tmp_path / "a.toml").write_text(
        f'[[authorisation]]\ncustomer = "Meadowlark"\nkind = "research"\naccounts = [{accounts}]\n'
    )
    found = ("match", published, "a", "--workspace", "b", "--authorisations", "a.toml", "--format", "json")
    (alike,) = json.loads(members("exchange", *found).stdout)["alike"]
    assert 0 < alike["declared"] <= 1
    (tmp_path / "a.toml").write_text((tmp_path / "a.toml").read_text() + "expires = 2001-01-01\n")
    (alike,) = json.loads(members("exchange", *found).stdout)["alike"]
    assert alike["declared"] == 0


def test_a_withdrawal_by_file_reaches_who_pulls_the_file(published, members, tmp_path):
    run = members
    assert json.loads(run("exchange", "pull", published, "--workspace", "b").stdout)["new"] == 2
    logs = _logs(tmp_path / "logs.jsonl", wording=WORDING)
    seen = json.loads(run("exchange", "match", logs, "--workspace", "b", "--format", "json").stdout)
    assert [m["verdict"] for m in seen["matches"]] == ["seen"]
    shown = run("exchange", "withdraw", CAMPAIGN, "--workspace", "a")
    digest = shown.stderr.split()[1]
    assert run("exchange", "sign-off", digest, "--by", "Ada Example", "--workspace", "a").exit_code == 0
    assert run("exchange", "publish", CAMPAIGN, "--workspace", "a", "-o", "gone.json").exit_code == 0
    assert json.loads(run("exchange", "pull", "gone.json", "--workspace", "b").stdout)["withdrawn"] == 1
    seen = json.loads(run("exchange", "match", logs, "--workspace", "b", "--format", "json").stdout)
    assert seen["matches"] == []
    seen = json.loads(
        run("exchange", "match", published, logs, "--workspace", "b", "--format", "json").stdout
    )
    assert (seen["matches"], len(seen["not_valid"])) == ([], 1)


def test_a_card_with_another_key_is_told(members, tmp_path):
    run = members
    assert "another key" not in run("exchange", "trust", "a/exchange/member.json", "--workspace", "b").stderr
    card = json.loads((tmp_path / "a" / "exchange" / "member.json").read_text())
    card["jwk"] = json.loads((tmp_path / "b" / "exchange" / "member.json").read_text())["jwk"]
    (tmp_path / "other.json").write_text(json.dumps(card))
    assert "with another key than before" in run("exchange", "trust", "other.json", "--workspace", "b").stderr
