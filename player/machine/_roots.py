"""Where the kernel's files are, and reading them: a test gives a tree of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_MOST_BYTES = 262_144


@dataclass(frozen=True, slots=True)
class Roots:
    """The folders that the facts are read from."""

    proc: Path = Path("/proc")
    sys: Path = Path("/sys")
    run: Path = Path("/run")
    etc: Path = Path("/etc")
    var: Path = Path("/var")


def read_bytes(path: Path) -> bytes:
    """The file's first 256 KiB; empty when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except (OSError, ValueError):
        return b""


def read_text(path: Path) -> str | None:
    """A small file without the white space and zero bytes around it; None when it is empty or cannot be read."""
    return read_bytes(path).decode("utf-8", "replace").strip(" \t\r\n\0") or None


def read_int(path: Path) -> int | None:
    """A file that holds a whole number, decimal or 0x…; None when it does not."""
    return parse_int(read_text(path))


def parse_int(text: str | None) -> int | None:
    """A whole number of 64 bits as the kernel writes it, decimal or 0x…; None when it is none."""
    try:
        number = int(text or "", 16 if (text or "").lower().startswith("0x") else 10)
    except ValueError:
        return None
    return number if abs(number) < 1 << 64 else None


def matches(folder: Path, pattern: str) -> list[Path]:
    """The paths below a folder that match, sorted; none when it cannot be read."""
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []
