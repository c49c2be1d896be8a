"""Events of many athletes (golf, racing, athletics): no two sides, so the panel shows who leads."""

from __future__ import annotations

from player import _loose as loose
from player.feeds.scores import _terms as terms
from player.feeds.scores._terms import Game, State

_MOST_ATHLETES = 500


def field_of(
    event: loose.Node, competition: loose.Node, entrants: list[loose.Node], kind: loose.Node, state: State
) -> Game | None:
    """The leaders of a field; None before it began, and for what has fewer than three athletes."""
    if len(entrants) < 3 or state == "next":
        return None
    word = terms.stopped(loose.text(kind, "name", 60), loose.text(kind, "description", 60))
    if word is not None and (state == "final" or word != "Delayed"):
        return None  # called off: who led is no result
    ranked = sorted(
        ((_place(entrant, nth), entrant) for nth, entrant in enumerate(entrants[:_MOST_ATHLETES], 1)),
        key=lambda pair: pair[0],
    )
    leaders = tuple(row for place, entrant in ranked if (row := _leader(place, entrant)) is not None)[
        : terms.MOST_LEADERS
    ]
    if not leaders:
        return None
    detail = word or loose.label(kind, "shortDetail", 32) or loose.label(kind, "detail", 32)
    return Game(
        key=loose.text(competition, "id") or loose.text(event, "id"),
        state=state,
        starts_at=terms.moment(competition.get("date")) or terms.moment(event.get("date")),
        detail=detail,
        leaders=leaders,
        name=loose.label(event, "shortName", 60) or loose.label(event, "name", 60),
        ends_at=terms.moment(competition.get("endDate")) or terms.moment(event.get("endDate")),
    )


def _place(entrant: loose.Node, nth: int) -> int:
    for key in ("order", "sortOrder"):
        place = loose.whole(entrant, key, 1, 10_000)
        if place is not None:
            return place
    return nth


def _leader(place: int, entrant: loose.Node) -> dict[str, str] | None:
    who = loose.node(entrant, "athlete") or loose.node(entrant, "team") or loose.node(entrant, "roster")
    names = (loose.label(who, key, 40) for key in ("shortName", "shortDisplayName", "displayName", "fullName", "name"))
    name = next((found for found in names if found), None)
    if name is None:
        return None
    position = loose.node(loose.node(entrant, "status"), "position")
    told = loose.label(position, "displayName", 6) or loose.label(entrant, "position", 6)
    score = loose.label(loose.node(entrant, "score"), "displayValue", 8) or loose.label(entrant, "score", 8)
    return {"position": told or str(place), "name": name, "score": score or ""}
