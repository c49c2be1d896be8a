"""The weather panel: now, large; then as many hours and days as can be read."""

from __future__ import annotations

from dataclasses import replace

from PIL import Image

from config import Size
from renderer.panels._bands import Backdrop
from renderer.panels._colour import Rgb, apart_from, mix
from renderer.panels._forecast import Forecast, degrees_text
from renderer.panels._icons import icon, warning
from renderer.panels._lines import broken
from renderer.panels._outlook import day_rows, hour_columns, hour_height
from renderer.panels._small import attribution, attribution_height
from renderer.panels._style import PanelSettings, PanelStyle
from renderer.panels._tile import Box, Tile, rounded
from renderer.panels._type import CAP, Face, fitting, shortened, width

Tint = tuple[Rgb, Rgb]

_DARK: dict[str, Tint] = {
    "clear": ((27, 72, 132), (13, 33, 66)),
    "cloud": ((46, 62, 86), (20, 28, 42)),
    "rain": ((32, 56, 82), (13, 24, 38)),
    "snow": ((58, 80, 106), (27, 39, 56)),
    "storm": ((48, 44, 84), (18, 17, 36)),
    "fog": ((58, 67, 77), (28, 34, 41)),
    "night": ((27, 32, 76), (10, 12, 32)),
}
_LIGHT: dict[str, Tint] = {
    "clear": ((207, 230, 255), (246, 250, 255)),
    "cloud": ((222, 230, 240), (247, 249, 252)),
    "rain": ((212, 225, 240), (244, 248, 252)),
    "snow": ((226, 238, 250), (250, 252, 255)),
    "storm": ((220, 219, 240), (247, 246, 252)),
    "fog": ((228, 232, 236), (248, 249, 250)),
    "night": ((218, 221, 246), (246, 246, 253)),
}
_FLAT = 10.0
"""Height in labels of a band: in anything higher the temperature would take the room of what is to come."""
_MOODS = {
    "none": "cloud",
    "fog": "fog",
    "bolt": "storm",
    "hail": "storm",
    "snow": "snow",
    "blizzard": "snow",
    "sleet": "snow",
}


def draw_weather(
    size: Size,
    known: Forecast,
    settings: PanelSettings,
    style: PanelStyle,
    backdrop: Backdrop | None,
) -> Image.Image:
    """The tile. Its shape decides what is beside, below, or left out."""
    tile = Tile.on(size, style, backdrop, _tint(known, dark=style.theme == "dark"), rtl=settings.language().rtl)
    attribution(tile, known.attribution)
    box = tile.inner.above(attribution_height(tile.label, known.attribution))
    whole = box.h
    if alerted := _alert(tile, box, known):
        box, known = box.below(alerted), replace(known, alerts=())
    wide, high = box.w / tile.label, box.h / tile.label
    if box.w >= 3.4 * box.h and (high < _FLAT or not known.days):
        _band(tile, box, known, settings)
    elif box.w >= 1.4 * whole and wide >= 21 and high >= 7.5:
        _split(tile, box, known, settings)
    elif high >= 14.5:
        _stack(tile, box, known, settings)
    elif high >= 5.2 or box.w < 2.2 * box.h:
        _hero(tile, box, known, settings)
    else:
        _line(tile, box, known)
    return tile.image


def _alert(tile: Tile, box: Box, known: Forecast) -> float:
    """A line for the first warning, above everything, where the tile is high enough. Returns its height."""
    unit = tile.label
    if not known.alerts or box.h < 9 * unit:
        return 0.0
    size, sign = unit * 1.05, unit * 2.2
    words = known.alerts[0] + (f"  +{len(known.alerts) - 1}" if len(known.alerts) > 1 else "")
    lines = broken(words, Face.STRONG, size, box.w - sign - unit * 0.5, 2 if box.h >= 22 * unit else 1)
    high = size * (0.85 + 1.3 * len(lines))
    pane = Box(box.x, box.y - unit * 0.2, box.w, high)
    inks = tile.inks
    ground = mix(inks.surface, (255, 176, 40), 0.2) if inks.dark else mix(inks.surface, (255, 196, 84), 0.5)
    tile.fill(rounded(Size(round(pane.w), max(1, round(pane.h))), unit * 0.4), pane.x, pane.y, ground)
    ink = apart_from(inks.alert, ground, 4.5)
    base = pane.y + (pane.h - (len(lines) - 1) * size * 1.3 + size * CAP) / 2
    _sign(tile, pane.x + unit * 0.55, base, size, ink)
    for line in lines:
        tile.write((pane.x + sign, base), line, Face.STRONG, size, ink)
        base += size * 1.3
    return high + unit * 0.7


