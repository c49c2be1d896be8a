"""Markup that came without an address: made a page, as an ad server would frame it."""

from __future__ import annotations

import re

from config import Size
from renderer.prepare.html._mime import page_type
from renderer.prepare.html._shapes import ORIGIN, Resource, Site

_WHOLE = re.compile(rb"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_AD_SIZE = re.compile(rb"<meta\b[^>]{0,300}\bad\.size\b[^>]{0,300}>", re.IGNORECASE)
_SIDES = re.compile(rb"width\s{0,9}=\s{0,9}(\d{1,5})[^\d>]{1,20}height\s{0,9}=\s{0,9}(\d{1,5})", re.IGNORECASE)
_HEAD_BYTES = 65_536
_BEFORE = b'<!doctype html><html><head><meta charset="utf-8"><style>body{margin:0}</style></head><body>'
_AFTER = b"</body></html>"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def said_size(site: Site) -> Size | None:
    """The size in the page's ``ad.size`` (IAB, Google Web Designer), when it is plainly written there."""
    start = site.resources.get(site.start)
    meta = _AD_SIZE.search(start.body[:_HEAD_BYTES]) if start is not None else None
    found = _SIDES.search(meta[0]) if meta is not None else None
    return None if found is None else Size(int(found[1]), int(found[2]))


def site_of_markup(markup: bytes, size: Size | None = None, address: str = f"{ORIGIN}/") -> Site:
    """A page around ``markup``; one that is whole is left as it is.

    A snippet gets what the frames of ad servers give it: standards mode and no margin.
    """
    whole = markup[:2] in _UTF_16 or _WHOLE.search(markup)
    page = markup if whole else _BEFORE + markup.removeprefix(b"\xef\xbb\xbf") + _AFTER
    return Site(address, {address: Resource(200, page_type(page), page)}, size)
