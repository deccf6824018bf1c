"""Sightings, opinions and withdrawals among real members: signed off, one voice each, answered by receipts."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from stillwatch.errors import InputError, UnknownNameError, UsageError
from stillwatch.exchange import bundles
from stillwatch.exchange.stix import TLP
from stillwatch.service import hub_members, pulling, sharing, sighting, stating
from stillwatch.service.exchange_status import Status, status
from stillwatch.service.retrohunt import hunt
from stillwatch.storage.member import MemberFolder

from .conftest import NOW, Forum, Lab

pytestmark = pytest.mark.slow

WORDING = "You are a careful teacher of physics who answers every question with all the steps that lead to it"
OTHER = "Please review this change of code for errors and say in which line each of them stands today"


def logs(path: Path, wording: str = WORDING, accounts: int = 40, tokens: bool = True) -> Path:
    rows = [
        {
            "event_id": f"e{i}", "ts": (NOW - timedelta(hours=30) + timedelta(minutes=i)).isoformat(),
            "account_id": f"local-{i}", **({"input_tokens": 128} if tokens else {}),
            "messages": [{"role": "user", "text": f"{wording} case {chr(97 + i % 26)}"}],
        }
        for i in range(accounts)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def agreed(lab: Lab, shown: sharing.Preview) -> dict[str, Any]:
    sharing.sign_off(lab.folder, shown.digest, by="Ada Example", legal_basis="contract")
    lab.push()
    return shown.object


def opine(lab: Lab, id: str, word: str) -> dict[str, Any]:
    return agreed(lab, stating.opine(lab.folder, id, word, now=NOW))


def told(lab: Lab, hours: int = 0, overdue_hours: int = 72) -> Status:
    return status(lab.folder, now=NOW + timedelta(hours=hours), overdue_hours=overdue_hours)


@pytest.fixture
def three(forum: Forum) -> tuple[Lab, Lab, Lab, str]:
    """quill has published a signature of WORDING; moss and fern have pulled it."""
    quill, moss, fern = forum.labs("quill", "moss", "fern")
    (id,) = quill.publish("a", wording=WORDING)
    moss.pull(), fern.pull()
    return quill, moss, fern, id


def test_a_sighting_says_a_power_of_two_and_hours(three: tuple[Lab, Lab, Lab, str], tmp_path: Path):
    quill, moss, _, id = three
    shown = sighting.sight(moss.folder, id[:20], logs(tmp_path / "l.jsonl"), now=NOW)
    said = shown.object
    assert (said["count"], said["first_seen"], said["last_seen"]) == (
        32, "2026-05-05T06:00:00.000Z", "2026-05-05T06:00:00.000Z"
    )  # fmt: skip
    assert "local-" not in json.dumps(said)
    assert said["object_marking_refs"] == [TLP["amber"]]  # goes no further than what it is about
    assert moss.push().sent == []  # nobody has signed it off
    agreed(moss, shown)
    quill.pull()
    assert [k.about for k in quill.store.objects("sighting")] == [id]


@pytest.mark.parametrize(
    ("wording", "accounts", "tokens", "error", "said"),
    [
        pytest.param(OTHER, 40, True, UsageError, "is not-seen in these logs", id="other wording"),
        pytest.param(WORDING, 7, True, UsageError, "is not-seen in these logs", id="too few accounts"),
        pytest.param(WORDING, 40, False, InputError, "these logs cannot say", id="a field is missing"),
    ],
)
def test_only_what_was_seen_can_be_sighted(
    three: tuple[Lab, Lab, Lab, str], tmp_path: Path, wording: str, accounts: int, tokens: bool,
    error: type[Exception], said: str,
):  # fmt: skip
    with pytest.raises(error, match=said):
        sighting.sight(
            three[1].folder, three[3], logs(tmp_path / "l.jsonl", wording, accounts, tokens), now=NOW
        )


DECLARED = """
[[authorisation]]
customer = "Meadowlark Assessments"
kind = "evaluation"
accounts = ["local-*"]
expires = {expires}
"""


@pytest.mark.parametrize(
    ("expires", "verdict"),
    [
        pytest.param("2026-12-31", "declared", id="it holds"),
        pytest.param("2026-05-01", "seen", id="it has expired"),
    ],
)
def test_what_a_customer_declared_is_told_apart(
    three: tuple[Lab, Lab, Lab, str], tmp_path: Path, expires: str, verdict: str
):
    _, moss, _, id = three
    (tmp_path / "a.toml").write_text(DECLARED.format(expires=expires))
    seen, registry = logs(tmp_path / "l.jsonl"), tmp_path / "a.toml"
    (match,) = hunt(moss.folder, None, seen, authorisations=registry, now=NOW).matches
    assert (match.verdict, match.most_in_a_day) == (verdict, 40)
    said = " ".join([*match.evidence.observed, *match.evidence.counter])
    assert "40 of them are declared by Meadowlark Assessments (evaluation)" in said
    assert ("expired" in said) == (verdict == "seen")
    if verdict == "declared":
        with pytest.raises(UsageError, match="is declared in these logs"):
            sighting.sight(moss.folder, id, seen, authorisations=registry, now=NOW)


def test_a_member_has_one_opinion_and_may_change_it(three: tuple[Lab, Lab, Lab, str]):
    quill, moss, fern, id = three
    opine(moss, id, "confirmed")
    fern.pull()
    assert told(fern).signatures[0].confirming == 1
    opine(moss, id, "false-positive")
    assert fern.pull().updated == 1
    standing = told(fern).signatures[0]
    assert (standing.confirming, standing.disputing, standing.state) == (0, 1, "live")
    assert len(fern.store.objects("opinion")) == 1
    quill.pull()  # and the author cannot answer for itself
    with pytest.raises(UsageError, match="is our own"):
        stating.opine(quill.folder, id, "confirmed", now=NOW)


def test_two_disputes_suspend_it_and_the_record_of_its_author_drops(forum: Forum):
    quill, moss, fern, heron = forum.labs("quill", "moss", "fern", "heron")
    (id,) = quill.publish("a", wording=WORDING)
    for lab in (moss, fern, heron):
        lab.pull()
    before = told(heron)
    opine(moss, id, "look-alike"), opine(fern, id, "framing-suspected")
    heron.pull()
    after = told(heron)
    assert (before.signatures[0].state, after.signatures[0].state) == ("live", "suspended")
    assert before.signatures[0].weight > after.signatures[0].weight == 0
    assert after.sources[0].reliability < before.sources[0].reliability == 0.5
    # A dispute taken back lifts it again.
    agreed(fern, stating.withdraw(fern.folder, "opinion--", now=NOW))
    heron.pull()
    assert told(heron).signatures[0].state == "live"


def test_the_score_fades_and_is_renewed_by_others_only(three: tuple[Lab, Lab, Lab, str], tmp_path: Path):
    quill, moss, fern, id = three
    late = NOW + timedelta(days=15)
    assert status(fern.folder, now=late).signatures[0].score == pytest.approx(25)
    said = {**sighting.sight(moss.folder, id, logs(tmp_path / "l.jsonl"), now=NOW).object,
            "last_seen": late.strftime("%Y-%m-%dT%H:00:00.000Z")}  # fmt: skip
    moss.agree(said), moss.push(), fern.pull()
    assert status(fern.folder, now=late).signatures[0].score == pytest.approx(50)
    assert status(fern.folder, now=NOW + timedelta(days=31)).signatures[0].state == "expired"
    quill.pull()


def test_a_withdrawal_reaches_everybody_and_is_answered(
    three: tuple[Lab, Lab, Lab, str], tmp_path: Path, forum: Forum
):
    quill, moss, fern, id = three
    late = forum.lab("late")  # joins after it was published, trusts quill, has not pulled yet
    late.trust(quill)
    for lab in (quill, moss, fern):
        lab.trust(late)
    agreed(quill, stating.withdraw(quill.folder, id, now=NOW))
    quill.pull()
    (waiting,) = told(quill).withdrawals
    assert (waiting.receipts, waiting.due, waiting.overdue) == ([], ["fern", "late", "moss"], [])
    (overdue,) = told(quill, hours=73).withdrawals
    assert (overdue.due, overdue.overdue) == ([], ["fern", "late", "moss"])
    assert moss.pull().withdrawn == 1
    assert hunt(moss.folder, None, logs(tmp_path / "l.jsonl"), now=NOW).matches == []
    assert moss.has()[id].body == b""  # nothing of it is left here
    assert moss.push().receipts == 1
    assert moss.push().sent == []
    late.pull(), late.push(), quill.pull()
    (answered,) = told(quill, hours=73).withdrawals
    assert answered.receipts == sorted([(moss.id, "dropped"), (late.id, "not-held")])
    assert answered.overdue == ["fern"]
    hub_members.suspend(forum.hub, "fern")  # who cannot read any more owes nothing
    quill.pull()
    assert told(quill, hours=73).withdrawals[0].overdue == []


def test_a_receipt_is_no_vote(three: tuple[Lab, Lab, Lab, str]):
    quill, moss, fern, id = three
    opine(moss, id, "confirmed")
    agreed(quill, stating.withdraw(quill.folder, id, now=NOW))
    moss.pull(), moss.push(), fern.pull()
    assert told(fern).sources[0].reliability == pytest.approx(1.5 / 2.5)  # the confirmation stays on record


def test_a_withdrawn_signature_does_not_come_back_by_an_old_bundle(
    three: tuple[Lab, Lab, Lab, str], tmp_path: Path
):
    quill, moss, _, id = three
    old = quill.folder.agreed()[0][1].object
    for name, data in zip(
        ("o.json", "o.json.jws"), bundles.written([old], quill.folder.signing_key()), strict=True
    ):
        (tmp_path / name).write_bytes(data)
    agreed(quill, stating.withdraw(quill.folder, id, now=NOW))
    moss.pull()
    assert pulling.take_files(moss.folder, [tmp_path / "o.json"], now=NOW).unchanged == 1
    found = hunt(moss.folder, tmp_path / "o.json", logs(tmp_path / "l.jsonl"), now=NOW)
    assert (found.matches, found.not_valid) == ([], [id])


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        pytest.param("nothing", UnknownNameError, "unknown object of ours", id="unknown"),
        pytest.param("indicator--", UsageError, "ambiguous", id="two of them"),
        pytest.param("", UnknownNameError, "unknown object of ours", id="empty"),
    ],
)
def test_what_is_withdrawn_must_be_one_thing_of_ours(
    forum: Forum, name: str, error: type[Exception], said: str
):
    quill = forum.lab("quill")
    quill.publish("a", "b")
    with pytest.raises(error, match=said):
        stating.withdraw(quill.folder, name, now=NOW)


def test_what_is_withdrawn_stays_so(three: tuple[Lab, Lab, Lab, str]):
    quill, moss, _, id = three
    agreed(quill, stating.withdraw(quill.folder, id, now=NOW))
    with pytest.raises(UsageError, match="withdrawn already"):
        stating.withdraw(quill.folder, id, now=NOW)
    moss.pull()
    with pytest.raises(UsageError, match="was withdrawn"):
        stating.opine(moss.folder, id, "confirmed", now=NOW)
    with pytest.raises(UnknownNameError, match="unknown signature"):
        stating.opine(moss.folder, "indicator--0000", "confirmed", now=NOW)


def test_a_workspace_that_is_no_member_has_no_status(tmp_path: Path):
    with pytest.raises(UsageError, match="no member"):
        status(MemberFolder(tmp_path))