def _sign(tile: Tile, x: float, base: float, size: float, ink: Rgb) -> float:
    """The warning sign before a line of that size. Returns its width with the gap after it."""
    side = round(size * 1.12)
    tile.fill(warning(side), x, base - size * CAP / 2 - side * 0.52, ink)
    return side + size * 0.45


def _warning(tile: Tile, x: float, base: float, size: float, words: str, right: float) -> float:
    """The sign and a warning on one line. Returns where it ends."""
    x += _sign(tile, x, base, size, tile.inks.alert)
    words = shortened(words, Face.STRONG, size, right - x)
    tile.write((x, base), words, Face.STRONG, size, tile.inks.alert)
    return x + width(words, Face.STRONG, size)


def _tint(known: Forecast, *, dark: bool) -> Tint:
    moods = _DARK if dark else _LIGHT
    if known.sky is None:
        return moods["cloud"]
    fair = known.sky.cover in {"none", "little", "half"} and known.sky.fall == "none"
    if fair:
        return moods["clear" if known.is_day else "night"]
    return moods[_MOODS.get(known.sky.fall, "rain")]


def _stack(tile: Tile, box: Box, known: Forecast, settings: PanelSettings) -> None:
    """Square and tall: now, then hours, then days."""
    unit = tile.label
    rows = min(len(known.days), 6)
    spare = box.h - 10 * unit
    with_hours = bool(known.hours) and spare >= hour_height(unit) + 2 * unit
    if with_hours:
        spare -= hour_height(unit) + 2.2 * unit
    rows = rows if spare >= 2 * unit + rows * 1.9 * unit else max(0, int((spare - 2 * unit) / (1.9 * unit)))
    rows = rows if rows >= 3 else 0
    days = min(max(spare - 2 * unit, 0.0), rows * 2.7 * unit) if rows else 0.0
    foot = (hour_height(unit) + 2.2 * unit if with_hours else 0.0) + (days + 2 * unit if rows else 0.0)
    hero = box.above(foot)
    _hero(tile, hero, known, settings)
    y = hero.bottom
    if with_hours:
        tile.across(box, y + unit * 1.05)
        hour_columns(tile, Box(box.x, y + 2.2 * unit, box.w, hour_height(unit)), known, settings)
        y += 2.2 * unit + hour_height(unit)
    if rows:
        tile.across(box, y + unit)
        day_rows(tile, Box(box.x, y + 1.6 * unit, box.w, box.bottom - y - 1.6 * unit), known, settings, rows)


def _split(tile: Tile, box: Box, known: Forecast, settings: PanelSettings) -> None:
    """Wide: now on the left, days (or hours) on the right."""
    unit = tile.label
    rows = min(len(known.days), 5, int(box.h / (1.85 * unit)))
    columns = 0 if rows >= 3 else min(len(known.hours), 4)
    if not rows >= 3 and not columns:
        _hero(tile, box, known, settings)
        return
    gap = unit * 2.6
    left = Box(box.x, box.y, (box.w - gap) * 0.5, box.h)
    right = Box(left.right + gap, box.y, box.w - gap - left.w, box.h)
    _hero(tile, left, known, settings)
    tile.upright(box, left.right + gap / 2)
    if columns:
        hour_columns(tile, right, known, settings)
    else:
        day_rows(tile, right, known, settings, rows)


def _band(tile: Tile, box: Box, known: Forecast, settings: PanelSettings) -> None:
    """Flat and wide: icon, temperature, words; then the hours."""
    unit = tile.label
    end = _line(tile, box, known)
    room = Box(end + unit * 3.2, box.y, box.right - end - unit * 3.2, box.h)
    if known.hours and room.w >= unit * 9:
        tile.upright(box, end + unit * 1.6)
        hour_columns(tile, room, known, settings)


