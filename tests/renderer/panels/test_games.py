"""Reading a scoreboard: order, status, teams; and names that fit."""

from __future__ import annotations

from typing import Any

import pytest

from renderer.panels import PanelSettings
from renderer.panels._colour import contrast, ink_on
from renderer.panels._game import Cast, badge_colour, named
from renderer.panels._games import Games, games
from renderer.panels._type import Face, width
from tests.renderer.panels.samples import NOW, UTC_SETTINGS, game, scores, team


def read(*rows: dict[str, Any], settings: PanelSettings = UTC_SETTINGS) -> Games:
    found = games(scores(*rows), settings, NOW)
    assert found is not None
    return found


def test_live_first_then_next_by_start_then_finals_as_listed() -> None:
    rows = [
        game("final", "a"),
        game("next", None, 9),
        game("live", "b"),
        game("next", None, 3),
        game("final", "c"),
        game("live", "d"),
    ]
    found = read(*rows)
    assert [(g.state, g.detail) for g in found.games if g.state != "next"] == [
        ("live", "b"),
        ("live", "d"),
        ("final", "a"),
        ("final", "c"),
    ]
    starts = [g.starts_at for g in found.games if g.state == "next" and g.starts_at]
    assert starts == sorted(starts)
    assert found.live == 2


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (game("live", "Q3 4:12"), "Q3 4:12"),
        (game("live", None), "Live"),
        (game("final", "Final/OT"), "Final/OT"),
        (game("final", "After extra time"), "Final"),
        (game("next", None, 3), "15:47"),
        (game("next", None, 27), "Mon 15:47"),
        (game("next", None, 24 * 9), "1 Dec 12:47"),
        (game("next", None) | {"starts_at": None}, "Soon"),
        (game("next", "TBD") | {"starts_at": "then"}, "TBD"),
    ],
)
def test_how_a_game_stands(row: dict[str, Any], status: str) -> None:
    assert read(row).games[0].status(UTC_SETTINGS, NOW) == status


def test_times_are_the_screens_own() -> None:
    denver = PanelSettings(timezone="America/Denver", clock_hours=12)
    assert read(game("next", None, 3)).games[0].status(denver, NOW) == "8:47 AM"


@pytest.mark.parametrize(
    "row", [{}, game() | {"home": None}, game() | {"state": "paused"}, game(home={"name": "", "short": None})]
)
def test_a_game_without_two_teams_or_a_known_state_is_left_out(row: dict[str, Any]) -> None:
    assert games(scores(row), UTC_SETTINGS, NOW) is None
    assert len(read(row, game()).games) == 1


def test_the_loser_is_known_only_when_it_is_over() -> None:
    assert read(game("live")).games[0].loser() is None
    over = read(game("final")).games[0]
    assert over.loser() is over.sides[1]
    assert read(game("final", away=team("Redwood", "RED", 78))).games[0].loser() is None


def test_a_badge_has_letters_even_without_a_short_name() -> None:
    side = read(game(home={"name": "fc Köln", "score": 2.0})).games[0].sides[0]
    assert (side.short, side.score) == ("FCK", 2)


@pytest.mark.parametrize(
    "colour", [(0, 0, 0), (17, 17, 17), (255, 255, 255), (255, 184, 28), (0, 50, 20), (34, 40, 52)]
)
@pytest.mark.parametrize("dark", [True, False])
def test_a_badge_can_be_seen_and_read_in_any_team_colour(colour: tuple[int, int, int], *, dark: bool) -> None:
    ground = badge_colour(colour, dark=dark)
    assert contrast(ground, (34, 40, 52) if dark else (238, 240, 244)) >= 1.35
    assert contrast(ink_on(ground), ground) >= 4.5


def test_names_lose_words_before_letters() -> None:
    room = width("Lakeside", Face.STRONG, 30) + 5
    assert named("Lakeside Mariners", 30, room) == "Lakeside"
    assert named("Wolverhampton", 30, room).endswith("…")
    assert named("Oslo", 30, room) == "Oslo"


def test_all_games_of_a_tile_share_one_measure_in_which_short_names_are_whole() -> None:
    rows = read(game(), game(home=team("Ironworks", "IRN", 101))).games
    cast = Cast.of(rows, room=330, label=24, high=200)
    assert all(width(s.name, Face.STRONG, cast.name) <= cast.name_room(330) for g in rows for s in g.sides)
    narrow = Cast.of(rows, room=190, label=24, high=200)
    assert narrow.name == 0, "too narrow for names: badges alone"


@pytest.mark.parametrize(
    ("detail", "lines"),
    [
        ("3:11 - 3rd", ("3rd", "3:11")),
        ("Q3 4:12", ("Q3 4:12",)),
        ("Halftime", ("Halftime",)),
        (" - ", (" - ".strip(),)),
    ],
)
def test_a_live_game_stands_on_two_lines_where_it_is_narrow(detail: str, lines: tuple[str, ...]) -> None:
    assert read(game("live", detail)).games[0].lines(UTC_SETTINGS, NOW) == lines
