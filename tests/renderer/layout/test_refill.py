"""refill: the same areas, tiled with whatever has data now."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import PanelKind, Rect, Size
from renderer.layout import LayoutRules, PanelArea, PanelOffer, compose, refill
from renderer.layout._stack import shares
from tests.renderer.layout.offers import ALL_KINDS, FULL_HD, offered

SCREEN = Size(1920, 1080)
SUBSETS = [c for n in range(1, 6) for c in itertools.combinations(ALL_KINDS, n)]
AREAS = {
    "column": Rect(1320, 24, 576, 1032),
    "band": Rect(24, 261, 1872, 795),
    "wide": Rect(312, 24, 1584, 1032),
    "content": Rect(48, 48, 1824, 984),
}


def one(area: Rect) -> tuple[PanelArea, ...]:
    return (PanelArea(area),)


@pytest.mark.parametrize("kinds", SUBSETS, ids="-".join)
@pytest.mark.parametrize("area", AREAS.values(), ids=AREAS)
def test_any_that_have_data_make_one_whole_rectangle(kinds: tuple[PanelKind, ...], area: Rect) -> None:
    panels = refill(one(area), offered(SCREEN, kinds), SCREEN)
    rects = [p.rect for p in panels]
    assert [p.kind for p in panels] == [k for k in kinds if k in {p.kind for p in panels}]
    assert kinds[0] in {p.kind for p in panels}, "the most important one always has a place"
    block = Rect(
        min(r.x for r in rects),
        min(r.y for r in rects),
        max(r.right for r in rects) - min(r.x for r in rects),
        max(r.bottom for r in rects) - min(r.y for r in rects),
    )
    assert abs((block.x - area.x) - (area.right - block.right)) <= 1, "it is in the middle"
    assert abs((block.y - area.y) - (area.bottom - block.bottom)) <= 1
    for corner in ((block.x, block.y), (block.right, block.y), (block.x, block.bottom), (block.right, block.bottom)):
        assert any(corner in _corners(r) for r in rects), "nothing juts out, nothing is missing at a corner"
    if set(kinds) - {"clock", "brand"}:
        assert block.size.pixels >= 0.6 * area.size.pixels


def _corners(r: Rect) -> set[tuple[int, int]]:
    return {(r.x, r.y), (r.right, r.y), (r.x, r.bottom), (r.right, r.bottom)}


@pytest.mark.parametrize("kinds", SUBSETS, ids="-".join)
def test_an_l_bar_takes_any_that_have_data(kinds: tuple[PanelKind, ...]) -> None:
    screen = Size(3840, 2160)
    layout = compose(screen, Size(300, 250), offered(screen), LayoutRules())
    panels = refill(layout.areas, offered(screen, kinds), screen)
    assert [p.kind for p in panels] == list(kinds)
    used = [area for area in layout.areas if any(p.rect.inside(area.rect) for p in panels)]
    assert len(used) == min(len(kinds), 2)


def test_equals_are_as_large_as_each_other() -> None:
    panels = refill(one(AREAS["column"]), offered(SCREEN, ("weather", "scores")), SCREEN)
    assert [p.rect for p in panels] == [Rect(1320, 24, 576, 504), Rect(1320, 552, 576, 504)]


def test_near_sizes_are_made_equal() -> None:
    """Two tiles beside each other, 45 to 55, looked like a mistake."""
    assert shares(1200, [0, 0], [1200, 1200], [1.25, 1.0]) == [600, 600]
    assert shares(1200, [0, 0], [1200, 1200], [2.0, 1.0]) == [800, 400]
    assert shares(1200, [700, 0], [1200, 1200], [1.0, 1.0]) == [700, 500]


def test_a_panel_is_left_out_rather_than_all_cramped() -> None:
    """Each of the five has room for its least, but not for half of its ideal."""
    area = AREAS["column"]
    least = [PanelOffer(o.kind, Size(10, 10), o.ideal) for o in offered(SCREEN)]
    assert [p.kind for p in refill(one(area), least, SCREEN)] == ["weather", "scores", "headlines", "clock"]


def test_rows_of_as_many_tiles_line_up() -> None:
    offers = [PanelOffer(kind, Size(100, 80), Size(600, 400)) for kind in ("weather", "scores", "headlines", "brand")]
    panels = refill(one(Rect(0, 0, 1224, 824)), offers, SCREEN)
    assert sorted({p.rect.x for p in panels}) == [0, 624]
    assert sorted({p.rect.y for p in panels}) == [0, 424]


def test_what_does_not_fit_is_left_out_the_least_important_first() -> None:
    panels = refill(one(Rect(0, 0, 600, 520)), offered(SCREEN, ("weather", "scores", "clock")), SCREEN)
    assert [p.kind for p in panels] == ["weather", "clock"], "two pages of scores do not fit, a clock does"


def test_nothing_fits_a_scrap() -> None:
    assert refill(one(Rect(0, 0, 100, 60)), offered(SCREEN), SCREEN) == ()
    assert refill(one(Rect(0, 0, 1000, 1000)), (), SCREEN) == ()
    assert refill((), offered(SCREEN), SCREEN) == ()


def test_a_kind_stands_once() -> None:
    panels = refill(one(AREAS["band"]), [FULL_HD["weather"], FULL_HD["weather"]], SCREEN)
    assert [p.kind for p in panels] == ["weather"]


def test_no_panel_is_larger_than_its_most() -> None:
    (panel,) = refill(one(AREAS["content"]), offered(SCREEN, ("clock",)), SCREEN)
    assert panel.rect == Rect(260, 220, 1400, 640)


def test_one_panel_fills_the_strip_under_a_banner_on_a_long_screen() -> None:
    """1400x400 under a 320x50: a lone card in the middle of such a strip looked like a mistake."""
    area = Rect(9, 228, 1382, 163)
    offer = PanelOffer("weather", Size(146, 83), Size(325, 271), Size(1406, 651))
    (panel,) = refill(one(area), [offer], Size(1400, 400))
    assert panel.rect == area


def test_a_panel_alone_in_a_misfit_area_is_a_card_in_its_middle() -> None:
    (panel,) = refill(one(Rect(100, 0, 200, 1080)), [FULL_HD["clock"]], SCREEN)
    assert panel.rect.x == 100
    assert panel.rect.w == 200
    assert panel.rect.h < 250
    assert abs(panel.rect.y - (1080 - panel.rect.bottom)) <= 1


def test_an_area_takes_only_the_kinds_it_is_for_and_no_kind_twice() -> None:
    areas = (
        PanelArea(Rect(0, 0, 600, 500), ("scores",)),
        PanelArea(Rect(0, 520, 600, 500), ("scores", "clock")),
        PanelArea(Rect(620, 0, 1300, 1000)),
    )
    panels = {p.kind: p.rect for p in refill(areas, offered(SCREEN), SCREEN)}
    assert panels["scores"].inside(areas[0].rect)
    assert panels["clock"].inside(areas[1].rect)
    assert all(panels[kind].inside(areas[2].rect) for kind in ("weather", "headlines", "brand"))


@settings(max_examples=200, deadline=None)
@given(
    area=st.builds(Rect, st.integers(0, 500), st.integers(0, 500), st.integers(1, 9000), st.integers(1, 9000)),
    kinds=st.lists(st.sampled_from(ALL_KINDS), max_size=6),
)
def test_tiles_never_overlap_nor_leave_the_area(area: Rect, kinds: list[PanelKind]) -> None:
    panels = refill(one(area), [FULL_HD[k] for k in kinds], SCREEN)
    for i, panel in enumerate(panels):
        wish = FULL_HD[panel.kind]
        assert wish.max is not None
        assert panel.rect.inside(area)
        assert wish.min.w <= panel.rect.w <= wish.max.w
        assert wish.min.h <= panel.rect.h <= wish.max.h
        assert not any(panel.rect.overlaps(other.rect) for other in panels[:i])


@settings(max_examples=300, deadline=None)
@given(data=st.data(), count=st.integers(1, 5))
def test_shares_are_exact_and_within_their_bounds(data: st.DataObject, count: int) -> None:
    lows = data.draw(st.lists(st.integers(0, 500), min_size=count, max_size=count))
    highs = [low + data.draw(st.integers(0, 500)) for low in lows]
    weights = data.draw(st.lists(st.floats(0.1, 100), min_size=count, max_size=count))
    total = data.draw(st.integers(sum(lows), sum(highs)))
    parts = shares(total, lows, highs, weights)
    assert sum(parts) == total
    assert all(low <= part <= high for low, part, high in zip(lows, parts, highs, strict=True))
