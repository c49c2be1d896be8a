"""The version that records, heartbeats and requests name."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

_SOURCE = "0+source"
_BEGINS, _ENDS = "ooh_player-", ".dist-info"
_FIELD = "Version: "


@cache
def player_version() -> str:
    """The installed distribution's version; ``0+source`` when run from a tree that was never installed.

    Read from its ``dist-info`` where ``importlib.metadata`` finds it too, which would load the mail and zip libraries.
    """
    for folder in sys.path:
        try:
            with os.scandir(folder or ".") as entries:
                found = [Path(e.path) for e in entries if e.name.startswith(_BEGINS) and e.name.endswith(_ENDS)]
            if found:
                return _version_in(found[0] / "METADATA")
        except (OSError, UnicodeError, StopIteration):
            continue  # no folder, or nothing to be read in it
    return _SOURCE


def _version_in(metadata: Path) -> str:
    """Core metadata specifications: a header of ``Name: value`` lines. Raises ``StopIteration`` when it has none."""
    lines = metadata.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix(_FIELD) for line in lines if line.startswith(_FIELD))
