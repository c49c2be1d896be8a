"""The screen's board: what it is doing, for ``status``, the heartbeat and the demo."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cache import Board, CodeCounter, rfc3339
from renderer.show._on_air import OnAir
from renderer.show._orders import Orders
from renderer.show._proof import JournalTroubles
from renderer.show._troubles import Troubles
from renderer.watchdog import Watch
from renderer.window import Display, library_versions

_STAT = Path("/proc/self/stat")
_START_FIELD = 19
"""``starttime``, counted from the field after the name (proc(5): field 22)."""


def process_age_ms() -> int | None:
    """How long this process exists, ms, to the kernel's 10 ms tick; None where ``/proc`` does not say."""
    try:
        fields = _STAT.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        started_s = int(fields[_START_FIELD]) / os.sysconf("SC_CLK_TCK")
        return round((time.clock_gettime(time.CLOCK_BOOTTIME) - started_s) * 1000)
    except (OSError, ValueError, IndexError):
        return None


@dataclass(slots=True)
class _Counts:
    plays_shown: int = 0
    frames: int = 0
    frames_late: int = 0
    align_error_ms: float | None = None
    first_picture_ms: int | None = None
    first_frame_ms: int | None = None
    error_ms: float | None = None
    worst_error_ms: float | None = None


class Notice:
    """Written at every edge, never at a tick."""

    def __init__(
        self,
        board: Board,
        display: Display,
        version: str,
        config: str = "",
        orders: Orders | None = None,
        watch: Watch | None = None,
        codes: CodeCounter | None = None,
    ) -> None:
        """``config``: the digest of the configuration that is in force, for ``reload`` to know it by.

        ``codes``: the errors that this process has logged.
        """
        self._codes = codes
        self._orders = orders
        self._watch = watch
        self._board = board
        self._display = display
        self._version = version
        self._config = config
        self._troubles = Troubles("board")
        self._counts = _Counts()

    def presented(self, on_air: OnAir, now_ns: int, journal: JournalTroubles) -> None:
        """Something new is on since ``on_air.started_ns``.

        ``first_picture_ms`` is from the process' start to the first picture of any kind, ``first_frame_ms`` to the
        first frame of a play; both end when its present call returned, before anything is written.
        """
        counts, age_ms = self._counts, process_age_ms()
        if age_ms is not None:
            age_ms -= (now_ns - on_air.started_ns) // 1_000_000
        if counts.first_picture_ms is None:
            counts.first_picture_ms = age_ms
        if on_air.play is not None:
            counts.plays_shown += 1
            if counts.first_frame_ms is None:
                counts.first_frame_ms = age_ms
        self.write(on_air, journal)

    def timed(self, error_ns: int | None) -> None:
        """A play began so long after its planned time (negative: before)."""
        counts = self._counts
        counts.error_ms = None if error_ns is None else round(error_ns / 1e6, 3)
        if counts.error_ms is not None and abs(counts.error_ms) > abs(counts.worst_error_ms or 0.0):
            counts.worst_error_ms = counts.error_ms

    def aligned(self, error_ms: float) -> None:
        """An aligned slot began so long after its moment (negative: before)."""
        self._counts.align_error_ms = error_ms

    def ended(self, on_air: OnAir) -> None:
        """Count what it presented."""
        self._counts.frames += on_air.frames_presented
        self._counts.frames_late += on_air.frames_late

    def write(self, on_air: OnAir | None, journal: JournalTroubles) -> None:
        """Replace the board."""
        output, orders = self._display.output, self._orders
        document: dict[str, Any] = {
            "pid": os.getpid(),
            "version": self._version,
            "versions": library_versions(),
            "config": self._config,
            "driver": output.driver,
            "back_end": output.back_end,
            "renderer": output.renderer,
            "vsync": output.vsync,
            "refresh_hz": output.refresh_hz,
            "size": str(self._display.size),
            "display": self._display.state if orders is None else orders.power.of(self._display.state),
            "display_evidence": self._display.evidence,
            "showing": None if on_air is None else _showing(on_air),
            "plays_shown": self._counts.plays_shown,
            "frames": self._counts.frames,
            "frames_late": self._counts.frames_late,
            "start_error_ms": self._counts.error_ms,
            "worst_start_error_ms": self._counts.worst_error_ms,
            "align_error_ms": self._counts.align_error_ms,
            "first_picture_ms": self._counts.first_picture_ms,
            "first_frame_ms": self._counts.first_frame_ms,
            "journal_errors": journal.errors,
            "journal_lost": journal.lost,
        }
        if orders is not None:
            document |= orders.board()
        if self._watch is not None:
            document |= self._watch.facts()
        if self._codes is not None:
            document["errors"] = self._codes.counts()
        with self._troubles:
            self._board.write(document)


def _showing(on_air: OnAir) -> dict[str, Any]:
    return {
        "kind": on_air.staged.choice.kind,
        "card": on_air.instead.card if on_air.instead is not None else None,
        "id": on_air.play.id if on_air.play is not None else None,
        "seq": on_air.seq,
        "creative_id": on_air.staged.creative_id,
        "panels": list(on_air.staged.layout.panels),
        "since": rfc3339(on_air.shown_at),
        "planned_ms": on_air.staged.choice.planned_ms,
    }
