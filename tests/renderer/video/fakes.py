"""A decoder that does what a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Event

from config import Code, OohError
from renderer.video import Picture, ReadAhead

PATIENCE_S = 5.0


class FakeDecoder:
    """Pictures at ``times_ms``; each is its own time. May wait, fail or be slow on the way."""

    def __init__(
        self, times_ms: Sequence[int], *, fails_at_ms: int | None = None, before: Callable[[int], object] | None = None
    ) -> None:
        self._times_ms = times_ms
        self._fails_at_ms = fails_at_ms
        self._before = before or (lambda _: None)
        self.runs: list[int] = []
        self.closed = Event()

    def frames(self, from_ms: int = 0) -> Iterator[tuple[int, int]]:
        self.runs.append(from_ms)
        for at_ms in self._times_ms:
            if at_ms < from_ms:
                continue
            self._before(at_ms)
            if at_ms == self._fails_at_ms:
                raise OohError(Code.PLATE_CORRUPT, "as asked")
            yield at_ms, at_ms

    def picture(self, frame: int, at_ns: int) -> Picture:
        return Picture(at_ns, str(frame).encode())

    def close(self) -> None:
        self.closed.set()


def ahead_of(decoder: FakeDecoder, duration_ms: int = 100, frames: int = 4, loops: int = 0) -> ReadAhead:
    return ReadAhead(lambda: decoder, duration_ms, frames, loops)
