"""A finding: one line of the doctor's list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from config import OohError

Grade = Literal["ok", "warn", "fail"]


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
    """One look at one thing. ``look`` returns its finding or raises ``OohError``."""

    name: str
    look: Callable[[], Finding]
