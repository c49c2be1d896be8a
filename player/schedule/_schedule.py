"""The schedule: the agent's jobs, each run when its last run asked for it, each kept apart from the others."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from cache import Clock
from config import OohError
from player.backoff import FAILURE
from player.schedule._retry import Retry
from player.schedule._steady import SteadyScheduler

log = logging.getLogger("ooh.schedule")

IDLE_S = 30.0
"""A job that waits to be woken looks after this long all the same: a doorbell's ring can be lost."""

Work = Callable[[], float | None]
"""One run of a job: returns the seconds until it wants to run again, or None to sleep until it is woken."""


@dataclass(slots=True)
class _Job:
    work: Work
    retry: Retry
    runs: int = 0
    errors: int = 0
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class JobState:
    """What ``status`` tells of a job."""

    runs: int
    errors: int
    last_error: str | None


@dataclass(slots=True)
class Schedule:
    """Jobs with threads of their own; a failed run is logged, counted and tried again with growing waits."""

    clock: Clock
    on_done: Callable[[str], None] = field(default=lambda _name: None)
    """Called after every run, in the job's thread."""
    draw: Callable[[], float] = random.random
    _jobs: dict[str, _Job] = field(default_factory=dict)
    _scheduler: SteadyScheduler = field(init=False)

    def __post_init__(self) -> None:
        self._scheduler = SteadyScheduler(self.clock)

    def add(self, name: str, work: Work, *, first_in_s: float = 0.0) -> None:
        """Add a job, before or after ``start``; its first run is due in ``first_in_s``."""
        self._jobs[name] = _Job(work, Retry(FAILURE, self.clock, self.draw))
        self._scheduler.plan(name, lambda: self._run(name), first_in_s)

    def start(self) -> None:
        """Begin; returns at once."""
        self._scheduler.start()

    def wake(self, *names: str) -> None:
        """Run these jobs now, or once more after their present run; unknown names are none of its business."""
        for name in names:
            if name in self._jobs:
                self._scheduler.wake(name)

    def remove(self, *names: str) -> None:
        """No more runs of these; a present run goes on to its end."""
        for name in names:
            if self._jobs.pop(name, None) is not None:
                self._scheduler.remove_job(name)

    def wait_still(self, timeout_s: float, *names: str) -> bool:
        """Wait until none of these jobs runs (no names: none at all); False when one still does after ``timeout_s``."""
        return self._scheduler.wait_still(timeout_s, names)

    def stop(self, timeout_s: float) -> bool:
        """Start no more runs and wait for the present ones; False when some still run after ``timeout_s``."""
        self._scheduler.shutdown(wait=False)
        return self.wait_still(timeout_s)

    def states(self) -> dict[str, JobState]:
        """By job."""
        return {name: JobState(job.runs, job.errors, job.last_error) for name, job in list(self._jobs.items())}

    def _run(self, name: str) -> float:
        job = self._jobs.get(name)
        if job is None:
            return IDLE_S
        job.runs += 1
        try:
            wait_s = job.work()
            self.on_done(name)
            job.retry.succeeded()
        except Exception as error:
            # The bulkhead: whatever a job meets, the others and its own next run go on.
            wait_s = job.retry.missed()
            job.errors += 1
            told = error.code.code if isinstance(error, OohError) else type(error).__name__
            # A disk that is full for a week is told once, not with every try.
            level = logging.DEBUG if job.retry.misses > 1 and told == job.last_error else logging.ERROR
            job.last_error = told
            facts = {"job": name, "again_in_s": round(wait_s, 1)}
            log.log(level, "job.failed", exc_info=error, extra={"facts": facts})
        return IDLE_S if wait_s is None else wait_s
