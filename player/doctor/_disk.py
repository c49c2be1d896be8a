"""The disk: can it be written, is there room, does it wear out?"""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from player.doctor._finding import Finding, worst
from player.doctor._patient import Patient

_LEAST_FREE_BYTES = 200_000_000
_LEAST_FREE_FILES = 2_000
_PROBE = b"probe" * 2_000
_WORN_PERCENT = 80.0
_FREE = "Free some space (ooh-player cache gc), or lower cache.max_bytes."
_CARD = "Copy the plays off (ooh-player plays export), then replace the card."


def look_at_disk(patient: Patient) -> Finding:
    """The folder that holds journal and cache: a probe is written to the card itself, not to its cache in memory."""
    folder = _nearest(patient.folders.state)
    try:
        room = os.statvfs(folder)
        if not room.f_flag & os.ST_RDONLY:
            _probe(folder)
    except OSError as error:
        return _refused(patient, folder, error.errno, error.strerror)
    if room.f_flag & os.ST_RDONLY:
        return _refused(patient, folder, errno.EROFS)
    free = room.f_bavail * room.f_frsize
    if free < _LEAST_FREE_BYTES:
        return Finding("disk", "fail", f"full: only {free / 1e6:.0f} MB free under {folder}", _FREE)
    if room.f_files and room.f_favail < _LEAST_FREE_FILES:
        return Finding("disk", "fail", f"full: only {room.f_favail} more files fit under {folder}", _FREE)
    if not _is_ours(patient, folder):
        step = f"sudo chown -R {patient.user.name}: {folder}"
        return Finding("disk", "fail", f"{folder} cannot be written by {patient.user.name}", step)
    return _budget(patient, folder, free)


def _budget(patient: Patient, folder: Path, free: int) -> Finding:
    """What the cache may still grow by must fit beside the journal."""
    most = patient.config.cache.max_bytes
    missing = most - _size(patient.folders.store, most) - (free - _LEAST_FREE_BYTES)
    if missing > 0:
        fits = max(50_000_000, (most - missing) // 10_000_000 * 10_000_000)
        what = f"cache.max_bytes ({most / 1e9:.1f} GB) is more than fits: {free / 1e9:.1f} GB free under {folder}"
        return Finding("disk", "warn", what, f"Set cache.max_bytes = {fits:_} or less, or take a larger card.")
    return Finding("disk", "ok", f"{free / 1e9:.1f} GB free under {folder}")


def _probe(folder: Path) -> None:
    probe = folder / f".doctor-{os.getpid()}-{secrets.token_hex(3)}"
    handle = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_PROBE)
            file.flush()
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)


def _refused(patient: Patient, folder: Path, number: int | None, told: str | None = None) -> Finding:
    match number:
        case errno.EROFS:
            what = f"read-only: {folder} cannot be written"
            step = "The kernel does this to a failing card: look at dmesg, then replace it. Else: mount -o remount,rw"
        case errno.ENOSPC | errno.EDQUOT:
            what, step = f"full: nothing more can be written under {folder}", _FREE
        case errno.EACCES | errno.EPERM:
            what = f"{folder} belongs to another user"
            step = f"Run this as the player's user (sudo -u {patient.user.name} …) or as root, or set cache.dir."
        case _:
            what = f"{folder} cannot be written: {told}"
            step = "The card may be worn: look at dmesg, then replace it."
    return Finding("disk", "fail", what, step)


def _is_ours(patient: Patient, folder: Path) -> bool:
    """Whether the player's user may write there; a folder that is not there yet is systemd's to make."""
    return folder != patient.folders.state or patient.user.may(folder, 2)


def _nearest(folder: Path) -> Path:
    """The folder itself, or of those above it the first that is there: nothing is made by looking."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder


def _size(folder: Path, most: int) -> int:
    """Bytes of the files below, counted until there are ``most``."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(root) / name).lstat().st_size
            except OSError:
                continue
        if total >= most:
            break
    return total


def look_at_card(patient: Patient) -> Finding:
    """What the file system and the chip say of their health."""
    disk = patient.machine().disk
    found: list[Finding] = []
    if disk.errors:
        what = f"the file system has noted {disk.errors} error{'s' if disk.errors != 1 else ''}"
        found.append(Finding("card", "warn", what, f"It is failing, or lost power. {_CARD}"))
    life = disk.life_percent_used
    if life is not None and life >= _WORN_PERCENT:
        what = f"{disk.device or 'the card'} has used {life:.0f} % of its life ({disk.life})"
        found.append(Finding("card", "warn", what, _CARD))
    fine = [disk.device or "its device is not known"]
    if disk.errors == 0:
        fine.append("no errors noted")
    if life is not None:
        fine.append(f"{life:.0f} % of its life used ({disk.life})")
    if disk.written_today_bytes is not None:
        fine.append(f"{disk.written_today_bytes / 1e6:.0f} MB written today")
    return worst("card", found, ", ".join(fine))
