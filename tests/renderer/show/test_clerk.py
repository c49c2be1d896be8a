"""The clerk: in order, insistent, and never in the show's way."""

from __future__ import annotations

import time
from threading import Event

import pytest

from config import Code, OohError
from renderer.show import Clerk


class Desk:
    """What was written, and a journal that refuses or hangs as a test wants it."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.full = False
        self.unlocked = Event()
        self.unlocked.set()

    def write(self, word: str) -> str:
        self.unlocked.wait(20)
        if self.full:
            raise OohError(Code.JOURNAL_UNAVAILABLE, "disk full")
        self.written.append(word)
        return word


def test_what_is_written_is_waited_for() -> None:
    desk, clerk = Desk(), Clerk()
    assert clerk.wait(clerk.write(lambda: desk.write("one"))) == "one"
    assert clerk.close()
    assert clerk.errors == 0


def test_a_locked_journal_is_waited_for_once_until_it_has_caught_up() -> None:
    desk, clerk = Desk(), Clerk(patience_s=0.3)
    desk.unlocked.clear()
    began = time.monotonic()
    assert clerk.wait(clerk.write(lambda: desk.write("one"))) is None
    assert 0.25 < time.monotonic() - began < 2
    began = time.monotonic()
    assert clerk.wait(clerk.write(lambda: desk.write("two"))) is None
    assert time.monotonic() - began < 0.2
    last = clerk.write(lambda: desk.write("three"))
    desk.unlocked.set()
    assert last.result(5) == "three"
    assert desk.written == ["one", "two", "three"]
    time.sleep(0.1)  # the clerk's thread sees that nothing waits
    assert clerk.wait(clerk.write(lambda: desk.write("four"))) == "four"
    assert clerk.close()


def test_a_refused_write_is_tried_until_it_is_taken() -> None:
    desk, clerk = Desk(), Clerk(patience_s=0.05, again_s=0.01)
    desk.full = True
    first, second = clerk.write(lambda: desk.write("one")), clerk.write(lambda: desk.write("two"))
    assert clerk.wait(first) is None
    assert clerk.errors > 1
    desk.full = False
    assert (first.result(5), second.result(5)) == ("one", "two")
    assert desk.written == ["one", "two"]
    assert clerk.close()


def test_what_is_lost_at_the_end_is_told(caplog: pytest.LogCaptureFixture) -> None:
    desk, clerk = Desk(), Clerk(patience_s=0.05, again_s=60)
    desk.full = True
    first = clerk.write(lambda: desk.write("one"), id="play-1")
    assert clerk.wait(first) is None
    clerk.write(lambda: desk.write("two"), id="play-2")
    assert clerk.close()
    lost = [record.__dict__["facts"]["id"] for record in caplog.records if record.getMessage() == "write.lost"]
    assert lost == ["play-1", "play-2"]
    assert clerk.wait(first) is None


def test_a_hanging_write_does_not_hold_up_the_end(caplog: pytest.LogCaptureFixture) -> None:
    desk, clerk = Desk(), Clerk(last_chance_s=0.1)
    desk.unlocked.clear()
    clerk.write(lambda: desk.write("one"), id="play-1")
    clerk.write(lambda: desk.write("two"), id="play-2")
    assert not clerk.close()
    assert [record.__dict__["facts"]["id"] for record in caplog.records] == ["play-2"]
    desk.unlocked.set()


def test_a_fault_of_ours_holds_up_no_other_write(caplog: pytest.LogCaptureFixture) -> None:
    desk, clerk = Desk(), Clerk()
    assert clerk.wait(clerk.write(lambda: 1 // 0, id="play-1")) is None
    assert clerk.wait(clerk.write(lambda: desk.write("two"))) == "two"
    assert [record.getMessage() for record in caplog.records] == ["clerk.failed"]
    assert clerk.lost == 1
    assert clerk.close()
