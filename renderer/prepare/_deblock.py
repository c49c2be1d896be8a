"""Takes the marks of JPEG's blocks out of a picture before it is enlarged, for enlarging shows them.

The picture is compressed again as it was, with its blocks laid elsewhere, many times, and the mean is taken: what is
the picture stays, what the grid made differs from time to time (Nosratinia 2001, re-application of JPEG).
"""

from __future__ import annotations

import io

from PIL import Image, ImageChops

_BLOCK = 8
_EVERY_SHIFT = tuple((x, y) for x in range(_BLOCK) for y in range(_BLOCK))
_FEWER = tuple((x, y) for x in (0, 2, 4, 6) for y in (1, 3, 5, 7))
_FULL_COLOUR = 0
"""4:4:4, whatever the file has: colour that is halved again and again would bleed."""
_MOST_PIXELS_EVERY, _MOST_PIXELS_FEWER = 100_000, 400_000
"""0.2 s for a 300x250, and no more for a picture four times as large."""


def deblocked(image: Image.Image) -> Image.Image:
    """A decoded JPEG (L or RGB, at its own size) without its blocks; other pictures and large ones as they are."""
    tables = getattr(image, "quantization", None)
    pixels = image.width * image.height
    if image.mode not in ("L", "RGB") or not tables or pixels > _MOST_PIXELS_FEWER:
        return image
    wide = _padded(image)
    if Image.MAX_IMAGE_PIXELS is not None and wide.width * wide.height > Image.MAX_IMAGE_PIXELS:
        return image
    options = {"qtables": [tables[key] for key in sorted(tables)], "subsampling": _FULL_COLOUR}
    shifts = _EVERY_SHIFT if pixels <= _MOST_PIXELS_EVERY else _FEWER
    return _mean([_again(wide, image, dx, dy, options) for dx, dy in shifts])


def _again(wide: Image.Image, image: Image.Image, dx: int, dy: int, options: dict[str, object]) -> Image.Image:
    out = io.BytesIO()
    wide.crop((_BLOCK - dx, _BLOCK - dy, wide.width, wide.height)).save(out, "JPEG", **options)
    with Image.open(out, formats=["JPEG"]) as seen:
        return seen.crop((dx, dy, dx + image.width, dy + image.height))


def _padded(image: Image.Image) -> Image.Image:
    """A block more on every side, of the pixels at the edge."""
    w, h = image.size
    wide = Image.new(image.mode, (w + 2 * _BLOCK, h + 2 * _BLOCK))
    wide.paste(image, (_BLOCK, _BLOCK))
    wide.paste(image.crop((0, 0, w, 1)).resize((w, _BLOCK)), (_BLOCK, 0))
    wide.paste(image.crop((0, h - 1, w, h)).resize((w, _BLOCK)), (_BLOCK, h + _BLOCK))
    for column, left in ((_BLOCK, 0), (w + _BLOCK - 1, w + _BLOCK)):
        edge = wide.crop((column, 0, column + 1, wide.height))
        wide.paste(edge.resize((_BLOCK, wide.height)), (left, 0))
    return wide


def _mean(images: list[Image.Image]) -> Image.Image:
    """Two by two; a power of two of them. Rounded down and up in turn, or the picture would darken."""
    up = False
    while len(images) > 1:
        pairs = zip(images[::2], images[1::2], strict=True)
        images = [_half_up(a, b) if up else ImageChops.add(a, b, 2) for a, b in pairs]
        up = not up
    return images[0]


def _half_up(a: Image.Image, b: Image.Image) -> Image.Image:
    return ImageChops.invert(ImageChops.add(ImageChops.invert(a), ImageChops.invert(b), 2))
