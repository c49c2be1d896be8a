"""The parts: type that is measured, colours that can be read, icons, offers, settings, the slate."""

from __future__ import annotations

import pytest
from PIL import Image

from config import Config, LayoutConfig, PanelsConfig, ScreenConfig, Size, WeatherConfig
from renderer.panels import FONTS, OFFERS, PanelSettings, PanelStyle, Theme, label_size, offers_for, slate
from renderer.panels._colour import apart_from, contrast, ink_on, mix, parse
from renderer.panels._icons import icon
from renderer.panels._locale import locale_of
from renderer.panels._sky import codes, sky
from renderer.panels._tile import Tile
from renderer.panels._type import Face, clean, fitting, shortened, width

THEMES: tuple[Theme, ...] = ("dark", "light")


def test_every_face_is_bundled_with_its_licence() -> None:
    assert all((FONTS / f"{face}.otf").is_file() for face in Face)
    for name in ("OFL.txt", "OFL-Noto.txt"):
        assert "SIL OPEN FONT LICENSE" in (FONTS / name).read_text(encoding="utf-8")
    assert "Apache License" in (FONTS / "Apache-2.0-Droid.txt").read_text(encoding="utf-8")
    assert sum(file.stat().st_size for file in FONTS.iterdir()) < 8_000_000


@pytest.mark.parametrize("face", [Face.TEXT, Face.STRONG, Face.BOLD])
def test_figures_in_columns_are_tabular(face: Face) -> None:
    assert width("11:11", face, 100) == width("00:00", face, 100)


@pytest.mark.parametrize("room", [40, 90, 200, 500])
def test_fitted_and_shortened_text_stays_in_its_room(room: int) -> None:
    size = fitting("Thunderstorm", Face.STRONG, room, 60, 4)
    assert width("Thunderstorm", Face.STRONG, size) <= room
    assert width(shortened("Truth or Consequences", Face.STRONG, 24, room), Face.STRONG, 24) <= room


def test_text_is_shortened_only_when_it_must_be_and_never_to_a_stump() -> None:
    assert shortened("Lisbon", Face.STRONG, 24, 500) == "Lisbon"
    assert shortened("Lisbon", Face.STRONG, 24, 30) == ""


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a\nb", "a b"),
        (" x\t ", "x"),
        ("a\x00\u202eb", "ab"),
        ("\ud800ok", "ok"),
        (None, ""),
        (7, ""),
        ("é" * 400, "é" * 240),
        ("a" * 239 + "e\u0301", "a" * 239),
    ],
)
def test_text_from_feeds_is_one_printable_line(raw: object, text: str) -> None:
    assert clean(raw) == text


def test_colours() -> None:
    assert (parse("#0b5fff"), parse("0b5fff"), parse("#fff"), parse(None)) == ((11, 95, 255), (11, 95, 255), None, None)
    assert mix((0, 0, 0), (255, 255, 255), 0.5) == (128, 128, 128)
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert ink_on((255, 184, 28)) != (255, 255, 255)
    greys = [(level, level, level) for level in range(256)]
    assert min(contrast(ink_on(grey), grey) for grey in greys) >= 4.5, "WCAG 2.2, 1.4.3"
    assert apart_from((90, 170, 255), (0, 0, 0), 4.5) == (90, 170, 255), "already apart: left alone"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("backdrop", [(255, 255, 255), (0, 0, 0), (128, 128, 128), (255, 0, 0), (20, 200, 255)])
@pytest.mark.parametrize("brand", ["#10151f", "#ffffff", "#c8102e"])
def test_inks_can_be_read_over_any_backdrop(theme: Theme, backdrop: tuple[int, int, int], brand: str) -> None:
    style = PanelStyle(theme, brand)
    inks = Tile.on(Size(300, 200), style, Image.new("RGB", (300, 200), backdrop)).inks
    assert contrast(inks.first, inks.surface) >= 7
    for ink in (inks.second, inks.live, inks.rain):
        assert contrast(ink, inks.surface) >= 4.5
    assert contrast(inks.third, inks.surface) >= 3


def test_every_code_has_words_and_an_icon_that_differs_by_kind() -> None:
    drawn: dict[bytes, tuple[str, str]] = {}
    for code in codes():
        kind = sky(code)
        assert kind is not None
        assert locale_of("en_GB").sky(code, is_day=True)
        picture = icon(kind, 64, is_day=True, dark=True)
        assert picture.size == (64, 64)
        shape = (kind.cover, kind.fall)
        assert drawn.setdefault(picture.tobytes(), shape) == shape
    assert sky(42) is None
    assert sky(None) is None


