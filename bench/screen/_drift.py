"""A hundred slots, timed from outside: is each as long as planned, and does the sum drift?"""

from __future__ import annotations

import statistics
import time
from itertools import pairwise
from pathlib import Path

from config import Size
from tests.renderer.screen_process import Screen
from tests.renderer.show.warm import WarmCache
from tests.renderer.window.xserver import XServer

SIZE = Size(1280, 720)
COLOURS = ((200, 30, 30), (30, 200, 30), (30, 30, 200))
PERIOD_S = 0.001
FRAME_MS = 1000 / 60
_WARM_UP = 3
"""Slots in which it learns how long presenting takes."""


def time_slots(folder: Path, slots: int, slot_s: float) -> list[str]:
    """Stills in turn, cut at once; when each comes is seen on the display."""
    folder.mkdir()
    server = XServer(folder, SIZE)
    try:
        warm = WarmCache.at(folder, SIZE)
        warm.house(*((f"{number}.png", warm.plate(f"{number}", colour)) for number, colour in enumerate(COLOURS)))
        loop = [{"kind": "house", "seconds": slot_s, "transition": "cut"}]
        screen = Screen(folder, display=server.name, loop=loop)
        changes = _changes(server, screen, slots + _WARM_UP + 1)[_WARM_UP:]
        screen.stop()
        warm.journal.close()
        warm.cache.close()
    finally:
        Screen.kill_all()
        server.stop()
    errors_ms = [1000 * (after - before - slot_s) for before, after in pairwise(changes)]
    within = sum(abs(error) <= FRAME_MS for error in errors_ms)
    drift_ms = 1000 * (changes[-1] - changes[0] - slots * slot_s)
    off_ms = [abs(error_ms) for error_ms in errors_ms]
    off = f"off by {statistics.median(off_ms):.1f} ms at the median, {max(off_ms):.1f} at the worst"
    slots_of = f"{slots} slots of {slot_s:g} s".ljust(26)
    return [f"{slots_of}{off}, {within} within one frame; all together {drift_ms:+.1f} ms"]


def _changes(server: XServer, screen: Screen, count: int) -> list[float]:
    """When another colour came on, by the monotonic clock: looked at a thousand times a second."""
    changes: list[float] = []
    seen: tuple[int, ...] | None = None
    while len(changes) < count and screen.process.poll() is None:
        pixel = server.pixel(SIZE.w // 2, SIZE.h // 2)
        if pixel != seen and any(max(map(abs, map(int.__sub__, pixel, c[::-1]))) < 8 for c in COLOURS):
            changes.append(time.monotonic())
            seen = pixel
        time.sleep(PERIOD_S)
    return changes
