"""The folders of one demo."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import Code, OohError

_MARK = ".ooh-player-demo"
"""Says that a folder's ``state``, ``run`` and the rest are a demo's, and not somebody's."""
_FOLDERS = ("logs", "captures", "screens", "state", "run")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a demo lives; ``kept`` False: it vanishes at the end."""

    root: Path
    kept: bool

    @property
    def logs(self) -> Path:
        """One log a process."""
        return self.root / "logs"

    @property
    def captures(self) -> Path:
        """Where the screen dumps what it presented."""
        return self.root / "captures"

    @property
    def screens(self) -> Path:
        """The same as PNGs."""
        return self.root / "screens"

    @property
    def state(self) -> Path:
        """Journal, cache and store; the sandbox's stream too."""
        return self.root / "state"

    @property
    def run(self) -> Path:
        """Doorbells, boards and the playhead."""
        return self.root / "run"

    @property
    def toml(self) -> Path:
        """The player's configuration."""
        return self.root / "player.toml"

    @property
    def plays(self) -> Path:
        """The export of the journal."""
        return self.root / "plays.jsonl"

    @property
    def heartbeats(self) -> Path:
        """Those that the sandbox received, one JSON object a line."""
        return self.root / "heartbeats.jsonl"

    @property
    def contact_sheet(self) -> Path:
        """With the rest, or where the user is when nothing else is kept."""
        if self.kept:
            return self.root / "contact-sheet.png"
        here = Path.cwd()
        return (here if os.access(here, os.W_OK) else Path(tempfile.gettempdir())) / "ooh-player-demo.png"


@contextmanager
def open_place(keep: Path | None) -> Iterator[Place]:
    """A fresh one in ``keep``, or a temporary one. Of an earlier demo kept there, only its own folders are removed.

    Raises ``OohError`` (DEMO_FOLDER_TAKEN) when ``keep`` holds anything that no demo put there: nothing is removed.
    """
    with tempfile.TemporaryDirectory(prefix="ooh-demo-") as temporary:
        root = keep.resolve() if keep else Path(temporary)
        root.mkdir(parents=True, exist_ok=True)
        mark = root / _MARK
        if not mark.exists() and any(root.iterdir()):
            raise OohError(Code.DEMO_FOLDER_TAKEN, str(root))
        mark.touch()
        for name in _FOLDERS:
            shutil.rmtree(root / name, ignore_errors=True)
            (root / name).mkdir(parents=True)
        yield Place(root, kept=keep is not None)
