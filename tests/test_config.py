"""A setting that is missing or unsafe stops the start, with one sentence that says how to mend it."""

from __future__ import annotations

import pytest

from intake.config import INSTANCE, ConfigError, from_environment, key_settings, mail_server

ROOT_KEY = "0123456789abcdef" * 4
GOOD = {"KEY_PROVIDER": "env", "KEY_ROOT": ROOT_KEY}


def test_with_a_key_alone_the_clinic_is_served_on_this_machine():
    config = from_environment(GOOD)
    assert (config.host, config.port, config.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert config.database_url == f"sqlite:///{INSTANCE / 'intake.db'}"
    assert config.keys.current.secret == bytes.fromhex(ROOT_KEY)
    assert not config.is_secure
    assert not config.production


def test_the_cost_of_a_password_is_no_setting():
    assert from_environment(GOOD).password_cost.memory == 19 * 1024


def test_a_clinic_behind_https_is_secure():
    config = from_environment({**GOOD, "HOST": "0.0.0.0", "PUBLIC_URL": "https://forms.example.org/"})
    assert config.public_url == "https://forms.example.org"
    assert config.is_secure


def test_no_key_shows_in_a_trace():
    shown = repr(from_environment(GOOD)) + repr(key_settings({**GOOD, "VAULT_TOKEN": "a token"}))
    assert ROOT_KEY not in shown
    assert "a token" not in shown


@pytest.mark.parametrize("port", ["1", "8080", "65535"])
def test_a_port_is_a_number(port):
    assert from_environment({**GOOD, "PORT": port}).port == int(port)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"PORT": "http"}, "PORT is 'http'"),
        ({"PORT": "0"}, "from 1 to 65535"),
        ({"PORT": "70000"}, "from 1 to 65535"),
        ({"PORT": "-1"}, "from 1 to 65535"),
        ({"DATABASE_URL": "intake.db"}, "DATABASE_URL is not a database address"),
        ({"DATABASE_URL": "mysql://x/y"}, "only sqlite and postgresql"),
        ({"DATABASE_URL": "sqlite://"}, "names no file"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "names no file"),
        ({"DATABASE_URL": "sqlite:///file:/srv/x.db?uri=true"}, "nothing more"),
        ({"DATABASE_URL": "sqlite:///file:x.db"}, "nothing more"),
        ({"DATABASE_URL": "sqlite:////srv/x.db?uri=true"}, "nothing more"),
        ({"HOST": "0.0.0.0"}, "set PUBLIC_URL to the https address"),
        ({"PUBLIC_URL": "http://forms.example.org"}, "health data needs https"),
        ({"PUBLIC_URL": "forms.example.org"}, "give an address like"),
        ({"PUBLIC_URL": "https://example.org/forms"}, "without a path"),
        ({"PUBLIC_URL": "ftp://example.org"}, "give an address like"),
        ({"FERNLEAF_ENV": "prod"}, "FERNLEAF_ENV is 'prod'"),
        ({"FERNLEAF_ENV": "production"}, "PUBLIC_URL is no https address"),
        ({"FERNLEAF_ENV": "production", "PUBLIC_URL": "http://127.0.0.1:8000"}, "PUBLIC_URL is no https address"),
        (
            {"FERNLEAF_ENV": "production", "PUBLIC_URL": "https://forms.example.org"},
            "KEY_PROVIDER is env in production",
        ),
        ({"KEY_PROVIDER": "dongle"}, "KEY_PROVIDER is 'dongle'"),
        ({"KEY_ROOT": "short"}, "KEY_ROOT is damaged"),
        ({"KEY_ROOT": ""}, "KEY_ROOT holds no root key"),
        ({"KEY_ROOT_FILE": "/nonexistent"}, "The secret /nonexistent cannot be read"),
        ({"KEY_PROVIDER": "file", "KEY_FILE": "/nonexistent"}, "There is no key file /nonexistent"),
        ({"KEY_PROVIDER": "file", "KEY_FILE": str(INSTANCE / "root.key")}, "inside the data folder"),
        ({"KEY_PROVIDER": "systemd-creds"}, "LoadCredentialEncrypted"),
        ({"KEY_PROVIDER": "kms"}, "VAULT_ADDR"),
    ],
)
def test_a_setting_that_will_not_do_is_named(settings, message):
    with pytest.raises(ConfigError, match=message) as raised:
        from_environment({**GOOD, **settings})
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("url", ["sqlite:///x.db", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_both_databases_are_known(url):
    assert from_environment({**GOOD, "DATABASE_URL": url}).database_url == url


def test_a_key_file_belongs_to_one_database_and_follows_neither_a_password_nor_a_relative_path(tmp_path, monkeypatch):
    def place(url):
        return key_settings({"DATABASE_URL": url, "HOME": str(tmp_path)}).file

    assert place("postgresql://u:one@h/d") == place("postgresql://u:two@h/d") != place("postgresql://u@h/e")
    monkeypatch.chdir(tmp_path)
    assert place("sqlite:///a/x.db") == place(f"sqlite:///{tmp_path}/a/x.db")


def test_a_key_file_can_be_named_and_what_belongs_to_it_lies_beside_it(tmp_path):
    settings = key_settings({"KEY_FILE": str(tmp_path / "clinic.key")})
    assert settings.file == tmp_path / "clinic.key"
    assert settings.socket == tmp_path / "clinic.sock"
    assert settings.ledger == tmp_path / "fernleaf.shredded"
    assert settings.data == INSTANCE


def test_keys_are_derived_one_for_each_purpose(app):
    keys = app.config["KEYS"]
    assert app.config["SECRET"] == keys.derive("tokens")
    assert len({app.config["SECRET"], app.config["SECRET_KEY"], keys.current.secret}) == 3


def test_mail_comes_from_the_clinic_s_own_address_or_from_the_name_of_the_server():
    named = mail_server({"MAIL_FROM": "office@forms.example.org"}, "https://x.example")
    assert named.sender == "office@forms.example.org"
    assert mail_server({}, "https://x.example").sender == "fernleaf@x.example"


@pytest.mark.parametrize("wrong", ["nobody", "Office <office@example.org>", "a@b.org\nBcc: c@d.org", "a b@c.d"])
def test_an_address_mail_cannot_come_from_is_named(wrong):
    with pytest.raises(ConfigError, match="MAIL_FROM"):
        mail_server({"MAIL_FROM": wrong})
