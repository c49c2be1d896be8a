"""The bid request: strict OpenRTB 2.6 with dooh."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from config import ExchangeConfig, ScreenConfig, Size
from player.exchange import Opportunity, ScreenIdentity
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
    request = encoded(wanted=replace(WANTED, count=1, formats=(Size(300, 250), SCREEN)))

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
                },
                "displaymanager": "ooh-player",
                "displaymanagerver": "1.2.3",
                "tagid": "lobby-1",
                "bidfloor": Decimal("0.1"),
                "bidfloorcur": "EUR",
                "secure": 1,
                "exp": 600,
                "dt": 1795348860000,
                "qty": {"multiplier": Decimal("12.5"), "sourcetype": 2},
            }
        ],
        "dooh": {
            "id": "venue-9",
            "venuetype": ["205", "2"],
            "venuetypetax": 1,
            "publisher": {"id": "pub-1"},
        },
        "device": {
            "ua": "ooh-player/1.2.3",
            "devicetype": 8,
            "ifa": "lobby-1",
            "w": 1920,
            "h": 1080,
            "geo": {"lat": Decimal("52.5"), "lon": Decimal("13.4"), "type": 3, "utcoffset": 60},
        },
        "at": 1,
        "tmax": 5000,
        "cur": ["EUR"],
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
