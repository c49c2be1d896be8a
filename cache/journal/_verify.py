"""Verifying an export offline: every hash and signature, the chain that they make, and no seq missing or doubled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cache._shapes import PLAY_SCHEMA
from cache.journal._keys import PublicKey, find_key
from cache.journal._record import canonical_json, play_hash


@dataclass(frozen=True, slots=True)
class ExportVerdict:
    """How many records are good from the beginning, and the first fault, None when there is none."""

    plays: int
    fault: str | None
    first_seq: int | None = None
    last_seq: int | None = None
    last_hash: str | None = None
    """Of the last good record. Two exports of one screen that agree here agree in all that came before."""
    signed: int = 0
    """How many of them carry a signature; they were checked only when keys were given."""


@dataclass(frozen=True, slots=True)
class _Loose:
    """A record that does not follow the one before it in the file."""

    line: int
    fault: str
    follows: object


def verify_export(
    lines: Iterable[bytes],
    keys: Sequence[PublicKey] = (),
    *,
    first: int | None = None,
    last: int | None = None,
) -> ExportVerdict:
    """Check records of one screen, one JSON object a line, in the order of ``seq``. Reads the file once.

    With ``keys`` every record has to be signed by one of them. Without, somebody who rewrites all of an export from
    some record on, hashes and all, is not found. Nor is one who cuts off its ends, unless ``first`` and ``last`` say
    which seq it is to begin and end with.
    """
    checker = _Checker(keys, first)
    for number, line in enumerate(lines, start=1):
        if not checker.take(number, line):
            break
    return checker.verdict(last)


class _Checker:
    """One pass over an export."""

    def __init__(self, keys: Sequence[PublicKey], first: int | None) -> None:
        self._keys = keys
        self._expected = first
        self._first: dict[str, Any] | None = None
        self._before: dict[str, Any] | None = None
        self._plays = 0
        self._signed = 0
        self._fault: str | None = None
        self._loose: list[_Loose] = []
        self._free: list[str] = []
        """Hashes that the next record in the file does not follow."""

    def take(self, number: int, line: bytes) -> bool:
        """Check one line; False when there is a fault and the rest says nothing."""
        record = _parsed(line)
        fault = f"not a record of {PLAY_SCHEMA}" if record is None else self._fault_of(record, line)
        if record is None or fault is not None:
            self._fault = f"line {number}: {fault}"
            return False
        if self._before is None:
            self._first = record
        elif record.get("prev_hash") != self._before["hash"]:
            broken = f"line {number}: {_name(record)}: broken chain, it does not follow the record before it"
            self._loose.append(_Loose(number, broken, record.get("prev_hash")))
            self._free.append(self._before["hash"])
        self._before = record
        self._plays += 1
        self._signed += record.get("signature") is not None
        return True

    def verdict(self, last: int | None) -> ExportVerdict:
        """What all the lines say together."""
        plays, fault = self._plays, self._fault
        broken = self._broken_link()
        if broken is not None:
            plays, fault = broken.line - 1, broken.fault
        end = self._before["seq"] if self._before is not None else None
        if fault is None and last is not None and end != last:
            missing = last if end is None else end + 1
            fault = f"seq {missing}: missing at the end" if end is None or end < last else f"seq {end}: after the end"
        return ExportVerdict(
            plays,
            fault,
            self._first["seq"] if self._first is not None else None,
            end,
            self._before["hash"] if self._before is not None else None,
            self._signed,
        )

    def _broken_link(self) -> _Loose | None:
        """The first record whose link is broken.

        The chain follows the order in which plays were closed. That is the order of seq, but for one that could only
        be closed later: then three links leave the file's order, and still make one chain of all records.
        """
        if not self._loose or self._first is None or self._before is None:
            return None
        free = {*self._free, self._before["hash"]}
        begins = self._first.get("prev_hash") not in free
        if not begins:
            free.discard(self._first["prev_hash"])
        for loose in self._loose:
            if loose.follows in free:
                free.discard(str(loose.follows))
            elif begins:
                return loose
            else:
                begins = True  # the chain comes into the file here
        return None

    def _fault_of(self, record: dict[str, Any], line: bytes) -> str | None:
        name, before = _name(record), self._before
        if record.get("hash") is None or record["hash"] != _hash(record):
            return f"{name}: broken, its hash is not that of its content"
        if not _is_canonical(record, line):
            return f"{name}: broken, it is not spelt as it was written"
        if self._keys and (fault := self._unsigned(record)) is not None:
            return f"{name}: {fault}"
        if before is not None and record.get("screen_id") != before.get("screen_id"):
            return f"{name}: from another screen"
        expected = self._expected if before is None else before["seq"] + 1
        if expected is not None and record["seq"] < expected:
            after = f"after seq {before['seq']}" if before is not None else f"before seq {expected}"
            return f"{name}: doubled or out of order {after}"
        if expected is not None and record["seq"] > expected:
            return f"seq {expected}: missing before seq {record['seq']}"
        return None

    def _unsigned(self, record: dict[str, Any]) -> str | None:
        if record.get("signature") is None:
            return "not signed"
        key = find_key(self._keys, record.get("key_id"))
        if key is None:
            return f"signed by the key {record.get('key_id')}, which is not among those given"
        return None if key.verifies(record["hash"], record["signature"]) else "its signature is not that of the key"


def _name(record: dict[str, Any]) -> str:
    return f"seq {record['seq']} ({record.get('id')})"


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    good = isinstance(record, dict) and record.get("schema") == PLAY_SCHEMA and type(record.get("seq")) is int
    return record if good else None


def _hash(record: dict[str, Any]) -> str | None:
    try:
        return play_hash(record)
    except (ValueError, RecursionError):  # NaN, or nested out of all reason: no record of ours
        return None


def _is_canonical(record: dict[str, Any], line: bytes) -> bool:
    """One record, one spelling: else two readers could read two things, from a name that is there twice say."""
    return canonical_json(record) == line.removesuffix(b"\n")