@pytest.mark.parametrize("side", [1, 3, 48, 170, 400])
def test_icons_fill_their_square_without_touching_its_edge(side: int) -> None:
    for code in codes():
        kind = sky(code)
        assert kind is not None
        for is_day in (True, False):
            alpha = icon(kind, side, is_day=is_day, dark=False).getchannel("A")
            box = alpha.getbbox()
            if side < 48:
                continue
            assert box is not None
            assert max(box[2] - box[0], box[3] - box[1]) > side * 0.6
            for strip in ((0, 0, side, 1), (0, side - 1, side, side), (0, 0, 1, side), (side - 1, 0, side, side)):
                assert max(alpha.crop(strip).tobytes()) < 140


def test_the_label_size_follows_the_screen() -> None:
    assert label_size(Size(1920, 1080)) == pytest.approx(24)
    assert label_size(Size(1080, 1920)) == pytest.approx(24)
    assert label_size(Size(3840, 2160)) == pytest.approx(48)
    assert label_size(Size(1400, 400)) == pytest.approx(12.5, abs=0.1)
    assert label_size(Size(1, 1)) == 8


def test_offers_grow_with_the_screen_and_keep_their_order() -> None:
    full_hd = offers_for(Size(1920, 1080), ("scores", "clock"))
    assert full_hd == (OFFERS["scores"], OFFERS["clock"])
    assert offers_for(Size(3840, 2160), ("weather",))[0].min == Size(560, 320)


def test_settings_come_from_the_config() -> None:
    config = Config(
        screen=ScreenConfig(timezone="Europe/Lisbon"),
        layout=LayoutConfig(theme="light", brand_colour="#c8102e"),
        panels=PanelsConfig(weather=WeatherConfig(place="Lisboa", units="fahrenheit")),
    )
    assert PanelSettings.of(config) == PanelSettings("fahrenheit", "Lisboa", "", 24, "Europe/Lisbon")
    assert PanelStyle.of(config, Size(1920, 1080)) == PanelStyle("light", "#c8102e", 24.0)


def test_the_slate_is_calm_branded_and_always_the_same() -> None:
    picture = slate(Size(1920, 1080), "#0b3d91")
    assert picture.tobytes() == slate(Size(1920, 1080), "#0b3d91").tobytes()
    small = picture.resize((48, 27), Image.Resampling.BOX)
    for x in range(47):
        for y in range(26):
            here, right = small.getpixel((x, y)), small.getpixel((x + 1, y))
            assert isinstance(here, tuple)
            assert isinstance(right, tuple)
            assert all(abs(a - b) < 16 for a, b in zip(here, right, strict=True)), "no edge anywhere"
    mean = picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(mean, tuple)
    assert mean[2] > mean[1] > mean[0], "blue for a blue brand"


def test_the_slates_line_is_written_at_its_foot() -> None:
    plain, signed = slate(Size(1920, 1080), "#10151f"), slate(Size(1920, 1080), "#10151f", "Lobby")
    assert plain.crop((0, 0, 1920, 900)).tobytes() == signed.crop((0, 0, 1920, 900)).tobytes()
    assert plain.tobytes() != signed.tobytes()


class Window:
    """A backdrop that can only be looked at in parts."""

    def __init__(self, behind: Image.Image) -> None:
        self._behind = behind
        self.size = behind.size

    def crop(self, box: tuple[int, int, int, int]) -> Image.Image:
        return self._behind.crop(box)


@pytest.mark.parametrize(
    "size", [Size(1, 1), Size(1, 9), Size(9, 1), Size(2, 3), Size(40, 25), Size(300, 150)], ids=str
)
@pytest.mark.parametrize("theme", THEMES)
def test_a_backdrop_that_is_read_in_parts_makes_the_same_tile(size: Size, theme: Theme) -> None:
    behind = Image.linear_gradient("L").resize((size.w, size.h)).convert("RGB")
    whole, parts = (Tile.on(size, PanelStyle(theme), each) for each in (behind, Window(behind)))
    assert whole.image.tobytes() == parts.image.tobytes()
    assert whole.inks == parts.inks


def test_a_pane_is_lit_at_its_rim_and_lets_the_ground_through_at_its_corners() -> None:
    tile = Tile.on(Size(300, 200), PanelStyle(), Image.new("RGB", (300, 200), (0, 255, 0))).image
    corners = [(0, 0), (299, 0), (0, 199), (299, 199)]
    assert [tile.getpixel(corner) for corner in corners] == [(0, 255, 0)] * 4
    for rim, inside in (((150, 0), (150, 3)), ((0, 100), (3, 100)), ((299, 100), (296, 100)), ((150, 199), (150, 196))):
        light, glass = (tile.crop((x, y, x + 1, y + 1)).tobytes() for x, y in (rim, inside))
        assert sum(light) > sum(glass)
