"""OpenRTB 2.6 clause by clause: what is asked. Each row names its clause."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from config import AdsConfig, ExchangeConfig, ScreenConfig
from player.exchange import HTML, MIMES, Opportunity, Rules, ScreenIdentity
from player.exchange.openrtb._request import asked_for, encode_request
from tests.player.exchange.openrtb.answers import NOW, SCREEN

ADS = AdsConfig(
    blocked_domains=("Rival.example", "https://www.casino.example/a"),
    blocked_categories=("IAB8-5", "IAB23", "7/211"),
    blocked_attributes=(13, 8),
    max_seconds=30,
)
CONFIG = ExchangeConfig(
    url="https://x.test/",
    publisher="pub-1",
    publisher_name="Pub One",
    domain="owner.example",
    measured_by="route.example",
    floor_cpm=0.1,
    currency="EUR",
    multiplier=14.2,
    deals=("SPRING-7 4.50", "always-on"),
)
SCREEN_ID = ScreenIdentity.of(
    ScreenConfig(
        id="lobby-1",
        venue="venue-9",
        venue_name="The Anchor",
        venue_types=("205", "2"),
        latitude=52.5,
        longitude=13.4,
        ppi=42,
        timezone="Europe/Berlin",
    ),
    "1.2.3",
)
WANTED = Opportunity(screen=SCREEN, duration_ms=8_000, show_in_ms=60_000, hold_s=600, rules=Rules.of(ADS))


def encoded(config: ExchangeConfig, wanted: Opportunity = WANTED) -> dict[str, Any]:
    request: dict[str, Any] = json.loads(
        encode_request(asked_for(config, wanted, "req-1", NOW), config, SCREEN_ID), parse_float=Decimal
    )
    return request


def at(document: object, path: str) -> object:
    for step in path.split("."):
        if isinstance(document, list):
            document = document[int(step)]
        elif isinstance(document, dict):
            document = document.get(step)
        else:
            return None
    return document


ABSENT = None


@pytest.mark.parametrize(
    ("clause", "path", "value"),
    [
        ("3.2.1 id", "id", "req-1"),
        ("3.2.1 at: first price", "at", 1),
        ("3.2.1 tmax", "tmax", 5_000),
        ("3.2.1 cur", "cur", ["EUR"]),
        ("3.2.1 test is left out at 0", "test", ABSENT),
        ("3.2.1 bcat", "bcat", ["IAB8-5", "IAB23"]),
        ("3.2.1 cattax", "cattax", 1),
        ("3.2.1 badv", "badv", ["casino.example", "rival.example"]),
        ("3.2.1 exactly one of site, app and dooh", "site", ABSENT),
        ("3.2.4 imp.id begins at 1", "imp.0.id", "1"),
        ("3.2.4 displaymanager", "imp.0.displaymanager", "ooh-player"),
        ("3.2.4 tagid", "imp.0.tagid", "lobby-1"),
        ("3.2.4 bidfloor", "imp.0.bidfloor", Decimal("0.1")),
        ("3.2.4 bidfloorcur", "imp.0.bidfloorcur", "EUR"),
        ("3.2.4 secure", "imp.0.secure", 1),
        ("3.2.4 ssai: all client-side", "imp.0.ssai", 1),
        ("3.2.4 exp", "imp.0.exp", 600),
        ("3.2.4 dt in milliseconds", "imp.0.dt", 1795348860000),
        ("3.2.6 banner.w", "imp.0.banner.w", 1920),
        ("3.2.6 banner.h", "imp.0.banner.h", 1080),
        ("3.2.6 banner.mimes", "imp.0.banner.mimes", list(MIMES)),
        ("3.2.6 banner.battr", "imp.0.banner.battr", [8, 13]),
        ("3.2.6 banner.btype", "imp.0.banner.btype", [1, 3, 4]),
        ("3.2.7 video.mimes", "imp.0.video.mimes", ["video/mp4", "video/webm", "video/quicktime"]),
        ("3.2.7 video.minduration", "imp.0.video.minduration", 1),
        ("3.2.7 video.maxduration: the operator's", "imp.0.video.maxduration", 30),
        ("3.2.7 video.protocols: VAST 2.0 to 4.3", "imp.0.video.protocols.0", 2),
        ("3.2.7 video.plcmt", "imp.0.video.plcmt", 3),
        ("3.2.7 video.linearity: linear", "imp.0.video.linearity", 1),
        ("3.2.7 video.delivery: progressive", "imp.0.video.delivery", [2]),
        ("3.2.7 video.playbackmethod: sound off", "imp.0.video.playbackmethod", [2]),
        ("3.2.7 video.skip", "imp.0.video.skip", 0),
        ("3.2.7 video.battr", "imp.0.video.battr", [8, 13]),
        ("3.2.7 video.rqddurs excludes durations", "imp.0.video.rqddurs", ABSENT),
        ("3.2.10 format: the screen first", "imp.0.banner.format.0", {"w": 1920, "h": 1080}),
        ("3.2.11 pmp.private_auction", "imp.0.pmp.private_auction", 0),
        ("3.2.12 deal.id", "imp.0.pmp.deals.0.id", "SPRING-7"),
        ("3.2.12 deal.bidfloor", "imp.0.pmp.deals.0.bidfloor", Decimal("4.50")),
        ("3.2.12 deal.bidfloorcur", "imp.0.pmp.deals.0.bidfloorcur", "EUR"),
        ("3.2.15 publisher.id", "dooh.publisher.id", "pub-1"),
        ("3.2.15 publisher.name", "dooh.publisher.name", "Pub One"),
        ("3.2.18 device.devicetype: OOH", "device.devicetype", 8),
        ("3.2.18 device.w", "device.w", 1920),
        ("3.2.18 device.ppi", "device.ppi", 42),
        ("3.2.18 device.ifa: the screen", "device.ifa", "lobby-1"),
        ("3.2.19 geo.lat", "device.geo.lat", Decimal("52.5")),
        ("3.2.19 geo.lon, not long", "device.geo.lon", Decimal("13.4")),
        ("3.2.19 geo.type: user provided", "device.geo.type", 3),
        ("3.2.19 geo.utcoffset in minutes", "device.geo.utcoffset", 60),
        ("3.2.31 qty.multiplier", "imp.0.qty.multiplier", Decimal("14.2")),
        ("3.2.31 qty.sourcetype: a vendor's", "imp.0.qty.sourcetype", 1),
        ("3.2.31 qty.vendor is required then", "imp.0.qty.vendor", "route.example"),
        ("3.2.32 dooh.id", "dooh.id", "venue-9"),
        ("3.2.32 dooh.name", "dooh.name", "The Anchor"),
        ("3.2.32 dooh.venuetype: strings", "dooh.venuetype", ["205", "2"]),
        ("3.2.32 dooh.venuetypetax", "dooh.venuetypetax", 1),
        ("3.2.32 dooh.domain", "dooh.domain", "owner.example"),
    ],
)
def test_a_request_says(clause: str, path: str, value: object) -> None:
    assert at(encoded(CONFIG), path) == value, clause


@pytest.mark.parametrize(
    ("clause", "changes", "path", "value"),
    [
        ("3.2.1 test", {"test": True}, "test", 1),
        ("3.2.4 dt in seconds, where the exchange wants it", {"dt_unit": "s"}, "imp.0.dt", 1795348860),
        ("3.2.4 no floor, no currency of it", {"floor_cpm": 0.0}, "imp.0.bidfloorcur", ABSENT),
        ("3.2.11 no deals, no pmp", {"deals": ()}, "imp.0.pmp", ABSENT),
        ("3.2.11 private_auction", {"deals_only": True}, "imp.0.pmp.private_auction", 1),
        ("3.2.15 no publisher", {"publisher": "", "publisher_name": "", "domain": ""}, "dooh.publisher", ABSENT),
        (
            "3.2.31 sourcetype: publisher's",
            {"measured_by": ""},
            "imp.0.qty",
            {"multiplier": Decimal("14.2"), "sourcetype": 2},
        ),
    ],
)
def test_an_option_changes(clause: str, changes: dict[str, Any], path: str, value: object) -> None:
    assert at(encoded(replace(CONFIG, **changes)), path) == value, clause


def test_pages_are_asked_for_where_a_browser_draws_them() -> None:
    """3.2.6: text/html is among the MIME types, and neither scripts nor frames are blocked."""
    banner = at(encoded(CONFIG, replace(WANTED, mimes=(*MIMES, HTML))), "imp.0.banner")
    assert isinstance(banner, dict)
    assert (banner["mimes"][-1], banner["btype"]) == ("text/html", [1])


def test_without_videos_none_is_asked_for() -> None:
    """3.2.4: ``video`` is there only where a video may be shown."""
    assert at(encoded(CONFIG, replace(WANTED, video_mimes=())), "imp.0.video") is None
