"""The brush: an oversized RGB canvas with masks, light and shade, in the units of the finished picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Colour = str | tuple[int, int, int]
Stops = Sequence[tuple[float, Colour]]
"""A gradient: positions 0..1 and their colours."""


_EDGE = 180
"""Pillow's radial gradient has this level in the middle of each side (and 255 in the corners)."""


def rgb(colour: Colour) -> tuple[int, int, int]:
    """``#rrggbb`` or a triple."""
    if isinstance(colour, tuple):
        return colour
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def mix(one: Colour, other: Colour, share: float) -> tuple[int, int, int]:
    """From ``one`` (0) to ``other`` (1)."""
    a, b = rgb(one), rgb(other)
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def tables(stops: Stops) -> list[int]:
    """Three 256-entry tables, one after the other, for ``Image.point``."""
    ends = [(at, rgb(colour)) for at, colour in stops]
    colours = []
    for level in range(256):
        at = level / 255
        before = max((end for end in ends if end[0] <= at), key=lambda end: end[0], default=ends[0])
        after = min((end for end in ends if end[0] >= at), key=lambda end: end[0], default=ends[-1])
        span = after[0] - before[0]
        colours.append(mix(before[1], after[1], (at - before[0]) / span if span else 0))
    return [colour[channel] for channel in range(3) for colour in colours]


def tint(levels: Image.Image, stops: Stops) -> Image.Image:
    """A grey picture as colours of a gradient."""
    return Image.merge("RGB", (levels, levels, levels)).point(tables(stops))


def ramp(size: tuple[int, int], angle: float = 0.0) -> Image.Image:
    """0 at the top to 255 at the bottom; ``angle`` turns it anticlockwise, degrees (90: left to right)."""
    side = 512
    base = Image.linear_gradient("L").resize((side, side), Image.Resampling.BICUBIC)
    if angle:
        reach = side // 2
        whole = Image.new("L", (side * 2, side * 2))
        whole.paste(base.resize((side * 2, side)), (0, reach))
        whole.paste(255, (0, reach + side, side * 2, side * 2))
        base = whole.rotate(angle, Image.Resampling.BICUBIC).crop((reach, reach, reach + side, reach + side))
    return base.resize(size, Image.Resampling.BICUBIC)


def curve(points: Sequence[Point], *, closed: bool = False, steps: int = 24) -> list[Point]:
    """A smooth line through the points (Catmull-Rom)."""
    count = len(points)
    path: list[Point] = []
    for at in range(count if closed else count - 1):
        around = [
            points[(at + step) % count] if closed else points[min(max(at + step, 0), count - 1)]
            for step in (-1, 0, 1, 2)
        ]
        path += [_spline(around, step / steps) for step in range(steps)]
    return path if closed else [*path, points[-1]]


def _spline(p: Sequence[Point], t: float) -> Point:
    def along(axis: int) -> float:
        a, b, c, d = (point[axis] for point in p)
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)

    return along(0), along(1)


