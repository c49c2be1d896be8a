"""Takes a video as it is where every screen can play it as it is: its packets, without sound and without loss."""

from __future__ import annotations

from pathlib import Path

import av

from config import Size
from renderer.prepare._video_guard import writing_video
from renderer.prepare._video_source import VideoSource
from renderer.prepare._video_tally import LEAST_GAP_MS, Film, Tally

_PROFILES = ("Baseline", "Constrained Baseline", "Main", "High")
_FAST_COLUMNS = 8
"""Other widths need a video that is cut on the right alone, which only our own is known to be."""
_MOST_BITS_PER_SECOND = 20_000_000
"""What small boards decode in time; the levels allow more (50 Mb/s at 4.1, ITU-T H.264 table A-1)."""


def copied(source: VideoSource, target: Path, size: Size) -> Film | None:
    """Write its packets to ``target`` as an MP4; None when it must be transcoded to ``size``.

    Every picture is decoded once, to know that it can be. Raises as ``VideoSource.pictures`` does.
    """
    if not _may_be(source, size):
        return None
    film = _read_through(source)
    if film is None:
        return None
    with source.opened() as (opened, stream), writing_video():
        options = {"movflags": "+faststart", "fflags": "+bitexact"}
        with av.open(str(target), "w", format="mp4", options=options) as out:
            track = out.add_stream_from_template(stream)
            track.metadata.clear()
            zero: int | None = None
            for packet in opened.demux(stream):
                if packet.dts is None or not packet.size:
                    continue
                zero = packet.pts if zero is None else zero
                packet.pts = None if packet.pts is None or zero is None else packet.pts - zero
                packet.dts = packet.dts if zero is None else packet.dts - zero
                packet.stream = track
                out.mux(packet)
    return film


def _may_be(source: VideoSource, size: Size) -> bool:
    """By its looks: what the screen's decoders take everywhere, at the very size of its rectangle."""
    return (
        source.container == "mov"  # the only one whose packets all bear both their times
        and (source.codec, source.pixel_format) == ("h264", "yuv420p")
        and source.profile in _PROFILES
        and source.stored == size
        and size.w % _FAST_COLUMNS == size.h % 2 == 0
        and source.square
        and not source.turn.filters
        and not source.interlaced
        and not source.hdr
    )


def _read_through(source: VideoSource) -> Film | None:
    """Decode it whole; None when something in it is not plain."""
    tally, frames, last_ms = Tally(), 0, -LEAST_GAP_MS
    for frame, at_ms in source.pictures(tally):
        if at_ms - last_ms < LEAST_GAP_MS or Size(frame.width, frame.height) != source.stored or frame.interlaced_frame:
            return None
        frames, last_ms = frames + 1, at_ms
    if tally.bad or tally.trimmed or source.size_bytes * 8000 > _MOST_BITS_PER_SECOND * tally.end_ms:
        return None
    return Film(frames, tally.end_ms)
