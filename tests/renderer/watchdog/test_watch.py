"""The watch, turned by hand: what feeds whoever watches from outside, and what becomes a fault."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cache import Escalations, Folders, Notify, read_escalations, write_escalations
from config import Code
from renderer.watchdog import EXIT_PROCESS, EXIT_SERVICE, Escalator, Eye, Glance, Owed, Watch
from tests.fakes import FakeClock

GOOD, WRONG, EMPTY = b"\x10\x20\x30" * 48 + b"\xff" * 144, b"\x90\x20\x30" * 48 + b"\x00" * 144, b"\x00" * 288
S = 1_000_000_000
LIMIT_S = 20


@dataclass
class FakeSurface:
    shown_ns: int = 0
    sees: dict[Eye, bytes] = field(default_factory=lambda: {"surface": GOOD})
    again: list[dict[Eye, bytes]] = field(default_factory=list)
    """What is seen after each time that it was presented once more."""
    repeats: int = 0

    def glance(self, turn: int) -> tuple[Glance, ...]:
        assert turn > 0
        return tuple(Glance(eye, seen, GOOD) for eye, seen in self.sees.items())

    def show_again(self) -> None:
        self.repeats += 1
        if self.again:
            self.sees = self.again.pop(0)


@dataclass
class Rig:
    watch: Watch
    clock: FakeClock
    surface: FakeSurface
    socket: socket.socket
    folders: Folders

    def said(self) -> list[str]:
        words = []
        while True:
            try:
                words.append(self.socket.recv(4096).decode())
            except BlockingIOError:
                return words

    def turns(self, seconds: float, *owed: Owed, every_s: float = 0.5) -> list[Code]:
        """What was found in so many seconds of turns."""
        found = []
        for _ in range(round(seconds / every_s)):
            self.clock.advance(every_s)
            fault = self.watch.turn(owed)
            if fault is not None:
                found.append(fault)
        return found

    def owed(self, reason: Code = Code.WATCHDOG_NO_FRAME, limit_s: float | None = None) -> Owed:
        return Owed(reason, self.clock.monotonic_ns(), None if limit_s is None else round(limit_s * S))


@pytest.fixture
def rig(tmp_path: Path, clock: FakeClock) -> Iterator[Rig]:
    folders = Folders(tmp_path / "state", tmp_path / "run")
    for folder in (folders.state, folders.run):
        folder.mkdir()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as listening:
        listening.bind("")
        notify = Notify("@" + os.fsdecode(listening.getsockname()[1:]), 30.0)
        escalator = Escalator(folders, clock, end_process=lambda _code: None)
        watch = Watch(clock, notify, escalator, LIMIT_S * S)
        surface = FakeSurface()
        watch.begin(surface)
        yield Rig(watch, clock, surface, listening, folders)


def presented(rig: Rig) -> None:
    """It is up and well."""
    rig.watch.presented("slate")
    assert rig.watch.turn(()) is None
    rig.said()


def test_before_the_first_frame_it_is_not_ready(rig: Rig) -> None:
    rig.turns(60)
    assert rig.said() == []
    rig.watch.presented("showing the slate")
    rig.watch.turn(())
    assert rig.said() == ["STATUS=showing the slate", "READY=1", "STATUS=showing the slate", "WATCHDOG=1"]


def test_a_first_frame_that_is_not_on_the_surface_is_no_start(rig: Rig) -> None:
    rig.surface.sees = {"surface": EMPTY}
    rig.watch.presented("slate")
    assert rig.watch.turn(()) is None
    assert rig.turns(1) == [Code.WATCHDOG_EMPTY]
    assert rig.said() == ["STATUS=slate"]


def test_a_still_is_looked_at_and_told_of_every_ten_seconds(rig: Rig) -> None:
    presented(rig)
    assert rig.turns(61) == []
    assert rig.said() == ["WATCHDOG=1"] * 6
    assert rig.watch.due_ns() - rig.clock.monotonic_ns() <= 10 * S


def test_a_shorter_watchdog_is_fed_in_time(rig: Rig) -> None:
    rig.watch.notify = Notify(rig.watch.notify.address, 2.5)
    presented(rig)
    rig.turns(10)
    assert len(rig.said()) == 4


def test_without_anybody_outside_it_looks_all_the_same(rig: Rig) -> None:
    rig.watch.notify = Notify()
    presented(rig)
    rig.surface.sees = {"surface": WRONG}
    assert rig.turns(12) == [Code.WATCHDOG_SURFACE]


def test_while_a_frame_is_owed_nobody_is_told_that_all_is_well(rig: Rig) -> None:
    presented(rig)
    assert rig.turns(LIMIT_S - 1, rig.owed()) == []
    assert rig.said() == []
    rig.turns(1)  # it came
    assert rig.said() == ["WATCHDOG=1"]


def test_what_will_be_owed_later_is_not_owed_now(rig: Rig) -> None:
    presented(rig)
    later = Owed(Code.WATCHDOG_NO_FRAME, rig.clock.monotonic_ns() + 60 * S)
    assert rig.turns(59, later) == []
    assert len(rig.said()) == 5


def test_a_frame_that_does_not_come_is_a_fault(rig: Rig) -> None:
    presented(rig)
    assert rig.turns(LIMIT_S + 1, rig.owed())[:1] == [Code.WATCHDOG_NO_FRAME]
    assert rig.watch.facts()["watchdog"]["fault"] == "watchdog.no_frame"


def test_what_stands_still_has_a_limit_of_its_own(rig: Rig) -> None:
    presented(rig)
    assert rig.turns(5, rig.owed(Code.WATCHDOG_DECODER, 5)) == []
    assert rig.turns(1, replace(rig.owed(Code.WATCHDOG_DECODER, 5), since_ns=0)) == [Code.WATCHDOG_DECODER]


def test_a_process_that_was_stopped_owes_nothing_for_that_time(rig: Rig) -> None:
    presented(rig)
    owed = rig.owed()
    rig.clock.advance(600)  # SIGSTOP, or a machine that stood still
    assert rig.watch.turn((owed,)) is None
    assert rig.turns(LIMIT_S - 1, owed) == []
    assert rig.turns(2, owed)[:1] == [Code.WATCHDOG_NO_FRAME]


def test_presenting_once_more_cures_what_another_program_did_once(rig: Rig) -> None:
    presented(rig)
    rig.surface.sees, rig.surface.again = {"surface": EMPTY}, [{"surface": GOOD}]
    assert rig.turns(30) == []
    assert rig.surface.repeats == 1
    assert rig.watch.facts()["watchdog"]["mended"] == 1
    assert rig.watch.facts()["watchdog"]["counts"] == dict.fromkeys(("renderer", "process", "service", "reboot"), 0)


@pytest.mark.parametrize(("seen", "code"), [(WRONG, Code.WATCHDOG_SURFACE), (EMPTY, Code.WATCHDOG_EMPTY)])
def test_what_is_still_wrong_after_that_is_a_fault_within_a_second(rig: Rig, seen: bytes, code: Code) -> None:
    presented(rig)
    rig.surface.sees = {"surface": seen}
    assert rig.turns(10) == []
    assert rig.surface.repeats == 1
    assert rig.turns(1) == [code]
    assert rig.said() == []


def test_an_eye_on_the_server_is_believed_once_it_saw_it_right(rig: Rig) -> None:
    rig.surface.sees = {"surface": GOOD, "server": EMPTY}  # a desktop that does not let its screen be read
    presented(rig)
    assert rig.turns(60) == []
    rig.surface.sees = {"surface": GOOD, "server": GOOD}
    assert rig.turns(11) == []
    rig.surface.sees = {"surface": GOOD, "server": EMPTY}
    assert rig.turns(12) == [Code.WATCHDOG_EMPTY]
    assert rig.watch.facts()["watchdog"]["eyes"] == ["server", "surface"]


def test_on_a_new_display_an_eye_keeps_its_trust(rig: Rig) -> None:
    rig.surface.sees = {"surface": GOOD, "server": GOOD}
    presented(rig)
    rig.watch.begin(FakeSurface(sees={"surface": GOOD, "server": EMPTY}))
    rig.watch.presented("slate")
    assert rig.watch.turn(()) is None
    assert rig.turns(1) == [Code.WATCHDOG_EMPTY]


def test_an_eye_that_a_process_before_this_one_trusted(rig: Rig) -> None:
    eyes: tuple[Eye, ...] = ("server",)
    rig.watch.trust(eyes)
    rig.surface.sees = {"surface": GOOD, "server": EMPTY}
    rig.watch.presented("slate")
    assert rig.watch.turn(()) is None
    assert rig.turns(1) == [Code.WATCHDOG_EMPTY]


def test_who_does_not_want_the_surface_compared(rig: Rig) -> None:
    rig.watch.looks = False
    rig.surface.sees = {"surface": EMPTY}
    presented(rig)
    assert rig.turns(30) == []
    assert len(rig.said()) == 3


def test_a_fault_climbs_and_is_kept_and_waits_are_told_outside(rig: Rig) -> None:
    presented(rig)
    steps = [rig.watch.escalate(Code.WATCHDOG_EMPTY) for _ in range(4)]
    assert steps == ["renderer", "process", "service", None]
    assert rig.said() == ["WATCHDOG=1"]  # it waits by plan
    kept = read_escalations(rig.folders.state)
    assert dict(kept.counts) == {"renderer": 1, "process": 1, "service": 1, "reboot": 0}
    assert kept.last is not None
    assert (kept.last.step, kept.last.reason) == ("service", "watchdog.empty")


def test_a_fault_that_waits_is_told_of_at_every_look_and_not_at_every_turn(rig: Rig) -> None:
    presented(rig)
    write_escalations(Escalations(rung=3), rig.folders.state, rig.folders.run)
    rig.watch.escalator._known = None
    owed, found = rig.owed(), 0
    for _ in range(200):
        rig.clock.advance(0.25)
        if (fault := rig.watch.turn((owed,))) is not None:
            found += 1
            rig.watch.escalate(fault)
    assert found == 3  # after 20, 30 and 40 s


def test_after_ten_good_minutes_the_next_fault_begins_with_the_mildest_step(rig: Rig) -> None:
    presented(rig)
    assert rig.watch.escalate(Code.WATCHDOG_EMPTY) == "renderer"
    rig.watch._found(Code.WATCHDOG_EMPTY)
    rig.turns(590)
    assert rig.watch.escalator.known.rung == 1
    rig.turns(30)
    assert read_escalations(rig.folders.state).rung == 0
    assert read_escalations(rig.folders.state).counts["renderer"] == 1
    assert rig.watch.fault is None


def test_a_process_that_begins_anew_climbs_on(rig: Rig, clock: FakeClock) -> None:
    rig.watch.escalate(Code.WATCHDOG_EMPTY)
    again = Escalator(rig.folders, clock)
    assert again.step(Code.WATCHDOG_NO_FRAME) == "process"


def test_the_rescue_is_asked_for_by_a_file(rig: Rig) -> None:
    escalator = rig.watch.escalator
    wish = rig.folders.run / "rescue"
    assert escalator.leave("process", Code.WATCHDOG_WORKER) == EXIT_PROCESS == 75
    assert not wish.exists()
    assert escalator.leave("service", Code.WATCHDOG_WORKER) == EXIT_SERVICE == 76
    assert wish.read_text() == "restart watchdog.worker\n"
    assert escalator.leave("reboot", Code.WATCHDOG_SURFACE) == EXIT_SERVICE
    assert wish.read_text() == "reboot watchdog.surface\n"


def test_a_disk_that_refuses_stops_no_escalation(rig: Rig) -> None:
    for folder in (rig.folders.state, rig.folders.run):
        folder.rmdir()
    assert [rig.watch.escalate(Code.WATCHDOG_EMPTY) for _ in range(3)] == ["renderer", "process", "service"]
    assert rig.watch.escalator.leave("service", Code.WATCHDOG_EMPTY) == EXIT_SERVICE


def test_what_the_board_is_told(rig: Rig) -> None:
    presented(rig)
    rig.surface.shown_ns = 7
    facts = rig.watch.facts()
    now_ns = rig.clock.monotonic_ns()
    assert facts["last_frame_ns"] == now_ns  # seen to be there still
    assert (facts["watchdog"]["presented_ns"], facts["watchdog"]["verified_ns"]) == (7, now_ns)
    rig.surface.shown_ns = now_ns + 5
    assert rig.watch.facts()["last_frame_ns"] == now_ns + 5
    assert facts["watchdog"]["fault"] is None


@pytest.mark.parametrize("result", ["success", "exit-code", "signal", "oom-kill", ""])
def test_a_life_that_ended_otherwise_is_no_escalation(rig: Rig, result: str) -> None:
    (rig.folders.run / "screen.result").write_text(f"{result}\n")
    assert rig.watch.escalator.after_last_life() is None
    assert read_escalations(rig.folders.state).total == 0


def test_a_life_that_systemds_watchdog_ended_is_counted_once(rig: Rig, clock: FakeClock) -> None:
    assert Escalator(rig.folders, clock).after_last_life() is None
    (rig.folders.run / "screen.result").write_text("watchdog\n")
    assert Escalator(rig.folders, clock).after_last_life() is None
    assert Escalator(rig.folders, clock).after_last_life() is None
    assert read_escalations(rig.folders.state).counts["process"] == 1
    (rig.folders.run / "screen.result").write_text("watchdog\n")
    again = Escalator(rig.folders, clock, end_process=lambda _code: None)
    assert again.after_last_life() == EXIT_SERVICE  # before anything is opened: all is to be started again
    assert (rig.folders.run / "rescue").read_text() == "restart watchdog.frozen\n"
    last = read_escalations(rig.folders.state).last
    assert last is not None
    assert (last.step, last.reason) == ("service", "watchdog.frozen")


def test_a_limit_that_is_near_wakes_the_loop_in_time(rig: Rig) -> None:
    presented(rig)
    owed = rig.owed(limit_s=3)
    rig.watch.turn((owed,))
    assert 0 < rig.watch.due_ns() - (owed.since_ns + 3 * S) < 1_000_000
    rig.clock.mono_ns = rig.watch.due_ns()
    assert rig.watch.turn((owed,)) is Code.WATCHDOG_NO_FRAME
