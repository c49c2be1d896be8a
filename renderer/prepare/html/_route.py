"""Answers every request of a page: from its site, from the guarded network while it is taken in, else not at all."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

from renderer.prepare.html._shapes import ORIGIN, Resource, Site

Answer = tuple[str, Mapping[str, object]]
"""A method of the protocol's Fetch domain and its parameters, without the request's id."""

READY_MARK = b"dynamic-creative-ready"
"""The id of the element that says "ready" (Vistar Media's dynamic creative spec, Loading and Rendering)."""
_METHODS = frozenset({"GET", "HEAD"})
_NEVER = frozenset(
    {"Ping", "CSPViolationReport", "Prefetch", "WebSocket", "EventSource", "SignedExchange", "Preflight"}
)
_STUBBED = frozenset({"enabler.js", "enabler_01_247.js", "mraid.js", "ebloader.js"})
"""Scripts of ad servers: `stubs.js` stands for them."""
_MOST_REQUESTS = 300
_MOST_BYTES = 60_000_000
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_CLEARTEXT = "http://"


class Route:
    """What a page may have. ``fetch``: the network, while the creative is taken in; None: there is none."""

    def __init__(self, site: Site, silent: frozenset[str], fetch: Callable[[str, int], None] | None = None) -> None:
        """``silent``: addresses that count impressions; they are called when it was shown, not now.

        ``fetch`` is given an address and a number; its answer comes back through `arrived`.
        """
        self._site = site
        self._silent = silent
        self._fetch = fetch
        self._waiting: dict[int, str] = {}
        self._asked = 0
        self._left_bytes = _MOST_BYTES
        self.recorded: dict[str, Resource] = {}
        """Answers of the network, for the pack."""
        self.missing: dict[str, None] = {}
        """Addresses that gave nothing, in the order of asking."""
        self.signals = any(READY_MARK in found.body for found in site.resources.values())
        """True when the page, or a script of it, knows the sign for "ready"."""

    def answer(self, request: Mapping[str, Any], kind: str) -> Answer | int:
        """The answer, or the number under which it will arrive. ``kind``: the protocol's resource type."""
        url = urldefrag(str(request.get("url", "")))[0]
        if kind in _NEVER or request.get("method") not in _METHODS:
            return _failed("BlockedByClient")
        if url in self._silent:
            return _fulfilled(Resource(200, "image/gif", _PIXEL))
        found = self._known(url)
        if found is not None:
            return self._told(url, found)
        if url.rsplit("/", 1)[-1].split("?")[0].lower() in _STUBBED:
            return _fulfilled(Resource(200, "text/javascript", b""))
        if url.startswith(ORIGIN) or self._fetch is None or not url.startswith(("https://", _CLEARTEXT)):
            return self._without(url)
        return self._ask(url)

    def arrived(self, number: int, found: Resource | None) -> Answer:
        """What the network said to request ``number``; None: nothing."""
        url = self._waiting.pop(number)
        if found is None or len(found.body) > self._left_bytes:
            return self._without(url)
        self._left_bytes -= len(found.body)
        self.recorded[url] = found
        self.signals = self.signals or READY_MARK in found.body
        if found.url and found.url != url:
            self.recorded.setdefault(found.url, Resource(found.status, found.content_type, found.body))
        return self._told(url, found)

    def _known(self, url: str) -> Resource | None:
        for known in (self._site.resources, self.recorded):
            if url in known:
                return known[url]
        if not url.startswith(f"{ORIGIN}/"):
            return None
        plain = _plain_path(url)
        return next((found for at, found in self._site.resources.items() if _plain_path(at) == plain), None)

    def _told(self, url: str, found: Resource) -> Answer:
        if found.url and found.url != url:
            return _redirected(found.url)
        if found.status >= 400:
            self.missing[url] = None
        return _fulfilled(found)

    def _without(self, url: str) -> Answer:
        self.missing[url] = None
        return _failed("AddressUnreachable")

    def _ask(self, url: str) -> Answer | int:
        if self._asked >= _MOST_REQUESTS or self._fetch is None:
            return self._without(url)
        self._asked += 1
        self._waiting[self._asked] = url
        self._fetch(url, self._asked)
        return self._asked


def _plain_path(url: str) -> str:
    """An address of an archive as its author meant it: any case, without its query, escaped or not."""
    return unquote(urlsplit(url).path).lower()


def _fulfilled(found: Resource) -> Answer:
    headers = {
        "Content-Type": found.content_type or "application/octet-stream",
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-store",
        "Timing-Allow-Origin": "*",
    }
    return "Fetch.fulfillRequest", {
        "responseCode": found.status,
        "responseHeaders": [{"name": name, "value": value} for name, value in headers.items()],
        "body": base64.b64encode(found.body).decode("ascii"),
    }


def _redirected(onward: str) -> Answer:
    return "Fetch.fulfillRequest", {"responseCode": 302, "responseHeaders": [{"name": "Location", "value": onward}]}


def _failed(reason: str) -> Answer:
    return "Fetch.failRequest", {"errorReason": reason}
