"""The checkup: the doctor's list as the agent sees it, which has the network and the secrets; for the local page."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import asdict
from pathlib import Path

import msgspec

from cache import Clock, Folders
from config import Config

log = logging.getLogger("ooh.agent")


class Checkup:
    """One look at a time, in a thread of its own: the agent's work does not wait for it."""

    def __init__(self, config: Config, folders: Folders, clock: Clock, version: str) -> None:
        self._config = config
        self._folders = folders
        self._clock = clock
        self._version = version
        self._busy = threading.Lock()

    def begin(self, target: Path) -> None:
        """Look, and write ``{"findings": [{"name", "grade", "what", "next_step"}]}`` there; nothing during a look."""
        if self._busy.acquire(blocking=False):
            threading.Thread(target=self._work, args=(target,), name="checkup", daemon=True).start()

    def _work(self, target: Path) -> None:
        try:
            self._write(target)
        except Exception as error:
            log.warning("checkup.failed", exc_info=error)
        finally:
            self._busy.release()

    def _write(self, target: Path) -> None:
        """A reader sees the whole file or none."""
        from player.doctor import Patient, checkup, examine  # noqa: PLC0415 - not before a tech asks
        from player.fetch import open_http  # noqa: PLC0415

        http = open_http(self._config.fetch, self._version)
        patient = Patient.of(self._config, self._folders, self._clock, os.environ, http)
        findings = examine(checkup(patient, http))
        temp = target.with_name(f".{target.name}.{os.getpid()}.new")
        temp.write_bytes(msgspec.json.encode({"findings": [asdict(finding) for finding in findings]}))
        temp.replace(target)
        log.info("checkup.done", extra={"facts": {"findings": len(findings)}})
