"""Drives the installed command as a user would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("ooh-player")


def environ(home: Path, **more: str) -> dict[str, str]:
    """A user without a display, an account or a configuration of their own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(home), **more}


def ooh_player(
    *args: str | Path, home: Path, timeout_s: float = 110.0, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run ``ooh-player`` to its end."""
    return subprocess.run(
        [str(COMMAND), *map(str, args)],
        env=environ(home, **more),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def last_json(output: str) -> dict[str, Any]:
    """The one JSON object that a command prints on standard output."""
    parsed: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return parsed
