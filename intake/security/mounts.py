"""What lies under a path: memory, an encrypted disk, or a disk that anybody can take away and read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

MEMORY = frozenset({"tmpfs", "ramfs"})
MOUNTS, SWAPS, DEVICES = Path("/proc/self/mounts"), Path("/proc/swaps"), Path("/sys/dev/block")


def kind(path: Path, mounts: Path = MOUNTS) -> str:
    """The kind of file system a path lies on, such as "ext4"; "" where the system does not tell."""
    real = str(path.resolve())
    longest, found = -1, ""
    for point, system in _mounted(mounts):
        if (real == point or real.startswith(point.rstrip("/") + "/")) and len(point) >= longest:
            longest, found = len(point), system
    return found


def _mounted(mounts: Path) -> list[tuple[str, str]]:
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [(parts[1].replace("\\040", " "), parts[2]) for line in lines if len(parts := line.split()) > 2]  # noqa: PLR2004 - the third is the kind


def is_memory(path: Path, mounts: Path = MOUNTS) -> bool:
    """Whether the path lies in memory, as secrets do that systemd, Docker or Kubernetes hand over."""
    return kind(path, mounts) in MEMORY


def is_seen_encrypted(path: Path, devices: Path = DEVICES) -> bool:
    """Whether the disk under the path is seen to be encrypted by Linux itself (dm-crypt, also below LVM).

    What a cloud, a drive or a host of virtual machines encrypts cannot be seen from here.
    """
    try:
        number = path.stat().st_dev
    except OSError:
        return False
    return _is_crypt(devices / f"{os.major(number)}:{os.minor(number)}")


def _is_crypt(device: Path, depth: int = 8) -> bool:
    try:
        uuid = (device / "dm" / "uuid").read_text(encoding="ascii")
        below: Iterable[Path] = sorted((device / "slaves").iterdir())
    except OSError:
        return False
    if uuid.startswith("CRYPT-"):
        return True
    under = list(below)
    return bool(under) and depth > 0 and all(_is_crypt(each, depth - 1) for each in under)


def plain_swap(swaps: Path = SWAPS) -> list[str]:
    """The devices and files of swap that are not seen to be encrypted and do not live in memory."""
    try:
        lines = swaps.read_text(encoding="ascii", errors="replace").splitlines()[1:]
    except OSError:
        return []
    names = [line.split()[0] for line in lines if line.strip()]
    return [name for name in names if "/zram" not in name and not _is_crypt_device(Path(name))]


def _is_crypt_device(path: Path) -> bool:
    try:
        status = path.stat()
    except OSError:
        return False
    number = status.st_rdev or status.st_dev
    return _is_crypt(DEVICES / f"{os.major(number)}:{os.minor(number)}")
