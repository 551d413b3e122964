"""Every key provider gives back the keys it was given, and says in one sentence why it cannot."""

from __future__ import annotations

import socket
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import hvac
import pytest

from intake.security import keyfile, unlocking
from intake.security.keyfile import KeySourceError
from intake.security.keys import KeyRing, UnknownRootError
from intake.security.providers import kms, table
from intake.security.providers import vault as vaults
from intake.security.providers.files import UnderPassphrase
from intake.security.providers.settings import Settings
from tests.certificates import Authority, context
from tests.transit import TOKEN, transit

WORDS = "seven green kettles hum"
RING = KeyRing(table.new_root(), (table.new_root(),))


@pytest.fixture
def settings(tmp_path, monkeypatch):
    data = tmp_path / "data"
    data.mkdir()
    keys = tmp_path / "keys"
    monkeypatch.chdir(tmp_path)  # the socket is named from here: whole paths of temporary folders may be too long
    return Settings(
        file=keys / "clinic.key", socket=Path("clinic.sock"), ledger=keys / "clinic.shredded", data=data,
        credentials=tmp_path / "credentials",
    )  # fmt: skip


@pytest.fixture
def vault(settings):
    with transit() as server:
        known = replace(settings, provider="kms", vault_address=server.address, vault_token=TOKEN)
        yield server, known


def in_file(settings):
    table.chosen(settings).write(RING)
    return table.chosen(settings)


def under_passphrase(settings):
    UnderPassphrase(settings, ask=lambda: WORDS).write(RING)
    return UnderPassphrase(settings, ask=lambda: WORDS)


def in_environment(settings):
    return table.chosen(replace(settings, provider="env", root=keyfile.written(RING)))


def in_credentials(settings):
    settings.credentials.mkdir()
    (settings.credentials / "fernleaf-root").write_text(keyfile.written(RING))
    return table.chosen(replace(settings, provider="systemd-creds"))


def test_each_provider_gives_back_the_keys(settings, vault):
    def under_kms(_settings):
        table.chosen(vault[1]).write(RING)
        return table.chosen(vault[1])

    makers = {
        "file": in_file, "passphrase": under_passphrase, "systemd-creds": in_credentials, "env": in_environment,
        "kms": under_kms,
    }  # fmt: skip
    assert makers.keys() == table.PROVIDERS.keys()
    for name, make in makers.items():
        provider = make(replace(settings, file=settings.file.with_name(name)))
        assert provider.exists(), name
        assert provider.problem() is None, name
        assert provider.read() == RING, name


def test_a_provider_nobody_knows_is_answered_with_the_ones_there_are(settings):
    with pytest.raises(KeySourceError, match="file, passphrase, systemd-creds, kms, env"):
        table.chosen(replace(settings, provider="dongle"))


def test_what_each_stops_and_does_not_stop_is_said():
    assert all(kind.stops.endswith(".") and kind.does_not_stop.endswith(".") for kind in table.PROVIDERS.values())


def test_only_the_bare_file_holds_a_key_that_can_be_read_without_more(settings, vault):
    places = {name: settings.file.with_name(name) for name in ("file", "passphrase", "kms")}
    in_file(replace(settings, file=places["file"]))
    under_passphrase(replace(settings, file=places["passphrase"]))
    table.chosen(replace(vault[1], file=places["kms"])).write(RING)
    held = {name: RING.current.secret.hex().encode() in path.read_bytes() for name, path in places.items()}
    assert held == {"file": True, "passphrase": False, "kms": False}


# ---------------------------------------------------------------- file


def test_a_file_others_can_read_is_refused(settings):
    in_file(settings)
    settings.file.chmod(0o440)
    provider = table.chosen(settings)
    with pytest.raises(KeySourceError, match="chmod 400"):
        provider.read()
    assert "chmod 400" in provider.problem()


