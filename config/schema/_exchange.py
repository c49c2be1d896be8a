"""Where ads are asked for, and which are taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from config.schema._types import Kind, Path_, Text, Url

Domain = Annotated[
    str,
    Meta(
        pattern=r"^[^\s/@:,]+\.[^\s/@:,]+$",
        max_length=253,
        extra={"allowed": 'a domain such as "brand.example", without http://'},
    ),
]
Category = Annotated[
    str,
    Meta(
        pattern=r"^(IAB\d{1,2}(-\d{1,3})?|\d{1,3}/[A-Za-z0-9]{1,12})$",
        extra={"allowed": '"IAB8-5" (Content Taxonomy 1.0), or an AdCOM taxonomy, / and an id: "3/1002"'},
    ),
]
Deal = Annotated[
    str,
    Meta(
        pattern=r"^\S{1,100}( \d{1,5}(\.\d{1,4})?)?$",
        extra={"allowed": 'a deal\'s id, or id and floor such as "SPRING-7 4.50"'},
    ),
]
DeviceAttribute = Annotated[
    str,
    Meta(
        pattern=r"^[^=\s][^=]{0,99}=.{1,200}$",
        extra={"allowed": 'a name, "=" and a value, such as "zipcode=10115"'},
    ),
]
Attribute = Annotated[int, Meta(ge=1, le=999)]


@dataclass(frozen=True, slots=True)
class ExchangeConfig:
    """A programmatic exchange. Several, each as [[exchange]], are asked in order: a waterfall."""

    url: Annotated[
        Url, Meta(description="Where ads are asked for; for vast the tag, with its macros. Empty: no paid ads.")
    ] = ""
    kind: Annotated[
        Kind, Meta(description='The dialect it speaks: "openrtb", "vast", "vistar" or an installed one.')
    ] = "openrtb"
    name: Annotated[Text, Meta(min_length=1, description="What logs and records call it; each has its own.")] = (
        "exchange"
    )
    publisher: Annotated[Text, Meta(description="The publisher id it knows you by. Empty: none is sent.")] = ""
    token_file: Annotated[Path_, Meta(description="File with a bearer token for it, if it wants one.")] = ""
    timeout_ms: Annotated[int, Meta(ge=100, le=30_000, description="How long an answer may take, milliseconds.")] = (
        5_000
    )
    floor_cpm: Annotated[
        float, Meta(ge=0, le=10_000, description="Lowest price taken, per 1000 impressions (CPM).")
    ] = 0.0
    currency: Annotated[
        str,
        Meta(
            pattern=r"^[A-Z]{3}$",
            description="Currency of the floor and of prices, ISO 4217.",
            extra={"allowed": 'three capital letters, such as "EUR"'},
        ),
    ] = "USD"
    multiplier: Annotated[
        float, Meta(gt=0, le=100_000, description="Impressions (people) that one play counts for.")
    ] = 1.0
    look_ahead: Annotated[int, Meta(ge=1, le=200, description="Leases kept ready ahead of the screen, at least.")] = 6
    look_ahead_minutes: Annotated[
        float,
        Meta(ge=0, le=120, description="Minutes without network that leases are kept ready for, within their windows."),
    ] = 5.0
    domain: Annotated[Text, Meta(description="Domain of the screens' owner. Empty: none is sent (openrtb).")] = ""
    publisher_name: Annotated[Text, Meta(description="The publisher's name. Empty: none is sent (openrtb).")] = ""
    measured_by: Annotated[
        Text, Meta(description="Domain of the vendor who measured the multiplier. Empty: your own figure (openrtb).")
    ] = ""
    deals: Annotated[
        tuple[Deal, ...], Meta(description="Private deals offered, each with its own floor if it has one (openrtb).")
    ] = ()
    deals_only: Annotated[bool, Meta(description="Take bids on those deals alone (openrtb).")] = False
    dt_unit: Annotated[
        Literal["ms", "s"],
        Meta(description="Unit of imp.dt: milliseconds by the standard; some exchanges want seconds (openrtb)."),
    ] = "ms"
    network_id: Annotated[Text, Meta(description="The network's id (vistar).")] = ""
    api_key_file: Annotated[Path_, Meta(description="File with the network's API key (vistar).")] = ""
    display_area: Annotated[
        Text, Meta(min_length=1, description="What the screen's picture is called in requests (vistar).")
    ] = "display-0"
    device_attributes: Annotated[
        tuple[DeviceAttribute, ...], Meta(description="What else ads may be aimed at, each name=value (vistar).")
    ] = ()
    direct_connection: Annotated[
        bool, Meta(description="Say that the screen itself asks, without a server between (vistar).")
    ] = True
    number_of_screens: Annotated[
        int, Meta(ge=1, le=1_000, description="Displays that show this picture at once (vistar).")
    ] = 1
    moving: Annotated[bool, Meta(description="Send the place with each request: for taxis and buses (vistar).")] = False
    shown_fraction: Annotated[
        float, Meta(gt=0, le=1, description="Part of an ad that must be shown for its proof of play (vistar).")
    ] = 0.75
    one_to_one: Annotated[
        bool, Meta(description="A screen for one person (tablet, kiosk, gym): proof after 2 seconds (vistar).")
    ] = False
    prefetch: Annotated[
        bool, Meta(description="Fetch once a day all that may be shown in the next 30 hours (vistar).")
    ] = True
    test: Annotated[bool, Meta(description="Mark requests as tests: nothing is billed.")] = False


@dataclass(frozen=True, slots=True)
class AdsConfig:
    """Which ads are taken, from whatever exchange. What is refused is reported to it."""

    blocked_domains: Annotated[
        tuple[Domain, ...], Meta(description="Advertisers not shown, by domain; their subdomains neither.")
    ] = ()
    blocked_categories: Annotated[
        tuple[Category, ...], Meta(description="IAB categories not shown; what lies under them neither.")
    ] = ()
    blocked_attributes: Annotated[
        tuple[Attribute, ...],
        Meta(description="AdCOM creative attributes not shown: 8 pop-up, 13 interactive, 14 dialog, 17 Flash."),
    ] = (8, 13, 14, 17)
    approved_creatives: Annotated[
        tuple[Text, ...], Meta(description="Creative ids that may be shown, and no others. Empty: all.")
    ] = ()
    max_seconds: Annotated[float, Meta(ge=1, le=600, description="Longest ad, seconds.")] = 120.0
    refuse_audio: Annotated[
        bool, Meta(description="Refuse ads that say they have sound. Otherwise they are shown silently.")
    ] = False
