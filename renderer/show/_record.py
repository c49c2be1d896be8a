"""The record of what was presented: play opened and closed, log, board, captures, the agent's bell."""

from __future__ import annotations

import logging
from collections.abc import Collection
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from cache import Clock, PlayStart, Store, new_id, ring
from config import OohError
from renderer.power import Power
from renderer.show._captures import CaptureFolder
from renderer.show._instead import Instead
from renderer.show._notice import Notice
from renderer.show._on_air import OnAir
from renderer.show._proof import Proof
from renderer.show._worker import Worker
from renderer.show.decide import as_play_kind
from renderer.window import Display

log = logging.getLogger("ooh.show")

_PATIENCE_NS = 250_000_000
"""So long the log and the board wait for a play's seq; the picture never does."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """A play whose first commit is under way."""

    on_air: OnAir
    play: PlayStart
    seq: Future[int]
    until_ns: int
    error_ns: int | None


@dataclass(slots=True)
class Recorder:
    """Called at the edges of plays, when the pixels are out already."""

    clock: Clock
    display: Display
    proof: Proof
    notice: Notice
    store: Store
    worker: Worker
    run: Path
    """Where the agent's doorbell is."""
    captures: CaptureFolder | None = None
    plays: int = 0
    """How many were begun; with ``recover(count=True)`` the journal's own from before included."""
    power: Power = field(default_factory=lambda: Power(None))
    """What is known of the display besides its connector."""
    _opening: _Opening | None = None
    _told: Instead | None = None

    def recover(self, sinks: tuple[str, ...], *, count: bool) -> None:
        """Close what a dead screen left open; count what is there already, which waits for the journal."""
        self.proof.recover(sinks)
        if count:
            self.plays = self.proof.opened()

    def began(self, on_air: OnAir, error_ns: int | None) -> None:
        """Its first whole frame was presented, ``error_ns`` after its time. The slate is no play."""
        kind = as_play_kind(on_air.staged.choice.kind)
        if kind is None:
            self._tell_no_play(on_air)
            self.notice.presented(on_air, self.clock.monotonic_ns(), self.proof.troubles)
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
            display=self.power.of(self.display.state),
            display_evidence=" ".join(filter(None, (self.display.evidence, self.power.evidence))) or None,
            lease=staged.choice.ad.lease if staged.choice.ad is not None else None,
            creative_id=staged.creative_id,
            creative_sha256=staged.plate.creative_sha256 if staged.plate is not None else None,
            plate_sha256=staged.plate.plate_sha256 if staged.plate is not None else None,
        )
        on_air.play = play
        self.plays += 1
        self.notice.timed(error_ns)
        until_ns = self.clock.monotonic_ns() + _PATIENCE_NS
        self._opening = _Opening(on_air, play, self.proof.open(play), until_ns, error_ns)
        if staged.plate is not None:
            used = (staged.plate.plate_sha256, staged.plate.creative_sha256)
            self.worker.do_aside(self._touch, used)

    def due_ns(self) -> list[int]:
        """When ``goes_on`` has something to do by the clock alone."""
        return [] if self._opening is None else [self._opening.until_ns]

    def tell(self, on_air: OnAir | None) -> None:
        """Something of the display itself is new: write the board again."""
        self.notice.write(on_air, self.proof.troubles)

    def goes_on(self, on_air: OnAir) -> None:
        """It is still on the screen: what a crash will be judged by."""
        if on_air.play is not None:
            now_ns = self.clock.monotonic_ns()
            self.proof.stamp(on_air.play, now_ns, on_air.frames_presented, on_air.frames_late)
            if self._opening is not None and (self._opening.seq.done() or now_ns >= self._opening.until_ns):
                self._opened(self._opening)
            if on_air.mid_capture_ns is not None and now_ns >= on_air.mid_capture_ns:
                on_air.mid_capture_ns = None
                self._capture(on_air, on_air.play)

    def ended(self, on_air: OnAir, sinks: tuple[str, ...], *, whole: bool) -> Future[bool] | None:
        """Begin to close the play while its last frame is on; to be settled before the next begins."""
        if self._opening is not None:
            self._opened(self._opening)
        end = on_air.ended(self.clock.monotonic_ns(), self.clock.now(), whole=whole)
        self.notice.ended(on_air)
        if on_air.play is None:
            return None
        closed = self.proof.close(on_air.play, end, sinks)
        facts = {
            "id": on_air.play.id,
            "shown_ms": end.shown_ms,
            "end_reason": end.end_reason,
            "frames": end.frames_presented,
            "late": end.frames_late,
        }
        log.info("play.ended", extra={"facts": facts})
        closed.add_done_callback(lambda done: None if done.cancelled() else self._ring())
        return closed

    def close(self) -> None:
        """The show is over."""
        self.worker.close()
        self.proof.end()
        self.notice.write(None, self.proof.troubles)

    def _tell_no_play(self, on_air: OnAir) -> None:
        """Once, not every time that a card is drawn anew."""
        what = on_air.instead
        if what is None or what != self._told:
            name = "slate" if what is None else what.kind
            log.info(f"{name}.shown", extra={"facts": {"card": what.card} if what is not None and what.card else {}})  # noqa: G004
        self._told = what

    def _opened(self, opening: _Opening) -> None:
        """Tell log and board, once the seq is known or as late as it may be."""
        self._opening = None
        on_air, play = opening.on_air, opening.play
        on_air.seq = self.proof.wait(opening.seq)
        facts = {
            "id": play.id,
            "seq": on_air.seq,
            "kind": play.kind,
            "creative": on_air.staged.creative_id,
            "late_ms": None if opening.error_ns is None else round(opening.error_ns / 1e6, 1),
        }
        self.notice.presented(on_air, self.clock.monotonic_ns(), self.proof.troubles)
        log.info("play.started", extra={"facts": facts})
        if self.captures is not None:
            self._capture(on_air, play)
            if on_air.motion is not None:
                on_air.mid_capture_ns = on_air.started_ns + play.planned_ms * 500_000

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

    def _touch(self, sha256s: Collection[str]) -> None:
        """They were just shown: evict them last."""
        try:
            for sha256 in sha256s:
                self.store.touch(sha256, self.clock.now())
        except OohError as error:
            log.debug("store.not_touched", exc_info=error)

    def _ring(self) -> None:
        ring(self.run, "agent", "played")
