"""What OpenRTB wants called when a lease has ended, videos in bids, and what asking as a test leaves undone."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

from cache import Beacon, Lease, PlayEnd
from config import Code, ExchangeConfig, OohError, ScreenConfig
from player.exchange import ExplainingExchange, Offered, Opportunity, RefusedError, ScreenIdentity, open_exchange
from player.exchange.openrtb import OpenRtb
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.agent.rig import Rig, play
from tests.player.exchange.openrtb.answers import SCREEN, answer, bid
from tests.player.fake_http import FakeHttp

URL = "https://d.test/{}?t=${{AUCTION_IMP_TS}}&p=${{AUCTION_PRICE}}&l=${{AUCTION_LOSS}}"
VAST = (
    "<VAST version='4.2'><Ad id='1'><InLine><AdSystem>x</AdSystem><AdTitle>t</AdTitle>"
    "<Error><![CDATA[https://v.test/error?c=[ERRORCODE]]]></Error>"
    "<Impression><![CDATA[https://v.test/shown?p=${AUCTION_PRICE}&t=${AUCTION_IMP_TS}]]></Impression>"
    "<Creatives><Creative><Linear><Duration>00:00:06</Duration><MediaFiles><MediaFile type='video/mp4' width='1920' "
    "height='1080' delivery='progressive'><![CDATA[https://cdn.test/film.mp4]]></MediaFile></MediaFiles>"
    "</Linear></Creative></Creatives></InLine></Ad></VAST>"
)


@dataclass
class Desk:
    """An exchange over a fake network."""

    http: FakeHttp
    exchange: ExplainingExchange

    def offered(self) -> Lease:
        result = self.exchange.ask(Opportunity(screen=SCREEN, duration_ms=8_000))
        assert isinstance(result, Offered)
        return result.leases[0]


def desk(clock: FakeClock, *bids: object) -> Desk:
    http = FakeHttp(HttpAnswer(200, {}, answer(*bids)))
    config = ExchangeConfig(url="https://x.test/rtb", name="x")
    return Desk(http, open_exchange(config, ScreenIdentity.of(ScreenConfig(), "1"), http, clock))


def urls(beacons: tuple[Beacon, ...]) -> list[str]:
    return [one.url for one in beacons]


def shown(rig: Rig, clock: FakeClock, lease: Lease, **end: Any) -> list[str]:
    """The calls after a play of it."""
    rig.journal.offer(lease)
    play_id = play(rig, clock)
    clock.advance(lease.duration_ms / 1000)
    whole = PlayEnd(clock.now(), lease.duration_ms, 240, 0, "complete")
    rig.journal.close_play(play_id, replace(whole, **end), [])
    (ended,) = rig.journal.unsettled(10)
    assert ended.play is not None
    return urls(OpenRtb().shown(ended.lease, ended.play))


def tracked(**changes: object) -> dict[str, Any]:
    pixel = f'<img src="https://c.test/a.png" width=300 height=250><img width=1 height=1 src="{URL.format("pixel")}">'
    return bid(adm=pixel, burl=URL.format("bill"), lurl=URL.format("lost"), **changes)


def test_a_billable_play_calls_pixels_then_the_billing_notice(rig: Rig, clock: FakeClock) -> None:
    begun_ms = round(clock.now().timestamp() * 1000)
    lease = desk(clock, tracked()).offered()
    assert shown(rig, clock, lease) == [
        f"https://d.test/pixel?t={begun_ms}&p=2.5&l=0",
        f"https://d.test/bill?t={begun_ms}&p=2.5&l=0",
    ]


@pytest.mark.parametrize(("end_reason", "loss"), [("cut", 2), ("screen_off", 2), ("crash", 1), ("error", 1)])
def test_a_play_that_is_not_billable_is_a_loss(rig: Rig, clock: FakeClock, end_reason: str, loss: int) -> None:
    lease = desk(clock, tracked()).offered()
    assert shown(rig, clock, lease, shown_ms=500, end_reason=end_reason) == [f"https://d.test/lost?t=&p=2.5&l={loss}"]


@pytest.mark.parametrize(
    ("reason", "loss"),
    [
        ("lease.expired", 2),
        ("shutdown", 2),
        ("creative.corrupt", 200),
        ("creative.unsupported", 204),
        ("prepare.timeout", 200),
        ("fetch.status", 200),
        ("fetch.refused", 207),
        ("exchange.rules", 202),
        ("journal.unavailable", 1),
        ("process.fault", 1),
        ("something.new", 2),
    ],
)
def test_a_lease_that_is_never_shown_tells_why(clock: FakeClock, reason: str, loss: int) -> None:
    lease = desk(clock, tracked()).offered()
    assert urls(OpenRtb().release(lease, reason)) == [f"https://d.test/lost?t=&p=2.5&l={loss}"]


def test_a_video_in_a_bid_keeps_the_bid_s_notices_and_adds_its_own(rig: Rig, clock: FakeClock) -> None:
    begun_ms = round(clock.now().timestamp() * 1000)
    lease = desk(clock, bid(adm=VAST, burl=URL.format("bill"), lurl=None)).offered()
    assert (lease.creative_url, lease.duration_ms, lease.dialect) == ("https://cdn.test/film.mp4", 6_000, "openrtb")
    assert (lease.price, lease.creative_id, lease.width) == ("2.5", "creative-9", 1920)
    called = shown(rig, clock, lease)
    assert called[0] == f"https://v.test/shown?p=2.5&t={begun_ms}"
    assert called[-1] == f"https://d.test/bill?t={begun_ms}&p=2.5&l=0"


def test_a_video_that_is_not_shown_tells_both(clock: FakeClock) -> None:
    lease = desk(clock, bid(adm=VAST, lurl=URL.format("lost"))).offered()
    called = urls(OpenRtb().release(lease, "creative.corrupt"))
    assert called[0].startswith("https://v.test/error?c=4")
    assert called[-1] == "https://d.test/lost?t=&p=2.5&l=200"


def test_a_video_that_cannot_be_shown_is_refused_with_its_error_called(clock: FakeClock) -> None:
    vpaid = VAST.replace("type='video/mp4'", "type='application/javascript' apiFramework='VPAID'")
    with pytest.raises(RefusedError) as refused:
        desk(clock, bid(adm=vpaid, lurl=URL.format("lost"))).offered()
    called = urls(refused.value.notices)
    assert any(url.startswith("https://v.test/error?c=") for url in called)
    assert "https://d.test/lost?t=&p=&l=204" in called


def test_the_win_notice_s_answer_is_fetched_as_markup(clock: FakeClock) -> None:
    it = desk(clock, bid(adm=None, nurl="https://dsp.test/win?p=${AUCTION_PRICE}"))
    picture = '\ufeff <img src="https://c.test/won.png" width=300 height=250>'.encode()
    it.http.by_host["dsp.test"] = HttpAnswer(200, {}, picture)
    assert it.offered().creative_url == "https://c.test/won.png"
    assert [(one.method, one.url) for one in it.http.asked] == [
        ("POST", "https://x.test/rtb"),
        ("GET", "https://dsp.test/win?p=2.5"),
    ]
    assert it.http.asked[1].timeout_s <= 5


@pytest.mark.parametrize("failing", [HttpAnswer(500, {}, b""), OohError(Code.FETCH_TIMEOUT, "slow")])
def test_a_win_notice_that_fails_is_no_fault_of_ours(clock: FakeClock, failing: HttpAnswer | OohError) -> None:
    it = desk(clock, bid(adm=None))
    it.http.by_host["dsp.test"] = failing
    with pytest.raises(RefusedError):
        it.offered()


def test_a_test_wins_nothing_and_calls_nothing(clock: FakeClock) -> None:
    it = desk(clock, bid(adm=None, iurl="https://c.test/i.png"), bid(id="low", price=1.5))
    told = it.exchange.explain(Opportunity(screen=SCREEN, duration_ms=8_000))
    assert isinstance(told.result, Offered)
    assert [one.method for one in it.http.asked] == ["POST"]
    assert json.loads(told.request)["imp"][0]["id"] == "1"
