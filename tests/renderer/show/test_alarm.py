"""The alarm sleeps without polling and wakes for what matters."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cache import Doorbell, SystemClock, ring
from renderer.show import Alarm

CLOCK = SystemClock()


@pytest.fixture
def alarm(tmp_path: Path) -> Iterator[Alarm]:
    made = Alarm(Doorbell.listen(tmp_path, "screen"), CLOCK)
    yield made
    made.close()


def took(alarm: Alarm, until_s: float | None, at_most_s: float | None = None) -> tuple[float, tuple[str, ...]]:
    began = time.monotonic()
    words = alarm.wait(None if until_s is None else CLOCK.monotonic_ns() + round(until_s * 1e9), at_most_s)
    return time.monotonic() - began, words


def test_it_sleeps_to_the_deadline(alarm: Alarm) -> None:
    seconds, words = took(alarm, 0.1)
    assert 0.095 <= seconds < 0.3
    assert words == ()


def test_a_deadline_in_the_past_does_not_sleep(alarm: Alarm) -> None:
    assert took(alarm, -5)[0] < 0.05


def test_no_sleep_is_longer_than_the_window_allows(alarm: Alarm) -> None:
    assert took(alarm, None, at_most_s=0.05)[0] < 0.3


def test_the_bell_wakes_it_with_its_words(alarm: Alarm, tmp_path: Path) -> None:
    threading.Timer(0.05, lambda: ring(tmp_path, "screen", "leases")).start()
    seconds, words = took(alarm, 10)
    assert seconds < 5
    assert words == ("leases",)


def test_a_nudge_from_another_thread_wakes_it_once(alarm: Alarm) -> None:
    threading.Timer(0.05, alarm.nudge).start()
    assert took(alarm, 10)[0] < 5
    assert took(alarm, 0.05)[0] >= 0.045


def test_a_signal_wakes_it(alarm: Alarm) -> None:
    seen: list[int] = []
    old = signal.signal(signal.SIGUSR1, lambda number, _: seen.append(number))
    old_fd = signal.set_wakeup_fd(alarm.wake_fd, warn_on_full_buffer=False)
    try:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        assert took(alarm, 10)[0] < 5
        assert seen == [signal.SIGUSR1]
    finally:
        signal.set_wakeup_fd(old_fd)
        signal.signal(signal.SIGUSR1, old)


def test_nudging_never_blocks_and_never_raises() -> None:
    alarm = Alarm(None, CLOCK)
    for _ in range(5_000):
        alarm.nudge()
    assert took(alarm, 10)[0] < 1
    alarm.close()
    alarm.nudge()


def test_without_a_bell_it_still_looks_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renderer.show._alarm._WITHOUT_BELL_S", 0.05)
    alarm = Alarm(None, CLOCK)
    assert took(alarm, None)[0] < 1
    alarm.close()
