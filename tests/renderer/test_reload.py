"""SIGHUP in the real screen process: a new configuration in place, the window and its last picture kept."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from cache import Board
from config import Size
from player._ear import Ear
from tests.renderer.screen_process import Screen
from tests.renderer.show.warm import WarmCache
from tests.renderer.watch import Watch
from tests.renderer.window.xserver import XServer

SIZE = Size(320, 180)
RED = (200, 30, 30)
FIRST, SECOND = "#204060", "#208060"
STILL = [{"kind": "house", "seconds": 600, "transition": "cut"}]


def test_it_is_taken_in_place_and_the_picture_stays(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    warm.house(("a.png", warm.plate("a", RED)))
    (tmp_path / "brand").write_text(SECOND)
    with Watch(server) as watch:
        screen = Screen(tmp_path, display=server.name, loop=STILL, brand=FIRST, reloads=True)
        screen.until(lambda: screen.events("play.started"), 60)
        screen.until(lambda: watch.seen[-1:] == [RED[::-1]], 60)
        seen = len(watch.seen)
        screen.process.send_signal(signal.SIGHUP)
        screen.until(lambda: len(screen.events("play.started")) == 2, 60)
        screen.until(lambda: watch.looks > 20, 60)
        assert len(watch.seen) == seen, "nothing but the same picture, 60 looks a second"
        assert screen.events("config.reloaded")[0]["changed"] is True
        assert len(screen.events("screen.opened")) == 1
        screen.process.send_signal(signal.SIGHUP)  # the same again: nothing changes, nothing is cut
        screen.until(lambda: len(screen.events("config.reloaded")) == 2, 60)
        (tmp_path / "brand").write_text("red")
        screen.process.send_signal(signal.SIGHUP)
        screen.until(lambda: screen.events("config.refused"), 60)
        board = Board.read_living(tmp_path / "run", "screen")
        assert board is not None
        assert len(screen.events("play.started")) == 2
        assert screen.stop() == 0
    assert [row.play.end_reason for row in warm.journal.plays()] == ["cut", "cut"]


def test_a_signal_that_comes_while_a_show_begins_again_is_not_lost(warm: WarmCache, tmp_path: Path) -> None:
    warm.house(("a.png", warm.plate("a", RED)))
    brand = tmp_path / "brand"
    screen = Screen(tmp_path, size=str(SIZE), loop=STILL, brand="#000000", reloads=True)
    screen.until(lambda: screen.events("play.started"), 60)
    for number in range(1, 21):
        brand.write_text(f"#2040{number:02x}")
        screen.process.send_signal(signal.SIGHUP)
        screen.until(lambda number=number: len(screen.events("config.reloaded")) >= number, 60)  # type: ignore[misc]
        # It is leaving the show now, or is between two, or begins the next: another one comes all the same.
    screen.process.terminate()
    assert screen.ended(60) in (0, -signal.SIGTERM)


def test_it_tells_whoever_listens(warm: WarmCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """READY after the first frame, RELOADING and READY around a reload, STOPPING at the end."""
    warm.house(("a.png", warm.plate("a", RED)))
    (tmp_path / "brand").write_text(SECOND)
    ear = Ear()
    said: list[str] = []
    monkeypatch.setenv("NOTIFY_SOCKET", ear.address)
    monkeypatch.setenv("WATCHDOG_USEC", "600000000")
    monkeypatch.setenv("WATCHDOG_PID", "")
    screen = Screen(tmp_path, size=str(SIZE), loop=STILL, brand=FIRST, reloads=True)

    def heard(name: str, times: int) -> bool:
        said.extend(next(iter(message)) for pid, message in ear.drain() if pid == screen.process.pid)
        return said.count(name) >= times

    screen.until(lambda: heard("READY", 1), 60)
    assert screen.events("screen.opened")
    screen.process.send_signal(signal.SIGHUP)
    screen.until(lambda: heard("READY", 2), 60)
    assert screen.stop() == 0
    heard("STOPPING", 1)
    ear.close()
    told = [name for name in said if name in ("READY", "RELOADING", "STOPPING")]
    assert told == ["READY", "RELOADING", "READY", "STOPPING"]
    assert said.index("READY") < said.index("WATCHDOG")
