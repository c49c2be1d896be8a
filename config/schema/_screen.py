"""What this screen is, how its picture leaves it, and who watches over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from config._geometry import Size
from config._hours import DIM_PATTERN, HOURS_PATTERN
from config.schema._types import Text

Rotation = Literal[0, 90, 180, 270]
HoursText = Annotated[
    str,
    Meta(
        pattern=HOURS_PATTERN,
        max_length=80,
        extra={"allowed": 'days and a time such as "mon-fri 06:00-23:00", or a time alone: "08:00-01:00"'},
    ),
]
DimText = Annotated[
    str,
    Meta(
        pattern=DIM_PATTERN,
        max_length=80,
        extra={"allowed": 'a time and 5 to 100 percent, such as "22:00-06:00 40" or "sat-sun 20:00-24:00 30"'},
    ),
]
Locale = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,3}$",
        extra={"allowed": 'a language, or language_COUNTRY, such as "de" or "pt_BR"'},
    ),
]


@dataclass(frozen=True, slots=True)
class ScreenConfig:
    """Who and where this screen is, and its picture."""

    id: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9._:-]{1,64}$",
            description="This screen's name, unique in the fleet.",
            extra={"allowed": "letters, digits and . _ : - (1 to 64 of them)"},
        ),
    ] = "unprovisioned"
    venue: Annotated[Text, Meta(description="The venue's id, as the exchange knows it.")] = ""
    venue_name: Annotated[Text, Meta(description="What the place is called, for exchanges. Empty: none is sent.")] = ""
    venue_types: Annotated[
        tuple[Text, ...], Meta(description="What kind of place it is: OpenOOH venue taxonomy ids, most exact first.")
    ] = ()
    venue_taxonomy: Annotated[
        int, Meta(ge=0, le=999, description="Whose ids those are, AdCOM: 1 OpenOOH 1.0, 2 DPAA, 3 DMI, 5 OpenOOH 1.1.")
    ] = 1
    size: Annotated[
        str,
        Meta(
            pattern=r"^(auto|[1-9]\d{1,4}x[1-9]\d{1,4})$",
            description="Width x height of the display in pixels, before rotation; auto asks the display.",
            extra={"allowed": '"auto", or WIDTHxHEIGHT such as "1920x1080"'},
        ),
    ] = "auto"
    ppi: Annotated[
        int, Meta(ge=0, le=2_000, description="Pixels per inch of the display, for exchanges; 0: not known.")
    ] = 0
    rotation: Annotated[Rotation, Meta(description="How far the picture is turned clockwise, degrees.")] = 0
    brightness: Annotated[
        int, Meta(ge=5, le=100, description="Brightness of the picture, percent; 100 is undimmed.")
    ] = 100
    dim: Annotated[
        tuple[DimText, ...],
        Meta(
            max_length=50,
            description="When it is dimmed, and to how many percent: the first that fits counts, else brightness.",
        ),
    ] = ()
    hours: Annotated[
        tuple[HoursText, ...],
        Meta(max_length=50, description="When the screen is on, by its own time; else it is dark. Empty: always."),
    ] = ()
    power: Annotated[
        Literal["auto", "cec", "dpms", "none"],
        Meta(
            description="What turns the display off outside the hours: CEC (HDMI), DPMS (signal) or none; auto tries."
        ),
    ] = "auto"
    output: Annotated[
        Literal["auto", "gpu", "software"],
        Meta(description="What draws: auto finds out; gpu or software insist, for a board whose driver is at fault."),
    ] = "auto"
    transition: Annotated[
        Literal["cut", "fade", "slide"],
        Meta(description="How a slot takes over: at once, fading over the one before, or pushing it out to the left."),
    ] = "fade"
    latitude: Annotated[
        Annotated[float, Meta(ge=-90, le=90)] | None,
        Meta(description="Where the screen stands, degrees north; for weather and ads.", extra={"example": 52.52}),
    ] = None
    longitude: Annotated[
        Annotated[float, Meta(ge=-180, le=180)] | None,
        Meta(description="Where the screen stands, degrees east.", extra={"example": 13.405}),
    ] = None
    timezone: Annotated[Text, Meta(description="IANA name such as Europe/Berlin. Empty: the machine's.")] = ""
    locale: Annotated[Locale, Meta(description="Language, words and dates of the panels, such as de_DE, ar or ja.")] = (
        "en_GB"
    )

    def panel_size(self) -> Size | None:
        """The configured size before rotation, or None for ``auto``."""
        return None if self.size == "auto" else Size.parse(self.size)


@dataclass(frozen=True, slots=True)
class WatchdogConfig:
    """What happens when the picture on the screen is not as it should be (docs/watchdog.md)."""

    seconds: Annotated[
        float, Meta(ge=2, le=600, description="How long a frame that is due may fail to come, seconds.")
    ] = 20.0
    surface: Annotated[
        bool, Meta(description="Compare what is on the display with what was presented, every ten seconds.")
    ] = True
    reboot: Annotated[
        bool, Meta(description="The last step may be a reboot of the machine: at most one an hour, then ever fewer.")
    ] = False
