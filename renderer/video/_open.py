"""Opens the videos of plates: which decoder, in which form of pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cache import Clock, SystemClock
from config import OohError, Size
from renderer.heap import Kept
from renderer.plate import PlateFile, SpanReader
from renderer.video._ahead import Decoder, ReadAhead
from renderer.video._clip import Clip
from renderer.video._hardware import SOFTWARE, DecoderChoice
from renderer.video._picture import Picture


class Videos:
    """One for a screen: it remembers which decoder works on this board."""

    def __init__(self, *, planar: bool, clock: Clock | None = None, choice: DecoderChoice | None = None) -> None:
        """``planar``: the display draws YUV itself (``Display.takes_yuv``)."""
        self._planar = planar
        self._clock = clock or SystemClock()
        self._choice = choice or DecoderChoice()
        self._kept = Kept()

    def open(self, file: PlateFile) -> Clip:
        """Begin to decode a plate's video ahead of its time. Returns at once; ``close`` the clip."""
        fields, video = file.plate_fields, file.video()
        size = fields.creative_rect.size
        ahead = ReadAhead(
            lambda: self._decoder(video, size), fields.duration_ms, fields.frames, fields.loops, self._kept
        )
        return Clip(ahead, self._clock, self._choice.distrust)

    def _decoder(self, video: SpanReader, size: Size) -> Decoder:
        """In the clip's own thread: what decodes it."""
        from renderer.video._decoder import ClipDecoder  # noqa: PLC0415 - 0.1 s and 25 MB, with the first video

        def opened(codec: str) -> ClipDecoder:
            return ClipDecoder(video.twin(), size, planar=self._planar, codec=codec)

        def try_one(codec: str) -> None:
            probe = opened(codec)
            try:
                probe.picture(next(probe.frames())[0], 0)
            finally:
                probe.close()

        codec = self._choice.choose(try_one)
        return opened(codec) if codec == SOFTWARE else WithFallBack(opened, codec, self._choice)


class WithFallBack:
    """The board's decoder for as long as it works, then software from the very picture on."""

    def __init__(self, opened: Callable[[str], Decoder], codec: str, choice: DecoderChoice) -> None:
        self._opened = opened
        self._choice = choice
        self._decoder = opened(codec)
        self._trusted = True

    def frames(self, from_ms: int = 0) -> Iterator[tuple[Any, int]]:
        """See `Decoder`."""
        last_ms = -1
        try:
            for frame, at_ms in self._decoder.frames(from_ms):
                last_ms = at_ms
                yield frame, at_ms
        except OohError:
            if not self._trusted:
                raise
        else:
            return
        self._trusted = False
        self._choice.distrust()
        self._decoder.close()
        self._decoder = self._opened(SOFTWARE)
        for frame, at_ms in self._decoder.frames():
            if at_ms > last_ms and at_ms >= from_ms:
                yield frame, at_ms

    def picture(self, frame: Any, at_ns: int) -> Picture:  # noqa: ANN401 - the decoder's own kind of frame
        """See `Decoder`."""
        return self._decoder.picture(frame, at_ns)

    def close(self) -> None:
        """See `Decoder`."""
        self._decoder.close()
