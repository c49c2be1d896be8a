"""A real X server (Xvfb) whose frame buffer the tests read."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from pathlib import Path

from config import Size


class XServer:
    """Xvfb with its frame buffer in a file (X window dump format, version 7)."""

    def __init__(self, folder: Path, size: Size) -> None:
        binary = shutil.which("Xvfb")
        assert binary, "install the Debian package xvfb"
        ready, theirs = os.pipe()
        self._process = subprocess.Popen(
            [binary, "-displayfd", str(theirs), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-fbdir", folder],
            pass_fds=[theirs],
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs)
        with os.fdopen(ready) as pipe:
            self.name = f":{pipe.readline().strip()}"
        self._dump = folder / "Xvfb_screen0"

    def pixel(self, x: int, y: int) -> tuple[int, ...]:
        """Blue, green, red at a place of the real screen."""
        raw = self._dump.read_bytes()
        words = struct.unpack(">25I", raw[:100])
        start = words[0] + 12 * words[19]  # header, then the colour map
        at = start + y * words[12] + x * words[11] // 8
        return tuple(raw[at : at + 3])

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
