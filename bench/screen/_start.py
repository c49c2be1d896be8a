"""From the start of the process to the first ad on the display, seen from outside."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from PIL import Image

from bench.screen._loop import SIZE, Loop
from bench.screen._measure import cpu_s
from bench.screen._players import Player, players, server, started, wait_for_picture


def compare_start(loop: Loop, starts: int) -> list[str]:
    """Each in turn, several times; the first start of each warms the page cache and is not counted."""
    colours = probes(loop.pictures[0])
    parts = {player.name: player for player in players(loop)}
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in parts}
    for _ in range(starts + 1):
        for name, player in parts.items():
            measured[name].append(_start(player, colours, loop.page.parent))
    medians = {
        name: tuple(statistics.median(each) for each in zip(*starts_of[1:], strict=True))
        for name, starts_of in measured.items()
    }
    base_s, base_cpu_s = medians["Chromium kiosk"]
    return [
        f"first ad on the display   {name:15} {after_s:5.2f} s ({after_s / base_s:.2f})   "
        f"{cpu_s:5.2f} CPU s ({cpu_s / base_cpu_s:.2f})"
        for name, (after_s, cpu_s) in medians.items()
    ]


def probes(picture: Path) -> dict[tuple[int, int], tuple[int, ...]]:
    """Places in the creative's part of the picture, and what is there: B, G, R."""
    with Image.open(picture) as opened:
        pixels = opened.convert("RGB")
        places = [(x, y) for x in range(150, SIZE.w // 2, 97) for y in range(200, SIZE.h - 200, 89)]
        flat = [place for place in places if _is_flat(pixels, place)]
        return {place: _pixel(pixels, place)[::-1] for place in flat[:: max(1, len(flat) // 12)]}


def _is_flat(picture: Image.Image, place: tuple[int, int]) -> bool:
    here = _pixel(picture, place)
    around = [_pixel(picture, (place[0] + dx, place[1] + dy)) for dx in (-3, 3) for dy in (-3, 3)]
    return all(max(abs(a - b) for a, b in zip(here, near, strict=True)) < 6 for near in around)


def _pixel(picture: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    found = picture.getpixel(place)
    return found if isinstance(found, tuple) else ()


def _start(player: Player, colours: dict[tuple[int, int], tuple[int, ...]], folder: Path) -> tuple[float, float]:
    """Seconds until it was there, and the seconds of CPU that went into it."""
    home = folder / player.name.split()[0]
    with server(home) as display:
        began = time.monotonic()
        with started(player, display, home) as process:
            after_s = wait_for_picture(display, colours) - began
            return after_s, cpu_s(process)
