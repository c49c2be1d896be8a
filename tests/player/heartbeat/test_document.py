"""The heartbeat's document, its schema and its page."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from cache import PlayCounts, QueueState
from player.heartbeat import Queue, document
from tests.fakes import FakeClock
from tests.player.heartbeat.facts import facts, faults, told, validator, worst
from tests.player.heartbeat.table import PAGE, filled
from tests.player.machine.board import FakeBoard


def test_the_usual_and_the_worst_are_valid(clock: FakeClock) -> None:
    assert faults(told(clock)) == []
    assert faults(json.loads(json.dumps(document(worst(clock))))) == []


def test_what_a_silent_machine_tells_is_valid(tmp_path: Path, clock: FakeClock) -> None:
    empty = FakeBoard(tmp_path, clock).read()
    nothing = told(
        clock,
        machine=empty,
        screen=None,
        last_frame_age_s=None,
        sink=None,
        queue=None,
        queues={"beacons": Queue(0, None)},
        cache=None,
        plays_before=None,
        venue_id=None,
        key_id=None,
        processes={"agent": None, "screen": None},
    )
    assert faults(nothing) == []
    assert nothing["screen"]["running"] is False
    assert nothing["screen"]["driver"] is nothing["display"]["mode"] is None
    assert nothing["delivery"] is nothing["gateway"] is nothing["cache"] is None
    assert nothing["plays"]["since_last"] is None
    assert nothing["power"]["under_voltage"] is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema", "ooh.heartbeat/2"),
        ("id", "5"),
        ("seq", 0),
        ("sent_at", "2026-11-22 12:00:00"),
        ("config_hash", "secret"),
        ("boot.reason", "thunder"),
        ("screen.running", None),
        ("plays.closed", -1),
        ("plays.since_last", {}),
        ("leases.ahead", None),
        ("queues.kinesis", {"pending": 1}),
        ("machine.cpu_percent", 101),
        ("display.power", "dim"),
        ("links", [{"name": "eth0"}]),
        ("thumbnail", {"type": "image/png", "taken_at": "2026-11-22T12:00:00.000Z", "data": ""}),
        ("unheard_of", 1),
    ],
)
def test_what_is_none_is_refused(clock: FakeClock, path: str, value: object) -> None:
    heartbeat = told(clock)
    *way, last = path.split(".")
    place = heartbeat
    for name in way:
        place = place[name]
    place[last] = value
    assert len(faults(heartbeat)) >= 1


def test_every_field_is_demanded(clock: FakeClock) -> None:
    heartbeat = told(clock)
    schema = validator().schema
    assert isinstance(schema, dict)
    assert set(heartbeat) == set(schema["required"])
    for name in heartbeat:
        assert faults({key: value for key, value in heartbeat.items() if key != name}), name


def test_the_page_is_that_of_the_schema() -> None:
    page = PAGE.read_text("utf-8")
    assert filled(page) == page, "python -m tests.player.heartbeat.table writes it"


def test_plays_are_counted_since_the_heartbeat_before(clock: FakeClock) -> None:
    before = PlayCounts(10, 9, {"ad": 7, "house": 2}, {"complete": 9}, 10)
    now = PlayCounts(14, 14, {"ad": 10, "house": 2, "content": 2}, {"complete": 12, "cut": 2}, 14)
    plays = told(clock, plays=now, plays_before=before)["plays"]
    assert plays["closed"] == 14
    assert plays["since_last"] == {
        "opened": 4,
        "closed": 5,
        "by_kind": {"ad": 3, "house": 0, "content": 2},
        "by_end_reason": {"complete": 3, "cut": 2},
    }


def test_a_journal_that_began_anew_makes_no_negative_counts(clock: FakeClock) -> None:
    before, now = PlayCounts(100, 99, {"ad": 99}, {"complete": 99}, 100), PlayCounts(2, 1, {"ad": 1}, {"cut": 1}, 102)
    since = told(clock, plays=now, plays_before=before)["plays"]["since_last"]
    assert since == {"opened": 0, "closed": 0, "by_kind": {"ad": 1}, "by_end_reason": {"cut": 1}}


def test_queues_tell_how_old_the_oldest_is(clock: FakeClock) -> None:
    queues = {"kinesis": Queue(3, clock.now() - timedelta(seconds=61.25)), "beacons": Queue(0, None)}
    heartbeat = told(clock, queues=queues)
    assert heartbeat["queues"] == {
        "kinesis": {"pending": 3, "oldest_at": "2026-11-22T11:58:58.750Z", "oldest_age_s": 61.2},
        "beacons": {"pending": 0, "oldest_at": None, "oldest_age_s": None},
    }
    ahead = told(clock, queues={"kinesis": Queue(1, clock.now() + timedelta(seconds=9))})
    assert ahead["queues"]["kinesis"]["oldest_age_s"] == 0.0, "the clock was set back meanwhile"


def test_the_gateways_queue_is_told_as_the_streams(clock: FakeClock) -> None:
    heartbeat = told(clock, gateway=QueueState(1, 2, 0, 0, None), gateway_error="delivery.clock")
    assert heartbeat["gateway"]["error"] == "delivery.clock"
    assert faults(heartbeat) == []


def test_errors_are_the_commonest_forty(clock: FakeClock) -> None:
    errors = {f"code.{number:03}": number for number in range(100)}
    heartbeat = told(clock, errors=errors, errors_before=errors | {"code.099": 90})
    assert len(heartbeat["errors"]["by_code"]) == 40
    assert heartbeat["errors"]["since_last"] == {"code.099": 9}


def test_the_display_is_what_is_presented(clock: FakeClock) -> None:
    assert told(clock)["display"]["mode"] == "1920x1080@60"
    assert told(clock)["display"]["connector"] == "HDMI-A-1"
    dark = told(clock, screen=None)["display"]
    assert (dark["mode"], dark["power"], dark["state"]) == ("1920x1080", "on", None)


def test_the_same_facts_give_the_same_document(clock: FakeClock) -> None:
    same = facts(clock)
    assert document(same) == document(same)
