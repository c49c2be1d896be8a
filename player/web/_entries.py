"""The log's lines as the page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from player.web._words import Clockface, Lamp, plain

_LEVELS = {"warning": Lamp("watch", "warning"), "error": Lamp("bad", "error"), "critical": Lamp("bad", "critical")}
_HEAD = frozenset({"at", "level", "part", "room", "event", "pid", "detail", "next_step", "trace"})
_MOST_FACTS = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One line."""

    at: str
    ago: str
    lamp: Lamp
    part: str
    event: str
    facts: str
    detail: str
    next_step: str


def entries(lines: Iterable[dict[str, Any]], face: Clockface) -> tuple[Entry, ...]:
    """In their order. What strangers wrote into them was made harmless by ``plain``; the template escapes it."""
    return tuple(_entry(line, face) for line in lines)


def _entry(line: dict[str, Any], face: Clockface) -> Entry:
    facts = [f"{plain(key, 30)}={plain(value, 120)}" for key, value in line.items() if key not in _HEAD]
    moment = face.parsed(line.get("at"))
    last_of_trace = str(line.get("trace", "")).strip().splitlines()[-1:]
    return Entry(
        at=face.at(moment),
        ago=face.ago(moment) if moment is not None else "",
        lamp=_LEVELS.get(str(line.get("level")), Lamp("info", plain(line.get("level", "?"), 20))),
        part=plain(line.get("part", line.get("room", "?")), 20),
        event=plain(line.get("event", "?"), 120),
        facts=plain(" ".join(facts[:_MOST_FACTS]), 400),
        detail=plain(line.get("detail") or " ".join(last_of_trace)),
        next_step=plain(line.get("next_step", "")),
    )
