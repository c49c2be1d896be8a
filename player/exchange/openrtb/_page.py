"""HTML in a bid (``adm``) that is a page of its own, not a picture in a frame; made the same for every bid."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from config import Size
from player.exchange._url import web_url
from player.exchange.openrtb import _macros as macros
from player.exchange.openrtb._markup import Markup, unescaped
from player.exchange.openrtb._tags import Tag, tags

_LONGEST_PAGE = 200_000
_DRAWING = frozenset({"canvas", "svg", "video", "iframe", "object", "embed", "style", "picture", "template"})
"""Elements that a picture taken out of the markup would lose."""
_RAW = frozenset({"script", "style", "title", "noscript", "textarea", "xmp", "svg", "head"})
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".zip")
_SHORTEST_ID = 6
_VAST = re.compile(r"\s*+(?:<\?xml[^>]*+>\s*+)?<VAST[\s>]", re.IGNORECASE)
_QUERY = re.compile(r"\?[^\s\"'<>)]*+")


def page_in(adm: str, found: Markup, wanted: Size | None) -> str | None:
    """The page in ``adm``, or the address of one; None when there is none, or only a picture with its trackers.

    ``found`` is what `read_markup` says; ``wanted`` the size that the bid names. Total, and linear in the length.
    """
    if not adm.strip() or len(adm) > _LONGEST_PAGE:
        return None
    adm = unescaped(adm)
    if _VAST.match(adm):
        return None
    if "<" not in adm:
        return adm.strip() if _is_page_address(adm) else None
    seen = list(tags(adm))
    if any(_draws(tag) for tag in seen):
        return adm
    scripted = any(tag.name == "script" for tag in seen)
    if found.image is None:
        return adm if scripted or "data:image/" in adm else None
    if scripted and (wanted is None or found.size != wanted):
        return adm
    return adm if _says_something(adm) else None


def anonymous(page: str, ids: Iterable[str]) -> str:
    """The page without what differs from bid to bid: macros, and the ids of this one. Its picture stays the same."""
    plain = macros.removed(page)
    for one in sorted({one for one in ids if len(one) >= _SHORTEST_ID}, key=len, reverse=True):
        plain = plain.replace(one, "x")
    return plain


def skeleton(page: str) -> str:
    """The page without its URLs' queries: what tells whether two bids of one creative are the same page."""
    return _QUERY.sub("?", page)


def _draws(tag: Tag) -> bool:
    if tag.name == "link":
        return "stylesheet" in tag.attributes.get("rel", "").lower()
    if tag.name in ("iframe", "picture"):
        return tag.name == "iframe" and "hidden" not in tag.attributes and not _tiny(tag)
    return tag.name in _DRAWING


def _tiny(tag: Tag) -> bool:
    sides = [tag.attributes.get(side, "") for side in ("width", "height")]
    return any(side.strip() in ("0", "1", "2", "0px", "1px") for side in sides)


def _is_page_address(adm: str) -> bool:
    url = web_url(adm.strip())
    try:
        return url is not None and urlsplit(url).path.lower().endswith(_PAGE_SUFFIXES)
    except ValueError:
        return False


def _says_something(adm: str) -> bool:
    """True when there is text to be read outside of tags: beside a picture, that is a design."""
    closing = ""
    for piece in adm.split("<")[1:]:
        tag, _, text = piece.partition(">")
        if closing:
            if not tag.lower().startswith(closing):
                continue
            closing = ""
        name = re.match(r"[a-zA-Z]{1,12}", tag)
        if name is not None and name[0].lower() in _RAW and not tag.endswith("/"):
            closing = f"/{name[0].lower()}"
            continue
        if tag.startswith("!--"):
            continue
        if html.unescape(text[:2_000]).replace("\xa0", " ").strip():
            return True
    return False
