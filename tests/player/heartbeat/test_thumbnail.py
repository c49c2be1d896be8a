"""The picture in a heartbeat: asked from the screen by its doorbell, small, or none."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cache import Doorbell
from player.heartbeat import take_thumbnail
from tests.fakes import FakeClock


@dataclass
class Screen:
    """Answers as the screen does."""

    asked: list[int] = field(default_factory=list)
    """The widths that it was asked for."""
    written: threading.Event = field(default_factory=threading.Event)

    def wait(self, _seconds: float) -> None:
        """However busy the machine is: until there is a picture."""
        assert self.written.wait(60)
        self.written.clear()


@contextmanager
def screen(run: Path, picture: Callable[[int], bytes]) -> Iterator[Screen]:
    told = Screen()
    bell = Doorbell.listen(run, "screen")
    stop = threading.Event()

    def answer() -> None:
        while not stop.wait(0.005):
            for word in bell.drain():
                match = re.fullmatch(r"screenshot@(\d+):(.+)", word)
                assert match is not None
                told.asked.append(int(match[1]))
                target = Path(match[2])
                temp = target.with_suffix(".new")
                temp.write_bytes(picture(int(match[1])))
                temp.replace(target)
                told.written.set()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join(60)
        bell.close()


def test_a_picture_is_taken_and_nothing_is_left(tmp_path: Path, clock: FakeClock) -> None:
    with screen(tmp_path, lambda width: b"\xff\xd8" + bytes(width)) as asked:
        told = take_thumbnail(tmp_path, clock, asked.wait)
    assert told is not None
    assert told["type"] == "image/jpeg"
    assert told["taken_at"] == "2026-11-22T12:00:00.000Z"
    assert base64.b64decode(told["data"]) == b"\xff\xd8" + bytes(320)
    assert asked.asked == [320]
    assert not list(tmp_path.glob("thumbnail*"))


def test_one_that_is_too_large_is_asked_for_smaller(tmp_path: Path, clock: FakeClock) -> None:
    with screen(tmp_path, lambda width: bytes(200 * width)) as asked:
        told = take_thumbnail(tmp_path, clock, asked.wait)
    assert asked.asked == [320, 192, 96]
    assert told is not None
    assert len(base64.b64decode(told["data"])) == 200 * 96
    with screen(tmp_path, lambda _: bytes(40_000)) as asked:
        assert take_thumbnail(tmp_path, clock, asked.wait) is None


def test_without_a_screen_there_is_none(tmp_path: Path, clock: FakeClock) -> None:
    assert take_thumbnail(tmp_path, clock) is None


def test_a_screen_that_does_not_answer_is_not_waited_for_for_long(tmp_path: Path, clock: FakeClock) -> None:
    bell = Doorbell.listen(tmp_path, "screen")
    waits: list[float] = []
    assert take_thumbnail(tmp_path, clock, waits.append) is None
    assert sum(waits) <= 5.001
    bell.close()
