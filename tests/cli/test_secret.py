"""The root key of a new clinic: made once, outside the data, and never in place of one that is missing."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys

import pytest

from intake.cli.keys.first import make_key
from intake.config import ROOT, ConfigError, from_environment, key_settings
from intake.store import migrations
from intake.store.engine import connect


@pytest.fixture
def environ(tmp_path):
    (tmp_path / "home").mkdir()
    return {"HOME": str(tmp_path / "home"), "DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'clinic.db'}"}


def test_the_key_is_random_private_and_not_among_the_data(environ, tmp_path):
    assert make_key(environ)
    path = key_settings(environ).file
    assert path.is_relative_to(tmp_path / "home" / ".config" / "fernleaf")
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert from_environment(environ).keys.current.secret.hex() in path.read_text()


def test_one_line_says_what_the_key_does_not_protect(environ):
    told = make_key(environ)
    assert "\n" not in told
    assert "whoever takes an unencrypted disk has both" in told
    assert not re.search(r"[0-9a-f]{64}", told)


def test_a_key_that_is_there_is_never_replaced(environ):
    make_key(environ)
    before = from_environment(environ).keys
    assert make_key(environ) is None
    assert from_environment(environ).keys == before


def test_two_databases_have_two_keys(environ, tmp_path):
    other = {**environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'other' / 'clinic.db'}"}
    assert make_key(environ)
    assert make_key(other)
    assert from_environment(environ).keys != from_environment(other).keys


def test_no_file_is_made_when_the_keys_come_from_elsewhere(environ):
    assert make_key({**environ, "KEY_PROVIDER": "env", "KEY_ROOT": "00" * 32}) is None
    assert make_key({**environ, "KEY_PROVIDER": "passphrase"}) is None
    assert not key_settings(environ).file.exists()


def test_a_database_whose_key_is_missing_gets_no_new_one(environ, tmp_path, url):
    environ["DATABASE_URL"] = url
    with pytest.raises(ConfigError, match="flask keys recover"):
        make_key(environ)
    assert not key_settings(environ).file.exists()
    assert make_key(environ, even_if_used=True)


def test_an_empty_database_is_new(environ, empty_url):
    assert make_key({**environ, "DATABASE_URL": empty_url})


@pytest.mark.dear
def test_it_runs_as_a_program_where_home_is_odd(environ, tmp_path):
    settings = {**environ, "HOME": "/nonexistent", "XDG_CONFIG_HOME": str(tmp_path / "settings")}
    command = [sys.executable, "-m", "intake.cli.secret"]
    done = subprocess.run(
        command, env={**os.environ, **settings}, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.count("\n") == 1
    engine = connect(environ["DATABASE_URL"])
    migrations.upgrade(engine)
    engine.dispose()
    key_settings(settings).file.unlink()
    lost = subprocess.run(
        command, env={**os.environ, **settings}, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert lost.returncode == 1
    assert "put the key back" in lost.stderr
    assert "Traceback" not in lost.stderr
