"""The real screen process as a subprocess: its log, its screenshots, its end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from PIL import Image

from cache import ring

ROOT = Path(__file__).parents[2]


class Screen:
    """One run of the screen process."""

    started: ClassVar[list[subprocess.Popen[bytes]]] = []

    def __init__(self, root: Path, **wanted: Any) -> None:
        self.root = root
        self._log = (root / "log").open("ab")
        # Without what the window's own tests, in this very process, have told SDL.
        outer = {name: value for name, value in os.environ.items() if not name.startswith("SDL_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.renderer.screen_child", str(root), json.dumps(wanted)],
            cwd=ROOT,
            stderr=self._log,
            # SDL's own renderer where a test asks for the GPU's way: the same calls, no hardware needed.
            env={**outer, "SDL_RENDER_DRIVER": "software", "DISPLAY": wanted.get("display", "")},
        )
        self.started.append(self.process)

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in (self.root / "log").read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == name]

    def until(self, true: Callable[[], object], seconds: float = 15) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, (self.root / "log").read_text()
            assert self.process.poll() is None, (self.root / "log").read_text()
            time.sleep(0.02)

    def ended(self, seconds: float = 20) -> int:
        code = self.process.wait(seconds)
        self._log.close()
        return code

    def stop(self) -> int:
        self.process.terminate()
        return self.ended()

    def picture(self, target: Path) -> Image.Image:
        """A screenshot by the doorbell."""
        assert ring(self.root / "run", "screen", f"screenshot:{target}")
        self.until(target.exists)
        with Image.open(target) as picture:
            picture.load()
            return picture

    @classmethod
    def kill_all(cls) -> None:
        """Also after a failed test."""
        while cls.started:
            process = cls.started.pop()
            process.kill()
            process.wait()
