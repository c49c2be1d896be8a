"""The picture and the tracking pixels in a bid's HTML (``adm``): read, never rendered."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import unquote

from config import Size
from player.exchange._url import web_url
from player.exchange.openrtb._tags import Tag, tags

_LONGEST_MARKUP = 200_000
_LONGEST_STYLE = 2_000
_MOST_IMAGES = 100
_LARGEST_PIXEL = 2
_HIDDEN = re.compile(r"(?<![\w-])(?:display\s*+:\s*+none|visibility\s*+:\s*+hidden)", re.IGNORECASE)
# Not the end of another property: ``border-width:0px`` and ``line-height:1px`` are common on pictures.
_SIDE = re.compile(r"(?<![\w-])(width|height)\s*+:\s*+(\d{1,5})(?:\.\d*+)?(?:px|(?=\s*+(?:;|$|!)))", re.IGNORECASE)
_BACKGROUND = re.compile(r"(?<![\w-])background(?:-image)?\s*+:[^;]*?\burl\(\s*+(['\"]?)([^'\")]++)\1", re.IGNORECASE)
_LENGTH = re.compile(r"\s*+(\d{1,5})(?:\.\d++)?\s*+(?:px)?\s*+", re.IGNORECASE)
_VAST = re.compile(r"\s*+(?:<\?xml[^>]*+>\s*+)?<VAST[\s>]", re.IGNORECASE)


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
    adm = unescaped(adm)
    if _VAST.match(adm):
        return Markup(None, None, (), "its markup is VAST video")
    bare = web_url(adm) if "<" not in adm else None
    if bare is not None:
        return Markup(bare, None, ())
    return _choose(_images(adm), adm, wanted)


def impression_pixels(adm: str) -> tuple[str, ...]:
    """The addresses in markup that count impressions: to be called when it was shown, and not before."""
    return read_markup(adm).pixels


@dataclass(frozen=True, slots=True)
class _Image:
    url: str
    size: Size | None
    pixel: bool

    @property
    def area(self) -> int:
        return self.size.pixels if self.size else 0


def _choose(images: list[_Image], adm: str, wanted: Size | None) -> Markup:
    pixels = tuple(dict.fromkeys(image.url for image in images if image.pixel))
    pictures = [image for image in images if not image.pixel]
    if not pictures:
        inside = "data:image/" in adm
        return Markup(None, None, pixels, "its image is inside the markup" if inside else "its markup has no image")
    best = max(pictures, key=lambda image: (image.size is not None and image.size == wanted, image.area))
    return Markup(best.url, best.size, pixels)


def unescaped(adm: str) -> str:
    """Some servers escape the whole markup once more, for HTML or as in a URL; markup itself has a ``<``."""
    if "<" in adm:
        return adm
    for plain in (html.unescape(adm) if "&lt;" in adm else adm, unquote(adm)):
        if "<" in plain:
            return plain
    return adm


def _images(adm: str) -> list[_Image]:
    found: list[_Image] = []
    for tag in tags(adm):
        image = _image(tag)
        if image is not None:
            found.append(image)
            if len(found) >= _MOST_IMAGES:
                break
    return found


def _image(tag: Tag) -> _Image | None:
    """An ``<img>``, or whatever element has a background image."""
    named = tag.attributes
    style = named.get("style", "")[:_LONGEST_STYLE]
    if tag.name == "img":
        url = web_url(named.get("src")) or web_url(_largest(named.get("srcset", "")))
    else:
        background = _BACKGROUND.search(style)
        url = web_url(background[2]) if background else None
    if url is None:
        return None
    styled = {name.lower(): int(digits) for name, digits in _SIDE.findall(style)}
    width = _length(named.get("width"), styled.get("width"))
    height = _length(named.get("height"), styled.get("height"))
    sides = [side for side in (width, height) if side is not None]
    pixel = (bool(sides) and max(sides) <= _LARGEST_PIXEL) or bool(_HIDDEN.search(style)) or "hidden" in named
    return _Image(url, Size(width, height) if width and height else None, pixel)


def _largest(srcset: str) -> str | None:
    """The last candidate of ``srcset`` (HTML, srcset attributes): they are written from small to large."""
    candidates = [candidate.split() for candidate in srcset.split(", ")]
    return next((words[0].rstrip(",") for words in reversed(candidates) if words), None)


def _length(attribute: str | None, styled: int | None) -> int | None:
    """As laid out: the style comes before the attribute."""
    match = _LENGTH.fullmatch(attribute or "")
    return styled if styled is not None else int(match[1]) if match else None
