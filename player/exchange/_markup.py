"""The picture and the tracking pixels in a bid's HTML (``adm``): read, never rendered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from config import Size

_LONGEST_MARKUP = 200_000
_MOST_IMAGES = 100
_LARGEST_PIXEL = 2
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|(?:width|height)\s*:\s*[012]px", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*")
_VAST = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<VAST[\s>]", re.IGNORECASE)
_BARE_URL = re.compile(r"\s*(https?://[^\s<>\"']+)\s*")


@dataclass(frozen=True, slots=True)
class Markup:
    """What was found: the creative's URL, its declared size, and the URLs of impression pixels."""

    image: str | None
    size: Size | None
    pixels: tuple[str, ...]
    lack: str = ""
    """Why there is no image."""


def read_markup(adm: str, wanted: Size | None = None) -> Markup:
    """The creative in ``adm`` and what counts it. Total: any text gives a ``Markup``.

    ``wanted`` is the size the bid names. Of several images the one of that size wins, then the largest declared,
    then the first. Images of up to 2 by 2 pixels, and hidden ones, are impression trackers.
    """
    if len(adm) > _LONGEST_MARKUP:
        return Markup(None, None, (), "its markup is too long")
    if _VAST.match(adm):
        return Markup(None, None, (), "its markup is VAST video")
    bare = _BARE_URL.fullmatch(adm)
    if bare is not None:
        return Markup(bare[1], None, ())
    images = _images(adm)
    pixels = tuple(dict.fromkeys(image.url for image in images if image.pixel))
    pictures = [image for image in images if not image.pixel]
    if not pictures:
        return Markup(None, None, pixels, "its markup has no image")
    best = max(pictures, key=lambda image: (image.size is not None and image.size == wanted, image.area))
    return Markup(best.url, best.size, pixels)


@dataclass(frozen=True, slots=True)
class _Image:
    url: str
    size: Size | None
    pixel: bool

    @property
    def area(self) -> int:
        return self.size.pixels if self.size else 0


class _Images(HTMLParser):
    """Collects ``<img src>``; entities in attributes are resolved by the parser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[_Image] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for ``<img>`` and ``<img/>`` alike."""
        if tag != "img" or len(self.found) >= _MOST_IMAGES:
            return
        named = {name: value or "" for name, value in attrs}
        url = named.get("src", "").strip()
        if url.startswith("//"):
            url = f"https:{url}"
        if not url.lower().startswith(("http://", "https://")):
            return
        width, height = _length(named.get("width")), _length(named.get("height"))
        sides = [side for side in (width, height) if side is not None]
        pixel = bool(sides) and max(sides) <= _LARGEST_PIXEL
        pixel = pixel or bool(_HIDDEN.search(named.get("style", ""))) or "hidden" in named
        self.found.append(_Image(url, Size(width, height) if width and height else None, pixel))


def _images(adm: str) -> list[_Image]:
    parser = _Images()
    try:
        parser.feed(adm)
        parser.close()
    except (AssertionError, ValueError):
        # html.parser gives up on some broken declarations; what came before them still counts.
        return parser.found
    return parser.found


def _length(value: str | None) -> int | None:
    match = _LENGTH.fullmatch(value or "")
    return int(match[1]) if match else None
