"""Words for people: ages, sizes, spans and moments; and what a page must never tell taken out of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

State = Literal["good", "watch", "bad", "off", "info"]

_LONGEST = 300
_URL = re.compile(r"\b([a-z][a-z0-9+.-]*)://([^\s\"'<>|\\]*)", re.IGNORECASE)
_PATH = re.compile(r"(?<![\w.…/:*-])~?/(?:[^\s\"'<>|/,;:()\[\]]+/)*([^\s\"'<>|/,;:()\[\]]+)/?")
_SECRET = re.compile(
    r"((?:password|passwd|passphrase|secret|token|api[_-]?key|authorization|signature|pin)s?"
    r"[\"']?\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|\S+)",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(Bearer|Basic)\s+\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lamp:
    """A state by word; the page adds a shape and a colour."""

    state: State
    word: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the page: what, how it is, and when it is a matter of good or bad, which."""

    label: str
    value: str
    state: State = "info"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Clockface:
    """Moments as the clock on the wall of the venue shows them."""

    now: datetime
    zone: tzinfo | None

    def at(self, moment: datetime | None) -> str:
        """``20:54:03``, with the day before it when that is not today."""
        if moment is None:
            return "–"
        local, today = moment.astimezone(self.zone), self.now.astimezone(self.zone)
        return f"{local:%H:%M:%S}" if local.date() == today.date() else f"{local:%d %b %H:%M}"

    def parsed(self, text: object) -> datetime | None:
        """An RFC 3339 time of a board or a record; None for anything else."""
        try:
            found = datetime.fromisoformat(str(text))
        except ValueError:
            return None
        return found if found.tzinfo is not None else None

    def ago(self, moment: datetime | None) -> str:
        """``3 min ago``, ``in 20 s``."""
        if moment is None:
            return "never"
        seconds = (self.now - moment).total_seconds()
        if abs(seconds) < 1:
            return "just now"
        return f"{span(seconds)} ago" if seconds > 0 else f"in {span(-seconds)}"


def span(seconds: float) -> str:
    """``45 s``, ``12 min``, ``5 h``, ``3 d``."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size or (seconds >= size and seconds % size == 0):
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def size(size_bytes: float | None) -> str:
    """``812 MB``; ``unknown`` for None. Decimal, as cards are sold."""
    if size_bytes is None:
        return "unknown"
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.{0 if size_bytes >= 10 * factor else 1}f} {unit}"
    return f"{size_bytes:.0f} B"


def plain(text: object, most: int = _LONGEST) -> str:
    """A text that may be shown: on one line, no longer than ``most``, no secrets, no paths, of addresses the host.

    What logs and findings say was written without secrets; this is the second lock on that door.
    """
    told = "".join(mark if mark.isprintable() else " " for mark in str(text)[: 4 * most])
    told = _SECRET.sub(r"\1***", _BEARER.sub("***", _URL.sub(_host_only, told)))
    told = " ".join(_PATH.sub(r"…/\1", told).split())
    return told if len(told) <= most else f"{told[: most - 1]}…"


def _host_only(match: re.Match[str]) -> str:
    host, slash, rest = match[2].rpartition("@")[2].partition("/")
    host = host.partition("?")[0].partition("#")[0]
    return f"{match[1]}://{host}" + ("/…" if slash and rest else "")
