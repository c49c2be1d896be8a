"""The escalator: decides a step, keeps it for good, says it, and prepares what the step needs."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from cache import Clock, Escalations, EscalationStep, Folders, read_escalations, rfc3339, write_escalations
from config import Code, OohError
from renderer.watchdog._ladder import HEALTHY_NS, Moment, decide, healthy

log = logging.getLogger("ooh.watchdog")

EXIT_PROCESS = 75
"""The screen's exit code when its process is to be started again (sysexits.h: a temporary failure)."""
EXIT_SERVICE = 76
"""The same when agent and screen both are."""
EXIT_CODES: dict[EscalationStep, int] = {"process": EXIT_PROCESS, "service": EXIT_SERVICE, "reboot": EXIT_SERVICE}
RESCUE = "rescue"
"""The request's file in the runtime folder; ``ooh-player-rescue.path`` watches for it."""
LAST_RESULT = "screen.result"
"""How systemd saw the process before this one end: ``$SERVICE_RESULT`` (systemd.exec(5))."""
_WORDS: dict[EscalationStep, str] = {"service": "restart", "reboot": "reboot"}
_GRACE_S = 3.0


@dataclass(slots=True)
class Escalator:
    """Of one process. ``may_reboot``: configured, and somebody is there who could."""

    folders: Folders
    clock: Clock
    may_reboot: bool = False
    end_process: Callable[[int], object] = os._exit
    _known: Escalations | None = field(default=None)

    @property
    def known(self) -> Escalations:
        """All that were ever taken."""
        if self._known is None:
            self._known = read_escalations(self.folders.state, self.folders.run)
        return self._known

    def step(self, reason: Code, least: EscalationStep = "renderer") -> EscalationStep | None:
        """Decide, and keep it before it is done: a process that ends by it must not begin anew with the same step."""
        moment = Moment(rfc3339(self.clock.now()), self.clock.monotonic_ns(), self.clock.boot_id(), self.may_reboot)
        before = self.known
        step, self._known = decide(before, reason.code, moment, least)
        if step is None:
            return None
        facts = {
            "step": step,
            "code": reason.code,
            "next_step": reason.next_step,
            "of_its_kind": self.known.counts[step],
        }
        log.error("watchdog.escalates", extra={"facts": facts})
        self._keep()
        return step

    def after_last_life(self) -> int | None:
        """Count that the process before this one was ended because it hung; the exit code when more is to be done.

        Under systemd the units note how a process ended (``systemd/part``); ``ooh-player run`` counts it itself.
        """
        path = self.folders.run / LAST_RESULT
        try:
            result = path.read_text(encoding="ascii", errors="replace").strip()
            path.unlink(missing_ok=True)
        except OSError:
            return None
        step = self.step(Code.WATCHDOG_FROZEN, "process") if result == "watchdog" else None
        return None if step is None or step not in _WORDS else self.leave(step, Code.WATCHDOG_FROZEN)

    def well(self, for_ns: int) -> None:
        """Nothing was wrong for so long."""
        known = self.known
        if for_ns >= HEALTHY_NS and (known.rung or known.services or known.reboots):
            log.info("watchdog.healthy", extra={"facts": {"for_s": for_ns // 1_000_000_000}})
            self._known = healthy(known)
            self._keep()

    def leave(self, step: EscalationStep, reason: Code) -> int:
        """For every step but the renderer's: the exit code to end with.

        The end of the process is certain from here on, however much of it hangs: after 3 seconds it is cut off.
        """
        code = EXIT_CODES[step]
        last_resort = threading.Timer(_GRACE_S, self.end_process, (code,))
        last_resort.daemon = True
        last_resort.start()
        if step in _WORDS:
            self._ask_rescue(f"{_WORDS[step]} {reason.code}\n")
        return code

    def _ask_rescue(self, request: str) -> None:
        """Who is root does it; under ``ooh-player run`` the exit code says the same to the supervisor."""
        path = self.folders.run / RESCUE
        temp = path.with_suffix(f".{os.getpid()}.new")
        try:
            temp.write_text(request, encoding="ascii")
            temp.replace(path)
        except OSError as error:
            log.warning("rescue.not_asked", extra={"facts": {"error": str(error)}})

    def _keep(self) -> None:
        try:
            write_escalations(self.known, self.folders.state, self.folders.run)
        except OohError as error:
            log.warning("escalations.not_kept", exc_info=error)
