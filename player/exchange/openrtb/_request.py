"""The OpenRTB 2.6 bid request for a DOOH screen: strict, with no empty strings, no nulls and no floats for money."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from config import ExchangeConfig, Size
from player.exchange._rules import Rules
from player.exchange._shapes import HTML, Opportunity, ScreenIdentity

_FIRST_PRICE = 1  # BidRequest.at
_OOH_DEVICE = 8  # AdCOM 1.0, list "Device Types": OOH device
_VENDOR_MEASURED = 1  # AdCOM 1.0, list "DOOH Multiplier Measurement Source Types": measurement vendor provided
_PUBLISHER_COUNTED = 2  # the same: publisher provided
_NOT_PICTURES = [1, 3, 4]  # Banner.btype: text, JavaScript and iframes; only pictures become plates
_NOT_PAGES = [1]  # where a browser draws pages: text alone is still no ad
_GIVEN_BY_PERSON = 3  # AdCOM 1.0, list "Location Types": user provided (a tech wrote it into the configuration)
_ALL_CLIENT_SIDE = 1  # Imp.ssai: the player fetches the creative and calls the trackers itself
_VAST = [2, 3, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16]  # AdCOM 1.0, "Creative Subtypes - Audio/Video": VAST 2.0 to 4.3
_INTERSTITIAL = 3  # AdCOM 1.0, "Plcmt Subtypes - Video": without other video, the focus, cannot be scrolled away
_LINEAR = 1  # AdCOM 1.0, list "Linearity Modes"
_PROGRESSIVE = 2  # AdCOM 1.0, list "Delivery Methods"
_SILENT = 2  # AdCOM 1.0, list "Playback Methods": begins by itself, sound off

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
    deals: tuple[tuple[str, Decimal], ...] = ()
    """Deals that were offered, each with its floor."""
    deals_only: bool = False


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
        deals=tuple(_deal(written, floor) for written in config.deals),
        deals_only=config.deals_only,
    )


def encode_request(asked: Asked, config: ExchangeConfig, screen: ScreenIdentity) -> bytes:
    """The JSON to post (OpenRTB 2.6 §3.2)."""
    taxonomy, categories = _blocked_categories(asked.opportunity.rules)
    request = {
        "id": asked.request_id,
        "imp": [_imp(asked, number, config, screen) for number in range(len(asked.imp_ids))],
        "dooh": {
            "id": screen.venue or screen.screen_id,
            "name": screen.venue_name,
            "venuetype": list(screen.venue_types),
            "venuetypetax": screen.venue_taxonomy if screen.venue_types else None,
            "publisher": {"id": config.publisher, "name": config.publisher_name, "domain": config.domain},
            "domain": config.domain,
        },
        "device": {
            "ua": f"ooh-player/{screen.player_version}",
            "devicetype": _OOH_DEVICE,
            "ifa": screen.screen_id,
            "w": asked.opportunity.screen.w,
            "h": asked.opportunity.screen.h,
            "ppi": screen.ppi or None,
            "geo": _geo(screen, asked.at),
            "ext": {"ifa_type": "ppid"},  # publisher-provided (OpenRTB 2.6 §7.9.2.5; ``ext`` by the IFA guidelines)
        },
        "at": _FIRST_PRICE,
        "tmax": config.timeout_ms,
        "cur": [config.currency],
        "bcat": categories,
        "cattax": taxonomy if categories else None,
        "badv": sorted(asked.opportunity.rules.domains),
        "test": 1 if config.test else None,
    }
    return _ENCODER.encode(_without_unknown(request))


def _deal(written: str, floor: Decimal) -> tuple[str, Decimal]:
    """``SPRING-7 4.50``: a deal with a floor of its own; without, the exchange's holds."""
    deal_id, _, own = written.partition(" ")
    return deal_id, Decimal(own) if own else floor


def _imp(asked: Asked, number: int, config: ExchangeConfig, screen: ScreenIdentity) -> dict[str, object]:
    wanted = asked.opportunity
    shown_at = asked.at + timedelta(milliseconds=wanted.show_in_ms + number * wanted.duration_ms)
    seconds = shown_at.timestamp()
    return {
        "id": asked.imp_ids[number],
        "banner": _banner(wanted),
        "video": _video(wanted) if wanted.video_mimes else None,
        "pmp": _pmp(asked),
        "displaymanager": "ooh-player",
        "displaymanagerver": screen.player_version,
        "tagid": screen.screen_id,
        "bidfloor": asked.floor_cpm or None,
        "bidfloorcur": asked.currency if asked.floor_cpm else None,
        "secure": 1,
        "ssai": _ALL_CLIENT_SIDE,
        "exp": wanted.hold_s,
        # Milliseconds by the text (§3.2.4); the standard's own example (§7.9.6.3) and some exchanges have seconds.
        "dt": round(seconds * 1000) if config.dt_unit == "ms" else round(seconds),
        "qty": {
            "multiplier": asked.multiplier,
            "sourcetype": _VENDOR_MEASURED if config.measured_by else _PUBLISHER_COUNTED,
            "vendor": config.measured_by,
        },
    }


def _banner(wanted: Opportunity) -> dict[str, object]:
    formats = tuple(dict.fromkeys((wanted.screen, *wanted.formats)))
    return {
        "format": [_size(size) for size in formats],
        **_size(wanted.screen),
        "mimes": list(wanted.mimes),
        "btype": _NOT_PAGES if HTML in wanted.mimes else _NOT_PICTURES,
        "battr": sorted(wanted.rules.attributes),
    }


def _video(wanted: Opportunity) -> dict[str, object]:
    """Seconds are whole (§3.2.7): rounded so that what is asked for lies within what is taken."""
    return {
        "mimes": list(wanted.video_mimes),
        "minduration": -(-wanted.min_ms // 1000),
        "maxduration": max(wanted.longest_ms // 1000, 1),
        "protocols": _VAST,
        **_size(wanted.screen),
        "startdelay": 0,
        "plcmt": _INTERSTITIAL,
        "linearity": _LINEAR,
        "skip": 0,
        "boxingallowed": 1,
        "playbackmethod": [_SILENT],
        "delivery": [_PROGRESSIVE],
        "battr": sorted(wanted.rules.attributes),
    }


def _pmp(asked: Asked) -> dict[str, object] | None:
    """The private deals (§3.2.11)."""
    if not asked.deals:
        return None
    return {
        "private_auction": 1 if asked.deals_only else 0,
        "deals": [
            {"id": deal_id, "bidfloor": floor or None, "bidfloorcur": asked.currency if floor else None, "at": 1}
            for deal_id, floor in asked.deals
        ],
    }


def _blocked_categories(rules: Rules) -> tuple[int, list[str]]:
    """A request names categories of one taxonomy only: of that with the most; answers are judged by all."""
    if not rules.categories:
        return 0, []
    ((taxonomy, _),) = Counter(taxonomy for taxonomy, _ in rules.categories).most_common(1)
    return taxonomy, [code for kind, code in rules.categories if kind == taxonomy]


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
    """Without None and blank members, at any depth: what is unknown is not sent. Zero and False stay."""
    if isinstance(value, dict):
        known = {key: _without_unknown(member) for key, member in value.items()}
        return {key: member for key, member in known.items() if member not in (None, "", [], {})}
    if isinstance(value, list):
        members = [_without_unknown(member) for member in value]
        return [member for member in members if member not in (None, "", [], {})]
    return value.strip() if isinstance(value, str) else value
