"""A machine in a container: systemd as its first process, no network, booted and cut off like a real one."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_NSPAWN = ("systemd-nspawn", "--boot", "--quiet", "--register=no", "--keep-unit", "--private-network")
_BOOTED = ("running", "degraded")
_STEP_S = 0.2


class Container:
    """``systemd-nspawn -b`` over a root folder (systemd-nspawn(1)), without machined; commands go in by nsenter(1)."""

    def __init__(self, root: Path, binds: Sequence[str], log: Path) -> None:
        self.root = root
        self._binds = tuple(f"--bind-ro={bind}" for bind in binds)
        self._log = log
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._init = 0

    def boot(self) -> float:
        """Start it; returns the seconds until its systemd answered."""
        began = time.monotonic()
        environ = os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}
        with self._log.open("ab") as log:
            command = (*_NSPAWN, "-D", str(self.root), *self._binds)
            self._nspawn = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environ)
        self._init = await_true("the container's systemd", self._find_init, 60)
        await_true("the container's boot", lambda: self.run("systemctl", "is-system-running").strip() in _BOOTED, 120)
        took_s = time.monotonic() - began
        # systemd-nspawn mounts a boot id of its own over the kernel's, which ProtectKernelTunables= uncovers again.
        self.run("umount", "/proc/sys/kernel/random/boot_id")
        return took_s

    def halt(self) -> None:
        """An orderly end: systemd's, as of ``poweroff``."""
        self.run("systemctl", "poweroff", "--no-block")
        assert self._nspawn is not None
        self._nspawn.wait(120)

    def cut(self) -> None:
        """The plug is pulled: everything in it is gone at once."""
        with suppress(ProcessLookupError):
            os.kill(self._init, 9)
        if self._nspawn is not None:
            self._nspawn.wait(60)

    def run(self, *command: str, check: bool = False, seconds: float = 300) -> str:
        """Run a command in it as root; returns what it said on both its outputs."""
        enter = ("nsenter", "-t", str(self._init), "-m", "-u", "-i", "-n", "-p", "-C", "--root", "--wdns=/", "--")
        clean = ("env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root")
        done = subprocess.run(
            (*enter, *clean, *command), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, check=False
        )
        text = done.stdout.decode("utf-8", "replace")
        if check and done.returncode != 0:
            message = f"{' '.join(command)}: {done.returncode}\n{text}"
            raise RuntimeError(message)
        return text

    def _find_init(self) -> int:
        assert self._nspawn is not None
        if self._nspawn.poll() is not None:
            message = f"the container did not start: see {self._log}"
            raise RuntimeError(message)
        children = (
            Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text(encoding="ascii").split()
        )
        for child in children:
            if Path(f"/proc/{child}/comm").read_text(encoding="utf-8").strip() == "systemd":
                return int(child)
        return 0


def await_true(what: str, look: Callable[[], T], seconds: float) -> T:
    """Look until it is true; returns what was seen. Raises ``TimeoutError``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        seen = look()
        if seen:
            return seen
        time.sleep(_STEP_S)
    message = f"{what}: not within {seconds:.0f} s"
    raise TimeoutError(message)
