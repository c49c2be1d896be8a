"""The Debian package: the tree in ``/usr/lib/ooh-player``, from where its postinst has it installed as a version.

What runs lies in ``/opt/ooh-player/versions`` and is not dpkg's: dpkg takes the old files away before it starts the
new ones, and the version before must stay to be rolled back to. The two share their blocks on the disk (hard links).
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from pathlib import Path

from ._libraries import BundleError
from ._target import Target
from ._tree import CHECKOUT

TREE = "usr/lib/ooh-player"
_SYSTEM = {
    "libgcc_s.so.1": "libgcc-s1",
    "libstdc++.so.6": "libstdc++6",
    "libz.so.1": "zlib1g",
}
_LIBC = ("ld-linux", "libc.so", "libdl.so", "libm.so", "libmvec.so", "libpthread.so", "librt.so")
_OPENED_BY_SDL = ("libdrm2", "libegl1", "libgbm1", "libgl1-mesa-dri", "libgles2")
"""Not linked, but loaded while it runs: the way to the display without a desktop."""
_OPENED_BY_PILLOW = ("libfribidi0",)
_DOCS = "usr/share/doc/ooh-player"


def package_name(target: Target, version: str) -> str:
    """The file's name without its ending; the Debian release's Python is part of the version."""
    return f"ooh-player_{version}+py{target.python.replace('.', '')}_{target.arch}"


def make_package(tree: Path, work: Path, target: Target, version: str, needs: frozenset[str], epoch: int) -> Path:
    """Writes the ``.deb`` into ``work`` and returns its path. The same tree and epoch give the same bytes."""
    root = work / "package"
    shutil.copytree(tree, root / TREE, symlinks=True)
    _write_documents(root / _DOCS, target, version, epoch)
    control = root / "DEBIAN"
    shutil.copytree(Path(__file__).with_name("scripts"), control)
    for script in control.iterdir():
        script.chmod(0o755)
    size_kib = sum(path.lstat().st_size for path in root.rglob("*")) // 1024
    (control / "control").write_text(_control(target, version, needs, size_kib), encoding="utf-8")
    for path in (root, *root.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
        os.utime(path, (epoch, epoch), follow_symlinks=False)
    made = work / f"{package_name(target, version)}.deb"
    argv = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z9", "--threads-max=1", "--build", str(root), str(made)]
    done = subprocess.run(
        argv, capture_output=True, text=True, check=False, env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    )
    if done.returncode:
        raise BundleError(f"dpkg-deb: {done.stderr.strip()}")
    shutil.rmtree(root)
    return made


def _control(target: Target, version: str, needs: frozenset[str], size_kib: int) -> str:
    linked = set[str]()
    for name in needs:
        if not name.startswith(_LIBC):
            if name not in _SYSTEM:
                raise BundleError(f"{name} is needed, and no Debian package is known to bring it")
            linked.add(_SYSTEM[name])
    packages = sorted({*linked, *_OPENED_BY_SDL, *_OPENED_BY_PILLOW, "passwd"})
    depends = [f"python3 (>= {target.python})", f"python3 (<< {target.next_python})", "libc6 (>= 2.36)", *packages]
    return f"""\
Package: ooh-player
Version: {version}+py{target.python.replace(".", "")}
Architecture: {target.arch}
Maintainer: ooh-player <ooh-player@localhost>
Installed-Size: {size_kib}
Depends: {", ".join(depends)}
Recommends: chromium-headless-shell
Suggests: cec-utils, systemd-timesyncd
Section: video
Priority: optional
Description: on-screen agent for digital out-of-home screens
 Plays ads and content on a screen, prepares them for exactly that screen, and
 proves each play. Needs no desktop, and no network for what it has stored.
 .
 Settings are in /etc/ooh-player/player.toml. A new version whose screen
 presents no frames within its first minute is rolled back by itself.
"""


def _write_documents(folder: Path, target: Target, version: str, epoch: int) -> None:
    folder.mkdir(parents=True)
    shutil.copyfile(Path(__file__).with_name("copyright"), folder / "copyright")
    name = f"{version}+py{target.python.replace('.', '')}"
    date = subprocess.run(
        ["date", "-u", "-R", "-d", f"@{epoch}"], capture_output=True, text=True, check=True, env={"LC_ALL": "C"}
    )
    text = f"ooh-player ({name}) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n"
    text += f" -- ooh-player <ooh-player@localhost>  {date.stdout.strip()}\n"
    (folder / "changelog.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    shutil.copyfile(CHECKOUT / "CHANGELOG.md", folder / "CHANGELOG.md")
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
