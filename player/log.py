"""The log: one line an event on standard error, for people (text) or machines (JSON)."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config import LogConfig, OohError
from player._ring import Ring, RingHandler

_NEEDS_QUOTES = set(' "=\n\t')
_MOST_KEPT = 1000
"""Characters of one value that the ring keeps."""


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """The facts of an event, with the code of the error that caused it."""
    facts: dict[str, Any] = dict(getattr(record, "facts", {}))
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, OohError):
        facts.setdefault("code", error.code.code)
        facts.setdefault("detail", error.message)
        facts.setdefault("next_step", error.code.next_step)
    elif error is not None:
        facts.setdefault("error", f"{type(error).__name__}: {error}")
    return facts


class TextFormatter(logging.Formatter):
    """``2026-11-22T20:54:00.123Z info  screen play.started kind=ad seq=4``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; a traceback only for errors that no code explains."""
        if _is_bare(record):
            return record.getMessage()
        pairs = " ".join(f"{key}={_word(value)}" for key, value in facts_of(record).items() if value is not None)
        room = record.name.removeprefix("ooh.")
        line = f"{_time(record)} {record.levelname.lower():<7} {room} {record.getMessage()} {pairs}".rstrip()
        return line + _trace(self, record)


class JsonFormatter(logging.Formatter):
    """The same as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """``{"at", "level", "room", "event", …facts}``."""
        if _is_bare(record):
            return record.getMessage()
        head = {
            "at": _time(record),
            "level": record.levelname.lower(),
            "room": record.name.removeprefix("ooh."),
            "event": record.getMessage(),
            "pid": os.getpid(),
        }
        trace = _trace(self, record)
        tail = {"trace": trace.strip()} if trace else {}
        return json.dumps({**head, **facts_of(record), **tail}, default=str, ensure_ascii=False)


def set_up(config: LogConfig, file: Path | None = None) -> None:
    """Send every log line of this process to standard error, which journald keeps, or to a file."""
    handler = logging.StreamHandler(sys.stderr) if file is None else logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(JsonFormatter() if config.form == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    set_level(config)
    # A request that is tried again is told by who makes it; the library would say every try.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    logging.captureWarnings(capture=True)


def keep_warnings(state: Path, part: str) -> None:
    """Keep this process's warnings, and worse, in the ring of the state folder too: for the page, and after a crash."""
    logging.getLogger().addHandler(RingHandler(Ring(state), _PartFormatter(part)))


class _PartFormatter(JsonFormatter):
    """JSON that says which process it was."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part

    def format(self, record: logging.LogRecord) -> str:
        told = {"part": self._part, **json.loads(super().format(record))}
        return json.dumps({key: _cut(value) for key, value in told.items()}, ensure_ascii=False)


def _cut(value: object) -> object:
    """A trace is read from its end, everything else from its beginning."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(text) <= _MOST_KEPT:
        return value
    return f"…{text[-_MOST_KEPT:]}" if text.startswith("Traceback") else f"{text[:_MOST_KEPT]}…"


def _is_bare(record: logging.LogRecord) -> bool:
    """A line for a program that reads the log, which may have nothing before it: EMF."""
    return getattr(record, "bare", False) is True


def set_level(config: LogConfig) -> None:
    """The least that is written, from now on."""
    logging.getLogger("ooh").setLevel(config.level.upper())


def _time(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _word(value: object) -> str:
    text = json.dumps(value, default=str) if isinstance(value, (dict, list, tuple)) else str(value)
    # What others wrote must not forge a line or steer a terminal.
    quoted = not text or _NEEDS_QUOTES & set(text) or not text.isprintable()
    return json.dumps(text, ensure_ascii=not text.isprintable()) if quoted else text


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    if record.exc_info is None or isinstance(record.exc_info[1], OohError):
        return ""
    return "\n" + formatter.formatException(record.exc_info)
