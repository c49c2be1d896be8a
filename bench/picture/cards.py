"""Draws every card on four screens: ``python -m bench.picture.cards OUT [--full]``.

OUT gets ``cards.jpg`` (docs/cards.jpg); ``--full`` adds each card as PNG. How long each takes to draw is printed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from cache import ClockState
from config import Size
from renderer.card import CardSaid, facts_of, identify_card, pattern_card, paused_card, status_card
from renderer.window import Output

NOW = datetime(2026, 11, 23, 13, 27, 5, tzinfo=UTC)
SCREENS = (Size(1920, 1080), Size(1080, 1920), Size(3840, 2160), Size(840, 400))
OUTPUT = Output("kmsdrm", "gpu", "opengles2 V3D 4.2", vsync=True, refresh_hz=60.0)
SAID = CardSaid(
    screen_id="berlin-hbf-12",
    venue="Harbour Kitchen, platform 3",
    version="0.7.0",
    timezone="Europe/Berlin",
    hours=("mon-fri 06:00-23:00", "sat-sun 08:00-01:00"),
    exchanges=("sandbox",),
    proof=("kinesis",),
    brand_colour="#10325c",
    output=OUTPUT,
)
AGENT = {
    "exchanges": {"sandbox": {"asked": 212, "filled": 187, "down": False}},
    "links": [{"name": "eth0", "up": True, "addresses": ["192.168.178.42"]}],
    "leases": {"PREPARED": 6, "PLAYED": 1284},
    "delivery": {"pending": 12, "delivered": 1272, "error": None},
    "jobs": {"ask": {"last_error": None}},
}
DOWN = {
    **AGENT,
    "exchanges": {"sandbox": {"asked": 9, "filled": 0, "down": True}},
    "leases": {"PREPARED": 0, "PLAYED": 1284},
    "jobs": {"ask": {"last_error": "exchange.unavailable"}, "feed-weather": {"last_error": "feed.unavailable"}},
}
SYNCED = ClockState(synced=True, source="timesyncd", offset_ms=0.4)
NOT_SET = ClockState(synced=False, source="timesyncd", offset_ms=None)
SHARE = 0.16
GAP = 16


def status(size: Size) -> Image.Image:
    """All is well."""
    return status_card(size, SAID, facts_of(SAID, AGENT, SYNCED, size), NOW)


def trouble(size: Size) -> Image.Image:
    """The exchange does not answer."""
    return status_card(size, SAID, facts_of(SAID, DOWN, SYNCED, size), NOW)


def new(size: Size) -> Image.Image:
    """Nobody has set it up."""
    said = CardSaid(screen_id="unprovisioned", version="0.7.0", output=OUTPUT)
    agent = {"links": AGENT["links"], "leases": {}, "jobs": {}}
    return status_card(size, said, facts_of(said, agent, NOT_SET, size), NOW)


def identify(size: Size) -> Image.Image:
    """Which one it is."""
    return identify_card(size, SAID)


def pattern(size: Size) -> Image.Image:
    """The test pattern."""
    return pattern_card(size, SAID)


def paused(size: Size) -> Image.Image:
    """A tech is at work."""
    return paused_card(size, SAID, NOW)


CARDS: tuple[Callable[[Size], Image.Image], ...] = (status, trouble, new, identify, pattern, paused)


def main() -> None:
    """Draw them all."""
    parser = argparse.ArgumentParser(description="Every card on four screens.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--full", action="store_true")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    rows = []
    for card in CARDS:
        row = []
        for size in SCREENS:
            began = time.perf_counter()
            picture = card(size)
            print(f"{card.__name__:>9} {size!s:>9} {(time.perf_counter() - began) * 1000:6.0f} ms")
            if given.full:
                picture.save(given.out / f"{card.__name__}-{size}.png")
            row.append(picture)
        rows.append(row)
    sheet(rows).save(given.out / "cards.jpg", quality=80, optimize=True)


def sheet(rows: list[list[Image.Image]]) -> Image.Image:
    """A row a card, a column a screen, all at one height but for the flat one."""
    high = round(1080 * SHARE * 2)
    small = [[_to_height(picture, high if picture.height > 400 else high // 2) for picture in row] for row in rows]
    wide = sum(picture.width for picture in small[0]) + GAP * (len(small[0]) + 1)
    made = Image.new("RGB", (wide, (high + GAP) * len(rows) + GAP), (236, 238, 242))
    for down, row in enumerate(small):
        x = GAP
        for picture in row:
            made.paste(picture, (x, GAP + down * (high + GAP) + (high - picture.height) // 2))
            x += picture.width + GAP
    return made


def _to_height(picture: Image.Image, high: int) -> Image.Image:
    return picture.resize((round(picture.width * high / picture.height), high), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
