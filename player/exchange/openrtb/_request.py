"""The OpenRTB 2.6 bid request for a DOOH screen: strict, with no empty strings, no nulls and no floats for money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from config import ExchangeConfig, Size
from player.exchange._shapes import Opportunity, ScreenIdentity

_FIRST_PRICE = 1  # BidRequest.at
_OOH_DEVICE = 8  # AdCOM 1.0, list "Device Types": OOH device
_OPENOOH = 1  # AdCOM 1.0, list "DOOH Venue Taxonomies": OpenOOH 1.0
_PUBLISHER_COUNTED = 2  # AdCOM 1.0, list "DOOH Multiplier Measurement Source Types": publisher provided
_BLOCKED_TYPES = [1, 3, 4]  # Banner.btype: text, JavaScript and iframes; only pictures become plates
_GIVEN_BY_PERSON = 3  # AdCOM 1.0, list "Location Types": user provided (a tech wrote it into the configuration)

_ENCODER = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: an answer is read against it."""

    exchange: str
    request_id: str
    imp_ids: tuple[str, ...]
    currency: str
    floor_cpm: Decimal
    multiplier: Decimal
    opportunity: Opportunity
    at: datetime


def asked_for(config: ExchangeConfig, opportunity: Opportunity, request_id: str, at: datetime) -> Asked:
    """One impression per wanted lease, numbered from 1."""
    floor = Decimal(str(config.floor_cpm)) if opportunity.floor_cpm is None else opportunity.floor_cpm
    return Asked(
        exchange=config.name,
        request_id=request_id,
        imp_ids=tuple(str(number) for number in range(1, max(opportunity.count, 1) + 1)),
        currency=config.currency,
        floor_cpm=floor,
        multiplier=Decimal(str(config.multiplier)),
        opportunity=opportunity,
        at=at,
    )


def encode_request(asked: Asked, config: ExchangeConfig, screen: ScreenIdentity) -> bytes:
    """The JSON to post (OpenRTB 2.6 §3.2)."""
    request = {
        "id": asked.request_id,
        "imp": [_imp(asked, number, screen) for number in range(len(asked.imp_ids))],
        "dooh": {
            "id": screen.venue or screen.screen_id,
            "venuetype": list(screen.venue_types),
            "venuetypetax": _OPENOOH if screen.venue_types else None,
            "publisher": {"id": config.publisher},
        },
        "device": {
            "ua": f"ooh-player/{screen.player_version}",
            "devicetype": _OOH_DEVICE,
            "ifa": screen.screen_id,
            "w": asked.opportunity.screen.w,
            "h": asked.opportunity.screen.h,
            "geo": _geo(screen, asked.at),
        },
        "at": _FIRST_PRICE,
        "tmax": config.timeout_ms,
        "cur": [config.currency],
        "test": 1 if config.test else None,
    }
    return _ENCODER.encode(_without_unknown(request))


def _imp(asked: Asked, number: int, screen: ScreenIdentity) -> dict[str, object]:
    wanted = asked.opportunity
    shown_at = asked.at + timedelta(milliseconds=wanted.show_in_ms + number * wanted.duration_ms)
    formats = tuple(dict.fromkeys((wanted.screen, *wanted.formats)))
    return {
        "id": asked.imp_ids[number],
        "banner": {
            "format": [_size(size) for size in formats],
            **_size(wanted.screen),
            "mimes": list(wanted.mimes),
            "btype": _BLOCKED_TYPES,
        },
        "displaymanager": "ooh-player",
        "displaymanagerver": screen.player_version,
        "tagid": screen.screen_id,
        "bidfloor": asked.floor_cpm or None,
        "bidfloorcur": asked.currency if asked.floor_cpm else None,
        "secure": 1,
        "exp": wanted.hold_s,
        "dt": round(shown_at.timestamp() * 1000),
        "qty": {"multiplier": asked.multiplier, "sourcetype": _PUBLISHER_COUNTED},
    }


def _size(size: Size) -> dict[str, object]:
    return {"w": size.w, "h": size.h}


def _geo(screen: ScreenIdentity, at: datetime) -> dict[str, object]:
    known = screen.latitude is not None and screen.longitude is not None
    return {
        "lat": screen.latitude,
        "lon": screen.longitude,
        "type": _GIVEN_BY_PERSON if known else None,
        "utcoffset": _offset_minutes(screen.timezone, at),
    }


def _offset_minutes(timezone: str, at: datetime) -> int | None:
    if not timezone:
        return None
    try:
        offset = at.astimezone(ZoneInfo(timezone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None  # the configuration's check names the bad zone; a request without it is still right
    return None if offset is None else round(offset.total_seconds() / 60)


def _without_unknown(value: object) -> object:
    """Without None and empty members, at any depth: what is unknown is not sent. Zero and False stay."""
    if isinstance(value, dict):
        known = {key: _without_unknown(member) for key, member in value.items()}
        return {key: member for key, member in known.items() if member not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_unknown(member) for member in value]
    return value
