"""The round: all checks side by side, each within its time."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence

from config import Code, OohError
from player.doctor._finding import Check, Finding

LONGEST_S = 7.5


def examine(checks: Sequence[Check], longest_s: float = LONGEST_S) -> tuple[Finding, ...]:
    """Findings in the order of the checks; one that takes longer than ``longest_s`` fails by that.

    A check whose thing is not there has none.
    What hangs is left behind in a thread of its own, which keeps nobody from ending the process.
    """
    until_s = time.monotonic() + longest_s
    ended: queue.SimpleQueue[tuple[int, Finding | None]] = queue.SimpleQueue()
    for number, check in enumerate(checks):
        threading.Thread(
            target=_work,
            args=(number, check, ended),
            name=f"doctor-{check.name}",
            daemon=True,
        ).start()
    found: dict[int, Finding | None] = {}
    while len(found) < len(checks):
        try:
            number, finding = ended.get(timeout=max(0.0, until_s - time.monotonic()))
        except queue.Empty:
            break
        found[number] = finding
    every = (found.get(number, _late(check, longest_s)) for number, check in enumerate(checks))
    return tuple(finding for finding in every if finding is not None)


def _work(number: int, check: Check, ended: queue.SimpleQueue[tuple[int, Finding | None]]) -> None:
    ended.put((number, _look(check)))


def _look(check: Check) -> Finding | None:
    try:
        return check.look()
    except OohError as error:
        return Finding.of_error(check.name, error)
    except PermissionError as error:
        step = "Run it with the player's rights: sudo ooh-player doctor"
        return Finding(check.name, "warn", f"this user may not look at {error.filename}", step)
    except Exception as error:  # noqa: BLE001 - told in the finding: the bulkhead of one line
        fault = OohError(Code.PROCESS_FAULT, f"{type(error).__name__}: {error}")
        return Finding.of_error(check.name, fault)


def _late(check: Check, longest_s: float) -> Finding:
    return Finding(check.name, "fail", f"no answer within {longest_s:.0f} s", check.when_late)
