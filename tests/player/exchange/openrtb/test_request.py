"""The bid request: strict OpenRTB 2.6 with dooh."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from config import AdsConfig, ExchangeConfig, ScreenConfig, Size
from player.exchange import Opportunity, Rules, ScreenIdentity
from player.exchange.openrtb._request import asked_for, encode_request
from tests.player.exchange.openrtb.answers import NOW, SCREEN

CONFIG = ExchangeConfig(url="https://x.test/", publisher="pub-1", floor_cpm=0.1, currency="EUR", multiplier=12.5)
IDENTITY = ScreenIdentity.of(
    ScreenConfig(
        id="lobby-1",
        venue="venue-9",
        venue_types=("205", "2"),
        latitude=52.5,
        longitude=13.4,
        timezone="Europe/Berlin",
    ),
    "1.2.3",
)
NOBODY = ScreenIdentity.of(ScreenConfig(), "1.2.3")
WANTED = Opportunity(screen=SCREEN, duration_ms=8_000, count=2, show_in_ms=60_000, hold_s=600)


def encoded(
    config: ExchangeConfig = CONFIG, screen: ScreenIdentity = IDENTITY, wanted: Opportunity = WANTED
) -> dict[str, Any]:
    asked = asked_for(config, wanted, "req-1", NOW)
    found: dict[str, Any] = json.loads(encode_request(asked, config, screen), parse_float=Decimal)
    return found


def test_the_whole_request() -> None:
    config = replace(
        CONFIG,
        publisher_name="Pub One",
        domain="owner.example",
        measured_by="route.example",
        deals=("SPRING-7 4.50", "always-on"),
    )
    screen = replace(IDENTITY, venue_name="The Anchor", venue_taxonomy=5, ppi=42)
    ads = AdsConfig(
        blocked_domains=("www.Rival.example",),
        blocked_categories=("IAB8-5", "IAB23", "7/211"),
        blocked_attributes=(13, 8),
        max_seconds=30,
    )
    wanted = replace(WANTED, count=1, formats=(Size(300, 250), SCREEN), rules=Rules.of(ads))
    request = encoded(config, screen, wanted)

    assert request == {
        "id": "req-1",
        "imp": [
            {
                "id": "1",
                "banner": {
                    "format": [{"w": 1920, "h": 1080}, {"w": 300, "h": 250}],
                    "w": 1920,
                    "h": 1080,
                    "mimes": ["image/jpeg", "image/png", "image/webp", "image/gif"],
                    "btype": [1, 3, 4],
                    "battr": [8, 13],
                },
                "video": {
                    "mimes": ["video/mp4", "video/webm", "video/quicktime"],
                    "minduration": 1,
                    "maxduration": 30,
                    "protocols": [2, 3, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16],
                    "w": 1920,
                    "h": 1080,
                    "startdelay": 0,
                    "plcmt": 3,
                    "linearity": 1,
                    "skip": 0,
                    "boxingallowed": 1,
                    "playbackmethod": [2],
                    "delivery": [2],
                    "battr": [8, 13],
                },
                "pmp": {
                    "private_auction": 0,
                    "deals": [
                        {"id": "SPRING-7", "bidfloor": Decimal("4.50"), "bidfloorcur": "EUR", "at": 1},
                        {"id": "always-on", "bidfloor": Decimal("0.1"), "bidfloorcur": "EUR", "at": 1},
                    ],
                },
                "displaymanager": "ooh-player",
                "displaymanagerver": "1.2.3",
                "tagid": "lobby-1",
                "bidfloor": Decimal("0.1"),
                "bidfloorcur": "EUR",
                "secure": 1,
                "ssai": 1,
                "exp": 600,
                "dt": 1795348860000,
                "qty": {"multiplier": Decimal("12.5"), "sourcetype": 1, "vendor": "route.example"},
            }
        ],
        "dooh": {
            "id": "venue-9",
            "name": "The Anchor",
            "venuetype": ["205", "2"],
            "venuetypetax": 5,
            "publisher": {"id": "pub-1", "name": "Pub One", "domain": "owner.example"},
            "domain": "owner.example",
        },
        "device": {
            "ua": "ooh-player/1.2.3",
            "devicetype": 8,
            "ifa": "lobby-1",
            "w": 1920,
            "h": 1080,
            "ppi": 42,
            "geo": {"lat": Decimal("52.5"), "lon": Decimal("13.4"), "type": 3, "utcoffset": 60},
            "ext": {"ifa_type": "ppid"},
        },
        "at": 1,
        "tmax": 5000,
        "cur": ["EUR"],
        "bcat": ["IAB8-5", "IAB23"],
        "cattax": 1,
        "badv": ["rival.example"],
    }


def test_what_is_unknown_is_left_out() -> None:
    request = encoded(ExchangeConfig(url="https://x.test/"), NOBODY)

    assert request["dooh"] == {"id": "unprovisioned"}
    assert "geo" not in request["device"]
    assert "bidfloor" not in request["imp"][0]
    assert "test" not in request


@pytest.mark.parametrize("screen", [IDENTITY, NOBODY])
def test_nothing_is_empty_or_null(screen: ScreenIdentity) -> None:
    def check(value: object) -> None:
        assert value not in (None, "", [], {})
        for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(member)

    check(encoded(screen=screen))


def test_one_impression_for_each_wanted_lease_a_slot_apart() -> None:
    first, second = encoded()["imp"]

    assert (first["id"], second["id"]) == ("1", "2")
    assert second["dt"] - first["dt"] == 8_000


def test_money_is_exact() -> None:
    body = encode_request(asked_for(CONFIG, WANTED, "r", NOW), CONFIG, IDENTITY)

    assert b'"bidfloor":0.1,' in body


def test_an_opportunity_s_own_floor_comes_before_the_exchange_s() -> None:
    assert encoded(wanted=replace(WANTED, floor_cpm=Decimal("7.25")))["imp"][0]["bidfloor"] == Decimal("7.25")


def test_tests_are_marked_and_zero_is_a_place() -> None:
    screen = ScreenIdentity.of(ScreenConfig(latitude=0.0, longitude=0.0, timezone="Nowhere/City"), "1")
    request = encoded(replace(CONFIG, test=True), screen)

    assert request["test"] == 1
    assert request["device"]["geo"] == {"lat": Decimal("0.0"), "lon": Decimal("0.0"), "type": 3}
