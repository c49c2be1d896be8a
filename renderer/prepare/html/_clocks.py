"""The two clocks of a page: the browser's own, driven frame by frame, or a script's where the browser has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from config import Code, OohError
from renderer.prepare.html import _scripts as scripts
from renderer.prepare.html._cdp import Cdp, Message, RefusedError

_LOADING_STEP_US = 1
"""While a page loads its time moves by millionths: a step more or less, as it happens, is under all it can measure."""
_ALIGNED_US = 1000
_ALIGNED_MS = 1
"""Loading takes the first millisecond, by both clocks."""
_FRAME_MS = 1000 / 60
_HALF_US_MS = 0.0005


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of the page, as the protocol gives it (base64). ``data`` empty: the same as the one before."""

    data: str


class Clock(Protocol):
    """How a page is moved through time and photographed."""

    def begin(self) -> None:
        """Stop the page's time, before it is loaded."""

    def load(self) -> None:
        """Let it do what needs no time."""

    def step(self, to_ms: int) -> None:
        """Move on to ``to_ms`` after the end of loading."""

    def photograph(self, kind: Mapping[str, object] | None) -> int:
        """Draw a frame; ``kind``: the picture wanted (protocol's format), or None. Returns the call's number."""

    def developed(self, call: int) -> Photo | None:
        """What `photograph` took, None when no picture was asked for."""

    def on_event(self, message: Message) -> None:
        """What the browser tells of its time."""


class FrameClock:
    """Virtual time and begin-frame control (``HeadlessExperimental``): the browser draws when it is told to.

    The frames' times start at the virtual time's own ticks, or CSS animations stand still.
    """

    def __init__(self, cdp: Cdp, session: str) -> None:
        self._cdp, self._session = cdp, session
        self._base_us = 0
        self._loading_us = 0
        self._at_ms = 0
        self._expired = 0
        self._drawn_us = -1

    def begin(self) -> None:
        """See `Clock`."""
        given = self._policy("pause", None, initial=scripts.EPOCH_MS / 1000)
        self._base_us = round(float(str(given.get("virtualTimeTicksBase", 0))) * 1000)

    def load(self) -> None:
        """See `Clock`."""
        self._loading_us += _LOADING_STEP_US
        self._advance(_LOADING_STEP_US / 1000)

    def step(self, to_ms: int) -> None:
        """See `Clock`."""
        self._align()
        if to_ms > self._at_ms:
            self._advance(to_ms - self._at_ms)
            self._at_ms = to_ms

    def photograph(self, kind: Mapping[str, object] | None) -> int:
        """See `Clock`."""
        self._align()
        at_us = max(self._base_us + self._loading_us + self._at_ms * 1000, self._drawn_us + 1)
        self._drawn_us = at_us
        # Half a microsecond on top: what the browser cuts off must not depend on how a double rounds.
        params: dict[str, object] = {"frameTimeTicks": at_us / 1000 + _HALF_US_MS, "interval": _FRAME_MS}
        params |= {"noDisplayUpdates": True} if kind is None else {"screenshot": kind}
        return self._cdp.send("HeadlessExperimental.beginFrame", params, self._session)

    def developed(self, call: int) -> Photo | None:
        """See `Clock`."""
        try:
            answer = self._cdp.result(call, "beginFrame")
        except RefusedError as error:
            raise OohError(Code.PREPARE_CRASHED, f"the browser draws no frame: {error.why}") from error
        return Photo(str(answer.get("screenshotData", "")))

    def on_event(self, message: Message) -> None:
        """Events that are for the clock."""
        if message.get("method") == "Emulation.virtualTimeBudgetExpired":
            self._expired += 1

    def _align(self) -> None:
        """Move from wherever loading ended to a whole millisecond.

        Animations are told times in steps of 0.1 ms, and between two steps chance says which (clamping against timing
        attacks): on a step it has no say.
        """
        rest_us = -self._loading_us % _ALIGNED_US
        if rest_us:
            self._loading_us += rest_us
            self._advance(rest_us / 1000)

    def _advance(self, by_ms: float) -> None:
        before = self._expired
        self._policy("pauseIfNetworkFetchesPending", by_ms)
        self._cdp.wait(lambda: self._expired > before)

    def _policy(self, policy: str, budget_ms: float | None, initial: float | None = None) -> Mapping[str, object]:
        params: dict[str, object] = {"policy": policy}
        if budget_ms is not None:
            params["budget"] = budget_ms
        if initial is not None:
            params["initialVirtualTime"] = initial
        return self._cdp.call("Emulation.setVirtualTimePolicy", params, self._session)


class ScriptClock:
    """`clock.js` in the page, and ordinary pictures of it."""

    def __init__(self, cdp: Cdp, session: str) -> None:
        self._cdp, self._session = cdp, session
        self._at_ms = 0

    def begin(self) -> None:
        """See `Clock`."""
        # The timeline stands still: `clock.js` says where each animation is, and none has moved by itself before.
        self._cdp.call("Animation.enable", {}, self._session)
        self._cdp.call("Animation.setPlaybackRate", {"playbackRate": 0}, self._session)

    def load(self) -> None:
        """See `Clock`."""
        self._run("window.__oohClock ? __oohClock.load() : true")

    def step(self, to_ms: int) -> None:
        """See `Clock`."""
        self._at_ms = to_ms
        self._run(f"__oohClock.tick({to_ms + _ALIGNED_MS})")

    def photograph(self, kind: Mapping[str, object] | None) -> int:
        """See `Clock`."""
        if kind is None:
            return self._cdp.send("Browser.getVersion")
        return self._cdp.send("Page.captureScreenshot", {**kind, "captureBeyondViewport": False}, self._session)

    def developed(self, call: int) -> Photo | None:
        """See `Clock`."""
        try:
            answer = self._cdp.result(call, "captureScreenshot")
        except RefusedError as error:
            raise OohError(Code.PREPARE_CRASHED, f"the browser draws no picture: {error.why}") from error
        return Photo(str(answer.get("data", "")))

    def on_event(self, message: Message) -> None:
        """None is for this clock."""

    def _run(self, expression: str) -> None:
        params = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        try:
            self._cdp.call("Runtime.evaluate", params, self._session)
        except RefusedError:
            return  # the page went on to another while it ran
