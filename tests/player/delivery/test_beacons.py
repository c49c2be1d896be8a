"""Beacons are called in order, again while it makes sense, and not for ever; on the real journal."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import Mock

import pytest

from cache import Beacon, Clock, Identity, Journal, Lease, SystemClock
from config import Code, OohError
from player.backoff import Backoff
from player.delivery import Beacons
from player.fetch import Guard, GuardedHttp, HttpAnswer, PrivateAddressError
from tests.fakes import FakeClock
from tests.player.fake_http import FakeHttp
from tests.player.fetch.server import serving


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


def release(journal: Journal, clock: Clock, name: str, *urls: str) -> None:
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


def test_only_the_head_of_an_answer_is_waited_for(journal: Journal, clock: FakeClock) -> None:
    """A server that has counted and then sends its page slowly, or a large one, has answered."""
    with serving() as web:
        for path in ("/drip", "/endless", "/large"):
            release(journal, clock, path, web.url(path))
        begun = time.monotonic()
        Beacons(journal, GuardedHttp(Guard.of((web.host,)), "test"), clock).step()
        assert time.monotonic() - begun < 5
    assert journal.beacon_counts() == {"PENDING": 0, "DELIVERED": 3, "EXPIRED": 0}


def test_a_large_error_page_is_no_success(journal: Journal, clock: FakeClock) -> None:
    with serving() as web:
        release(journal, clock, "a", web.url("/error-page"))
        Beacons(journal, GuardedHttp(Guard.of((web.host,)), "test"), clock).step()
    assert journal.beacon_counts()["PENDING"] == 1


def test_a_login_network_is_waited_out(journal: Journal, clock: FakeClock) -> None:
    """Its name server sends every name to its own private address."""
    http = FakeHttp(by_host={"x.example": PrivateAddressError("x.example", "192.168.1.1")})
    beacons = caller(journal, http, clock)
    release(journal, clock, "a", "https://x.example/1")
    assert beacons.step() == 2
    http.by_host.clear()
    clock.advance(2)
    beacons.step()
    assert journal.beacon_counts()["DELIVERED"] == 1


def test_hundreds_for_a_dead_server_hold_up_no_other(journal: Journal, clock: FakeClock) -> None:
    http = FakeHttp(by_host={"dead.example": OohError(Code.FETCH_TIMEOUT, "dead.example")})
    beacons = caller(journal, http, clock)
    release(journal, clock, "dead", *(f"https://dead.example/{number}" for number in range(250)))
    release(journal, clock, "alive", "https://x.example/bill", "https://dead.example.x.example/2")
    assert beacons.step() == 0
    assert beacons.step() == 2
    assert urls(http) == ["https://dead.example/0", "https://x.example/bill", "https://dead.example.x.example/2"]


def test_the_next_process_is_as_patient_and_keeps_the_order(journal: Journal, clock: FakeClock) -> None:
    http = FakeHttp(by_host={"x.example": answers(503, retry_after="60")})
    release(journal, clock, "a", "https://x.example/1", "https://x.example/2")
    caller(journal, http, clock).step()
    http.by_host.clear()
    later = caller(journal, http, clock)
    assert later.step() == pytest.approx(62, abs=0.01)
    assert urls(http) == ["https://x.example/1"]
    clock.advance(62.01)
    later.step()
    assert urls(http) == ["https://x.example/1", "https://x.example/1", "https://x.example/2"]


def queue(journal: Journal, clock: FakeClock, name: str, *beacons: Beacon) -> None:
    lease = Lease(
        lease_id=name,
        exchange="x",
        request_id="r",
        imp_id="1",
        creative_url="https://cdn.example/a.png",
        not_before=clock.now(),
        expires_at=clock.now() + timedelta(hours=1),
        duration_ms=1_000,
    )
    journal.offer(lease)
    assert journal.release(name, "test")
    assert journal.settle(name, beacons)


def expired(journal: Journal, folder: Path) -> list[str]:
    with sqlite3.connect(folder / "journal.db") as reader:
        rows = reader.execute("SELECT error FROM beacons WHERE state = 'EXPIRED' ORDER BY beacon_id").fetchall()
    reader.close()
    assert journal.beacon_counts()["EXPIRED"] == len(rows)
    return [row[0] for row in rows]


def test_each_has_its_own_window_and_ends_with_the_reason(journal: Journal, clock: FakeClock, tmp_path: Path) -> None:
    http = FakeHttp(reply=answers(503))
    beacons = caller(journal, http, clock)
    queue(
        journal,
        clock,
        "a",
        Beacon("proof", "https://x.example/1", window_s=60),
        Beacon("proof", "https://x.example/2", window_s=30),
        Beacon("proof", "https://y.example/3", window_s=900),
    )
    while clock.now() < datetime(2026, 11, 22, 12, 2, tzinfo=UTC):
        wait_s = beacons.step()
        clock.advance(min(wait_s or 5, 5))
    assert journal.beacon_counts()["PENDING"] == 1
    first, second = expired(journal, tmp_path)
    assert first == "its window closed after 5 attempts, the last: fetch.network: status 503"
    assert second == "its window closed before a call"
    http.reply = answers(400)
    clock.advance(300)
    beacons.step()
    assert expired(journal, tmp_path)[2] == "fetch.status: status 400"


def test_a_body_is_posted_with_its_type(journal: Journal, clock: FakeClock) -> None:
    http = FakeHttp()
    queue(journal, clock, "a", Beacon("proof", "https://x.example/1", "POST", '{"display_time":1}', "application/json"))
    caller(journal, http, clock).step()
    (asked,) = http.asked
    assert (asked.method, asked.body) == ("POST", b'{"display_time":1}')
    assert asked.headers == {"Content-Type": "application/json"}


def test_what_the_journal_cannot_mark_is_not_called_again(
    journal: Journal, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    http = FakeHttp()
    beacons = caller(journal, http, clock)
    release(journal, clock, "a", "https://x.example/1")
    with monkeypatch.context() as full:
        full.setattr(journal, "beacon_done", Mock(side_effect=OohError(Code.JOURNAL_UNAVAILABLE, "disk full")))
        for _ in range(3):
            with pytest.raises(OohError):
                beacons.step()
    beacons.step()
    assert urls(http) == ["https://x.example/1"]
    assert journal.beacon_counts()["DELIVERED"] == 1


def test_what_is_given_back_is_tried_again(journal: Journal, clock: FakeClock) -> None:
    http = FakeHttp(by_host={"x.example": answers(503)})
    beacons = caller(journal, http, clock)
    beacons.notify([Beacon("expiration", "https://x.example/back", window_s=900)])
    assert beacons.step() == 2
    http.by_host.clear()
    clock.advance(2)
    assert beacons.step() is None
    beacons.notify([Beacon("expiration", "https://x.example/late", window_s=5)])
    http.by_host["x.example"] = answers(503)
    beacons.step()
    clock.advance(10)
    beacons.step()
    clock.advance(10)
    assert beacons.step() is None
    assert urls(http) == ["https://x.example/back"] * 2 + ["https://x.example/late"] * 2


CHILD = """
import sys, time, pathlib
from cache import Identity, Journal, SystemClock
from player.delivery import Beacons
from player.backoff import Backoff
from player.fetch import Guard, GuardedHttp
folder, host = sys.argv[1:]
clock = SystemClock()
journal = Journal.open(pathlib.Path(folder), clock, Identity("screen-1", None, "1"))
beacons = Beacons(journal, GuardedHttp(Guard.of((host,)), "test"), clock, backoff=Backoff(first_s=0.05, cap_s=0.1))
print("up", flush=True)
while journal.beacon_counts()["PENDING"]:
    time.sleep(beacons.step() or 0)
