"""The clock panel: the time as large as the tile allows, and the date."""

from __future__ import annotations

from datetime import datetime

from PIL import Image

from config import Size
from renderer.panels._style import PanelSettings, PanelStyle
from renderer.panels._tile import Box, Tile
from renderer.panels._type import CAP, Face, fitting, width, write

_ANY = "00:00"
"""Sizes are measured on this, so that the clock does not swell and shrink with the minutes."""
_HALF = 0.34
"""Size of AM and PM, as a share of the figures'."""
_HALF_GAP = 0.09


def draw_clock(
    size: Size, settings: PanelSettings, style: PanelStyle, backdrop: Image.Image | None, now: datetime
) -> Image.Image:
    """The tile: time beside date in a strip, above it in a square, hours above minutes in a tower."""
    tile = Tile.on(size, style, backdrop)
    local = settings.local(now)
    time, half = _time(local, settings.clock_hours)
    box = tile.inner
    if box.w >= 2.5 * box.h:
        _strip(tile, box, time, half, local)
    elif box.w < 0.62 * box.h:
        _tower(tile, box, time, half, local)
    else:
        _square(tile, box, time, half, local)
    return tile.image


def _time(local: datetime, hours: int) -> tuple[str, str]:
    """The figures, and AM or PM on a 12 hour clock."""
    if hours == 24:
        return f"{local:%H:%M}", ""
    return f"{local.hour % 12 or 12}:{local:%M}", "AM" if local.hour < 12 else "PM"


def _dates(local: datetime) -> tuple[str, str, str]:
    """The date in one line, long and short, and its day and month alone."""
    day = f"{local.day} {local:%B}"
    return f"{local:%A}, {day}", f"{local:%a}, {local.day} {local:%b}", day


def _figures(tile: Tile, x: float, base: float, time: str, half: str, size: int) -> float:
    """The time in the middle of its cell, which begins at x and is as wide as any time; returns the cell's end."""
    end = x + _wide(half, size)
    own = width(time, Face.DISPLAY, size) - width(_ANY, Face.DISPLAY, size)
    x -= own / 2
    write(tile.draw, (x, base), time, Face.DISPLAY, size, tile.inks.first)
    x += width(time, Face.DISPLAY, size)
    if half:
        write(tile.draw, (x + size * _HALF_GAP, base), half, Face.STRONG, size * _HALF, tile.inks.second)
    return end


def _wide(half: str, size: float) -> float:
    """The cell of any time, with its AM or PM."""
    return width(_ANY, Face.DISPLAY, size) + (
        size * _HALF_GAP + width("AM", Face.STRONG, size * _HALF) if half else 0.0
    )


def _strip(tile: Tile, box: Box, time: str, half: str, local: datetime) -> None:
    """Time, hairline, weekday over date: one group in the middle; the time alone, larger, where dates do not fit."""
    unit, inks = tile.label, tile.inks
    high = min(box.h * 0.8, unit * 6.5) / CAP
    size = fitting(_ANY, Face.DISPLAY, box.w * (0.4 if half else 0.5), high)
    gap = max(unit * 1.2, size * 0.28)
    room = box.w - _wide(half, size) - 2 * gap
    wanted = max(unit, min(size * CAP * 0.34, unit * 1.9))
    for weekday, day in ((f"{local:%A}", f"{local.day} {local:%B}"), (f"{local:%a}", f"{local.day} {local:%b}")):
        lead = min(fitting(weekday, Face.STRONG, room, wanted, 4), fitting(day, Face.TEXT, room, wanted, 4))
        if lead < max(unit * 0.8, tile.least) or room <= 0:
            continue
        block = max(width(weekday, Face.STRONG, lead), width(day, Face.TEXT, lead))
        x = box.x + (box.w - _wide(half, size) - 2 * gap - block) / 2
        base = box.y + (box.h + size * CAP) / 2
        x = _figures(tile, x, base, time, half, size) + gap
        tile.upright(Box(x, base - size * CAP, 1, size * CAP), x)
        y = box.y + box.h / 2 - lead * 0.36
        write(tile.draw, (x + gap, y), weekday, Face.STRONG, lead, inks.first)
        write(tile.draw, (x + gap, y + lead * 1.44), day, Face.TEXT, lead, inks.second)
        return
    size = fitting(_ANY, Face.DISPLAY, box.w * (0.7 if half else 0.94), high)
    _figures(tile, box.mid - _wide(half, size) / 2, box.y + (box.h + size * CAP) / 2, time, half, size)


def _square(tile: Tile, box: Box, time: str, half: str, local: datetime) -> None:
    """Time above date, centred."""
    unit = tile.label
    size = fitting(_ANY + half[:1], Face.DISPLAY, box.w * 0.94, box.h * 0.52 / CAP)
    date_size, words = _date_line(box.w, max(unit * 1.15, min(size * 0.2, unit * 2)), local)
    gap = max(size * 0.2, date_size * 0.9)
    with_date = date_size >= tile.least and box.h >= size * CAP + gap + date_size * CAP
    total = size * CAP + (gap + date_size * CAP if with_date else 0)
    base = box.y + (box.h - total) / 2 + size * CAP
    _figures(tile, box.mid - _wide(half, size) / 2, base, time, half, size)
    if with_date:
        write(tile.draw, (box.mid, base + gap + date_size * CAP), words, Face.TEXT, date_size, tile.inks.second, "m")


def _date_line(room: float, size: float, local: datetime) -> tuple[float, str]:
    """The longest form of the date that fits at a readable size."""
    long, short, _ = _dates(local)
    fits = fitting(long, Face.TEXT, room, size, 4)
    return (fits, long) if fits >= size * 0.86 else (fitting(short, Face.TEXT, room, size, 4), short)


def _tower(tile: Tile, box: Box, time: str, half: str, local: datetime) -> None:
    """Hours above minutes, the date at the foot."""
    unit = tile.label
    hours, minutes = time.split(":")
    weekday, day = (half, _dates(local)[1]) if half else (f"{local:%A}", _dates(local)[2])
    lead = unit * 1.5
    lead = min(lead, fitting(weekday, Face.STRONG, box.w, lead, 4), fitting(day, Face.TEXT, box.w, lead, 4))
    foot = lead * (1.7 + CAP + 1.45)
    size = fitting("00", Face.DISPLAY, box.w * 0.96, (box.h - foot) * 0.42 / CAP)
    gap = size * 0.24
    base = box.y + max(0.0, (box.h - 2 * size * CAP - gap - foot) / 2) + size * CAP
    write(tile.draw, (box.mid, base), hours, Face.HEADLINE, size, tile.inks.first, "m")
    base += size * CAP + gap
    write(tile.draw, (box.mid, base), minutes, Face.FIGURE, size, tile.inks.first, "m")
    if box.h < 2 * size * CAP + gap + foot:
        return
    y = base + lead * (1.7 + CAP)
    write(tile.draw, (box.mid, y), weekday, Face.STRONG, lead, tile.inks.first, "m")
    write(tile.draw, (box.mid, y + lead * 1.45), day, Face.TEXT, lead, tile.inks.second, "m")
