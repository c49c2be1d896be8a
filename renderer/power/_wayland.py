"""DPMS under Wayland, where no client may switch outputs by itself: ``wlopm`` asks the compositor, if it is installed.

By the protocol wlr-output-power-management.
"""

from __future__ import annotations

import shutil
import subprocess

from cache import DisplayState
from config import Code, OohError

_PATIENCE_S = 5.0


class Wlopm:
    """Every output of the compositor; labwc, sway and wayfire have the protocol."""

    name = "dpms"

    def __init__(self, program: str = "wlopm") -> None:
        self._program = program

    def turn(self, *, on: bool) -> DisplayState:
        """See `Switch`."""
        self._run("--on" if on else "--off", "*")
        states = [line.split()[-1] for line in self._run().splitlines() if line.split()[-1:]]
        if not states or not {"on", "off"}.issuperset(states):
            return "unknown"
        return "on" if "on" in states else "off"

    def _run(self, *arguments: str) -> str:
        program = shutil.which(self._program)
        if program is None:
            raise OohError(Code.DISPLAY_NOT_SWITCHED, f"{self._program} is not installed")
        try:
            done = subprocess.run(
                [program, *arguments], capture_output=True, text=True, timeout=_PATIENCE_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise OohError(Code.DISPLAY_NOT_SWITCHED, f"{self._program}: {error}") from error
        if done.returncode:
            detail = done.stderr.strip().partition("\n")[0] or f"exit {done.returncode}"
            raise OohError(Code.DISPLAY_NOT_SWITCHED, f"{self._program}: {detail}")
        return done.stdout
