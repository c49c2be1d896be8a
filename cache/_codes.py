"""How often each error's code came into the log: for boards and heartbeats."""

from __future__ import annotations

import logging
import threading
from collections import Counter

from config import OohError

_MOST_CODES = 200


class CodeCounter(logging.Handler):
    """Counts warnings and worse by code. The log has edges, not ticks, and so has this."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._counts: Counter[str] = Counter()
        self._mine = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Never raises: whatever a line's facts are."""
        code = _code_of(record)
        with self._mine:
            if code is not None and (code in self._counts or len(self._counts) < _MOST_CODES):
                self._counts[code] += 1

    def counts(self) -> dict[str, int]:
        """By code, since this was made."""
        with self._mine:
            return dict(self._counts)

    def watch(self) -> None:
        """Begin to hear every logger of this process."""
        logging.getLogger().addHandler(self)

    def unwatch(self) -> None:
        """Hear no more."""
        logging.getLogger().removeHandler(self)


def _code_of(record: logging.LogRecord) -> str | None:
    """Of the error that caused the line, or told among its facts."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, OohError):
        return error.code.code
    facts = getattr(record, "facts", None)
    told = facts.get("code") if isinstance(facts, dict) else None
    return told if isinstance(told, str) else None
