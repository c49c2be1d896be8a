"""News of the wall clock come from the kernel; nothing comes while nobody sets it."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator

import pytest

from renderer.show import WallClock


@pytest.fixture
def wall() -> Iterator[WallClock]:
    made = WallClock()
    yield made
    made.close()


def test_nothing_is_said_while_nobody_sets_it(wall: WallClock) -> None:
    assert select.select([wall], (), (), 0.05) == ([], [], [])
    assert not wall.was_set()


def test_a_change_is_told_once(wall: WallClock, monkeypatch: pytest.MonkeyPatch) -> None:
    read = os.read

    def cancelled(fd: int, count: int) -> bytes:
        if fd == wall.fileno():
            raise OSError(125, "Operation canceled")  # ECANCELED, as timerfd_create(2) says
        return read(fd, count)

    with monkeypatch.context() as patched:
        patched.setattr(os, "read", cancelled)
        assert wall.was_set()
    assert not wall.was_set()


def test_it_is_closed() -> None:
    other = WallClock()
    fd = other.fileno()
    other.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)
