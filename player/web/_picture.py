"""The picture: what is on the screen now, asked of the screen itself, at most once a second."""

from __future__ import annotations

import os
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cache import DoorbellName, Folders, ring

WIDTH_PX = 960
_KEPT_NS = 1_000_000_000
_WAIT_S = 3.0
_STEP_S = 0.02


@dataclass(slots=True)
class Picture:
    """JPEG. The file is in a folder that only the player's user enters; no request has a part in its name."""

    folders: Folders
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _last: bytes | None = None
    _until_ns: int = 0

    def now(self) -> bytes | None:
        """The newest, up to a second old; None when no screen answers within three seconds.

        Many who ask at once wait for one picture. A screen that does not answer is asked again a second later.
        """
        with self._lock:
            if time.monotonic_ns() >= self._until_ns:
                self._last = self._ask()
                self._until_ns = time.monotonic_ns() + _KEPT_NS
            return self._last

    def _ask(self) -> bytes | None:
        answer = ask(self.folders.run, "screen", f"screenshot@{WIDTH_PX}", ".jpg", _WAIT_S)
        return answer if answer is not None and answer.startswith(b"\xff\xd8") else None


def ask(run: Path, whom: DoorbellName, word: str, suffix: str, wait_s: float) -> bytes | None:
    """Ring with a word and the name of a new file; what was written there, or None when nobody did in time."""
    folder = run / "web"
    target = folder / f"{secrets.token_hex(8)}{suffix}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if not ring(run, whom, f"{word}:{target}"):
            return None
        until_s = time.monotonic() + wait_s
        while time.monotonic() < until_s:
            with suppress(FileNotFoundError):
                return target.read_bytes()
            time.sleep(_STEP_S)
    except OSError:
        return None
    finally:
        with suppress(OSError):
            target.unlink(missing_ok=True)
    return None


def sweep(run: Path) -> None:
    """Remove pictures that came too late for whoever asked for them."""
    with suppress(OSError):
        for left in os.scandir(run / "web"):
            with suppress(OSError):
                Path(left.path).unlink()
