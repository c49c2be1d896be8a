"""The real screen process with two switches: a disk that answers with EIO, and a wall clock that is years behind.

``python -m tests.faults.disk_child SWITCHES screen --config …``; a switch is a file in the folder SWITCHES: ``eio``, or
``clock`` with the seconds to add to the wall clock in it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from cache import SystemClock
from player.cli import cli
from tests.faults.vfs import IOERR_FSYNC, IOERR_WRITE, OK, Layer


class Switch:
    """Refuses every write while its file is there. See ``Watcher``, whose names of arguments these are."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def write(self, path: str, offset: int, data: bytes) -> int:  # noqa: ARG002
        return IOERR_WRITE if self._file.exists() else OK

    def truncate(self, path: str, size: int) -> int:  # noqa: ARG002
        return IOERR_WRITE if self._file.exists() else OK

    def sync(self, path: str, *, folder: bool) -> int:  # noqa: ARG002
        return IOERR_FSYNC if self._file.exists() else OK

    def delete(self, path: str, *, folder: bool) -> int:  # noqa: ARG002
        return IOERR_WRITE if self._file.exists() else OK


def main() -> None:
    switches = Path(sys.argv[1])

    def now(_clock: SystemClock) -> datetime:
        file = switches / "clock"
        return datetime.now(UTC) + timedelta(seconds=float(file.read_text()) if file.exists() else 0)

    with Layer().watched(Switch(switches / "eio")), mock.patch.object(SystemClock, "now", now):
        cli(sys.argv[2:])


if __name__ == "__main__":
    main()
