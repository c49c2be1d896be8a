"""Every panel looks as it did when somebody last looked at it: compared with kept pictures, within a tolerance."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from renderer.panels import Theme
from tests.renderer.panels.references import FOLDER, LOCALES, THEMES, strip

MEAN = 1.6
"""Levels that two pictures may differ on average (JPEG's own loss is 0.9)."""
FAR = 60
"""A pixel that differs by more after softening is no rounding of a renderer."""


def compare(picture: Image.Image, kept: Image.Image) -> tuple[float, int]:
    """Mean difference, and how many pixels are far off; both softened, so that a hair's shift is none."""
    soft = ImageFilter.GaussianBlur(1.2)
    difference = ImageChops.difference(picture.filter(soft), kept.filter(soft)).convert("L")
    far = sum(difference.histogram()[FAR:])
    return ImageStat.Stat(difference).mean[0], far


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("theme", THEMES)
def test_the_panels_look_as_they_did(locale: str, theme: Theme, tmp_path: Path) -> None:
    picture = strip(locale, theme)
    with Image.open(FOLDER / f"{locale}-{theme}.jpg") as kept:
        mean, far = compare(picture, kept.convert("RGB"))
    if mean > MEAN or far > 40:
        picture.save(tmp_path / "now.png")
        pytest.fail(f"mean {mean:.2f}, {far} pixels far off: see {tmp_path / 'now.png'} and {FOLDER}")


def test_the_tolerance_sees_one_changed_figure() -> None:
    picture = strip("en_GB", "dark")
    changed = picture.copy()
    changed.paste(picture.crop((40, 120, 75, 170)), (110, 120))
    assert compare(picture, changed)[1] > 40
