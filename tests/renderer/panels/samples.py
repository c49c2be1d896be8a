"""Snapshots as the feeds write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

from cache import FeedSnapshot
from config import PanelKind, Size
from renderer.panels import BrandSaid, PanelSettings

NOW = datetime(2026, 11, 22, 12, 47, tzinfo=UTC)
UTC_SETTINGS = PanelSettings(timezone="UTC")
KINDS: tuple[PanelKind, ...] = ("weather", "scores", "headlines", "clock", "brand")
SHAPES = (Size(1400, 200), Size(624, 520), Size(400, 1000), Size(624, 300), Size(900, 420), Size(300, 200))


def weather(**changes: Any) -> FeedSnapshot:
    """A mild day; ``changes`` replace top-level keys of the data."""
    start = NOW.replace(minute=0)
    hours = [
        {
            "time": (start + timedelta(hours=i)).isoformat(),
            "temperature": 20.0 + i,
            "code": code,
            "is_day": i < 5,
            "rain_percent": 10.0 * i,
        }
        for i, code in enumerate((2, 1, 80, 61, 63, 3, 2, 0))
    ]
    days = [
        {
            "date": (NOW + timedelta(days=i)).date().isoformat(),
            "low": 12.0 - i,
            "high": 20.0 + i,
            "code": code,
            "rain_percent": 15.0 * i,
        }
        for i, code in enumerate((2, 61, 95, 1, 0, 0))
    ]
    now = {"temperature": 21.4, "feels_like": 20.0, "code": 2, "is_day": True, "wind_kmh": 12.0, "humidity": 54.0}
    data: dict[str, Any] = {
        "place": "Lisbon",
        "units": "celsius",
        "now": now,
        "hours": hours,
        "days": days,
        "utc_offset_seconds": 0,
    }
    return FeedSnapshot("weather", NOW, 3 * 3_600_000, "Weather data by Open-Meteo.com", data | changes)


def team(name: str, short: str, score: int | None, colour: str | None = "#0b5fff") -> dict[str, Any]:
    """One side of a game."""
    return {"name": name, "short": short, "score": score, "colour": colour, "record": "9-3"}


def game(state: str = "live", detail: str | None = "Q3 4:12", hours: float = 0, **sides: Any) -> dict[str, Any]:
    """A game that starts so many hours from NOW."""
    teams = {"home": team("Harbour City", "HAR", 78), "away": team("Redwood", "RED", 74, "#c8102e")}
    return {"state": state, "detail": detail, "starts_at": (NOW + timedelta(hours=hours)).isoformat(), **teams, **sides}


def scores(*games: dict[str, Any], **changes: Any) -> FeedSnapshot:
    """A league of games."""
    rows = list(games) or [game(), game("next", None, 6), game("final", "Final", -20)] * 3
    return FeedSnapshot("scores", NOW, 600_000, "", {"league": "Metro League", "games": rows} | changes)


def aged(snapshot: FeedSnapshot, seconds: float) -> FeedSnapshot:
    """The same, fetched so much earlier."""
    return replace(snapshot, fetched_at=snapshot.fetched_at - timedelta(seconds=seconds))


def ground(size: Size, colour: tuple[int, int, int]) -> Image.Image:
    """A plain backdrop."""
    return Image.new("RGB", (size.w, size.h), colour)


def headlines(*titles: str, **changes: Any) -> FeedSnapshot:
    """A paper's headlines, one an hour."""
    names = titles or tuple(f"Headline number {i} tells of something new in town" for i in range(1, 7))
    items = [
        {"title": title, "source": "City Wire", "published_at": (NOW - timedelta(hours=i)).isoformat()}
        for i, title in enumerate(names)
    ]
    return FeedSnapshot("headlines", NOW, 3_600_000, "", {"title": "City Wire", "items": items} | changes)


def board(state: str = "live", count: int = 8, **changes: Any) -> dict[str, Any]:
    """A golf-like event."""
    leaders = [{"position": f"T{i}", "name": f"Golfer Number{i}", "score": f"-{20 - i}"} for i in range(1, count + 1)]
    row = {
        "state": state,
        "detail": "Round 3",
        "starts_at": NOW.isoformat(),
        "name": "Harbour Open",
        "leaders": leaders,
    }
    return row | changes


BRAND = BrandSaid("Harbour Kitchen", "Lunch from 12", "https://harbour.example/menu")


def snapshot_of(kind: PanelKind) -> FeedSnapshot | None:
    """A snapshot for each kind that has a feed."""
    return {"weather": weather(), "scores": scores(), "headlines": headlines()}.get(kind)
