"""Text in any script: drawn by a font that has it, or left out; never boxes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFont, ImageStat

from renderer.panels import _faces, _type
from renderer.panels._coverage import NOTHING, coverage
from renderer.panels._faces import FONTS, Face, cut_of, primary
from renderer.panels._lines import broken
from renderer.panels._runs import _east, clusters, drawable, runs
from renderer.panels._type import clean, shortened, width, write

TEXTS = {
    "latin": "Évergreen Żółw",
    "greek": "Ολυμπιακός",
    "cyrillic": "Динамо",
    "arabic": "نجوم الميناء",
    "hebrew": "יום ראשון",
    "devanagari": "भारी वर्षा",
    "thai": "น้ำท่วม ปั๊ม",
    "japanese": "晴れ時々曇り",
    "korean": "구름 조금",
    "chinese": "多云",
    "emoji": "⚽🏆🇩🇪",
}


@pytest.fixture
def bundled_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without fonts of its own."""
    monkeypatch.setattr(_faces, "SYSTEM_FOLDERS", ())
    for cached in (_faces.fallbacks, _faces.emoji, _faces._find, runs):
        cached.cache_clear()


def inked(text: str, face: Face = Face.STRONG, size: int = 40) -> Image.Image:
    picture = Image.new("RGB", (600, 120))
    write(picture, (20, 80), text, face, size, (255, 255, 255))
    return picture


@pytest.mark.usefixtures("bundled_only")
@pytest.mark.parametrize("script", TEXTS)
def test_every_script_is_covered_by_what_is_bundled(script: str) -> None:
    text = TEXTS[script]
    assert drawable(text) == text
    box = inked(text).getbbox()
    assert box is not None
    assert abs(box[2] - box[0] - width(text, Face.STRONG, 40)) < 12


@pytest.mark.parametrize(
    ("raw", "kept"), [("Bar\U00013000celona", "Barcelona"), ("\U00013000", ""), ("a\u0378b", "ab")]
)
def test_what_no_font_has_is_left_out(raw: str, kept: str) -> None:
    assert clean(raw) == kept


@given(st.text(max_size=30))
def test_no_run_holds_a_character_that_its_font_lacks(text: str) -> None:
    for run in runs(clean(text), Face.STRONG):
        assert all(c in run.cut or c in "\u200c\u200d\ufe0f" for c in run.text)


def test_arabic_is_joined_and_goes_from_right_to_left() -> None:
    (run,) = runs("نجوم", Face.TEXT)
    assert run.direction == "rtl"
    letters = sum(width(letter, Face.TEXT, 40) for letter in "نجوم")
    assert width("نجوم", Face.TEXT, 40) < letters * 0.95, "joined forms are narrower than letters alone"


def test_latin_digits_in_an_arabic_name_stay_in_order_and_in_inter() -> None:
    seen = runs("نادي 1923", Face.TEXT)
    assert [run.direction for run in seen] == ["ltr", "rtl"]
    assert seen[0].text == "1923"
    assert seen[0].cut == primary(Face.TEXT)


def test_devanagari_vowels_are_moved_before_their_consonant() -> None:
    """ि is written after, and drawn before: shaping, not drawing letter by letter."""
    assert inked("कि").tobytes() != inked("क").tobytes()
    assert width("क्ष", Face.TEXT, 40) < width("क", Face.TEXT, 40) + width("ष", Face.TEXT, 40)


@pytest.mark.parametrize(
    ("text", "count"), [("e\u0301", 1), ("🇩🇪🇫🇷", 2), ("क्षि", 2), ("👍🏽", 1), ("ab", 2), ("❤\ufe0f", 1)]
)
def test_a_character_keeps_its_marks(text: str, count: int) -> None:
    assert len(clusters(text)) == count


def test_a_name_is_never_cut_between_a_letter_and_its_mark() -> None:
    for room in range(40, 200, 7):
        cut = shortened("भारी वर्षा की चेतावनी", Face.STRONG, 30, room)
        assert cut == "" or width(cut, Face.STRONG, 30) <= room
        body = cut.removesuffix("…")
        assert clusters("भारी वर्षा की चेतावनी")[: len(clusters(body))] == clusters(body)


def test_an_emoji_is_as_large_as_the_words_around_it() -> None:
    box = inked("⚽").getbbox()
    assert box is not None
    assert 34 <= box[3] - box[1] <= 48
    assert box[1] < 80 - 0.36 * 40 < box[3]


