"""The folders of the meeting point: what survives power, and what survives only the process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config import CacheConfig, Code, OohError

_APP = "ooh-player"


@dataclass(frozen=True, slots=True)
class Folders:
    """``state``: journal.db, cache.db, store/. ``run``: doorbells, playhead, boards (tmpfs under systemd)."""

    state: Path
    run: Path

    @property
    def store(self) -> Path:
        """Where creatives and plates are."""
        return self.state / "store"

    @classmethod
    def of(cls, config: CacheConfig, environ: Mapping[str, str]) -> Folders:
        """The configured folders, else systemd's, else the user's; made with mode 0700 when missing.

        ``$STATE_DIRECTORY`` and ``$RUNTIME_DIRECTORY`` as in systemd.exec(5), the first of a list.
        Raises ``OohError`` (CACHE_UNAVAILABLE).
        """
        folders = cls.named(config, environ)
        for folder in (folders.state, folders.run):
            make_folder(folder)
        return folders

    @classmethod
    def named(cls, config: CacheConfig, environ: Mapping[str, str]) -> Folders:
        """The same folders, whether they are there or not; nothing is made."""
        state = _configured(config.dir, environ, "STATE_DIRECTORY") or _users_state(environ)
        run = _configured(config.run_dir, environ, "RUNTIME_DIRECTORY") or state / "run"
        return cls(state=state, run=run)


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner enters. Raises ``OohError`` (CACHE_UNAVAILABLE)."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OohError(Code.CACHE_UNAVAILABLE, f"{folder}: {error.strerror or error}") from error


def _configured(path: str, environ: Mapping[str, str], variable: str) -> Path | None:
    chosen = path or environ.get(variable, "").split(":")[0]
    return Path(chosen).expanduser().absolute() if chosen else None


def _users_state(environ: Mapping[str, str]) -> Path:
    base = environ.get("XDG_STATE_HOME", "")
    # The XDG specification: relative paths are to be ignored.
    return (Path(base) if base.startswith("/") else Path(environ.get("HOME", "~")).expanduser() / ".local/state") / _APP
