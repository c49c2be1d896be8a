"""What is likely to come next, as the screen itself would decide now."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from player.web._picture import ask

_KEPT_NS = 2_000_000_000
_WAIT_S = 2.0


@dataclass(frozen=True, slots=True)
class ComingSlot:
    """One slot to come, as the screen wrote it."""

    kind: str
    planned_ms: int
    starts_in_ms: int
    creative_id: str | None = None
    advertiser: str | None = None
    exchange: str | None = None


@dataclass(slots=True)
class Coming:
    """Asked of the screen when the page is looked at, so that nothing is reckoned while nobody looks."""

    run: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _last: tuple[ComingSlot, ...] | None = None
    _until_ns: int = 0

    def now(self) -> tuple[ComingSlot, ...] | None:
        """The next few slots; None when the screen does not say."""
        with self._lock:
            if time.monotonic_ns() >= self._until_ns:
                self._last = self._ask()
                self._until_ns = time.monotonic_ns() + _KEPT_NS
            return self._last

    def _ask(self) -> tuple[ComingSlot, ...] | None:
        answer = ask(self.run, "screen", "forecast", ".json", _WAIT_S)
        try:
            return None if answer is None else msgspec.json.decode(answer, type=tuple[ComingSlot, ...])
        except msgspec.MsgspecError:
            return None
