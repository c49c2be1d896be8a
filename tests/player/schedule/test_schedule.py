"""The schedule keeps its jobs on time, apart from each other, and steady when the wall clock jumps."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base

from cache import ClockState, SystemClock
from config import Code, OohError
from player.schedule import Schedule

HOUR = 3_600.0


@dataclass
class JumpyClock:
    """The machine's clock, with a wall that a test sets."""

    off_s: float = 0.0

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.off_s)

    def boot_id(self) -> str:
        return "boot"

    def state(self) -> ClockState:
        return ClockState(synced=False, source=None, offset_ms=None)


@dataclass
class Runs:
    """A job that notes when it ran."""

    every_s: float | None
    at_s: list[float] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self) -> float | None:
        with self.changed:
            self.at_s.append(time.monotonic())
            self.changed.notify_all()
        return self.every_s

    def wait(self, count: int, timeout_s: float = 3.0) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: len(self.at_s) >= count, timeout_s)


@pytest.fixture
def jumpy(monkeypatch: pytest.MonkeyPatch) -> JumpyClock:
    clock = JumpyClock()

    class JumpyDatetime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return clock.now().astimezone(tz)

    monkeypatch.setattr(base, "datetime", JumpyDatetime)
    return clock


@pytest.fixture
def schedule(jumpy: JumpyClock) -> Iterator[Schedule]:
    it = Schedule(jumpy, draw=lambda: 0.9)
    it.start()
    yield it
    it.stop(2)


def test_a_job_runs_again_when_it_asked_to(schedule: Schedule) -> None:
    job = Runs(0.05)
    schedule.add("job", job)
    assert job.wait(5)
    gaps = [after - before for before, after in zip(job.at_s, job.at_s[1:], strict=False)]
    assert all(0.045 < gap < 0.5 for gap in gaps), gaps


@pytest.mark.parametrize("jump_s", [-HOUR, HOUR, -180 * 24 * HOUR, 180 * 24 * HOUR])
def test_a_jumped_wall_clock_neither_stops_nor_floods(schedule: Schedule, jumpy: JumpyClock, jump_s: float) -> None:
    job = Runs(0.1)
    schedule.add("job", job)
    assert job.wait(2)
    jumpy.off_s = jump_s
    began, before, cpu_s = time.monotonic(), len(job.at_s), time.process_time()
    time.sleep(1.0)
    runs = len(job.at_s) - before
    assert 3 <= runs <= (time.monotonic() - began) / 0.1 + 1, f"{runs} runs in a second"
    assert time.process_time() - cpu_s < 0.5


def test_without_the_guard_it_would_stop(jumpy: JumpyClock, monkeypatch: pytest.MonkeyPatch) -> None:
    from player.schedule._steady import SteadyScheduler

    monkeypatch.setattr(SteadyScheduler, "_realign", lambda _self: None)
    schedule = Schedule(jumpy)
    schedule.start()
    job = Runs(5.0)
    schedule.add("job", job, first_in_s=0.2)
    jumpy.off_s = -HOUR
    assert not job.wait(1, timeout_s=0.6), "then the guard is not needed any more"
    monkeypatch.undo()
    schedule.stop(2)


def test_a_slow_job_delays_no_other(schedule: Schedule) -> None:
    hang = threading.Event()

    def slow() -> None:
        hang.wait(5)

    for number in range(12):
        schedule.add(f"slow-{number}", slow)
    quick = Runs(0.02)
    schedule.add("quick", quick)
    assert quick.wait(10, timeout_s=2)
    hang.set()


def test_a_job_never_runs_twice_at_once(schedule: Schedule) -> None:
    inside, most = [0], [0]

    def job() -> float:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.03)
        inside[0] -= 1
        return 0.0

    schedule.add("job", job)
    for _ in range(30):
        schedule.wake("job")
        time.sleep(0.01)
    assert most[0] == 1


def test_wake_runs_a_sleeping_job_at_once(schedule: Schedule) -> None:
    job = Runs(None)
    schedule.add("job", job)
    assert job.wait(1)
    time.sleep(0.05)
    began = time.monotonic()
    schedule.wake("job", "no such job")
    assert job.wait(2)
    assert job.at_s[1] - began < 0.2


