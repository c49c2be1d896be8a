"""The heartbeat: its document, its documentation, and how it is sent."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from cache import JournalHealth, LeaseState, PlayCounts, QueueState
from config import Code, ConfigError, HeartbeatConfig, OohError
from player._machine import machine_figures, process_figures
from player.backoff import ThrottledError
from player.fetch import HttpAnswer
from player.heartbeat import Facts, Heartbeat, document
from tests.fakes import FakeClock
from tests.player.fake_http import FakeHttp

DOC = Path(__file__).parents[2] / "docs" / "heartbeat.md"


def facts(clock: FakeClock, **changes: Any) -> Facts:
    values: dict[str, Any] = {
        "screen_id": "berlin-3",
        "venue_id": None,
        "player_version": "0.1.0",
        "boot_id": clock.boot_id(),
        "sent_at": clock.now(),
        "seq": 1,
        "uptime_s": 12.345,
        "clock": clock.state(),
        "machine": machine_figures(Path("/")),
        "processes": process_figures({"agent": os.getpid(), "screen": None}),
        "screen": {"driver": "x11", "size": "1920x1080", "showing": {"kind": "ad"}, "first_frame_ms": 410},
        "leases": {LeaseState.PREPARED: 4, LeaseState.PLAYED: 9},
        "ahead_ms": 40_000,
        "plays": PlayCounts(10, 9, {"ad": 7, "house": 2}, {"complete": 9}, 10),
        "journal": JournalHealth(2, 0, ("journal.db.corrupt-20261122T120000.000000Z",), 4_096, 61_234.5, 5.25),
        "key_id": "0123456789abcdef",
        "sink": "kinesis",
        "queue": QueueState(3, 6, 0, 0, "2026-11-22T11:59:00.000Z"),
        "delivery_error": None,
        "beacons": {"PENDING": 1, "DELIVERED": 20, "EXPIRED": 0},
        "feeds": {"weather": clock.now()},
        "exchanges": {"sandbox": {"asked": 9, "filled": 7, "no_fill": 1, "failed": 1, "refused": 0, "down": False}},
        "jobs": {"ask": {"runs": 3, "errors": 0, "last_error": None}},
    }
    return Facts(**(values | changes))


def test_the_document_is_json_and_complete(clock: FakeClock) -> None:
    told = json.loads(json.dumps(document(facts(clock))))
    assert told["schema"] == "ooh.heartbeat/1"
    assert told["sent_at"] == "2026-11-22T12:00:00.000Z"
    assert told["screen"]["running"] is True
    assert told["leases"] == {"by_state": {"prepared": 4, "played": 9}, "ahead_ms": 40_000}
    assert told["delivery"]["pending"] == 3
    assert told["journal"] == {
        "held": 2,
        "dropped": 0,
        "set_aside": ["journal.db.corrupt-20261122T120000.000000Z"],
        "size_bytes": 4_096,
        "written_bytes_per_play": 61_234,
        "commits_per_play": 5.2,
        "key_id": "0123456789abcdef",
    }
    assert told["processes"]["screen"] is None
    assert told["processes"]["agent"]["rss_bytes"] > 1_000_000
    assert told["machine"]["memory_total_bytes"] > told["machine"]["memory_available_bytes"] > 0
    assert told["machine"]["disk_free_bytes"] > 0


def test_unknown_is_null(clock: FakeClock) -> None:
    told = document(facts(clock, screen=None, sink=None, queue=None, machine=machine_figures(Path("/no/such"))))
    assert told["screen"]["running"] is False
    assert told["screen"]["driver"] is None
    assert told["delivery"] is None
    assert told["machine"]["disk_free_bytes"] is None


def test_every_field_is_documented_and_nothing_else(clock: FakeClock) -> None:
    free = {"processes", "jobs", "feeds", "exchanges"}  # their own keys are names of things
    told = document(facts(clock))
    fields = set()
    for name, value in told.items():
        inner = isinstance(value, dict) and name not in free
        fields |= {f"{name}.{key}" for key in value} if inner else {name}
    rows = [line for line in DOC.read_text("utf-8").splitlines() if line.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`([a-z0-9_.]+)`", row.split("|")[1])}
    assert fields == documented - {"delivery"}


def test_it_is_posted_as_gzip(clock: FakeClock, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("secret\n")
    http = FakeHttp()
    config = HeartbeatConfig(url="https://fleet.example/hb", token_file=str(token))
    Heartbeat(config, http, clock).send(facts(clock))
    (asked,) = http.asked
    assert (asked.method, asked.url) == ("POST", "https://fleet.example/hb")
    assert asked.headers["Content-Encoding"] == "gzip"
    assert asked.headers["Authorization"] == "Bearer secret"
    assert asked.body is not None
    assert json.loads(gzip.decompress(asked.body))["screen_id"] == "berlin-3"
    assert len(asked.body) < 1_200


def test_failures_have_codes(clock: FakeClock) -> None:
    config = HeartbeatConfig(url="https://fleet.example/hb")
    with pytest.raises(OohError) as caught:
        Heartbeat(config, FakeHttp(HttpAnswer(404, {}, b"")), clock).send(facts(clock))
    assert caught.value.code is Code.FETCH_STATUS
    with pytest.raises(ThrottledError) as throttled:
        Heartbeat(config, FakeHttp(HttpAnswer(503, {"retry-after": "120"}, b"")), clock).send(facts(clock))
    assert throttled.value.retry_after_s == 120


def test_a_missing_token_is_a_config_error(clock: FakeClock) -> None:
    with pytest.raises(ConfigError):
        Heartbeat(HeartbeatConfig(url="https://x.example", token_file="/no/such"), FakeHttp(), clock)
