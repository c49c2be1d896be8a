"""The supervisor as a watchdog: who says nothing is ended, who speaks is not. Real processes, a clock by hand."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from cache import Board, Folders, Notify, read_escalations
from player._ear import Ear
from player.supervisor import Child, Exit, Supervisor, escalate
from tests.fakes import FakeClock

ROOT = Path(__file__).parents[2]
HEAD = f"import os, sys, time; sys.path.insert(0, {str(ROOT)!r}); from cache import Notify; n = Notify.of(os.environ);"
LIVELY = HEAD + "n.ready(); n.status('showing x')\nwhile True: n.watchdog(); time.sleep(0.05)"
SILENT = HEAD + "n.ready(); time.sleep(600)"
NEVER_READY = HEAD + "time.sleep(600)"
FOREVER = "import time; time.sleep(600)"
LIMIT_S = 30.0


def child(name: str, program: str, watchdog_s: float | None = LIMIT_S, **options: object) -> Child:
    return Child(name, [sys.executable, "-c", program], watchdog_s=watchdog_s, **options)  # type: ignore[arg-type]


@pytest.fixture
def made() -> Iterator[list[Supervisor]]:
    made: list[Supervisor] = []
    yield made
    for each in made:
        each.stop()
        each.close()


def family(made: list[Supervisor], clock: FakeClock, *children: Child, **options: object) -> Supervisor:
    it = Supervisor(children, clock, grace_s=0.0, **options)  # type: ignore[arg-type]
    made.append(it)
    it.start()
    return it


def until(supervisor: Supervisor, true: Callable[[], object], seconds: float = 60) -> list[Exit]:
    """Let the supervisor work until something is so."""
    exits: list[Exit] = []
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        exits += supervisor.wait(0.02)
    return exits


def ready(supervisor: Supervisor, name: str = "screen") -> Callable[[], bool]:
    return lambda: supervisor.states()[name].ready


def heard_at(supervisor: Supervisor, now_ns: int) -> bool:
    return supervisor._watched["screen"].heard_ns == now_ns


def ended(supervisor: Supervisor, name: str = "screen") -> Callable[[], bool]:
    return lambda: supervisor.states()[name].last_exit is not None


def test_who_speaks_is_left_alone(made: list[Supervisor], clock: FakeClock) -> None:
    supervisor = family(made, clock, child("screen", LIVELY))
    until(supervisor, ready(supervisor))
    until(supervisor, lambda: supervisor.states()["screen"].status == "showing x")
    for _ in range(5):
        clock.advance(LIMIT_S - 1)
        now_ns = clock.monotonic_ns()
        until(supervisor, partial(heard_at, supervisor, now_ns))
    assert supervisor.states()["screen"].last_exit is None


def test_who_says_nothing_any_more_is_ended_and_started_again(made: list[Supervisor], clock: FakeClock) -> None:
    supervisor = family(made, clock, child("screen", SILENT))
    until(supervisor, ready(supervisor))
    clock.advance(LIMIT_S + 1)
    until(supervisor, ended(supervisor))
    last = supervisor.states()["screen"].last_exit
    assert last is not None
    assert (last.hung, last.code) == (True, -signal.SIGABRT)
    assert not supervisor.states()["screen"].ready
    clock.advance(1)
    until(supervisor, ready(supervisor))
    assert supervisor.states()["screen"].restarts == 1


def test_a_stopped_process_is_killed(
    made: list[Supervisor], clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    supervisor = family(made, clock, child("screen", LIVELY))
    until(supervisor, ready(supervisor))
    pid = supervisor.states()["screen"].pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    end = time.monotonic() + 60
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < end
    supervisor.wait(0)  # what it said before
    clock.advance(LIMIT_S + 1)
    supervisor.wait(0)  # SIGABRT waits until it goes on, which it does not
    clock.advance(3)
    until(supervisor, ended(supervisor))
    last = supervisor.states()["screen"].last_exit
    assert last is not None
    assert (last.hung, last.code) == (True, -signal.SIGKILL)
    hung = [record.facts for record in caplog.records if record.message == "process.hung"]  # type: ignore[attr-defined]
    assert [facts["code"] for facts in hung] == ["watchdog.frozen"]


def test_who_is_never_ready_begins_again(made: list[Supervisor], clock: FakeClock) -> None:
    supervisor = family(made, clock, child("screen", NEVER_READY, start_s=100))
    clock.advance(99)
    supervisor.wait(0)
    assert supervisor.states()["screen"].last_exit is None
    clock.advance(2)
    until(supervisor, ended(supervisor))
    assert supervisor.states()["screen"].restarts == 0


def test_who_is_not_watched_may_be_silent(made: list[Supervisor], clock: FakeClock) -> None:
    supervisor = family(made, clock, child("screen", FOREVER, watchdog_s=None))
    clock.advance(1e6)
    assert supervisor.wait(0.05) == ()
    assert supervisor.states()["screen"].last_exit is None


def test_a_supervisor_that_slept_hears_first_what_was_said_meanwhile(made: list[Supervisor], clock: FakeClock) -> None:
    supervisor = family(made, clock, child("screen", LIVELY))
    until(supervisor, ready(supervisor))
    time.sleep(0.2)
    clock.advance(10 * LIMIT_S)
    supervisor.wait(1)
    assert supervisor._watched["screen"].kill_ns is None


def test_what_others_say_is_not_heard(made: list[Supervisor], clock: FakeClock) -> None:
    supervisor = family(made, clock, child("screen", NEVER_READY))
    notify = Notify(supervisor._ear.address)
    assert notify.ready()
    assert notify.status("forged")
    supervisor.wait(0.05)
    state = supervisor.states()["screen"]
    assert (state.ready, state.status) == (False, None)


def test_an_ear_takes_no_descriptors_and_ignores_rubbish() -> None:
    ear = Ear()
    reading, sent = os.pipe()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, os.fdopen(reading) as pipe:
        sender.connect("\0" + ear.address[1:])
        socket.send_fds(sender, [b"READY=1\nrubbish\n=x\nSTATUS=a=b"], [sent])
        os.close(sent)
        sender.send(b"\xff" * 10_000)
        sender.send(b"")
        assert list(ear.drain()) == [
            (os.getpid(), {"READY": "1", "": "x", "STATUS": "a=b"}),
            (os.getpid(), {}),
            (os.getpid(), {}),
        ]
        assert pipe.read() == ""  # nobody holds its other end any more
    ear.close()


def test_a_child_hears_of_its_own_supervisor_alone(
    made: list[Supervisor], clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/systemd/notify")
    monkeypatch.setenv("WATCHDOG_USEC", "5")
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
    names = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
    told = (
        f"import json, os, time; print(json.dumps([os.environ.get(n) for n in {names!r}]), flush=True); time.sleep(600)"
    )
    outs = [tmp_path / "watched", tmp_path / "other"]
    supervisor = family(
        made, clock, child("screen", told, output=outs[0]), child("web", told, watchdog_s=None, output=outs[1])
    )
    until(supervisor, lambda: all(out.exists() and out.read_text().endswith("\n") for out in outs))
    assert json.loads(outs[0].read_text()) == [supervisor._ear.address, "30000000", None]
    assert json.loads(outs[1].read_text()) == [None, None, None]


def test_the_board_tells_who_is_ready(made: list[Supervisor], clock: FakeClock, tmp_path: Path) -> None:
    supervisor = family(made, clock, child("screen", LIVELY), board=Board(tmp_path, "supervisor"))
    until(supervisor, ready(supervisor))
    board = Board.read(tmp_path, "supervisor")
    assert board is not None
    assert board["children"]["screen"]["ready"] is True


def folders(root: Path) -> Folders:
    made = Folders(root / "state", root / "run")
    made.state.mkdir()
    made.run.mkdir()
    return made


def family_that_climbs(made: list[Supervisor], clock: FakeClock, places: Folders, *children: Child) -> Supervisor:
    supervisor = Supervisor(children, clock, grace_s=20)
    supervisor.on_exit(escalate(places, clock, supervisor.restart_all))
    made.append(supervisor)
    supervisor.start()
    return supervisor


def test_a_screen_that_asks_for_it_has_everything_started_again(
    made: list[Supervisor], clock: FakeClock, tmp_path: Path
) -> None:
    places = folders(tmp_path)
    (places.run / "rescue").write_text("restart watchdog.surface\n")
    program = f"import os, time; os.path.exists({str(places.run / 'rescue')!r}) and os._exit(76); time.sleep(600)"
    supervisor = family_that_climbs(made, clock, places, child("screen", program, None), child("agent", FOREVER, None))
    agent = supervisor.states()["agent"].pid
    until(supervisor, lambda: supervisor.states()["agent"].pid not in (None, agent))
    clock.advance(1)
    until(supervisor, lambda: supervisor.states()["screen"].pid is not None)
    assert not (places.run / "rescue").exists()
    assert [supervisor.states()[name].restarts for name in ("screen", "agent")] == [1, 1]
    assert read_escalations(places.state).total == 0  # the screen has counted it itself


def test_a_request_that_cannot_be_removed_stops_no_restart(clock: FakeClock, tmp_path: Path) -> None:
    places, asked = folders(tmp_path), []
    (places.run / "rescue").mkdir()  # as on a card that can only be read: unlink fails
    escalate(places, clock, lambda: asked.append("all"))(Exit("screen", 5, 76, 1.0, 0.2))
    assert asked == ["all"]


def test_a_screen_that_hangs_again_has_everything_started_again(
    made: list[Supervisor], clock: FakeClock, tmp_path: Path
) -> None:
    places = folders(tmp_path)
    supervisor = family_that_climbs(made, clock, places, child("screen", SILENT), child("agent", FOREVER, None))
    agent = supervisor.states()["agent"].pid
    until(supervisor, ready(supervisor))
    clock.advance(LIMIT_S + 1)
    until(supervisor, lambda: supervisor.states()["screen"].pid is None)
    assert supervisor.states()["agent"].pid == agent
    clock.advance(1)
    until(supervisor, ready(supervisor))
    assert supervisor.states()["agent"].pid == agent
    clock.advance(LIMIT_S + 1)
    until(supervisor, lambda: supervisor.states()["agent"].pid not in (None, agent))
    known = read_escalations(places.state)
    assert dict(known.counts) == {"renderer": 0, "process": 1, "service": 1, "reboot": 0}
    assert known.last is not None
    assert known.last.reason == "watchdog.frozen"
