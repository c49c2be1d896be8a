"""A real X server (Xvfb) whose frame buffer the tests read."""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
from pathlib import Path

from config import Size


class XServer:
    """Xvfb with its frame buffer in a file (X window dump format, version 7)."""

    def __init__(self, folder: Path, size: Size, name: str | None = None) -> None:
        """``name``: such as ``:7``; None: one that is free."""
        binary = shutil.which("Xvfb")
        assert binary, "install the Debian package xvfb"
        self.size = size
        ready, theirs = os.pipe()
        dump = folder / f"fb-{size}"
        dump.mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            [
                *(binary, *([name] if name else []), "-displayfd", str(theirs)),
                *("-screen", "0", f"{size}x24", "-nolisten", "tcp", "-fbdir", dump),
            ],
            pass_fds=[theirs],
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs)
        with os.fdopen(ready) as pipe:
            self.name = f":{pipe.readline().strip()}"
        with (dump / "Xvfb_screen0").open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        words = struct.unpack(">25I", self._map[:100])
        self._start = words[0] + 12 * words[19]  # header, then the colour map
        self._row_bytes, self._pixel_bytes = words[12], words[11] // 8

    def pixel(self, x: int, y: int) -> tuple[int, ...]:
        """Blue, green, red at a place of the real screen."""
        at = self._start + y * self._row_bytes + x * self._pixel_bytes
        return tuple(self._map[at : at + 3])

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def kill(self) -> None:
        """As if the cable, or the server, were gone."""
        self._process.kill()
        self._process.wait(10)
