"""The checkup: the doctor's list, looked at by the agent and kept until somebody asks again."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cache import Clock
from player.web._picture import ask

log = logging.getLogger("ooh.web")

_LONGEST_S = 30.0
_AGENT_S = 12.0
_NOT_AGAIN_NS = 15_000_000_000
Look = Callable[[], Sequence[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found last, and when; and whether somebody is looking now."""

    findings: tuple[dict[str, str], ...]
    at: datetime | None
    running: bool
    failed: bool = False
    """True when the doctor itself came to no end."""


@dataclass(slots=True)
class Checkup:
    """One look at a time, and none within fifteen seconds of the last. No request waits for it."""

    look: Look
    clock: Clock
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _last: Examined = field(default_factory=lambda: Examined((), None, running=False))
    _ended_ns: int | None = None

    def last(self) -> Examined:
        """What is known now."""
        with self._lock:
            return self._last

    def begin(self) -> Examined:
        """Have it looked at again, unless that is going on or was done just now."""
        with self._lock:
            fresh = self._ended_ns is not None and self.clock.monotonic_ns() - self._ended_ns < _NOT_AGAIN_NS
            if not self._last.running and not fresh:
                self._last = Examined(self._last.findings, self._last.at, running=True)
                threading.Thread(target=self._work, name="checkup", daemon=True).start()
            return self._last

    def _work(self) -> None:
        findings: tuple[dict[str, str], ...] = ()
        failed = False
        try:
            findings = tuple(self.look())
        except Exception as error:  # noqa: BLE001 - told on the page and in the log: the bulkhead of one look
            log.warning("web.doctor_failed", extra={"facts": {"why": f"{type(error).__name__}: {error}"}})
            failed = True
        with self._lock:
            self._ended_ns = self.clock.monotonic_ns()
            self._last = Examined(findings, self.clock.now(), running=False, failed=failed)


def doctor_by_agent(run: Path, otherwise: Look) -> Look:
    """The agent's own look, which has the secrets that this process has not; ``otherwise`` when it does not answer."""

    def look() -> Sequence[dict[str, str]]:
        answer = ask(run, "agent", "doctor", ".json", _AGENT_S)
        return otherwise() if answer is None else _findings(answer)

    return look


def doctor_by_command(config: str | None) -> Look:
    """``ooh-player doctor --json`` as a child: what it loads (the AWS client above all) is gone when it ends."""

    def look() -> Sequence[dict[str, str]]:
        argv = [sys.executable, "-m", "player", "doctor", "--json", *(("--config", config) if config else ())]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LONGEST_S, check=False)
        return _findings(done.stdout)

    return look


def _findings(output: bytes) -> list[dict[str, str]]:
    """Raises ``ValueError`` when it is no list of findings."""
    told: Any = None
    for line in output.splitlines():
        with suppress(ValueError):
            told = json.loads(line)
    found = told.get("findings") if isinstance(told, dict) else None
    if not found:
        message = "the doctor's answer cannot be read"
        raise ValueError(message)
    names = ("name", "grade", "what", "next_step")
    return [{name: str(one.get(name, "")) for name in names} for one in found if isinstance(one, dict)]
