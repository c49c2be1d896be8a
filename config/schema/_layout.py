"""Where pixels go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from config._zones import AREA_PATTERN, FIT_PATTERN, ZONE_PATTERN
from config.schema._types import Colour, PanelKind

Anchor = Literal["centre", "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"]
Fit = Annotated[
    str,
    Meta(
        pattern=FIT_PATTERN,
        max_length=60,
        extra={"allowed": '"landscape", "portrait", "square", "300x250", "4:3" or "2:1 to 20:1"'},
    ),
]
Area = Annotated[
    str,
    Meta(
        pattern=AREA_PATTERN,
        max_length=200,
        extra={"allowed": 'panels and a zone, such as "weather clock: 70% 0 30% 50%"'},
    ),
]


@dataclass(frozen=True, slots=True)
class TemplateConfig:
    """Fixed zones of your own. Of several, each as [[layout.template]], the first for screen and creative is used."""

    name: Annotated[
        str,
        Meta(
            pattern=r"^([A-Za-z0-9][A-Za-z0-9_-]{0,39})?$",
            description="What records and `layout` call it; each has its own.",
            extra={"allowed": "letters, digits, - and _ (1 to 40 of them)"},
        ),
    ] = ""
    for_screens: Annotated[
        tuple[Fit, ...], Meta(description="Screens it is for, after rotation: shapes, sizes, ratios. Empty: all.")
    ] = ()
    for_creatives: Annotated[
        tuple[Fit, ...], Meta(description="Creatives it is for, in the same words. Empty: all.")
    ] = ()
    creative: Annotated[
        str,
        Meta(
            pattern=ZONE_PATTERN,
            max_length=60,
            description="The creative's zone: left, top, width and height, in % of the screen or px.",
            extra={"allowed": 'four of them, such as "0 0 67.5% 100%"', "example": "0 0 67.5% 100%"},
        ),
    ] = ""
    anchor: Annotated[Anchor, Meta(description="Where in its zone a creative stands that does not fill it.")] = "centre"
    panels: Annotated[
        tuple[Area, ...],
        Meta(description="Zones of panels; each is tiled with those of its panels that have data. all: any panel."),
    ] = ()


@dataclass(frozen=True, slots=True)
class LayoutConfig:
    """Where pixels go: the creative, never distorted or cropped, and the panels beside it."""

    max_upscale: Annotated[
        float, Meta(ge=1, le=20, description="Most a bitmap is enlarged: 5 makes 300x250 at most 1500x1250.")
    ] = 5.0
    safe_margin: Annotated[int, Meta(ge=0, le=400, description="Pixels kept free at every edge.")] = 0
    panels: Annotated[
        tuple[PanelKind, ...], Meta(description="Panels beside a creative; the first is the largest.")
    ] = (
        "weather",
        "scores",
        "headlines",
        "clock",
        "brand",
    )
    backdrop: Annotated[
        Literal["blur", "brand", "black"],
        Meta(description="What lies behind: the creative, blurred; brand_colour; or black."),
    ] = "blur"
    brand_colour: Annotated[Colour, Meta(description="The operator's colour, for backdrop and slate.")] = "#10151f"
    theme: Annotated[
        Literal["dark", "light"], Meta(description="Light text on dark panels, or dark text on light ones.")
    ] = "dark"
    template: tuple[TemplateConfig, ...] = ()
