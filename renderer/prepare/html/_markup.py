"""Markup that came without an address: made a page, as an ad server would frame it."""

from __future__ import annotations

import re

from config import Size
from renderer.prepare.html._mime import page_type
from renderer.prepare.html._shapes import ORIGIN, Resource, Site

_WHOLE = re.compile(rb"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_BEFORE = b'<!doctype html><html><head><meta charset="utf-8"><style>body{margin:0}</style></head><body>'
_AFTER = b"</body></html>"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def site_of_markup(markup: bytes, size: Size | None = None, address: str = f"{ORIGIN}/") -> Site:
    """A page around ``markup``; one that is whole is left as it is.

    A snippet gets what the frames of ad servers give it: standards mode and no margin.
    """
    whole = markup[:2] in _UTF_16 or _WHOLE.search(markup)
    page = markup if whole else _BEFORE + markup.removeprefix(b"\xef\xbb\xbf") + _AFTER
    return Site(address, {address: Resource(200, page_type(page), page)}, size)
