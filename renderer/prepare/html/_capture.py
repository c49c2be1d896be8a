"""Runs a page through its time: once to learn what it asks for, once to take its pictures."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PIL import Image

from config import Code, OohError, Size
from renderer.prepare.html._clocks import Photo
from renderer.prepare.html._page import Page, PageState
from renderer.prepare.html._recording import Recording

_READY_WITHIN_MS = 2_000
"""Vistar Media's dynamic creative spec, Loading and Rendering: less than 2 seconds."""
_CALM_MS = 1_000
"""So long nothing moves before it is asked whether anything will."""
_SURELY_CALM_MS = 2_000
"""So long nothing moved at the end: then its last picture stays, whatever it may still plan."""
_SURVEY_STEP_MS = 100
_EXACT: Mapping[str, object] = {"format": "png", "optimizeForSpeed": True}
_FAST: Mapping[str, object] = {"format": "jpeg", "quality": 100, "optimizeForSpeed": True}
"""For what becomes a video anyhow, whose colours are halved: a third faster."""


@dataclass(frozen=True, slots=True)
class Span:
    """How long to watch, and how often to look."""

    most_ms: int
    fps: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How a capture ended. ``loops``: as in ``cache.Plate``."""

    end_ms: int
    loops: int


def survey(page: Page, span: Span, *, signals: Callable[[], bool]) -> None:
    """Let the page live its time without pictures, so that it asks for all that it will want."""
    start_ms = await_ready(page, span.fps, signals=signals)
    page.close_doors()
    calm_ms = 0
    for at_ms in range(0, span.most_ms + 1, _SURVEY_STEP_MS):
        page.clock.step(start_ms + at_ms)
        page.clock.developed(page.clock.photograph(None))
        if at_ms % _CALM_MS == 0:
            calm_ms = calm_ms + _CALM_MS if page.state().pending == 0 else 0
        if calm_ms > _CALM_MS:
            break


def await_ready(page: Page, fps: int, *, signals: Callable[[], bool]) -> int:
    """When to begin, in milliseconds after loading: at once, or for a dynamic creative when it says so.

    Raises ``OohError``: CREATIVE_SKIPPED, CREATIVE_NOT_READY.
    """
    if not signals():
        return 0
    at_ms, frame = 0, 0
    while True:
        state = _unless_skipped(page.state())
        if state.ready:
            return at_ms
        frame += 1
        at_ms = _frame_ms(frame, fps)
        if at_ms > _READY_WITHIN_MS:
            raise OohError(Code.CREATIVE_NOT_READY, _said(state.errors))
        page.clock.step(at_ms)
        page.clock.developed(page.clock.photograph(None))


def capture(page: Page, span: Span, recording: Recording, *, signals: Callable[[], bool]) -> Ending:
    """Take the page's pictures until its animation ends, at most for ``span``.

    While the browser draws one frame, the one before is compared and packed.
    Raises ``OohError``: CREATIVE_BLANK, CREATIVE_SKIPPED, CREATIVE_NOT_READY, PREPARE_*.
    """
    start_ms = await_ready(page, span.fps, signals=signals)
    page.close_doors()
    developer = _Developer(recording)
    frame, at_ms, calm_asked_ms, ended = 0, 0, 0, False
    while at_ms < span.most_ms and not ended:
        page.clock.step(start_ms + at_ms)
        call = page.clock.photograph(_FAST if recording.video else _EXACT)
        developer.develop()
        developer.take(page.clock.developed(call), at_ms)
        if at_ms - max(developer.moved_ms, calm_asked_ms) >= _CALM_MS:
            calm_asked_ms = at_ms
            ended = page.state().pending == 0
        frame += 1
        at_ms = _frame_ms(frame, span.fps)
    developer.develop()
    state = _unless_skipped(page.state())
    if recording.blank:
        raise OohError(Code.CREATIVE_BLANK, _said(state.errors))
    end_ms = max(recording.last_change_ms + 1, min(at_ms, span.most_ms))
    recording.finish(end_ms)
    rests = ended or end_ms - recording.last_change_ms >= _SURELY_CALM_MS
    return Ending(end_ms, 1 if rests else 0)


class _Developer:
    """Makes pictures of photos, one behind the browser."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._before = ""
        self._waiting: tuple[str, int] | None = None
        self.moved_ms = 0
        """When the last photo was taken that was not the same as the one before."""

    def take(self, photo: Photo | None, at_ms: int) -> None:
        if photo is not None and photo.data and photo.data != self._before:
            self._before = photo.data
            self._waiting = (photo.data, at_ms)
            self.moved_ms = at_ms

    def develop(self) -> None:
        if self._waiting is not None:
            data, at_ms = self._waiting
            self._waiting = None
            self._recording.add(_picture(data, self._recording.size), at_ms)


def _picture(data: str, size: Size) -> Image.Image:
    """RGB of exactly ``size``: where the browser rounds a side the other way, its edge is cut or repeated."""
    try:
        with Image.open(io.BytesIO(base64.b64decode(data)), formats=("PNG", "JPEG")) as photo:
            image = photo.convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise OohError(Code.PREPARE_CRASHED, f"the browser's picture cannot be read: {error}") from error
    if image.size == (size.w, size.h):
        return image
    if max(abs(image.width - size.w), abs(image.height - size.h)) > 2:
        raise OohError(Code.PREPARE_CRASHED, f"the browser drew {image.width}x{image.height}, not {size}")
    whole = image.resize((size.w, size.h), Image.Resampling.NEAREST)
    whole.paste(image, (0, 0))
    return whole


def _unless_skipped(state: PageState) -> PageState:
    if state.skip:
        raise OohError(Code.CREATIVE_SKIPPED)
    return state


def _frame_ms(frame: int, fps: int) -> int:
    """When a frame is due: whole milliseconds, so that the page's clock has no fractions to round."""
    return round(frame * 1000 / fps)


def _said(errors: tuple[str, ...]) -> str:
    return f"its script said: {errors[0]}" if errors else ""
