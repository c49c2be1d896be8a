"""Between items: what is really on the display, looked at 60 times a second from outside."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from cache import Board
from config import Size
from tests.renderer.screen_process import Screen
from tests.renderer.show.warm import WarmCache
from tests.renderer.window.xserver import XServer
from tests.soak.mixed import ITEMS, fill

SIZE = Size(1280, 720)
SLOT_S = 0.3
PERIOD_S = 1 / 60
_NEAR = 24
"""A video's colours are not exact."""
_DARK = 8


@dataclass
class Seen:
    """What the looks saw."""

    looks: int = 0
    black: int = 0
    mixed: int = 0
    """Two pictures at once: the X server was just taking the new one. It has no vertical blank to wait for."""
    unknown: int = 0
    stale: int = 0
    switches: int = 0
    skipped: int = 0
    item: int | None = None

    def look(self, items: list[int | None], *, dark: bool) -> None:
        """Judge one look: the item at each place that was looked at."""
        self.looks += 1
        self.black += dark
        if dark:
            return
        if any(item is None for item in items):
            self.unknown += 1
        elif len(set(items)) > 1:
            self.mixed += 1
        else:
            self._take(items[0])

    def _take(self, item: int | None) -> None:
        if item is None or item == self.item:
            return
        if self.item is not None:
            self.switches += 1
            step = (item - self.item) % len(ITEMS)
            self.stale += step > len(ITEMS) // 2  # an item that was over came back
            self.skipped += 1 < step <= len(ITEMS) // 2
        self.item = item


def watch_gaps(folder: Path, switches: int) -> list[str]:
    """Stills, animations and videos in turn, cut at once, until there were as many switches as asked for."""
    folder.mkdir()
    server = XServer(folder, SIZE)
    try:
        warm = WarmCache.at(folder, SIZE)
        fill(warm)
        loop = [{"kind": "house", "seconds": SLOT_S, "transition": "cut"}]
        screen = Screen(folder, display=server.name, loop=loop)
        seen = _watch(server, screen, switches)
        late = (Board.read(folder / "run", "screen") or {}).get("frames_late")
        screen.stop()
        warm.journal.close()
        warm.cache.close()
    finally:
        Screen.kill_all()
        server.stop()
    judged = f"{seen.black} black, {seen.stale} stale, {seen.unknown} unknown"
    aside = f"{seen.skipped} not seen, {seen.mixed} looks in mid-copy, {late} frames late"
    return [f"between items             {judged} of {seen.looks} looks over {seen.switches} switches ({aside})"]


def _watch(server: XServer, screen: Screen, switches: int) -> Seen:
    places = [(SIZE.w * (2 * x + 1) // 10, SIZE.h * (2 * y + 1) // 10) for x in range(5) for y in range(5)]
    seen = Seen()
    while _item(server.pixel(*places[0])) is None:
        time.sleep(PERIOD_S)
    due = time.monotonic()
    while seen.switches < switches and screen.process.poll() is None:
        pixels = [server.pixel(*place) for place in places]
        seen.look([_item(pixel) for pixel in pixels], dark=all(max(pixel) <= _DARK for pixel in pixels))
        due = max(due + PERIOD_S, time.monotonic())
        time.sleep(max(0.0, due - time.monotonic()))
    return seen


def _item(pixel: tuple[int, ...]) -> int | None:
    """Which item has this colour (B, G, R)."""
    for number, (_, colours) in enumerate(ITEMS):
        for red, green, blue in colours:
            if max(abs(pixel[0] - blue), abs(pixel[1] - green), abs(pixel[2] - red)) <= _NEAR:
                return number
    return None
