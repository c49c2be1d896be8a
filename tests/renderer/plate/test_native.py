"""Animations kept at their creative's own size: each frame comes whole and enlarged, however it is reached."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from config import Code, OohError, Rect, Size
from renderer.plate import PlateFields, PlateFile, PlateWriter
from renderer.plate._native import Enlarger

SCREEN, OWN, PLACE = Size(120, 90), Size(30, 20), Rect(10, 10, 91, 61)
WHOLE = Rect(0, 0, OWN.w, OWN.h)
COUNT = 5


def picture(step: int) -> Image.Image:
    image = Image.linear_gradient("L").resize((OWN.w, OWN.h)).convert("RGB")
    ImageDraw.Draw(image).rectangle((step * 4, 4, step * 4 + 5, 14), fill=(220, 20 * step, 30))
    return image


def bgrx(image: Image.Image) -> bytes:
    return image.tobytes("raw", "BGRX")


def written(path: Path, own: Size = OWN, rect: Rect = WHOLE) -> Path:
    with PlateWriter(path, SCREEN) as plate:
        plate.write_base([bytes(SCREEN.pixels * 4)])
        plate.write_change(1, Rect(0, 0, 1, 1), 10, b"1234")  # another way to keep it was tried first
        plate.write_base([bytes(SCREEN.pixels * 4)])
        plate.write_native(own, bytes(own.pixels * 4) if own != OWN else bgrx(picture(0)))
        for index in [*range(1, COUNT), 0]:
            plate.write_change(
                index, rect, 40, bgrx(picture(index)) if rect.size == OWN else bytes(rect.size.pixels * 4)
            )
        plate.finish(PlateFields("ab" * 32, "animation", own, SCREEN, PLACE, (), None, 3.0, COUNT, 40 * COUNT))
    return path


def test_frames_come_whole_enlarged_and_in_any_order(tmp_path: Path) -> None:
    with PlateFile.open(written(tmp_path / "p")) as file:
        file.warm()
        for index in (1, 2, 3, 4, 0, 1, 4, 2, 0, 3):
            rect, pixels = file.frame(index)
            assert rect == PLACE
            got = Image.frombytes("RGB", (PLACE.w, PLACE.h), pixels, "raw", "BGRX")
            want = picture(index).resize((PLACE.w, PLACE.h), Image.Resampling.LANCZOS)
            assert max(ImageStat.Stat(ImageChops.difference(got, want)).mean) < 0.6
            assert pixels == Enlarger(OWN, PLACE.size).enlarged(bgrx(picture(index)))


def test_of_frames_that_are_due_at_once_only_the_last_is_enlarged(tmp_path: Path) -> None:
    with PlateFile.open(written(tmp_path / "p")) as file:
        assert list(file.needed((1, 2, 3))) == [3]
        assert list(file.needed(())) == []


def test_what_was_tried_before_leaves_no_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "p").stat().st_size < 4096 + SCREEN.pixels * 4 + (COUNT + 1) * OWN.pixels * 4 + 2000


@pytest.mark.parametrize(
    ("own", "rect"),
    [(Size(200, 200), Rect(0, 0, 1, 1)), (OWN, Rect(29, 0, 2, 1)), (OWN, Rect(-1, 0, 2, 1))],
    ids=["larger than its place", "over the right edge", "over the left edge"],
)
def test_a_plate_that_does_not_add_up_is_refused(tmp_path: Path, own: Size, rect: Rect) -> None:
    with pytest.raises(OohError) as caught:
        PlateFile.open(written(tmp_path / "p", own, rect))
    assert caught.value.code is Code.PLATE_CORRUPT


def test_colours_do_not_shift() -> None:
    enlarger = Enlarger(Size(8, 8), Size(41, 29))
    for colour in ("red", "lime", "blue", "white", "black", "#808080", "#123456", "#fedcba"):
        flat = Image.new("RGB", (8, 8), colour)
        large = Image.frombytes("RGB", (41, 29), enlarger.enlarged(bgrx(flat)), "raw", "BGRX")
        assert large.tobytes() == Image.new("RGB", (41, 29), colour).tobytes()
