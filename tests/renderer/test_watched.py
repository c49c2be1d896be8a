"""The watchdog on the real screen process: what hangs, stands still or is painted over, judged by an X server's pixels.

The supervisor of `ooh-player run` stands outside. Its patience is ten minutes, which a test lets pass at once when
nothing can come any more: no test is about how fast a busy machine is.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cache import Board, Escalations, Folders, SystemClock, read_escalations
from config import Size
from player.supervisor import Child, Supervisor, escalate, stamp_death
from tests.renderer.screen_process import ROOT
from tests.renderer.show.warm import WarmCache
from tests.renderer.video.test_on_screen import video
from tests.renderer.window.xpainter import painter
from tests.renderer.window.xserver import XServer

pytestmark = pytest.mark.timeout(300)

SIZE = Size(320, 180)
RED, GREEN, BLUE = (200, 30, 30), (30, 200, 30), (30, 30, 200)
HOUSE = [{"kind": "house", "seconds": 0.5, "transition": "cut"}]
STILL = [{"kind": "house", "seconds": 600, "transition": "cut"}]


PATIENCE_S = 600.0


class SkippingClock(SystemClock):
    """The machine's, of which a test may leave out a stretch."""

    skipped_ns = 0

    def monotonic_ns(self) -> int:
        return super().monotonic_ns() + self.skipped_ns

    def skip(self, seconds: float) -> None:
        self.skipped_ns += round(seconds * 1e9)


