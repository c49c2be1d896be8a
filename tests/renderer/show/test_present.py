"""Presenting: fades by the clock, animations by their dirty parts, and a window that was covered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from cache import PlayLayout
from config import Config, Rect, Size, Transition
from renderer.show import Choice, LoopState, Presenter, ShowKind, ShowSettings, Staged, Worker
from renderer.watchdog import Glance
from renderer.window import Capture, Crossing, Frame, Movement, Output, Overlay, WindowEvent
from tests.fakes import FakeClock

SIZE = Size(64, 32)
SETTINGS = ShowSettings.of(Config(), SIZE)


@dataclass
class FakeDisplay:
    """A display that remembers what it was asked to present, and when."""

    clock: FakeClock
    size: Size = SIZE
    output: Output = Output("fake", "software", "surface", vsync=False, refresh_hz=50.0)  # noqa: RUF009 - it is frozen
    ears: tuple[int, ...] = ()
    pump_s: float | None = None
    takes_yuv: bool = False
    evidence: str | None = None
    drm_fd: int | None = None
    state: Any = "unknown"
    events: tuple[WindowEvent, ...] = ()
    shown: list[tuple[Frame, Sequence[Rect] | None]] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    readied: list[Frame] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    took_ns: int = 0
    shown_ns: int = 0

    def show(self, frame: Frame, dirty: Sequence[Rect] | None = None, overlay: Overlay | None = None) -> int:
        assert overlay is None
        self.shown.append((frame, dirty))
        self.clock.advance(self.took_ns / 1e9)
        return self.clock.monotonic_ns()

    def make_ready(self, frame: Frame) -> None:
        self.readied.append(frame)

    def cross(self, old: Frame, new: Frame, movement: Movement) -> Crossing:
        assert old is not new
        self.movements.append(movement)
        return self

    def set_brightness(self, percent: int) -> None:
        raise AssertionError(percent)

    def step(self, share: float) -> int:
        self.shares.append(share)
        return self.clock.monotonic_ns()

    def capture(self, most_width: int | None = None) -> Capture:
        raise AssertionError(most_width)

    def glance(self, turn: int) -> tuple[Glance, ...]:
        raise AssertionError(turn)

    def show_again(self) -> None:
        raise AssertionError

    def pump(self) -> tuple[WindowEvent, ...]:
        return self.events

    def close(self) -> None:
        """Nothing is open."""


def staged(kind: ShowKind = "house", transition: Transition = "fade") -> Staged:
    frame = Frame(SIZE)
    choice = Choice(kind, 1000, transition, LoopState())
    return Staged(choice, frame, frame.read, (), (), PlayLayout(None, (), None))


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

    presenter.cross(staged(), staged(), "fade", clock.monotonic_ns(), sleep_until)
    assert len(display.shares) == 19  # 0.4 s at 50 Hz, without the first and the last, which are whole frames
    assert display.shares == sorted(display.shares)
    assert (0 < display.shares[0] < 0.02, 0.98 < display.shares[-1] < 1) == (True, True)


def test_a_slow_machine_takes_fewer_steps_not_more_time(
    presenter: Presenter, display: FakeDisplay, clock: FakeClock
) -> None:
    def oversleep(_: int) -> bool:
        clock.advance(0.15)
        return True

    presenter.cross(staged(), staged(), "slide", clock.monotonic_ns(), oversleep)
    assert len(display.shares) == 2
    assert clock.monotonic_ns() - FakeClock().monotonic_ns() <= 450_000_000


def test_a_bell_in_a_fade_makes_no_step(presenter: Presenter, display: FakeDisplay, clock: FakeClock) -> None:
    def woken_early(due_ns: int) -> bool:
        clock.advance(max(0.005, (due_ns - clock.monotonic_ns()) / 2e9))
        return True

    presenter.cross(staged(), staged(), "fade", clock.monotonic_ns(), woken_early)
    assert len(display.shares) < 25


def test_a_fade_ends_with_the_show(presenter: Presenter, display: FakeDisplay) -> None:
    presenter.cross(staged(), staged(), "fade", display.clock.monotonic_ns(), lambda _: False)
    assert display.shares == []


@pytest.mark.parametrize(
    ("kinds", "transition", "usual", "expected"),
    [
        (("house", "house"), "cut", "fade", None),
        (("house", "house"), "slide", "fade", "slide"),
        (("house", "house"), "fade", "cut", "fade"),
        (("house", "house"), "default", "cut", None),
        (("house", "house"), "default", "slide", "slide"),
        (("slate", "house"), "default", "fade", "fade"),
        (("content", "content"), "fade", "fade", None),
        (("content", "house"), "fade", "fade", "fade"),
    ],
)
def test_how_the_new_takes_over(
    presenter: Presenter, kinds: tuple[ShowKind, ShowKind], transition: Transition, usual: Any, expected: str | None
) -> None:
    old, new = (staged(kind, transition) for kind in kinds)
    assert presenter.movement(old, new, replace(SETTINGS, transition=usual)) == expected


def test_a_window_that_was_covered_is_presented_whole_again(presenter: Presenter, display: FakeDisplay) -> None:
    on_air = presenter.bring_on(staged())
    presenter.keep_alive(on_air, SETTINGS, {})
    assert len(display.shown) == 1
    display.events = ("exposed",)
    presenter.keep_alive(on_air, SETTINGS, {})
    assert display.shown[1:] == [(on_air.staged.frame, None)]
    assert on_air.frames_presented == 1  # the same frame


def test_what_the_window_says_is_passed_on(presenter: Presenter, display: FakeDisplay) -> None:
    display.events = ("close",)
    assert presenter.keep_alive(presenter.bring_on(staged()), SETTINGS, {}) == ("close",)
    assert presenter.keep_alive(None, SETTINGS, {}) == ("close",)


def test_a_frame_is_made_ready_once(presenter: Presenter, display: FakeDisplay) -> None:
    coming = staged()
    presenter.make_ready(None)
    presenter.make_ready(coming)
    presenter.make_ready(coming)
    assert display.readied == [coming.frame]


def test_a_staged_frame_is_held_until_its_time(presenter: Presenter, clock: FakeClock) -> None:
    at_ns = clock.monotonic_ns() + 500_000_000
    on_air = presenter.bring_on(staged(), at_ns, sleeper(clock))
    assert at_ns - 10_000_000 <= on_air.started_ns <= at_ns  # half a refresh early at most
    assert on_air.until_ns == at_ns + 1_000_000_000
    assert presenter.punctual.error_ns == on_air.started_ns - at_ns


def test_a_display_that_takes_its_time_is_asked_earlier(
    presenter: Presenter, display: FakeDisplay, clock: FakeClock
) -> None:
    display.took_ns = 8_000_000
    at_ns = clock.monotonic_ns()
    for _ in range(20):
        at_ns += 1_000_000_000
        presenter.bring_on(staged(), at_ns, sleeper(clock))
    assert presenter.punctual.error_ns == pytest.approx(-5_000_000, abs=50_000)  # a quarter of a refresh early


def test_a_frame_s_delay_does_not_move_what_comes_after(presenter: Presenter, clock: FakeClock) -> None:
    at_ns = clock.monotonic_ns() - 15_000_000  # late by less than one refresh of 20 ms
    assert presenter.bring_on(staged(), at_ns).until_ns == at_ns + 1_000_000_000
    at_ns = clock.monotonic_ns() - 50_000_000
    assert presenter.bring_on(staged(), at_ns).until_ns == at_ns + 30_000_000 + 1_000_000_000
    assert presenter.punctual.error_ns == 50_000_000


def test_without_a_time_it_comes_at_once(presenter: Presenter, clock: FakeClock) -> None:
    on_air = presenter.bring_on(staged())
    assert on_air.started_ns == clock.monotonic_ns()
    assert presenter.punctual.error_ns is None


def sleeper(clock: FakeClock) -> Callable[[int], bool]:
    def sleep_until(due_ns: int) -> bool:
        clock.advance(max(0, due_ns - clock.monotonic_ns()) / 1e9)
        return True

    return sleep_until
