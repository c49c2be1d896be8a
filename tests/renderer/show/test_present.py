"""Presenting: fades by the clock, animations by their dirty parts, and a window that was covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from cache import PlayLayout
from config import Config, Rect, Size, Transition
from renderer.show import Choice, LoopState, Presenter, ShowKind, ShowSettings, Staged, Worker
from renderer.window import Capture, Fade, Frame, Overlay, WindowEvent
from tests.fakes import FakeClock

SIZE = Size(64, 32)
SETTINGS = ShowSettings.of(Config(), SIZE)


@dataclass
class FakeDisplay:
    """A display that remembers what it was asked to present, and when."""

    clock: FakeClock
    size: Size = SIZE
    driver: str = "fake"
    refresh_hz: float = 50.0
    pump_s: float | None = None
    takes_yuv: bool = False
    evidence: str | None = None
    state: Any = "unknown"
    events: tuple[WindowEvent, ...] = ()
    shown: list[tuple[Frame, Sequence[Rect] | None]] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)

    def show(self, frame: Frame, dirty: Sequence[Rect] | None = None, overlay: Overlay | None = None) -> int:
        assert overlay is None
        self.shown.append((frame, dirty))
        return self.clock.monotonic_ns()

    def fade(self, old: Frame, new: Frame) -> Fade:
        assert old is not new
        return self

    def step(self, share: float) -> int:
        self.shares.append(share)
        return self.clock.monotonic_ns()

    def capture(self) -> Capture:
        raise AssertionError

    def pump(self) -> tuple[WindowEvent, ...]:
        return self.events

    def close(self) -> None:
        """Nothing is open."""


def staged(kind: ShowKind = "house", transition: Transition = "fade") -> Staged:
    frame = Frame(SIZE)
    choice = Choice(kind, 1000, transition, LoopState())
    return Staged(choice, frame, frame.read, None, (), PlayLayout(None, (), None))


@pytest.fixture
def display(clock: FakeClock) -> FakeDisplay:
    return FakeDisplay(clock)


@pytest.fixture
def presenter(display: FakeDisplay, clock: FakeClock) -> Presenter:
    return Presenter(display, clock, Worker(lambda: None))


def test_a_fade_follows_the_clock_and_grows(presenter: Presenter, display: FakeDisplay, clock: FakeClock) -> None:
    def sleep_until(due_ns: int) -> bool:
        clock.advance((due_ns - clock.monotonic_ns()) / 1e9)
        return True

    presenter.fade(staged(), staged(), sleep_until)
    assert len(display.shares) == 19  # 0.4 s at 50 Hz, without the first and the last, which are whole frames
    assert display.shares == sorted(display.shares)
    assert (0 < display.shares[0] < 0.02, 0.98 < display.shares[-1] < 1) == (True, True)


def test_a_slow_machine_takes_fewer_steps_not_more_time(
    presenter: Presenter, display: FakeDisplay, clock: FakeClock
) -> None:
    def oversleep(_: int) -> bool:
        clock.advance(0.15)
        return True

    presenter.fade(staged(), staged(), oversleep)
    assert len(display.shares) == 3
    assert clock.monotonic_ns() - FakeClock().monotonic_ns() <= 450_000_000


def test_a_bell_in_a_fade_makes_no_step(presenter: Presenter, display: FakeDisplay, clock: FakeClock) -> None:
    def woken_early(due_ns: int) -> bool:
        clock.advance(max(0.005, (due_ns - clock.monotonic_ns()) / 2e9))
        return True

    presenter.fade(staged(), staged(), woken_early)
    assert len(display.shares) < 25


def test_a_fade_ends_with_the_show(presenter: Presenter, display: FakeDisplay) -> None:
    presenter.fade(staged(), staged(), lambda _: False)
    assert display.shares == []


@pytest.mark.parametrize(("old", "new"), [(staged(), staged(transition="cut")), (staged("content"), staged("content"))])
def test_where_there_is_nothing_to_fade(presenter: Presenter, display: FakeDisplay, old: Staged, new: Staged) -> None:
    presenter.fade(old, new, lambda _: True)
    assert display.shares == []


def test_a_window_that_was_covered_is_presented_whole_again(presenter: Presenter, display: FakeDisplay) -> None:
    on_air = presenter.bring_on(staged())
    assert presenter.keep_alive(on_air, SETTINGS, {})
    assert len(display.shown) == 1
    display.events = ("exposed",)
    assert presenter.keep_alive(on_air, SETTINGS, {})
    assert display.shown[1:] == [(on_air.staged.frame, None)]
    assert on_air.frames_presented == 1  # the same frame


def test_a_closed_window_ends_the_show(presenter: Presenter, display: FakeDisplay) -> None:
    display.events = ("close",)
    assert not presenter.keep_alive(presenter.bring_on(staged()), SETTINGS, {})
    assert not presenter.keep_alive(None, SETTINGS, {})