def test_a_running_program_finds_a_root_key_that_was_made_meanwhile(settings):
    in_file(settings)
    running, newer = table.ring(settings), RING.turned(table.new_root())
    table.chosen(settings).write(newer)
    assert running.current == RING.current
    assert running.root(newer.current.id) == newer.current
    assert running.current == newer.current
    settings.file.unlink()
    with pytest.raises(UnknownRootError):
        running.root("00000000")
    assert running == newer


# ---------------------------------------------------------------- passphrase


def test_a_wrong_passphrase_is_said_to_be_wrong(settings):
    under_passphrase(settings)
    with pytest.raises(KeySourceError, match="does not open"):
        UnderPassphrase(settings, ask=lambda: "seven green kettles hiss").read()


def test_a_file_that_is_not_under_a_passphrase_is_said_to_be_none(settings):
    in_file(settings)
    with pytest.raises(KeySourceError, match="no keys under a passphrase"):
        UnderPassphrase(settings, ask=lambda: WORDS).read()


@pytest.mark.dear
def test_a_server_without_a_terminal_waits_until_it_is_unlocked(settings, monkeypatch, capsys):
    under_passphrase(settings)
    monkeypatch.setattr(sys, "stdin", None)
    rings = []
    locked = replace(settings, provider="passphrase")
    server = threading.Thread(target=lambda: rings.append(table.ring(locked)), daemon=True)
    server.start()
    until, told = time.monotonic() + 10, ""
    while "flask keys unlock" not in told and time.monotonic() < until:
        server.join(0.01)
        told += capsys.readouterr().err
    assert "flask keys unlock" in told
    assert not unlocking.hand_over(settings.socket, "seven green kettles hiss")
    assert server.is_alive()
    assert unlocking.hand_over(settings.socket, WORDS)
    server.join(10)
    assert rings == [RING]


def test_an_unlocked_server_reads_on_after_a_rotation_without_asking_again(settings):
    opened = under_passphrase(settings)
    asked = []
    opened.ask = lambda: asked.append(1) or WORDS
    assert opened.read() == RING
    newer = RING.turned(table.new_root())
    opened.write(newer)
    assert opened.read() == newer
    assert asked == [1]


# ---------------------------------------------------------------- what is handed over


def test_a_variable_is_refused_in_production_and_a_secret_mount_is_not(settings, monkeypatch):
    provider = in_environment(replace(settings, production=True))
    with pytest.raises(KeySourceError, match="secret mount"):
        provider.read()
    mounted = settings.data.parent / "root"
    mounted.write_text(keyfile.written(RING))
    known = replace(settings, provider="env", production=True, root_file=mounted)
    assert "secret mount" in table.chosen(known).problem()
    monkeypatch.setattr("intake.security.mounts.is_memory", lambda path: path == mounted)
    assert table.chosen(known).read() == RING
    assert "cannot be read" in table.chosen(replace(known, production=False, root_file=Path("/none"))).problem()


def test_keys_that_somebody_else_hands_over_cannot_be_changed_here(settings):
    for provider in (in_environment(settings), in_credentials(settings)):
        with pytest.raises(KeySourceError, match="cannot change"):
            provider.write(RING)


def test_without_credentials_from_systemd_the_line_of_the_unit_is_named(settings):
    provider = table.chosen(replace(settings, provider="systemd-creds", credentials=None))
    with pytest.raises(KeySourceError, match="LoadCredentialEncrypted=fernleaf-root"):
        provider.read()
    assert not provider.exists()


# ---------------------------------------------------------------- a key service


def test_a_sealed_vault_a_wrong_token_and_an_absent_one_are_told_apart_from_a_good_one(vault):
    server, settings = vault
    table.chosen(settings).write(RING)
    assert server.asked == ["/v1/transit/encrypt/fernleaf"]
    refused = {
        "Forbidden": replace(settings, vault_token="another"),
        "InvalidPath": replace(settings, vault_key="other"),
        "ConnectionError": replace(settings, vault_address="http://127.0.0.1:9"),
    }
    for kind, wrong in refused.items():
        with pytest.raises(KeySourceError, match=kind) as raised:
            table.chosen(wrong).read()
        assert TOKEN not in str(raised.value)
    server.sealed = True
    with pytest.raises(KeySourceError, match="VaultDown"):
        table.chosen(settings).read()


