"""The offline check of an export: is every record whole, and is none missing between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from cache._record import play_hash


@dataclass(frozen=True, slots=True)
class ExportProblem:
    """What is wrong with one line; ``line`` counts from 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What the check of an export found."""

    plays: int
    problems: tuple[ExportProblem, ...]


def verify_export(lines: Iterable[bytes]) -> ExportReport:
    """Check JSON lines in order of seq: each hash, no seq missing or twice, each ``prev_hash`` that of a play before.

    Plays are linked in the order they were closed, which is nearly the order of seq: a fade closes one play after
    the next was opened. So a ``prev_hash`` is looked for among all lines; the first link may lie before the export.
    """
    problems: list[ExportProblem] = []
    hashes: dict[str, int] = {}
    links: list[tuple[int, Any]] = []
    last_seq: int | None = None
    plays = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        plays += 1
        try:
            record = msgspec.json.decode(line, type=dict[str, Any])
            found, seq = record["hash"], int(record["seq"])
            right = play_hash(record)
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
            problems.append(ExportProblem(number, f"not a record: {error}"))
            continue
        if found != right:
            problems.append(ExportProblem(number, f"seq {seq}: the record was changed (its hash is {right[:12]}…)"))
        if last_seq is not None and seq != last_seq + 1:
            problems.append(ExportProblem(number, f"seq {seq} follows {last_seq}"))
        last_seq = seq
        hashes[found] = number
        links.append((number, record.get("prev_hash")))
    problems += _broken_links(links, hashes)
    return ExportReport(plays, tuple(sorted(problems, key=lambda problem: problem.line)))


def _broken_links(links: list[tuple[int, Any]], hashes: dict[str, int]) -> list[ExportProblem]:
    """Exactly one record may point outside the export, and no two at the same one."""
    outside = [number for number, link in links if link not in hashes]
    seen: set[Any] = set()
    problems = [ExportProblem(number, "the play before it is missing") for number in outside[1:]]
    for number, link in links:
        if link in seen:
            problems.append(ExportProblem(number, "two plays follow the same one"))
        seen.add(link)
    return problems
