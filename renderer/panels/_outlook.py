"""The weather to come: hours as columns, days as rows with their range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from PIL import Image, ImageDraw

from renderer.panels._colour import Rgb, mix
from renderer.panels._forecast import Day, Forecast, degrees_text
from renderer.panels._icons import icon
from renderer.panels._locale import Locale
from renderer.panels._style import PanelSettings
from renderer.panels._tile import Box, Tile
from renderer.panels._type import CAP, Face, width

_WORTH_SAYING = 20.0
"""Chance of rain, percent, under which nothing is said."""
_SIZE = 1.12
"""The type of a day's row, in its units."""
_LARGEST = 1.5
"""A day's figures in labels, at most."""
_WARMTH: tuple[tuple[float, Rgb], ...] = (
    (-12, (122, 140, 255)),
    (0, (92, 178, 255)),
    (9, (72, 205, 208)),
    (17, (148, 214, 110)),
    (23, (252, 205, 72)),
    (29, (255, 150, 60)),
    (36, (250, 88, 78)),
)
"""Colours of temperatures in °C."""


def hour_height(unit: float) -> float:
    """How high the hour columns are at a label of ``unit``."""
    return unit * 5.0


def hour_columns(tile: Tile, box: Box, known: Forecast, settings: PanelSettings) -> None:
    """Time, icon, temperature; as many columns as stand well apart."""
    unit = tile.label
    count = max(1, min(len(known.hours), 6, int(box.w / (4.1 * unit))))
    scale = min(box.h / hour_height(unit), box.w / count / (3.9 * unit), 1.5)
    unit *= scale
    top = box.y + (box.h - hour_height(unit)) / 2
    for hour, column in zip(known.hours, box.columns(count, 0), strict=False):
        tile.write((column.mid, top + unit * CAP), settings.hour(hour.at), Face.TEXT, unit, tile.inks.second, "m")
        if hour.sky is not None:
            side = round(unit * 2.5)
            picture = icon(hour.sky, side, is_day=hour.is_day, dark=tile.inks.dark)
            tile.stamp(picture, column.mid - side / 2, top + unit * 1.15)
        _centred_degrees(tile, column.mid, top + hour_height(unit), hour.degrees, unit * 1.3)


def _centred_degrees(tile: Tile, x: float, y: float, degrees: float | None, size: float) -> None:
    """Centred by its figures: the degree sign hangs, a little less than it measures."""
    words = degrees_text(degrees)
    hang = width("°", Face.STRONG, size) * 0.32 if words.endswith("°") else 0.0
    tile.write((x + hang, y), words, Face.STRONG, size, tile.inks.first, "m")


def day_rows(tile: Tile, box: Box, known: Forecast, settings: PanelSettings, count: int) -> None:
    """Name, icon, chance of rain, low, range, high: the middle ones only where there is room."""
    days = known.days[:count]
    language = settings.language()
    names = [language.word("today") if day.on == known.today else language.weekday_short(day.on) for day in days]
    columns = Columns.of(box, tile.label, days, names)
    span = (min(day.low for day in days), max(day.high for day in days))
    for name, day, row in zip(names, days, box.rows(count, 0), strict=True):
        _day_row(tile, row, name, day, columns, language)
        if columns.bar is not None:
            bar = Box(columns.bar[0], row.y + row.h / 2, columns.bar[1] - columns.bar[0], columns.unit * 0.32)
            _range_bar(tile, bar, day, span, fahrenheit=known.units == "fahrenheit")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the parts of a day's row stand, in pixels from its left; None: left out."""

    LEAST: ClassVar[float] = 11.2
    """Widths in units, with figures as wide as ``88°``."""
    WITH_BAR: ClassVar[float] = 14.4
    """A shorter bar would be a stub."""
    WITH_RAIN: ClassVar[float] = 16.6

    unit: float
    icon: float
    rain_right: float | None
    low_right: float
    bar: tuple[float, float] | None

    @classmethod
    def of(cls, box: Box, label: float, days: Sequence[Day], names: Sequence[str] = ()) -> Columns:
        """The columns that fit into the box for these days, their unit as large as it may be."""
        named = max((_figures_width(name) for name in (*names, "Today")), default=0.0)
        widest = max(_figures_width(words) for words in ("88°", *_figures(days)))
        more = 2 * max(0.0, widest - _figures_width("88°"))  # −12° or 101°, in both columns
        more += named - _figures_width("Today")  # a long word for today
        high = min(label * _LARGEST, box.h / len(days) / 1.85)
        unit = min(high, box.w / (cls.WITH_BAR + more))
        if unit < min(high, label * 0.94):
            unit = min(high, box.w / (cls.LEAST + more))  # no room for bars at a good size: larger figures instead
        figures = widest * unit
        icon_left = box.x + named * unit + unit * 0.5
        if box.w < (cls.WITH_BAR + more) * unit - 1:
            return cls(unit, icon_left, None, box.right - figures - unit * 0.5, None)
        x = icon_left + unit * 1.75
        rain_right = None
        if box.w >= (cls.WITH_RAIN + more) * unit:
            rain_right = x = x + unit * 2.15
        low_right = x + unit * 0.45 + figures
        return cls(unit, icon_left, rain_right, low_right, (low_right + unit * 0.5, box.right - figures - unit * 0.5))


