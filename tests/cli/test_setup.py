"""`init`, `doctor` and `config show`."""

import json

import pytest

from stillwatch.config import KEYS, load_config


def test_init_writes_a_file_that_loads_to_the_defaults_and_is_not_replaced(run, tmp_path):
    assert run("init").exit_code == 0
    assert load_config(tmp_path / "stillwatch.toml", {}).fdr == load_config(None, {}).fdr
    (tmp_path / "stillwatch.toml").write_text("fdr = 0.3\n")
    done = run("init")
    assert done.exit_code == 2
    assert "--force" in done.stderr
    assert (tmp_path / "stillwatch.toml").read_text() == "fdr = 0.3\n"
    assert run("init", "--force").exit_code == 0


def test_the_written_file_mentions_every_key(run, tmp_path):
    run("init")
    text = (tmp_path / "stillwatch.toml").read_text()
    assert not [key for key in KEYS if f"{key} = " not in text]


def test_config_show_says_where_values_come_from_and_never_the_secret(run, tmp_path):
    (tmp_path / "stillwatch.toml").write_text('fdr = 0.2\nsecret = "env:MINE"\n')
    done = run("config", "show", env={"MINE": "s3cret", "STILLWATCH_WORKERS": "3"})
    rows = {line.split()[0]: line for line in done.stdout.splitlines()}
    assert "stillwatch.toml" in rows["fdr"]
    assert "STILLWATCH_WORKERS" in rows["workers"]
    assert "env:MINE" in rows["secret"]
    assert "s3cret" not in done.output
    assert set(rows) == set(KEYS)


def test_doctor_is_content_here_and_names_what_is_not(run, tmp_path):
    rows = json.loads(run("doctor", "--format", "json").stdout)
    assert all(row["ok"] for row in rows)
    (tmp_path / "stillwatch.toml").write_text('secret = "file:none"\n')
    done = run("doctor")
    assert done.exit_code == 4
    assert "secret" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("fdrr = 0.1\n", "did you mean 'fdr'?", id="unknown key names the nearest"),
        pytest.param("fdr = 2\n", "between 0 and 1", id="a rate above one"),
        pytest.param("fdr = nan\n", "between 0 and 1", id="a rate that is no number"),
        pytest.param("fdr = true\n", "between 0 and 1", id="a rate that is a truth value"),
        pytest.param("workers = 1.5\n", "whole number", id="half a worker"),
        pytest.param("accounts_min = 0\n", "whole number", id="no account"),
        pytest.param('secret = "hunter2"\n', "env:NAME", id="a secret in the file"),
        pytest.param("workspace = 3\n", "a path", id="a path that is a number"),
        pytest.param("fdr = \n", "hint", id="not TOML"),
    ],
)
def test_a_wrong_configuration_is_told(run, tmp_path, text, said):
    (tmp_path / "stillwatch.toml").write_text(text)
    done = run("config", "show")
    assert done.exit_code == 2
    assert said in done.stderr
    assert "stillwatch.toml" in done.stderr
    assert "hunter2" not in done.output


def test_a_relative_path_is_beside_the_file_that_says_it(tmp_path):
    (tmp_path / "c.toml").write_text('workspace = "w"\nsecret = "file:k"\n')
    (tmp_path / "k").write_bytes(b"key\n")
    config = load_config(tmp_path / "c.toml", {})
    assert config.workspace == tmp_path / "w"
    assert config.secret_bytes({}) == b"key"
