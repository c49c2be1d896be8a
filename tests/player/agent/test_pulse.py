"""The heartbeat as a job: in time whatever the network does, late with its own time, and never all at once."""

from __future__ import annotations

import gzip
import json
import logging
import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cache import Folders, rfc3339
from config import Code, HeartbeatConfig, OohError
from player.agent._pulse import Pulse, open_pulse
from player.fetch import HttpAnswer
from player.heartbeat import Backlog, Beat, Heartbeat, document
from tests.fakes import FakeClock
from tests.player.fake_http import FakeHttp
from tests.player.heartbeat.facts import facts, faults

URL = "https://fleet.example/hb"
DOWN = HttpAnswer(0, {}, b"")
"""No answer at all."""
GOOD = HttpAnswer(204, {}, b"")


@dataclass
class Fleet(FakeHttp):
    """A receiver; ``arrivals`` are (when, the heartbeats of one request)."""

    clock: FakeClock = field(default_factory=FakeClock)
    arrivals: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)
    takes_arrays: bool = True

    def request(self, method: str, url: str, **rest: Any) -> HttpAnswer:
        answer = super().request(method, url, **rest)
        if answer is DOWN:
            raise OohError(Code.FETCH_NETWORK, "no route to host")
        body = json.loads(gzip.decompress(rest["body"]))
        assert len(rest["body"]) < 1_000_000
        if isinstance(body, list) and not self.takes_arrays:
            return HttpAnswer(400, {}, b"an object")
        if answer.good:
            beats = body if isinstance(body, list) else [body]
            for beat in beats:
                assert faults(beat) == []
            self.arrivals.append((rfc3339(self.clock.now()), beats))
        return answer

    def beats(self) -> list[dict[str, Any]]:
        return [beat for _, beats in self.arrivals for beat in beats]


@dataclass
class Agent:
    """Runs the job when it asked to be run."""

    pulse: Pulse
    clock: FakeClock
    due_s: float = 0.0

    def run(self, minutes: float) -> None:
        """Let so much time pass."""
        left_s = minutes * 60
        while self.due_s <= left_s:
            self.clock.advance(self.due_s)
            left_s -= self.due_s
            self.due_s = self.pulse.step(self.told)
        self.clock.advance(left_s)
        self.due_s -= left_s

    def told(self, seq: int) -> dict[str, Any]:
        return document(facts(self.clock, seq=seq))


@dataclass
class Rig:
    fleet: Fleet
    agent: Agent
    pulse: Pulse


@pytest.fixture
def make(tmp_path: Path, clock: FakeClock) -> Callable[..., Rig]:
    def made(draw: Callable[[], float] = lambda: 0.5, seconds: float = 60.0, most: int = 60) -> Rig:
        fleet = Fleet(GOOD, clock=clock)
        heartbeat = Heartbeat(HeartbeatConfig(url=URL), fleet, clock)
        pulse = Pulse(heartbeat, Backlog(tmp_path, clock, most), clock, seconds, draw)
        return Rig(fleet, Agent(pulse, clock), pulse)

    return made


def test_it_beats_once_a_minute(make: Callable[..., Rig]) -> None:
    rig = make()
    rig.agent.run(10)
    assert [beat["seq"] for beat in rig.fleet.beats()] == list(range(1, 12))
    assert [at for at, _ in rig.fleet.arrivals] == [beat["sent_at"] for beat in rig.fleet.beats()]


@pytest.mark.parametrize(("draw", "seconds"), [(0.0, 54.0), (0.5, 60.0), (0.999, 65.988)])
def test_its_time_varies_by_a_tenth(make: Callable[..., Rig], draw: float, seconds: float) -> None:
    rig = make(lambda: draw)
    assert rig.pulse.step(rig.agent.told) == pytest.approx(seconds, abs=0.01)


