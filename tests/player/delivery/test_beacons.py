"""Beacons are called in order, again while it makes sense, and not for ever; on the real journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cache import Beacon, Identity, Journal, Lease
from config import Code, OohError
from player.backoff import Backoff
from player.delivery import Beacons
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.fake_http import FakeHttp


def answers(status: int, **headers: str) -> HttpAnswer:
    return HttpAnswer(status, {name.replace("_", "-"): value for name, value in headers.items()}, b"")


def urls(http: FakeHttp) -> list[str]:
    """What was called; a beacon is a GET without anything."""
    assert all((asked.method, asked.body, asked.headers) == ("GET", None, {}) for asked in http.asked)
    return [asked.url for asked in http.asked]


@pytest.fixture
def journal(tmp_path: Path, clock: FakeClock) -> Iterator[Journal]:
    it = Journal.open(tmp_path, clock, Identity("screen-1", None, "1"))
    yield it
    it.close()


def release(journal: Journal, clock: FakeClock, name: str, *urls: str) -> None:
    """A lease that is given back: its ``on_released`` beacons are due."""
    lease = Lease(
        lease_id=name,
        exchange="x",
        request_id="r",
        imp_id="1",
        creative_url="https://cdn.example/a.png",
        not_before=clock.now(),
        expires_at=clock.now() + timedelta(hours=1),
        duration_ms=1_000,
        on_released=tuple(Beacon("expiration", url) for url in urls),
    )
    journal.offer(lease)
    assert journal.release(name, "test")
    assert journal.settle(name, lease.on_released)


def caller(journal: Journal, http: FakeHttp, clock: FakeClock) -> Beacons:
    backoff = Backoff(first_s=2, cap_s=300)
    return Beacons(journal, http, clock, backoff=backoff, draw=lambda: 0.0, pause=clock.advance)


def test_called_in_order_and_once(journal: Journal, clock: FakeClock) -> None:
    http = FakeHttp()
    beacons = caller(journal, http, clock)
    release(journal, clock, "a", "https://x.example/1", "https://y.example/2")
    release(journal, clock, "b", "https://x.example/3")
    assert beacons.step() is None
    assert beacons.step() is None
    assert urls(http) == ["https://x.example/1", "https://y.example/2", "https://x.example/3"]
    assert journal.beacon_counts() == {"PENDING": 0, "DELIVERED": 3, "EXPIRED": 0}


def test_a_failing_host_is_left_alone_and_holds_up_no_other(journal: Journal, clock: FakeClock) -> None:
    http = FakeHttp(by_host={"x.example": OohError(Code.FETCH_TIMEOUT, "x.example")})
    beacons = caller(journal, http, clock)
    for number in range(20):
        release(journal, clock, f"lease-{number}", f"https://x.example/{number}", f"https://y.example/{number}")
    assert beacons.step() == 2
    assert sum("x.example" in url for url in urls(http)) == 1
    assert sum("y.example" in url for url in urls(http)) == 20
    clock.advance(2)
    assert beacons.step() == 4
    assert sum("x.example" in url for url in urls(http)) == 2
    http.by_host.clear()
    clock.advance(4)
    assert beacons.step() is None
    assert journal.beacon_counts()["PENDING"] == 0


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_what_may_pass_is_tried_again(journal: Journal, clock: FakeClock, status: int) -> None:
    http = FakeHttp(by_host={"x.example": answers(status, retry_after="60")})
    beacons = caller(journal, http, clock)
    release(journal, clock, "a", "https://x.example/1")
    assert beacons.step() == 62
    assert journal.beacon_counts()["PENDING"] == 1
    http.by_host.clear()
    clock.advance(62)
    beacons.step()
    assert journal.beacon_counts()["DELIVERED"] == 1


@pytest.mark.parametrize(
    "answer", [*map(answers, (404, 403, 410, 400)), OohError(Code.FETCH_REFUSED, "private address")]
)
def test_what_is_final_is_not(
    journal: Journal, clock: FakeClock, answer: HttpAnswer | OohError, caplog: pytest.LogCaptureFixture
) -> None:
    http = FakeHttp(by_host={"x.example": answer})
    beacons = caller(journal, http, clock)
    release(journal, clock, "a", "https://x.example/1?secret=1")
    assert beacons.step() is None
    assert journal.beacon_counts()["EXPIRED"] == 1
    assert "beacon.refused" in caplog.messages
    assert "secret" not in caplog.text


def test_an_answer_too_large_is_an_answer(journal: Journal, clock: FakeClock) -> None:
    http = FakeHttp(by_host={"x.example": OohError(Code.FETCH_TOO_LARGE, "")})
    release(journal, clock, "a", "https://x.example/1")
    caller(journal, http, clock).step()
    assert journal.beacon_counts()["DELIVERED"] == 1


def test_one_day_is_enough(journal: Journal, clock: FakeClock) -> None:
    http = FakeHttp(by_host={"x.example": OohError(Code.FETCH_NETWORK, "down")})
    beacons = caller(journal, http, clock)
    release(journal, clock, "a", "https://x.example/1")
    while journal.beacon_counts()["PENDING"]:
        wait_s = beacons.step()
        clock.advance(wait_s or 30)
    assert journal.beacon_counts()["EXPIRED"] == 1
    assert 200 < len(urls(http)) < 400, "about every five minutes for a day"


def test_drain_gives_up_in_time(journal: Journal, clock: FakeClock) -> None:
    http = FakeHttp(by_host={"x.example": OohError(Code.FETCH_NETWORK, "down")})
    beacons = caller(journal, http, clock)
    assert beacons.drain(0)
    release(journal, clock, "a", "https://x.example/1")
    before = clock.monotonic_ns()
    assert not beacons.drain(5)
    assert clock.monotonic_ns() - before == 5_000_000_000
    http.by_host.clear()
    assert beacons.drain(60)


def test_notices_are_called_once_and_their_failure_is_logged(
    journal: Journal, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    http = FakeHttp(by_host={"y.example": answers(500)})
    beacons = caller(journal, http, clock)
    beacons.notify([Beacon("win", "https://x.example/win"), Beacon("loss", "https://y.example/loss")])
    beacons.step()
    beacons.step()
    assert urls(http) == ["https://x.example/win", "https://y.example/loss"]
    assert caplog.messages == ["notice.failed"]


def test_billing_comes_before_notices_and_a_dead_host_is_asked_once(journal: Journal, clock: FakeClock) -> None:
    http = FakeHttp(by_host={"dead.example": OohError(Code.FETCH_TIMEOUT, "dead.example")})
    beacons = caller(journal, http, clock)
    beacons.notify(Beacon("loss", f"https://dead.example/{number}") for number in range(50))
    release(journal, clock, "a", "https://x.example/bill")
    beacons.step()
    assert urls(http) == ["https://x.example/bill", "https://dead.example/0"]
