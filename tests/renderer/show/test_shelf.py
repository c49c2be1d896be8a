"""The shelf: tiles are found again for the same plate and settings, within a budget, and a full one is stable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from config import Config, Rect, Size
from renderer.show import _shelf
from renderer.show._settings import ShowSettings
from renderer.show._shelf import Shelf
from renderer.show._tiles import Tile

SETTINGS = ShowSettings.of(Config(), Size(100, 100))
WHOLE = 100 * 100 * 4


def tiles(count: int = WHOLE) -> tuple[Tile, ...]:
    return (Tile("clock", Rect(0, 0, 1, 1), memoryview(bytes(count)), "12:00", None),)


def shown(shelf: Shelf, names: Iterable[str], settings: ShowSettings = SETTINGS) -> list[str]:
    """Stage these plates one after the other; returns those whose tiles were found."""
    found = []
    for name in names:
        before = shelf.tiles(settings, name)
        found += [name] if before else []
        shelf.keep(name, before or tiles())
    return found


def test_what_was_drawn_over_a_plate_is_found_when_it_comes_again() -> None:
    shelf = Shelf(screens=3)
    assert shown(shelf, "abc") == []
    assert shown(shelf, "abc") == ["a", "b", "c"]


def test_it_keeps_the_newest_of_each_plate() -> None:
    shelf, new = Shelf(), tiles(8)
    shelf.tiles(SETTINGS, "a")
    shelf.keep("a", tiles(4))
    shelf.keep("a", new)
    assert shelf.tiles(SETTINGS, "a") is new


def test_a_loop_that_is_too_large_finds_a_part_of_it_at_every_round() -> None:
    shelf = Shelf(screens=3)
    shown(shelf, "abcdef")
    assert [shown(shelf, "abcdef") for _ in range(3)] == [["a", "b", "c"]] * 3


def test_what_was_not_wanted_for_long_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_shelf, "_LONG_AGO", 4)
    shelf = Shelf(screens=2)
    shown(shelf, "ab")
    shown(shelf, "cdcd")
    assert shown(shelf, "cd") == ["c", "d"]
    assert shown(shelf, "ab") == []


def test_other_settings_find_nothing() -> None:
    shelf, other = Shelf(screens=3), replace(SETTINGS, brand_colour="#ff0000")
    shown(shelf, "ab")
    assert shown(shelf, "ab", other) == []
    assert shown(shelf, "ab", other) == ["a", "b"]


def test_no_tiles_take_no_place_and_a_larger_picture_than_the_budget_none_either() -> None:
    shelf = Shelf(screens=1)
    shelf.tiles(SETTINGS, "a")
    shelf.keep("a", ())
    shelf.keep("b", tiles(WHOLE + 1))
    assert shelf.tiles(SETTINGS, "a") == shelf.tiles(SETTINGS, "b") == ()
