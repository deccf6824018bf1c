"""What we served, through the real program: trace cleaning, relayed histories, and honest conversations."""

import json
import re

import numpy as np
import pytest
from click.testing import CliRunner

from stillwatch.cli.main import cli
from stillwatch.testing.traffic import START_US, WEEK_US, event, organic, write

pytestmark = pytest.mark.e2e
DAY_US = 86_400_000_000
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en", "il", "os")]


def prose(rng, words=70):
    """An answer nobody else is given."""
    picks = rng.integers(0, len(SYLLABLES), (words, 3))
    return " ".join("".join(SYLLABLES[s] for s in three) for three in picks)


def edited(rng, text):
    """Cut, reordered and reworded a little, as a cleaning pipeline sends it."""
    words = text.split()
    cut = words[: int(len(words) * 0.8)]
    half = len(cut) // 2
    moved = cut[half:] + cut[:half]
    return " ".join(w if rng.random() > 0.02 else "hmm" for w in moved).upper()


def trimmed(rng, text):
    """Markdown stripped and white space changed, as a client keeps it."""
    words = text.split()
    return "  \n".join([" ".join(words[:20]), *words[20:]]) + "\n"


def decorated(text):
    words = text.split()
    return "## Answer\n\n**" + " ".join(words[:20]) + "**\n\n- " + "\n- ".join(words[20:])


def people(rng, start, accounts=100):
    """Users with habits, a quarter of them heavy; half of their calls continue the answer before."""
    rows = []
    for a in range(accounts):
        said, each = None, 4 if a % 4 else 24
        for k in range(each):
            ts = start + int((k + rng.random()) * WEEK_US / each)
            text, answer = organic(rng, a), decorated(prose(rng))
            messages = [{"role": "user", "text": text}]
            if said is not None and rng.random() < 0.5:
                messages = [
                    {"role": "user", "text": said[0]},
                    {"role": "assistant", "text": trimmed(rng, said[1])},
                    *messages,
                ]
            rows.append(
                event(
                    f"acct-{a:04d}",
                    text,
                    ts,
                    messages=messages,
                    output_text=answer,
                    ip=f"198.51.{a}.7",
                    user_agent=f"client/{a % 11}",
                )
            )
            said = (text, " ".join(re.sub(r"[#*-]", " ", answer).split()[1:]))
    return rows


def pool(name, i):
    return {"ip": f"203.0.113.{i % 250}", "user_agent": f"{name}/1", "payment_id": f"pay-{name}-{i % 5}"}


def cleaning(rng, accounts=20, each=20):
    """Answers harvested in the first days, sent for cleaning by other accounts of the pool in the last."""
    rows, stock = [], []
    for i in range(accounts * each):
        a, answer = i % accounts, prose(rng)
        ts = START_US + int(rng.random() * 3 * DAY_US)
        stock.append((a, answer))
        rows.append(
            event(
                f"pool-{a:04d}", organic(rng, int(rng.integers(8))), ts, output_text=answer, **pool("pool", a)
            )
        )
    for place, at in enumerate(rng.permutation(len(stock))):
        b = (stock[at][0] + 1 + place % (accounts - 1)) % accounts
        text = f"{organic(rng, int(rng.integers(8)), 8)}: {edited(rng, stock[at][1])}"
        ts = START_US + int((3 + rng.random() * 3.9) * DAY_US)
        rows.append(event(f"pool-{b:04d}", text, ts, output_text=prose(rng), **pool("pool", b)))
    return rows


def relayed(rng, accounts=20, each=8):
    """Another provider's users: organic prompts, histories that were never ours."""
    rows = []
    for i in range(accounts * each):
        a = i % accounts
        text = organic(rng, int(rng.integers(8)))
        messages = [
            {"role": "user", "text": organic(rng, int(rng.integers(8)))},
            {"role": "assistant", "text": prose(rng)},
            {"role": "user", "text": text},
        ]
        rows.append(
            event(
                f"relay-{a:04d}",
                text,
                START_US + int(rng.random() * WEEK_US),
                messages=messages,
                output_text=prose(rng),
                **pool("relay", a),
            )
        )
    return rows


