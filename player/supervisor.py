"""The supervisor: starts the player's processes, starts a crashed one again, and ends them all together."""

from __future__ import annotations

import logging
import os
import select
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from cache import Board, Clock
from config import Code, OohError
from player._child import Child, Exit, Patience, Running, told
from player._deaths import OnExit, escalate, stamp_death
from player._ear import Ear

__all__ = ["Child", "ChildState", "Exit", "Supervisor", "escalate", "stamp_death"]

log = logging.getLogger("ooh.supervisor")

_LAST_WORDS_S = 2.0
"""A process that hangs is given so long to say where (faulthandler writes each thread's place on SIGABRT)."""


@dataclass(frozen=True, slots=True)
class ChildState:
    """What is known of a process now."""

    pid: int | None
    restarts: int
    last_exit: Exit | None
    done: bool
    """True when it has ended and will not be started again."""
    ready: bool = False
    """True when it does its work, as it says itself."""
    status: str | None = None
    """What it does, as it says itself."""


@dataclass(slots=True)
class _Watched:
    child: Child
    patience: Patience = field(default_factory=Patience)
    process: Running | None = None
    began_ns: int = 0
    due_ns: int | None = None
    starts: int = 0
    last_exit: Exit | None = None
    ready: bool = False
    status: str | None = None
    heard_ns: int = 0
    kill_ns: int | None = None
    """It hangs: when it is to be killed, at the latest."""

    @property
    def deadline_ns(self) -> int | None:
        """When something must be done if it says nothing until then."""
        if self.process is None or self.child.watchdog_s is None:
            return None
        if self.kill_ns is not None:
            return self.kill_ns
        return self.heard_ns + round((self.child.watchdog_s if self.ready else self.child.start_s) * 1e9)


