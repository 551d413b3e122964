"""Files that hold keys are believed only while they are private, and are written whole or not at all."""

from __future__ import annotations

import os
import stat

import pytest

from intake.security import keyfile
from intake.security.keyfile import KeySourceError
from intake.security.keys import KeyRing, RootKey

OLD, NEW = RootKey.of(bytes(range(32))), RootKey.of(bytes(range(1, 33)))
RING = KeyRing(NEW, (OLD,))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings" / "clinic.key"


@pytest.fixture
def data(tmp_path):
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def test_a_ring_is_read_as_it_was_written(path, data):
    keyfile.write(path, keyfile.written(RING).encode(), data)
    assert keyfile.parsed(keyfile.read(path, data).decode(), "it") == RING
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_ring_fits_into_one_line_for_a_variable():
    assert keyfile.parsed(f"{NEW.secret.hex()},{OLD.id} {OLD.secret.hex().upper()}", "KEY_ROOT") == RING


@pytest.mark.parametrize(
    "text", ["00" * 31, "00" * 33, f"{OLD.id} {NEW.secret.hex()}", "secret", f"{OLD.secret.hex()},x"]
)
def test_a_damaged_key_is_said_to_be_damaged_and_not_shown(text):
    with pytest.raises(KeySourceError, match="KEY_ROOT is damaged") as raised:
        keyfile.parsed(text, "KEY_ROOT")
    assert text not in str(raised.value)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n"])
def test_a_file_without_a_key_says_what_brings_it_back(text):
    with pytest.raises(KeySourceError, match="flask keys recover"):
        keyfile.parsed(text, "it")


def inside(path, data):
    moved = data / "deep" / "clinic.key"
    keyfile.write(moved, b"x", None)
    return moved


def linked_inside(path, data):
    link = path.with_name("link.key")
    link.symlink_to(inside(path, data))
    return link


def mode(bits):
    return lambda path, data: path.chmod(bits)


FAULTS = {
    "read by the group": (mode(0o440), "chmod 400"),
    "read by others": (mode(0o404), "chmod 400"),
    "written by others": (mode(0o602), "chmod 400"),
    "somebody else's": (lambda path, data: os.chown(path, 12345, -1), "belongs to somebody else"),
    "missing": (lambda path, data: path.unlink(), "There is no key file"),
    "a folder": (lambda path, data: path.unlink() or path.mkdir(), "no plain file"),
    "in a folder others may change": (lambda path, data: path.parent.chmod(0o777), "Others can replace"),
    "with the data": (inside, "inside the data folder"),
    "with the data behind a link": (linked_inside, "inside the data folder"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_is_not_private_is_refused_in_one_sentence(path, data, fault):
    if fault == "somebody else's" and os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    keyfile.write(path, keyfile.written(RING).encode(), data)
    assert keyfile.reason_against(path, data) is None
    plant, said = FAULTS[fault]
    refused = plant(path, data) or path
    with pytest.raises(KeySourceError, match=said) as raised:
        keyfile.read(refused, data)
    assert "\n" not in str(raised.value)


def test_no_key_is_ever_written_among_the_data(data):
    with pytest.raises(KeySourceError, match="inside the data folder"):
        keyfile.write(data / "clinic.key", b"x", data)
    assert not list(data.iterdir())


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(KeySourceError, match="cannot be written"):
        keyfile.write(tmp_path / "file" / "clinic.key", b"x", None)


def test_only_one_at_a_time_changes_the_keys(path):
    with keyfile.alone(path), pytest.raises(KeySourceError, match="Somebody else"), keyfile.alone(path):
        pass
    with keyfile.alone(path):
        pass
