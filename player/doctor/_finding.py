"""A finding: one line of the doctor's list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from config import OohError

Grade = Literal["ok", "warn", "fail"]
LATE = "Look at the network and try again."


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do when it is not good."""

    name: str
    grade: Grade
    what: str
    next_step: str = ""

    @classmethod
    def of_error(cls, name: str, error: OohError, grade: Grade = "fail") -> Finding:
        """A failure with a code tells its own next step."""
        return cls(name, grade, f"{error.code.code}: {error.message}", error.code.next_step)


@dataclass(frozen=True, slots=True)
class Check:
    """One look at one thing. ``look`` returns its finding, None when it is not there, or raises ``OohError``."""

    name: str
    look: Callable[[], Finding | None]
    when_late: str = LATE
    """What to do when it does not end in time."""


def worst(name: str, found: Sequence[Finding], fine: str) -> Finding:
    """Of several things that one line stands for, the worst; ``fine`` when nothing was found."""
    for grade in ("fail", "warn"):
        for finding in found:
            if finding.grade == grade:
                return finding
    return Finding(name, "ok", fine)


def summary(findings: Sequence[Finding]) -> str:
    """``2 to mend, 1 to watch``; or that all is well."""
    mend = sum(finding.grade == "fail" for finding in findings)
    watch = sum(finding.grade == "warn" for finding in findings)
    parts = [f"{count} to {word}" for count, word in ((mend, "mend"), (watch, "watch")) if count]
    return ", ".join(parts) if parts else f"all {len(findings)} good"
