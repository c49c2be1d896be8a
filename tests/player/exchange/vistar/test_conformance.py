"""The API's rules, one a row: its articles are named by their titles.

AS: "Ad Serving API"; FAQ: "Integration and onboarding FAQ's"; SC: "Status codes and errors"; CC: "Creative caching
endpoint"; SG: "Step-by-step integration guide".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cache.journal import required_ms
from config import Code, OohError, Size
from player.backoff import ThrottledError
from player.exchange import NoFill, Offered, Opportunity, RefusedError, Rules
from player.exchange.vistar import Vistar
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.exchange.vistar.asking import (
    AD,
    API,
    KEY,
    NOW,
    SCREEN,
    WANTED,
    Changes,
    answer,
    asked,
    exchange,
    lease_of,
    play,
)
from tests.player.fake_http import FakeHttp

Request = dict[str, Any]


def request_of(folder: Path, wanted: Opportunity = WANTED, config: Changes | None = None) -> Request:
    http = FakeHttp(answer())
    changes = dict(config or {})
    exchange(folder, http, screen=changes.pop("screen", SCREEN), config=changes).ask(wanted)
    assert http.asked[0].method == "POST"
    assert http.asked[0].headers["Content-Type"] == "application/json"
    return asked(http)


def area(request: Request) -> Request:
    (found,) = request["display_area"]
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("rule", "look", "expected"),
    [
        ("AS network_id: required", lambda r: r["network_id"], "net-1"),
        ("AS api_key: required", lambda r: r["api_key"], KEY),
        ("AS device_id: required, a string", lambda r: r["device_id"], "screen-1"),
        ("AS venue_id: the venue's own id", lambda r: r["venue_id"], "venue-1"),
        ("AS display_time: UTC, whole seconds", lambda r: r["display_time"], NOW),
        ("AS number_of_screens: a whole number", lambda r: r["number_of_screens"], 1),
        ("AS direct_connection: a boolean", lambda r: r["direct_connection"], True),
        ("AS device_attribute: a list, empty too", lambda r: r["device_attribute"], []),
        ("AS display_area.id: a string", lambda r: area(r)["id"], "display-0"),
        ("AS display_area.width: pixels", lambda r: area(r)["width"], 1920),
        ("AS display_area.height: pixels", lambda r: area(r)["height"], 1080),
        ("AS display_area.allow_audio: false", lambda r: area(r)["allow_audio"], False),
        ("AS supported_media: mime types", lambda r: "image/jpeg" in area(r)["supported_media"], True),
        ("AS supported_media: videos too", lambda r: "video/mp4" in area(r)["supported_media"], True),
        ("AS supported_media: each once", lambda r: len(set(area(r)["supported_media"])), "all"),
        ("AS min_duration: seconds", lambda r: area(r)["min_duration"], 1),
        ("AS max_duration: seconds", lambda r: area(r)["max_duration"], 600),
        ("AS cpm_floor_cents: not sent without a floor", lambda r: "cpm_floor_cents" in area(r), False),
        ("FAQ latitude: not of a fixed screen", lambda r: "latitude" in r or "longitude" in r, False),
    ],
    ids=lambda value: value if isinstance(value, str) and value[:3] in {"AS ", "FAQ"} else "",
)
def test_what_is_asked(tmp_path: Path, rule: str, look: Callable[[Request], object], expected: object) -> None:
    request = request_of(tmp_path)
    wanted = len(area(request)["supported_media"]) if expected == "all" else expected
    assert look(request) == wanted, rule


@pytest.mark.parametrize(
    ("rule", "changes", "look", "expected"),
    [
        ("AS cpm_floor_cents: never under the floor", {"floor_cpm": 2.505}, lambda r: area(r)["cpm_floor_cents"], 251),
        (
            "AS device_attribute: name and value",
            {"device_attributes": ("zip=10115", "a = b=c")},
            lambda r: r["device_attribute"],
            [{"name": "zip", "value": "10115"}, {"name": "a", "value": "b=c"}],
        ),
        (
            "FAQ latitude: of a moving screen",
            {"moving": True},
            lambda r: (r["latitude"], r["longitude"]),
            (52.52, 13.4),
        ),
        (
            "AS device_id: at most 64",
            {"screen": replace(SCREEN, screen_id="x" * 80)},
            lambda r: r["device_id"],
            "x" * 64,
        ),
        (
            "AS venue_id: only a-z A-Z 0-9 - _ are supported",
            {"screen": replace(SCREEN, venue="Bar №1")},
            lambda r: "venue_id" in r,
            False,
        ),
        (
            "SC 400: a venue or a place is needed",
            {"screen": replace(SCREEN, venue="")},
            lambda r: r["latitude"],
            52.52,
        ),
        ("AS display_area.id: as configured", {"display_area": "left"}, lambda r: area(r)["id"], "left"),
        ("AS number_of_screens: as configured", {"number_of_screens": 4}, lambda r: r["number_of_screens"], 4),
        ("AS direct_connection: as configured", {"direct_connection": False}, lambda r: r["direct_connection"], False),
    ],
)
def test_what_is_asked_as_configured(
    tmp_path: Path, rule: str, changes: Changes, look: Callable[[Request], object], expected: object
) -> None:
    assert look(request_of(tmp_path, config=changes)) == expected, rule


@pytest.mark.parametrize(
    ("rule", "show_in_ms", "display_time"),
    [
        ("AS display_time: when it will be shown", 60_000, NOW + 60),
        ("AS display_time: never in the past, rounded up", 1, NOW + 1),
        ("FAQ: up to 15 minutes ahead", 900_000, NOW + 900),
        ("FAQ: not more than 15 minutes ahead", 900_001, None),
    ],
)
def test_when_is_asked(tmp_path: Path, rule: str, show_in_ms: int, display_time: int | None) -> None:
    http = FakeHttp(answer())
    found = exchange(tmp_path, http).ask(replace(WANTED, show_in_ms=show_in_ms))
    assert isinstance(found, NoFill)
    assert [json.loads(one.body or b"")["display_time"] for one in http.asked] == [display_time][: len(http.asked)], (
        rule
    )
    assert bool(http.asked) == (display_time is not None), rule


@pytest.mark.parametrize(
    ("rule", "ad", "field", "expected"),
    [
        ("AS asset_url", {}, "creative_url", AD["asset_url"]),
        ("AS length_in_milliseconds", {}, "duration_ms", 15_000),
        ("AS length_in_milliseconds wins, as the more exact", {"length_in_milliseconds": 7_500}, "duration_ms", 7_500),
        ("AS length_in_seconds alone", {"length_in_milliseconds": None}, "duration_ms", 15_000),
        (
            "AS length 0: the slot's",
            {"length_in_milliseconds": 0, "length_in_seconds": 0},
            "duration_ms",
            10_000,
        ),
        ("wild: no length", {"length_in_milliseconds": None, "length_in_seconds": None}, "duration_ms", 10_000),
        ("wild: numbers as text", {"length_in_milliseconds": "8000"}, "duration_ms", 8_000),
        ("wild: milliseconds as seconds", {"length_in_milliseconds": 15}, "duration_ms", 15_000),
        (
            "wild: seconds that are milliseconds",
            {"length_in_milliseconds": None, "length_in_seconds": 8_000},
            "duration_ms",
            8_000,
        ),
        ("AS id", {}, "bid_id", "ad-1"),
        ("wild: lease_id for id, as the old API", {"id": None, "lease_id": "l-9"}, "bid_id", "l-9"),
        ("AS campaign_id: a number", {}, "campaign_id", "4711"),
        ("AS creative_id", {}, "creative_id", "creative-1"),
        ("wild: no creative_id: the asset's", {"creative_id": None}, "creative_id", "asset-1"),
        ("AS deal_id", {"deal_id": "d"}, "deal_id", "d"),
        ("AS advertiser: a name is no domain", {}, "advertiser_domain", None),
        ("AS advertiser: a domain", {"advertiser": "kestrel.example"}, "advertiser_domain", "kestrel.example"),
        ("AS cpm", {"cpm": 4.5}, "price", "4.5"),
        ("AS cpm: not promised", {}, "price", None),
        ("wild: sizes as text", {"width": "300"}, "width", 300),
        ("wild: another display area", {"display_area_id": "nobody-s"}, "creative_url", AD["asset_url"]),
        ("wild: no display area", {"display_area_id": None}, "creative_url", AD["asset_url"]),
        (
            "wild: unknown mime type",
            {"mime_type": "application/x-thing"},
            "creative_url",
            AD["asset_url"],
        ),
        ("wild: no mime type", {"mime_type": None}, "creative_url", AD["asset_url"]),
        ("AS mime_type text/html: a page", {"mime_type": "text/html; charset=utf-8"}, "markup", AD["asset_url"]),
        ("old API: mimeType", {"mime_type": None, "mimeType": "text/html"}, "markup", AD["asset_url"]),
        (
            "wild: blanks about a URL",
            {"asset_url": " https://a.example/x y.png\r\n"},
            "creative_url",
            "https://a.example/x%20y.png",
        ),
        ("wild: a URL without a scheme", {"asset_url": "//a.example/x.png"}, "creative_url", "https://a.example/x.png"),
        ("AS lease_expiry ends it, 30 s early", {"lease_expiry": NOW + 300}, "expires_at", NOW + 270),
        ("FAQ: 15 minutes from the display time at most", {"lease_expiry": NOW + 9_000}, "expires_at", NOW + 870),
        ("a short lease ends a tenth early", {"lease_expiry": NOW + 100}, "expires_at", NOW + 90),
        ("wild: no lease_expiry", {"lease_expiry": None}, "expires_at", NOW + 870),
        ("wild: lease_expiry in milliseconds", {"lease_expiry": (NOW + 300) * 1000}, "expires_at", NOW + 270),
        ("wild: lease_expiry as text", {"lease_expiry": str(NOW + 300)}, "expires_at", NOW + 270),
    ],
)
def test_how_an_ad_is_read(tmp_path: Path, rule: str, ad: dict[str, object], field: str, expected: object) -> None:
    found = getattr(lease_of(tmp_path, ad), field)
    if field == "expires_at":
        expected = datetime.fromtimestamp(expected, UTC)  # type: ignore[arg-type]
    assert found == expected, rule


@pytest.mark.parametrize(
    ("rule", "ad", "code"),
    [
        ("an ad needs an asset", {"asset_url": None}, Code.EXCHANGE_NO_CREATIVE),
        ("an asset is on the web", {"asset_url": "file:///etc/passwd"}, Code.EXCHANGE_NO_CREATIVE),
        ("an ad needs a proof of play", {"proof_of_play_url": ""}, Code.EXCHANGE_INVALID),
        ("a lease that ended cannot be shown", {"lease_expiry": NOW - 5}, Code.LEASE_EXPIRED),
        ("nor one too short for the ad", {"lease_expiry": NOW + 10}, Code.LEASE_EXPIRED),
        ("an ad too long for any slot", {"length_in_milliseconds": 3_600_000}, Code.EXCHANGE_INVALID),
        ("under the floor", {"cpm": 0.5}, Code.EXCHANGE_INVALID),
        ("a blocked advertiser", {"advertiser": "www.blocked.example"}, Code.EXCHANGE_RULES),
    ],
)
def test_what_is_refused_is_given_back(tmp_path: Path, rule: str, ad: dict[str, object], code: Code) -> None:
    """FAQ: an ad that cannot be played is released by its expiration URL, so that another screen can have it."""
    wanted = replace(WANTED, rules=Rules(domains=frozenset({"blocked.example"})))
    with pytest.raises(RefusedError) as caught:
        exchange(tmp_path, FakeHttp(answer(AD | ad)), {"floor_cpm": 1.0}).ask(wanted)
    assert caught.value.code is code, rule
    assert [(one.kind, one.url) for one in caught.value.notices] == [("expiration", AD["expiration_url"])], rule


@pytest.mark.parametrize(
    ("rule", "reply"),
    [
        ("AS: an empty list is no ad", answer()),
        ("wild: an empty object", HttpAnswer(200, {}, b"{}")),
        ("wild: an empty body", HttpAnswer(200, {}, b"")),
        ("wild: null", HttpAnswer(200, {}, b"null")),
        ("wild: a null list", HttpAnswer(200, {}, b'{"advertisement": null}')),
        ("wild: 204", HttpAnswer(204, {}, b"")),
        ("wild: a list of something else", HttpAnswer(200, {}, b'{"advertisement": [1, "x", null]}')),
    ],
)
def test_no_ad(tmp_path: Path, rule: str, reply: HttpAnswer) -> None:
    assert isinstance(exchange(tmp_path, FakeHttp(reply)).ask(WANTED), NoFill), rule


@pytest.mark.parametrize(
    ("rule", "reply", "code"),
    [
        ("SC 400: the request is wrong", HttpAnswer(400, {}, b"Venue ID does not exist"), Code.EXCHANGE_REFUSED),
        ("SC 403: the keys are wrong", HttpAnswer(403, {}, b"Could not authenticate"), Code.EXCHANGE_REFUSED),
        ("SC 408: may be asked again", HttpAnswer(408, {}, b""), Code.EXCHANGE_UNAVAILABLE),
        ("SC 429: fewer requests", HttpAnswer(429, {"retry-after": "7"}, b""), Code.EXCHANGE_THROTTLED),
        ("SC 500: may be asked again", HttpAnswer(500, {}, b""), Code.EXCHANGE_UNAVAILABLE),
        ("503: as it says itself", HttpAnswer(503, {"retry-after": "7"}, b""), Code.EXCHANGE_THROTTLED),
        ("no JSON", HttpAnswer(200, {}, b"<html>"), Code.EXCHANGE_INVALID),
        ("a list", HttpAnswer(200, {}, b"[]"), Code.EXCHANGE_INVALID),
    ],
)
def test_statuses(tmp_path: Path, rule: str, reply: HttpAnswer, code: Code) -> None:
    http = FakeHttp(reply)
    with pytest.raises(OohError) as caught:
        exchange(tmp_path, http).ask(WANTED)
    assert caught.value.code is code, rule
    assert len(http.asked) == 1, "an ask is made once; when to ask again is the waterfall's"
    if isinstance(caught.value, ThrottledError):
        assert caught.value.retry_after_s == 7


@pytest.mark.parametrize(
    ("rule", "config", "ad", "needed_ms"),
    [
        ("FAQ: 75 % of it for many viewers", {}, {}, 11_250),
        ("75 % of odd lengths, rounded up", {}, {"length_in_milliseconds": 7_501}, 5_626),
        ("as configured", {"shown_fraction": 1.0}, {}, 15_000),
        ("FAQ: 2 s for one viewer", {"one_to_one": True}, {}, 2_000),
        ("2 s of odd lengths", {"one_to_one": True}, {"length_in_milliseconds": 7_001}, 2_000),
        ("all of what is shorter than that", {"one_to_one": True}, {"length_in_milliseconds": 1_500}, 1_500),
    ],
)
def test_when_it_is_proven(tmp_path: Path, rule: str, config: Changes, ad: dict[str, object], needed_ms: int) -> None:
    assert required_ms(lease_of(tmp_path, ad, config)) == needed_ms, rule


def test_the_proof_says_when_it_was_really_shown(tmp_path: Path, clock: FakeClock) -> None:
    """AS "To send a proof of play": POST with ``display_time``; FAQ: within 15 minutes of the time asked for."""
    lease = lease_of(tmp_path)
    clock.advance(100.9)
    (proof,) = Vistar().shown(lease, play(clock, lease))
    assert (proof.kind, proof.method, proof.url) == ("proof", "POST", AD["proof_of_play_url"])
    assert json.loads(proof.body or "") == {"display_time": NOW + 100}
    assert proof.content_type == "application/json"
    assert proof.window_s == 900 - 116  # it ended at 115.9 s; the lease at 900 s


def test_a_play_too_short_gives_the_lease_back(tmp_path: Path, clock: FakeClock) -> None:
    lease = lease_of(tmp_path)
    (only,) = Vistar().shown(lease, play(clock, lease, billable=False, shown_ms=3_000))
    assert (only.kind, only.method, only.url) == ("expiration", "GET", AD["expiration_url"])


@pytest.mark.parametrize("reason", ["lease.expired", "creative.corrupt", "shutdown"])
def test_an_unplayed_lease_is_given_back(tmp_path: Path, reason: str) -> None:
    (only,) = Vistar().release(lease_of(tmp_path), reason)
    assert (only.kind, only.url, only.window_s) == ("expiration", AD["expiration_url"], 900)


def test_a_test_is_shown_and_never_proven(tmp_path: Path, clock: FakeClock) -> None:
    lease = lease_of(tmp_path, config={"test": True})
    assert [one.kind for one in Vistar().shown(lease, play(clock, lease))] == ["expiration"]


def test_every_ad_of_an_answer_is_used_or_given_back(tmp_path: Path) -> None:
    """SG: one or more leased advertisements for each display area requested."""
    reply = answer(AD, AD | {"id": "ad-2"}, AD | {"id": "ad-3", "asset_url": ""})
    found = exchange(tmp_path, FakeHttp(reply)).ask(WANTED)
    assert isinstance(found, Offered)
    assert [lease.bid_id for lease in found.leases] == ["ad-1", "ad-2"]
    assert len({lease.lease_id for lease in found.leases}) == 2
    assert [refusal.bid_id for refusal in found.refused] == ["ad-3"]
    assert [notice.kind for notice in found.notices] == ["expiration"]


def test_a_single_ad_without_a_list_is_read(tmp_path: Path) -> None:
    reply = HttpAnswer(200, {}, json.dumps({"advertisement": AD}).encode())
    assert isinstance(exchange(tmp_path, FakeHttp(reply)).ask(WANTED), Offered)


@pytest.mark.parametrize(
    ("url", "get_ad", "get_asset"),
    [
        (API, f"{API}/api/v1/get_ad/json", f"{API}/api/v1/get_asset/json"),
        (f"{API}/", f"{API}/api/v1/get_ad/json", f"{API}/api/v1/get_asset/json"),
        (f"{API}/api/v1/get_ad/json", f"{API}/api/v1/get_ad/json", f"{API}/api/v1/get_asset/json"),
        ("http://h:1/x/get_ad/json?k=v", "http://h:1/x/get_ad/json?k=v", "http://h:1/x/get_asset/json?k=v"),
    ],
)
def test_where_is_asked(tmp_path: Path, url: str, get_ad: str, get_asset: str) -> None:
    http = FakeHttp(answer())
    found = exchange(tmp_path, http, {"url": url})
    found.ask(WANTED)
    found.assets(WANTED)
    assert [one.url for one in http.asked] == [get_ad, get_asset]
    assert asked(http, 0) == asked(http, 1), "CC: the same body"


def test_assets_are_known_by_their_url(tmp_path: Path) -> None:
    """CC: caching should be based on the asset_url, which changes with every version."""
    other = AD | {"asset_url": "https://assets.vistar.example/b.mp4", "mime_type": "video/mp4", "creative_id": None}
    body = json.dumps({"asset": [AD, AD, other, {"asset_url": "ftp://x"}, 7]}).encode()
    found = exchange(tmp_path, FakeHttp(HttpAnswer(200, {}, body))).assets(WANTED)
    assert [(one.url, one.mime, one.creative_id) for one in found] == [
        (AD["asset_url"], "image/jpeg", "creative-1"),
        (other["asset_url"], "video/mp4", "asset-1"),
    ]


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"7"])
def test_an_asset_list_that_is_none(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(OohError) as caught:
        exchange(tmp_path, FakeHttp(HttpAnswer(200, {}, body))).assets(WANTED)
    assert caught.value.code is Code.EXCHANGE_INVALID


def test_explaining_gives_everything_back_and_hides_the_key(tmp_path: Path) -> None:
    http = FakeHttp(answer(AD, AD | {"asset_url": "", "expiration_url": "https://api.vistar.example/2"}))
    told = exchange(tmp_path, http).explain(WANTED)
    assert [one.url for one in http.asked[1:]] == [AD["expiration_url"], "https://api.vistar.example/2"]
    assert KEY not in repr(told)
    assert json.loads(told.request)["api_key"] == "***"
    assert told.reasons[-1] == "its lease was given back"
    assert any("taken for 15000 ms" in reason for reason in told.reasons)


def test_the_key_is_in_no_message(tmp_path: Path) -> None:
    reply = HttpAnswer(403, {}, f"Could not authenticate with {KEY}".encode())
    with pytest.raises(OohError) as caught:
        exchange(tmp_path, FakeHttp(reply)).ask(WANTED)
    assert KEY not in str(caught.value)


def test_the_floor_of_an_opportunity(tmp_path: Path) -> None:
    wanted = replace(WANTED, screen=Size(1080, 1920), min_ms=5_500, max_ms=5_900)
    request = request_of(tmp_path, wanted)
    assert (area(request)["min_duration"], area(request)["max_duration"]) == (6, 6)


def test_a_proof_is_not_tried_longer_than_15_minutes_after_it_was_shown(tmp_path: Path, clock: FakeClock) -> None:
    """FAQ: also of an ad that was asked for well ahead and came on early."""
    http = FakeHttp(answer(AD | {"lease_expiry": NOW + 1_500}))
    found = exchange(tmp_path, http).ask(replace(WANTED, show_in_ms=600_000, hold_s=3_600))
    assert isinstance(found, Offered)
    (proof,) = Vistar().shown(found.leases[0], play(clock, found.leases[0]))
    assert proof.window_s == 900 - 15
