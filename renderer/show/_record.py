"""The record of what was presented: play opened and closed, log, board, captures, the agent's bell."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from cache import Clock, PlayStart, new_id, ring
from renderer.show._captures import CaptureFolder
from renderer.show._notice import Notice
from renderer.show._on_air import OnAir
from renderer.show._proof import Proof
from renderer.show._shelf import Shelf
from renderer.show._worker import Worker
from renderer.show.decide import as_play_kind
from renderer.window import Display

log = logging.getLogger("ooh.show")


@dataclass(slots=True)
class Recorder:
    """Called at the edges of plays, when the pixels are out already."""

    clock: Clock
    display: Display
    proof: Proof
    notice: Notice
    shelf: Shelf
    worker: Worker
    run: Path
    """Where the agent's doorbell is."""
    captures: CaptureFolder | None = None
    plays: int = 0
    """How many were begun, the journal's own from before included."""

    def recover(self, sinks: tuple[str, ...]) -> None:
        """Close what a dead screen left open, and count."""
        self.proof.recover(sinks)
        self.plays = self.proof.opened()

    def began(self, on_air: OnAir) -> None:
        """Its first own whole frame was presented at ``started_ns``. The slate is no play."""
        kind = as_play_kind(on_air.staged.choice.kind)
        if kind is None:
            log.info("slate.shown")
            self.notice.presented(on_air, self.clock.monotonic_ns(), self.proof.errors)
            return
        staged = on_air.staged
        play = PlayStart(
            id=new_id(self.clock),
            kind=kind,
            planned_ms=staged.choice.planned_ms,
            started_at=on_air.shown_at,
            started_ns=on_air.started_ns,
            boot_id=self.clock.boot_id(),
            layout=staged.layout,
            clock=self.clock.state(),
            display=self.display.state,
            display_evidence=self.display.evidence,
            lease=staged.choice.ad.lease if staged.choice.ad is not None else None,
            creative_id=staged.creative_id,
            creative_sha256=staged.plate.creative_sha256 if staged.plate is not None else None,
            plate_sha256=staged.plate.plate_sha256 if staged.plate is not None else None,
        )
        on_air.play = play
        on_air.seq = self.proof.open(play)
        self.plays += 1
        facts = {"id": play.id, "seq": on_air.seq, "kind": kind, "creative": staged.creative_id}
        log.info("play.started", extra={"facts": facts})
        self.notice.presented(on_air, self.clock.monotonic_ns(), self.proof.errors)
        if staged.plate is not None:
            self.shelf.used(staged.plate.plate_sha256, staged.plate.creative_sha256)
        self._capture_start(on_air)

    def goes_on(self, on_air: OnAir) -> None:
        """It is still on the screen: what a crash will be judged by."""
        if on_air.play is not None:
            now_ns = self.clock.monotonic_ns()
            self.proof.stamp(on_air.play, now_ns, on_air.frames_presented, on_air.frames_late)
            if on_air.mid_capture_ns is not None and now_ns >= on_air.mid_capture_ns:
                on_air.mid_capture_ns = None
                self._capture(on_air, on_air.play)

    def ended(self, on_air: OnAir, sinks: tuple[str, ...], *, whole: bool) -> None:
        """Close the play while its last frame is still on: it is on disk before the next begins."""
        end = on_air.ended(self.clock.monotonic_ns(), self.clock.now(), whole=whole)
        self.notice.ended(on_air)
        if on_air.play is None:
            return
        self.proof.close(on_air.play, end, sinks)
        facts = {
            "id": on_air.play.id,
            "shown_ms": end.shown_ms,
            "end_reason": end.end_reason,
            "frames": end.frames_presented,
            "late": end.frames_late,
        }
        log.info("play.ended", extra={"facts": facts})
        ring(self.run, "agent", "played")

    def close(self) -> None:
        """The show is over."""
        self.worker.close()
        self.proof.end()
        self.notice.write(None, self.proof.errors)

    def _capture_start(self, on_air: OnAir) -> None:
        if self.captures is None or on_air.play is None:
            return
        self._capture(on_air, on_air.play)
        if on_air.motion is not None:
            on_air.mid_capture_ns = on_air.started_ns + on_air.play.planned_ms * 500_000

    def _capture(self, on_air: OnAir, play: PlayStart) -> None:
        """Dump what was really presented; the copy is made now, the file is written aside."""
        if self.captures is None:
            return
        facts = {
            "seq": on_air.seq,
            "play_id": play.id,
            "kind": play.kind,
            "creative_id": on_air.staged.creative_id,
            "at_ms": (self.clock.monotonic_ns() - on_air.started_ns) // 1_000_000,
        }
        self.worker.do_aside(self.captures.keep, self.display.capture(), facts)
