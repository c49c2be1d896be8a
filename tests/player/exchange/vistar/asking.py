"""An exchange of the lease-style dialect, what it is asked for, and answers as the API gives them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cache import ClockState, Lease, Play, PlayLayout, rfc3339
from config import ExchangeConfig, Size
from player.exchange import Offered, Opportunity, ScreenIdentity
from player.exchange.vistar import VistarExchange
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.fake_http import FakeHttp

NOW = 1_795_348_800
"""``FakeClock``'s first second."""
KEY = "key-0123456789"
API = "https://api.vistar.example"
SCREEN = ScreenIdentity("screen-1", "venue-1", (), 52.52, 13.4, "Europe/Berlin", "1.0")
WANTED = Opportunity(screen=Size(1920, 1080), duration_ms=10_000)
Changes = dict[str, Any]
AD: dict[str, Any] = {
    "id": "ad-1",
    "lease_expiry": NOW + 900,
    "display_area_id": "display-0",
    "asset_id": "asset-1",
    "asset_url": "https://assets.vistar.example/a.jpg",
    "creative_id": "creative-1",
    "campaign_id": 4711,
    "advertiser": "Kestrel Coffee",
    "width": 1920,
    "height": 1080,
    "mime_type": "image/jpeg",
    "length_in_seconds": 15,
    "length_in_milliseconds": 15_000,
    "proof_of_play_url": "https://api.vistar.example/api/v1/proof_of_play/json?data=abc",
    "expiration_url": "https://api.vistar.example/api/v1/expire/json?data=abc",
}


def answer(*ads: dict[str, Any] | object, status: int = 200, **headers: str) -> HttpAnswer:
    return HttpAnswer(status, headers, json.dumps({"advertisement": list(ads)}).encode())


def exchange(
    folder: Path, http: FakeHttp, config: Changes | None = None, screen: ScreenIdentity = SCREEN
) -> VistarExchange:
    key = folder / "api.key"
    key.write_text(KEY)
    usual = ExchangeConfig(kind="vistar", url=API, name="vistar", network_id="net-1", api_key_file=str(key))
    return VistarExchange(replace(usual, **(config or {})), screen, http, FakeClock())


def asked(http: FakeHttp, number: int = -1) -> dict[str, Any]:
    request: dict[str, Any] = json.loads(http.asked[number].body or b"")
    return request


def lease_of(folder: Path, ad: Mapping[str, object] | None = None, config: Changes | None = None) -> Lease:
    found = exchange(folder, FakeHttp(answer({**AD, **(ad or {})})), config).ask(WANTED)
    assert isinstance(found, Offered)
    (lease,) = found.leases
    return lease


def play(clock: FakeClock, lease: Lease, *, billable: bool = True, shown_ms: int = 15_000) -> Play:
    """The record of a play that begins now."""
    started = clock.now()
    clock.advance(shown_ms / 1000)
    return Play(
        id="p",
        seq=1,
        schema="ooh.play/1",
        screen_id="screen-1",
        venue_id=None,
        player_version="1",
        boot_id="b",
        kind="ad",
        exchange=lease.exchange,
        request_id=None,
        lease_id=lease.lease_id,
        imp_id=None,
        bid_id=None,
        deal_id=None,
        creative_id=None,
        campaign_id=None,
        advertiser_domain=None,
        price=None,
        currency=None,
        multiplier=None,
        creative_sha256=None,
        plate_sha256=None,
        layout=PlayLayout(None, (), None),
        started_at=rfc3339(started),
        ended_at=rfc3339(clock.now()),
        planned_ms=lease.duration_ms,
        shown_ms=shown_ms,
        frames_presented=1,
        frames_late=0,
        end_reason="complete",
        billable=billable,
        display="on",
        display_evidence=None,
        clock=ClockState(synced=True, source="fake", offset_ms=0.0),
        prev_hash=None,
        hash=None,
        key_id=None,
        signature=None,
    )