def program(*arguments, env=None):
    """The command line in this process: the whole scan without a second start of Python."""
    done = CliRunner().invoke(cli, [str(a) for a in arguments], prog_name="stillwatch", env=env)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def scanned(folder, now, before, *options, env=None):
    """(result, what `explain` says of each finding by the prefix of its accounts)."""
    write(folder, now)
    write(folder / "reference", before, tag="r")
    kept = ("--workspace", folder / "kept-scans")
    found = json.loads(program("scan", folder, "--format", "json", "--workers", 1, *options, *kept, env=env))
    told = {}
    for finding in (*found["campaigns"], *found["look_alikes"]):
        first = finding["accounts"][0]
        name = first["account_id"] if isinstance(first, dict) else first
        told[name.split("-")[0]] = program("explain", finding["id"], "--format", "json", *kept)
    return found, told


def reference(rng):
    return [row for k in (1, 2, 3) for row in people(rng, START_US - k * WEEK_US)]


def with_examples(rng, accounts=30):
    """Users of an application that writes the same example turns of its own before every question."""
    shown = [{"role": "user", "text": organic(rng, 3)}, {"role": "assistant", "text": prose(rng)}]
    rows = []
    for a in range(accounts):
        for _ in range(int(rng.integers(2, 8))):
            text, ts = organic(rng, a), START_US + int(rng.random() * WEEK_US)
            own = {"ip": f"192.0.{a}.9", "user_agent": "pebble/1", "payment_id": f"card-{a}"}
            messages = [*shown, {"role": "user", "text": text}]
            rows.append(event(f"app-{a:03d}", text, ts, messages=messages, output_text=prose(rng), **own))
    return rows


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    """A week with honest conversations, a relay and an application with examples."""
    rng = np.random.default_rng(2)
    now = people(rng, START_US) + relayed(rng) + with_examples(rng)
    return scanned(tmp_path_factory.mktemp("week"), now, reference(rng))


@pytest.mark.slow
def test_honest_conversations_and_examples_of_ones_own_raise_nothing(week):
    found, told = week
    raised = {a["account_id"].split("-")[0] for c in found["campaigns"] for a in c["accounts"]}
    assert raised == {"relay"}
    assert set(told) <= {"relay", "app"}


@pytest.mark.slow
def test_trace_cleaning_is_linked_by_the_outputs_that_come_back(tmp_path):
    rng = np.random.default_rng(2)
    found, told = scanned(tmp_path, people(rng, START_US) + cleaning(rng), reference(rng))
    assert set(told) == {"pool"}
    assert "returned_outputs" in told["pool"]
    assert "foreign_turns" not in told["pool"]
    assert [c["explanation"] for c in found["campaigns"]] == ["extraction"]
    assert len(found["campaigns"][0]["accounts"]) == 20


def test_relayed_histories_are_seen_as_foreign(week):
    found, told = week
    assert "foreign_turns" in told["relay"]
    assert "never issued here" in told["relay"]
    assert [c["explanation"] for c in found["campaigns"]] == ["relay"]


@pytest.mark.slow
def test_answers_harvested_before_the_input_are_known_from_a_kept_ledger(tmp_path):
    rng = np.random.default_rng(4)
    rows = cleaning(rng)
    early = [r for r in rows if r["ts"] < START_US + 3 * DAY_US]
    late = [r for r in rows if r["ts"] >= START_US + 3 * DAY_US]
    now = [{k: v for k, v in r.items() if k != "output_text"} for r in people(rng, START_US) + late]
    before = [{k: v for k, v in r.items() if k != "output_text"} for r in reference(rng)]
    env = {"STILLWATCH_SECRET": "env:KEY_OF_MINE", "KEY_OF_MINE": "secret"}
    write(tmp_path / "early", early)
    program("ledger", "build", tmp_path / "kept", tmp_path / "early", env=env)
    _, told = scanned(tmp_path / "now", now, before, "--ledger", tmp_path / "kept", env=env)
    assert "returned_outputs" in told["pool"]
    assert "foreign_turns" not in told["pool"]
