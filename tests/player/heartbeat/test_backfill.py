"""A heartbeat that was made before the clock was set gets its true time when it is sent."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cache import ClockState
from player.heartbeat import Beat, backfilled, beat_of, document
from player.machine import Boot
from tests.fakes import FakeClock
from tests.player.heartbeat.facts import facts, faults, machine

UNSET = ClockState(synced=False, source="timesyncd", offset_ms=None)
SET = ClockState(synced=True, source="timesyncd", offset_ms=0.1)
OLD = "2026-11-22T12:00:00.000Z"


def made(clock: FakeClock, state: ClockState = UNSET, boot: str | None = None, uptime_s: float | None = 100.0) -> Beat:
    """At an uptime of 100 s, by a clock that stands in the past."""
    known = Boot(boot or clock.boot, uptime_s, None)
    return beat_of(document(facts(clock, machine=replace(machine(), clock=state, boot=known))))


def test_its_time_is_put_right(clock: FakeClock) -> None:
    beat = made(clock)
    clock.advance(600)
    clock.jump(86_400 * 30)
    clock.clock_state = SET
    late = backfilled(beat, clock, 700.0)
    told = json.loads(late.body)
    assert told["sent_at"] == late.at == "2026-12-22T12:00:00.000Z"
    assert told["clock"] == {"synced": False, "source": "timesyncd", "offset_ms": None, "backfilled": True}
    assert faults(told) == []


@pytest.mark.parametrize("case", ["not set yet", "was set", "unknown", "another boot", "no uptime", "no uptime now"])
def test_else_it_stays(clock: FakeClock, case: str) -> None:
    states = {"was set": SET, "unknown": ClockState(None, None, None)}
    boot, uptime_s = "another" if case == "another boot" else None, None if case == "no uptime" else 100.0
    beat = made(clock, states.get(case, UNSET), boot, uptime_s)
    clock.clock_state = UNSET if case == "not set yet" else SET
    assert backfilled(beat, clock, None if case == "no uptime now" else 700.0) is beat
    assert beat.at == OLD


def test_one_that_an_older_version_kept_stays(clock: FakeClock) -> None:
    beat = Beat(1, OLD, b'{"seq":1,"sent_at":"2026-11-22T12:00:00.000Z","boot":7,"clock":{"synced":false}}')
    assert backfilled(beat, clock, 700.0) is beat
