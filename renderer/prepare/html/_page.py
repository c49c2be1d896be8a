"""One page in one browser: opened, loaded with its site, moved through time step by step, photographed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from config import Code, OohError, Size
from renderer.prepare.html import _scripts as scripts
from renderer.prepare.html._cdp import Cdp, Message, RefusedError
from renderer.prepare.html._clocks import Clock, FrameClock, ScriptClock
from renderer.prepare.html._route import Route

_MOST_NAVIGATIONS = 5
_LOAD_SECONDS = 20.0
"""Real time; with all answers at hand a page loads in a tenth of a second."""


@dataclass(frozen=True, slots=True)
class PageState:
    """What the page says of itself. ``pending``: timers, frames and animations that are still to come."""

    ready: bool
    skip: bool
    pending: int
    errors: tuple[str, ...]


class Page:
    """The page of a creative. Raises ``OohError`` (PREPARE_*, CREATIVE_*) from all its methods."""

    def __init__(self, cdp: Cdp, viewport: Size, *, stepped: bool) -> None:
        self._cdp = cdp
        self._route: Route | None = None
        self._main = ""
        self._loaded = False
        self._navigations = 0
        self._closed = False
        self._lost = ""
        self._network: dict[int, str] = {}
        self._documents: set[str] = set()
        target: dict[str, object] = {"url": "about:blank", "width": viewport.w, "height": viewport.h}
        if stepped:
            target["enableBeginFrameControl"] = True
        try:
            made = cdp.call("Target.createTarget", target)
            attached = cdp.call("Target.attachToTarget", {"targetId": made["targetId"], "flatten": True})
        except RefusedError as error:
            raise OohError(Code.PREPARE_CRASHED, f"the browser opens no page: {error}") from error
        self._own_target = str(made["targetId"])
        self.session = str(attached["sessionId"])
        self.clock: Clock = FrameClock(cdp, self.session) if stepped else ScriptClock(cdp, self.session)
        cdp.on_event = self._on_event
        self._set_up(stepped=stepped)

    def load(self, start: str, route: Route) -> None:
        """Go to ``start`` and wait until it is loaded with its fonts. No time passes for the page."""
        self._route = route
        self.clock.begin()
        call = self._cdp.send("Page.navigate", {"url": start}, self.session)
        answer = self._cdp.result(call, "Page.navigate")
        if answer.get("errorText"):
            raise OohError(Code.CREATIVE_ERROR_PAGE, f"its page cannot be loaded: {answer['errorText']}")
        until = time.monotonic() + _LOAD_SECONDS
        while not (self._loaded and self._fonts_loaded()):
            self.clock.load()
            self._check()
            if time.monotonic() > until:
                break  # it is drawn as far as it came: as on a web page
        self.clock.load()  # what began to move with the last of it is held too
        self._check()

    def close_doors(self) -> None:
        """From now on the page stays: nothing leads away from it."""
        self._closed = True

    def state(self) -> PageState:
        """Ask the page."""
        raw = self.evaluate("window.__oohState ? __oohState() : ''")
        self._check()
        if not raw:
            return PageState(ready=False, skip=False, pending=0, errors=())
        found = msgspec.json.decode(str(raw))
        errors = tuple(str(error) for error in found.get("errors", ()))
        return PageState(bool(found.get("ready")), bool(found.get("skip")), int(found.get("pending", 0)), errors)

    def measured(self) -> tuple[Size, bool]:
        """Its size in CSS pixels, and whether it fills whatever it is given."""
        raw = self.evaluate(scripts.MEASURE)
        if not raw:
            raise OohError(Code.CREATIVE_BLANK, "it has no body")
        found = msgspec.json.decode(str(raw))
        return Size(int(found["w"]), int(found["h"])), bool(found["fluid"])

    def evaluate(self, expression: str) -> object:
        """The value of a script in the page; None when it fails."""
        params = {"expression": expression, "returnByValue": True, "awaitPromise": False}
        try:
            answer = self._cdp.call("Runtime.evaluate", params, self.session)
        except RefusedError:
            return None
        return answer.get("result", {}).get("value")

    def network_answered(self, number: int, answer: tuple[str, Mapping[str, object]]) -> None:
        """Hand the page what the network said to request ``number``."""
        self._reply(self._network.pop(number), answer)

    def _set_up(self, *, stepped: bool) -> None:
        own = self.session
        for method, params in (
            ("Page.enable", {}),
            ("Fetch.enable", {"patterns": [{"urlPattern": "*"}]}),
            ("Inspector.enable", {}),
            ("Emulation.setTimezoneOverride", {"timezoneId": "UTC"}),
            ("Emulation.setLocaleOverride", {"locale": "en-US"}),
            ("Emulation.setDefaultBackgroundColorOverride", {"color": {"r": 255, "g": 255, "b": 255, "a": 1}}),
            ("Network.enable", {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0}),
            ("Network.setBypassServiceWorker", {"bypass": True}),
        ):
            self._cdp.call(method, params, own)
        sources = (scripts.stubs(),) if stepped else (scripts.clock(), scripts.stubs())
        for source in sources:
            self._cdp.call("Page.addScriptToEvaluateOnNewDocument", {"source": source}, own)
        self._cdp.call("Browser.setDownloadBehavior", {"behavior": "deny"})
        self._cdp.call("Target.setDiscoverTargets", {"discover": True})
        tree = self._cdp.call("Page.getFrameTree", {}, own)
        self._main = str(tree["frameTree"]["frame"]["id"])

    def _fonts_loaded(self) -> bool:
        """Asking for the layout is what makes a browser ask for fonts."""
        asked = "document.body && document.body.offsetHeight; document.fonts.status"
        return self.evaluate(asked) != "loading"

    def _check(self) -> None:
        if self._lost:
            raise OohError(Code.PREPARE_CRASHED, self._lost)
        if self._navigations > _MOST_NAVIGATIONS:
            raise OohError(Code.CREATIVE_REDIRECTS, f"it leads on more than {_MOST_NAVIGATIONS} times")

    def _on_event(self, message: Message) -> None:
        params = message.get("params", {})
        match message.get("method"):
            case "Fetch.requestPaused":
                self._on_request(params)
            case "Page.loadEventFired":
                self._loaded = True
            case "Page.javascriptDialogOpening":
                self._cdp.tell("Page.handleJavaScriptDialog", {"accept": False}, self.session)
            case "Inspector.targetCrashed":
                self._lost = "its page crashed the browser, most often for want of memory"
            case "Target.targetCreated":
                self._on_target(params.get("targetInfo", {}))
            case _:
                self.clock.on_event(message)

    def _on_target(self, info: Mapping[str, Any]) -> None:
        """Another window: a pop-up, closed before it draws anything."""
        if info.get("type") == "page" and info.get("targetId") != self._own_target:
            self._cdp.tell("Target.closeTarget", {"targetId": info["targetId"]})

    def _on_request(self, params: Mapping[str, Any]) -> None:
        number, kind = str(params["requestId"]), str(params.get("resourceType", ""))
        if kind == "Document" and params.get("frameId") == self._main:
            self._navigations += 1
            if self._closed or self._navigations > _MOST_NAVIGATIONS + 1:
                self._reply(number, ("Fetch.failRequest", {"errorReason": "Aborted"}))
                return
            self._loaded = False
            self._documents.add(number)
        if self._route is None:
            self._reply(number, ("Fetch.failRequest", {"errorReason": "BlockedByClient"}))
            return
        found = self._route.answer(params.get("request", {}), kind)
        if isinstance(found, int):
            self._network[found] = number
        else:
            self._reply(number, found)

    def _reply(self, request: str, answer: tuple[str, Mapping[str, object]]) -> None:
        method, params = answer
        if request in self._documents and method == "Fetch.failRequest" and self._navigations > 1:
            params = {"errorReason": "Aborted"}  # the page stays, where any other reason would show an error page
            self._loaded = True
        self._cdp.tell(method, {**params, "requestId": request}, self.session)
