"""Whatever a feed writes and whatever the size, drawing ends with a picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cache import FeedSnapshot
from config import PanelKind, Size
from renderer.panels import BrandSaid, PanelSettings, PanelStyle, available, draw, next_change, says, slate
from tests.renderer.panels.samples import KINDS, NOW, board, game, headlines, scores, weather

JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
SIZES = st.builds(Size, st.integers(1, 700), st.integers(1, 700))
STYLES = st.builds(
    PanelStyle,
    theme=st.sampled_from(("dark", "light")),
    brand_colour=st.sampled_from(("#10151f", "#ffffff", "#c8102e", "nonsense")),
    unit=st.none() | st.floats(8, 60),
)
LOCALES = ("en_GB", "ar", "hi", "th", "ja", "zh_TW", "he", "fr", "fa", "nonsense", "")
SCRIPTS = st.sampled_from(
    "aZé ÄßŁΩЖ1٣۴אבج نम िक्षठี่あ漢한々ー。、()[]%-−–…⚽🇩🇪👍🏽\u200d\u200c\ufe0f\u0301\u202e\u0378\U00013000"
)
WORDS = st.text(max_size=50) | st.text(SCRIPTS, max_size=60)
"""Any text, and text in which scripts, marks and directions meet."""
SETTINGS = st.builds(
    PanelSettings,
    units=st.sampled_from(("celsius", "fahrenheit")),
    place=WORDS,
    title=WORDS,
    clock_hours=st.sampled_from((12, 24)),
    locale=st.sampled_from(LOCALES),
    headlines_title=WORDS,
    scores_page_seconds=st.integers(4, 600),
    brand=st.builds(
        BrandSaid,
        title=WORDS,
        line=WORDS,
        url=st.sampled_from(("", "https://a.example/" + "x" * 1900, "https://[::1", "https://www.ooh.example/a/?b"))
        | WORDS,
        logo=st.sampled_from(("", "/nowhere.png", "/", "\0")),
    ),
    timezone=st.sampled_from(("", "UTC", "Asia/Kolkata", "Not/AZone", "../../etc/passwd", "\0")),
)
calm = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@calm
@given(kind=st.sampled_from(KINDS), size=SIZES, data=JUNK, style=STYLES, given_settings=SETTINGS, words=st.text())
def test_odd_data_makes_a_picture(
    kind: PanelKind, size: Size, data: Any, style: PanelStyle, given_settings: PanelSettings, words: str
) -> None:
    snapshot = FeedSnapshot(kind, NOW, 60_000, words, data)
    assert draw(kind, size, snapshot, given_settings, style, NOW, None).size == (size.w, size.h)
    assert available(kind, snapshot, NOW) in {True, False}
    assert (next_change(kind, snapshot, given_settings, NOW) or NOW) >= NOW
    assert (next_change(kind, snapshot, given_settings, NOW, size, style) or NOW) >= NOW
    said = says(kind, snapshot, given_settings, NOW, size, style)
    assert hash(said) == hash(says(kind, snapshot, given_settings, NOW, size, style))


@calm
@given(
    size=SIZES,
    style=STYLES,
    given_settings=SETTINGS,
    key=st.sampled_from(("place", "units", "now", "hours", "days", "utc_offset_seconds")),
    junk=JUNK,
)
def test_one_odd_value_among_good_ones_makes_a_picture(
    size: Size, style: PanelStyle, given_settings: PanelSettings, key: str, junk: Any
) -> None:
    picture = draw("weather", size, weather(**{key: junk}), given_settings, style, NOW, None)
    assert picture.size == (size.w, size.h)


@calm
@given(
    size=SIZES,
    style=STYLES,
    given_settings=SETTINGS,
    names=st.lists(WORDS, min_size=2, max_size=6),
    key=st.sampled_from(("state", "starts_at", "detail", "score", "colour", "record")),
    junk=JUNK,
)
def test_odd_games_make_a_picture(
    size: Size, style: PanelStyle, given_settings: PanelSettings, names: list[str], key: str, junk: Any
) -> None:
    side = {"name": names[0], "short": names[1], "score": 3, "colour": "#123456", "record": None, key: junk}
    rows = [game(), game("next", None, 5, home=side), game("final", "Final", -5, away=side) | {key: junk}]
    picture = draw("scores", size, scores(*rows), given_settings, style, NOW, None)
    assert picture.size == (size.w, size.h)


@calm
@given(
    size=SIZES,
    style=STYLES,
    given_settings=SETTINGS,
    words=st.lists(WORDS, min_size=1, max_size=8),
    key=st.sampled_from(("title", "source", "published_at", "name", "position", "score", "leaders", "state", "detail")),
    junk=JUNK,
    attribution=WORDS,
    place=st.integers(0, 8),
)
def test_odd_headlines_and_leaders_make_a_picture(
    size: Size,
    style: PanelStyle,
    given_settings: PanelSettings,
    words: list[str],
    key: str,
    junk: Any,
    attribution: str,
    place: int,
) -> None:
    now = NOW + timedelta(seconds=7 * place)
    paper = headlines(*words, title=words[-1])
    paper.data["items"][0][key] = junk
    leaders = [{"position": word[:3], "name": word, "score": word[:4]} for word in words]
    events = [board(name=words[0], leaders=leaders), board("final") | {key: junk}, *([game()] if place % 2 else [])]
    for kind, snapshot in (("headlines", paper), ("scores", scores(*events)), ("weather", weather(alerts=words))):
        told = replace(snapshot, attribution=attribution)
        picture = draw(kind, size, told, given_settings, style, now, None)  # type: ignore[arg-type]
        assert picture.size == (size.w, size.h)


@calm
@given(size=SIZES, colour=st.text(max_size=9) | st.just("#0b3d91"), line=st.none() | st.text(max_size=80))
def test_a_slate_of_any_size_and_words(size: Size, colour: str, line: str | None) -> None:
    picture = slate(size, colour, line)
    assert (picture.mode, picture.size) == ("RGB", (size.w, size.h))
