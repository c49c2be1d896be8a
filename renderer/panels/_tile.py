"""The tile: a pane of tinted glass with soft corners over the backdrop, its inks and its grid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

from config import Size
from renderer.panels._bands import Backdrop, bands
from renderer.panels._colour import WHITE, Rgb, apart_from, luminance, mix, parse
from renderer.panels._style import PanelStyle
from renderer.panels._type import Face, write

_SUPERSAMPLE = 4
_DEFAULT_UNIT = 24.0
_NIGHT: Rgb = (12, 16, 24)
_PAPER: Rgb = (250, 251, 253)
_INK: Rgb = (15, 22, 34)


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours on one tile, all readable on its own surface."""

    dark: bool
    surface: Rgb
    first: Rgb
    """Figures and names: contrast 7 and more."""
    second: Rgb
    """Labels: 4.5 and more."""
    third: Rgb
    """Small print: 3 and more."""
    line: Rgb
    live: Rgb
    rain: Rgb
    alert: Rgb
    accent: Rgb


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, unrounded: what is left to compose in."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.h

    @property
    def mid(self) -> float:
        """Half way across."""
        return self.x + self.w / 2

    def columns(self, count: int, gap: float) -> list[Box]:
        """Equal columns."""
        wide = (self.w - gap * (count - 1)) / count
        return [Box(self.x + i * (wide + gap), self.y, wide, self.h) for i in range(count)]

    def rows(self, count: int, gap: float) -> list[Box]:
        """Equal rows."""
        high = (self.h - gap * (count - 1)) / count
        return [Box(self.x, self.y + i * (high + gap), self.w, high) for i in range(count)]

    def below(self, by: float) -> Box:
        """Without its upper ``by`` pixels."""
        return Box(self.x, self.y + by, self.w, self.h - by)

    def above(self, by: float) -> Box:
        """Without its lower ``by`` pixels."""
        return Box(self.x, self.y, self.w, self.h - by)


@dataclass(frozen=True, slots=True)
class Grid:
    """What is known of a tile before it is drawn."""

    label: float
    """The size of a label: the measure of everything else."""
    least: float
    """The smallest size that still reads on this screen: smaller text is left out."""
    inner: Box
    """Inside the padding."""

    @classmethod
    def of(cls, size: Size, style: PanelStyle) -> Grid:
        """The grid of a tile of that size."""
        label = _label(size, style.unit)
        pad = max(4.0, min(label * 1.15, size.h * 0.14, size.w * 0.09))
        inner = Box(pad, pad, max(1.0, size.w - 2 * pad), max(1.0, size.h - 2 * pad))
        return cls(label, (style.unit or label) * 0.62, inner)


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile being drawn. Positions are those of a tile read from left to right; ``rtl`` mirrors them."""

    image: Image.Image
    inks: Inks
    label: float
    least: float
    inner: Box
    rtl: bool = False

    @classmethod
    def on(
        cls,
        size: Size,
        style: PanelStyle,
        backdrop: Backdrop | None,
        tint: tuple[Rgb, Rgb] | None = None,
        *,
        rtl: bool = False,
    ) -> Tile:
        """An empty tile. ``tint`` is the glass's colour at its top and bottom; None: neutral."""
        grid = Grid.of(size, style)
        label = grid.label
        brand = parse(style.brand_colour) or _NIGHT
        ground = _ground(size, brand, backdrop)
        dark = style.theme == "dark"
        top, bottom = tint or _neutral(brand, dark=dark)
        image = _glazed(ground, _ramp(size.h, top, bottom), 0.86 if dark else 0.90)
        radius = max(2, round(min(label * 0.9, size.h * 0.14, size.w * 0.14)))
        inks = _inks(image, brand, dark=dark)
        _round_off(image, ground, radius)
        _light_rim(image, radius, 30 if dark else 150)
        return cls(image, inks, label, grid.least, grid.inner, rtl)

    def write(self, at: tuple[float, float], text: str, face: Face, size_px: float, ink: Rgb, align: str = "l") -> None:
        """One line of text: ``at`` on the baseline, ``align`` l (where lines begin), m or r (where they end)."""
        if self.rtl:
            at = (self.image.width - at[0], at[1])
            align = {"l": "r", "r": "l"}.get(align, align)
        write(self.image, at, text, face, size_px, ink, align)

    def across(self, box: Box, y: float) -> None:
        """A hairline from side to side."""
        self._line(round(box.x), round(y), round(box.w), self._hair)

    def upright(self, box: Box, x: float) -> None:
        """A hairline from top to bottom."""
        self._line(round(x), round(box.y), self._hair, round(box.h))

    @property
    def _hair(self) -> int:
        return max(1, round(self.label / 16))

    def _line(self, x: int, y: int, w: int, h: int) -> None:
        if w > 0 and h > 0:
            x = self._left(x, w)
            self.image.paste(self.inks.line, (x, y, x + w, y + h))

    def stamp(self, picture: Image.Image, x: float, y: float) -> None:
        """Paste a picture with alpha, its upper left corner at x, y."""
        self.image.paste(picture, (self._left(round(x), picture.width), round(y)), picture)

    def fill(self, mask: Image.Image, x: float, y: float, paint: Rgb | Image.Image) -> None:
        """A shape in one colour, or in a picture of its size."""
        left, top = self._left(round(x), mask.width), round(y)
        self.image.paste(paint, (left, top, left + mask.width, top + mask.height), mask)

    def disc(self, x: float, y: float, across: float, ink: Rgb) -> None:
        """A filled circle about x, y."""
        side = max(3, round(across))
        self.fill(rounded(Size(side, side), side / 2), x - side / 2, y - side / 2, ink)

    def pages(self, count: int, shown: int, *, aside: bool) -> None:
        """A row of dots in the lower margin: which page of how many. ``aside``: the other end has small print."""
        if count < 2:
            return
        step, under = self.label * 0.62, self.image.height - self.inner.bottom
        y = self.inner.bottom + under * (0.22 if aside else 0.5)
        first = self.inner.x + self.label * 0.13 if aside else self.inner.mid - (count - 1) / 2 * step
        for page in range(count):
            ink = self.inks.second if page == shown else mix(self.inks.surface, self.inks.first, 0.26)
            self.disc(first + page * step, y, self.label * 0.24, ink)

    def _left(self, x: int, wide: int) -> int:
        return self.image.width - x - wide if self.rtl else x


