"""From the start of the process to the first ad on the display, seen from outside."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from PIL import Image

from bench.screen._loop import SIZE, Loop
from bench.screen._players import Player, players, server, started, wait_for_picture


def compare_start(loop: Loop, starts: int) -> list[str]:
    """Each in turn, several times; the first start of each warms the page cache and is not counted."""
    colours = probes(loop.pictures[0])
    parts = {player.name: player for player in players(loop)}
    times: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(starts + 1):
        for name, player in parts.items():
            times[name].append(_start(player, colours, loop.page.parent))
    medians = {name: statistics.median(measured[1:]) for name, measured in times.items()}
    base = medians["Chromium kiosk"]
    return [
        f"first ad on the display   {name:15} {median:5.2f} s   {median / base:.2f} of Chromium's"
        for name, median in medians.items()
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


def _start(player: Player, colours: dict[tuple[int, int], tuple[int, ...]], folder: Path) -> float:
    home = folder / player.name.split()[0]
    with server(home) as display:
        began = time.monotonic()
        with started(player, display, home):
            return wait_for_picture(display, colours) - began