"""


def test_killed_again_and_again_every_beacon_counts_once(tmp_path: Path) -> None:
    """But for those that were under way at a kill: the documented window, at most one each."""
    clock = SystemClock()
    journal = Journal.open(tmp_path, clock, Identity("screen-1", None, "1"))
    draw = Random(7)
    with serving() as web:
        for number in range(40):
            release(journal, clock, f"lease-{number}", web.url(f"/count?{number}-a"), web.url(f"/count?{number}-b"))
        kills = 0
        while True:
            child = subprocess.Popen(
                [sys.executable, "-c", CHILD, str(tmp_path), web.host], stdout=subprocess.PIPE, text=True
            )
            assert child.stdout is not None
            child.stdout.readline()
            try:
                child.wait(timeout=draw.uniform(0.02, 0.25) if kills < 4 else 60)
                break
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                kills += 1
            finally:
                child.stdout.close()
                child.wait()
        counted = Counter(seen.path for seen in web.seen)
    assert child.returncode == 0
    assert len(counted) == 80, "none is lost"
    repeats = sum(counted.values()) - len(counted)
    assert repeats <= kills
    firsts = list(dict.fromkeys(seen.path for seen in web.seen))
    assert firsts == [f"/count?{number}-{part}" for number in range(40) for part in "ab"], "in their order"
    assert journal.beacon_counts() == {"PENDING": 0, "DELIVERED": 80, "EXPIRED": 0}
    journal.close()


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
