"""What the n-th tag request is answered with: the same for the same seed and number, so wrappers need no memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sandbox.exchange._catalogue import Catalogue, Creative
from sandbox.exchange._mix import BROKEN_CREATIVES, Mix, Outcome

Shape = Literal["inline", "wrapped", "film", "pod", "chain", "buffet", "odd", "loop", "cut", "broken", "none"]
SHAPES: tuple[Shape, ...] = ("inline", "film", "wrapped", "pod", "chain", "buffet", "odd")
"""Good answers, in rotation."""
_WRAPPERS = {"wrapped": 1, "film": 1, "chain": 3}
VPAID = 901
LIMIT = 302
NO_AD = 303


@dataclass(frozen=True, slots=True)
class PlannedAd:
    """One ad of an answer and what should become of it."""

    id: str
    creative: Creative
    nodes: int
    """Wrappers and the ad itself: each has calls of its own."""
    film: bool = False
    broken: str = ""
    """The kind of broken creative, or empty."""
    code: int | None = None
    """The only error that may be told of it; None: any."""
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """One answer."""

    number: int
    shape: Shape
    outcome: Outcome
    wrappers: int
    ads: tuple[PlannedAd, ...]


def plan(number: int, mix: Mix, catalogue: Catalogue) -> Plan:
    """The answer to tag request ``number``, from 0."""
    outcome = mix.outcome(number)
    shape = _shape(outcome)
    wrappers = _WRAPPERS.get(shape, 0)

    pictures = [one for one in catalogue.creatives if one.mime.startswith("image/")]

    def ad(place: int) -> PlannedAd:
        creative = pictures[(outcome.turn + place) % len(pictures)]
        return PlannedAd(f"vast-{mix.seed}-{number}-{place}", creative, wrappers + 1)

    if shape in ("none", "cut"):
        ads: tuple[PlannedAd, ...] = ()
    elif shape == "pod":
        ads = (replace(ad(0), sequence=1), replace(ad(1), sequence=2))
    elif shape == "buffet":
        ads = (replace(ad(0), code=VPAID), ad(1))
    elif shape == "loop":
        ads = (replace(ad(0), code=LIMIT),)
    elif shape == "film":
        ads = (replace(ad(0), film=True),)
    else:
        ads = (replace(ad(0), broken=outcome.flavour if shape == "broken" else ""),)
    return Plan(number, shape, outcome, wrappers, ads)


def _shape(outcome: Outcome) -> Shape:
    if outcome.kind in ("nofill", "throttle"):
        return "none"
    if outcome.kind == "broken":
        if outcome.flavour in BROKEN_CREATIVES:
            return "broken"
        return "loop" if outcome.flavour == "unknown_imp" else "cut"
    return SHAPES[outcome.turn % len(SHAPES)]
