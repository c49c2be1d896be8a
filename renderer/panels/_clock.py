"""The clock panel: the time as large as the tile allows, and the date."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from config import Size
from renderer.panels._bands import Backdrop
from renderer.panels._style import PanelSettings, PanelStyle
from renderer.panels._tile import Box, Tile
from renderer.panels._type import CAP, Face, fitting, width

_ANY = "00:00"
"""Sizes are measured on this, so that the clock does not swell and shrink with the minutes."""
_HALF = 0.34
"""Size of AM and PM, as a share of the figures'."""
_HALF_GAP = 0.09


@dataclass(frozen=True, slots=True)
class _Moment:
    """What the clock says."""

    figures: str
    half: str
    """AM or PM on a 12 hour clock."""
    half_first: bool
    weekday: str
    weekday_short: str
    day: str
    day_short: str
    long_date: str
    short_date: str

    @classmethod
    def of(cls, now: datetime, settings: PanelSettings) -> _Moment:
        local, words = settings.local(now), settings.language()
        twelve = settings.clock_hours == 12
        return cls(
            figures=f"{words.half_hour(local)}:{local:%M}" if twelve else f"{local:%H:%M}",
            half=words.half(local) if twelve else "",
            half_first=words.half_first,
            weekday=words.weekday(local),
            weekday_short=words.weekday_short(local),
            day=words.day_month(local),
            day_short=words.day_month_short(local),
            long_date=words.long_date(local),
            short_date=words.short_date(local),
        )


def draw_clock(
    size: Size, settings: PanelSettings, style: PanelStyle, backdrop: Backdrop | None, now: datetime
) -> Image.Image:
    """The tile: time beside date in a strip, above it in a square, hours above minutes in a tower."""
    tile = Tile.on(size, style, backdrop, rtl=settings.language().rtl)
    moment = _Moment.of(now, settings)
    box = tile.inner
    if box.w >= 2.5 * box.h:
        _strip(tile, box, moment)
    elif box.w < 0.62 * box.h:
        _tower(tile, box, moment)
    else:
        _square(tile, box, moment)
    return tile.image


def _figures(tile: Tile, x: float, base: float, moment: _Moment, size: int) -> float:
    """The time in the middle of its cell, which begins at x and is as wide as any time; returns the cell's end."""
    end = x + _wide(moment, size)
    small, gap = size * _HALF, size * _HALF_GAP
    wide = width(moment.figures, Face.DISPLAY, size)
    x -= (wide - width(_ANY, Face.DISPLAY, size)) / 2
    if moment.half and moment.half_first:
        tile.write((x, base), moment.half, Face.STRONG, small, tile.inks.second)
        x += width(moment.half, Face.STRONG, small) + gap
    tile.write((x, base), moment.figures, Face.DISPLAY, size, tile.inks.first)
    if moment.half and not moment.half_first:
        tile.write((x + wide + gap, base), moment.half, Face.STRONG, small, tile.inks.second)
    return end


def _wide(moment: _Moment, size: float) -> float:
    """The cell of any time, with its AM or PM."""
    half = size * _HALF_GAP + width(moment.half, Face.STRONG, size * _HALF) if moment.half else 0.0
    return width(_ANY, Face.DISPLAY, size) + half


