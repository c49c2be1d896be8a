"""The clerk: writes to the journal in order, in a thread of its own, and insists until each is written."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, TypeVar

from renderer.show._troubles import Troubles

log = logging.getLogger("ooh.show")

T = TypeVar("T")

_PATIENCE_S = 0.25
"""A commit takes milliseconds, on a slow card tens of them; a picture may stand still this long, not longer."""
_AGAIN_S = 2.0
_LAST_CHANCE_S = 6.0
"""At the end of the show: longer than SQLite waits for a lock, shorter than the supervisor waits before it kills."""
_MOST_WAITING = 20_000
"""Writes kept while the journal fails, 2 KB each: a day of plays."""


@dataclass(frozen=True, slots=True)
class _Write:
    do: Callable[[], Any]
    done: Future[Any]
    facts: Mapping[str, object]
    """What the log says when it is lost."""


class Clerk:
    """A locked or full journal costs the show its patience once, and no write: they wait here, in memory."""

    def __init__(
        self,
        patience_s: float = _PATIENCE_S,
        again_s: float = _AGAIN_S,
        last_chance_s: float = _LAST_CHANCE_S,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        """``done`` is called in the clerk's thread when nothing waits any more."""
        self._done = done
        self._patience_s = patience_s
        self._again_s = again_s
        self._last_chance_s = last_chance_s
        self._troubles = Troubles("journal")
        self._writes: SimpleQueue[_Write | None] = SimpleQueue()
        self._ending = Event()
        self._behind = False
        self._lost = 0
        self._thread = Thread(target=self._run, name="clerk", daemon=True)
        self._thread.start()

    @property
    def errors(self) -> int:
        """How often the journal refused."""
        return self._troubles.count

    @property
    def lost(self) -> int:
        """How many writes were given up; each has a line in the log."""
        return self._lost

    def write(self, do: Callable[[], T], **facts: object) -> Future[T]:
        """Have it written after all that waits; ``facts`` are logged when that is never."""
        written: Future[T] = Future()
        write = _Write(do, written, facts)
        if self._writes.qsize() < _MOST_WAITING:
            self._writes.put(write)
        else:
            self._lose(write)
        return written

    def wait(self, written: Future[T]) -> T | None:
        """What was written; None when the journal is slow: then it is not waited for again until it has caught up."""
        if self._behind and not written.done():
            return None
        try:
            return written.result(self._patience_s)
        except TimeoutError:
            self._behind = True
        except CancelledError:
            pass  # it is lost, and was logged
        return None

    def close(self) -> bool:
        """One last chance for each that waits; what is lost then is logged. True when nothing is under way."""
        self._ending.set()
        self._writes.put(None)
        self._thread.join(self._last_chance_s)
        with suppress(Empty):
            while (write := self._writes.get_nowait()) is not None:
                self._lose(write)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (write := self._writes.get()) is not None:
            try:
                self._insist(write)
            except Exception:  # whatever is wrong with this one, the others are written
                self._lost += 1
                log.exception("clerk.failed", extra={"facts": {**write.facts, "lost": self._lost}})
                write.done.cancel()
            if self._writes.empty():
                self._behind = False
                self._done()

    def _insist(self, write: _Write) -> None:
        is_last = False
        while not is_last:
            is_last = self._ending.is_set()
            with self._troubles:
                write.done.set_result(write.do())
                return
            self._ending.wait(self._again_s)
        self._lose(write)

    def _lose(self, write: _Write) -> None:
        self._lost += 1
        log.error("write.lost", extra={"facts": {**write.facts, "lost": self._lost}})
        write.done.cancel()
