"""The scores panel: as many games as can be read across a room, the live ones first."""

from __future__ import annotations

from datetime import datetime

from PIL import Image

from config import Size
from renderer.panels._game import CARD, ROW, STATUS, Cast, Painter, dot
from renderer.panels._games import Game, Games
from renderer.panels._style import PanelSettings, PanelStyle
from renderer.panels._tile import Box, Tile
from renderer.panels._type import CAP, Face, fitting, shortened, width, write


def draw_scores(
    size: Size,
    known: Games,
    settings: PanelSettings,
    style: PanelStyle,
    backdrop: Image.Image | None,
    now: datetime,
) -> Image.Image:
    """The tile. Its shape decides how many games, and whether the league is named."""
    tile = Tile.on(size, style, backdrop)
    stage = _Stage(tile, settings, now)
    box = tile.inner
    if box.w >= 3.4 * box.h:
        stage.band(box, known)
    elif box.h >= 7.6 * tile.label:
        stage.listing(box.below(_head(tile, box, known)), known.games)
    else:
        game = known.games[:1]
        stage.painter(game, box.w, box.h - 1.4 * tile.label).card(box, game[0], known.league)
    return tile.image


def _head(tile: Tile, box: Box, known: Games) -> float:
    """League on the left, how many are live on the right. Returns its height."""
    unit = tile.label
    size = unit * 1.3
    base = box.y + size * CAP
    words = f"{known.live} live" if known.live else ""
    taken = width(words, Face.STRONG, unit * 1.05) + unit * 1.6 if words else 0.0
    if words and width(known.league, Face.STRONG, size) <= box.w - taken:
        write(tile.draw, (box.right, base), words, Face.STRONG, unit * 1.05, tile.inks.live, "r")
        dot(tile, box.right - width(words, Face.STRONG, unit * 1.05) - unit * 0.58, base - unit * 1.05 * CAP / 2)
    league = shortened(known.league, Face.STRONG, size, box.w)
    write(tile.draw, (box.x, base), league, Face.STRONG, size, tile.inks.first)
    return unit * 1.85 if league or words else 0.0


class _Stage:
    """Places games on one tile."""

    def __init__(self, tile: Tile, settings: PanelSettings, now: datetime) -> None:
        self.tile = tile
        self.settings = settings
        self.now = now

    def painter(self, games: tuple[Game, ...], room: float, high: float) -> Painter:
        """A painter in the measure that suits these games in lines ``room`` wide and teams ``high``."""
        return Painter(self.tile, self.settings, self.now, Cast.of(games, room, self.tile.label, high))

    def listing(self, box: Box, games: tuple[Game, ...]) -> None:
        """One or two columns of games, evenly spread, parted by hairlines; a lone game is made much of."""
        unit = self.tile.label
        if len(games) == 1 and box.h >= 11 * unit:
            self.tile.across(box, box.y)
            self.painter(games, box.w, box.h).feature(box.below(unit), games[0])
            return
        across = 2 if box.w >= 31 * unit and len(games) > 1 else 1
        if box.w < 42.6 * unit and 2 * ROW * unit <= box.h < 2 * CARD * unit:
            across = 1  # one line of cards would float in a height that two lines of rows fill
        columns = box.columns(across, unit * 2.6)
        beside = columns[0].w >= 20 * unit
        least = (ROW if beside else CARD) * unit
        down = min(max(1, int(box.h / least)), -(-len(games) // across))
        high = box.h if down == 1 else min(box.h / down, least * (1.7 if down > 2 else 2.4))
        shown = games[: across * down]
        painter = self.painter(
            shown,
            columns[0].w - (STATUS * unit if beside else 0),
            high - unit * (0.7 if beside else 2.7),
        )
        for place, game in enumerate(shown):
            column = columns[place // down]
            row = Box(column.x, box.y + high * (place % down), column.w, high)
            self.tile.across(row, row.y)
            if beside:
                painter.row(row, game)
            else:
                painter.card(row, game)

    def band(self, box: Box, known: Games) -> None:
        """Flat and wide: the league, then games side by side."""
        unit = self.tile.label
        start = self._name(box, known)
        room = Box(box.x + start, box.y, box.w - start, box.h)
        count = max(1, min(len(known.games), int((room.w + unit * 2.6) / (13.5 * unit)), 5))
        columns = room.columns(count, unit * 2.6)
        shown = known.games[:count]
        painter = self.painter(shown, columns[0].w, box.h - 1.5 * unit)
        for place, (column, game) in enumerate(zip(columns, shown, strict=True)):
            if place or start:
                self.tile.upright(box, column.x - unit * 1.3)
            painter.card(column, game)

    def _name(self, box: Box, known: Games) -> float:
        """The league at the left of a band, how many are live below it. Returns where games begin."""
        tile, unit = self.tile, self.tile.label
        size = fitting(known.league, Face.STRONG, box.w * 0.18, unit * 1.5, unit)
        league = shortened(known.league, Face.STRONG, size, box.w * 0.24)
        if not league or box.w < 32 * unit:
            return 0.0
        live = f"{known.live} live" if known.live else ""
        base = box.y + (box.h + size * CAP) / 2 - (unit * 0.95 if live else 0)
        write(tile.draw, (box.x, base), league, Face.STRONG, size, tile.inks.first)
        if live:
            dot(tile, box.x + unit * 0.28, base + unit * 1.9 - unit * CAP / 2)
            write(tile.draw, (box.x + unit * 0.9, base + unit * 1.9), live, Face.STRONG, unit * 1.05, tile.inks.live)
        return max(width(league, Face.STRONG, size), width(live, Face.STRONG, unit) + unit) + unit * 2.6
