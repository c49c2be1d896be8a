"""The disk under a folder: room, health, and what was written to it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from player.machine._roots import Roots, parse_int, read_int, read_text
from player.machine._shapes import Disk, Life

_SECTOR_BYTES = 512
"""Of ``/proc/diskstats``, whatever the device's own are (kernel, Documentation/admin-guide/iostats.rst)."""
_EMMC_UNTOLD, _EMMC_OVER = 0, 11
_OCTAL = ("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")


@dataclass(frozen=True, slots=True)
class Mount:
    """The file system that holds a folder (proc(5), mountinfo)."""

    device: str
    """``major:minor``."""
    kind: str
    source: str
    read_only: bool


def read_disk(folder: Path, roots: Roots, card_tbw: float) -> Disk:
    """All but ``written_today_bytes``. ``card_tbw``: terabytes that may be written in its life; 0 is unknown."""
    mount = find_mount(folder, roots)
    partition = _partition(mount, roots)
    disk = _whole(partition, roots)
    total, free = _room(folder)
    ext4 = roots.sys / "fs/ext4" / partition if partition else None
    ever_kb = read_int(ext4 / "lifetime_write_kbytes") if ext4 else None
    ever = None if ever_kb is None else ever_kb * 1024
    life, by = _life(disk, roots, ever, card_tbw)
    return Disk(
        device=disk,
        filesystem=mount.kind if mount else None,
        total_bytes=total,
        free_bytes=free,
        read_only=mount.read_only if mount else None,
        errors=read_int(ext4 / "errors_count") if ext4 else None,
        written_since_boot_bytes=_written(disk, roots),
        written_today_bytes=None,
        written_ever_bytes=ever,
        life_percent_used=life,
        life=by,
    )


def written_since_boot(folder: Path, roots: Roots) -> int | None:
    """Bytes that all programs wrote to the disk that holds a folder."""
    return _written(_whole(_partition(find_mount(folder, roots), roots), roots), roots)


def _written(disk: str | None, roots: Roots) -> int | None:
    for line in (read_text(roots.proc / "diskstats") or "").splitlines():
        words = line.split()
        sectors = parse_int(words[9]) if len(words) >= 10 and words[2] == disk else None
        if sectors is not None:
            return sectors * _SECTOR_BYTES
    return None


def find_mount(folder: Path, roots: Roots) -> Mount | None:
    """The mount with the longest path that leads to the folder; of two on one path, the later hides the former."""
    try:
        wanted = folder.resolve()
    except OSError:
        return None
    best: tuple[int, Mount] | None = None
    for line in (read_text(roots.proc / "self/mountinfo") or "").splitlines():
        head, _, tail = line.partition(" - ")
        fields, kinds = head.split(" "), tail.split(" ")
        if len(fields) < 6 or len(kinds) < 3:
            continue
        point = Path(_plain(fields[4]))
        if (wanted == point or point in wanted.parents) and (best is None or len(point.parts) >= best[0]):
            read_only = "ro" in fields[5].split(",") or "ro" in kinds[2].split(",")
            best = len(point.parts), Mount(fields[2], kinds[0], _plain(kinds[1]), read_only)
    return best[1] if best else None


def _partition(mount: Mount | None, roots: Roots) -> str | None:
    """The block device's name: by its number, else (btrfs, overlays) by the name it was mounted by."""
    if mount is None:
        return None
    link = roots.sys / "dev/block" / mount.device
    if link.exists():
        return link.resolve().name
    name = Path(mount.source).name
    return name if mount.source.startswith("/dev/") and (roots.sys / "class/block" / name).exists() else None


def _whole(partition: str | None, roots: Roots) -> str | None:
    """The disk that a partition is on: the folder above it in sysfs."""
    if partition is None:
        return None
    folder = (roots.sys / "class/block" / partition).resolve()
    return folder.parent.name if (folder / "partition").exists() else partition


def _room(folder: Path) -> tuple[int | None, int | None]:
    try:
        room = os.statvfs(folder)
    except OSError:
        return None, None
    return room.f_blocks * room.f_frsize, room.f_bavail * room.f_frsize


def _life(disk: str | None, roots: Roots, ever: int | None, card_tbw: float) -> tuple[float | None, Life | None]:
    """What an eMMC chip says of itself, in steps of ten percent, the worse of its two areas; else the estimate."""
    told = (read_text(roots.sys / "class/block" / disk / "device/life_time") or "") if disk else ""
    steps = [step for word in told.split() if (step := parse_int(word)) is not None]
    worst = max(steps, default=_EMMC_UNTOLD)
    if _EMMC_UNTOLD < worst <= _EMMC_OVER:
        return worst * 10.0, "measured"
    if ever is not None and card_tbw > 0:
        return round(100 * ever / (card_tbw * 1e12), 1), "estimated"
    return None, None


def _plain(field: str) -> str:
    for octal, character in _OCTAL:
        field = field.replace(octal, character)
    return field
