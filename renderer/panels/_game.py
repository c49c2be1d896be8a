"""One game on a tile: two teams with badge, name and score, and how the game stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from config import Size
from renderer.panels._colour import Rgb, apart_from, ink_on
from renderer.panels._games import Game, Side
from renderer.panels._style import PanelSettings
from renderer.panels._tile import Box, Tile, rounded
from renderer.panels._type import CAP, Face, fitting, shortened, width

CARD = 6.1
"""Height in labels of a game with its status above the teams."""
ROW = 3.95
"""Height in labels of a game with its status beside the teams."""
STATUS = 6.4
"""Width in labels of that status."""
_TEAMS = 3.7
_BADGE = 2.75
_GAP = 0.72
_NAME = 1.26
"""Size of a name, of a team's line."""
_LEAST = 0.84
"""A team's line in labels, at least, before names are shortened."""
_SAMPLE = 100.0
"""Widths are measured at this size and scaled: one font to load, not one for every size tried."""
_LARGEST = 1.45
_LARGEST_FEW = 2.1
"""A team's line in labels, at most; with one or two games on the tile."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The one measure that all games of a tile share: a team's line is ``unit``, its name ``name`` pixels."""

    unit: float
    name: float
    """0: names would be cut to pieces, so badges stand alone."""
    figure: float
    """Width kept for scores."""

    @classmethod
    def of(cls, games: Sequence[Game], room: float, label: float, high: float) -> Cast:
        """As large as the height allows, but not so large that names lose their ends."""
        unit = min(max(high, 0.0) / _TEAMS, label * (_LARGEST if len(games) > 2 else _LARGEST_FEW))
        sides = [(game, side) for game in games for side in game.sides]
        figure = max((_figure_width(game, side, _SAMPLE) for game, side in sides), default=0.0) / _SAMPLE
        least = min(unit, label * _LEAST)
        for part, most in ((_given, unit), (_first_word, min(unit, label * 1.15))):
            names = max((_name_width(part(side)) for _, side in sides), default=0.0)
            wanted = room / (_BADGE + 2 * _GAP + figure + names * _NAME + 0.1)
            if wanted >= least:
                fitted = min(most, wanted)
                return cls(fitted, fitted * _NAME, fitted * figure)
        cast = cls(least, least * _NAME * 0.86, least * figure)
        left = cast.name_room(room)
        lost = sum(_name_width(_first_word(side)) * cast.name > left for _, side in sides)
        if lost * 3 <= len(sides):
            return cast
        unit *= min(1.0, room / max(unit * (_BADGE + _GAP + figure), 1.0))
        return cls(unit, 0.0, unit * figure)

    def name_room(self, room: float) -> float:
        """What a line ``room`` wide leaves for the name."""
        return room - self.unit * (_BADGE + 2 * _GAP) - self.figure


def _given(side: Side) -> str:
    """The part of a name that should survive: short names whole, of long ones the first word."""
    return side.name if len(side.name) <= 12 else _first_word(side)


def _first_word(side: Side) -> str:
    return side.name.split(" ")[0]


def _figure(game: Game, side: Side, unit: float) -> tuple[str, Face, float]:
    """A score; before the game, the season's record."""
    if game.state == "next":
        return side.record, Face.TEXT, unit
    return ("–" if side.score is None else str(side.score)), Face.HEADLINE, unit * 1.62


def _name_width(name: str) -> float:
    """Width of a name set one pixel high."""
    return width(name, Face.STRONG, _SAMPLE) / _SAMPLE


def _figure_width(game: Game, side: Side, unit: float) -> float:
    return width(*_figure(game, side, unit))


def named(name: str, size: float, room: float) -> str:
    """The name as it fits: whole, else without its last words, else with an ellipsis."""
    words = name.split(" ")
    for count in range(len(words), 0, -1):
        part = " ".join(words[:count])
        if width(part, Face.STRONG, size) <= room:
            return part
    return shortened(name, Face.STRONG, size, room)


def dot(tile: Tile, x: float, y: float) -> None:
    """The mark of a live game."""
    tile.disc(x, y, max(4.0, tile.label * 0.54), tile.inks.live)


