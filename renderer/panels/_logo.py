"""The operator's logo: a file of theirs, read with limits; anything odd and there is none."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

from PIL import Image

from renderer.panels._colour import Rgb

log = logging.getLogger("ooh.panels")

_MOST_PIXELS = 16_000_000


def logo(path: str, wide: int, high: int) -> Image.Image | None:
    """The picture as RGBA, as large as fits into ``wide`` x ``high``; None when there is none to be read."""
    if not path or wide < 8 or high < 8:
        return None
    picture = _read(path)
    if picture is None:
        return None
    times = min(wide / picture.width, high / picture.height, 3.0)
    size = (max(1, round(picture.width * times)), max(1, round(picture.height * times)))
    return picture.resize(size, Image.Resampling.LANCZOS)


@lru_cache(maxsize=2)
def _read(path: str) -> Image.Image | None:
    """Read once a run: a new logo comes with a restart."""
    try:
        with Image.open(Path(path), formats=("PNG", "JPEG")) as file:
            if file.width * file.height > _MOST_PIXELS:
                log.warning("logo.too_large", extra={"facts": {"path": path, "size": f"{file.width}x{file.height}"}})
                return None
            picture = file.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        log.warning("logo.unreadable", extra={"facts": {"path": path, "why": str(error)}})
        return None
    return picture.crop(picture.getchannel("A").getbbox() or (0, 0, picture.width, picture.height))


def mean_colour(picture: Image.Image) -> Rgb:
    """The average of what is not transparent."""
    small = picture.resize((16, 16), Image.Resampling.BOX)
    pixels = small.tobytes()
    weight = sum(pixels[3::4]) or 1
    red, green, blue = (
        round(sum(c * a for c, a in zip(pixels[band::4], pixels[3::4], strict=True)) / weight) for band in range(3)
    )
    return red, green, blue
