"""What fills the screen's time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from config.schema._types import Path_, Transition

SlotKind = Literal["ad", "house", "content"]
StartTime = Annotated[
    str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", extra={"allowed": 'a time of day, "00:00" to "23:59"'})
]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EndTime = Annotated[
    str, Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", extra={"allowed": 'a time of day, "00:00" to "24:00"'})
]


@dataclass(frozen=True, slots=True)
class SlotConfig:
    """One slot of the loop. The slots run in order, again and again; a daypart limits a slot to hours."""

    kind: Annotated[
        SlotKind, Meta(description="What fills the slot: a paid ad, a house ad, or content on the whole screen.")
    ] = "ad"
    seconds: Annotated[float, Meta(ge=1, le=600, description="Its length, seconds; an ad's own length wins.")] = 10.0
    transition: Annotated[Transition, Meta(description="How it comes on; default: as screen.transition says.")] = (
        "default"
    )
    creatives: Annotated[
        tuple[Path_, ...],
        Meta(description="House ads for this slot: files, folders or patterns such as /srv/house/*.png."),
    ] = ()
    starts: Annotated[StartTime, Meta(description="Daypart: when in the day it begins to run.")] = "00:00"
    ends: Annotated[EndTime, Meta(description="Daypart: when it stops. Earlier than starts: the next day.")] = "24:00"
    days: Annotated[tuple[Day, ...], Meta(description="Daypart: the days it begins on. Empty: every day.")] = ()
    no_fill: Annotated[
        Literal["house", "content", "skip"],
        Meta(
            description="An ad slot without a paid ad: house ad, then content; the other way round; or the next slot."
        ),
    ] = "house"
    align: Annotated[
        bool, Meta(description="Start with other screens, on a grid of the loop's length; needs a synchronised clock.")
    ] = False

    def runs(self, at: datetime) -> bool:
        """True within the daypart, by the screen's wall clock: ``starts`` belongs to it, ``ends`` does not.

        A daypart over midnight belongs to the day it begins on.
        """
        minute, day = at.hour * 60 + at.minute, at.weekday()
        starts, ends = _minute(self.starts), _minute(self.ends)
        if starts < ends:
            return starts <= minute < ends and self._on(day)
        return (minute >= starts and self._on(day)) or (minute < ends and self._on(day - 1))

    def _on(self, day: int) -> bool:
        return not self.days or DAYS[day % len(DAYS)] in self.days


@dataclass(frozen=True, slots=True)
class ShowConfig:
    """How the loop is filled, whichever slot it is."""

    separation_seconds: Annotated[
        float,
        Meta(
            ge=0, le=86_400, description="Least time between two ads of one advertiser, while anything else is there."
        ),
    ] = 0.0
    house_share: Annotated[
        float, Meta(ge=0, le=90, description="House ads' share of the screen's time, percent; ad slots make up for it.")
    ] = 0.0


def _minute(day_time: str) -> int:
    hour, minute = day_time.split(":")
    return int(hour) * 60 + int(minute)