def _label(size: Size, unit: float | None) -> float:
    """The label's size: the screen's unit, a little more in a large tile, never too large for a small one."""
    own = math.sqrt(size.pixels) / 24
    floor = _DEFAULT_UNIT if unit is None else unit
    ceiling = math.inf if unit is None else unit * 1.45
    return max(5.0, min(max(own, floor), ceiling, size.h / 8.5, size.w / 13.2))


def _neutral(brand: Rgb, *, dark: bool) -> tuple[Rgb, Rgb]:
    """Glass with a breath of the brand in it; a bright brand is held back where the ink is white."""
    if dark:
        brand = mix(brand, _NIGHT, 0.6) if luminance(brand) > 0.15 else brand
        return mix(mix(_NIGHT, brand, 0.18), WHITE, 0.06), mix(_NIGHT, brand, 0.10)
    return mix(_PAPER, brand, 0.01), mix(_PAPER, brand, 0.05)


def _ground(size: Size, brand: Rgb, backdrop: Backdrop | None) -> Backdrop:
    """What lies behind, in the tile's size: RGB."""
    if backdrop is None:
        return Image.new("RGB", (size.w, size.h), brand)
    if not isinstance(backdrop, Image.Image):
        return backdrop
    ground = backdrop if backdrop.mode == "RGB" else backdrop.convert("RGB")
    return ground if ground.size == (size.w, size.h) else ground.resize((size.w, size.h), Image.Resampling.BICUBIC)


def _inks(glass: Image.Image, brand: Rgb, *, dark: bool) -> Inks:
    """Inks for the least favourable end of the surface: its lightest when dark, its darkest when light."""
    small = glass.resize((4, 4), Image.Resampling.BOX)
    pixels, worst = small.tobytes(), max if dark else min
    surface: Rgb = (worst(pixels[0::3]), worst(pixels[1::3]), worst(pixels[2::3]))
    ink = WHITE if dark else _INK
    vivid: Rgb = brand if max(brand) - min(brand) > 60 else (90, 170, 255)
    return Inks(
        dark=dark,
        surface=surface,
        first=ink,
        second=apart_from(mix(surface, ink, 0.66), surface, 4.6),
        third=apart_from(mix(surface, ink, 0.46), surface, 3.1),
        line=mix(surface, ink, 0.15),
        live=apart_from((255, 84, 84) if dark else (208, 24, 36), surface, 4.5),
        alert=apart_from((255, 186, 52) if dark else (160, 82, 0), surface, 4.5),
        rain=apart_from((92, 178, 255) if dark else (20, 110, 214), surface, 4.5),
        accent=apart_from(vivid, surface, 4.5),
    )


