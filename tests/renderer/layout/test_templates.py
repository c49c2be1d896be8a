"""Templates: an operator's fixed zones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Anchor, LayoutConfig, Rect, Size, TemplateConfig
from renderer.layout import LayoutRules, Template, compose
from tests.renderer.layout.offers import check, offered, sizes

SCREEN = Size(1920, 1080)
SIDEBAR = TemplateConfig(
    name="sidebar",
    for_screens=("landscape",),
    for_creatives=("300x250", "4:3"),
    creative="0 0 67.5% 100%",
    panels=("weather scores: 68.75% 2.5% 30% 62.5%", "clock: 68.75% 67.5% 30% 30%"),
)


def rules(*templates: TemplateConfig, safe_margin: int = 0, scalable: bool = False) -> LayoutRules:
    return LayoutRules(5.0, safe_margin, scalable, tuple(Template.of(one) for one in templates))


def test_creative_and_panels_stand_in_their_zones() -> None:
    layout = compose(SCREEN, Size(300, 250), offered(SCREEN), rules(SIDEBAR))
    assert layout.template == "sidebar"
    assert layout.creative == Rect(0, 0, 1296, 1080)
    assert [area.rect for area in layout.areas] == [Rect(1320, 27, 576, 675), Rect(1320, 729, 576, 324)]
    assert [p.kind for p in layout.panels] == ["weather", "scores", "clock"]
    assert layout.panels[2].rect.inside(layout.areas[1].rect)


@pytest.mark.parametrize(
    ("screen", "creative", "used"),
    [
        ("1920x1080", "300x250", True),
        ("1920x1080", "640x480", True),
        ("1920x1080", "641x480", True),
        ("1920x1080", "728x90", False),
        ("1080x1920", "300x250", False),
        ("3840x2160", "300x250", True),
    ],
)
def test_it_is_for_the_sizes_it_names(screen: str, creative: str, used: bool) -> None:
    size = Size.parse(screen)
    layout = compose(size, Size.parse(creative), offered(size), rules(SIDEBAR))
    assert (layout.template == "sidebar") == used


@pytest.mark.parametrize(
    ("anchor", "place"),
    [
        ("centre", (360, 0)),
        ("left", (0, 0)),
        ("right", (720, 0)),
        ("top-left", (0, 0)),
        ("bottom-right", (720, 0)),
    ],
)
def test_a_creative_that_does_not_fill_its_zone_stands_by_the_anchor(anchor: Anchor, place: tuple[int, int]) -> None:
    tower = TemplateConfig(name="own", creative="0 0 1296px 1080px", anchor=anchor)
    layout = compose(SCREEN, Size(160, 300), (), rules(tower))
    assert layout.creative == Rect(*place, 576, 1080)


def test_top_and_bottom_are_anchors_too() -> None:
    for anchor, y in (("top", 0), ("bottom", 843), ("top-right", 0), ("bottom-left", 843), ("centre", 421)):
        banner = TemplateConfig(name="own", creative="0 0 100% 100%", anchor=anchor)  # type: ignore[arg-type]
        layout = compose(SCREEN, Size(728, 90), (), rules(banner))
        assert layout.creative == Rect(0, y, 1920, 237)


def test_the_first_that_fits_is_used_and_its_limit_holds() -> None:
    other = TemplateConfig(name="other", creative="10% 10% 80% 80%")
    assert compose(SCREEN, Size(300, 250), (), rules(SIDEBAR, other)).template == "sidebar"
    layout = compose(SCREEN, Size(100, 100), (), rules(SIDEBAR, other))
    assert layout.template == "other"
    assert layout.creative == Rect(710, 290, 500, 500)
    assert compose(SCREEN, Size(100, 100), (), rules(other, scalable=True)).creative == Rect(528, 108, 864, 864)


def test_all_stands_for_any_panel() -> None:
    own = TemplateConfig(name="own", creative="0 0 50% 100%", panels=("all: 51% 2% 47% 96%",))
    layout = compose(SCREEN, Size(300, 250), offered(SCREEN), rules(own))
    assert len(layout.panels) == 5


def test_pixels_that_a_smaller_screen_does_not_have_give_way_to_the_players_own_layout() -> None:
    own = TemplateConfig(name="own", creative="1000px 0 600px 600px")
    assert compose(SCREEN, Size(300, 250), (), rules(own)).template == "own"
    assert compose(Size(1280, 720), Size(300, 250), (), rules(own)).template == "alone"


def test_pixels_that_meet_percent_on_a_smaller_screen_give_way_too() -> None:
    own = TemplateConfig(name="own", creative="0 0 800px 100%", panels=("all: 50% 0 50% 100%",))
    assert compose(SCREEN, Size(300, 250), offered(SCREEN), rules(own)).template == "own"
    small = Size(1280, 720)
    assert compose(small, Size(300, 250), offered(small), rules(own)).template == "column"


def test_a_safe_margin_cuts_the_zones() -> None:
    layout = compose(SCREEN, Size(300, 250), offered(SCREEN), rules(SIDEBAR, safe_margin=40))
    assert layout.creative == Rect(68, 40, 1200, 1000)
    assert layout.areas[0].rect == Rect(1320, 40, 560, 662)


def test_content_alone_keeps_the_players_own_layout() -> None:
    assert compose(SCREEN, None, offered(SCREEN), rules(SIDEBAR)).template == "content"


def test_they_come_from_the_config() -> None:
    assert LayoutRules.of(LayoutConfig(template=(SIDEBAR,))).templates[0].name == "sidebar"


@settings(max_examples=200, deadline=None)
@given(screen=sizes, creative=sizes, cut=st.integers(1, 99), margin=st.integers(0, 600), scalable=st.booleans())
def test_any_zones_hold_on_any_screen(screen: Size, creative: Size, cut: int, margin: int, scalable: bool) -> None:
    own = TemplateConfig(
        name="own", creative=f"0 0 {cut}% 100%", panels=(f"all: {cut}% 0 {100 - cut}% 50%", f"clock: {cut}% 50% 1% 1%")
    )
    by = rules(own, safe_margin=margin, scalable=scalable)
    asked = offered(screen)
    layout = compose(screen, creative, asked, by)
    if layout.template == "own":
        left, top = min(margin, (screen.w - 1) // 2), min(margin, (screen.h - 1) // 2)
        right, bottom = min(round(screen.w * cut / 100), screen.w - left), screen.h - top
        check(layout, creative, Rect(left, top, right - left, bottom - top), asked, by)