def test_an_hour_without_network(make: Callable[..., Rig], caplog: pytest.LogCaptureFixture) -> None:
    """All sixty are kept and arrive in order, in one request, with their own times."""
    rig = make()
    rig.agent.run(2.5)
    rig.fleet.reply = DOWN
    with caplog.at_level(logging.INFO, "ooh.agent"):
        rig.agent.run(60)
        assert len(rig.pulse.backlog) == 60
        rig.fleet.reply = GOOD
        before = len(rig.fleet.arrivals)
        rig.agent.run(6)
    live, *_ = rig.fleet.arrivals[before:]
    assert len(live[1]) == 1, "the newest says first that the screen lives"
    (late,) = [(at, beats) for at, beats in rig.fleet.arrivals if len(beats) > 1]
    at, beats = late
    assert [beat["seq"] for beat in beats] == list(range(4, 64))
    assert [beat["sent_at"] for beat in beats] == sorted(beat["sent_at"] for beat in beats)
    assert (beats[0]["sent_at"], beats[-1]["sent_at"]) == ("2026-11-22T12:03:00.000Z", "2026-11-22T13:02:00.000Z")
    assert at == "2026-11-22T13:05:30.000Z", "half of five minutes after the first that arrived"
    assert len(rig.pulse.backlog) == 0
    assert sorted(beat["seq"] for beat in rig.fleet.beats()) == list(range(1, 70))
    assert [record.message for record in caplog.records] == ["heartbeat.failed", "heartbeat.recovered"]


def test_a_day_without_network_is_thinned(make: Callable[..., Rig]) -> None:
    rig = make()
    rig.fleet.reply = DOWN
    rig.agent.run(24 * 60)
    rig.fleet.reply = GOOD
    rig.agent.run(10)
    (late,) = [beats for _, beats in rig.fleet.arrivals if len(beats) > 1]
    assert len(late) == 60
    assert late[0]["seq"] == 1
    assert late[-1]["seq"] == 1_441


def test_a_receiver_that_is_busy_is_left_alone(make: Callable[..., Rig]) -> None:
    rig = make()
    rig.fleet.reply = HttpAnswer(429, {"retry-after": "600"}, b"")
    rig.agent.run(10)
    assert len(rig.fleet.asked) == 1
    assert len(rig.pulse.backlog) == 11
    rig.fleet.reply = GOOD
    rig.agent.run(0.4)
    assert len(rig.fleet.asked) == 1, "half a heartbeat's time more, drawn by chance"
    rig.agent.run(10)
    assert sorted(beat["seq"] for beat in rig.fleet.beats()) == list(range(1, 22))


def test_a_backlog_that_is_asked_to_wait_waits(make: Callable[..., Rig]) -> None:
    rig = make()
    rig.fleet.reply = DOWN
    rig.agent.run(5)
    rig.fleet.reply = GOOD
    rig.agent.run(1)
    rig.fleet.reply = HttpAnswer(503, {"retry-after": "300"}, b"")
    rig.agent.run(4)
    asked = len(rig.fleet.asked)
    rig.fleet.reply = GOOD
    rig.agent.run(1)
    assert len(rig.fleet.asked) == asked
    rig.agent.run(20)
    assert len(rig.pulse.backlog) == 0
    assert sorted(beat["seq"] for beat in rig.fleet.beats()) == list(range(1, rig.pulse.made + 1))


def test_a_receiver_that_takes_no_arrays_gets_them_singly(make: Callable[..., Rig]) -> None:
    rig = make()
    rig.fleet.takes_arrays = False
    rig.fleet.reply = DOWN
    rig.agent.run(5)
    rig.fleet.reply = GOOD
    rig.agent.run(10)
    assert len(rig.pulse.backlog) == 0
    assert all(len(beats) == 1 for _, beats in rig.fleet.arrivals)
    late = [beat["seq"] for beat in rig.fleet.beats() if beat["seq"] <= 6]
    assert late == [1, 2, 3, 4, 5, 6]


def test_one_that_is_refused_is_given_up(make: Callable[..., Rig], caplog: pytest.LogCaptureFixture) -> None:
    rig = make()
    rig.fleet.reply = HttpAnswer(422, {}, b"")
    with caplog.at_level(logging.WARNING, "ooh.agent"):
        rig.agent.run(5)
    assert len(rig.pulse.backlog) == 0
    assert rig.pulse.sent == 0
    assert [record.message for record in caplog.records] == ["heartbeat.failed"]


