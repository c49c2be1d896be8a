"""Which feeds are opened, and what their answers' statuses mean."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cache import FeedSnapshot
from config import Code, Config, OohError, PanelsConfig, ScoresConfig, ScreenConfig, WeatherConfig
from player.backoff import ThrottledError
from player.feeds import Feed, open_feeds
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.fake_http import FakeHttp

BERLIN = ScreenConfig(latitude=52.5, longitude=13.4)
SCORES = ScoresConfig(url="https://scores.test/board", refresh_seconds=30, max_age_seconds=90)
CONFIG = Config(screen=BERLIN, panels=PanelsConfig(weather=WeatherConfig(place="Berlin"), scores=SCORES))


def feeds(status: int, body: bytes, config: Config = CONFIG, retry_after: str = "") -> tuple[Feed, ...]:
    return open_feeds(config, FakeHttp(HttpAnswer(status, {"retry-after": retry_after}, body)), FakeClock())


def test_a_feed_is_open_when_it_is_on_and_has_what_it_needs() -> None:
    assert [feed.kind for feed in feeds(200, b"")] == ["weather", "scores"]
    assert [feed.refresh_s for feed in feeds(200, b"")] == [900.0, 30.0]
    assert feeds(200, b"", Config()) == ()
    off = PanelsConfig(weather=WeatherConfig(enabled=False), scores=ScoresConfig(enabled=False, url="https://x.test"))
    assert feeds(200, b"", Config(screen=BERLIN, panels=off)) == ()


def test_snapshots_carry_their_time_age_and_source() -> None:
    weather, _ = feeds(200, b'\xef\xbb\xbf{"current":{"temperature_2m":3}}')
    _, scores = feeds(200, b'{"events":[]}')

    assert "Open-Meteo.com" in weather.fetch().attribution
    snapshot = scores.fetch()
    assert isinstance(snapshot, FeedSnapshot)
    assert (snapshot.kind, snapshot.fetched_at, snapshot.max_age_ms) == ("scores", FakeClock().now(), 90_000)


@pytest.mark.parametrize(
    ("status", "body", "code", "said"),
    [
        (200, b"<html>login</html>", Code.FEED_INVALID, "JSON"),
        (200, b"[]", Code.FEED_INVALID, "object"),
        (200, b"", Code.FEED_INVALID, ""),
        (204, b"", Code.FEED_INVALID, ""),
        (404, b"<html>", Code.FETCH_STATUS, "404"),
        (400, b'{"error":true,"reason":"Latitude\\nis wrong"}', Code.FETCH_STATUS, "Latitude is wrong"),
    ],
)
def test_bad_answers(status: int, body: bytes, code: Code, said: str) -> None:
    for feed in feeds(status, body):
        with pytest.raises(OohError) as found:
            feed.fetch()
        assert found.value.code is code
        assert said in found.value.detail


@pytest.mark.parametrize("status", [429, 503])
def test_throttling_says_when_to_come_back(status: int) -> None:
    weather = feeds(status, b"", retry_after="60")[0]

    with pytest.raises(ThrottledError) as found:
        weather.fetch()
    assert (found.value.code, found.value.retry_after_s) == (Code.FETCH_STATUS, 60.0)


@settings(deadline=2_000)
@given(st.binary(max_size=200), st.sampled_from([200, 204, 400, 429, 500]))
def test_no_bytes_raise_anything_but_an_ooh_error(body: bytes, status: int) -> None:
    for feed in feeds(status, body):
        with pytest.raises(OohError):
            feed.fetch()
