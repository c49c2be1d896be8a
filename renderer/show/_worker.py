"""One thread beside the show: reads plates, draws panels and writes pictures while frames go on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

log = logging.getLogger("ooh.show")

P = ParamSpec("P")
R = TypeVar("R")


class Worker:
    """Does one thing at a time, in order; ``done`` is called in its thread after each."""

    def __init__(self, done: Callable[[], None]) -> None:
        self._done = done
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stage")

    def do(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Do it soon; the result or the error is in the future."""
        future = self._pool.submit(work, *args, **kwargs)
        future.add_done_callback(lambda _: self._done())
        return future

    def do_aside(self, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do it soon; nobody waits for it, an error is logged."""
        self._pool.submit(work, *args, **kwargs).add_done_callback(_tell)

    def close(self) -> None:
        """Finish what was begun."""
        self._pool.shutdown(wait=True)


def _tell(future: Future[object]) -> None:
    if error := future.exception():
        log.error("worker.failed", exc_info=error)
