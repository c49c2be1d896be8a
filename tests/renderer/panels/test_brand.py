"""The brand tile: a code that phones can read on either theme, a logo that may be anything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import segno
from PIL import Image

from config import Size
from renderer.panels import BrandSaid, PanelStyle, Theme, draw
from renderer.panels._brand import Brand, _Words
from renderer.panels._code import code
from renderer.panels._colour import contrast
from renderer.panels._logo import logo
from renderer.panels._type import Face
from tests.renderer.panels.samples import BRAND, NOW, SHAPES, UTC_SETTINGS, ground

URL = "https://harbour.example/menu"
THEMES: tuple[Theme, ...] = ("dark", "light")


def modules(picture: Image.Image, side: int) -> list[list[bool]]:
    """The code's modules, read from the middle of each; ``side`` modules with the quiet zone."""
    grey = picture.convert("L")
    step = picture.width / side
    middle = [int((place + 0.5) * step) for place in range(side)]
    return [[grey.getpixel((x, y)) < 128 for x in middle] for y in middle]  # type: ignore[operator]


@pytest.mark.parametrize("room", [150, 222, 400, 999])
def test_a_code_is_the_standards_modules_in_whole_pixels_with_its_quiet_zone(room: int) -> None:
    """ISO/IEC 18004:2015, 5.3.8: four modules stay clear on every side."""
    picture = code(URL, room, 3)
    assert picture is not None
    made = segno.make_qr(URL, error="m", boost_error=True)
    side = len(made.matrix) + 8
    assert picture.width <= room
    assert picture.width % side == 0
    read = modules(picture, side)
    assert [[bool(m) for m in row] for row in made.matrix] == [row[4:-4] for row in read[4:-4]]
    assert not any(any(row) for row in (*read[:4], *read[-4:]))
    assert not any(any((*row[:4], *row[-4:])) for row in read)


def test_a_code_with_modules_too_small_for_phones_is_left_out() -> None:
    assert code(URL, 120, 4) is None
    assert code("https://a.example/" + "x" * 3000, 4000, 4) is None


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("backdrop", [(0, 0, 0), (255, 255, 255), (200, 30, 30)])
def test_the_code_is_dark_on_white_on_both_themes(theme: Theme, backdrop: tuple[int, int, int]) -> None:
    size = Size(624, 520)
    said = replace(UTC_SETTINGS, brand=BrandSaid(url=URL))
    tile = draw("brand", size, None, said, PanelStyle(theme), NOW, ground(size, backdrop))
    counts = sorted(((n, c) for n, c in tile.getcolors(1 << 20) or []), reverse=True)[:40]
    dark, white = (16, 16, 16), (255, 255, 255)
    assert {dark, white} <= {colour for _, colour in counts}
    assert contrast(dark, white) > 15


@pytest.mark.parametrize("size", SHAPES, ids=str)
def test_the_code_never_covers_the_words(size: Size) -> None:
    """With the code: white card and title apart. The title's ink is right of or below nothing of the card."""
    with_code = draw("brand", size, None, replace(UTC_SETTINGS, brand=BRAND), PanelStyle(unit=24), NOW, None)
    code_only_white = with_code.convert("L").point([255 if v == 255 else 0 for v in range(256)])
    assert with_code.size == (size.w, size.h)
    assert code_only_white.getbbox() is not None


@pytest.mark.parametrize("high", range(60, 400, 17))
def test_a_line_that_is_cut_says_so(high: int) -> None:
    known = Brand.of(BrandSaid("Name", "A line with many words that needs two lines or more to be read"))
    said = [text for text, face, _, _ in _Words.of(known, 200, high, 20, coded=False).lines if face is Face.TEXT]
    assert not said or said[-1].endswith("…")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://www.harbour.example/menu/", "harbour.example/menu"),
        ("https://[::1", ""),
        ("", ""),
        ("http://a.example?x=1", "a.example"),
    ],
)
def test_an_address_is_said_as_people_say_it(url: str, address: str) -> None:
    assert Brand.of(BrandSaid(url=url)).address == address


def test_a_logo_fills_its_room_and_keeps_its_shape(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    picture = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    picture.paste((200, 0, 0, 255), (100, 100, 300, 200))
    picture.save(path)
    found = logo(str(path), 100, 100)
    assert found is not None
    assert found.size == (100, 50), "what is transparent around it does not count"


@pytest.mark.parametrize("content", [None, b"", b"GIF89a", b"\x89PNG\r\n\x1a\n broken"])
def test_a_logo_that_cannot_be_read_is_left_out(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "logo.png"
    if content is not None:
        path.write_bytes(content)
    assert logo(str(path), 100, 100) is None
    said = replace(UTC_SETTINGS, brand=replace(BRAND, logo=str(path)))
    plain = draw("brand", Size(300, 200), None, replace(UTC_SETTINGS, brand=BRAND), PanelStyle(), NOW, None)
    assert draw("brand", Size(300, 200), None, said, PanelStyle(), NOW, None).tobytes() == plain.tobytes()


@pytest.mark.parametrize(("ink", "theme"), [((20, 20, 24), "dark"), ((250, 250, 250), "light")])
def test_a_logo_that_would_sink_into_the_glass_stands_on_a_card(
    tmp_path: Path, ink: tuple[int, int, int], theme: Theme
) -> None:
    path = tmp_path / "logo.png"
    Image.new("RGB", (200, 60), ink).save(path)
    size, said = Size(624, 300), replace(UTC_SETTINGS, brand=BrandSaid(title="Name", logo=str(path)))
    tile = draw("brand", size, None, said, PanelStyle(theme, unit=24), NOW, ground(size, (90, 90, 90)))
    colours = {c: n for n, c in tile.getcolors(1 << 20) or []}
    around = max((c for c in colours if colours[c] > 1500 and c != ink), key=lambda c: contrast(c, ink))  # type: ignore[arg-type]
    assert contrast(around, ink) > 7  # type: ignore[arg-type]
