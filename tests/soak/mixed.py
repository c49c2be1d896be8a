"""A warm cache of stills, animations and videos, each of colours of its own, so that a look tells what is on."""

from __future__ import annotations

import io
from pathlib import Path

from cache import Plate
from config import Rect
from renderer.plate import PlateFields, PlateWriter
from renderer.plate.encode import VideoEncoder
from tests.renderer.show.warm import WarmCache, solid

Colour = tuple[int, int, int]

ITEMS: tuple[tuple[str, tuple[Colour, ...]], ...] = (
    ("still", ((200, 30, 30),)),
    ("animation", ((30, 200, 30), (30, 255, 130))),
    ("video", ((30, 30, 200), (90, 90, 250))),
    ("still", ((200, 200, 30),)),
    ("animation", ((200, 30, 200), (255, 120, 255))),
    ("video", ((30, 160, 160), (90, 220, 220))),
    ("still", ((130, 70, 20),)),
    ("still", ((230, 230, 230),)),
)
"""What is shown in turn, and in which colours."""
_FRAME_MS = 100


def fill(warm: WarmCache, panels: Rect | None = None) -> None:
    """House ads ``0.png`` and so on, in the order of ``ITEMS``; ``panels`` is left for a clock."""
    ads: list[tuple[str, Plate]] = []
    for number, (kind, colours) in enumerate(ITEMS):
        if kind == "video":
            plate = video(warm, f"{number}", colours, panels)
        else:
            frames = [(colour, _FRAME_MS) for colour in colours] if kind == "animation" else []
            plate = warm.plate(f"{number}", colours[0], panels=panels, frames=frames)
        ads.append((f"{number}.png", plate))
    warm.house(*ads)


def video(warm: WarmCache, key: str, colours: tuple[Colour, ...], panels: Rect | None) -> Plate:
    """A plate with a video that shows these colours in turn, for ever."""
    place = Rect(0, 0, panels.x if panels is not None else warm.screen.w, warm.screen.h)
    film, part = warm.folders.state / f"{key}.mp4", warm.folders.state / f"{key}.part"
    with VideoEncoder(film, place.size) as encoder:
        for index, colour in enumerate(colours * 2):
            encoder.add(solid(colour, place.size), index * _FRAME_MS)
        encoder.finish(2 * len(colours) * _FRAME_MS)
    fields = PlateFields(
        creative_sha256="c" * 64,
        kind="video",
        source_size=place.size,
        screen_size=warm.screen,
        creative_rect=place,
        panel_rects=(),
        panel_area=panels,
        scale=1.0,
        frames=2 * len(colours),
        duration_ms=2 * len(colours) * _FRAME_MS,
    )
    with PlateWriter(part, warm.screen) as writer:
        writer.write_base([solid(colours[0], warm.screen)])
        writer.write_video(_pieces(film))
        writer.finish(fields)
    film.unlink()
    return warm.keep(part, fields, key)


def _pieces(path: Path) -> list[bytes]:
    with io.BytesIO(path.read_bytes()) as file:
        return list(iter(lambda: file.read(1 << 20), b""))