def test_what_waits_outlives_the_agent(make: Callable[..., Rig]) -> None:
    rig = make()
    rig.fleet.reply = DOWN
    rig.agent.run(3)
    rig.pulse.close()
    again = make()
    again.agent.run(10)
    late = [beat["sent_at"] for _, beats in again.fleet.arrivals if len(beats) > 1 for beat in beats]
    assert late == [f"2026-11-22T12:0{minute}:00.000Z" for minute in range(4)]


def test_the_clock_may_be_set_meanwhile(make: Callable[..., Rig], clock: FakeClock) -> None:
    rig = make()
    rig.fleet.reply = DOWN
    rig.agent.run(3)
    clock.jump(-86_400)
    rig.agent.run(3)
    clock.jump(200_000)
    rig.fleet.reply = GOOD
    rig.agent.run(10)
    assert sorted(beat["seq"] for beat in rig.fleet.beats()) == list(range(1, rig.pulse.made + 1))


class Receiver(Heartbeat):
    """Only counts; away until a moment."""

    def __init__(self, clock: FakeClock, back_ns: int) -> None:
        self.clock = clock
        self.back_ns = back_ns
        self.late_at_s: list[float] = []

    def send(self, beats: Sequence[Beat]) -> None:
        if self.clock.mono_ns < self.back_ns:
            raise OohError(Code.FETCH_NETWORK, "away")
        if len(beats) > 1:
            self.late_at_s.append((self.clock.mono_ns - self.back_ns) / 1e9)


def test_a_fleet_that_comes_back_does_not_come_at_once(tmp_path: Path) -> None:
    """400 screens, five minutes of outage: when their backlogs come, by the second."""
    draw = random.Random(7).random
    arrivals: list[float] = []
    for _ in range(400):
        clock = FakeClock()
        clock.advance(draw() * 60)
        receiver = Receiver(clock, 300 * 10**9)
        pulse = Pulse(receiver, Backlog(tmp_path / "none", clock, 60), clock, 60.0, draw)
        while not receiver.late_at_s:
            told = {"sent_at": rfc3339(clock.now()), "trimmed": []}
            clock.advance(pulse.step(lambda seq, told=told: {**told, "seq": seq}))  # type: ignore[misc]
        arrivals += receiver.late_at_s
    by_second = Counter(math.floor(at_s) for at_s in arrivals)
    assert len(arrivals) == 400
    assert max(by_second.values()) <= 8, "of 400 screens; 1.1 a second is the mean over six minutes"
    assert 300 < max(arrivals) <= 366


def test_outlets_are_told_with_and_without_a_receiver(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "ooh_player.prom"
    config = HeartbeatConfig(emf="OohPlayer", textfile=str(file))
    pulse = open_pulse(config, FakeHttp(), Folders(tmp_path, tmp_path), clock, lambda: 0.5)
    assert pulse is not None
    with caplog.at_level(logging.INFO, "ooh.emf"):
        Agent(pulse, clock).run(1)
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    assert [line["seq"] for line in lines] == [1, 2]
    assert "ooh_player_plays_total" in file.read_text("utf-8")
    assert len(pulse.backlog) == 0


def test_nobody_listens_nothing_is_made(tmp_path: Path, clock: FakeClock) -> None:
    assert open_pulse(HeartbeatConfig(), FakeHttp(), Folders(tmp_path, tmp_path), clock, lambda: 0.5) is None


def test_an_outlet_that_fails_harms_nothing(make: Callable[..., Rig], caplog: pytest.LogCaptureFixture) -> None:
    def broken(document: Mapping[str, Any]) -> None:
        raise ValueError(document)

    rig = make()
    rig.pulse.outlets = (broken,)
    rig.agent.run(1)
    assert len(rig.fleet.arrivals) == 2
    assert {record.message for record in caplog.records} == {"heartbeat.outlet_failed"}


def test_a_file_that_cannot_be_written_is_told_once(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    config = HeartbeatConfig(url=URL, textfile=str(tmp_path / "gone" / "x.prom"))
    pulse = open_pulse(config, FakeHttp(), Folders(tmp_path, tmp_path), clock, lambda: 0.5)
    assert pulse is not None
    with caplog.at_level(logging.WARNING, "ooh.agent"):
        Agent(pulse, clock).run(5)
    assert [record.message for record in caplog.records] == ["heartbeat.textfile_failed"]
    assert pulse.sent == 6