def _ramp(high: int, top: Rgb, bottom: Rgb) -> Image.Image:
    """From one colour to another, downwards, one pixel wide."""
    ramp = Image.linear_gradient("L").resize((1, high), Image.Resampling.BILINEAR)
    return Image.composite(Image.new("RGB", (1, high), bottom), Image.new("RGB", (1, high), top), ramp)


def _glazed(ground: Backdrop, ramp: Image.Image, share: float) -> Image.Image:
    """The ramp's colours over the ground."""
    wide, high = ground.size
    image = Image.new("RGB", (wide, high), None)
    for top, bottom in bands(high):
        tint = ramp.crop((0, top, 1, bottom)).resize((wide, bottom - top), Image.Resampling.NEAREST)
        image.paste(Image.blend(ground.crop((0, top, wide, bottom)), tint, share), (0, top))
    return image


def _ends(high: int, radius: int) -> list[tuple[int, int, int]]:
    """Where the corners are, the upper and the lower: top, bottom, and the top in a pane that has nothing between."""
    low = min(high, 2 * radius)
    upper = low - low // 2
    return [(0, upper, 0), (high - low // 2, high, upper)][: min(high, 2)]


def _round_off(image: Image.Image, ground: Backdrop, radius: int) -> None:
    """The ground outside the pane's corners."""
    pane = _pane(Size(image.width, min(image.height, 2 * radius)), radius)
    for top, bottom, at in _ends(image.height, radius):
        box = (0, top, image.width, bottom)
        mask = pane.crop((0, at, image.width, at + bottom - top))
        image.paste(Image.composite(image.crop(box), ground.crop(box), mask), box)


def _light_rim(image: Image.Image, radius: int, strength: int) -> None:
    """A hairline of light along the pane's edge, strongest at the top."""
    wide, high = image.size
    light = _ramp(high, (strength,) * 3, (strength // 3,) * 3).getchannel(0)
    rim = _rim(Size(wide, min(high, 2 * radius)), radius)
    ends = _ends(high, radius)
    for top, bottom, at in ends:
        edge = rim.crop((0, at, wide, at + bottom - top))
        shine = light.crop((0, top, 1, bottom)).resize(edge.size, Image.Resampling.NEAREST)
        image.paste(WHITE, (0, top, wide, bottom), ImageChops.multiply(edge, shine))
    top, bottom = ends[0][1], ends[-1][0]
    if bottom > top:
        for x in (0, wide - 1):
            image.paste(WHITE, (x, top, x + 1, bottom), light.crop((0, top, 1, bottom)))


@lru_cache(maxsize=64)
def rounded(size: Size, radius: float) -> Image.Image:
    """The mask of a small rectangle with round corners."""
    large = Image.new("L", (size.w * _SUPERSAMPLE, size.h * _SUPERSAMPLE), 0)
    box = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius=radius * _SUPERSAMPLE, fill=255)
    return large.reduce(_SUPERSAMPLE)


@lru_cache(maxsize=16)
def _pane(size: Size, radius: int, inset: int = 0) -> Image.Image:
    """The mask of a pane with soft corners; only the corner is drawn large and reduced."""
    mask = Image.new("L", (size.w, size.h), 0)
    w, h = size.w - 2 * inset, size.h - 2 * inset
    if w < 2 or h < 2:
        return mask
    r = min(radius, w // 2, h // 2)
    mask.paste(255, (inset, inset, inset + w, inset + h))
    large = Image.new("L", (r * _SUPERSAMPLE, r * _SUPERSAMPLE), 0)
    across = 2 * r * _SUPERSAMPLE
    ImageDraw.Draw(large).ellipse((0, 0, across - 1, across - 1), fill=255)
    corner = large.reduce(_SUPERSAMPLE)
    flop = corner.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    right, low = inset + w - r, inset + h - r
    mask.paste(corner, (inset, inset))
    mask.paste(flop, (right, inset))
    mask.paste(corner.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (inset, low))
    mask.paste(flop.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (right, low))
    return mask


@lru_cache(maxsize=16)
def _rim(size: Size, radius: int) -> Image.Image:
    """The mask of a pane's outermost pixels."""
    return ImageChops.subtract(_pane(size, radius), _pane(size, max(1, radius - 1), 1))
