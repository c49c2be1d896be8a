"""Leases, plates and ads for the show's tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cache import HouseAd, Lease, Plate, ReadyAd
from config import Config, PanelsConfig, Rect, ScoresConfig, ScreenConfig, Size

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SCREEN = Size(320, 180)
SET_UP = Config(
    screen=ScreenConfig(id="screen-1", venue="venue-1", latitude=52.52, longitude=13.4),
    panels=PanelsConfig(scores=ScoresConfig(url="https://scores.example/board")),
)
"""A screen on which all three panels can have data."""


def lease(lease_id: str, duration_ms: int = 10_000, expires_in_s: float = 3600, now: datetime = NOON) -> Lease:
    return Lease(
        lease_id=lease_id,
        exchange="sandbox",
        request_id=f"request-{lease_id}",
        imp_id="1",
        creative_url="https://example.com/creative.png",
        not_before=now - timedelta(seconds=1),
        expires_at=now + timedelta(seconds=expires_in_s),
        duration_ms=duration_ms,
        creative_id=f"creative-{lease_id}",
    )


def plate(key: str) -> Plate:
    return Plate(
        key=key,
        plate_sha256="0" * 64,
        creative_sha256="1" * 64,
        kind="still",
        source_size=Size(100, 100),
        screen_size=SCREEN,
        creative_rect=Rect(0, 0, 180, 180),
        panel_rects=(),
        panel_area=None,
        scale=1.8,
        frames=1,
        duration_ms=0,
        size_bytes=0,
    )


def ready(lease_id: str, duration_ms: int = 10_000) -> ReadyAd:
    return ReadyAd(lease(lease_id, duration_ms), plate(lease_id))


def house(name: str) -> HouseAd:
    return HouseAd(name, plate(name))
