"""refill: the same area, tiled with whatever has data now."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import PanelKind, Rect, Size
from renderer.layout import LayoutRules, PanelOffer, compose, refill

SCREEN = Size(1920, 1080)
OFFERS: dict[PanelKind, PanelOffer] = {
    "weather": PanelOffer("weather", Size(260, 180), Size(624, 520)),
    "scores": PanelOffer("scores", Size(260, 180), Size(624, 520)),
    "clock": PanelOffer("clock", Size(160, 80), Size(624, 180)),
}
SUBSETS = [list(c) for n in (1, 2, 3) for c in itertools.combinations(OFFERS, n)]


@pytest.mark.parametrize("creative", ["300x250", "728x90", "160x600", "320x50", "970x250"])
def test_with_all_panels_it_is_the_layouts_own_tiling(creative: str) -> None:
    layout = compose(SCREEN, Size.parse(creative), tuple(OFFERS.values()), LayoutRules())
    assert layout.panel_area is not None
    assert refill(layout.panel_area, tuple(OFFERS.values()), SCREEN) == layout.panels


@pytest.mark.parametrize("kinds", SUBSETS, ids="-".join)
@pytest.mark.parametrize("area", [Rect(1320, 24, 576, 1032), Rect(24, 261, 1872, 795), Rect(312, 24, 1584, 1032)])
def test_any_that_have_data_share_the_area_to_its_edges(kinds: list[PanelKind], area: Rect) -> None:
    panels = refill(area, [OFFERS[k] for k in kinds], SCREEN)
    assert [p.kind for p in panels] == kinds
    assert min(p.rect.y for p in panels) == area.y
    assert max(p.rect.right for p in panels) == area.right
    assert max(p.rect.bottom for p in panels) == area.bottom


def test_what_does_not_fit_is_left_out_the_last_first() -> None:
    panels = refill(Rect(0, 0, 400, 300), list(OFFERS.values()), SCREEN)
    assert [p.kind for p in panels] == ["weather", "clock"]


def test_nothing_fits_a_scrap() -> None:
    assert refill(Rect(0, 0, 100, 60), list(OFFERS.values()), SCREEN) == ()
    assert refill(Rect(0, 0, 1000, 1000), [], SCREEN) == ()


def test_one_panel_fills_the_strip_under_a_banner_on_a_long_screen() -> None:
    """1400x400 under a 320x50: a lone card in the middle of such a strip looked like a mistake."""
    area = Rect(9, 228, 1382, 163)
    offer = PanelOffer("weather", Size(146, 83), Size(325, 271))
    (panel,) = refill(area, [offer], Size(1400, 400))
    assert panel.rect == area


def test_a_panel_alone_in_a_misfit_area_is_a_card_in_its_middle() -> None:
    (panel,) = refill(Rect(100, 0, 200, 1080), [OFFERS["clock"]], SCREEN)
    assert panel.rect.x == 100
    assert panel.rect.w == 200
    assert panel.rect.h < 250
    assert abs(panel.rect.y - (1080 - panel.rect.bottom)) <= 1


@settings(max_examples=200, deadline=None)
@given(
    area=st.builds(Rect, st.integers(0, 500), st.integers(0, 500), st.integers(1, 9000), st.integers(1, 9000)),
    kinds=st.lists(st.sampled_from(["weather", "scores", "clock"]), max_size=5),
)
def test_tiles_never_overlap_nor_leave_the_area(area: Rect, kinds: list[PanelKind]) -> None:
    panels = refill(area, [OFFERS[k] for k in kinds], SCREEN)
    for i, panel in enumerate(panels):
        assert panel.rect.inside(area)
        assert panel.rect.w >= OFFERS[panel.kind].min.w
        assert panel.rect.h >= OFFERS[panel.kind].min.h
        assert not any(panel.rect.overlaps(other.rect) for other in panels[:i])