def _figures(days: Sequence[Day]) -> list[str]:
    return [degrees_text(degrees) for day in days for degrees in (day.low, day.high)]


def _figures_width(words: str) -> float:
    """In units, measured large: widths of small sizes are rounded."""
    return width(words, Face.STRONG, 100) / 100 * _SIZE


def _day_row(tile: Tile, row: Box, name: str, day: Day, at: Columns, language: Locale) -> None:
    inks, unit = tile.inks, at.unit
    size = unit * _SIZE
    base = row.y + (row.h + size * CAP) / 2
    tile.write((row.x, base), name, Face.STRONG, size, inks.first)
    if day.sky is not None:
        side = round(min(row.h * 0.94, unit * 1.75))
        tile.stamp(icon(day.sky, side, is_day=True, dark=inks.dark), at.icon, row.y + (row.h - side) / 2)
    rain = day.rain_percent
    if at.rain_right is not None and rain is not None and rain >= _WORTH_SAYING:
        small = unit * 0.86
        words = language.percent(round(rain / 5) * 5)
        tile.write((at.rain_right, base - (size - small) * CAP / 2), words, Face.STRONG, small, inks.rain, "r")
    tile.write((at.low_right, base), degrees_text(day.low), Face.TEXT, size, inks.second, "r")
    tile.write((row.right, base), degrees_text(day.high), Face.STRONG, size, inks.first, "r")


def _range_bar(tile: Tile, box: Box, day: Day, span: tuple[float, float], *, fahrenheit: bool) -> None:
    """The day's low to high on the scale of all days shown, in the colours of warmth."""
    thick = max(3, round(box.h))
    wide = max(thick, round(box.w))
    reach = max(span[1] - span[0], 1.0)
    begin = round((day.low - span[0]) / reach * (wide - thick))
    end = max(begin + thick, round((day.high - span[0]) / reach * (wide - thick)) + thick)
    paint = Image.new("RGB", (wide, 1))
    for x in range(wide):
        degrees = span[0] + reach * x / wide
        paint.putpixel((x, 0), _warmth((degrees - 32) / 1.8 if fahrenheit else degrees))
    track = mix(tile.inks.line, tile.inks.surface, 0.3)
    colours, shape = paint.resize((wide, thick)), _pill(wide, thick, begin, end)
    if tile.rtl:
        colours, shape = (picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for picture in (colours, shape))
    tile.fill(_pill(wide, thick, 0, wide), box.x, box.y - thick / 2, track)
    tile.fill(shape, box.x, box.y - thick / 2, colours)


def _pill(wide: int, thick: int, begin: int, end: int) -> Image.Image:
    large = Image.new("L", (wide * 4, thick * 4), 0)
    box = (begin * 4, 0, max(end * 4 - 1, begin * 4 + 1), thick * 4 - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius=thick * 2, fill=255)
    return large.reduce(4)


def _warmth(celsius: float) -> Rgb:
    low = _WARMTH[0]
    for high in _WARMTH[1:]:
        if celsius <= high[0]:
            return mix(low[1], high[1], min(max((celsius - low[0]) / (high[0] - low[0]), 0.0), 1.0))
        low = high
    return low[1]
