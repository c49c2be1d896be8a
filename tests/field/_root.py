"""A clean Debian root by debootstrap, kept for the next run, and the locked wheels, fetched once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent.parent.parent
SUITE = "bookworm"
_PACKAGES = (
    "systemd,systemd-sysv,dbus,udev,python3,python3-venv,ca-certificates,libfribidi0,procps,sudo,xvfb,xauth,weston"
)
_SOURCES = (Path("/etc/apt/sources.list"), Path("/etc/apt/sources.list.d"))


def debian_root(kept: Path) -> Path:
    """The root folder of a minimal Debian 12 with systemd, a browser, and what stands for a monitor (Xvfb)."""
    root = kept / f"root-{SUITE}"
    mark = root / ".whole"
    if not mark.exists() or mark.read_text(encoding="utf-8") != _PACKAGES:
        shutil.rmtree(root, ignore_errors=True)
        _run("debootstrap", "--variant=minbase", f"--include={_PACKAGES}", SUITE, str(root), mirror())
        _run("chroot", str(root), "apt-get", "-qq", "update")
        install = ("apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium-headless-shell")
        _run("chroot", str(root), "env", "DEBIAN_FRONTEND=noninteractive", *install)
        mark.write_text(_PACKAGES, encoding="utf-8")
    return root


def mirror() -> str:
    """The Debian mirror that this machine's apt uses."""
    files = [file for place in _SOURCES for file in (sorted(place.iterdir()) if place.is_dir() else [place])]
    for file in files:
        if not file.is_file():
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] == ["URIs:"] and words[1].rstrip("/").endswith("/debian"):
                return words[1]
            if words[:1] == ["deb"]:
                address = next((word for word in words if word.startswith("http")), "")
                if address.rstrip("/").endswith("/debian"):
                    return address
    return "https://deb.debian.org/debian"


def wheels(kept: Path) -> Path:
    """Every wheel of requirements/runtime.lock, checked by its hash; the machine installs them without a network."""
    folder = kept / "wheels"
    lock = HERE / "requirements" / "runtime.lock"
    mark = folder / ".lock"
    if not mark.exists() or mark.read_bytes() != lock.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        download = (sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--only-binary", ":all:")
        for_it = ("--python-version", "3.11", "--dest", str(folder))
        _run(*download, *for_it, "--require-hashes", "-r", str(lock))
        mark.write_bytes(lock.read_bytes())
    return folder


def copied(root: Path, to: Path) -> Path:
    """A copy of the root, to be spoilt."""
    shutil.rmtree(to, ignore_errors=True)
    to.parent.mkdir(parents=True, exist_ok=True)
    _run("cp", "-a", "--reflink=auto", str(root), str(to))
    return to


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
