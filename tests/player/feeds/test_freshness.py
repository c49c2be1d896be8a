"""The data's own time rules: an old observation or a cached answer is never shown as new, whatever the clock says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from cache import ClockState
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.feeds.sources import Source, one

SYNCED = ClockState(synced=True, source="fake", offset_ms=0.0)
UNKNOWN = ClockState(synced=None, source=None, offset_ms=None)
UNSYNCED = ClockState(synced=False, source="fake", offset_ms=None)


def weather(seen_at: datetime | None) -> dict[str, Any]:
    current: dict[str, Any] = {"temperature_2m": 3}
    if seen_at is not None:
        current["time"] = seen_at.strftime("%Y-%m-%dT%H:%M")
    return {"utc_offset_seconds": 0, "current": current}


@pytest.mark.parametrize("state", [SYNCED, UNKNOWN, UNSYNCED], ids=["synced", "unknown", "unsynced"])
@pytest.mark.parametrize("wrong_by_s", [0, -3 * 86_400, 3 * 86_400], ids=["right", "behind", "ahead"])
@pytest.mark.parametrize(
    ("seen_ago_s", "cached_s", "age_s"),
    [(0, 0, 0), (900, 0, 900), (14_400, 0, 14_400), (60, 600, 660), (None, 300, 300)],
)
def test_age_is_told_by_the_server_s_own_times(
    state: ClockState, wrong_by_s: int, seen_ago_s: int | None, cached_s: int, age_s: int
) -> None:
    """A clock that claims to be synced and is days off is a broken machine; there the older reading wins."""
    if state is SYNCED and wrong_by_s:
        return
    clock = FakeClock(clock_state=state)
    true = clock.now()
    clock.jump(wrong_by_s)
    sent = true - timedelta(seconds=cached_s)
    seen_at = None if seen_ago_s is None else sent - timedelta(seconds=seen_ago_s)
    headers = {"date": format_datetime(sent, usegmt=True), "age": str(cached_s)}
    source = Source({"*": weather(seen_at)}, headers)

    snapshot = one("weather", {}, source, clock).fetch()
    assert (clock.now() - snapshot.fetched_at).total_seconds() == pytest.approx(age_s, abs=1)
    assert snapshot.fresh(clock.now()) == (age_s <= 10_800)


def test_without_a_date_the_clock_here_must_do() -> None:
    clock = FakeClock(clock_state=UNKNOWN)
    snapshot = one("weather", {}, Source({"*": weather(clock.now() - timedelta(hours=4))}), clock).fetch()
    assert not snapshot.fresh(clock.now())


def test_data_from_the_future_is_no_fresher_than_now() -> None:
    clock = FakeClock()
    headers = {"date": format_datetime(clock.now() + timedelta(days=9), usegmt=True)}
    snapshot = one("scores", {"url": "https://x.test/s"}, Source({"*": {"events": []}}, headers), clock).fetch()
    assert snapshot.fetched_at == clock.now()
    late = one("weather", {}, Source({"*": weather(clock.now() + timedelta(days=9))}), clock).fetch()
    assert late.fetched_at == clock.now()


def test_not_modified_is_as_fresh_as_the_answer_that_says_so() -> None:
    clock = FakeClock()
    source = Source({"*": HttpAnswer(200, {"etag": "1"}, b'{"events":[]}')})
    feed = one("scores", {"url": "https://x.test/s"}, source, clock)
    first = feed.fetch()
    clock.advance(500)
    source.pages["*"] = HttpAnswer(304, {}, b"")
    again = feed.fetch()
    assert again == replace(first, fetched_at=clock.now())


@pytest.mark.parametrize(
    ("headers", "expected_s"),
    [
        ({}, 900),
        ({"cache-control": "max-age=60"}, 900),
        ({"cache-control": "max-age=2000"}, 2000),
        ({"cache-control": "max-age=86400"}, 5400),  # half of what the snapshot lives
    ],
)
def test_the_pace_follows_cache_control_within_bounds(headers: dict[str, str], expected_s: float) -> None:
    feed = one("weather", {}, Source({"*": weather(None)}, headers), FakeClock())
    feed.fetch()
    assert feed.refresh_s == expected_s


def game(state: str, starts_in_s: float, clock: FakeClock) -> dict[str, Any]:
    team = {"score": "1", "team": {"name": "A"}}
    starts_at = (clock.now() + timedelta(seconds=starts_in_s)).isoformat()
    return {"status": {"type": {"state": state}}, "competitions": [{"date": starts_at, "competitors": [team, team]}]}


@pytest.mark.parametrize(
    ("state", "starts_in_s", "expected_s"),
    [("in", -600, 60), ("pre", 120, 120), ("pre", 7_200, 300), ("pre", -30, 60), ("post", -9_000, 300), (None, 0, 300)],
)
def test_live_games_are_asked_for_more_often(state: str | None, starts_in_s: float, expected_s: float) -> None:
    clock = FakeClock()
    events = [game(state, starts_in_s, clock)] if state else []
    feed = one("scores", {"url": "https://x.test/s"}, Source({"*": {"events": events}}), clock)
    assert feed.refresh_s == 60
    feed.fetch()
    assert feed.refresh_s == expected_s


@pytest.mark.parametrize(
    ("state", "hours_ago", "shown"), [("in", 3, 1), ("in", 40, 0), ("pre", 2, 1), ("pre", 20, 0), ("post", 90, 1)]
)
def test_a_game_that_the_source_forgot_is_left_out(state: str, hours_ago: float, shown: int) -> None:
    clock = FakeClock()
    headers = {"date": format_datetime(clock.now(), usegmt=True)}
    source = Source({"*": {"events": [game(state, -3600 * hours_ago, clock)]}}, headers)
    snapshot = one("scores", {"url": "https://x.test/s"}, source, clock).fetch()
    assert len(snapshot.data["games"]) == shown
