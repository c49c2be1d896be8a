"""Threads beside the show: one reads plates and draws panels while frames go on, one writes pictures."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from renderer import heap

log = logging.getLogger("ooh.show")

P = ParamSpec("P")
R = TypeVar("R")

_MOST_ASIDE = 8
"""Pictures wait in memory, 8 MB each."""


class Worker:
    """Does one thing at a time, in order; ``done`` is called in its thread after each."""

    def __init__(self, done: Callable[[], None], now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._done = done
        self._now_ns = now_ns
        self.busy_since_ns: int | None = None
        """Since when it is at what it does; None: at rest."""
        heap.tune()
        self._stage = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stage")
        self._aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="aside")
        self._waiting: list[Future[object]] = []

    def do(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Do it soon; the result or the error is in the future."""
        future = self._stage.submit(self._timed, partial(work, *args, **kwargs))
        future.add_done_callback(lambda _: self._done())
        self._stage.submit(heap.give_back)
        return future

    def _timed(self, work: Callable[[], R]) -> R:
        self.busy_since_ns = self._now_ns()
        try:
            return work()
        finally:
            self.busy_since_ns = None

    def do_aside(self, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
        """Do it some time, without holding up what is staged; nobody waits for it, an error is logged.

        False, and not done, when too much waits already.
        """
        self._waiting = [future for future in self._waiting if not future.done()]
        if len(self._waiting) >= _MOST_ASIDE:
            return False
        future = self._aside.submit(work, *args, **kwargs)
        future.add_done_callback(_tell)
        self._waiting.append(future)
        return True

    def close(self) -> None:
        """Finish what was begun."""
        self._stage.shutdown(wait=True)
        self._aside.shutdown(wait=True)


def _tell(future: Future[object]) -> None:
    if error := future.exception():
        log.error("worker.failed", exc_info=error)
