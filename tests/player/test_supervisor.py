"""The supervisor with real processes: restarts, clean ends, no orphans, and nobody else's process touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cache import Board, Playhead, SystemClock
from player._child import Patience
from player.supervisor import Child, Exit, Supervisor, stamp_death

FOREVER = "import time; time.sleep(600)"
READY = f"print('ready', flush=True); {FOREVER}"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {READY}"
POLITE = f"import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); {READY}"


def python(name: str, program: str, **options: object) -> Child:
    return Child(name, [sys.executable, "-c", program], **options)  # type: ignore[arg-type]


@pytest.fixture
def made() -> Iterator[list[Supervisor]]:
    made: list[Supervisor] = []
    yield made
    for each in made:
        each.stop()
        each.close()


def family(made: list[Supervisor], *children: Child, **options: object) -> Supervisor:
    it = Supervisor(children, SystemClock(), **options)  # type: ignore[arg-type]
    made.append(it)
    it.start()
    return it


def until(condition: object, timeout_s: float = 5.0) -> None:
    end = time.monotonic() + timeout_s
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_patience_doubles_and_forgets() -> None:
    patience = Patience()
    assert [patience.wait_s(1) for _ in range(10)] == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30]
    assert patience.wait_s(61) == 0.2


def test_a_killed_process_is_started_again(made: list[Supervisor]) -> None:
    supervisor = family(made, python("screen", FOREVER))
    first = supervisor.states()["screen"].pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    (ended,) = supervisor.wait(5)
    assert (ended.name, ended.code, ended.restart_in_s) == ("screen", -signal.SIGKILL, 0.2)
    assert supervisor.states()["screen"].pid is None
    began = time.monotonic()
    assert supervisor.wait(5) == ()
    assert 0.15 < time.monotonic() - began < 2
    second = supervisor.states()["screen"]
    assert second.pid not in (None, first)
    assert second.restarts == 1


def test_one_that_always_crashes_is_started_ever_slower(made: list[Supervisor]) -> None:
    supervisor = family(made, python("agent", "raise SystemExit(3)"))
    waits: list[float | None] = []
    while len(waits) < 3:
        waits.extend(ended.restart_in_s for ended in supervisor.wait(5))
    assert waits == [0.2, 0.4, 0.8]


def test_a_good_end_can_be_the_end(made: list[Supervisor]) -> None:
    supervisor = family(
        made,
        python("screen", "pass", done_on_success=True),
        python("once", "raise SystemExit(1)", restart=False),
    )
    exits: list[Exit] = []
    while len(exits) < 2:
        exits.extend(supervisor.wait(5))
    assert {ended.name: ended.restart_in_s for ended in exits} == {"screen": None, "once": None}
    assert all(state.done for state in supervisor.states().values())


def test_what_cannot_be_started_is_tried_again_later(made: list[Supervisor], tmp_path: Path) -> None:
    supervisor = family(made, Child("screen", ["/no/such/program"], output=tmp_path / "log"))
    (ended,) = supervisor.wait(5)
    assert (ended.code, ended.restart_in_s) == (127, 0.2)
    assert "/no/such/program" in (tmp_path / "log").read_text()


def test_an_output_that_cannot_be_written_is_tried_again_later(
    made: list[Supervisor], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    supervisor = family(made, python("screen", FOREVER, output=tmp_path / "no folder" / "log"))
    state = supervisor.states()["screen"]
    assert state.last_exit is not None
    assert (state.pid, state.last_exit.restart_in_s, state.done) == (None, 0.2, False)
    assert "process.not_started" in caplog.messages


def test_stop_is_polite_and_then_firm(made: list[Supervisor], tmp_path: Path) -> None:
    out = tmp_path / "log"
    supervisor = family(
        made, python("polite", POLITE, output=out), python("stubborn", STUBBORN, output=out), grace_s=0.5
    )
    until(lambda: out.read_text().count("ready") == 2)
    began = time.monotonic()
    supervisor.stop()
    assert 0.4 < time.monotonic() - began < 3
    codes = {name: state.last_exit and state.last_exit.code for name, state in supervisor.states().items()}
    assert codes == {"polite": 0, "stubborn": -signal.SIGKILL}
    assert all(state.done for state in supervisor.states().values())


def test_a_stop_asked_for_is_no_crash(made: list[Supervisor], caplog: pytest.LogCaptureFixture) -> None:
    supervisor = family(made, python("screen", FOREVER))
    supervisor.stop()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_what_a_dead_process_leaves_behind_is_ended(made: list[Supervisor], tmp_path: Path) -> None:
    note = tmp_path / "pid"
    program = (
        "import subprocess, sys, pathlib, time;"
        f"p = subprocess.Popen([sys.executable, '-c', {FOREVER!r}]);"
        f"pathlib.Path({str(note)!r}).write_text(str(p.pid)); time.sleep(600)"
    )
    supervisor = family(made, python("agent", program))
    until(lambda: note.exists() and note.read_text())
    grandchild = int(note.read_text())
    pid = supervisor.states()["agent"].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    supervisor.wait(5)
    until(lambda: gone(grandchild))


def test_it_ends_only_its_own(made: list[Supervisor]) -> None:
    with subprocess.Popen([sys.executable, "-c", FOREVER]) as other:
        supervisor = family(made, python("screen", FOREVER))
        supervisor.stop()
        assert other.poll() is None
        other.kill()


@pytest.mark.parametrize("path", [os.environ["PATH"], ""], ids=["setpriv", "without setpriv"])
def test_no_orphans_when_the_supervisor_is_killed(tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", path)
    note = tmp_path / "pid"
    program = (
        "import pathlib, sys\n"
        "from cache import SystemClock\n"
        "from player.supervisor import Child, Supervisor\n"
        f"it = Supervisor([Child('screen', [sys.executable, '-c', {FOREVER!r}])], SystemClock())\n"
        "it.start()\n"
        f"pathlib.Path({str(note)!r}).write_text(str(it.states()['screen'].pid))\n"
        "it.wait(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[2]) as supervisor:
        until(lambda: note.exists() and note.read_text())
        child = int(note.read_text())
        assert psutil.pid_exists(child)
        supervisor.kill()
    until(lambda: gone(child))


def test_run_ends_when_asked_from_another_thread(made: list[Supervisor]) -> None:
    supervisor = Supervisor([python("screen", FOREVER)], SystemClock())
    made.append(supervisor)
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    supervisor.run(stop)
    assert time.monotonic() - began < 3
    assert supervisor.states()["screen"].done


def test_a_signal_that_another_thread_got_ends_the_sleep(made: list[Supervisor]) -> None:
    supervisor = family(made, python("screen", FOREVER))
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    timer = threading.Timer(0.1, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGUSR1))
    timer.start()
    began = time.monotonic()
    assert supervisor.wait(20) == ()
    assert time.monotonic() - began < 10
    timer.join()
    signal.signal(signal.SIGUSR1, before)


def test_signals_are_forwarded(made: list[Supervisor], tmp_path: Path) -> None:
    out = tmp_path / "log"
    program = (
        "import signal, time; signal.signal(signal.SIGHUP, lambda *_: print('hup', flush=True));"
        "print('ready', flush=True)\nwhile True: time.sleep(1)"
    )
    supervisor = family(made, python("agent", program, output=out))
    until(lambda: "ready" in out.read_text())
    supervisor.forward(signal.SIGHUP)
    until(lambda: "hup" in out.read_text())


def test_the_screens_death_is_stamped(made: list[Supervisor], tmp_path: Path) -> None:
    clock = SystemClock()
    playhead = Playhead(tmp_path)
    shown_ns = clock.monotonic_ns()
    playhead.stamp("play-1", clock.boot_id(), shown_ns, shown_ns, 1, 0)
    supervisor = family(made, python("screen", FOREVER), on_exit=[stamp_death(tmp_path, clock)])
    time.sleep(0.2)
    pid = supervisor.states()["screen"].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    supervisor.wait(5)
    state = playhead.read()
    playhead.close()
    assert state is not None
    assert state.dead
    assert 0.2e9 <= state.last_ns - shown_ns < 3e9


def test_the_board_tells_who_runs(made: list[Supervisor], tmp_path: Path) -> None:
    supervisor = family(made, python("screen", FOREVER), board=Board(tmp_path, "supervisor"))
    board = Board.read(tmp_path, "supervisor")
    assert board is not None
    assert board["pid"] == os.getpid()
    assert board["children"]["screen"]["pid"] == supervisor.states()["screen"].pid


def test_it_sleeps_while_nothing_happens(made: list[Supervisor]) -> None:
    supervisor = family(made, python("screen", FOREVER))
    cpu_s = time.process_time()
    supervisor.wait(0.5)
    assert time.process_time() - cpu_s < 0.25