def test_wake_of_a_running_job_runs_it_once_more(schedule: Schedule) -> None:
    begun, go = threading.Event(), threading.Event()
    runs = Runs(None)

    def job() -> None:
        runs()
        begun.set()
        go.wait(2)

    schedule.add("job", job)
    assert begun.wait(2)
    for _ in range(5):
        schedule.wake("job")
    assert len(runs.at_s) == 1
    go.set()
    assert runs.wait(2)
    time.sleep(0.1)
    assert len(runs.at_s) == 2


def test_no_wake_is_lost(schedule: Schedule) -> None:
    """Every piece of work put down before a wake is taken up by a run that begins after it."""
    todo: list[int] = []
    done: list[int] = []

    def job() -> None:
        while todo:
            done.append(todo.pop())

    schedule.add("job", job)
    for number in range(300):
        todo.append(number)
        schedule.wake("job")
        if number % 7 == 0:
            time.sleep(0.001)
    end = time.monotonic() + 3
    while len(done) < 300 and time.monotonic() < end:
        time.sleep(0.01)
    assert len(done) == 300


def test_a_failing_job_is_logged_and_goes_on(schedule: Schedule, caplog: pytest.LogCaptureFixture) -> None:
    calls = Runs(None)

    def job() -> None:
        calls()
        if len(calls.at_s) == 1:
            raise OohError(Code.FEED_INVALID, "odd")
        if len(calls.at_s) == 2:
            message = "a bug"
            raise ValueError(message)

    schedule.add("job", job)
    assert calls.wait(1)
    schedule.wait_still(1)
    schedule.wake("job")
    assert calls.wait(2)
    schedule.wait_still(1)
    schedule.wake("job")
    assert calls.wait(3)
    schedule.wait_still(1)
    state = schedule.states()["job"]
    assert (state.runs, state.errors, state.last_error) == (3, 2, "ValueError")
    assert caplog.messages.count("job.failed") == 2, "each of another kind; the same again is told once"


def test_stop_waits_for_the_running_and_starts_no_more() -> None:
    schedule = Schedule(SystemClock())
    ended: list[str] = []
    begun = threading.Event()

    def slow() -> None:
        begun.set()
        time.sleep(0.2)
        ended.append("slow")

    quick = Runs(0.01)
    schedule.add("slow", slow)
    schedule.add("quick", quick)
    schedule.start()
    assert begun.wait(1)
    assert schedule.stop(2)
    assert ended == ["slow"]
    count = len(quick.at_s)
    time.sleep(0.1)
    assert len(quick.at_s) == count


def test_stop_does_not_wait_for_ever() -> None:
    schedule = Schedule(SystemClock())
    begun, hang = threading.Event(), threading.Event()

    def hung() -> None:
        begun.set()
        hang.wait(5)

    schedule.add("hung", hung)
    schedule.start()
    assert begun.wait(1)
    began = time.monotonic()
    assert not schedule.stop(0.1)
    assert time.monotonic() - began < 1
    hang.set()


def test_removed_jobs_run_no_more(schedule: Schedule) -> None:
    job = Runs(0.01)
    schedule.add("job", job)
    assert job.wait(3)
    schedule.remove("job", "no such job")
    schedule.wait_still(1)
    count = len(job.at_s)
    time.sleep(0.1)
    assert len(job.at_s) == count


def test_an_idle_schedule_sleeps(schedule: Schedule) -> None:
    jobs = [Runs(None) for _ in range(8)]
    for number, job in enumerate(jobs):
        schedule.add(f"job-{number}", job)
    assert all(job.wait(1) for job in jobs)
    time.sleep(0.1)
    cpu_s = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - cpu_s < 0.1


def test_a_failure_that_lasts_is_told_once(schedule: Schedule, caplog: pytest.LogCaptureFixture) -> None:
    calls = Runs(None)

    def job() -> None:
        calls()
        if len(calls.at_s) != 3:
            raise OohError(Code.JOURNAL_UNAVAILABLE, "disk full")

    schedule.add("job", job)
    for runs in (1, 2, 3, 4):
        assert calls.wait(runs)
        schedule.wait_still(1)
        schedule.wake("job")
    assert caplog.messages.count("job.failed") == 2, "once before it went well for once, once after"
