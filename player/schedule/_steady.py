"""APScheduler made steady: jobs stay on monotonic time when the wall clock jumps, and each run has its own thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from threading import Condition, Thread
from typing import Protocol

from apscheduler.executors.base import BaseExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from cache import Clock
from player.schedule._trigger import MonotonicTrigger

log = logging.getLogger("ooh.schedule")

HUNG_S = 3_600.0
"""A run that takes longer is told of in the log; its job waits for it all the same."""
_SLEW = timedelta(milliseconds=50)
_JUMP = timedelta(seconds=2)
_LONGEST_WAIT_S = 600.0


class _Job(Protocol):
    """What is used of APScheduler's job."""

    id: str
    func: Callable[[], float]


class SteadyScheduler(BackgroundScheduler):  # type: ignore[misc] # APScheduler has no types
    """Runs every job at its ``MonotonicTrigger``'s time; its state is guarded by APScheduler's own lock."""

    def __init__(self, clock: Clock) -> None:
        # What APScheduler says of every run is a tick, not an edge.
        quiet = logging.getLogger("ooh.schedule.apscheduler")
        quiet.setLevel(logging.WARNING)
        super().__init__(timezone=UTC, logger=quiet, executors={"default": ThreadARun()})
        self._clock = clock
        self._running: set[str] = set()
        self._again: set[str] = set()
        self._still = Condition(self._jobstores_lock)

    def plan(self, name: str, work: Callable[[], float], first_in_s: float) -> None:
        """Add a job; ``work`` returns the seconds until it wants to run again."""
        trigger = MonotonicTrigger(self._clock, first_in_s, HUNG_S)
        self.add_job(work, trigger, id=name, name=name, max_instances=1, coalesce=True, misfire_grace_time=None)

    def wake(self, name: str) -> None:
        """Run it now; when it runs already, once more after that."""
        with self._jobstores_lock:
            if name in self._running:
                self._again.add(name)
            else:
                self._set_due(name, 0.0)

    def started(self, name: str) -> None:
        """A run begins: what woke it up to now is seen by this run."""
        with self._jobstores_lock:
            self._running.add(name)
            self._again.discard(name)

    def finished(self, name: str, wait_s: float) -> None:
        """A run has ended; the next is due in ``wait_s``, or now if it was woken meanwhile."""
        with self._still:
            self._running.discard(name)
            self._set_due(name, 0.0 if name in self._again else wait_s)
            self._still.notify_all()

    def wait_still(self, timeout_s: float, names: Collection[str]) -> bool:
        """Wait until none of ``names`` runs (no names: nothing at all); False when one still does."""
        with self._still:
            return self._still.wait_for(lambda: not self._running & set(names or self._running), timeout_s)

    def _set_due(self, name: str, in_s: float) -> None:
        job = self.get_job(name)
        if job is not None:  # None: the scheduler has been shut down
            job.trigger.set_due(in_s)
            self.modify_job(name, next_run_time=job.trigger.due_at(self._clock.now()))

    def _process_jobs(self) -> float:
        """APScheduler's one pass, with the wall times put right before it and the wait taken from monotonic time."""
        with self._jobstores_lock:
            self._realign()
            super()._process_jobs()
            return min((job.trigger.left_s() for job in self.get_jobs()), default=_LONGEST_WAIT_S)

    def _realign(self) -> None:
        now = self._clock.now()
        jumped = timedelta()
        for job in self.get_jobs():
            due = job.trigger.due_at(now)
            off = job.next_run_time - due
            if abs(off) > _SLEW or (due == now and off > timedelta()):
                self.modify_job(job.id, next_run_time=due)
                jumped = max(jumped, off, key=abs)
        if abs(jumped) > _JUMP:
            log.warning("clock.jumped", extra={"facts": {"by_s": -round(jumped.total_seconds(), 1)}})


class ThreadARun(BaseExecutor):  # type: ignore[misc] # APScheduler has no types
    """A thread for every run: a slow job cannot take a worker from another, nor hold up the process's end."""

    _scheduler: SteadyScheduler

    def _do_submit_job(self, job: _Job, run_times: Sequence[datetime]) -> None:  # noqa: ARG002 - APScheduler's hook
        self._scheduler.started(job.id)
        Thread(target=self._run, args=(job.id, job.func), name=f"job-{job.id}", daemon=True).start()

    def _run(self, name: str, work: Callable[[], float]) -> None:
        wait_s = HUNG_S
        try:
            wait_s = work()
        finally:
            # First the instance is given back, then the next run may be due.
            self._run_job_success(name, [])
            self._scheduler.finished(name, wait_s)