def _strip(tile: Tile, box: Box, moment: _Moment) -> None:
    """Time, hairline, weekday over date: one group in the middle; the time alone, larger, where dates do not fit."""
    unit, inks = tile.label, tile.inks
    high = min(box.h * 0.8, unit * 6.5) / CAP
    size = fitting(_ANY, Face.DISPLAY, box.w * (0.4 if moment.half else 0.5), high)
    gap = max(unit * 1.2, size * 0.28)
    room = box.w - _wide(moment, size) - 2 * gap
    wanted = max(unit, min(size * CAP * 0.34, unit * 1.9))
    for weekday, day in ((moment.weekday, moment.day), (moment.weekday_short, moment.day_short)):
        lead = min(fitting(weekday, Face.STRONG, room, wanted, 4), fitting(day, Face.TEXT, room, wanted, 4))
        if lead < max(unit * 0.8, tile.least) or room <= 0:
            continue
        block = max(width(weekday, Face.STRONG, lead), width(day, Face.TEXT, lead))
        x = box.x + (box.w - _wide(moment, size) - 2 * gap - block) / 2
        base = box.y + (box.h + size * CAP) / 2
        x = _figures(tile, x, base, moment, size) + gap
        tile.upright(Box(x, base - size * CAP, 1, size * CAP), x)
        y = box.y + box.h / 2 - lead * 0.36
        tile.write((x + gap, y), weekday, Face.STRONG, lead, inks.first)
        tile.write((x + gap, y + lead * 1.44), day, Face.TEXT, lead, inks.second)
        return
    size = fitting(_ANY, Face.DISPLAY, box.w * (0.7 if moment.half else 0.94), high)
    _figures(tile, box.mid - _wide(moment, size) / 2, box.y + (box.h + size * CAP) / 2, moment, size)


def _square(tile: Tile, box: Box, moment: _Moment) -> None:
    """Time above date, centred."""
    unit = tile.label
    size = fitting(_ANY + ("P" if moment.half else ""), Face.DISPLAY, box.w * 0.94, box.h * 0.52 / CAP)
    size = min(size, math.floor(size * box.w / max(_wide(moment, size), 1.0)))
    date_size, words = _date_line(box.w, max(unit * 1.15, min(size * 0.2, unit * 2)), moment)
    gap = max(size * 0.2, date_size * 0.9)
    with_date = date_size >= tile.least and box.h >= size * CAP + gap + date_size * CAP
    total = size * CAP + (gap + date_size * CAP if with_date else 0)
    base = box.y + (box.h - total) / 2 + size * CAP
    _figures(tile, box.mid - _wide(moment, size) / 2, base, moment, size)
    if with_date:
        tile.write((box.mid, base + gap + date_size * CAP), words, Face.TEXT, date_size, tile.inks.second, "m")


def _date_line(room: float, size: float, moment: _Moment) -> tuple[float, str]:
    """The longest form of the date that fits at a readable size."""
    fits = fitting(moment.long_date, Face.TEXT, room, size, 4)
    if fits >= size * 0.86:
        return fits, moment.long_date
    return fitting(moment.short_date, Face.TEXT, room, size, 4), moment.short_date


def _tower(tile: Tile, box: Box, moment: _Moment) -> None:
    """Hours above minutes, the date at the foot."""
    unit = tile.label
    hours, minutes = moment.figures.split(":")
    weekday, day = (moment.half, moment.short_date) if moment.half else (moment.weekday, moment.day)
    lead = unit * 1.5
    lead = min(lead, fitting(weekday, Face.STRONG, box.w, lead, 4), fitting(day, Face.TEXT, box.w, lead, 4))
    foot = lead * (1.7 + CAP + 1.45)
    size = fitting("00", Face.DISPLAY, box.w * 0.96, (box.h - foot) * 0.42 / CAP)
    gap = size * 0.24
    base = box.y + max(0.0, (box.h - 2 * size * CAP - gap - foot) / 2) + size * CAP
    tile.write((box.mid, base), hours, Face.HEADLINE, size, tile.inks.first, "m")
    base += size * CAP + gap
    tile.write((box.mid, base), minutes, Face.FIGURE, size, tile.inks.first, "m")
    if box.h < 2 * size * CAP + gap + foot:
        return
    y = base + lead * (1.7 + CAP)
    tile.write((box.mid, y), weekday, Face.STRONG, lead, tile.inks.first, "m")
    tile.write((box.mid, y + lead * 1.45), day, Face.TEXT, lead, tile.inks.second, "m")
