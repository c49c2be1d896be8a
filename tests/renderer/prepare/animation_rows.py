"""The shape of the conformance tables of animations: a file, and what a viewer sees of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from renderer.prepare._animation import Animation
from renderer.prepare._limits import Limits

POINTS = ((0, 0), (2, 2), (3, 3), (7, 7))
"""Where a row looks, on a canvas of 8x8."""
LIMITS = Limits(max_pixels=1_000_000, max_frames=1_000)
LETTERS = {
    (0, 0, 0, 255): "K",
    (255, 0, 0, 255): "R",
    (0, 255, 0, 255): "G",
    (0, 0, 255, 255): "B",
    (255, 255, 255, 255): "W",
}


@dataclass(frozen=True)
class Row:
    """``looks``: one word a frame, one letter a point; ``.`` is transparent, ``?`` any other colour."""

    rule: str
    data: bytes
    looks: str
    delays: tuple[int, ...] | None = None
    loops: int | None = None
    warns: str | None = None


def letter(pixel: Any) -> str:
    return "." if pixel[3] == 0 else LETTERS.get(pixel, "?")


def look(image: Image.Image) -> str:
    whole = image.convert("RGBA")
    return "".join(letter(whole.getpixel(p)) if p[0] < image.width and p[1] < image.height else "-" for p in POINTS)


def check(row: Row, opened: Animation | None) -> None:
    assert opened is not None
    shown = [(look(picture), delay_ms) for picture, delay_ms in opened.pictures()]
    assert " ".join(word for word, _ in shown) == row.looks
    if row.delays is not None:
        assert tuple(delay_ms for _, delay_ms in shown) == row.delays
    if row.loops is not None:
        assert opened.loops == row.loops
    said = "; ".join(w for w in opened.warnings if "delay" not in w)
    assert (row.warns or "") in said
    assert row.warns is not None or not said


def table(rows: list[Row]) -> Callable[[Callable[..., None]], pytest.MarkDecorator]:
    """Runs a test once a row; the ids are the rules."""
    return pytest.mark.parametrize("row", rows, ids=[row.rule for row in rows])
