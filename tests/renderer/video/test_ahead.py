"""Decoding ahead: a few pictures and no more, run after run, and what is past is dropped."""

from __future__ import annotations

import threading
import time

import pytest

from config import Code, OohError
from renderer.video import Picture, ReadAhead
from renderer.video._ahead import MOST_AHEAD
from tests.renderer.video.fakes import PATIENCE_S, FakeDecoder, ahead_of

MS = 1_000_000
TIMES = (0, 25, 50, 75)


def taken(ahead: ReadAhead, now_ms: int) -> tuple[str | None, int]:
    """Which picture is due, by its time within its run, and how many were dropped."""
    assert ahead.wait_ready(PATIENCE_S)
    picture, dropped = ahead.take(now_ms * MS)
    return None if picture is None else said(picture), dropped


def said(picture: Picture) -> str:
    assert isinstance(picture.pixels, bytes)
    return f"{picture.at_ns // MS}:{picture.pixels.decode()}"


def test_the_first_picture_is_the_base_and_not_given_again() -> None:
    decoder = FakeDecoder(TIMES)
    ahead = ahead_of(decoder)
    assert [taken(ahead, ms) for ms in (0, 25, 50, 75)] == [(None, 0), ("25:25", 0), ("50:50", 0), ("75:75", 0)]
    ahead.close()


def test_it_goes_round_without_a_gap_and_without_opening_again() -> None:
    decoder = FakeDecoder(TIMES)
    ahead = ahead_of(decoder)
    seen = [taken(ahead, ms)[0] for ms in range(25, 300, 25)]
    assert seen[2:8] == ["75:75", "100:0", "125:25", "150:50", "175:75", "200:0"]
    assert set(decoder.runs) == {0}
    ahead.close()


def test_it_ends_after_its_runs() -> None:
    decoder = FakeDecoder(TIMES)
    ahead = ahead_of(decoder, loops=2)
    assert [taken(ahead, ms)[0] for ms in range(25, 200, 25)][-1] == "175:75"
    assert decoder.closed.wait(PATIENCE_S)
    assert ahead.join(PATIENCE_S)
    assert ahead.ended
    assert ahead.error is None


def test_only_a_few_wait() -> None:
    decoded: list[int] = []
    ahead = ahead_of(FakeDecoder(range(0, 10_000, 10), before=decoded.append), duration_ms=10_000, frames=1000)
    assert ahead.wait_ready(PATIENCE_S)
    time.sleep(0.1)
    assert len(decoded) <= MOST_AHEAD + 2  # the base, and one in the hand
    ahead.close()


def test_what_is_past_is_dropped_and_counted() -> None:
    ahead = ahead_of(FakeDecoder(TIMES), loops=1)
    assert ahead.wait_ready(PATIENCE_S)
    deadline = time.monotonic() + PATIENCE_S
    while ahead.next_ns() is None or len(ahead._pictures) < 3:
        assert time.monotonic() < deadline
    assert taken(ahead, 75) == ("75:75", 2)
    ahead.close()


def test_far_behind_it_goes_on_where_the_show_is_and_counts_what_it_left_out() -> None:
    go = threading.Event()
    times = range(0, 10_000, 100)
    decoder = FakeDecoder(times, before=lambda at_ms: None if at_ms < 500 else go.wait(PATIENCE_S))
    ahead = ahead_of(decoder, duration_ms=10_000, frames=100)
    ahead.begin(lambda: 5_000 * MS)
    assert taken(ahead, 400)[0] is not None
    go.set()
    deadline, seen, dropped = time.monotonic() + PATIENCE_S, None, 0
    while seen is None:
        picture, more = ahead.take(5_000 * MS)
        dropped += more
        seen = None if picture is None or picture.at_ns < 5_000 * MS else said(picture)
        assert time.monotonic() < deadline
    assert seen == "5000:5000"
    assert decoder.runs[-1] == 5000
    assert 40 <= dropped <= 50
    ahead.close()


def test_what_fails_is_kept_for_who_asks() -> None:
    decoder = FakeDecoder(TIMES, fails_at_ms=50)
    ahead = ahead_of(decoder)
    assert taken(ahead, 25) == ("25:25", 0)
    assert ahead.join(PATIENCE_S)
    assert ahead.ended
    assert isinstance(ahead.error, OohError)
    assert decoder.closed.is_set()


def test_a_video_without_pictures_does_not_spin() -> None:
    ahead = ahead_of(FakeDecoder(()))
    assert ahead.join(PATIENCE_S)
    assert isinstance(ahead.error, OohError)
    assert ahead.error.code is Code.PLATE_CORRUPT


def test_a_decoder_that_cannot_be_opened_is_an_error_like_any() -> None:
    def broken() -> FakeDecoder:
        raise MemoryError

    ahead = ReadAhead(broken, 100, 4, 0)
    assert ahead.wait_ready(PATIENCE_S)
    assert isinstance(ahead.error, MemoryError)


@pytest.mark.parametrize("begun", [True, False])
def test_closing_ends_the_thread_wherever_it_is(begun: bool) -> None:
    before = set(threading.enumerate())
    decoder = FakeDecoder(range(0, 100_000, 10))
    ahead = ahead_of(decoder, duration_ms=100_000, frames=10_000)
    if begun:
        ahead.begin(lambda: 0)
        taken(ahead, 30)
    ahead.close()
    assert ahead.join(PATIENCE_S)
    assert decoder.closed.is_set()
    assert not set(threading.enumerate()) - before  # threads of other tests may end meanwhile