class Family:
    """The screen, under X, and an agent that does nothing, both supervised."""

    def __init__(self, root: Path, server: XServer, **wanted: Any) -> None:
        self.root, self.server = root, server
        self.folders = Folders(root / "state", root / "run")
        outer = {name: value for name, value in os.environ.items() if not name.startswith("SDL_")}
        env = {**outer, "PYTHONPATH": str(ROOT), "DISPLAY": server.name, "SDL_RENDER_DRIVER": "software"}
        argv = [sys.executable, "-m", "tests.renderer.screen_child", str(root), json.dumps({"display": 1, **wanted})]
        screen = Child("screen", argv, env, watchdog_s=PATIENCE_S, start_s=PATIENCE_S, output=root / "log")
        agent = Child("agent", [sys.executable, "-c", "import time; time.sleep(600)"])
        self.clock, clock = SkippingClock(), SystemClock()
        self.supervisor = Supervisor([screen, agent], self.clock, on_exit=[stamp_death(self.folders.run, clock)])
        self.supervisor.on_exit(escalate(self.folders, clock, self.supervisor.restart_all))
        self.supervisor.start()

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in (self.root / "log").read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == name]

    def until(self, true: Callable[[], object], seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, (self.root / "log").read_text()[-3000:]
            self.supervisor.wait(0.02)

    def until_ready(self) -> None:
        self.until(lambda: self.supervisor.states()["screen"].ready)

    def shows(self, *colours: tuple[int, int, int]) -> None:
        """Each of them comes on from now on."""
        for colour in colours:
            self.until(lambda colour=colour: self.server.pixel(160, 90) == colour[::-1])  # type: ignore[misc]

    @property
    def heard_ns(self) -> int:
        """When the screen last said that it is alive."""
        return self.supervisor._watched["screen"].heard_ns

    def pid(self, name: str = "screen") -> int | None:
        return self.supervisor.states()[name].pid

    def lose_patience(self, *, speechless: bool = False) -> None:
        """What it said before is heard; then all the time passes that it has, and that for its last words."""
        hung = self.pid()
        self.supervisor.wait(0)
        self.clock.skip(PATIENCE_S + 1)
        self.supervisor.wait(0)
        if speechless:
            self.clock.skip(10)
        self.until(lambda: self.pid() not in (None, hung))

    def signal(self, number: int) -> None:
        pid = self.pid()
        assert pid is not None
        os.kill(pid, number)

    def watchdog(self) -> dict[str, Any]:
        """What the screen's board says of it."""
        board: dict[str, Any] = Board.read_living(self.folders.run, "screen") or {}
        found: dict[str, Any] = board.get("watchdog", {})
        return found

    @property
    def known(self) -> Escalations:
        return read_escalations(self.folders.state)

    def counts(self) -> tuple[int, ...]:
        return tuple(self.known.counts[step] for step in ("renderer", "process", "service", "reboot"))


@pytest.fixture
def family(server: XServer, tmp_path: Path) -> Iterator[Callable[..., Family]]:
    made: list[Family] = []

    def start(**wanted: Any) -> Family:
        made.append(Family(tmp_path, server, **wanted))
        return made[-1]

    yield start
    for each in made:
        each.supervisor.stop()
        each.supervisor.close()


Start = Callable[..., Family]


def two_house_ads(warm: WarmCache) -> None:
    warm.house(("a.png", warm.plate("a", RED)), ("b.png", warm.plate("b", GREEN)))


def test_a_main_loop_that_is_frozen_is_ended_from_outside(warm: WarmCache, family: Start) -> None:
    two_house_ads(warm)
    it = family(loop=STILL)
    it.until_ready()
    it.until(lambda: it.events("play.started"))  # on the screen, and in the journal
    it.signal(signal.SIGSTOP)
    it.lose_patience(speechless=True)
    it.until_ready()
    it.shows(RED)
    it.until(lambda: list(warm.journal.plays()))
    assert next(warm.journal.plays()).play.end_reason == "crash"
    assert it.counts() == (0, 1, 0, 0)
    assert it.known.last is not None
    assert it.known.last.reason == "watchdog.frozen"


def test_a_present_call_that_blocks_is_ended_from_outside_and_says_where(warm: WarmCache, family: Start) -> None:
    two_house_ads(warm)
    it = family(loop=HOUSE, fault="present", beat=0.2)
    it.until_ready()
    it.signal(signal.SIGUSR1)
    it.until(lambda: it.events("hangs"))
    it.supervisor.wait(0)  # what it said before
    heard_ns, stops = it.heard_ns, time.monotonic() + 1
    while time.monotonic() < stops:  # five times its rhythm: other threads of it are alive, but none says so
        it.supervisor.wait(0.05)
    assert it.heard_ns == heard_ns
    it.lose_patience()
    it.until_ready()
    it.shows(RED, GREEN)
    assert it.counts() == (0, 1, 0, 0)
    log = (it.root / "log").read_text()
    assert "Fatal Python error: Aborted" in log
    assert "in show" in log  # the place where it hung


def test_a_worker_that_hangs_ends_the_process(warm: WarmCache, family: Start) -> None:
    two_house_ads(warm)
    it = family(loop=HOUSE, fault="worker", seconds=2)
    it.until_ready()
    hung = it.pid()
    it.signal(signal.SIGUSR1)
    it.until(lambda: it.pid() not in (None, hung))
    it.shows(RED, GREEN)
    last = it.known.last
    assert last is not None
    assert (last.step, last.reason) == ("process", "watchdog.worker")
    assert it.counts() == (0, 1, 0, 0)


def test_a_video_that_stands_still_is_left_out_and_the_show_begins_anew(warm: WarmCache, family: Start) -> None:
    plate = video(warm, [RED, BLUE] * 100, 50)
    warm.house(("a.mp4", plate), ("b.png", warm.plate("b", GREEN)))
    it = family(loop=[{"kind": "house", "seconds": 60, "transition": "cut"}], fault="decoder")
    it.until(lambda: it.events("watchdog.escalates"))
    (escalated,) = it.events("watchdog.escalates")
    assert (escalated["step"], escalated["code"]) == ("renderer", "watchdog.decoder")
    it.until(lambda: server_green(it))
    assert it.counts() == (1, 0, 0, 0)
    it.until(lambda: list(warm.journal.plays()))
    play = next(warm.journal.plays()).play
    assert (play.creative_id, play.end_reason) == ("a.mp4", "error")
    assert len(it.events("screen.opened")) == 2
    assert it.supervisor.states()["screen"].restarts == 0


def server_green(it: Family) -> bool:
    return it.server.pixel(160, 90) == GREEN[::-1]


@pytest.mark.parametrize("how", ["signal", "painter"])
def test_a_surface_that_was_emptied_once_is_presented_again(warm: WarmCache, family: Start, how: str) -> None:
    """By itself, or by another program that draws into the window: nobody asks for an exposed window's picture."""
    warm.house(("a.png", warm.plate("a", BLUE)))
    it = family(loop=STILL, fault="surface", beat=0.5)
    it.until_ready()
    it.shows(BLUE)
    if how == "signal":
        it.signal(signal.SIGUSR1)
    else:
        with painter(it.server.name, "paint"):
            pass
    it.until(lambda: it.events("surface.mended"))
    it.shows(BLUE)
    assert it.counts() == (0, 0, 0, 0)
    assert len(it.events("play.started")) == 1


def test_a_window_above_it_is_answered_by_a_new_window(warm: WarmCache, family: Start) -> None:
    warm.house(("a.png", warm.plate("a", BLUE)))
    it = family(loop=STILL, beat=0.5)
    it.until_ready()
    it.until(lambda: "server" in it.watchdog().get("eyes", ()))
    with painter(it.server.name, "cover") as other:
        it.until(lambda: it.events("watchdog.escalates"))
        it.shows(BLUE)
        other.kill()
    assert it.counts() == (1, 0, 0, 0)
    assert it.events("watchdog.escalates")[0]["code"] == "watchdog.empty"


def test_the_whole_ladder_and_the_way_back(warm: WarmCache, family: Start, tmp_path: Path) -> None:
    """Whatever is presented is empty, from the first frame on: never ready, and one step after the other."""
    warm.house(("a.png", warm.plate("a", BLUE)))
    (tmp_path / "fault").touch()
    it = family(loop=STILL, fault="surface")
    agent = it.pid("agent")
    it.until(lambda: it.counts() == (1, 1, 1, 0))
    assert not it.supervisor.states()["screen"].ready
    it.until(lambda: it.pid("agent") not in (None, agent))
    steps = [event["step"] for event in it.events("watchdog.escalates")]
    assert steps == ["renderer", "process", "service"]
    it.until(lambda: it.watchdog().get("fault"))
    (tmp_path / "fault").unlink()
    it.signal(signal.SIGHUP)  # a new show: what is on is presented again
    it.until_ready()
    it.shows(BLUE)
    assert it.counts() == (1, 1, 1, 0)
