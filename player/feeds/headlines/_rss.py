"""RSS 0.9x, 1.0 and 2.0 and Atom, by feedparser; every title is shown as plain text."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cache import rfc3339
from config import Code, OohError
from player.feeds._ask import Ask
from player.feeds._shapes import FeedSetup, Reading
from player.feeds._web_feed import WebFeed
from player.feeds.headlines._tame import MOST_BYTES, tame

_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
_MOST_ITEMS = 30
_LONGEST_TITLE = 200
_LONGEST_SOURCE = 60
_FUTURE = timedelta(minutes=10)
"""A story from the future is one whose clock or zone is wrong: its time is unknown then."""
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}+>|<!--.{0,2000}?-->|<!\[CDATA\[|\]\]>", re.DOTALL)
_HIDDEN = re.compile(r"<(script|style)\b[^<>]{0,500}>.{0,5000}?</\1\s{0,9}>", re.DOTALL | re.IGNORECASE)
_FORMATTING = dict.fromkeys([0x00AD, *range(0x200B, 0x200D), 0x2060, 0xFEFF])
"""Soft hyphens and characters of no width; the joiner U+200D stays, for emoji and scripts need it."""


class HeadlinesFeed(WebFeed):
    """``Feed`` of one RSS or Atom address."""

    def __init__(self, setup: FeedSetup) -> None:
        super().__init__(setup)
        self._url = setup.config.panels.headlines.url
        if not self._url:
            raise OohError(Code.FEED_PROVIDER, "rss wants an address: set panels.headlines.url")

    def read(self, ask: Ask) -> Reading:
        """See ``WebFeed.read``."""
        body = ask.body(self._url, accept=_ACCEPT, max_bytes=MOST_BYTES)
        data = read_headlines(tame(body, ask.content_type), ask.now, self.setup.config.panels.headlines.title)
        host = (urlsplit(self._url).hostname or "").removeprefix("www.")
        return Reading(data, data["title"] or host)


def read_headlines(tamed: bytes, now: datetime, title: str = "") -> dict[str, Any]:
    """``{"title", "items": [{"title", "source", "published_at"}]}``, newest first; undated ones keep their place.

    Raises ``OohError`` FEED_INVALID when it is no feed. A feed without stories is a good answer.
    """
    import feedparser  # noqa: PLC0415 - 45 ms and 6 MB, which only screens with headlines pay

    try:
        found: Mapping[str, Any] = feedparser.parse(io.BytesIO(tamed), sanitize_html=False, resolve_relative_uris=False)
        entries, channel = found["entries"], found["feed"]
    except Exception as error:  # noqa: BLE001 - feedparser promises to raise nothing, and has done so
        raise OohError(Code.FEED_INVALID, f"{type(error).__name__}: {error}"[:200]) from None
    if not found.get("version") and not entries and not channel:
        raise OohError(Code.FEED_INVALID, "it is neither RSS nor Atom")
    own = plain(channel.get("title"), _LONGEST_SOURCE)
    items: dict[str, dict[str, Any]] = {}
    for entry in entries:
        item = _item(entry, now)
        if item is not None:
            items.setdefault(item["title"].casefold(), item)
    return {"title": title or own, "items": _newest_first(list(items.values()))[:_MOST_ITEMS]}


def plain(found: object, longest: int) -> str | None:
    """Text for people: no markup, entities read (also doubly escaped ones), one line, cut at a word."""
    if not isinstance(found, str):
        return None
    text = found[:4_000]
    for _ in range(2):
        text = html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", text)))
    text = _TAG.sub(" ", _HIDDEN.sub(" ", text)).translate(_FORMATTING)
    shown = "".join(mark if mark.isprintable() or mark in _JOINERS else " " for mark in text)
    line = " ".join(shown.split())
    if len(line) <= longest:
        return line or None
    cut = line[: longest - 1]
    head = cut.rpartition(" ")[0] if " " in cut[longest // 2 :] else cut
    return head.rstrip(" ,;:–-") + "…"


_JOINERS = frozenset("\u200d\u200e\u200f")


def _item(entry: Mapping[str, Any], now: datetime) -> dict[str, Any] | None:
    """RSS 2.0 wants a title or a description; of a description the beginning is the headline."""
    title = plain(entry.get("title"), _LONGEST_TITLE) or plain(entry.get("summary"), 140)
    if title is None:
        return None
    source = entry.get("source")
    named = plain(source.get("title"), _LONGEST_SOURCE) if isinstance(source, Mapping) else None
    at = _moment(entry)
    if at is not None and at > now + _FUTURE:
        at = None
    return {"title": title, "source": named, "published_at": rfc3339(at) if at else None}


def _moment(entry: Mapping[str, Any]) -> datetime | None:
    for key in ("published_parsed", "updated_parsed", "created_parsed"):
        found = dict.get(entry, key) if isinstance(entry, dict) else None
        try:
            if found is not None:
                year, month, day, hour, minute, second = found[:6]
                return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        except (TypeError, ValueError, OverflowError):
            continue
    return None


def _newest_first(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By time; an undated story goes with the one above it."""
    last = "9999"
    keyed = []
    for nth, item in enumerate(items):
        last = item["published_at"] or last
        keyed.append((last, -nth, item))
    return [item for _, _, item in sorted(keyed, key=lambda row: row[:2], reverse=True)]
