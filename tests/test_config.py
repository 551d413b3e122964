"""A setting that is missing or unsafe stops the start, with one sentence that says how to mend it."""

from __future__ import annotations

import pytest

from intake.config import INSTANCE, ConfigError, from_environment, secret_path

SECRET = "0123456789abcdef0123456789abcdef"
GOOD = {"SECRET_KEY": SECRET}


def test_with_a_secret_alone_the_clinic_is_served_on_this_machine():
    config = from_environment(GOOD)
    assert (config.host, config.port, config.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert config.database_url == f"sqlite:///{INSTANCE / 'intake.db'}"
    assert config.secret == SECRET.encode()
    assert not config.is_secure


def test_the_cost_of_a_password_is_no_setting():
    assert from_environment(GOOD).password_cost.memory == 19 * 1024


def test_a_clinic_behind_https_is_secure():
    config = from_environment({**GOOD, "HOST": "0.0.0.0", "PUBLIC_URL": "https://forms.example.org/"})
    assert config.public_url == "https://forms.example.org"
    assert config.is_secure


def test_the_secret_does_not_show_in_a_trace():
    assert SECRET not in repr(from_environment(GOOD))


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
        ({"HOST": "0.0.0.0"}, "set PUBLIC_URL to the https address"),
        ({"PUBLIC_URL": "http://forms.example.org"}, "health data needs https"),
        ({"PUBLIC_URL": "forms.example.org"}, "give an address like"),
        ({"PUBLIC_URL": "https://example.org/forms"}, "without a path"),
        ({"PUBLIC_URL": "ftp://example.org"}, "give an address like"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
    ],
)
def test_a_setting_that_will_not_do_is_named(settings, message):
    with pytest.raises(ConfigError, match=message) as raised:
        from_environment({**GOOD, **settings})
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("url", ["sqlite:///x.db", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_both_databases_are_known(url):
    assert from_environment({**GOOD, "DATABASE_URL": url}).database_url == url


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "secret.key"
    path.write_text(f"{SECRET}\n", encoding="ascii")
    path.chmod(0o600)
    return path


def test_the_secret_can_lie_in_a_file(key_file):
    assert from_environment({"SECRET_KEY_FILE": str(key_file)}).secret == SECRET.encode()
    assert secret_path({}) == INSTANCE / "secret.key"


def test_a_missing_secret_says_what_makes_one(tmp_path):
    with pytest.raises(ConfigError, match="make secret"):
        from_environment({"SECRET_KEY_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_secret_others_can_read_is_refused(key_file, mode):
    key_file.chmod(mode)
    with pytest.raises(ConfigError, match="chmod 600"):
        from_environment({"SECRET_KEY_FILE": str(key_file)})


def test_a_secret_file_that_is_too_short_is_refused(key_file):
    key_file.write_text("short", encoding="ascii")
    with pytest.raises(ConfigError, match="too short"):
        from_environment({"SECRET_KEY_FILE": str(key_file)})
