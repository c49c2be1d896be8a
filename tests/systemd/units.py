"""The units as files, and the facts that every test of them needs."""

from __future__ import annotations

from configparser import RawConfigParser
from pathlib import Path

FOLDER = Path(__file__).parent.parent.parent / "systemd"
UNITS = tuple(sorted(path for path in FOLDER.iterdir() if path.suffix in {".service", ".path", ".target"}))
PROCESSES = ("screen", "agent", "web")
DISPLAYS = ("kms", "wayland", "x11")


class _Several(dict[str, object]):
    """A key that stands twice in a section has both values, as in systemd's lists."""

    def __setitem__(self, key: str, value: object) -> None:
        before = self.get(key)
        if isinstance(value, list) and isinstance(before, list):
            value = [*before, *value]
        super().__setitem__(key, value)


def read_unit(path: Path) -> RawConfigParser:
    """A unit, its keys as they stand; of a key that stands several times, all values, a line each."""
    parser = RawConfigParser(strict=False, dict_type=_Several)  # type: ignore[arg-type]
    parser.optionxform = str  # type: ignore[assignment,method-assign] # systemd's keys have capitals
    parser.read(path, encoding="utf-8")
    return parser


def service(name: str) -> RawConfigParser:
    """The unit of one of the player's processes."""
    return read_unit(FOLDER / f"ooh-player-{name}.service")
