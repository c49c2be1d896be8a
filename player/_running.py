"""The settings that a running process should have: the files as they are now, and its own environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from config import config_hash
from player._kinds import load_config

_PREFIX = "OOH_PLAYER_"


def wanted_hash(path: Path | None, pid: int, environ: Mapping[str, str], proc: Path = Path("/proc")) -> str:
    """The digest that the board of process ``pid`` should show once it has read the files again.

    A unit's ``Environment=`` is not in a tech's shell, nor the other way round; where the process's own cannot be read,
    ``environ`` stands for it. Raises ``ConfigError``.
    """
    try:
        pairs = (proc / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return config_hash(load_config(path, environ).config)
    its = dict(pair.decode("utf-8", "surrogateescape").split("=", 1) for pair in pairs if b"=" in pair)
    return config_hash(load_config(path, {k: v for k, v in its.items() if k.startswith(_PREFIX)}).config)
