"""What comes next: chosen, staged by the worker ahead of its time, and refused when it cannot be shown."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cache import Clock, HouseAd, PlayLayout, ReadyAd
from config import OohError
from renderer.show._forecast import Coming, forecast
from renderer.show._instead import Instead
from renderer.show._lookout import Lookout
from renderer.show._proof import Proof
from renderer.show._separation import shown_before
from renderer.show._settings import ShowSettings
from renderer.show._tiles import has_content
from renderer.show._worker import Worker
from renderer.show.decide import Candidates, Choice, LoopState, Moment, decide
from renderer.show.stage import BLACK, Staged, Stager
from renderer.window import Frame

log = logging.getLogger("ooh.show")

_REFUSED_FOR_NS = 60_000_000_000
"""What could not be staged is left out this long; the agent prepares a damaged plate again meanwhile."""
_STOOD_FOR_NS = 3_600_000_000_000
"""And what stood still on the screen: nothing makes it better by itself."""
_PAUSE_NS = 2_000_000_000
_CONTENT = "content"


@dataclass(slots=True)
class Next:
    """The loop's place and the one choice that is being staged, if any."""

    clock: Clock
    stager: Stager
    lookout: Lookout
    proof: Proof
    worker: Worker
    state: LoopState = field(default_factory=LoopState)
    paused_until_ns: int = 0
    """Nothing at all could be drawn: what is on stays until then."""
    _job: Future[Staged] | None = None
    _choice: Choice | None = None
    refused: dict[str, int] = field(default_factory=dict)
    """Plates that are left out, by their keys, and until when (monotonic ns)."""
    _remembered: bool = False

    @property
    def begun(self) -> bool:
        """True while a choice is being staged or waits to be taken."""
        return self._job is not None

    @property
    def done(self) -> bool:
        """True when it can be taken without waiting."""
        return self._job is not None and self._job.done()

    @property
    def staged(self) -> Staged | None:
        """What would be taken; None while it is being staged, and when that failed."""
        job = self._job
        return job.result() if job is not None and job.done() and job.exception() is None else None

    @property
    def instead(self) -> Instead | None:
        """What is being staged instead of the loop; None: the loop, or nothing."""
        return self._choice.instead if self._job is not None and self._choice is not None else None

    def take_turn(self, instead: Instead, planned_ms: int) -> Choice:
        """The choice that brings it on; the loop keeps its place."""
        return Choice(instead.kind, planned_ms, "cut", self.state, instead=instead)

    def choose(self, settings: ShowSettings, starts_ns: int) -> Choice:
        """Decide by what is ready now, for a choice that comes on at ``starts_ns`` (monotonic)."""
        self._forget_old_refusals()
        self._remember(self.clock.now())
        return decide(self.state, self._candidates(settings), settings.loop, self._moment(settings, starts_ns))

    def forecast(self, settings: ShowSettings, starts_ns: int) -> tuple[Coming, ...]:
        """What would come on from ``starts_ns`` on; changes nothing."""
        staged = self._choice if self.begun else None
        at = self._moment(settings, starts_ns)
        return forecast(staged, self.state, self._candidates(settings), settings.loop, at)

    def begin(self, settings: ShowSettings, choice: Choice) -> None:
        """Let the worker stage it."""
        self._choice = choice
        self._job = self.worker.do(self.stager.stage, settings, choice, self.lookout.seen.snapshots, self.clock.now())

    def take(self, settings: ShowSettings) -> Staged | None:
        """What was staged; None when it cannot be shown or not any more: then choose again."""
        job, choice, self._job = self._job, self._choice, None
        if job is None or choice is None:
            return None
        try:
            staged = job.result()
        except Exception as error:  # noqa: BLE001 - whatever a picture does to the drawing, the show goes on
            self._refuse(choice, error)
            return self._plain(settings, choice) if choice.kind in {"slate", "card", "dark"} else None
        if choice.ad is not None and not self._still_ready(choice.ad):
            staged.close()
            return None
        self.state = choice.after
        return staged

    def drop_slate(self) -> None:
        """Choose again when it is only the slate: something better may have come."""
        if self._choice is not None and self._choice.kind == "slate":
            self.drop()

    def leave_out(self, staged: Staged) -> None:
        """It stood still on the screen."""
        if staged.plate is not None:
            self.refused[staged.plate.key] = self.clock.monotonic_ns() + _STOOD_FOR_NS

    def drop(self) -> None:
        """Leave what is being staged; a newer choice is better."""
        if self._job is not None:
            self._job.add_done_callback(_close_unused)
        self._job = None

    def _candidates(self, settings: ShowSettings) -> Candidates:
        now = self.clock.now()
        return Candidates(
            ads=tuple(ad for ad in self.proof.ready(now) if self._presentable(ad, settings)),
            house=tuple(ad for ad in self.lookout.seen.house if self._presentable(ad, settings)),
            content=_CONTENT not in self.refused and has_content(settings, self.lookout.seen.snapshots, now),
        )

    def _moment(self, settings: ShowSettings, starts_ns: int) -> Moment:
        starts = self.clock.now() + timedelta(microseconds=max(0, starts_ns - self.clock.monotonic_ns()) // 1_000)
        return Moment(settings.local(starts), starts_ns, self.clock.state().synced is True)

    def _presentable(self, ad: ReadyAd | HouseAd, settings: ShowSettings) -> bool:
        return ad.plate.screen_size == settings.screen and ad.plate.key not in self.refused

    def _still_ready(self, ad: ReadyAd) -> bool:
        """Its window may have closed, or the agent may have released it, since it was chosen."""
        return any(ad.lease.lease_id == other.lease.lease_id for other in self.proof.ready(self.clock.now()))

    def _refuse(self, choice: Choice, error: Exception) -> None:
        plate = choice.ad.plate if choice.ad else choice.house.plate if choice.house else None
        code = error.code.code if isinstance(error, OohError) else type(error).__name__
        facts = {"kind": choice.kind, "plate": plate.key[:12] if plate else None}
        log.error("stage.failed", exc_info=error, extra={"facts": facts})
        if choice.instead is not None:
            return
        self.refused[plate.key if plate else _CONTENT] = self.clock.monotonic_ns() + _REFUSED_FOR_NS
        if choice.ad is not None:
            self.proof.fail(choice.ad.lease.lease_id, code)

    def _plain(self, settings: ShowSettings, choice: Choice) -> Staged | None:
        """The slate when not even the slate can be drawn: the operator's colour; without memory for that, a pause."""
        try:
            frame = Frame.filled(settings.screen, BLACK if choice.kind == "dark" else settings.brand_colour)
        except Exception:
            log.exception("slate.failed")
            self.paused_until_ns = self.clock.monotonic_ns() + _PAUSE_NS
            return None
        return Staged(choice, frame, frame.read, (), (), PlayLayout(None, (), None))

    def _remember(self, now: datetime) -> None:
        """What a screen before this one showed last: its advertisers keep their distance too."""
        if not self._remembered and self.lookout.seen.lately:
            self._remembered = True
            before = shown_before(self.lookout.seen.lately, now, self.clock.monotonic_ns())
            self.state = replace(self.state, shown_ads=(*before, *self.state.shown_ads))

    def _forget_old_refusals(self) -> None:
        now_ns = self.clock.monotonic_ns()
        for key in [key for key, until_ns in self.refused.items() if until_ns <= now_ns]:
            del self.refused[key]  # in place: the next show of this process knows them too


def _close_unused(job: Future[Staged]) -> None:
    if job.exception() is None:
        job.result().close()