def test_a_key_service_that_sends_us_elsewhere_is_not_followed(vault):
    server, settings = vault
    with transit() as elsewhere:
        server.moved_to = elsewhere.address
        with pytest.raises(KeySourceError):
            table.chosen(settings).write(RING)
        assert elsewhere.asked == []
    assert len(server.asked) == 1


def test_a_client_that_follows_would_have_told_the_token(vault, monkeypatch):
    """The control: were redirects followed, the other service would be asked."""
    server, settings = vault
    init = hvac.Client.__init__
    monkeypatch.setattr(hvac.Client, "__init__", lambda self, **more: init(self, **{**more, "allow_redirects": True}))
    with transit() as elsewhere:
        server.moved_to = elsewhere.address
        table.chosen(settings).write(RING)
        assert elsewhere.asked == server.asked


def test_a_key_service_that_somebody_else_plays_is_asked_nothing(settings, tmp_path, monkeypatch):
    authority = Authority(tmp_path)
    for name, vouched in ((authority.certified(), False), (authority.certified(days=-1), True)):
        with transit(context(name)) as server:
            known = replace(settings, provider="kms", vault_address=server.address, vault_token=TOKEN)
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file) if vouched else "")
            with pytest.raises(KeySourceError, match="SSLError"):
                table.chosen(known).write(RING)
            assert server.asked == []


def test_a_key_service_that_says_nothing_is_not_waited_for(settings, monkeypatch):
    monkeypatch.setattr(vaults, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        known = replace(settings, provider="kms", vault_address=address, vault_token=TOKEN)
        with pytest.raises(KeySourceError, match="Timeout"):
            table.chosen(known).write(RING)


def test_one_that_is_vouched_for_is_used(settings, tmp_path, monkeypatch):
    authority = Authority(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    with transit(context(authority.certified())) as server:
        known = replace(settings, provider="kms", vault_address=server.address, vault_token=TOKEN)
        table.chosen(known).write(RING)
        assert table.chosen(known).read() == RING


def test_a_file_another_vault_wrapped_does_not_open(vault):
    _server, settings = vault
    table.chosen(settings).write(RING)
    with transit() as other, pytest.raises(KeySourceError, match="InvalidRequest"):
        table.chosen(replace(settings, vault_address=other.address)).read()
    assert table.chosen(settings).read() == RING


def test_a_token_can_lie_in_a_private_file(vault):
    _server, settings = vault
    token = settings.file.with_name("token")
    keyfile.write(token, f"{TOKEN}\n".encode(), None)
    known = replace(settings, vault_token="", vault_token_file=token)
    table.chosen(known).write(RING)
    assert table.chosen(known).read() == RING
    token.chmod(0o444)
    assert "chmod 400" in table.chosen(known).problem()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"vault_address": ""}, "VAULT_ADDR"),
        ({"vault_address": "http://vault.example.org:8200"}, "VAULT_ADDR"),
        ({"vault_address": "http://127.0.0.1.example.org:8200"}, "VAULT_ADDR"),
        ({"vault_token": ""}, "VAULT_TOKEN_FILE"),
        ({"kms": "cloud"}, "KMS is 'cloud': use vault"),
    ],
)
def test_a_key_service_that_is_not_set_up_is_said_to_be(vault, change, said):
    _server, settings = vault
    table.chosen(settings).write(RING)
    wrong = replace(settings, **change)
    assert said in table.chosen(wrong).problem()
    with pytest.raises(KeySourceError, match=said):
        table.chosen(wrong).read()


def test_without_its_library_the_command_that_installs_it_is_named(vault, monkeypatch):
    monkeypatch.setitem(sys.modules, "hvac", None)
    with pytest.raises(KeySourceError, match="pip install 'hvac"):
        kms.KMS["vault"](vault[1]).wrap(b"x")
