"""The scores panel: as many games as can be read across a room, the live ones first, in pages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from PIL import Image

from config import Size
from renderer.panels._bands import Backdrop
from renderer.panels._board import draw_board
from renderer.panels._game import CARD, ROW, STATUS, Cast, Painter, dot
from renderer.panels._games import Game, Games
from renderer.panels._pages import page_at
from renderer.panels._small import attribution, attribution_height
from renderer.panels._style import PanelSettings, PanelStyle
from renderer.panels._tile import Box, Grid, Tile
from renderer.panels._type import CAP, Face, fitting, shortened, width

_HEAD = 1.85
"""Height in labels of the line that names the league."""
_MOST_PAGES = 6
"""The first games are back within a minute at 10 s a page; what comes after those pages is left out."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a tile of one size shows its games: known before anything is drawn, so that pages can be counted."""

    form: Literal["band", "list", "card"]
    box: Box
    label: float
    across: int = 1
    down: int = 1
    high: float = 0.0
    """Of one game in a list."""
    beside: bool = False
    """The status stands beside the teams."""

    @property
    def room(self) -> int:
        """Games on one page."""
        return self.across * self.down

    @classmethod
    def of(cls, known: Games, size: Size, style: PanelStyle) -> Plan:
        """The plan that suits the tile's shape."""
        grid = Grid.of(size, style)
        unit, box = grid.label, grid.inner.above(attribution_height(grid.label, known.attribution))
        if box.w >= 3.4 * box.h:
            across = max(
                1, min(len(known.games), int((box.w - _named(known, box, unit) + unit * 2.6) / (13.5 * unit)), 5)
            )
            return cls("band", box, unit, across)
        if box.h < 7.6 * unit:
            return cls("card", box, unit)
        return cls._listed(known, box.below(_HEAD * unit if known.league or known.live else 0.0), box, unit)

    @classmethod
    def _listed(cls, known: Games, rows: Box, box: Box, unit: float) -> Plan:
        count = max(1, len(known.games))
        across = 2 if box.w >= 31 * unit and count > 1 else 1
        if box.w < 42.6 * unit and 2 * ROW * unit <= rows.h < 2 * CARD * unit:
            across = 1  # one line of cards would float in a height that two lines of rows fill
        wide = box.columns(across, unit * 2.6)[0].w
        beside = wide >= 20 * unit
        least = (ROW if beside else CARD) * unit
        down = min(max(1, int(rows.h / least)), -(-count // across))
        high = rows.h if down == 1 else min(rows.h / down, least * (1.7 if down > 2 else 2.4))
        return cls("list", box, unit, across, down, high, beside)


def page_count(known: Games, plan: Plan) -> int:
    """Pages of games, then one for each event without teams."""
    return min(_MOST_PAGES, math.ceil(len(known.games) / plan.room) + len(known.boards))


def draw_scores(
    size: Size,
    known: Games,
    settings: PanelSettings,
    style: PanelStyle,
    backdrop: Backdrop | None,
    now: datetime,
) -> Image.Image:
    """The tile. Its shape decides how many games, and whether the league is named; the clock decides which page."""
    tile = Tile.on(size, style, backdrop, rtl=settings.language().rtl)
    plan = Plan.of(known, size, style)
    count = page_count(known, plan)
    page = page_at(now, settings.scores_page_seconds, count)
    attribution(tile, known.attribution, count)
    tile.pages(count, page, aside=bool(known.attribution))
    games = _page(known.games, plan.room, page)
    if not games:
        draw_board(tile, plan.box, known, known.boards[page - math.ceil(len(known.games) / plan.room)], settings, now)
        return tile.image
    stage = _Stage(tile, plan, settings, now)
    if plan.form == "band":
        stage.band(known, games)
    elif plan.form == "list":
        head = _head(tile, plan.box, known, settings)
        stage.listing(plan.box.below(head), games, alone=len(known.games) == 1)
    else:
        stage.painter(games, plan.box.w, plan.box.h - 1.4 * tile.label).card(plan.box, games[0], known.league)
    return tile.image


def _page(games: tuple[Game, ...], room: int, page: int) -> tuple[Game, ...]:
    """The games of a page; the last page is filled up with games of the one before."""
    if page * room >= len(games):
        return ()
    start = min(page * room, max(0, len(games) - room))
    return games[start : start + room]


def _head(tile: Tile, box: Box, known: Games, settings: PanelSettings) -> float:
    """League on the left, how many are live on the right. Returns its height."""
    unit = tile.label
    size = unit * 1.3
    base = box.y + size * CAP
    words = settings.language().word("live_count", count=known.live) if known.live else ""
    taken = width(words, Face.STRONG, unit * 1.05) + unit * 1.6 if words else 0.0
    if words and width(known.league, Face.STRONG, size) <= box.w - taken:
        tile.write((box.right, base), words, Face.STRONG, unit * 1.05, tile.inks.live, "r")
        dot(tile, box.right - width(words, Face.STRONG, unit * 1.05) - unit * 0.58, base - unit * 1.05 * CAP / 2)
    league = shortened(known.league, Face.STRONG, size, box.w)
    tile.write((box.x, base), league, Face.STRONG, size, tile.inks.first)
    return unit * _HEAD if league or words else 0.0


def _league(known: Games, box: Box, unit: float) -> tuple[str, float]:
    """The league's name as it stands at the left of a band, and its size; empty where there is no room."""
    size = fitting(known.league, Face.STRONG, box.w * 0.18, unit * 1.5, unit)
    league = shortened(known.league, Face.STRONG, size, box.w * 0.24)
    return (league if box.w >= 32 * unit else ""), size


def _named(known: Games, box: Box, unit: float) -> float:
    """The width that the league takes at the left of a band."""
    league, size = _league(known, box, unit)
    return max(width(league, Face.STRONG, size), unit * 5) + unit * 2.6 if league else 0.0


class _Stage:
    """Places games on one tile."""

    def __init__(self, tile: Tile, plan: Plan, settings: PanelSettings, now: datetime) -> None:
        self.tile = tile
        self.plan = plan
        self.settings = settings
        self.now = now

    def painter(self, games: tuple[Game, ...], room: float, high: float) -> Painter:
        """A painter in the measure that suits these games in lines ``room`` wide and teams ``high``."""
        return Painter(self.tile, self.settings, self.now, Cast.of(games, room, self.tile.label, high))

    def listing(self, box: Box, games: tuple[Game, ...], *, alone: bool) -> None:
        """One or two columns of games, evenly spread, parted by hairlines; a lone game is made much of."""
        unit, plan = self.tile.label, self.plan
        if alone and box.h >= 11 * unit:
            self.tile.across(box, box.y)
            self.painter(games, box.w, box.h).feature(box.below(unit), games[0])
            return
        columns = box.columns(plan.across, unit * 2.6)
        room = columns[0].w - (STATUS * unit if plan.beside else 0)
        painter = self.painter(games, room, plan.high - unit * (0.7 if plan.beside else 2.7))
        for place, game in enumerate(games):
            column = columns[place // plan.down]
            row = Box(column.x, box.y + plan.high * (place % plan.down), column.w, plan.high)
            self.tile.across(row, row.y)
            if plan.beside:
                painter.row(row, game)
            else:
                painter.card(row, game)

    def band(self, known: Games, games: tuple[Game, ...]) -> None:
        """Flat and wide: the league, then games side by side."""
        unit, box = self.tile.label, self.plan.box
        start = self._name(box, known)
        room = Box(box.x + start, box.y, box.w - start, box.h)
        columns = room.columns(len(games), unit * 2.6)
        painter = self.painter(games, columns[0].w, box.h - 1.5 * unit)
        for place, (column, game) in enumerate(zip(columns, games, strict=True)):
            if place or start:
                self.tile.upright(box, column.x - unit * 1.3)
            painter.card(column, game)

    def _name(self, box: Box, known: Games) -> float:
        """The league at the left of a band, how many are live below it. Returns where games begin."""
        tile, unit = self.tile, self.tile.label
        league, size = _league(known, box, unit)
        if not league:
            return 0.0
        live = self.settings.language().word("live_count", count=known.live) if known.live else ""
        base = box.y + (box.h + size * CAP) / 2 - (unit * 0.95 if live else 0)
        tile.write((box.x, base), league, Face.STRONG, size, tile.inks.first)
        if live:
            dot(tile, box.x + unit * 0.28, base + unit * 1.9 - unit * CAP / 2)
            tile.write((box.x + unit * 0.9, base + unit * 1.9), live, Face.STRONG, unit * 1.05, tile.inks.live)
        return max(width(league, Face.STRONG, size), width(live, Face.STRONG, unit) + unit) + unit * 2.6
