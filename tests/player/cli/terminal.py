"""The command at a real terminal (pty(7)): waits for words, then types."""

from __future__ import annotations

import os
import pty
import select
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.harness import COMMAND, environ

_LONG_S = 60.0


@dataclass
class Terminal:
    """``ooh-player setup`` with ``home/player.toml``."""

    home: Path
    options: tuple[str, ...] = ()
    screen: str = ""
    _read: int = 0
    _process: subprocess.Popen[bytes] = field(init=False)
    _fd: int = field(init=False)

    def __post_init__(self) -> None:
        argv = [str(COMMAND), "setup", "--config", str(self.home / "player.toml"), *self.options]
        env = environ(self.home, OOH_PLAYER_PANELS__WEATHER__URL="https://127.0.0.1:4443/")  # nobody outside is asked
        self._fd, theirs = pty.openpty()
        # setsid(1) makes it the controlling terminal: where a secret is typed unseen, /dev/tty is opened.
        alone = ("setsid", "--ctty", "--wait", *argv)
        self._process = subprocess.Popen(alone, stdin=theirs, stdout=theirs, stderr=theirs, env=env)
        os.close(theirs)

    def answer(self, question: str, text: str) -> None:
        """Wait until the question stands there anew, then type."""
        while question not in self.screen[self._read :]:
            assert self._more(), f"{question!r} was not asked:\n{self.screen}"
        self._read = len(self.screen)
        os.write(self._fd, f"{text}\n".encode())

    def end(self) -> int:
        """Read to the end; the exit status."""
        while self._more():
            pass
        os.close(self._fd)
        return self._process.wait(_LONG_S)

    def _more(self) -> bool:
        ready, _, _ = select.select([self._fd], [], [], _LONG_S)
        assert ready, f"nothing more came:\n{self.screen}"
        try:
            data = os.read(self._fd, 4096)
        except OSError:  # EIO: the other side is gone (Linux)
            return False
        self.screen += data.decode("utf-8", "replace")
        return bool(data)
