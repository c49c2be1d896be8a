"""The panels' front door: is there something to show, draw it, and when will it look different."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PIL import Image

from cache import FeedSnapshot
from config import PanelKind, Size
from renderer.panels._clock import draw_clock
from renderer.panels._forecast import forecast, place_clock
from renderer.panels._games import games
from renderer.panels._read import root
from renderer.panels._scores import draw_scores
from renderer.panels._style import PanelSettings, PanelStyle
from renderer.panels._tile import Tile
from renderer.panels._type import CAP, Face, write
from renderer.panels._weather import draw_weather


def available(kind: PanelKind, snapshot: FeedSnapshot | None, now: datetime) -> bool:
    """True when the panel has something true to show: a fresh snapshot that can be read. The clock always has."""
    if kind == "clock":
        return True
    if snapshot is None or snapshot.kind != kind or not snapshot.fresh(now):
        return False
    plain = PanelSettings()
    if kind == "weather":
        return forecast(snapshot, plain, now) is not None
    return kind == "scores" and games(snapshot, plain) is not None


def draw(
    kind: PanelKind,
    size: Size,
    snapshot: FeedSnapshot | None,
    settings: PanelSettings,
    style: PanelStyle,
    now: datetime,
    backdrop: Image.Image | None,
) -> Image.Image:
    """One panel as an RGB picture of exactly ``size``, its soft corners over ``backdrop``.

    ``backdrop`` is what lies behind the tile, cropped to it; None: the brand colour. Odd or missing data never
    raises: what is unknown is left out, and a panel that knows nothing shows a dash.
    """
    if kind == "clock":
        return draw_clock(size, settings, style, backdrop, now)
    if snapshot is not None and snapshot.kind == kind:
        if kind == "weather" and (weather := forecast(snapshot, settings, now)) is not None:
            return draw_weather(size, weather, settings, style, backdrop)
        if kind == "scores" and (scores := games(snapshot, settings)) is not None:
            return draw_scores(size, scores, settings, style, backdrop, now)
    return _nothing(size, style, backdrop)


def next_change(
    kind: PanelKind, snapshot: FeedSnapshot | None, settings: PanelSettings, now: datetime
) -> datetime | None:
    """When the same data will make another picture, after ``now``; None: never. Aware, UTC."""
    if kind == "clock":
        return _after(now, timedelta(minutes=1), settings.local(now))
    if snapshot is None or snapshot.kind != kind:
        return None
    stale = snapshot.fetched_at + timedelta(milliseconds=snapshot.max_age_ms)
    local = place_clock(root(snapshot.data), settings, now) if kind == "weather" else settings.local(now)
    turn = _after(now, timedelta(hours=1), local)
    return min(stale, turn) if stale > now else turn


def _after(now: datetime, step: timedelta, local: datetime) -> datetime:
    """The next whole ``step`` of the local clock (time zones differ by whole minutes: half hours exist)."""
    into = timedelta(minutes=local.minute if step >= timedelta(hours=1) else 0, seconds=local.second)
    return (now + step - into - timedelta(microseconds=local.microsecond)).astimezone(UTC)


def _nothing(size: Size, style: PanelStyle, backdrop: Image.Image | None) -> Image.Image:
    tile = Tile.on(size, style, backdrop)
    mark = tile.label * 2
    write(tile.draw, (tile.inner.mid, size.h / 2 + mark * CAP / 2), "—", Face.FIGURE, mark, tile.inks.third, "m")
    return tile.image
