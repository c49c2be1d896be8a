"""Every screen, every creative, every wish: a layout that holds; the same again; in no time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config import Size
from renderer.layout import LayoutRules, PanelOffer, compose, refill
from tests.renderer.layout.offers import (
    ALL_KINDS,
    check,
    check_panels,
    limits,
    offered,
    offers,
    room_of,
    rules,
    sides,
    sizes,
)

SMALLEST, LARGEST = Size(1, 1), Size(10_000, 10_000)


@settings(max_examples=400, deadline=None)
@given(screen=sizes, creative=sizes, asked=offers, by=rules)
@example(SMALLEST, SMALLEST, [], LayoutRules())
@example(LARGEST, LARGEST, list(offered(LARGEST)), LayoutRules())
@example(SMALLEST, LARGEST, list(offered(LARGEST)), LayoutRules())
@example(LARGEST, SMALLEST, list(offered(LARGEST)), LayoutRules())
@example(Size(10_000, 1), Size(1, 10_000), [], LayoutRules(scalable=True))
def test_any_creative_has_a_layout_on_any_screen(
    screen: Size, creative: Size, asked: list[PanelOffer], by: LayoutRules
) -> None:
    layout = compose(screen, creative, asked, by)
    check(layout, creative, room_of(screen, by.safe_margin), asked, by)
    assert layout == compose(screen, creative, asked, by)
    assert refill(layout.areas, asked, screen) == layout.panels


@settings(max_examples=300, deadline=None)
@given(screen=sizes, creative=sizes, by=rules)
def test_with_real_wishes_too(screen: Size, creative: Size, by: LayoutRules) -> None:
    asked = offered(screen)
    check(compose(screen, creative, asked, by), creative, room_of(screen, by.safe_margin), asked, by)


@settings(max_examples=100, deadline=None)
@given(screen=sizes, asked=offers, by=rules)
def test_content_alone_has_a_layout_on_any_screen(screen: Size, asked: list[PanelOffer], by: LayoutRules) -> None:
    check(compose(screen, None, asked, by), None, room_of(screen, by.safe_margin), asked, by)


@settings(max_examples=200, deadline=None)
@given(screen=sizes, creative=sizes, by=rules, has_data=st.sets(st.sampled_from(ALL_KINDS)))
def test_creative_and_areas_stay_whatever_has_data(
    screen: Size, creative: Size, by: LayoutRules, has_data: set[str]
) -> None:
    """DESIGN rule 3: what is composed does not know of data; what is filled does not move the areas."""
    layout = compose(screen, creative, offered(screen), by)
    some = [offer for offer in offered(screen) if offer.kind in has_data]
    panels = refill(layout.areas, some, screen)
    assert {panel.kind for panel in panels} <= has_data
    assert layout.creative is not None
    for index, panel in enumerate(panels):
        assert not panel.rect.overlaps(layout.creative)
        assert any(panel.rect.inside(area.rect) for area in layout.areas)
        assert not any(panel.rect.overlaps(other.rect) for other in panels[:index])


@settings(max_examples=100, deadline=None)
@given(screen=sizes, creative=sizes, width=sides, least=limits)
def test_a_panel_that_may_not_be_is_left_out(screen: Size, creative: Size, width: int, least: Size) -> None:
    """A most below the least can never be met."""
    offer = PanelOffer("weather", Size(least.w + width + 1, least.h), Size(600, 500), Size(width, 12_000))
    layout = compose(screen, creative, [offer], LayoutRules())
    assert layout.panels == ()
    assert layout.template == "alone"


@pytest.mark.parametrize("size", [Size(0, 10), Size(10, 0), Size(-1, 10)], ids=str)
def test_a_side_of_nothing_is_an_error(size: Size) -> None:
    with pytest.raises(ValueError, match="under one pixel"):
        compose(Size(1920, 1080), size, (), LayoutRules())
    with pytest.raises(ValueError, match="under one pixel"):
        compose(size, Size(300, 250), (), LayoutRules())


def _median_ms(screen: Size, creative: Size, asked: Sequence[PanelOffer]) -> float:
    took = []
    for _ in range(15):
        began = time.thread_time_ns()
        compose(screen, creative, asked, LayoutRules())
        took.append(time.thread_time_ns() - began)
    return statistics.median(took) / 1e6


@pytest.mark.parametrize(
    ("screen", "creative"),
    [("1920x1080", "728x90"), ("3840x2160", "300x250"), ("1080x1920", "300x250"), ("1400x400", "320x50")],
)
def test_the_search_stays_small(screen: str, creative: str) -> None:
    """Half a millisecond as a rule; a search that has lost its bounds takes a second."""
    size = Size.parse(screen)
    best = min(_median_ms(size, Size.parse(creative), offered(size)) for _ in range(3))
    assert best < 50
    check_panels(compose(size, Size.parse(creative), offered(size), LayoutRules()), offered(size))
