"""What must hold of a demo's folder, whatever happened to its processes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from cache import LeaseState, verify_export

_ENDED = {LeaseState.PLAYED, LeaseState.RELEASED, LeaseState.FAILED}
_PASSING = ("*.new", ".new-*", "*.bgrx", "*.corrupt-*")
"""Files that live only while something is being written, or that say that something was damaged."""


def faults_in(report: dict[str, Any], plays: int, root: Path) -> Iterator[str]:
    """Each thing that is not as it must be, as a sentence."""
    yield from _counts(report, plays)
    yield from _export(root / "plays.jsonl", report)
    yield from _journal(root / "state" / "journal.db")
    for pattern in _PASSING:
        yield from (f"left behind: {path.relative_to(root)}" for path in root.rglob(pattern))
    yield from (f"left behind: {path.relative_to(root)}" for path in (root / "state" / "work").glob("*"))


def _counts(report: dict[str, Any], plays: int) -> Iterator[str]:
    agreed = (report["journal"], report["journal"], 0, 0)
    if (report["plays"], report["stream"], report["lost"], report["duplicates"]) != agreed:
        counts = {name: report[name] for name in ("plays", "journal", "stream", "lost", "duplicates")}
        yield f"the counts differ: {counts}"
    if report["journal"] != plays:
        yield f"{report['journal']} plays instead of {plays}"


def _export(path: Path, report: dict[str, Any]) -> Iterator[str]:
    lines = path.read_bytes().splitlines(keepends=True)
    verdict = verify_export(lines)
    if verdict.fault is not None:
        yield f"the export is not good: {verdict.fault}"
    seqs = [json.loads(line)["seq"] for line in lines]
    if seqs != list(range(1, report["journal"] + 1)):
        yield f"seq has gaps: {seqs}"


def _journal(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as journal:
        for lease_id, state, history in journal.execute("SELECT lease_id, state, history FROM leases"):
            steps = [step for step, _, _ in json.loads(history)]
            if steps[-1] != state or state not in _ENDED or sum(step in _ENDED for step in steps) != 1:
                yield f"lease {lease_id} is {state} by {' '.join(steps)}"
        for (seq,) in journal.execute("SELECT seq FROM plays WHERE record IS NULL"):
            yield f"play {seq} was never closed"
        for seq, state in journal.execute("SELECT seq, state FROM deliveries WHERE state <> 'DELIVERED'"):
            yield f"play {seq} is {state}"
        (checked,) = journal.execute("PRAGMA quick_check").fetchone()
        if checked != "ok":
            yield f"the journal: {checked}"
