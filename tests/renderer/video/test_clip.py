"""Pacing: by the clock, never slower; and a decoder that stands still is noticed."""

from __future__ import annotations

import logging
import threading

import pytest

from config import Code, OohError
from renderer.video import Clip, Picture
from tests.fakes import FakeClock
from tests.renderer.video.fakes import PATIENCE_S, FakeDecoder, ahead_of

MS = 1_000_000
TIMES = (0, 25, 50, 75)


def started(clock: FakeClock, decoder: FakeDecoder, loops: int = 0) -> Clip:
    clip = Clip(ahead_of(decoder, loops=loops), clock)
    clip.check_ready(PATIENCE_S)
    clip.begin(clock.monotonic_ns())
    return clip


def step(clip: Clip, clock: FakeClock, to_ms: int, began_ns: int) -> tuple[Picture | None, int]:
    clip._ahead.wait_ready(PATIENCE_S)
    clock.advance((began_ns + to_ms * MS - clock.monotonic_ns()) / 1e9)
    done = clip.advance(clock.monotonic_ns())
    return done.picture, done.late


def standing(clip: Clip) -> Code | None:
    return None if clip.error is None else clip.error.code


def test_pictures_are_due_by_their_times(clock: FakeClock) -> None:
    began_ns = clock.monotonic_ns()
    clip = started(clock, FakeDecoder(TIMES))
    for at_ms in (25, 50, 75, 100, 125):
        clip._ahead.wait_ready(PATIENCE_S)
        assert clip.due_ns == began_ns + at_ms * MS
        picture, late = step(clip, clock, at_ms, began_ns)
        assert picture is not None
        assert (picture.at_ns, late) == (at_ms * MS, 0)
    clip.close()


@pytest.mark.parametrize(("late_ms", "late"), [(24, 0), (26, 1)])
def test_one_that_a_person_sees_come_late_is_late(clock: FakeClock, late_ms: int, late: int) -> None:
    began_ns = clock.monotonic_ns()
    clip = started(clock, FakeDecoder((0, 25, 99)))
    assert step(clip, clock, 25 + late_ms, began_ns)[1] == late
    clip.close()


def test_after_its_last_run_the_last_picture_stays(clock: FakeClock) -> None:
    began_ns = clock.monotonic_ns()
    clip = started(clock, FakeDecoder(TIMES), loops=1)
    for at_ms in (25, 50, 75):
        assert step(clip, clock, at_ms, began_ns)[0] is not None
    assert clip._ahead.join(PATIENCE_S)
    assert step(clip, clock, 100, began_ns) == (None, 0)
    assert clip.due_ns is None
    assert clip.error is None


def test_a_decoder_that_stands_still_is_told_once_and_forgiven(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    go, distrusted = threading.Event(), []
    decoder = FakeDecoder(TIMES, before=lambda at_ms: None if at_ms < 50 else go.wait(PATIENCE_S))
    clip = Clip(ahead_of(decoder), clock, lambda: distrusted.append(True))
    clip.check_ready(PATIENCE_S)
    began_ns = clock.monotonic_ns()
    clip.begin(began_ns)
    assert step(clip, clock, 25, began_ns)[0] is not None
    for _ in range(3):
        clock.advance(0.6)
        assert clip.advance(clock.monotonic_ns()).picture is None
    assert standing(clip) is Code.VIDEO_STALLED
    assert [record.message for record in caplog.records] == ["video.stalled"]
    assert distrusted == [True]
    assert clip.due_ns is not None
    assert clip.due_ns > clock.monotonic_ns() + 50 * MS, "it is looked for seldom"
    go.set()
    assert clip._ahead.wait_ready(PATIENCE_S)
    assert clip.advance(clock.monotonic_ns()).picture is not None
    assert standing(clip) is None
    assert caplog.records[-1].message == "video.goes_on"
    clip.close()


def test_a_decoder_that_fails_on_the_way_leaves_its_last_picture(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    began_ns = clock.monotonic_ns()
    clip = started(clock, FakeDecoder(range(0, 100, 10), fails_at_ms=70))
    for at_ms in (10, 20, 30, 40, 50, 60):
        assert step(clip, clock, at_ms, began_ns)[0] is not None
    assert clip._ahead.join(PATIENCE_S)
    assert step(clip, clock, 70, began_ns)[0] is None
    assert clip.due_ns is None
    assert clip.error is not None
    assert clip.error.code is Code.PLATE_CORRUPT
    assert [record.message for record in caplog.records] == ["video.failed"]


def test_one_that_cannot_begin_is_refused_before_it_is_on(clock: FakeClock) -> None:
    clip = Clip(ahead_of(FakeDecoder((0, 25), fails_at_ms=0)), clock)
    with pytest.raises(OohError, match="as asked"):
        clip.check_ready(PATIENCE_S)


def test_a_slow_one_may_begin(clock: FakeClock) -> None:
    go = threading.Event()
    clip = Clip(ahead_of(FakeDecoder(TIMES, before=lambda _: go.wait(PATIENCE_S))), clock)
    clip.check_ready(0.01)
    clip.begin(clock.monotonic_ns())
    assert clip.due_ns is not None
    assert clip.advance(clock.monotonic_ns()).picture is None
    assert clip.error is None
    go.set()
    clip.close()
