"""What the headlines panel knows: the source and its headlines, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cache import FeedSnapshot
from renderer.panels import _read as read
from renderer.panels._style import PanelSettings
from renderer.panels._type import clean

_MOST = 12
_LONGEST = 200
_DATED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline."""

    title: str
    source: str
    published_at: datetime | None

    def credit(self, settings: PanelSettings, now: datetime) -> str:
        """``Reuters · 19:30``, ``Reuters · Sat``: where it is from, and when it was written, if lately."""
        parts = [self.source]
        if self.published_at is not None and timedelta(0) <= now - self.published_at < _DATED:
            local, today = settings.local(self.published_at), settings.local(now)
            same = local.date() == today.date()
            parts.append(settings.hour_minute(local) if same else settings.language().weekday_short(local))
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class News:
    """Everything the panel may show."""

    title: str
    items: tuple[Headline, ...]
    attribution: str


def news(snapshot: FeedSnapshot, settings: PanelSettings) -> News | None:
    """Read a headlines snapshot. None when it holds no headline."""
    found: dict[str, Headline] = {}
    for row in read.tables(snapshot.data, "items"):
        title = read.text(row, "title", _LONGEST)
        if title:
            found.setdefault(title, Headline(title, read.text(row, "source", 40), read.moment(row, "published_at")))
    items = list(found.values())
    if not items:
        return None
    if all(item.published_at is not None for item in items):
        items.sort(key=lambda item: item.published_at or datetime.min.replace(tzinfo=UTC), reverse=True)
    title = clean(settings.headlines_title, 60) or read.text(read.root(snapshot.data), "title", 60)
    return News(title, tuple(items[:_MOST]), clean(snapshot.attribution, 100))
