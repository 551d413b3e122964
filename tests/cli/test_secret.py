"""The key that signs cookies and hashes codes."""

from __future__ import annotations

import stat

from intake.cli import secret
from intake.config import from_environment


def test_the_key_is_long_random_and_only_its_owner_can_read_it(tmp_path):
    first, second = tmp_path / "deep" / "secret.key", tmp_path / "other.key"
    assert secret.make_secret(first)
    assert secret.make_secret(second)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.parent.stat().st_mode) & 0o077 == 0
    assert len(first.read_text()) >= 43
    assert first.read_text() != second.read_text()


def test_a_key_that_is_there_is_never_replaced(tmp_path):
    path = tmp_path / "secret.key"
    secret.make_secret(path)
    before = path.read_text()
    assert not secret.make_secret(path)
    assert path.read_text() == before


def test_the_app_takes_the_key_that_was_made(tmp_path):
    path = tmp_path / "secret.key"
    secret.make_secret(path)
    assert from_environment({"SECRET_KEY_FILE": str(path)}).secret == path.read_text().encode()


def test_no_file_is_made_when_the_key_comes_from_the_environment(tmp_path, monkeypatch, capsys):
    path = tmp_path / "secret.key"
    monkeypatch.setenv("SECRET_KEY_FILE", str(path))
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    secret.main()
    assert not path.exists()
    monkeypatch.delenv("SECRET_KEY")
    secret.main()
    assert path.read_text() not in capsys.readouterr().out
