"""The request of ``get_ad`` and ``get_asset``: strict, whole numbers where the API has them, nothing empty sent."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit, urlunsplit

import msgspec

from config import ExchangeConfig, Size
from player.exchange._shapes import Opportunity, ScreenIdentity

FARTHEST_AHEAD_S = 900
"""An ad may be asked for at most 15 minutes before it is shown ("Integration FAQ": ad request behaviour)."""
WINDOW_S = 900
"""Proof of play and expiration are taken until 15 minutes after the display time asked for (the same)."""

_LONGEST_DEVICE = 64
_VENUE = re.compile(r"[A-Za-z0-9_-]+")
_GET_AD = "get_ad"
_API = "/api/v1/get_ad/json"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: an answer is read against it."""

    exchange: str
    request_id: str
    """Ours: the API has none."""
    area: str
    opportunity: Opportunity
    at: datetime
    display_time: int
    """UTC, seconds since 1970."""
    currency: str
    floor_cpm: Decimal
    multiplier: float
    fraction: float
    one_to_one: bool
    test: bool


def asked_for(config: ExchangeConfig, opportunity: Opportunity, request_id: str, at: datetime) -> Asked:
    """``at``: now. The display time is never in the past: rounded up to the API's whole seconds."""
    shown_at = at + timedelta(milliseconds=opportunity.show_in_ms)
    floor = Decimal(str(config.floor_cpm)) if opportunity.floor_cpm is None else opportunity.floor_cpm
    return Asked(
        exchange=config.name,
        request_id=request_id,
        area=config.display_area,
        opportunity=opportunity,
        at=at,
        display_time=math.ceil(shown_at.timestamp()),
        currency=config.currency,
        floor_cpm=floor,
        multiplier=config.multiplier,
        fraction=config.shown_fraction,
        one_to_one=config.one_to_one,
        test=config.test,
    )


def too_far(asked: Asked) -> bool:
    """True when the free slot is more than 15 minutes ahead: then nothing may be asked for."""
    return asked.opportunity.show_in_ms > FARTHEST_AHEAD_S * 1000


def encode_request(asked: Asked, config: ExchangeConfig, screen: ScreenIdentity, api_key: str) -> bytes:
    """The JSON to post."""
    wanted = asked.opportunity
    request: dict[str, object] = {
        "network_id": config.network_id,
        "api_key": api_key,
        "device_id": screen.screen_id[:_LONGEST_DEVICE],
        "venue_id": venue_id(screen),
        "display_time": asked.display_time,
        "number_of_screens": config.number_of_screens,
        "direct_connection": config.direct_connection,
        "device_attribute": [_attribute(one) for one in config.device_attributes],
        "display_area": [_area(asked, wanted.screen)],
    }
    if screen.latitude is not None and screen.longitude is not None and (config.moving or not venue_id(screen)):
        # A fixed screen's place is that of its venue, which the network knows better ("Integration FAQ").
        request |= {"latitude": screen.latitude, "longitude": screen.longitude}
    return msgspec.json.encode({key: value for key, value in request.items() if value is not None})


def venue_id(screen: ScreenIdentity) -> str | None:
    """Letters, digits, ``-`` and ``_`` alone are supported; what else a venue is called cannot be sent."""
    return screen.venue if _VENUE.fullmatch(screen.venue) else None


def get_ad_url(url: str) -> str:
    """The address of ``get_ad``: as configured when it names it, else the API's path under the configured host."""
    parts = urlsplit(url)
    path = parts.path if f"/{_GET_AD}" in parts.path else parts.path.rstrip("/") + _API
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def get_asset_url(url: str) -> str:
    """The address of ``get_asset``, beside ``get_ad``."""
    parts = urlsplit(get_ad_url(url))
    head, _, tail = parts.path.rpartition(f"/{_GET_AD}")
    return urlunsplit((parts.scheme, parts.netloc, f"{head}/get_asset{tail}", parts.query, ""))


def masked(request: bytes, api_key: str) -> bytes:
    """The request as it may be shown to people."""
    key = msgspec.json.encode(api_key)
    return request.replace(b'"api_key":' + key, b'"api_key":"***"') if api_key else request


def _area(asked: Asked, size: Size) -> dict[str, object]:
    wanted = asked.opportunity
    area: dict[str, object] = {
        "id": asked.area,
        "width": size.w,
        "height": size.h,
        "supported_media": list(dict.fromkeys((*wanted.mimes, *wanted.video_mimes))),
        "allow_audio": False,
    }
    if asked.floor_cpm:
        area["cpm_floor_cents"] = math.ceil(asked.floor_cpm * 100)
    # In whole seconds, inside what is taken.
    area["min_duration"] = math.ceil(wanted.min_ms / 1000)
    area["max_duration"] = max(wanted.longest_ms // 1000, math.ceil(wanted.min_ms / 1000))
    return area


def _attribute(written: str) -> dict[str, str]:
    name, _, value = written.partition("=")
    return {"name": name.strip(), "value": value.strip()}
