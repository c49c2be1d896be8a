"""Weather icons: two-tone vectors of our own, drawn large and reduced, so crisp at any size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

from renderer.panels._colour import Rgb
from renderer.panels._sky import Fall, Sky

_GRID = 100.0
"""Icons are described on a square of this side."""
_GAP = 4.2
"""The clear edge that a shape in front cuts into the one behind."""
_CLOUD = ((22.0, 42.0, 20.0), (47.0, 28.0, 28.0), (77.0, 40.0, 22.0))
"""Circles (x, y, radius) of a cloud 100 wide and 62 high; a bar joins them at the foot."""

Shade = tuple[Rgb, Rgb]
"""Upper and lower colour of a shape."""


@dataclass(frozen=True, slots=True)
class _Shades:
    sun: Shade
    moon: Shade
    cloud: Shade
    haze: Shade
    rain: Shade
    snow: Shade
    bolt: Shade


_ON_DARK = _Shades(
    sun=((255, 214, 92), (255, 158, 27)),
    moon=((247, 240, 214), (214, 205, 190)),
    cloud=((255, 255, 255), (206, 219, 236)),
    haze=((168, 184, 206), (138, 156, 182)),
    rain=((116, 196, 255), (56, 150, 255)),
    snow=((236, 248, 255), (184, 224, 255)),
    bolt=((255, 222, 89), (255, 176, 32)),
)
_ON_LIGHT = _Shades(
    sun=((255, 193, 46), (247, 138, 8)),
    moon=((122, 132, 190), (88, 97, 160)),
    cloud=((150, 169, 194), (112, 134, 164)),
    haze=((197, 208, 223), (170, 185, 205)),
    rain=((58, 152, 255), (18, 108, 226)),
    snow=((104, 176, 240), (66, 140, 218)),
    bolt=((255, 186, 24), (240, 140, 0)),
)


@lru_cache(maxsize=128)
def icon(kind: Sky, side_px: int, *, is_day: bool, dark: bool) -> Image.Image:
    """The icon as RGBA, ``side_px`` square. ``dark`` is the ground that it stands on."""
    return _Pen(side_px, _ON_DARK if dark else _ON_LIGHT).sky(kind, is_day=is_day)


@lru_cache(maxsize=8)
def warning(side_px: int) -> Image.Image:
    """The mask of a warning sign: a triangle with soft corners, its exclamation mark cut out."""
    side = max(1, side_px) * 4
    mask = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(mask)
    soft = side * 0.09
    corners = [(side * 0.5, side * 0.14), (side * 0.93, side * 0.88), (side * 0.07, side * 0.88)]
    draw.polygon(corners, fill=255)
    draw.line([*corners, corners[0], corners[1]], fill=255, width=round(soft * 1.6), joint="curve")
    draw.line((side * 0.5, side * 0.40, side * 0.5, side * 0.62), fill=0, width=round(soft * 1.25))
    draw.ellipse((side * 0.435, side * 0.70, side * 0.565, side * 0.83), fill=0)
    return mask.reduce(4)


class _Pen:
    """Draws shapes as masks on a large square, front ones cutting a clear edge into those behind."""

    def __init__(self, side_px: int, shades: _Shades) -> None:
        self.side_px = max(1, side_px)
        self.times = 3 if self.side_px >= 160 else 4
        self.large = self.side_px * self.times
        self.scale = self.large / _GRID
        self.shades = shades
        self.picture = Image.new("RGBA", (self.large, self.large), (0, 0, 0, 0))

    def sky(self, kind: Sky, *, is_day: bool) -> Image.Image:
        falling = kind.fall != "none"
        if kind.cover == "none":
            self._light(50, 50, 1.0, is_day=is_day)
        elif kind.cover == "little":
            self._light(46, 45, 0.88, is_day=is_day, rays=(0, 3, 4, 5, 6, 7))
            self._cloud(47, 57, 0.46)
        elif kind.cover == "half":
            self._light(64, 33 if falling else 37, 0.68, is_day=is_day, rays=(0, 4, 5, 6, 7))
            self._cloud(9, 27 if falling else 36, 0.68 if falling else 0.76)
        elif falling:
            self._cloud(11, 10, 0.78)
        else:
            self._cloud(42, 16, 0.54, self.shades.haze)
            self._cloud(5, 28, 0.80)
        self._fall(kind.fall, 68.0 if kind.cover == "half" else 64.0)
        return self.picture.reduce(self.times)

    def _light(self, x: float, y: float, size: float, *, is_day: bool, rays: tuple[int, ...] = tuple(range(8))) -> None:
        """Sun or moon. Rays that a cloud would cut to crumbs are left out; so the moon opens away from it."""
        mask, draw = self._mask()
        if is_day:
            self._disc(draw, x, y, 21 * size)
            for ray in rays:
                angle = math.pi * ray / 4
                ends = [(x + math.cos(angle) * r * size, y + math.sin(angle) * r * size) for r in (32.0, 42.5)]
                self._stroke(draw, ends[0], ends[1], 7.4 * size)
        else:
            alone = len(rays) > 5
            self._disc(draw, x - (2 if alone else 0) * size, y, 33 * size)
            self._disc(draw, x + (15 if alone else -13) * size, y - 13 * size, 28 * size, 0)
        self._lay(mask, self.shades.sun if is_day else self.shades.moon)

    def _cloud(self, x: float, y: float, size: float, shade: Shade | None = None) -> None:
        edge, draw = self._mask()
        self._cloud_shape(draw, x, y, size, _GAP)
        self._cut(edge)
        mask, draw = self._mask()
        self._cloud_shape(draw, x, y, size, 0)
        self._lay(mask, shade or self.shades.cloud)

    def _cloud_shape(self, draw: ImageDraw.ImageDraw, x: float, y: float, size: float, more: float) -> None:
        for cx, cy, r in _CLOUD:
            self._disc(draw, x + cx * size, y + cy * size, r * size + more)
        left, top, right, foot = x + 22 * size, y + 40 * size, x + 77 * size, y + 62 * size + more
        draw.rectangle(tuple(v * self.scale for v in (left, top, right, foot)), fill=255)

    def _fall(self, fall: Fall, top: float) -> None:
        if fall in {"drizzle", "rain", "pour"}:
            self._drops(fall, top)
        elif fall == "sleet":
            self._drops("drizzle", top, (29.0, 65.0))
            self._flakes(((45.0, top + 16), (79.0, top + 13)), 7.0)
        elif fall == "snow":
            self._flakes(((27.0, top + 11), (48.0, top + 21), (69.0, top + 11)), 7.6)
        elif fall == "blizzard":
            spots = ((22.0, top + 9), (50.0, top + 9), (78.0, top + 9), (36.0, top + 24.5), (64.0, top + 24.5))
            self._flakes(spots, 7.2)
        elif fall == "fog":
            self._fog(top)
        elif fall in {"bolt", "hail"}:
            self._bolt(fall, top)

    def _drops(self, fall: Fall, top: float, xs: tuple[float, ...] = ()) -> None:
        long = {"drizzle": 10.0, "rain": 17.0, "pour": 18.0}.get(fall, 10.0)
        xs = xs or ((26.0, 43.0, 60.0, 77.0) if fall == "pour" else (33.0, 54.0, 75.0))
        mask, draw = self._mask()
        for place, x in enumerate(xs):
            y = top + 6 + (4.0 if place % 2 else 0.0)
            self._stroke(draw, (x, y), (x - long * 0.42, y + long), 6.4)
        self._lay(mask, self.shades.rain)

    def _flakes(self, spots: tuple[tuple[float, float], ...], r: float) -> None:
        mask, draw = self._mask()
        for x, y in spots:
            for arm in range(3):
                dx, dy = math.cos(math.pi * (arm / 3 + 0.5)) * r, math.sin(math.pi * (arm / 3 + 0.5)) * r
                self._stroke(draw, (x - dx, y - dy), (x + dx, y + dy), 3.8)
        self._lay(mask, self.shades.snow)

    def _fog(self, top: float) -> None:
        mask, draw = self._mask()
        for row, (left, right) in enumerate(((16.0, 72.0), (28.0, 86.0))):
            y = top + 8 + row * 14
            self._stroke(draw, (left, y), (right, y), 6.4)
        self._lay(mask, self.shades.haze)

    def _bolt(self, fall: Fall, top: float) -> None:
        x, y = 50.0, top - 14
        points = [
            (x + 6, y),
            (x - 13, y + 25),
            (x - 1, y + 25),
            (x - 7, y + 45),
            (x + 16, y + 17),
            (x + 3, y + 17),
            (x + 12, y),
        ]
        scaled = [(px * self.scale, py * self.scale) for px, py in points]
        edge, draw = self._mask()
        draw.polygon(scaled, fill=255, outline=255, width=1)
        draw.line([*scaled, scaled[0]], fill=255, width=round(2 * _GAP * self.scale), joint="curve")
        self._cut(edge)
        mask, draw = self._mask()
        draw.polygon(scaled, fill=255)
        draw.line([*scaled, scaled[0]], fill=255, width=max(1, round(1.6 * self.scale)), joint="curve")
        self._lay(mask, self.shades.bolt)
        if fall == "hail":
            mask, draw = self._mask()
            for dx, dy in ((24.0, 11.0), (30.0, 26.0), (74.0, 11.0), (80.0, 26.0)):
                self._disc(draw, dx, top + dy, 4.6)
            self._lay(mask, self.shades.snow)

    def _mask(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        mask = Image.new("L", (self.large, self.large), 0)
        return mask, ImageDraw.Draw(mask)

    def _disc(self, draw: ImageDraw.ImageDraw, x: float, y: float, r: float, fill: int = 255) -> None:
        s = self.scale
        draw.ellipse(((x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s), fill=fill)

    def _stroke(self, draw: ImageDraw.ImageDraw, a: tuple[float, float], b: tuple[float, float], wide: float) -> None:
        """A line with round ends."""
        s = self.scale
        draw.line((a[0] * s, a[1] * s, b[0] * s, b[1] * s), fill=255, width=max(1, round(wide * s)))
        for x, y in (a, b):
            self._disc(draw, x, y, wide / 2)

    def _cut(self, mask: Image.Image) -> None:
        alpha = self.picture.getchannel("A")
        self.picture.putalpha(ImageChops.subtract(alpha, mask))

    def _lay(self, mask: Image.Image, shade: Shade) -> None:
        box = mask.getbbox()
        if box is None:
            return
        ramp = Image.linear_gradient("L").resize((1, box[3] - box[1]), Image.Resampling.BILINEAR)
        tall = (1, box[3] - box[1])
        strip = Image.composite(Image.new("RGB", tall, shade[1]), Image.new("RGB", tall, shade[0]), ramp)
        paint = strip.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.NEAREST)
        self.picture.paste(paint, box, mask.crop(box))
