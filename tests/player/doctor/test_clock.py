"""What the doctor says of the clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from cache import ClockState
from config import Code, Config, ExchangeConfig, OohError
from player.doctor._clock import RELEASED, look_at_clock, told
from tests.fakes import FakeClock
from tests.player.doctor.patients import answers, is_told, patient, refuses

CONFIG = Config(exchange=(ExchangeConfig(url="https://ads.example/x"),))


def test_a_clock_from_before_the_release_is_wrong(tmp_path: Path) -> None:
    clock = FakeClock(wall=datetime(2021, 1, 1, tzinfo=UTC))
    assert is_told(look_at_clock(patient(tmp_path, clock=clock)), "fail", "wrong: 2021-01-01", "timedatectl")


@pytest.mark.parametrize(
    ("synced", "source", "grade", "what", "step"),
    [
        (True, "timesyncd", "ok", "synchronised by timesyncd", ""),
        (False, "chrony", "warn", "chrony has not set it yet", "UDP port 123"),
        (None, None, "warn", "no time service", "set-ntp true"),
    ],
)
def test_the_time_service(
    tmp_path: Path, synced: bool | None, source: str | None, grade: str, what: str, step: str
) -> None:
    clock = FakeClock(clock_state=ClockState(synced=synced, source=source, offset_ms=None))
    assert is_told(look_at_clock(patient(tmp_path, clock=clock)), grade, what, step)


@pytest.mark.parametrize(
    ("ahead_s", "grade", "what"),
    [
        (3, "ok", "synchronised"),
        (60, "warn", "1 min ahead of the servers"),
        (-7_300, "fail", "wrong: it is 2 h behind the servers"),
        (4 * 86_400, "fail", "wrong: it is 4 days ahead of"),
    ],
)
def test_servers_that_were_asked_know_better(tmp_path: Path, ahead_s: int, grade: str, what: str) -> None:
    """Even when a service says that it is synchronised: there are venues with a wrong time server."""
    clock = FakeClock()
    date = format_datetime(clock.wall - timedelta(seconds=ahead_s), usegmt=True)
    seen = patient(tmp_path, CONFIG, clock=clock, http=answers(204, date=date))
    assert is_told(look_at_clock(seen), grade, what)


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "Mon, 99 Nov 2026 12:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -0100",
        "Mon, 23 Nov 99999999999 12:00:00 GMT",
    ],
)
def test_a_date_that_is_none_says_nothing(tmp_path: Path, date: str) -> None:
    assert is_told(look_at_clock(patient(tmp_path, CONFIG, http=answers(204, date=date))), "ok", "synchronised")


def test_a_date_without_a_zone_is_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """C's asctime, which HTTP still allows (RFC 9110 5.6.7), whatever the machine's own zone is."""
    clock = FakeClock()
    seen = patient(tmp_path, CONFIG, clock=clock, http=answers(204, date=f"{clock.wall:%a %b %d %H:%M:%S %Y}"))
    try:
        monkeypatch.setenv("TZ", "XXX-05")
        time.tzset()
        assert is_told(look_at_clock(seen), "ok", "synchronised")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_without_a_network_the_machine_alone_is_asked(tmp_path: Path) -> None:
    http = refuses(OohError(Code.FETCH_NETWORK, "ads.example: no route"))
    assert is_told(look_at_clock(patient(tmp_path, CONFIG, http=http)), "ok", "synchronised")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (45, "45 s ahead of"),
        (-90, "2 min behind"),
        (-5_400, "2 h behind"),
        (864_000, "10 days ahead of"),
        (1e8, "3 years ahead of"),
    ],
)
def test_the_largest_unit_that_fits(seconds: float, words: str) -> None:
    assert told(timedelta(seconds=seconds)) == words


def test_this_version_is_not_from_the_future() -> None:
    assert RELEASED.tzinfo is UTC
