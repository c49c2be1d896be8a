"""The same tree as a zip, for machines without dpkg: unpack it, then ``sudo systemd/install --tree .``."""

from __future__ import annotations

import stat
import time
import zipfile
from pathlib import Path

_FIRST = 315_532_800
"""1980: a zip knows no earlier time (APPNOTE 4.4.6)."""


def make_zip(tree: Path, made: Path, epoch: int) -> None:
    """Writes ``made``, deflated as well as can be, all names below a folder of its own name."""
    moment = time.gmtime(max(epoch, _FIRST))[:6]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for path in sorted(tree.rglob("*")):
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                continue
            info = zipfile.ZipInfo(f"{made.stem}/{path.relative_to(tree)}", moment)
            info.external_attr = mode << 16
            info.create_system = 3  # UNIX: the upper half is st_mode
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, str(path.readlink()) if stat.S_ISLNK(mode) else path.read_bytes())
