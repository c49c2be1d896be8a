"""What the show owes the watchdog, and what becomes of a fault."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cache import Folders, Notify, PlayLayout
from config import Code, OohError, Size
from renderer.show import Choice, Guard, LoopState, Staged, Worker
from renderer.show._motion import Moved
from renderer.show._on_air import OnAir
from renderer.watchdog import EXIT_PROCESS, EXIT_SERVICE, Escalator, Owed, Watch
from renderer.window import Frame
from tests.fakes import FakeClock

SIZE = Size(64, 32)
S = 1_000_000_000


@dataclass
class FakeMotion:
    due_ns: int | None = None
    error: OohError | None = None

    def begin(self, started_ns: int) -> None:
        raise AssertionError(started_ns)

    def advance(self, now_ns: int) -> Moved:
        raise AssertionError(now_ns)

    def close(self) -> None:
        """It holds nothing."""


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(lambda: None)
    yield made
    made.close()


@pytest.fixture
def guard(tmp_path: Path, clock: FakeClock, worker: Worker) -> Guard:
    folders = Folders(tmp_path, tmp_path)
    escalator = Escalator(folders, clock, end_process=lambda _code: None)
    return Guard(Watch(clock, Notify(), escalator), clock, worker)


def on_air(clock: FakeClock, motion: FakeMotion | None = None, seconds: float = 10) -> OnAir:
    frame = Frame(SIZE)
    staged = Staged(Choice("house", 10_000, "cut", LoopState()), frame, frame.read, (), (), PlayLayout(None, (), None))
    now_ns = clock.monotonic_ns()
    return OnAir(staged, now_ns, clock.now(), now_ns + round(seconds * S), motion=motion)


def reasons(owed: list[Owed]) -> list[tuple[str, int]]:
    return [(each.reason.code, each.since_ns) for each in owed]


def test_the_first_frame_is_owed_from_the_beginning(guard: Guard, clock: FakeClock) -> None:
    began_ns = clock.monotonic_ns()
    clock.advance(5)
    assert reasons(guard.owed(None)) == [("watchdog.no_frame", began_ns)]


def test_a_still_owes_nothing_but_the_next_slot(guard: Guard, clock: FakeClock) -> None:
    on = on_air(clock)
    assert reasons(guard.owed(on)) == [("watchdog.no_frame", on.until_ns)]


def test_what_moves_owes_its_next_picture(guard: Guard, clock: FakeClock) -> None:
    on = on_air(clock, FakeMotion(due_ns=7))
    assert reasons(guard.owed(on)) == [("watchdog.no_frame", 7), ("watchdog.no_frame", on.until_ns)]
    assert reasons(guard.owed(on_air(clock, FakeMotion()))) == [("watchdog.no_frame", on.until_ns)]


def test_what_stands_still_is_known_since_it_was_seen_and_forgiven_when_it_goes_on(
    guard: Guard, clock: FakeClock
) -> None:
    motion = FakeMotion(due_ns=clock.monotonic_ns() + 10 * S, error=OohError(Code.VIDEO_STALLED))
    on, seen_ns = on_air(clock, motion), clock.monotonic_ns()
    for _ in range(3):
        assert reasons(guard.owed(on))[0] == ("watchdog.decoder", seen_ns)
        clock.advance(1)
    motion.error = None
    assert "watchdog.decoder" not in dict(reasons(guard.owed(on)))
    motion.error = OohError(Code.VIDEO_STALLED)
    assert reasons(guard.owed(on))[0] == ("watchdog.decoder", clock.monotonic_ns())


def test_an_animation_that_cannot_be_read_stands_still_too(guard: Guard, clock: FakeClock) -> None:
    on = on_air(clock)
    on.broken = True
    assert reasons(guard.owed(on))[0][0] == "watchdog.decoder"
    assert reasons(guard.owed(on_air(clock)))[0][0] == "watchdog.no_frame"


def test_a_worker_owes_what_it_was_given(guard: Guard, clock: FakeClock, worker: Worker) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait(60)

    done = worker.do(work)
    assert begun.wait(60)
    assert reasons(guard.owed(on_air(clock)))[0][0] == "watchdog.worker"
    go_on.set()
    done.result(60)
    assert reasons(guard.owed(on_air(clock)))[0][0] == "watchdog.no_frame"


def test_a_worker_that_failed_is_at_rest(worker: Worker) -> None:
    def fails() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        worker.do(fails).result(60)
    assert worker.busy_since_ns is None


def test_a_fault_ends_the_show_step_by_step_and_bills_nobody(guard: Guard, clock: FakeClock) -> None:
    on = on_air(clock)
    codes = []
    for what in (on, None, None):
        assert guard.escalate(Code.WATCHDOG_EMPTY, what)
        codes.append(guard.exit_code)
    assert codes == [None, EXIT_PROCESS, EXIT_SERVICE]  # at first the display is opened anew
    assert on.ended(clock.monotonic_ns(), clock.now(), whole=True).end_reason == "error"
    last = on_air(clock)
    assert not guard.escalate(Code.WATCHDOG_EMPTY, last)
    assert not last.broken  # it waits; what is on goes on


def test_a_worker_that_hangs_needs_a_new_process_at_once(guard: Guard, clock: FakeClock) -> None:
    assert guard.escalate(Code.WATCHDOG_WORKER, on_air(clock))
    assert guard.exit_code == EXIT_PROCESS


def test_the_board_is_written_again_when_there_is_news(guard: Guard) -> None:
    assert not guard.news()
    guard.watch.verified_ns = 5
    assert guard.news()
    assert not guard.news()
    guard.watch.fault = Code.WATCHDOG_EMPTY
    assert guard.news()
    assert not guard.news()
