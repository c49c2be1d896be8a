"""Verifying an export offline: every hash, the chain that they make, and no seq missing or doubled."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cache._shapes import PLAY_SCHEMA
from cache.journal._record import play_hash


@dataclass(frozen=True, slots=True)
class ExportVerdict:
    """How many records are good from the beginning, and the first fault, None when there is none."""

    plays: int
    fault: str | None


def verify_export(lines: Iterable[bytes]) -> ExportVerdict:
    """Check records of one screen, one JSON object a line, in the order of ``seq``. Reads the file once."""
    before: dict[str, Any] | None = None
    plays = 0
    for number, line in enumerate(lines, start=1):
        record = _parsed(line)
        fault = "not a record of " + PLAY_SCHEMA if record is None else _fault(record, before)
        if record is None or fault is not None:
            return ExportVerdict(plays, f"line {number}: {fault}")
        before = record
        plays += 1
    return ExportVerdict(plays, None)


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    good = isinstance(record, dict) and record.get("schema") == PLAY_SCHEMA and type(record.get("seq")) is int
    return record if good else None


def _fault(record: dict[str, Any], before: dict[str, Any] | None) -> str | None:
    seq, name = record["seq"], record.get("id")
    if record.get("hash") is None or record["hash"] != _hash(record):
        return f"seq {seq} ({name}): broken, its hash is not that of its content"
    if before is None:
        return None
    if record.get("screen_id") != before.get("screen_id"):
        return f"seq {seq} ({name}): from another screen"
    if seq <= before["seq"]:
        return f"seq {seq} ({name}): doubled or out of order after seq {before['seq']}"
    if seq > before["seq"] + 1:
        return f"seq {before['seq'] + 1}: missing before seq {seq}"
    if record.get("prev_hash") != before["hash"]:
        return f"seq {seq} ({name}): broken chain, it does not follow the record before it"
    return None


def _hash(record: dict[str, Any]) -> str | None:
    try:
        return play_hash(record)
    except (ValueError, RecursionError):  # NaN, or nested out of all reason: no record of ours
        return None
