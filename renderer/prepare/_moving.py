"""Paints an animation's plate, one frame in memory at a time, and chooses how it is kept.

Three ways, each measured in ``docs/decisions.md``:

1. changes: what each frame changes on the screen, scaled already. Exact, and cheapest to show; large when all moves.
2. native: the changes at the creative's own size, enlarged when shown. Small; for what is enlarged.
3. video: H.264. For what is shown at its own size or smaller, moves all over, and is long.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image

from renderer.layout import Layout
from renderer.plate import PlateFields, PlateWriter
from renderer.prepare._changes import Change, Frames, NativePainter, Painter, ScreenPainter
from renderer.prepare._colour import flattened, ground_for
from renderer.prepare._facts import base_pieces, bgrx, place_of, plate_fields
from renderer.prepare._order import Order
from renderer.prepare._source import Source

_MOST_CHANGES_BYTES = 16_000_000
"""Of way 1, where way 2 is open: a slow card reads it within a second, and it stays in memory."""
_MOST_CHANGES_AS_LARGE_BYTES = 150_000_000
"""Of way 1, where only way 3 is: a video loses colour detail when it is not enlarged."""
_NATIVE_FROM = 1.2
"""The least enlargement of way 2: from here on its pictures are a third smaller than what is shown."""
_JUDGED_FROM_FRAMES = 12
_CERTAINLY_OVER = 2
_CHUNK_BYTES = 1_048_576


def paint_animation(order: Order, source: Source, layout: Layout, plate: PlateWriter) -> None:
    """Write the whole plate. Raises ``OohError`` (CREATIVE_*), ``MemoryError``, ``OSError``."""
    ground = _ground(source)
    place = place_of(layout)
    enlarged = place.w >= _NATIVE_FROM * source.size.w and place.h >= _NATIVE_FROM * source.size.h
    most_bytes = _MOST_CHANGES_BYTES if enlarged else _MOST_CHANGES_AS_LARGE_BYTES
    kind = "animation"
    delays = _as_changes(order, source, layout, plate, ground, most_bytes)
    if delays is None and enlarged:
        delays = _at_its_own_size(order, source, layout, plate, ground)
    elif delays is None:
        kind, delays = "video", _as_video(order, source, layout, plate, ground)
    plate.finish(_fields(order, source, layout, delays, kind))


def _fields(order: Order, source: Source, layout: Layout, delays: tuple[int, ...], kind: str) -> PlateFields:
    if len(delays) == 1:
        source.warnings.append("all its frames are the same: it is shown as a still")
        return plate_fields(order, source, layout, ())
    fields = replace(plate_fields(order, source, layout, delays), loops=source.loops)
    return fields if kind == "animation" else replace(fields, kind="video")


def _as_changes(
    order: Order, source: Source, layout: Layout, plate: PlateWriter, ground: tuple[int, int, int], most_bytes: int
) -> tuple[int, ...] | None:
    """The frames' delays; None when it would take more than ``most_bytes``."""
    frames = _flat(source, ground)
    first, delay_ms = next(frames)
    painter = ScreenPainter(first, place_of(layout))
    plate.write_base(base_pieces(order, layout, painter.shown))
    run = _Run(plate, delay_ms, source.frames, most_bytes)
    return run.delays if run.write(painter, frames) else None


def _at_its_own_size(
    order: Order, source: Source, layout: Layout, plate: PlateWriter, ground: tuple[int, int, int]
) -> tuple[int, ...]:
    from renderer.plate._native import Enlarger  # noqa: PLC0415 - PyAV, only where it is needed

    frames = _flat(source, ground)
    first, delay_ms = next(frames)
    place = place_of(layout)
    opening = bgrx(first)
    shown = Enlarger(source.size, place.size).enlarged(opening)
    large = Image.frombytes("RGB", (place.w, place.h), shown, "raw", "BGRX")
    plate.write_base(base_pieces(order, layout, large))  # by the same scaler as the rest: nothing jumps
    plate.write_native(source.size, opening)
    run = _Run(plate, delay_ms, source.frames, None)
    run.write(NativePainter(first), frames)
    return run.delays


def _as_video(
    order: Order, source: Source, layout: Layout, plate: PlateWriter, ground: tuple[int, int, int]
) -> tuple[int, ...]:
    from renderer.prepare._filmed import film  # noqa: PLC0415 - PyAV, only where it is needed

    with tempfile.TemporaryFile(dir=Path(os.fsdecode(order.part)).parent) as file:
        delays, opening = film(_flat(source, ground), place_of(layout), file)
        plate.write_base(base_pieces(order, layout, opening))
        plate.write_video(iter(lambda: file.read(_CHUNK_BYTES), b""))
    return delays


class _Run:
    """Writes the changes of one run; frames that change nothing lengthen the one before."""

    def __init__(self, plate: PlateWriter, first_delay_ms: int, listed: int, most_bytes: int | None) -> None:
        """``listed``: how many frames there will be at most."""
        self._plate = plate
        self._delays = [first_delay_ms]
        self._waiting: Change | None = None
        self._listed = listed
        self._most_bytes = most_bytes

    @property
    def delays(self) -> tuple[int, ...]:
        """How long each frame stands, ms."""
        return tuple(self._delays)

    def write(self, painter: Painter, frames: Frames) -> bool:
        """All the frames after the first, and the way back to it. False: it is, or will be, too large."""
        for taken, (picture, delay_ms) in enumerate(frames, start=2):
            change = painter.change(picture)
            if change.image is None:
                self._delays[-1] += delay_ms
                continue
            self._write_waiting()
            self._waiting = change
            self._delays.append(delay_ms)
            if self._too_large(taken):
                return False
        self._write_waiting()
        if len(self._delays) > 1:
            self._write_change(0, painter.back())
        return self._most_bytes is None or self._plate.change_bytes <= self._most_bytes

    def _write_waiting(self) -> None:
        """Only now is it known how long it stands."""
        if self._waiting is not None:
            self._write_change(len(self._delays) - 1, self._waiting)
            self._waiting = None

    def _write_change(self, index: int, change: Change) -> None:
        self._plate.write_change(
            index, change.rect, self._delays[index], b"" if change.image is None else bgrx(change.image)
        )

    def _too_large(self, taken: int) -> bool:
        if self._most_bytes is None:
            return False
        so_far = self._plate.change_bytes
        foreseen = so_far * self._listed // taken if taken >= _JUDGED_FROM_FRAMES else 0
        return so_far > self._most_bytes or foreseen > _CERTAINLY_OVER * self._most_bytes


def _flat(source: Source, ground: tuple[int, int, int]) -> Frames:
    """The frames on their ground, laid before scaling: three channels scale faster than four."""
    for picture, delay_ms in source.pictures():
        yield flattened(picture, ground), delay_ms


def _ground(source: Source) -> tuple[int, int, int]:
    """The colour behind all frames, by the first that shows anything: many begin with an empty one."""
    for picture, _ in source.pictures():
        if picture.mode != "RGBA" or picture.getbbox() is not None:
            return ground_for(picture)
    return ground_for(Image.new("RGB", (1, 1)))
