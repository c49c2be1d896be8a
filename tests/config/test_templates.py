"""``[[layout.template]]``: what may be written, and how a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigError, Rect, Size, Zone, fits, load

HEAD = '[[layout.template]]\nname = "own"\n'
CREATIVE = 'creative = "0 0 60% 100%"\n'


def problems_of(folder: Path, text: str) -> list[str]:
    main = folder / "player.toml"
    main.write_text(text, "utf-8")
    try:
        load(main, {})
    except ConfigError as error:
        return [str(problem).removeprefix(f"{folder}/player.toml:") for problem in error.problems]
    return []


@pytest.mark.parametrize(
    "text",
    [
        HEAD + CREATIVE,
        HEAD + CREATIVE + 'panels = ["weather scores: 60% 0 40% 50%", "all: 60% 50% 40% 50%"]',
        HEAD + CREATIVE + 'for_screens = ["landscape", "16:9", "1920x1080"]\nfor_creatives = ["2:1 to 20:1", "square"]',
        HEAD + 'creative = "24px 24px 800px 1032px"\npanels = ["clock: 848px 24px 208px 200px"]\nanchor = "top-left"',
        HEAD + 'creative = "0 0 3000px 2000px"\nfor_screens = ["3840x2160"]',
        '[screen]\nsize = "3840x2160"\n' + HEAD + 'creative = "0 0 3000px 2000px"',
        '[screen]\nsize = "1920x1080"\nrotation = 90\n' + HEAD + 'creative = "0 0 1080px 1920px"',
        HEAD + CREATIVE + HEAD.replace("own", "other") + CREATIVE,
        '[layout.template]\nname = "own"\n' + CREATIVE,
        "[layout.template]\n",
    ],
)
def test_what_is_right(tmp_path: Path, text: str) -> None:
    assert problems_of(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[layout.template]]\n" + CREATIVE, "1: layout.template[0].name: missing; give the template a name"),
        (
            HEAD + 'anchor = "left"',
            '1: layout.template[0].creative: missing; say where the creative stands, such as "0 0 67.5% 100%"',
        ),
        (
            '[[layout.template]]\nname = "band"\n' + CREATIVE,
            '2: layout.template[0].name: "band" is what the player calls one of its own; use another',
        ),
        (
            HEAD + CREATIVE + HEAD + CREATIVE,
            '5: layout.template[1].name: two templates are called "own"; give each its own name',
        ),
        (
            HEAD + CREATIVE + 'panels = ["wether: 60% 0 40% 100%"]',
            '4: layout.template[0].panels: "wether" is no panel; did you mean weather?',
        ),
        (
            '[layout]\npanels = ["clock"]\n' + HEAD + CREATIVE + 'panels = ["weather: 60% 0 40% 100%"]',
            '6: layout.template[0].panels: "weather" is not among layout.panels; add it there, or take it out',
        ),
        (
            HEAD + CREATIVE + 'panels = ["clock: 59.9% 0 40% 100%"]',
            (
                '4: layout.template[0].panels: "clock: 59.9% 0 40% 100%" overlaps "0 0 60% 100%"; '
                "zones may touch, not overlap"
            ),
        ),
        (
            HEAD + 'creative = "50% 0 60% 100%"',
            (
                '3: layout.template[0].creative: "50% 0 60% 100%" leaves the screen; '
                "left + width and top + height are at most 100%"
            ),
        ),
        (
            HEAD + 'creative = "0 0 2000px 100px"',
            (
                '3: layout.template[0].creative: "0 0 2000px 100px" leaves the screen on 1920x1080; '
                "left + width and top + height are at most 100%"
            ),
        ),
        (
            HEAD + 'creative = "0 0 0 100%"',
            '3: layout.template[0].creative: "0 0 0 100%" has no area; give it a width and a height',
        ),
        (
            HEAD + 'creative = "0 0 60 100%"',
            '3: layout.template[0].creative: "0 0 60 100%" is not allowed; use four of them, such as "0 0 67.5% 100%"',
        ),
        (
            HEAD + CREATIVE + 'for_screens = ["lanscape"]',
            (
                '4: layout.template[0].for_screens[0]: "lanscape" is not allowed; '
                'use "landscape", "portrait", "square", '
                '"300x250", "4:3" or "2:1 to 20:1"'
            ),
        ),
        (
            HEAD + CREATIVE + "panel = []",
            "4: layout.template[0].panel: unknown key; did you mean layout.template.panels?",
        ),
    ],
)
def test_a_mistake_is_told_at_its_line(tmp_path: Path, text: str, told: str) -> None:
    assert told in problems_of(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "size", "fitting"),
    [
        ("landscape", "1920x1080", True),
        ("landscape", "1080x1080", False),
        ("portrait", "1080x1920", True),
        ("square", "1080x1080", True),
        ("300x250", "300x250", True),
        ("300x250", "600x500", False),
        ("16:9", "1366x768", True),
        ("16:9", "1280x800", False),
        ("2:1 to 20:1", "728x90", True),
        ("20:1 to 2:1", "728x90", True),
        ("2:1 to 20:1", "300x250", False),
        ("0:1 to 1:1", "160x600", True),
        ("1:0", "160x600", False),
    ],
)
def test_what_a_size_is_called(text: str, size: str, fitting: bool) -> None:
    assert fits(text, Size.parse(size)) is fitting


def test_a_zone_in_pixels_of_the_screen() -> None:
    zone = Zone.parse("12.5% 24px 0 50%")
    assert zone.on(Size(1920, 1080)) == Rect(240, 24, 0, 540)
    assert zone.in_pixels
    assert not Zone.parse("0 0 50% 50%").in_pixels


def test_zones_that_touch_in_percent_touch_in_pixels() -> None:
    for width in range(1, 400):
        screen = Size(width, 100)
        left, right = Zone.parse("0 0 33.3% 100%").on(screen), Zone.parse("33.3% 0 66.7% 100%").on(screen)
        assert left.right == right.x
        assert right.right == width


@pytest.mark.parametrize("text", ["", "0 0 1", "0 0 1% 1% 1%", "a b c d", "-1% 0 1% 1%", "0 0 1% 1"])
def test_what_is_no_zone(text: str) -> None:
    with pytest.raises(ValueError, match="is not a zone"):
        Zone.parse(text)
