"""A small client of the Chrome DevTools Protocol over a pipe: calls, events, and never a wait without an end."""

from __future__ import annotations

import os
import selectors
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from config import Code, OohError

Message = Mapping[str, Any]
_END = b"\0"
_PIECE_BYTES = 1 << 20
_MOST_MESSAGE_BYTES = 200_000_000
_LOOK_SECONDS = 0.25
"""How often the guard looks at the browser while nothing comes."""


class Cdp:
    """One connection. Messages come in when somebody waits; events go to ``on_event`` in their order.

    ``silence_s``: how long the browser may say nothing while it is waited for. A page in an endless loop says nothing.
    """

    def __init__(self, to_browser: int, from_browser: int, ends_at: float, silence_s: float) -> None:
        """``ends_at``: on ``time.monotonic()``, when all must be done."""
        self._to, self._from = to_browser, from_browser
        self._ends_at = ends_at
        self._silence_s = silence_s
        self._next_id = 0
        self._rest = bytearray()
        self._answers: dict[int, Message] = {}
        self._events: deque[Message] = deque()
        self._ignored: set[int] = set()
        self._handling = False
        self._selector = selectors.DefaultSelector()
        self._selector.register(from_browser, selectors.EVENT_READ, self._read)
        os.set_blocking(from_browser, False)
        self.on_event: Callable[[Message], None] = lambda _: None
        self.look: Callable[[], None] = lambda: None
        """Called now and then while waiting; raises to end it all."""

    def also(self, descriptor: int, reader: Callable[[], None]) -> None:
        """Call ``reader`` too whenever ``descriptor`` is readable while something is waited for."""
        self._selector.register(descriptor, selectors.EVENT_READ, reader)

    def send(self, method: str, params: Mapping[str, object] | None = None, session: str | None = None) -> int:
        """Ask; the answer is fetched with `result`."""
        self._next_id += 1
        message: dict[str, object] = {"id": self._next_id, "method": method, "params": params or {}}
        if session is not None:
            message["sessionId"] = session
        data = msgspec.json.encode(message) + _END
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self._to, view) :]
        except BrokenPipeError as error:
            raise _gone() from error
        return self._next_id

    def tell(self, method: str, params: Mapping[str, object] | None = None, session: str | None = None) -> None:
        """Ask for something whose answer nobody waits for."""
        self._ignored.add(self.send(method, params, session))

    def call(
        self, method: str, params: Mapping[str, object] | None = None, session: str | None = None
    ) -> Mapping[str, Any]:
        """Ask and wait. Raises ``OohError`` as `result` does."""
        return self.result(self.send(method, params, session), method)

    def result(self, call: int, method: str = "") -> Mapping[str, Any]:
        """The answer to a `send`. Raises ``OohError``: PREPARE_TIMEOUT, PREPARE_CRASHED; `RefusedError`."""
        self.wait(lambda: call in self._answers)
        answer = self._answers.pop(call)
        error = answer.get("error")
        if error is not None:
            raise RefusedError(method, str(error.get("message", ""))[:200])
        found = answer.get("result")
        return found if isinstance(found, dict) else {}

    def wait(self, done: Callable[[], bool], within_s: float | None = None) -> bool:
        """Handle what comes in until ``done``; False after ``within_s`` seconds of real time without it."""
        until = self._ends_at if within_s is None else min(self._ends_at, time.monotonic() + within_s)
        silent_from = time.monotonic()
        self._handle()
        while not done():
            now = time.monotonic()
            if now >= self._ends_at:
                raise OohError(Code.PREPARE_TIMEOUT, "the page takes too long to draw")
            if now >= until:
                return False
            if now - silent_from >= self._silence_s:
                raise OohError(Code.PREPARE_TIMEOUT, f"the page does nothing else for {self._silence_s:g} s")
            ready = self._selector.select(min(_LOOK_SECONDS, until - now))
            self.look()
            for key, _ in ready:
                key.data()
                silent_from = time.monotonic()
            self._handle()
        return True

    def _read(self) -> None:
        try:
            piece = os.read(self._from, _PIECE_BYTES)
        except BlockingIOError:
            return
        if not piece:
            raise _gone()
        start = len(self._rest)
        self._rest += piece
        if len(self._rest) > _MOST_MESSAGE_BYTES:
            raise OohError(Code.PREPARE_MEMORY, "the browser's message is too long")
        if _END not in piece:
            return
        cut = self._rest.rindex(_END, start) + 1
        whole, self._rest = bytes(self._rest[:cut]), self._rest[cut:]
        for raw in whole.split(_END)[:-1]:
            self._sort(raw)

    def _sort(self, raw: bytes) -> None:
        message = msgspec.json.decode(raw)
        number = message.get("id")
        if number is None:
            self._events.append(message)
        elif number in self._ignored:
            self._ignored.discard(number)
        else:
            self._answers[number] = message

    def _handle(self) -> None:
        """Events are handled outside of one another: a handler may wait."""
        if self._handling:
            return
        self._handling = True
        try:
            while self._events:
                self.on_event(self._events.popleft())
        finally:
            self._handling = False

    def close(self) -> None:
        """Let go of the pipe: the browser ends when it notices."""
        self._selector.close()
        os.close(self._to)
        os.close(self._from)


class RefusedError(Exception):
    """The browser did not do what it was asked."""

    def __init__(self, method: str, why: str) -> None:
        super().__init__(f"{method}: {why}")
        self.why = why


def _gone() -> OohError:
    return OohError(Code.PREPARE_CRASHED, "the browser ended by itself")