class Supervisor:
    """A family of processes. All methods but ``poke`` belong to the thread that called ``start``.

    It sleeps in ``poll()`` on the processes themselves (pidfd): no SIGCHLD handler, no polling, and a process that
    this supervisor did not start is never touched.
    """

    def __init__(
        self,
        children: Sequence[Child],
        clock: Clock,
        *,
        on_exit: Sequence[OnExit] = (),
        board: Board | None = None,
        grace_s: float = 8.0,
    ) -> None:
        self._watched = {child.name: _Watched(child) for child in children}
        self._clock = clock
        self._on_exit = list(on_exit)
        self._board = board
        self._grace_s = grace_s
        self._wakeup_before: int | None = None
        self._ear = Ear()
        self._all_again = False
        self._poke_out, self._poke_in = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def start(self) -> None:
        """Start every process, in order. In the main thread, every signal that has a handler then ends ``wait``."""
        if threading.current_thread() is threading.main_thread() and self._wakeup_before is None:
            # A signal that comes just before the sleep begins, or to another thread, must end it all the same.
            self._wakeup_before = signal.set_wakeup_fd(self._poke_in, warn_on_full_buffer=False)
        for watched in self._watched.values():
            self._start(watched)
        self._write_board()

    def add(self, child: Child) -> None:
        """Start one more."""
        watched = self._watched[child.name] = _Watched(child)
        self._start(watched)
        self._write_board()

    def run(self, stop: threading.Event) -> None:
        """Start all, keep them running until ``stop`` is set (by a signal handler, or another thread), end all."""
        threading.Thread(target=self._poke_after, args=(stop,), name="stop", daemon=True).start()
        self.start()
        while not stop.is_set():
            self.wait(None)
        self.stop()

    def wait(self, timeout_s: float | None) -> tuple[Exit, ...]:
        """Sleep until a process ends, a restart is done, it is poked, or the time is over; returns who ended."""
        ended = self._poll(timeout_s)
        self._listen()
        exits = tuple(self._bury(watched) for watched in ended)
        self._end_what_hangs()
        if self._all_again:
            self._restart_all()
        restarted = [watched for watched in self._watched.values() if self._is_due(watched)]
        for watched in restarted:
            self._start(watched)
        if exits or restarted:
            self._write_board()
        return exits

    def on_exit(self, callback: OnExit) -> None:
        """Call this too when a process has ended."""
        self._on_exit.append(callback)

    def restart_all(self) -> None:
        """End every process and start it again, soon; to be called from ``on_exit`` too."""
        self._all_again = True
        self.poke()

    def poke(self) -> None:
        """Let ``wait`` return now; for other threads and signal handlers."""
        with suppress(BlockingIOError, OSError):  # full: it is awake anyway; closed: nobody waits
            os.write(self._poke_in, b".")

    @property
    def wake_fd(self) -> int:
        """For ``signal.set_wakeup_fd``: a signal that comes just before the sleep begins ends it all the same."""
        return self._poke_in

    def forward(self, number: int) -> None:
        """Send a signal to every process, not to what they have started themselves."""
        for watched in self._watched.values():
            if watched.process is not None:
                watched.process.signal(number)

    def stop(self) -> None:
        """End all, the last started first: SIGTERM, and SIGKILL to the groups of those still there after the grace."""
        self._end(list(reversed(self._watched.values())))

    def end(self, name: str) -> None:
        """End one for good, in the same way."""
        self._end([self._watched[name]])

    def states(self) -> dict[str, ChildState]:
        """By name."""
        return {name: _state(watched) for name, watched in self._watched.items()}

    def close(self) -> None:
        """Give back what ``poke`` and signals use; call it after ``stop``."""
        if self._wakeup_before is not None:
            signal.set_wakeup_fd(self._wakeup_before)
            self._wakeup_before = None
        os.close(self._poke_out)
        os.close(self._poke_in)
        self._ear.close()

    def _poke_after(self, stop: threading.Event) -> None:
        stop.wait()
        self.poke()

    def _start(self, watched: _Watched) -> None:
        watched.due_ns = None
        watched.starts += 1
        watched.began_ns = watched.heard_ns = self._clock.monotonic_ns()
        watched.ready, watched.status, watched.kill_ns = False, None, None
        try:
            watched.process = Running(told(watched.child, self._ear.address))
        except OSError as error:
            log.error("process.not_started", exc_info=error, extra={"facts": {"process": watched.child.name}})  # noqa: TRY400
            self._ended(watched, pid=None, code=127)
            return
        log.info("process.started", extra={"facts": {"process": watched.child.name, "child": watched.process.pid}})

    def _poll(self, timeout_s: float | None) -> list[_Watched]:
        alive = {each.process.fileno(): each for each in self._watched.values() if each.process is not None}
        poll = select.poll()
        for fd in (*alive, self._poke_out, self._ear.fileno()):
            poll.register(fd, select.POLLIN)
        times = [time_ns for each in self._watched.values() for time_ns in (each.due_ns, each.deadline_ns)]
        if dues := [time_ns for time_ns in times if time_ns is not None]:
            left_s = max(0, min(dues) - self._clock.monotonic_ns()) / 1e9
            timeout_s = left_s if timeout_s is None else min(left_s, timeout_s)
        # Rounded up: a wait that ends a part of a millisecond early would be begun again and again.
        ready = {fd for fd, _ in poll.poll(None if timeout_s is None else int(timeout_s * 1000) + 1)}
        if self._poke_out in ready:
            with suppress(BlockingIOError):
                os.read(self._poke_out, 4096)
        return [watched for fd, watched in alive.items() if fd in ready]

    def _listen(self) -> None:
        """What the processes say of themselves; what anybody else says is not heard."""
        by_pid = {each.process.pid: each for each in self._watched.values() if each.process is not None}
        was_ready = [each.ready for each in self._watched.values()]
        for pid, said in self._ear.drain():
            watched = by_pid.get(pid)
            if watched is None:
                continue
            watched.status = said.get("STATUS", watched.status)
            if "1" in {said.get("READY"), said.get("WATCHDOG"), said.get("RELOADING")}:
                watched.heard_ns = self._clock.monotonic_ns()
                watched.ready = watched.ready or said.get("READY") == "1"
        if was_ready != [each.ready for each in self._watched.values()]:
            self._write_board()

    def _end_what_hangs(self) -> None:
        now_ns = self._clock.monotonic_ns()
        for watched in self._watched.values():
            process, deadline_ns = watched.process, watched.deadline_ns
            if process is None or deadline_ns is None or now_ns < deadline_ns:
                continue
            if watched.kill_ns is None:
                silent_s = round((now_ns - watched.heard_ns) / 1e9, 1)
                facts = {"process": watched.child.name, "child": process.pid, "silent_s": silent_s}
                log.error("process.hung", extra={"facts": facts | {"code": Code.WATCHDOG_FROZEN.code}})
                process.signal(signal.SIGABRT)
            else:
                process.signal(signal.SIGKILL)
            watched.kill_ns = now_ns + round(_LAST_WORDS_S * 1e9)

    def _restart_all(self) -> None:
        self._all_again = False
        log.warning("service.restarts")
        living = [watched for watched in reversed(self._watched.values()) if watched.process is not None]
        self._end(living)
        for watched in living:
            if watched.child.restart:
                watched.due_ns = self._clock.monotonic_ns()

    def _bury(self, watched: _Watched, *, stopped: bool = False) -> Exit:
        process = watched.process
        assert process is not None  # noqa: S101 - only processes that ran are buried
        code = process.bury()
        watched.process = None
        return self._ended(watched, pid=process.pid, code=code, stopped=stopped)

    def _ended(self, watched: _Watched, *, pid: int | None, code: int, stopped: bool = False) -> Exit:
        child = watched.child
        now_ns = self._clock.monotonic_ns()
        lived_s = (now_ns - watched.began_ns) / 1e9
        again = child.restart and not (child.done_on_success and code == 0) and not stopped
        wait_s = watched.patience.wait_s(lived_s) if again else None
        watched.due_ns = None if wait_s is None else now_ns + round(wait_s * 1e9)
        ended = Exit(child.name, pid, code, lived_s, wait_s, hung=watched.kill_ns is not None)
        watched.last_exit = ended
        self._tell(ended, expected=stopped or code == 0)
        return ended

    def _tell(self, ended: Exit, *, expected: bool) -> None:
        facts = {"process": ended.name, "child": ended.pid, "exit": ended.code, "after_s": round(ended.after_s, 1)}
        if not expected:
            facts |= {"code": Code.PROCESS_CRASHED.code, "again_in_s": ended.restart_in_s}
        log.log(logging.INFO if expected else logging.ERROR, "process.ended", extra={"facts": facts})
        for callback in self._on_exit:
            try:
                callback(ended)
            except OohError as error:
                log.warning("process.on_exit", exc_info=error, extra={"facts": {"process": ended.name}})

    def _is_due(self, watched: _Watched) -> bool:
        return watched.due_ns is not None and watched.due_ns <= self._clock.monotonic_ns()

    def _end(self, condemned: Sequence[_Watched]) -> None:
        for watched in condemned:
            watched.due_ns = None
            if watched.process is not None:
                watched.process.signal(signal.SIGTERM)
        end_ns = self._clock.monotonic_ns() + round(self._grace_s * 1e9)
        for watched in condemned:
            process = watched.process
            if process is None:
                continue
            if not process.wait((end_ns - self._clock.monotonic_ns()) / 1e9):
                log.warning("process.killed", extra={"facts": {"process": watched.child.name, "child": process.pid}})
            self._bury(watched, stopped=True)
        self._write_board()

    def _write_board(self) -> None:
        if self._board is None:
            return
        children = {
            name: {
                "pid": state.pid,
                "ready": state.ready,
                "restarts": state.restarts,
                "last_exit": state.last_exit and state.last_exit.code,
            }
            for name, state in self.states().items()
        }
        try:
            self._board.write({"pid": os.getpid(), "children": children})
        except OohError as error:
            log.warning("board.not_written", exc_info=error)


def _state(watched: _Watched) -> ChildState:
    return ChildState(
        pid=watched.process.pid if watched.process is not None else None,
        restarts=max(0, watched.starts - 1),
        last_exit=watched.last_exit,
        done=watched.starts > 0 and watched.process is None and watched.due_ns is None,
        ready=watched.process is not None and watched.ready,
        status=watched.status if watched.process is not None else None,
    )
