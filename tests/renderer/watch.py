"""Watches what an X server really shows, from outside and 60 times a second: is it ever black, and what is on?"""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from tests.renderer.window.xserver import XServer

_PERIOD_S = 1 / 60
_DARK = 8
"""No channel above it: black. The slate and every colour of the tests are brighter."""
_SIDE = 5


class Watch:
    """``with Watch(server) as watch``: begins with the first picture; ``black`` counts the looks that saw none."""

    def __init__(self, server: XServer) -> None:
        size = server.size
        self._server = server
        self._places = [
            (size.w * (2 * column + 1) // (2 * _SIDE), size.h * (2 * row + 1) // (2 * _SIDE))
            for row in range(_SIDE)
            for column in range(_SIDE)
        ]
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.black = 0
        self.looks = 0
        self.seen: list[tuple[int, ...]] = []
        """The colour in the middle, each time it became another one."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join(5)

    def _run(self) -> None:
        due = time.monotonic()
        while not self._ending.is_set():
            self._look([self._server.pixel(x, y) for x, y in self._places])
            due = max(due + _PERIOD_S, time.monotonic())
            self._ending.wait(due - time.monotonic())

    def _look(self, pixels: list[tuple[int, ...]]) -> None:
        is_black = all(max(pixel) <= _DARK for pixel in pixels)
        if is_black and not self.looks:
            return  # nothing was presented yet
        self.looks += 1
        self.black += is_black
        middle = pixels[len(pixels) // 2]
        if not self.seen or self.seen[-1] != middle:
            self.seen.append(middle)
