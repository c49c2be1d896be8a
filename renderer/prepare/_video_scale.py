"""Brings a video's pictures into the form of the screen: fields joined, upright, scaled, in plain 8-bit colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter

from config import Size
from renderer.prepare._video_guard import reading_video
from renderer.prepare._video_source import VideoSource
from renderer.video.pixels import describe

_MILLISECOND = Fraction(1, 1000)
_EXACT = Interpolation.ACCURATE_RND | Interpolation.BITEXACT
"""The same pixels on every processor."""
_WIDE_PRIMARIES = 9
"""BT.2020 (ITU-T H.273 table 2)."""


class Scaler:
    """For one reading of one source."""

    def __init__(self, source: VideoSource, size: Size) -> None:
        self._filters = source.turn.filters
        if source.interlaced:
            self._filters = (("bwdif", "mode=send_frame"), *self._filters)
        self._size = size
        enlarged = source.size.w < size.w
        self._filter = (Interpolation.LANCZOS if enlarged else Interpolation.BICUBIC) | _EXACT
        self._hdr = source.hdr
        self._reformatter = VideoReformatter()

    def scaled(self, pictures: Iterable[tuple[VideoFrame, int]]) -> Iterator[tuple[VideoFrame, int]]:
        """Each picture at ``size`` in yuv420p, BT.709, limited range, and its time."""
        filtered = self._filtered(pictures) if self._filters else pictures
        for frame, at_ms in filtered:
            with reading_video("its pictures"):
                plain = self._plain(frame)
            yield plain, at_ms

    def _plain(self, frame: VideoFrame) -> VideoFrame:
        describe(frame)
        wide = self._hdr or frame.color_primaries == _WIDE_PRIMARIES
        if wide and frame.color_trc not in tuple(ColorTrc):
            frame.color_trc = ColorTrc.BT709
        return self._reformatter.reformat(
            frame,
            width=self._size.w,
            height=self._size.h,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange(frame.color_range),
            dst_color_range=ColorRange.MPEG,
            interpolation=self._filter,
            dst_color_trc=ColorTrc.BT709 if wide else None,
            dst_color_primaries=ColorPrimaries.BT709 if wide else None,
            threads=1,
        )

    def _filtered(self, pictures: Iterable[tuple[VideoFrame, int]]) -> Iterator[tuple[VideoFrame, int]]:
        """Through FFmpeg's filters; begun anew where the pictures change their size or format."""
        graph, shape = None, None
        for frame, at_ms in pictures:
            now = (frame.width, frame.height, frame.format.name)
            if graph is None or now != shape:
                if graph is not None:
                    yield from _pulled(graph, last=True)
                with reading_video("its pictures"):
                    graph, shape = self._graph(frame), now
            frame.pts, frame.time_base = at_ms, _MILLISECOND
            with reading_video("its pictures"):
                graph.vpush(frame)
            yield from _pulled(graph, last=False)
        if graph is not None:
            yield from _pulled(graph, last=True)

    def _graph(self, frame: VideoFrame) -> Graph:
        graph = Graph()
        graph.threads = 1
        nodes = [graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=_MILLISECOND)]
        nodes += [graph.add(name, arguments or None) for name, arguments in self._filters]
        graph.link_nodes(*nodes, graph.add("buffersink"))
        graph.configure()
        return graph


def _pulled(graph: Graph, *, last: bool) -> Iterator[tuple[VideoFrame, int]]:
    """What the filters have ready; ``last``: all that they still hold."""
    with reading_video("its pictures"):
        if last:
            graph.vpush(None)
        while True:
            try:
                frame = graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            yield frame, round((frame.pts or 0) * (frame.time_base or _MILLISECOND) * 1000)
