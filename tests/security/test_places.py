"""Where the root key lies when nobody says where: found again, outside the data, and somewhere even without a home."""

from __future__ import annotations

import os

import pytest

from intake.security import places
from intake.security.places import key_file, key_name


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(places.pwd, "getpwuid", lambda uid: (_ for _ in ()).throw(KeyError(uid)))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def chosen(tmp_path, **environ):
    return key_file("clinic.key", data=tmp_path / "data", code=tmp_path / "code", environ=environ)


def test_it_lies_among_the_settings_of_the_account(tmp_path, home):
    assert chosen(tmp_path, HOME=str(home)) == home / ".config" / "fernleaf" / "clinic.key"
    own = chosen(tmp_path, HOME=str(home), XDG_CONFIG_HOME=str(tmp_path / "x"))
    assert own == tmp_path / "x" / "fernleaf" / "clinic.key"


@pytest.mark.parametrize("odd", ["", "relative", "/", "/nonexistent", "/proc/self"])
def test_an_account_without_a_home_keeps_it_in_the_project_but_not_among_the_data(tmp_path, home, odd):
    (tmp_path / "code").mkdir()
    if odd == "/proc/self" and os.geteuid() == 0:
        odd = "/dev/null"
    assert chosen(tmp_path, HOME=odd) == tmp_path / "code" / ".keys" / "clinic.key"


def test_a_key_that_is_there_is_found_whatever_home_says_today(tmp_path, home):
    kept = tmp_path / "code" / ".keys" / "clinic.key"
    kept.parent.mkdir(parents=True)
    kept.touch()
    assert chosen(tmp_path, HOME=str(home)) == kept


def test_a_home_that_holds_the_data_is_no_place_for_the_key(tmp_path, home):
    (tmp_path / "code").mkdir()
    inside = key_file("clinic.key", data=home, code=tmp_path / "code", environ={"HOME": str(home)})
    assert inside == tmp_path / "code" / ".keys" / "clinic.key"


def test_every_database_and_every_provider_has_a_file_of_its_own():
    names = {key_name(database, kind) for database in ("/a/x.db", "/b/x.db") for kind in ("file", "passphrase", "kms")}
    assert len(names) == 6
    assert key_name("/a/x.db", "file") == key_name("/a/x.db", "file")
    assert "/" not in key_name("postgresql://u@h/clinic?sslmode=verify-full", "file")