@pytest.mark.parametrize("text", ["☀", "☀\ufe0f"])
def test_the_variation_selector_asks_for_colour(text: str) -> None:
    cut = cut_of(text, Face.TEXT, "zh")
    assert cut is not None
    assert cut.colour == ("\ufe0f" in text or "☀" not in primary(Face.TEXT))


def test_the_forms_of_han_follow_the_language_of_the_text() -> None:
    assert (_east("横浜マリナーズ"), _east("서울 市"), _east("上海")) == ("ja", "ko", "zh")


@pytest.mark.parametrize("font", sorted(p.name for p in FONTS.iterdir() if p.suffix in {".ttf", ".otf"}))
def test_coverage_is_what_the_font_really_draws(font: str) -> None:
    """Against FreeType: the picture of a covered character is not that of a missing one."""
    found = coverage(FONTS / font)
    assert found.starts == tuple(sorted(found.starts))
    assert "\U0010fffd" not in found
    face = ImageFont.truetype(FONTS / font, 109, layout_engine=ImageFont.Layout.BASIC)
    missing = bytes(face.getmask("\U0010fffd"))
    for start in found.starts[:: max(1, len(found.starts) // 12)]:
        if chr(start).isprintable() and not chr(start).isspace():
            assert bytes(face.getmask(chr(start))) != missing or not missing


def test_an_odd_font_file_covers_nothing(tmp_path: Path) -> None:
    for number, content in enumerate(
        (b"", b"ttcf", b"\0\1\0\0\0\x09", b"\0\1\0\0\0\1" + b"\0" * 6 + b"cmap" + b"\xff" * 12)
    ):
        path = tmp_path / f"{number}.ttf"
        path.write_bytes(content)
        assert coverage(path) == NOTHING
    assert coverage(tmp_path / "none.ttf") == NOTHING


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("New tram line opens", 1000, ("New tram line opens",)),
        ("New tram line opens", 150, ("New tram", "line opens")),
        ("", 100, ()),
    ],
)
def test_lines_are_about_equally_long(text: str, room: float, lines: tuple[str, ...]) -> None:
    assert broken(text, Face.STRONG, 24, room, 5) == lines


@pytest.mark.parametrize("script", TEXTS)
@pytest.mark.parametrize("room", [60, 140, 300])
def test_no_line_is_too_long_and_nothing_is_lost(script: str, room: float) -> None:
    text = " ".join([TEXTS[script]] * 3)
    lines = broken(text, Face.STRONG, 24, room, 99)
    assert all(width(line, Face.STRONG, 24) <= room or len(clusters(line)) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    lines = broken("New tram line opens two months early", Face.STRONG, 24, 150, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_thai_is_broken_where_syllables_begin() -> None:
    lines = broken("รถรางสายใหม่เปิดเร็วกว่ากำหนดสองเดือน", Face.STRONG, 24, 300, 9)
    assert lines == ("รถรางสายใหม่เปิด", "เร็วกว่ากำหนดสองเดือน")
    narrow = broken("รถรางสายใหม่เปิดเร็วกว่ากำหนดสองเดือน", Face.STRONG, 24, 160, 9)
    assert min(len(clusters(line)) for line in narrow) >= 3


@pytest.mark.parametrize("line_start", "。、」ーっ")
def test_japanese_marks_do_not_begin_a_line(line_start: str) -> None:
    """JIS X 4051, line-start prohibition."""
    for room in range(60, 200, 6):
        lines = broken(f"川沿いに家賃{line_start}九年ぶりに下落", Face.STRONG, 24, room, 99)
        assert not any(line.startswith(line_start) for line in lines[1:])


def test_without_a_shaper_everything_is_drawn_and_right_to_left_text_keeps_its_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on a minimal system without libfribidi0, which ``doctor`` names."""
    shaped = inked("אבג")
    for module in (_faces, _type):
        monkeypatch.setattr(module, "shaping", lambda: False)
    for cached in (_faces.loaded, _type._width, _type._emoji):
        cached.cache_clear()
    try:
        plain = inked("אבג")
        for text in TEXTS.values():
            assert inked(text).getbbox() is not None
    finally:
        for cached in (_faces.loaded, _type._width, _type._emoji):
            cached.cache_clear()
    assert ImageStat.Stat(ImageChops.difference(shaped, plain)).mean[0] < 2.5
