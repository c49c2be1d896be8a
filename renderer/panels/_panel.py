"""The panels' front door: is there something to show, draw it, and when will it look different."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, date, datetime, time, timedelta

from PIL import Image

from cache import FeedSnapshot
from config import PanelKind, Size
from renderer.panels import _headlines, _scores
from renderer.panels._bands import Backdrop
from renderer.panels._brand import Brand, draw_brand
from renderer.panels._clock import draw_clock
from renderer.panels._forecast import Forecast, forecast, place_clock
from renderer.panels._games import Games, games, stops_being_live
from renderer.panels._headlines import draw_headlines
from renderer.panels._news import News, news
from renderer.panels._pages import next_turn, page_at
from renderer.panels._read import root
from renderer.panels._scores import draw_scores
from renderer.panels._style import PanelSettings, PanelStyle
from renderer.panels._tile import Tile
from renderer.panels._type import CAP, Face
from renderer.panels._weather import draw_weather

_FROM_CONFIG = frozenset({"clock", "brand"})
"""Kinds without a feed."""
Known = Forecast | Games | News


def available(kind: PanelKind, snapshot: FeedSnapshot | None, now: datetime) -> bool:
    """True when the panel has something true to show: fresh data that can be read; clock and brand always have."""
    if kind in _FROM_CONFIG:
        return True
    if snapshot is None or not snapshot.fresh(now):
        return False
    return _known(kind, snapshot, PanelSettings(), now) is not None


def draw(
    kind: PanelKind,
    size: Size,
    snapshot: FeedSnapshot | None,
    settings: PanelSettings,
    style: PanelStyle,
    now: datetime,
    backdrop: Backdrop | None,
) -> Image.Image:
    """One panel as an RGB picture of exactly ``size``, its soft corners over ``backdrop``.

    ``backdrop`` is what lies behind the tile, cropped to it; None: the brand colour. Odd or missing data never
    raises: what is unknown is left out, and a panel that knows nothing shows a dash.
    """
    if kind == "clock":
        return draw_clock(size, settings, style, backdrop, now)
    if kind == "brand":
        return draw_brand(size, Brand.of(settings.brand), settings, style, backdrop)
    match _known(kind, snapshot, settings, now):
        case Forecast() as weather:
            return draw_weather(size, weather, settings, style, backdrop)
        case Games() as scores:
            return draw_scores(size, scores, settings, style, backdrop, now)
        case News() as headlines:
            return draw_headlines(size, headlines, settings, style, backdrop, now)
    return _nothing(size, style, backdrop)


def says(
    kind: PanelKind,
    snapshot: FeedSnapshot | None,
    settings: PanelSettings,
    now: datetime,
    size: Size,
    style: PanelStyle,
) -> Hashable:
    """All that the picture depends on besides size, look and backdrop: equal values, equal pictures.

    So a feed that answers the same again, or an hour that brings nothing new, costs no drawing.
    """
    if kind == "clock":
        return settings.local(now).replace(second=0, microsecond=0)
    if kind == "brand":
        return settings.brand
    known = _known(kind, snapshot, settings, now)
    count, seconds = _pages(known, settings, size, style)
    return known, page_at(now, seconds, count), _today(known, settings, now)


def next_change(
    kind: PanelKind,
    snapshot: FeedSnapshot | None,
    settings: PanelSettings,
    now: datetime,
    size: Size | None = None,
    style: PanelStyle | None = None,
) -> datetime | None:
    """When the same data may make another picture, after ``now``; None: never. Aware, UTC.

    ``size`` and ``style`` tell how many pages the tile has; without them its pages are not counted.
    """
    if kind == "clock":
        return _after(now, timedelta(minutes=1), settings.local(now))
    if snapshot is None or snapshot.kind != kind:
        return None
    known = _known(kind, snapshot, settings, now)
    times = [snapshot.fetched_at + timedelta(milliseconds=snapshot.max_age_ms)]
    if kind == "weather":
        times.append(_after(now, timedelta(hours=1), place_clock(root(snapshot.data), settings, now)))
    else:
        times.append(_midnight(settings.local(now)))
    if isinstance(known, Games) and (ends := stops_being_live(snapshot, known)) is not None:
        times.append(ends)
    if size is not None:
        count, seconds = _pages(known, settings, size, style or PanelStyle())
        times += [next_turn(now, seconds)] if count > 1 else []
    return min(at for at in times if at > now)


def _known(kind: PanelKind, snapshot: FeedSnapshot | None, settings: PanelSettings, now: datetime) -> Known | None:
    """What a snapshot of that kind tells; None: nothing."""
    if snapshot is None or snapshot.kind != kind:
        return None
    if kind == "weather":
        return forecast(snapshot, settings, now)
    if kind == "scores":
        return games(snapshot, settings, now)
    return news(snapshot, settings) if kind == "headlines" else None


def _pages(known: Known | None, settings: PanelSettings, size: Size, style: PanelStyle) -> tuple[int, int]:
    """How many pages a tile of that size has, and seconds a page."""
    if isinstance(known, Games):
        return _scores.page_count(known, _scores.Plan.of(known, size, style)), settings.scores_page_seconds
    if isinstance(known, News):
        return _headlines.page_count(known, _headlines.Plan.of(known, size, style)), settings.headlines_page_seconds
    return 1, 1


def _today(known: Known | None, settings: PanelSettings, now: datetime) -> date | None:
    """The day, where times are told by it; a forecast holds its own."""
    return settings.local(now).date() if isinstance(known, Games | News) else None


def _midnight(local: datetime) -> datetime:
    """When the next day begins on that wall clock."""
    zone = local.tzinfo
    return datetime.combine(local.date() + timedelta(days=1), time(), zone).astimezone(UTC)


def _after(now: datetime, step: timedelta, local: datetime) -> datetime:
    """The next whole ``step`` of the local clock (time zones differ by whole minutes: half hours exist)."""
    into = timedelta(minutes=local.minute if step >= timedelta(hours=1) else 0, seconds=local.second)
    return (now + step - into - timedelta(microseconds=local.microsecond)).astimezone(UTC)


def _nothing(size: Size, style: PanelStyle, backdrop: Backdrop | None) -> Image.Image:
    tile = Tile.on(size, style, backdrop)
    mark = tile.label * 2
    tile.write((tile.inner.mid, size.h / 2 + mark * CAP / 2), "—", Face.FIGURE, mark, tile.inks.third, "m")
    return tile.image
