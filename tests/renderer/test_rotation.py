"""Turned screens under a real X server: cards and screenshots upright, the panel turned; modes change meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cache import Board, ask_card, resume
from config import Rect, Size
from renderer.window._turn import turned_rect
from tests.renderer.screen_process import Screen
from tests.renderer.show.warm import WarmCache
from tests.renderer.window.keyboard import press
from tests.renderer.window.randr import session, set_mode
from tests.renderer.window.xserver import XServer

PANEL, SMALLER = Size(640, 360), Size(480, 360)
RED, BLUE = (200, 30, 30), (30, 30, 200)
LOOP = [{"kind": "ad", "seconds": 10, "transition": "cut"}]
LONG_S = 40


@pytest.fixture
def server(tmp_path: Path) -> Iterator[XServer]:
    running = XServer(tmp_path, PANEL)
    with session(running.name):
        yield running
        Screen.kill_all()
    running.stop()


def board(screen: Screen) -> dict[str, Any]:
    return Board.read(screen.root / "run", "screen") or {}


def shows(screen: Screen, card: str) -> bool:
    return (board(screen).get("showing") or {}).get("card") == card


def wedges(size: Size) -> dict[str, tuple[int, int]]:
    """Where the test pattern's arrow is white, and where it would be on its head."""
    least = min(size.w, size.h)
    up = round(size.h / 2 - least * 0.36 + least * 0.085 * 0.55)
    return {"up": (size.w // 2, up), "down": (size.w // 2, size.h - 1 - up)}


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_pattern_is_upright_for_people_whichever_way_the_panel_hangs(
    server: XServer, tmp_path: Path, rotation: int
) -> None:
    warm = WarmCache.at(tmp_path, PANEL.turned(rotation))
    try:
        logical = PANEL.turned(rotation)
        warm.ad("lease-1", warm.plate("one", RED), 600_000)
        screen = Screen(tmp_path, loop=LOOP, display=server.name, rotation=rotation)
        screen.until(lambda: board(screen).get("showing"), LONG_S)
        assert board(screen)["size"] == str(logical)
        screen.until(lambda: server.pixel(5, 5) == RED[::-1], LONG_S)  # the plate was made for the turned screen
        assert ask_card(tmp_path / "run", warm.clock, "pattern", 600)
        screen.until(lambda: shows(screen, "pattern"), LONG_S)
        picture = screen.picture(tmp_path / "pattern.png")
        assert picture.size == (logical.w, logical.h)
        places = wedges(logical)
        assert (picture.getpixel(places["up"]), picture.getpixel(places["down"])) != ((255,) * 3, (255,) * 3)
        for x, y in (places["up"], places["down"], (0, 0), (logical.w - 1, logical.h - 1), (3, 3)):
            place = turned_rect(Rect(x, y, 1, 1), logical, rotation)
            seen = picture.getpixel((x, y))
            assert isinstance(seen, tuple)
            screen.until(lambda place=place, seen=seen: server.pixel(place.x, place.y) == seen[::-1], LONG_S)  # type: ignore[misc]
        assert picture.getpixel(places["up"]) == (255, 255, 255)
        assert picture.getpixel(places["down"]) != (255, 255, 255)
        assert screen.stop() == 0
    finally:
        warm.journal.close()
        warm.cache.close()


@pytest.mark.parametrize("rotation", [0, 90])
def test_another_mode_while_it_is_turned(server: XServer, tmp_path: Path, rotation: int) -> None:
    """What a tech asked for stays on, in the new size; then the loop goes on."""
    warm = WarmCache.at(tmp_path, SMALLER.turned(rotation))
    try:
        warm.ad("lease-1", warm.plate("one", BLUE), 600_000)
        screen = Screen(tmp_path, loop=LOOP, display=server.name, rotation=rotation)
        screen.until(lambda: board(screen).get("showing"), LONG_S)
        assert ask_card(tmp_path / "run", warm.clock, "identify", 600)
        screen.until(lambda: shows(screen, "identify"), LONG_S)
        set_mode(server.name, SMALLER)
        screen.until(lambda: board(screen).get("size") == str(SMALLER.turned(rotation)), LONG_S)
        screen.until(lambda: shows(screen, "identify"), LONG_S)
        assert screen.picture(tmp_path / "card.png").size == (SMALLER.turned(rotation).w, SMALLER.turned(rotation).h)
        assert resume(tmp_path / "run")
        screen.until(lambda: (board(screen).get("showing") or {}).get("kind") == "ad", LONG_S)
        assert screen.stop() == 0
    finally:
        warm.journal.close()
        warm.cache.close()


def test_a_tech_with_a_keyboard(server: XServer, tmp_path: Path) -> None:
    warm = WarmCache.at(tmp_path, PANEL)
    try:
        warm.ad("lease-1", warm.plate("one", RED), 600_000)
        warm.ad("lease-2", warm.plate("two", BLUE), 600_000)
        screen = Screen(tmp_path, loop=LOOP, display=server.name)
        screen.until(lambda: server.pixel(5, 5) in {RED[::-1], BLUE[::-1]}, LONG_S)
        for key, card in (("i", "identify"), ("F1", "status"), ("t", "pattern")):
            press(server.name, key)
            screen.until(lambda card=card: shows(screen, card), LONG_S)  # type: ignore[misc]
        press(server.name, "Escape")
        screen.until(lambda: (board(screen).get("showing") or {}).get("kind") == "ad", LONG_S)
        assert screen.stop() == 0
    finally:
        warm.journal.close()
        warm.cache.close()
