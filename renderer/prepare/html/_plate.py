"""A recording becomes a plate: a still, its changes, or a video."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from config import Rect, Size
from renderer.layout import Layout
from renderer.plate import PlateWriter
from renderer.plate._shapes import PlateKind
from renderer.prepare._facts import base_pieces, place_of, plate_fields
from renderer.prepare._order import Order
from renderer.prepare.html._capture import Ending
from renderer.prepare.html._recording import Recording

__all__ = ["place_of", "write_plate"]

_CHUNK_BYTES = 1 << 20
_MOST_NAMED = 3


@dataclass(slots=True)
class _Drawn:
    """What a plate's fields are made from."""

    size: Size
    warnings: list[str] = field(default_factory=list)


def write_plate(
    order: Order, size: Size, layout: Layout, recording: Recording, ending: Ending, missing: tuple[str, ...]
) -> None:
    """Write ``order.part``. ``size``: the creative's, in CSS pixels; ``missing``: addresses that gave nothing."""
    first = recording.first
    assert first is not None  # noqa: S101 - a capture has one frame at least
    place = place_of(layout)
    drawn = _Drawn(size, _notes(missing))
    fields = replace(plate_fields(order, drawn, layout, ()), warnings=tuple(drawn.warnings))
    with PlateWriter(Path(os.fsdecode(order.part)), order.screen) as plate:
        plate.write_base(base_pieces(order, layout, first))
        if recording.frames > 1:
            kind: PlateKind = "animation" if recording.video is None else "video"
            frames, end_ms = recording.frames, ending.end_ms
            fields = replace(fields, kind=kind, frames=frames, duration_ms=end_ms, loops=ending.loops)
            if recording.video is None:
                _write_changes(plate, recording, place, end_ms)
            else:
                plate.write_video(_chunks(recording.video))
        plate.finish(fields)


def _write_changes(plate: PlateWriter, recording: Recording, place: Rect, end_ms: int) -> None:
    starts = [0, *(change.at_ms for change in recording.changes), end_ms]
    delays = [after - before for before, after in itertools.pairwise(starts)]
    for index, change in enumerate(recording.changes, start=1):
        plate.write_change(index, _on_screen(change.rect, place), delays[index], recording.unpacked(change))
    back, pixels = recording.way_back()
    plate.write_change(0, _on_screen(back, place) if pixels else back, delays[0], pixels)


def _on_screen(rect: Rect, place: Rect) -> Rect:
    return Rect(place.x + rect.x, place.y + rect.y, rect.w, rect.h)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _notes(missing: tuple[str, ...]) -> list[str]:
    if not missing:
        return []
    named = ", ".join(url.partition("?")[0][:120] for url in missing[:_MOST_NAMED])
    return [f"{len(missing)} of the files that its page asks for are not there: {named}"]
