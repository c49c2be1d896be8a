"""Being woken by the supply's alarm. A socket's urgent byte raises what sysfs raises: POLLPRI."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from player.machine import AlarmWatch
from tests.fakes import FakeClock
from tests.player.machine.board import FakeBoard

PATIENCE_S = 60.0


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        near = socket.create_connection(server.getsockname())
        far, _ = server.accept()
        with near, far:
            yield near, far


def test_a_change_wakes(pair: tuple[socket.socket, socket.socket]) -> None:
    near, far = pair
    woken = threading.Event()
    watch = AlarmWatch(os.dup(near.fileno()), woken.set)
    far.send(b"!", socket.MSG_OOB)
    assert woken.wait(PATIENCE_S)
    watch.close()


def test_it_ends_when_nothing_ever_happens(pair: tuple[socket.socket, socket.socket]) -> None:
    woken: list[int] = []
    watch = AlarmWatch(os.dup(pair[0].fileno()), lambda: woken.append(1))
    watch.close()
    watch.close()
    assert not woken


def test_a_board_without_an_alarm_has_none(tmp_path: Path, clock: FakeClock) -> None:
    board = FakeBoard(tmp_path, clock)
    AlarmWatch.open(board.roots, lambda: None).close()
    board.write("sys/class/hwmon/hwmon0/name", "rpi_volt\n")
    AlarmWatch.open(board.roots, lambda: None).close()
