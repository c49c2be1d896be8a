"""Decodes ahead of the screen in a thread of its own, a few pictures at most, and drops what is past."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from threading import Condition, Thread
from typing import Any, Protocol

from config import Code, OohError
from renderer.video._picture import Picture

MOST_AHEAD = 3
"""Pictures that wait, 8 MB each as BGRX at 1080p: 100 ms at 30 a second."""
_MS_NS = 1_000_000
_JUMP_BEHIND_NS = 1_000_000_000
"""A decoder that is this far behind goes on at the next key picture."""


class Decoder(Protocol):
    """An open video: `renderer.video._decoder.ClipDecoder`, or a fake."""

    def frames(self, from_ms: int = 0) -> Iterator[tuple[Any, int]]:
        """One run, from a key picture at ``from_ms`` or later: frames and their times, ms."""

    def picture(self, frame: Any, at_ns: int) -> Picture:  # noqa: ANN401 - the decoder's own kind of frame
        """What the display takes of a frame."""

    def close(self) -> None:
        """Let go of everything. Called in the thread that decodes."""


class ReadAhead:
    """A thread that opens a video, decodes it run after run, and keeps the next pictures ready."""

    def __init__(
        self,
        open_decoder: Callable[[], Decoder],
        duration_ms: int,
        frames: int,
        loops: int,
        kept: AbstractContextManager[None] | None = None,
    ) -> None:
        """``open_decoder`` is called in the thread. ``frames``: of one run; ``loops``: runs to its end, 0: for ever.

        ``kept``: what holds while it decodes (`renderer.heap.Kept`).
        """
        self._open = open_decoder
        self._kept = kept or nullcontext()
        self._run_ns = duration_ms * _MS_NS
        self._frame_ns = self._run_ns / frames
        self._loops = loops
        self._change = Condition()
        self._pictures: deque[Picture] = deque()
        self._now_ns: Callable[[], int] = lambda: 0
        """Where the show is, from the first picture on; 0 until it begins."""
        self._dropped = 0
        self._missed_from_ns: int | None = None
        """The first picture that was left out, while the decoder looks for where to go on."""
        self._closing = False
        self._ended = False
        self.error: BaseException | None = None
        """What ended the decoding too soon."""
        self._thread = Thread(target=self._work, name="video", daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """True when no picture will come any more, and none waits."""
        with self._change:
            return self._ended and not self._pictures

    def begin(self, now_ns: Callable[[], int]) -> None:
        """The first picture is on: ``now_ns`` says how long, at any time."""
        with self._change:
            self._now_ns = now_ns
            self._change.notify()

    def next_ns(self) -> int | None:
        """When the next picture is due; None when none is ready."""
        with self._change:
            return self._pictures[0].at_ns if self._pictures else None

    def take(self, now_ns: int) -> tuple[Picture | None, int]:
        """The picture that should be on at ``now_ns`` if it is a new one, and how many were dropped since."""
        with self._change:
            due: Picture | None = None
            while self._pictures and self._pictures[0].at_ns <= now_ns:
                self._dropped += due is not None
                due = self._pictures.popleft()
            dropped, self._dropped = self._dropped, 0
            self._change.notify()
            return due, dropped

    def close(self) -> None:
        """Have the thread end: it closes the decoder after the picture it is at. Waits for nothing."""
        with self._change:
            self._closing = True
            self._pictures.clear()
            self._change.notify()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end of the thread; False when it hangs in its codec."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def wait_ready(self, timeout_s: float) -> bool:
        """Wait until a picture is ready or none will come; False when neither within the time."""
        with self._change:
            return self._change.wait_for(lambda: bool(self._pictures) or self._ended, timeout_s)

    def _work(self) -> None:
        with self._kept:
            self._decode()

    def _decode(self) -> None:
        decoder: Decoder | None = None
        try:
            decoder = self._open()
            self._play(decoder)
        except Exception as error:  # noqa: BLE001 - whatever a decoder does, its last picture stays and the show goes on
            self.error = error
        finally:
            if decoder is not None:
                with suppress(Exception):
                    decoder.close()
            del decoder, self._open  # what it holds of the plate goes now, not when Python collects
            with self._change:
                self._ended = True
                self._change.notify_all()

    def _play(self, decoder: Decoder) -> None:
        run, from_ms = 0, 0
        while not self._closing and (self._loops == 0 or run < self._loops):
            behind_ns = self._play_run(decoder, run, from_ms)
            if behind_ns is None:
                run, from_ms = run + 1, 0
            else:
                run, from_ms = divmod(self._now_ns() // _MS_NS, self._run_ns // _MS_NS)

    def _play_run(self, decoder: Decoder, run: int, from_ms: int) -> int | None:
        """One run, or the rest of it. Returns how far it is behind when that is too far."""
        start_ns, came = run * self._run_ns, False
        for frame, at_ms in decoder.frames(from_ms):
            came, at_ns = True, start_ns + at_ms * _MS_NS
            if at_ns == 0:
                continue  # the plate's base frame, which is on already
            if self._closing or at_ms * _MS_NS >= self._run_ns:
                return None
            behind_ns = self._now_ns() - at_ns
            if behind_ns > _JUMP_BEHIND_NS:
                self._missed_from_ns = at_ns if self._missed_from_ns is None else self._missed_from_ns
                return behind_ns
            self._keep(decoder.picture(frame, at_ns))
        if not came and from_ms == 0:
            raise OohError(Code.PLATE_CORRUPT, "its video has no pictures")
        return None

    def _keep(self, picture: Picture) -> None:
        with self._change:
            self._change.wait_for(lambda: self._closing or len(self._pictures) < MOST_AHEAD)
            if self._missed_from_ns is not None:
                self._dropped += max(1, round((picture.at_ns - self._missed_from_ns) / self._frame_ns))
                self._missed_from_ns = None
            if not self._closing:
                self._pictures.append(picture)
                self._change.notify_all()