@dataclass(frozen=True, slots=True)
class Painter:
    """Draws games onto one tile, all in the same measure."""

    tile: Tile
    settings: PanelSettings
    now: datetime
    cast: Cast

    def row(self, box: Box, game: Game) -> None:
        """The teams, and on the right how the game stands."""
        unit = self.tile.label
        self._teams(Box(box.x, box.y, box.w - STATUS * unit, box.h), game)
        room, size = (STATUS - 1) * unit, unit * 1.05
        base = box.y + (box.h + size * CAP) / 2
        lines = game.lines(self.settings, self.now)
        if len(lines) == 2:
            self._two_lines(game, lines, box.right, (base - unit * 0.76, base + unit * 0.76))
        else:
            self._status(game, box.right, base, "r", room)

    def card(self, box: Box, game: Game, heading: str = "") -> None:
        """How the game stands, and below it the teams; ``heading`` on the right of the first line."""
        unit = self.tile.label
        teams = self.cast.unit * _TEAMS
        lead = unit * 1.05 * CAP
        gap = unit * 0.62
        top = box.y + max(0.0, (box.h - lead - gap - teams) / 2 + unit * 0.2)
        used = self._status(game, box.x, top + lead, "l", box.w)
        words = shortened(heading, Face.TEXT, unit * 0.95, box.w - used - unit)
        if words and not words.endswith("…"):
            self.tile.write((box.right, top + lead), words, Face.TEXT, unit * 0.95, self.tile.inks.second, "r")
        self._teams(Box(box.x, top + lead + gap, box.w, teams), game)

    def feature(self, box: Box, game: Game) -> None:
        """The only game: badges, names and scores side by side, as large as fits."""
        tile, inks = self.tile, self.tile.inks
        unit = min(box.h / 13.0, box.w / 14.0, tile.label * 2.4)
        y = box.y + (box.h - 11.6 * unit) / 2
        status = game.status(self.settings, self.now)
        mark = tile.label * 0.85 if game.live else 0.0
        size = fitting(status, Face.STRONG, box.w - mark, unit * 1.15)
        wide = width(status, Face.STRONG, size) + mark
        if mark:
            dot(tile, box.mid - wide / 2 + mark * 0.3, y + size * CAP / 2)
        ink = inks.live if mark else inks.second
        tile.write((box.mid + mark / 2, y + size * CAP), status, Face.STRONG, size, ink, "m")
        for side, half in zip(game.sides, box.columns(2, unit * 1.2), strict=True):
            ink = inks.second if side is game.loser() else inks.first
            self._badge(Box(half.mid - unit * 2.6, y + 2.6 * unit, unit * 5.2, unit * 2.9), side)
            name = named(side.name, unit * 1.2, half.w)
            tile.write((half.mid, y + 7.5 * unit), name, Face.STRONG, unit * 1.2, ink, "m")
            figure, face, _ = _figure(game, side, unit)
            size = fitting(figure, face, half.w, unit * (1.2 if game.state == "next" else 3.9))
            ink = inks.second if game.state == "next" else ink
            tile.write(
                (half.mid, y + (9.4 * unit if game.state == "next" else 11.6 * unit)),
                figure,
                face,
                size,
                ink,
                "m",
            )

    def _two_lines(self, game: Game, lines: tuple[str, ...], right: float, bases: tuple[float, float]) -> None:
        """The status on two lines; the mark of a live game stands before the first."""
        tile, size = self.tile, self.tile.label * 1.05
        live = game.live
        for words, base in zip(lines, bases, strict=True):
            tile.write((right, base), words, Face.STRONG, size, tile.inks.live if live else tile.inks.second, "r")
        if live:
            dot(tile, right - width(lines[0], Face.STRONG, size) - size * 0.55, bases[0] - size * CAP / 2)

    def _status(self, game: Game, x: float, base: float, align: str, room: float) -> float:
        """Quarter and clock, kick-off, or that it is over. Returns the width used."""
        tile, size = self.tile, self.tile.label * 1.05
        live = game.live
        mark = size * 0.85 if live else 0.0
        words = shortened(game.status(self.settings, self.now), Face.STRONG, size, room - mark)
        wide = width(words, Face.STRONG, size)
        if live:
            dot(tile, (x + size * 0.27) if align == "l" else x - wide - size * 0.55, base - size * CAP / 2)
        ink = tile.inks.live if live else tile.inks.second
        tile.write((x + mark if align == "l" else x, base), words, Face.STRONG, size, ink, align)
        return wide + mark

    def _teams(self, box: Box, game: Game) -> None:
        high = min(box.h / 2, self.cast.unit * _TEAMS / 2)
        top = box.y + (box.h - 2 * high) / 2
        for place, side in enumerate(game.sides):
            self._side(Box(box.x, top + place * high, box.w, high), game, side)

    def _side(self, row: Box, game: Game, side: Side) -> None:
        """Badge, name, score; the loser of a finished game steps back."""
        inks, unit = self.tile.inks, self.cast.unit
        middle = row.y + row.h / 2
        ink = inks.second if side is game.loser() else inks.first
        figure, face, size = _figure(game, side, unit)
        at = (row.right, middle + size * CAP / 2)
        self.tile.write(at, figure, face, size, inks.second if game.state == "next" else ink, "r")
        badge = min(unit * _BADGE, max(0.0, row.w - self.cast.figure - unit * 0.4))
        self._badge(Box(row.x, middle - unit * 0.77, badge, unit * 1.54), side)
        if not self.cast.name:
            return
        name = named(side.name, self.cast.name, self.cast.name_room(row.w))
        at = (row.x + badge + unit * _GAP, middle + self.cast.name * CAP / 2)
        self.tile.write(at, name, Face.STRONG, self.cast.name, ink)

    def _badge(self, box: Box, side: Side) -> None:
        """The team's colour with its letters, kept apart from the tile."""
        wide, high = round(box.w), round(box.h)
        if wide < 4 or high < 4:
            return
        ground = badge_colour(side.colour, dark=self.tile.inks.dark)
        at = (round(box.x), round(box.y))
        self.tile.fill(rounded(Size(wide, high), high * 0.26), at[0], at[1], ground)
        size = fitting(side.short, Face.BOLD, wide * 0.84, high * 0.60)
        base = at[1] + (high + size * CAP) / 2
        self.tile.write((at[0] + wide / 2, base), side.short, Face.BOLD, size, ink_on(ground), "m")


def badge_colour(colour: Rgb, *, dark: bool) -> Rgb:
    """The team's colour, moved no further than it takes to be seen as a shape on a tile of that theme."""
    return apart_from(colour, (34, 40, 52), 1.6) if dark else apart_from(colour, (238, 240, 244), 1.35)