@dataclass(slots=True)
class Canvas:
    """A picture of ``width`` x ``height``, painted ``k`` times larger so that every edge is smooth."""

    width: int
    height: int
    k: int
    image: Image.Image

    @classmethod
    def new(cls, width: int, height: int, colour: Colour = "#000000", k: int = 3) -> Canvas:
        """An empty canvas of one colour."""
        return cls(width, height, k, Image.new("RGB", (width * k, height * k), rgb(colour)))

    @property
    def size(self) -> tuple[int, int]:
        """In its own, larger pixels."""
        return self.image.size

    def finish(self) -> Image.Image:
        """The picture in its own size."""
        return self.image.reduce(self.k)

    def copy(self) -> Canvas:
        """Another canvas with the same picture."""
        return Canvas(self.width, self.height, self.k, self.image.copy())

    # Masks: "L" pictures of the canvas's size, 255 inside.

    def ellipse(self, box: Box) -> Image.Image:
        """The inside of an ellipse."""
        mask, draw = self._blank()
        draw.ellipse([v * self.k for v in box], fill=255)
        return mask

    def disc(self, centre: Point, radius: float) -> Image.Image:
        """The inside of a circle."""
        x, y = centre
        return self.ellipse((x - radius, y - radius, x + radius, y + radius))

    def ring(self, centre: Point, radius: float, width: float) -> Image.Image:
        """A circle's line, inwards from ``radius``."""
        return ImageChops.subtract(self.disc(centre, radius), self.disc(centre, radius - width))

    def polygon(self, points: Sequence[Point]) -> Image.Image:
        """The inside of a polygon."""
        mask, draw = self._blank()
        draw.polygon([(x * self.k, y * self.k) for x, y in points], fill=255)
        return mask

    def rounded(self, box: Box, radius: float) -> Image.Image:
        """The inside of a rectangle with round corners."""
        mask, draw = self._blank()
        draw.rounded_rectangle([v * self.k for v in box], radius * self.k, fill=255)
        return mask

    def line(self, points: Sequence[Point], width: float) -> Image.Image:
        """A line with round joints."""
        mask, draw = self._blank()
        draw.line([(x * self.k, y * self.k) for x, y in points], fill=255, width=round(width * self.k), joint="curve")
        return mask

    def fade(self, angle: float = 0.0, box: Box | None = None) -> Image.Image:
        """From 0 to 255 down the canvas, or down the box; turned by ``angle``."""
        if box is None:
            return ramp(self.size, angle)
        left, top, right, bottom = (round(v * self.k) for v in box)
        mask, _ = self._blank()
        mask.paste(ramp((max(1, right - left), max(1, bottom - top)), angle), (left, top))
        return mask

    def glow_mask(self, centre: Point, radius: float, squeeze: float = 1.0) -> Image.Image:
        """255 in the centre, falling to 0 at ``radius``; ``squeeze`` flattens it."""
        size = (max(2, round(2 * radius * self.k)), max(2, round(2 * radius * squeeze * self.k)))
        spot = Image.radial_gradient("L").point([round(255 * max(0.0, 1 - v / _EDGE) ** 1.8) for v in range(256)])
        mask, _ = self._blank()
        corner = (round((centre[0] - radius) * self.k), round((centre[1] - radius * squeeze) * self.k))
        mask.paste(spot.resize(size, Image.Resampling.BICUBIC), corner)
        return mask

    def blur(self, mask: Image.Image, radius: float) -> Image.Image:
        """Blurred, ``radius`` in units of the finished picture."""
        return mask.filter(ImageFilter.GaussianBlur(radius * self.k)) if radius else mask

    def moved(self, mask: Image.Image, dx: float, dy: float) -> Image.Image:
        """Shifted; what comes in is empty."""
        moved = Image.new(mask.mode, mask.size)
        moved.paste(mask, (round(dx * self.k), round(dy * self.k)))
        return moved

    # Painting.

    def paint(self, what: Colour | Image.Image, mask: Image.Image, opacity: float = 1.0) -> None:
        """Cover what is inside the mask with a colour or with a picture of the canvas's size."""
        layer = what if isinstance(what, Image.Image) else Image.new("RGB", self.size, rgb(what))
        self.image.paste(layer, (0, 0), _weaker(mask, opacity))

    def light(self, what: Colour | Image.Image, mask: Image.Image, opacity: float = 1.0) -> None:
        """Lighten (screen) what is inside the mask."""
        layer = what if isinstance(what, Image.Image) else Image.new("RGB", self.size, rgb(what))
        self.image.paste(ImageChops.screen(self.image, layer), (0, 0), _weaker(mask, opacity))

    def shade(self, what: Colour | Image.Image, mask: Image.Image, opacity: float = 1.0) -> None:
        """Darken (multiply) what is inside the mask."""
        layer = what if isinstance(what, Image.Image) else Image.new("RGB", self.size, rgb(what))
        self.image.paste(ImageChops.multiply(self.image, layer), (0, 0), _weaker(mask, opacity))

    def _blank(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        mask = Image.new("L", self.size)
        return mask, ImageDraw.Draw(mask)


def both(*masks: Image.Image) -> Image.Image:
    """Inside all of the masks."""
    whole = masks[0]
    for mask in masks[1:]:
        whole = ImageChops.multiply(whole, mask)
    return whole


def less(mask: Image.Image, other: Image.Image) -> Image.Image:
    """Inside the first and not inside the other."""
    return ImageChops.subtract(mask, other)


def _weaker(mask: Image.Image, opacity: float) -> Image.Image:
    return mask if opacity >= 1 else mask.point([round(level * opacity) for level in range(256)])
