"""The panel's own backlight, where the kernel has one that may be written: darker without a worse picture."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger("ooh.power")

BACKLIGHTS = Path("/sys/class/backlight")


@dataclass(frozen=True, slots=True)
class Backlight:
    """One folder under ``/sys/class/backlight``."""

    folder: Path
    most: int

    def set(self, percent: float) -> bool:
        """Set it, never to nothing; False when that cannot be done."""
        try:
            (self.folder / "brightness").write_text(str(max(1, round(self.most * percent / 100))), encoding="ascii")
        except OSError as error:
            log.warning("backlight.failed", exc_info=error)
            return False
        return True


def find_backlight(folder: Path = BACKLIGHTS) -> Backlight | None:
    """The first that this process may set; None on a TV or monitor, and where a udev rule is missing."""
    for path in sorted(folder.glob("*/brightness")):
        try:
            most = int((path.parent / "max_brightness").read_text(encoding="ascii"))
            with path.open("r+b"):
                pass
        except (OSError, ValueError):
            continue
        if most > 1:
            return Backlight(path.parent, most)
    return None
