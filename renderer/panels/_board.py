"""An event without teams on a tile: its leaders with place, name and score."""

from __future__ import annotations

from datetime import datetime

from renderer.panels._game import dot
from renderer.panels._games import Board, Games, Leader
from renderer.panels._style import PanelSettings
from renderer.panels._tile import Box, Tile
from renderer.panels._type import CAP, Face, fitting, shortened, width

_ROW = 1.9
"""Height in labels of a leader's line, at least."""
_LARGEST = 2.9
_COLUMN = 14.0
"""Width in labels that suits a leader's line."""


def draw_board(tile: Tile, box: Box, known: Games, board: Board, settings: PanelSettings, now: datetime) -> None:
    """Event and how it stands, and as many leaders as can be read."""
    unit = tile.label
    status = board.status(settings, now)
    if box.w >= 3.4 * box.h:
        left = Box(box.x, box.y, min(box.w * 0.24, 14 * unit), box.h)
        _name(tile, left, known, board, status)
        tile.upright(box, left.right + unit * 1.3)
        start = left.right + unit * 2.6
        _leaders(tile, Box(start, box.y, box.right - start, box.h), board.leaders)
        return
    lead = unit * 1.3
    mark = unit * 0.95 if board.live else 0.0
    title = board.name or known.league
    words = shortened(status, Face.STRONG, unit * 1.05, box.w * 0.5)
    if width(title, Face.STRONG, unit) > box.w - width(words, Face.STRONG, unit * 1.05) - mark - unit:
        words = ""  # who plays where matters more; a live one keeps its mark
    wide = width(words, Face.STRONG, unit * 1.05)
    base = box.y + lead * CAP
    tile.write((box.right, base), words, Face.STRONG, unit * 1.05, _ink(tile, board), "r")
    if board.live:
        dot(tile, box.right - wide - unit * 0.58, base - unit * 1.05 * CAP / 2)
    room = box.w - (wide + mark + unit if wide or mark else 0.0)
    lead = fitting(title, Face.STRONG, room, lead, unit)
    tile.write((box.x, base), shortened(title, Face.STRONG, lead, room), Face.STRONG, lead, tile.inks.first)
    rows = box.below(1.85 * unit)
    tile.across(rows, rows.y)
    _leaders(tile, rows.below(unit * 0.2), board.leaders)


def _name(tile: Tile, box: Box, known: Games, board: Board, status: str) -> None:
    """The event at the left of a band, how it stands below."""
    unit = tile.label
    name = board.name or known.league
    size = fitting(name, Face.STRONG, box.w, unit * 1.5, unit)
    middle = box.y + box.h / 2
    tile.write(
        (box.x, middle - unit * 0.3), shortened(name, Face.STRONG, size, box.w), Face.STRONG, size, tile.inks.first
    )
    x = box.x + (unit * 0.9 if board.live else 0)
    words = shortened(status, Face.STRONG, unit * 1.05, box.right - x)
    tile.write((x, middle + unit * 1.5), words, Face.STRONG, unit * 1.05, _ink(tile, board))
    if board.live:
        dot(tile, box.x + unit * 0.28, middle + unit * 1.5 - unit * CAP / 2)


def _leaders(tile: Tile, box: Box, leaders: tuple[Leader, ...]) -> None:
    unit = tile.label
    across = max(1, min(3, int((box.w + 2.6 * unit) / ((_COLUMN + 2.6) * unit))))
    down = max(1, min(int(box.h / (_ROW * unit)), -(-len(leaders) // across)))
    high = min(box.h / down, _LARGEST * unit)
    shown = leaders[: across * down]
    wide = box.columns(across, 2.6 * unit)[0].w
    size = _size(shown, wide, min(unit * 1.5, high * 0.62), unit * 0.9)
    places = max((width(leader.position, Face.TEXT, size * 0.86) for leader in shown), default=0.0)
    scores = max((width(leader.score, Face.STRONG, size) for leader in shown), default=0.0)
    top = box.y + (box.h - high * down) / 2
    for place, leader in enumerate(shown):
        column = box.columns(across, 2.6 * unit)[place // down]
        base = top + high * (place % down) + (high + size * CAP) / 2
        tile.write((column.x, base), leader.position, Face.TEXT, size * 0.86, tile.inks.second)
        x = column.x + (places + unit * 0.7 if places else 0.0)
        name = shortened(leader.name, Face.STRONG, size, column.right - scores - unit * 0.7 - x)
        tile.write((x, base), name, Face.STRONG, size, tile.inks.first)
        tile.write((column.right, base), leader.score, Face.STRONG, size, tile.inks.first, "r")


def _ink(tile: Tile, board: Board) -> tuple[int, int, int]:
    return tile.inks.live if board.live else tile.inks.second


def _size(leaders: tuple[Leader, ...], wide: float, most: float, least: float) -> float:
    """The size at which the longest line of a column is whole, within reason."""
    longest = max(width(leader.name, Face.STRONG, 100) + width(leader.score, Face.STRONG, 100) for leader in leaders)
    places = max(width(leader.position, Face.TEXT, 86) for leader in leaders)
    return max(least, min(most, wide / (longest + places + 160) * 100))
