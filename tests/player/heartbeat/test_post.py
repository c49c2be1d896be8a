"""How heartbeats are posted."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from config import Code, ConfigError, HeartbeatConfig, OohError
from player.backoff import ThrottledError
from player.fetch import HttpAnswer
from player.heartbeat import Heartbeat, RefusedError, beat_of, document
from tests.fakes import FakeClock
from tests.player.fake_http import FakeHttp
from tests.player.heartbeat.facts import facts

CONFIG = HeartbeatConfig(url="https://fleet.example/hb")


def test_it_is_posted_as_gzip(clock: FakeClock, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("secret\n")
    http = FakeHttp()
    config = HeartbeatConfig(url="https://fleet.example/hb", token_file=str(token))
    Heartbeat(config, http, clock).send([beat_of(document(facts(clock)))])
    (asked,) = http.asked
    assert (asked.method, asked.url) == ("POST", "https://fleet.example/hb")
    assert asked.headers["Content-Encoding"] == "gzip"
    assert asked.headers["Authorization"] == "Bearer secret"
    assert asked.body is not None
    assert json.loads(gzip.decompress(asked.body))["screen_id"] == "berlin-3"


@pytest.mark.parametrize("status", [401, 404, 500, 301])
def test_failures_have_a_code(clock: FakeClock, status: int) -> None:
    with pytest.raises(OohError) as caught:
        Heartbeat(CONFIG, FakeHttp(HttpAnswer(status, {}, b"")), clock).send([beat_of(document(facts(clock)))])
    assert caught.value.code is Code.FETCH_STATUS
    assert not isinstance(caught.value, (ThrottledError, RefusedError))


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_receiver_says_for_how_long(clock: FakeClock, status: int) -> None:
    with pytest.raises(ThrottledError) as throttled:
        Heartbeat(CONFIG, FakeHttp(HttpAnswer(status, {"retry-after": "120"}, b"")), clock).send(
            [beat_of(document(facts(clock)))]
        )
    assert throttled.value.retry_after_s == 120


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_a_body_can_be_refused_for_good(clock: FakeClock, status: int) -> None:
    with pytest.raises(RefusedError):
        Heartbeat(CONFIG, FakeHttp(HttpAnswer(status, {}, b"")), clock).send([beat_of(document(facts(clock)))])


def test_a_missing_token_is_a_config_error(clock: FakeClock) -> None:
    with pytest.raises(ConfigError):
        Heartbeat(HeartbeatConfig(url="https://x.example", token_file="/no/such"), FakeHttp(), clock)
