"""The draft: the configuration file as it will be, checked as a whole before a byte of it is written."""

from __future__ import annotations

import os
import shutil
import stat
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from config import (
    Code,
    ConfigError,
    Loaded,
    OohError,
    Problem,
    example_file,
    masked,
    plain_key,
    read_answer,
    toml,
    with_values,
)
from player._kinds import load_config

_MODE = 0o640
"""Of a new file: its group (the service's, when the installer's command runs this) may read it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One key, before and after, as the file has it; ``before`` is empty when it stood nowhere."""

    key: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.key}: {masked(self.before) or 'not set'} → {masked(self.after)}"


@dataclass(slots=True)
class Draft:
    """Answers are laid over the file one by one; ``save`` writes them, or nothing."""

    path: Path
    environ: Mapping[str, str]
    text: str
    is_new: bool
    values: dict[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path, environ: Mapping[str, str]) -> Draft:
        """Of the file that is there, else of the example file with every key commented.

        Raises ``ConfigError`` when what is there has mistakes: they are mended first, or lost.
        """
        if not path.exists():
            return cls(path, environ, example_file(), is_new=True)
        load_config(path, environ)
        return cls(path, environ, path.read_bytes().decode("utf-8"), is_new=False)

    def answer(self, key: str, text: str) -> object:
        """Take one answer. Raises ``ConfigError`` with what is wrong with it, in the words of ``check``."""
        value = read_answer(key, text)
        self.put(plain_key(key), value)
        return value

    def put(self, key: str, value: object) -> None:
        """The same for a value that is right by its type. Raises ``ConfigError``."""
        try:
            with_values(self.text, {**self.values, key: value})
        except ValueError as error:
            raise ConfigError((Problem(str(self.path), None, key, str(error)),)) from error
        self.values[key] = value

    def check(self) -> Loaded:
        """The whole configuration as it would be, with player.d and the environment. Raises ``ConfigError``."""
        new = self._beside()
        try:
            self._make(new)
            return load_config(new, self.environ)
        except ConfigError as error:
            raise ConfigError(self._named(problem, new) for problem in error.problems) from error
        finally:
            new.unlink(missing_ok=True)

    def changes(self) -> tuple[Change, ...]:
        """What differs from before, in the order of the answers."""
        before = self._effective() if not self.is_new else {}
        document = _parsed(self.text)
        return tuple(
            Change(key, before.get(key, ""), "not set" if value is None else toml(value))
            for key, value in self.values.items()
            if _parsed(with_values(self.text, {key: value})) != document
        )

    def overruled(self, loaded: Loaded) -> tuple[str, ...]:
        """Answers that will have no effect, because player.d or the environment says otherwise."""
        mine = f"{self._beside()}:"
        return tuple(
            f"{self._short(key, loaded)}: {source} says otherwise, and wins"
            for key, source in loaded.sources.items()
            if {key, self._short(key, loaded)} & self.values.keys()
            and source != "default"
            and not source.startswith(mine)
        )

    def save(self) -> Path | None:
        """Write it: whole, on disk, in one step; what was there is kept beside it as ``.bak``.

        A link stays one: the file that it leads to is written. Returns the copy; None when there was nothing to keep.
        Raises ``OohError`` (FILE_UNUSABLE).
        """
        path = self.path.resolve()
        new, kept = path.with_name(self._beside().name), self.path.with_name(f"{self.path.name}.bak")
        try:
            if not self.is_new:
                shutil.copy2(path, kept)
            self._make(new)
            new.replace(path)
            _sync(path.parent)
        except OSError as error:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise OohError(Code.FILE_UNUSABLE, f"{error.filename or self.path}: {error.strerror}") from error
        return None if self.is_new else kept

    def _make(self, new: Path) -> None:
        mode = _MODE
        found = None if self.is_new else self.path.stat()
        if found is not None:
            mode = stat.S_IMODE(found.st_mode)
        new.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode)
            if found is not None and (found.st_uid, found.st_gid) != (os.geteuid(), os.getegid()):
                with suppress(PermissionError):
                    os.fchown(handle, found.st_uid, found.st_gid)
            file.write(with_values(self.text, self.values).encode("utf-8"))
            file.flush()
            os.fsync(handle)

    def _beside(self) -> Path:
        return self.path.with_name(f".{self.path.name}.{os.getpid()}.new")

    def _named(self, problem: Problem, new: Path) -> Problem:
        return replace(problem, file=str(self.path)) if problem.file == str(new) else problem

    def _effective(self) -> dict[str, str]:
        """Every value that this file sets now, as TOML, under the key that an answer would have."""
        loaded = load_config(self.path, self.environ)
        mine = f"{self.path}:"
        rows = {row.key: toml(row.value) for row in loaded.effective() if row.source.startswith(mine)}
        return {self._short(key, loaded): text for key, text in rows.items()}

    @staticmethod
    def _short(key: str, loaded: Loaded) -> str:
        """``exchange.url`` when there is one exchange."""
        return key.replace("exchange[0].", "exchange.") if len(loaded.config.exchange) == 1 else key


def _parsed(text: str) -> dict[str, Any]:
    """Editors on Windows put a byte order mark before the text."""
    return tomllib.loads(text.removeprefix("\ufeff"))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
