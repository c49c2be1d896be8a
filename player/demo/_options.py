"""What a person may ask of the demo, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import Size
from player.demo._verdict import Verdict


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """``keep`` None: nothing is left but the contact sheet."""

    plays: int
    headless: bool
    size: Size | None
    keep: Path | None
    slot_seconds: float = 2.5
    exchange: str = "openrtb"
    """The dialect: one of ``DEMO_EXCHANGES``."""

    @property
    def slot_ms(self) -> int:
        """How long the sandbox's ads want to be shown."""
        return round(self.slot_seconds * 1000)

    @property
    def time_limit_s(self) -> float:
        """When a demo that does not come to its end is ended: far above what a slow board needs."""
        return 120.0 + 12.0 * self.slot_seconds * self.plays


@dataclass(frozen=True, slots=True)
class DemoReport:
    """The outcome. ``creatives`` are the different creative ids shown, in order."""

    verdict: Verdict
    creatives: tuple[str, ...]
    contact_sheet: Path
    seconds: float
    first_frame_ms: int | None
    first_picture_ms: int | None
    driver: str | None
    size: str | None
    leases: dict[str, int]
    exchange: dict[str, Any]
    restarts: dict[str, int]
    heartbeats: int
    """Received by the sandbox."""

    def as_json(self) -> dict[str, Any]:
        """The object of ``demo --json``."""
        return {
            "plays": self.verdict.plays,
            "journal": self.verdict.journal,
            "stream": self.verdict.stream,
            "lost": self.verdict.lost,
            "duplicates": self.verdict.duplicates,
            "repeats_removed_by_id": self.verdict.repeats,
            "billable": self.verdict.billable,
            "creatives": list(self.creatives),
            "contact_sheet": str(self.contact_sheet),
            "seconds": round(self.seconds, 1),
            "first_frame_ms": self.first_frame_ms,
            "first_picture_ms": self.first_picture_ms,
            "driver": self.driver,
            "size": self.size,
            "leases": self.leases,
            "exchange": self.exchange,
            "restarts": self.restarts,
            "heartbeats": self.heartbeats,
        }
