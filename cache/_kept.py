"""A small JSON file that a process keeps for the next life, or for another process to read."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")


def read_json(path: Path, kind: type[T]) -> T | None:
    """What it holds; None when there is none, or none that can be read as ``kind``: a torn file stops no process."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, ValueError):  # msgspec's own are ValueErrors, and so is what is not UTF-8
        return None
