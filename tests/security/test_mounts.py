"""What lies under a path."""

from __future__ import annotations

import os

import pytest

from intake.security import mounts

TABLE = "/dev/sda1 / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n/dev/sdb /run/disk\\040one xfs rw 0 0\n"


@pytest.fixture
def mounted(tmp_path):
    path = tmp_path / "mounts"
    path.write_text(TABLE)
    return path


def test_the_nearest_mount_counts(mounted, tmp_path):
    assert mounts.kind(tmp_path, mounted) == "ext4"
    assert mounts.is_memory(mounts.Path("/run/secrets/root"), mounted)
    assert not mounts.is_memory(mounts.Path("/run/disk one/root"), mounted)
    assert not mounts.is_memory(mounts.Path("/runaway/root"), mounted)


def test_a_system_that_does_not_tell_counts_as_disk(tmp_path):
    assert not mounts.is_memory(tmp_path, tmp_path / "none")
    assert not mounts.is_seen_encrypted(tmp_path, tmp_path / "none")


def device(folder, uuid, *below):
    (folder / "dm").mkdir(parents=True)
    (folder / "dm" / "uuid").write_text(uuid)
    (folder / "slaves").mkdir()
    for number, (name, inner) in enumerate(below):
        device(folder / "slaves" / f"{number}", name, *inner)


@pytest.mark.parametrize(
    ("uuid", "below", "encrypted"),
    [
        ("CRYPT-LUKS2-x", (), True),
        ("LVM-x", (("CRYPT-LUKS2-x", ()),), True),
        ("LVM-x", (("CRYPT-LUKS2-x", ()), ("LVM-y", ())), False),
        ("LVM-x", (), False),
    ],
)
def test_encryption_is_seen_also_below_a_volume(tmp_path, uuid, below, encrypted):
    number = tmp_path.stat().st_dev
    device(tmp_path / "dev" / f"{os.major(number)}:{os.minor(number)}", uuid, *below)
    assert mounts.is_seen_encrypted(tmp_path, tmp_path / "dev") is encrypted


def test_swap_in_memory_is_no_disk(tmp_path):
    swaps = tmp_path / "swaps"
    swaps.write_text("Filename Type Size Used Priority\n/dev/zram0 partition 1 0 100\n/swapfile file 1 0 -2\n")
    assert mounts.plain_swap(swaps) == ["/swapfile"]
    assert mounts.plain_swap(tmp_path / "none") == []