def _line(tile: Tile, box: Box, known: Forecast) -> float:
    """One line: icon, temperature, and words where there is room. Returns its right end."""
    unit, inks = tile.label, tile.inks
    x = box.x
    if known.sky is not None:
        side = round(min(box.h * 0.98, box.w * 0.3))
        tile.stamp(icon(known.sky, side, is_day=known.is_day, dark=inks.dark), x, box.y + (box.h - side) / 2)
        x += side + unit * 0.9
    figure = degrees_text(known.degrees)
    size = fitting(figure, Face.FIGURE, max(box.right - x, 1), box.h * 0.72 / CAP)
    tile.write((x, box.y + (box.h + size * CAP) / 2), figure, Face.FIGURE, size, inks.first)
    x += width(figure, Face.FIGURE, size) + unit * 1.0
    warned = bool(known.alerts) and box.h < 9 * unit and box.right - x >= 5 * unit
    lines = [(known.place, Face.STRONG, 1.3, inks.first)]
    lines += [] if warned else [(known.words, Face.TEXT, 1.12, inks.second)]
    lines += [(_range_text(known), Face.TEXT, 1.12, inks.second)] if box.h >= 5.2 * unit else []
    room = min(box.right - x, box.w * 0.42) if warned else box.right - x
    shown = [line for line in lines if line[0] and width(line[0], line[1], unit * line[2]) <= room]
    y = box.y + (box.h - (len(shown) - (0 if warned else 1)) * 1.75 * unit + unit * 0.85) / 2
    end = x
    for words, face, share, ink in shown:
        tile.write((x, y), words, face, unit * share, ink)
        end = max(end, x + width(words, face, unit * share))
        y += 1.75 * unit
    return max(end, _warning(tile, x, y, unit * 1.05, known.alerts[0], x + room)) if warned else end


def _hero(tile: Tile, box: Box, known: Forecast, settings: PanelSettings) -> None:
    """The present: place, temperature and icon, words. Lines are dropped before anything gets small."""
    unit, inks = tile.label, tile.inks
    head = 2.3 * unit if known.place and box.h >= 8 * unit else 0.0
    small = box.h < 8 * unit
    words_size = fitting(known.words, Face.STRONG, box.w, unit * (1.3 if not small else 1.15), unit * 0.8)
    span = _range_text(known)
    beside = width(known.words, Face.STRONG, words_size) + width(span, Face.TEXT, unit * 1.15) + 1.2 * unit <= box.w
    span_rows = 0 if not span or beside or box.h < 9.5 * unit else 1
    foot = (2.0 * unit if known.words or span else 0.0) + span_rows * 1.75 * unit
    if head:
        place_size = fitting(known.place, Face.STRONG, box.w, unit * 1.3, unit * 1.05)
        place = known.place
        if width(place, Face.STRONG, place_size) > box.w:
            place, place_size = place.split(",")[0], round(unit * 1.3)
            place_size = fitting(place, Face.STRONG, box.w, place_size, unit * 1.05)
        place = shortened(place, Face.STRONG, place_size, box.w)
        felt = _felt_text(known, settings)
        if felt and width(place, Face.STRONG, place_size) + width(felt, Face.TEXT, unit * 1.05) + unit <= box.w:
            at = (box.right, box.y + unit * 1.3 * CAP)
            tile.write(at, felt, Face.TEXT, unit * 1.05, inks.second, "r")
        tile.write((box.x, box.y + unit * 1.3 * CAP), place, Face.STRONG, place_size, inks.first)
    middle = Box(box.x, box.y + head, box.w, box.h - head - foot)
    _figure(tile, middle, known)
    y = box.bottom - span_rows * 1.75 * unit
    if known.alerts and small:
        _warning(tile, box.x, y, unit * 1.05, known.alerts[0], box.right)
        return
    tile.write((box.x, y), known.words, Face.STRONG, words_size, inks.first)
    if span and span_rows:
        tile.write((box.x, box.bottom), span, Face.TEXT, unit * 1.15, inks.second)
    elif span and beside:
        tile.write(
            (box.right if known.words else box.x, y),
            span,
            Face.TEXT,
            unit * 1.15,
            inks.second,
            "r" if known.words else "l",
        )


def _figure(tile: Tile, box: Box, known: Forecast) -> None:
    """The temperature on the left, the icon on the right, on one axis; one under the other when narrow."""
    figure = degrees_text(known.degrees)
    side = min(box.w * 0.44, box.h * 1.0) if known.sky else 0.0
    size = fitting(figure, Face.FIGURE, max(box.w - side * 1.06, 1), box.h * 0.86 / CAP)
    high = size * CAP
    side = min(side, high * 1.62)
    axis = box.y + box.h / 2
    tile.write((box.x - size * 0.03, axis + high / 2), figure, Face.FIGURE, size, tile.inks.first)
    if known.sky is not None and side >= 8:
        picture = icon(known.sky, round(side), is_day=known.is_day, dark=tile.inks.dark)
        tile.stamp(picture, box.right - side, axis - side / 2)


def _range_text(known: Forecast) -> str:
    span = known.range_today
    return f"↑ {degrees_text(span[1])}   ↓ {degrees_text(span[0])}" if span else ""


def _felt_text(known: Forecast, settings: PanelSettings) -> str:
    if known.feels_like is None:
        return ""
    return settings.language().word("feels_like", degrees=f"\u200e{degrees_text(known.feels_like)}\u200e")
