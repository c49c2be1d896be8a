"""The round: all checks side by side, each within its time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from config import Code, OohError
from player.doctor._finding import Check, Finding

LONGEST_S = 8.0


def examine(checks: Sequence[Check], longest_s: float = LONGEST_S) -> tuple[Finding, ...]:
    """Findings in the order of the checks; one that takes longer than ``longest_s`` fails by that."""
    pool = ThreadPoolExecutor(max_workers=max(1, len(checks)), thread_name_prefix="doctor")
    pending = [(check, pool.submit(_look, check)) for check in checks]
    wait([future for _, future in pending], timeout=longest_s)
    pool.shutdown(wait=False, cancel_futures=True)
    return tuple(_outcome(check, future, longest_s) for check, future in pending)


def _look(check: Check) -> Finding:
    try:
        return check.look()
    except OohError as error:
        return Finding.of_error(check.name, error)
    except Exception as error:  # noqa: BLE001 - told in the finding: the bulkhead of one line
        fault = OohError(Code.PROCESS_FAULT, f"{type(error).__name__}: {error}")
        return Finding.of_error(check.name, fault)


def _outcome(check: Check, future: Future[Finding], longest_s: float) -> Finding:
    if future.done() and not future.cancelled():
        return future.result()
    return Finding(check.name, "fail", f"no answer within {longest_s:.0f} s", "Look at the network and try again.")
