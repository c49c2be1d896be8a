"""The child of `tests.faults.fuzz`: inside the box, one order after another, one line of JSON each."""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from pathlib import Path
from types import FrameType

import msgspec

from config import Code
from renderer.prepare.__main__ import _outcome
from renderer.prepare._box import enter
from renderer.prepare._make import load_codecs
from renderer.prepare._order import Order


class OutOfTimeError(BaseException):
    """Raised by the alarm: what the parent's time limit would have ended."""


def _late(_number: int, _frame: FrameType | None) -> None:
    raise OutOfTimeError


def main() -> None:
    """Take the orders, enter the box once, do them all."""
    orders = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=list[Order])
    load_codecs()
    enter(max_memory_mb=orders[0].max_memory_mb, max_seconds=900, max_file_bytes=orders[0].max_plate_bytes)
    signal.signal(signal.SIGALRM, _late)
    for order in orders:
        started = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, order.max_seconds)
        try:
            code, _ = _outcome(order)
        except OutOfTimeError:
            code = Code.PREPARE_TIMEOUT.code
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            code = f"{type(error).__name__}: {error}"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
        print(json.dumps({"code": code, "seconds": time.monotonic() - started, "peak_mb": peak_mb}), flush=True)


if __name__ == "__main__":
    main()
