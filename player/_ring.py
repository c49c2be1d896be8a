"""The ring: the last warnings of every process, in two small files; journald is volatile on a Pi."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import queue
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any

RING_BYTES = 256 << 10
_HALF_BYTES = RING_BYTES // 2
_MOST_LINE_BYTES = 4096
_MOST_WAITING = 200
_MOST_A_MINUTE = 60
_MINUTE_S = 60.0
_CLOSE_S = 2.0


class Ring:
    """``log/warnings.jsonl`` and, when that is full, the one before it. Written by several processes at once."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "log"
        self._now = self._folder / "warnings.jsonl"
        self._before = self._folder / "warnings.1.jsonl"

    def add(self, line: str) -> None:
        """Append one line, without an fsync: what the card is spared is worth more than the last second."""
        data = line.encode("utf-8", "replace")[: _MOST_LINE_BYTES - 1] + b"\n"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._now, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(handle, data)
            full = os.fstat(handle).st_size >= _HALF_BYTES
        finally:
            os.close(handle)
        if full:
            self._turn()

    def newest(self, most: int) -> list[dict[str, Any]]:
        """The last lines, newest first. What cannot be read is left out."""
        lines: deque[bytes] = deque(maxlen=most)
        for file in (self._before, self._now):
            with suppress(OSError):
                lines.extend(file.read_bytes().splitlines())
        found = []
        for line in reversed(lines):
            with suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict):
                    found.append(entry)
        return found

    def _turn(self) -> None:
        """The full file becomes the one before. Under a lock: two at once would put a fresh one over the full one."""
        handle = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if self._now.stat().st_size >= _HALF_BYTES:
                self._now.replace(self._before)
        finally:
            os.close(handle)


class RingHandler(logging.Handler):
    """Keeps warnings and worse. A thread of its own writes: the show must not wait for a card.

    At most sixty lines a minute, then one that says how many more there were: a storm must not wear the card.
    """

    def __init__(self, ring: Ring, formatter: logging.Formatter) -> None:
        super().__init__(logging.WARNING)
        self.setFormatter(formatter)
        self._ring = ring
        self._waiting: queue.Queue[str | None] = queue.Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._minute_ends_s = 0.0
        self._in_minute = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Never blocks, never raises; called under the handler's lock."""
        try:
            now_s = time.monotonic()
            if now_s >= self._minute_ends_s:
                left_out = max(0, self._in_minute - _MOST_A_MINUTE)
                self._minute_ends_s, self._in_minute = now_s + _MINUTE_S, 0
                if left_out:
                    self._keep(self.format(_left_out(left_out)))
            self._in_minute += 1
            if self._in_minute <= _MOST_A_MINUTE:
                self._keep(self.format(record))
        except Exception:  # noqa: BLE001 - logging's own way out; the line is on standard error as well
            self.handleError(record)

    def close(self) -> None:
        """Write what waits, for two seconds at most."""
        thread = self._thread
        if thread is not None and thread.is_alive():
            with suppress(queue.Full):
                self._waiting.put_nowait(None)
                thread.join(_CLOSE_S)
        super().close()

    def _keep(self, line: str) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._write, name="ring", daemon=True)
            self._thread.start()
        with suppress(queue.Full):
            self._waiting.put_nowait(line)

    def _write(self) -> None:
        while (line := self._waiting.get()) is not None:
            with suppress(OSError):  # a disk that takes nothing is told of elsewhere
                self._ring.add(line)


def _left_out(count: int) -> logging.LogRecord:
    record = logging.LogRecord("ooh.log", logging.WARNING, "", 0, "log.left_out", (), None)
    record.facts = {"lines": count}
    return record
