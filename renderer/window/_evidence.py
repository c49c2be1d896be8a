"""What the kernel knows of the panel: its connectors, and whether one is known to be off."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cache import DisplayState
from config import Size

DRM = Path("/sys/class/drm")


@dataclass(frozen=True, slots=True)
class ConnectorState:
    """One connector as the kernel reports it: ``status`` connected…, ``enabled`` enabled…, ``dpms`` On…"""

    name: str
    status: str
    enabled: str
    dpms: str
    edid: int = 0
    """A checksum of what the panel says it is; 0 without one."""

    @property
    def plug(self) -> tuple[str, int]:
        """Which panel at which connector."""
        return (self.name, self.edid)

    @property
    def connected(self) -> bool:
        """Something is plugged in. It need not be lit."""
        return self.status == "connected"

    @property
    def off(self) -> bool:
        """The kernel itself has it switched off."""
        return self.connected and (self.enabled == "disabled" or self.dpms == "Off")


@dataclass(frozen=True, slots=True)
class Connector:
    """One folder ``cardN-NAME`` under ``/sys/class/drm``."""

    folder: Path

    def now(self) -> ConnectorState:
        """Read it afresh; what cannot be read is empty."""
        return ConnectorState(
            name=self.folder.name.partition("-")[2],
            status=self._word("status"),
            enabled=self._word("enabled"),
            dpms=self._word("dpms"),
            edid=self._edid(),
        )

    def _edid(self) -> int:
        try:
            return zlib.crc32((self.folder / "edid").read_bytes())
        except OSError:
            return 0

    def _word(self, name: str) -> str:
        try:
            return (self.folder / name).read_text(encoding="ascii").strip()
        except OSError:
            return ""


def connectors(drm: Path = DRM) -> tuple[Connector, ...]:
    """Every connector of the machine, in name order."""
    return tuple(Connector(path.parent) for path in sorted(drm.glob("card*-*/status")))


def evidence(driver: str, panel: Size, states: Sequence[ConnectorState]) -> str:
    """One short line for the record, such as ``kmsdrm 1920x1080 HDMI-A-1:connected``."""
    connected = [f"{state.name}:{'off' if state.off else 'connected'}" for state in states if state.connected]
    words = [driver, str(panel), *connected]
    if states and not connected:
        words.append("disconnected")
    return " ".join(words)


def display_state(driver: str, states: Sequence[ConnectorState]) -> DisplayState:
    """``off`` only where this process owns the connectors and none of them is on; never a guess."""
    if driver != "kmsdrm" or not states:
        return "unknown"
    return "unknown" if any(state.connected and not state.off for state in states) else "off"
