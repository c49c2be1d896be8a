"""A problem: one thing wrong with the configuration, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from config._errors import Code, OohError

ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. ``str()`` gives the line a person reads: ``player.toml:7: screen.rotation: …``."""

    file: str
    """The file as it was named, or ``environment``."""
    line: int | None
    """1 for the first line; None when the problem has no line (a missing file, the environment)."""
    key: str
    """The dotted key as it was written, or the name of the variable; empty for a problem of the whole file."""
    message: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (where, self.key, self.message) if part)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was set: a line of a file, or a variable of the environment."""

    file: str
    line: int | None
    key: str
    """The key as it was written there; for the environment the variable's name."""

    def __str__(self) -> str:
        if self.file == ENVIRONMENT:
            return f"{ENVIRONMENT} {self.key}"
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def problem(self, message: str) -> Problem:
        """The problem that a value set here has."""
        return Problem(self.file, self.line, self.key, message)


class ConfigError(OohError):
    """The configuration cannot be used. ``problems`` holds all that is wrong, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        more = len(self.problems) - 1
        first = str(self.problems[0])
        super().__init__(Code.CONFIG_INVALID, f"{first} (and {more} more)" if more else first)
