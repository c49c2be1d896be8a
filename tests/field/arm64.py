"""The arm64 package on an emulated processor: ``python -m tests.field.arm64`` (root; debootstrap, qemu-user-static).

A Debian 12 of arm64 programs, each translated by qemu-user (no kernel of its own, so no systemd and no display): the
package is installed by dpkg as on a Pi, and the command looks at the machine, prepares creatives and plays the demo.
Each step is printed with its time and the last line it said.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from systemd.deb._package import make_package
from systemd.deb._target import TARGETS
from systemd.deb._tree import make_tree, project_version
from tests.field._root import HERE, mirror

_TARGET = TARGETS["arm64"]
_NAME = "ooh-field-aarch64"
_HANDLERS = Path("/proc/sys/fs/binfmt_misc")
_EMULATOR = Path("/usr/bin/qemu-aarch64-static")
_MAGIC = r"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
_MASK = r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"
_PACKAGES = "python3,ca-certificates,libgbm1,libegl1,libgles2,libgl1-mesa-dri,libdrm2,libfribidi0,passwd,procps"
_PLAYER = "/opt/ooh-player/current/bin/ooh-player"
_CREATIVES = ("mola-160x600.png", "kestrel-300x250.jpg", "elara-300x250.gif")
_LONGEST_S = 1_800


@contextmanager
def emulation() -> Iterator[None]:
    """The kernel runs arm64 programs by the emulator (binfmt_misc; "F": it is opened now, and needs no copy inside)."""
    handler = _HANDLERS / _NAME
    if not handler.exists():
        (_HANDLERS / "register").write_text(f":{_NAME}:M::{_MAGIC}:{_MASK}:{_EMULATOR}:F", encoding="ascii")
    try:
        yield
    finally:
        with suppress(OSError):
            handler.write_text("-1", encoding="ascii")


def debian_root(kept: Path) -> Path:
    """A minimal Debian 12 for arm64, kept for the next run."""
    root = kept / "root-arm64"
    mark = root / ".whole"
    if not mark.exists() or mark.read_text(encoding="utf-8") != _PACKAGES:
        shutil.rmtree(root, ignore_errors=True)
        arguments = ("--arch=arm64", "--variant=minbase", f"--include={_PACKAGES}", "bookworm", str(root), mirror())
        subprocess.run(("debootstrap", *arguments), check=True, stdout=subprocess.DEVNULL)
        mark.write_text(_PACKAGES, encoding="utf-8")
    return root


_INSIDE = (
    'mount -t proc proc "$1/proc" && mount -t sysfs sysfs "$1/sys" && mount --rbind /dev "$1/dev" && exec chroot "$@"'
)
"""With what programs expect of a machine; in a mount namespace of its own, so that nothing of it is ever left."""


class Board:
    """What stands for a Pi."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.failed = 0

    def run(self, name: str, *command: str, codes: Sequence[int] = (0,)) -> None:
        """Run one command in it, and print how it went; any other exit code than ``codes`` is a failure."""
        began = time.monotonic()
        enter = ("unshare", "--mount", "sh", "-c", _INSIDE, "sh", str(self._root))
        clean = ("env", "-i", "HOME=/root", "LANG=C.UTF-8", f"PATH={os.defpath}:/usr/sbin:/sbin")
        done = subprocess.run(
            (*enter, *clean, *command), capture_output=True, text=True, timeout=_LONGEST_S, check=False
        )
        said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()] or [""]
        good = done.returncode in codes
        self.failed += not good
        seen = said[-1] if good else f"NOT GOOD ({done.returncode}): {' / '.join(said[-5:])}"
        print(f"{time.monotonic() - began:7.1f} s  {name:<42} {seen[:150]}", flush=True)


def story(board: Board, parcel: str) -> None:
    """From dpkg to a demo."""
    board.run("uname -m", "uname", "-m")
    board.run("dpkg -i", "dpkg", "-i", parcel)
    board.run("check", _PLAYER, "check")
    board.run("doctor (nothing is set up: something to mend)", _PLAYER, "doctor", codes=(0, 1))
    for creative in _CREATIVES:
        out = f"/srv/out-{creative}"
        board.run(f"prepare {creative}", _PLAYER, "prepare", f"/srv/{creative}", "--size", "1280x720", "--out", out)
    board.run("demo, 3 plays", _PLAYER, "demo", "--headless", "--plays", "3", "--size", "1280x720")
    board.run("dpkg --purge", "dpkg", "--purge", "ooh-player")


def main() -> int:
    """Run it; 1 when a step is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(tempfile.gettempdir()) / "ooh-player-field"
    parser.add_argument("--kept", type=Path, default=default, help="where the Debian root is kept")
    kept: Path = parser.parse_args().kept.absolute()
    if os.getuid() != 0 or not _EMULATOR.exists() or shutil.which("debootstrap") is None:
        print("this needs root, and: apt-get install debootstrap qemu-user-static", file=sys.stderr)
        return 2
    kept.mkdir(parents=True, exist_ok=True)
    with emulation(), tempfile.TemporaryDirectory(dir=kept, prefix="arm64-") as name:
        root, work = Path(name) / "root", Path(name)
        subprocess.run(("cp", "-a", "--reflink=auto", str(debian_root(kept)), str(root)), check=True)
        needs = make_tree(work / "tree", _TARGET, project_version())
        parcel = make_package(work / "tree", work, _TARGET, project_version(), needs, 0)
        print(f"{parcel.name}: {parcel.stat().st_size / 1e6:.1f} MB", flush=True)
        shutil.copy(parcel, root / "srv")
        for creative in _CREATIVES:
            shutil.copy(HERE / "sandbox" / "creatives" / creative, root / "srv")
        board = Board(root)
        story(board, f"/srv/{parcel.name}")
    print("all as it should be" if board.failed == 0 else f"{board.failed} steps not good")
    return 1 if board.failed else 0


if __name__ == "__main__":
    sys.exit(main())
