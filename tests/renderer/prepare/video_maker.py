"""Small videos for the tests, with every oddity that the wild has: made with PyAV, no command needed."""

from __future__ import annotations

import io
import struct
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw

MS = Fraction(1, 1000)


def corners(w: int, h: int, step: int = 0) -> Image.Image:
    """Red, green, blue and white quarters in reading order; a black bar moves with ``step``."""
    image = Image.new("RGB", (w, h))
    for at, colour in enumerate(((200, 30, 30), (30, 160, 30), (30, 30, 200), (235, 235, 235))):
        x, y = at % 2 * (w // 2), at // 2 * (h // 2)
        image.paste(colour, (x, y, x + w - w // 2, y + h - h // 2))
    ImageDraw.Draw(image).rectangle((step * 2, h // 2 - 2, step * 2 + 6, h // 2 + 2), fill=(0, 0, 0))
    return image


def frame_of(image: Image.Image, pixel_format: str, colours: tuple[int, int, int, int] | None = None) -> VideoFrame:
    frame = VideoFrame(*image.size, "bgr0")
    raw, row, line = image.tobytes("raw", "BGRX"), image.width * 4, frame.planes[0].line_size
    frame.planes[0].update(b"".join(raw[y * row : (y + 1) * row].ljust(line, b"\0") for y in range(image.height)))
    matrix, _, _, reach = colours or (1, 1, 1, 1)
    space = 1 if matrix == 1 else 5
    frame = frame.reformat(
        format=pixel_format, dst_colorspace=space, dst_color_range=reach, src_color_range=2, threads=1
    )
    if colours is not None:
        frame.colorspace, frame.color_primaries, frame.color_trc, frame.color_range = colours
    return frame


@dataclass
class Clip:
    """One file to be made; the defaults are a plain MP4 of a second."""

    container: str = "mp4"
    codec: str = "libx264"
    size: tuple[int, int] = (128, 96)
    times_ms: Sequence[int] = tuple(range(0, 1000, 40))
    end_ms: int | None = None
    pixel_format: str = "yuv420p"
    options: dict[str, str] = field(default_factory=dict)
    container_options: dict[str, str] = field(default_factory=dict)
    rotation: float | None = None
    mirrored: tuple[bool, bool] = (False, False)
    """Across, down."""
    pixel_ratio: Fraction | None = None
    colours: tuple[int, int, int, int] | None = (1, 1, 1, 1)
    """Matrix, primaries, transfer (ITU-T H.273), range; None: unsaid."""
    converted: bool = False
    """Whether the pictures really are in those colours; else they are BT.709 in limited range, whatever is said."""
    sound: bool = False
    picture: Callable[[int], Image.Image] | None = None

    def bytes(self) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "clip"  # by its name: an index in front is only written to a file that has one
            with av.open(str(path), "w", format=self.container, options=self.container_options) as container:
                self._fill(container)
            return path.read_bytes()

    def _fill(self, container: Any) -> None:
        stream = container.add_stream(self.codec, rate=25, options=dict(self.options))
        stream.width, stream.height, stream.pix_fmt = *self.size, self.pixel_format
        context = stream.codec_context
        if self.codec not in ("mpeg2video", "mpeg4"):
            context.time_base = MS
        context.thread_count = 1
        if self.pixel_ratio is not None:
            context.sample_aspect_ratio = self.pixel_ratio
        if self.colours is not None:
            context.colorspace, context.color_primaries, context.color_trc, context.color_range = self.colours
        if self.rotation is not None:
            stream.set_display_rotation(self.rotation, *self.mirrored)
        sound = container.add_stream("aac", rate=44_100) if self.sound else None
        self._frames(container, stream)
        if sound is not None:
            silence(container, sound)

    def _frames(self, container: Any, stream: Any) -> None:
        packets: list[Any] = []
        for step, at_ms in enumerate(self.times_ms):
            image = self.picture(step) if self.picture is not None else corners(*self.size, step)
            frame = frame_of(image, self.pixel_format, self.colours if self.converted else None)
            frame.pts, frame.time_base = at_ms, MS
            packets += stream.encode(frame)
        for packet in stream.encode(None):
            packets.append(packet)
        if self.end_ms is not None:  # the last in the file: what the file lasts is the sum
            packets[-1].duration = round(self.end_ms / 1000 / packets[-1].time_base) - packets[-1].dts + packets[0].dts
        for packet in packets:
            container.mux(packet)


def silence(container: Any, stream: Any) -> None:
    frame = av.AudioFrame(format="fltp", layout="stereo", samples=1024)
    frame.sample_rate = 44_100
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    for index in range(40):
        frame.pts = index * 1024
        for packet in stream.encode(frame):
            container.mux(packet)
    for packet in stream.encode(None):
        container.mux(packet)


def sound_alone() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        silence(container, container.add_stream("aac", rate=44_100))
    return out.getvalue()


def with_box(data: bytes, path: Sequence[bytes], change: Callable[[bytearray], None]) -> bytes:
    """The same MP4 with one box's payload changed in place; ``path`` leads to it from the top."""
    out = bytearray(data)
    start, end = 0, len(out)
    for kind in path:
        start, end = _find(out, start, end, kind)
    payload = out[start:end]
    change(payload)
    out[start:end] = payload
    return bytes(out)


def _find(data: bytearray, start: int, end: int, kind: bytes) -> tuple[int, int]:
    at = start
    while at + 8 <= end:
        (size,) = struct.unpack_from(">I", data, at)
        if data[at + 4 : at + 8] == kind:
            return at + 8, at + size
        at += size
    message = f"no box {kind!r}"
    raise AssertionError(message)
