"""What a field tech may set: every section and key, its type, its limits and its default."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from config._geometry import Size
from config._hours import DIM_PATTERN, HOURS_PATTERN
from config._zones import AREA_PATTERN, FIT_PATTERN, ZONE_PATTERN

# ``extra["allowed"]`` says in plain words what a pattern allows; ``extra["example"]`` is a value for the example file.
Text = Annotated[str, Meta(max_length=200)]
Url = Annotated[
    str,
    Meta(
        pattern=r"^(https?://[^\s/?#]+\S*)?$",
        max_length=2000,
        extra={"allowed": "an http:// or https:// address, or empty"},
    ),
]
Path_ = Annotated[str, Meta(max_length=1000)]
Rotation = Literal[0, 90, 180, 270]
SlotKind = Literal["ad", "house", "content"]
PanelKind = Literal["weather", "scores", "clock", "headlines", "brand"]
Transition = Literal["default", "cut", "fade", "slide"]
Anchor = Literal["centre", "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"]
StartTime = Annotated[
    str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", extra={"allowed": 'a time of day, "00:00" to "23:59"'})
]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EndTime = Annotated[
    str, Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", extra={"allowed": 'a time of day, "00:00" to "24:00"'})
]
Colour = Annotated[
    str, Meta(pattern=r"^#[0-9a-fA-F]{6}$", extra={"allowed": '# and six hex digits, such as "#10151f"'})
]
Provider = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$",
        extra={"allowed": "small letters, digits and . _ - (1 to 64 of them)"},
    ),
]
Kind = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$",
        extra={"allowed": "small letters, digits and . _ - (1 to 64 of them)"},
    ),
]
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
Host = Annotated[
    str, Meta(pattern=r"^[^\s/@?#]+$", max_length=200, extra={"allowed": "host or host:port, without http://"})
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


@dataclass(frozen=True, slots=True)
class WeatherConfig:
    """The weather panel. Without latitude and longitude under [screen] it is left out."""

    enabled: Annotated[bool, Meta(description="Show it.")] = True
    provider: Annotated[
        Provider,
        Meta(
            description='"open-meteo", "nws", "openweathermap" or an installed one; auto: by the URL, else open-meteo.'
        ),
    ] = "auto"
    url: Annotated[Url, Meta(description="The provider's endpoint. Empty: its public one.")] = ""
    key_file: Annotated[Path_, Meta(description="File with the provider's API key, if it wants one.")] = ""
    place: Annotated[Text, Meta(description="The name shown, such as Berlin. Empty: none.")] = ""
    units: Annotated[Literal["celsius", "fahrenheit"], Meta(description="The degrees shown.")] = "celsius"
    refresh_seconds: Annotated[int, Meta(ge=60, le=86_400, description="Time between two requests, seconds.")] = 900
    max_age_seconds: Annotated[
        int, Meta(ge=60, le=172_800, description="Data older than this is not shown, seconds.")
    ] = 10_800


@dataclass(frozen=True, slots=True)
class ScoresConfig:
    """The scores panel. Without a URL, and without a provider that has one of its own, it is left out."""

    enabled: Annotated[bool, Meta(description="Show it.")] = True
    provider: Annotated[
        Provider, Meta(description='"espn", "mlb", "nhl" or an installed one; auto: by the URL, else espn.')
    ] = "auto"
    url: Annotated[Url, Meta(description="The scoreboard. Empty: the provider's own; espn has none.")] = ""
    key_file: Annotated[Path_, Meta(description="File with the provider's API key, if it wants one.")] = ""
    teams: Annotated[
        tuple[Text, ...], Meta(description="Favourites, by name or letters such as BOS: their games come first.")
    ] = ()
    only_teams: Annotated[bool, Meta(description="Show the games of those teams alone.")] = False
    title: Annotated[Text, Meta(description="The headline shown. Empty: the league's name.")] = ""
    page_seconds: Annotated[
        int, Meta(ge=4, le=600, description="How long one page of games stays when there are more, seconds.")
    ] = 10
    refresh_seconds: Annotated[int, Meta(ge=15, le=86_400, description="Time between two requests, seconds.")] = 60
    max_age_seconds: Annotated[
        int, Meta(ge=30, le=86_400, description="Data older than this is not shown, seconds.")
    ] = 600

    @property
    def set_up(self) -> bool:
        """True when it is on and it is known where scores come from."""
        return self.enabled and (self.url != "" or self.provider not in {"auto", "espn"})


@dataclass(frozen=True, slots=True)
class HeadlinesConfig:
    """The headlines panel. Without a URL it is left out."""

    enabled: Annotated[bool, Meta(description="Show it.")] = True
    provider: Annotated[Provider, Meta(description='"rss" (RSS and Atom) or an installed one; auto: rss.')] = "auto"
    key_file: Annotated[Path_, Meta(description="File with the provider's API key, if it wants one.")] = ""
    url: Annotated[Url, Meta(description="An RSS or Atom feed. Empty: no headlines.")] = ""
    title: Annotated[Text, Meta(description="What stands above them. Empty: the feed's own title.")] = ""
    page_seconds: Annotated[int, Meta(ge=4, le=600, description="How long one headline stays, seconds.")] = 10
    refresh_seconds: Annotated[int, Meta(ge=60, le=86_400, description="Time between two requests, seconds.")] = 900
    max_age_seconds: Annotated[
        int, Meta(ge=60, le=172_800, description="Data older than this is not shown, seconds.")
    ] = 21_600

    @property
    def set_up(self) -> bool:
        """True when it is on and it is known where headlines come from."""
        return self.enabled and (self.url != "" or self.provider not in {"auto", "rss"})


@dataclass(frozen=True, slots=True)
class BrandConfig:
    """The operator's own tile. It needs no network; without title, line, url and logo it is left out."""

    enabled: Annotated[bool, Meta(description="Show it.")] = True
    title: Annotated[Text, Meta(description="The name, large.")] = ""
    line: Annotated[Text, Meta(description="One line below it.")] = ""
    url: Annotated[Url, Meta(description="What its QR code opens. Empty: no code.")] = ""
    logo: Annotated[Path_, Meta(description="A PNG or JPEG file shown above the name. Empty: none.")] = ""


@dataclass(frozen=True, slots=True)
class ClockConfig:
    """The clock panel. It needs no network."""

    enabled: Annotated[bool, Meta(description="Show it.")] = True
    hours: Annotated[Literal[12, 24], Meta(description="3:07 pm, or 15:07.")] = 24


@dataclass(frozen=True, slots=True)
class PanelsConfig:
    """The content tiles."""

    weather: WeatherConfig = field(default_factory=WeatherConfig)
    scores: ScoresConfig = field(default_factory=ScoresConfig)
    headlines: HeadlinesConfig = field(default_factory=HeadlinesConfig)
    clock: ClockConfig = field(default_factory=ClockConfig)
    brand: BrandConfig = field(default_factory=BrandConfig)


@dataclass(frozen=True, slots=True)
class CacheConfig:
    """What is kept on disk: the journal, creatives and plates."""

    dir: Annotated[
        Path_,
        Meta(description="Journal, creatives and plates. Empty: systemd's, else the user's state folder."),
    ] = ""
    run_dir: Annotated[Path_, Meta(description="Sockets and the playhead. Empty: systemd's, else under dir.")] = ""
    max_bytes: Annotated[
        int, Meta(ge=50_000_000, le=1_000_000_000_000, description="Budget for creatives and plates, bytes.")
    ] = 2_000_000_000


@dataclass(frozen=True, slots=True)
class FetchConfig:
    """Limits of every download. Only https and public addresses, but for the hosts named here."""

    max_bytes: Annotated[int, Meta(ge=1_000, le=2_000_000_000, description="Largest creative, bytes.")] = 50_000_000
    timeout_seconds: Annotated[float, Meta(ge=1, le=600, description="Time for one whole download, seconds.")] = 30.0
    allow_hosts: Annotated[
        tuple[Host, ...],
        Meta(description="Hosts that may be on plain http or at a private address."),
    ] = ()


@dataclass(frozen=True, slots=True)
class PrepareConfig:
    """Limits of the process that decodes creatives."""

    max_pixels: Annotated[int, Meta(ge=10_000, le=1_000_000_000, description="Most pixels in one frame.")] = 64_000_000
    max_frames: Annotated[int, Meta(ge=1, le=100_000, description="Most frames in one animation.")] = 1_000
    max_seconds: Annotated[float, Meta(ge=1, le=600, description="Time for one creative, seconds.")] = 30.0
    max_video_seconds: Annotated[
        float, Meta(ge=1, le=600, description="Longest video, seconds of its running time.")
    ] = 60.0
    video_budget_seconds: Annotated[
        float, Meta(ge=1, le=3_600, description="Time for preparing one video, seconds; 1080p takes weak boards long.")
    ] = 300.0
    max_memory_mb: Annotated[int, Meta(ge=128, le=8_192, description="Memory for one creative, MB.")] = 768
    html_seconds: Annotated[
        float, Meta(ge=1, le=120, description="Most of an HTML5 creative's animation that is kept, seconds.")
    ] = 15.0
    html_fps: Annotated[int, Meta(ge=5, le=60, description="Frames a second of an HTML5 creative.")] = 30
    html_max_seconds: Annotated[
        float, Meta(ge=5, le=3_600, description="Time for drawing one HTML5 creative, seconds.")
    ] = 240.0
    html_max_memory_mb: Annotated[
        int, Meta(ge=128, le=16_384, description="Memory for the browser that draws it, MB.")
    ] = 768


@dataclass(frozen=True, slots=True)
class ProofConfig:
    """Where proof of play goes, and how long it is kept here."""

    stream: Annotated[Text, Meta(description="Name of the Kinesis data stream. Empty: plays stay in the journal.")] = ""
    region: Annotated[Text, Meta(description="AWS region of the stream.")] = "us-east-1"
    endpoint: Annotated[Url, Meta(description="A Kinesis endpoint other than AWS's own. Empty: AWS's own.")] = ""
    flush_bytes: Annotated[
        int,
        Meta(ge=1_000, le=1_000_000, description="Send when this many bytes wait (Kinesis bills 25 KB units)."),
    ] = 25_000
    flush_seconds: Annotated[float, Meta(ge=1, le=86_400, description="Send at the latest after this, seconds.")] = (
        180.0
    )
    most_bytes_per_second: Annotated[
        int, Meta(ge=2_000, le=10_000_000, description="Most this screen sends in one second to a sink, bytes.")
    ] = 50_000
    most_records_per_second: Annotated[
        int, Meta(ge=1, le=1_000, description="Most Kinesis records (or gateway requests) it sends in one second.")
    ] = 50
    credentials: Annotated[
        Literal["chain", "iot"],
        Meta(description="AWS's own chain, or short-lived keys from AWS IoT for this device's certificate."),
    ] = "chain"
    iot_endpoint: Annotated[
        Text, Meta(description="Host of the AWS IoT credential provider (…credentials.iot.REGION.amazonaws.com).")
    ] = ""
    iot_role_alias: Annotated[Text, Meta(description="Role alias in AWS IoT that gives the keys.")] = ""
    certificate_file: Annotated[Path_, Meta(description="File with the device's X.509 certificate, PEM.")] = ""
    key_file: Annotated[Path_, Meta(description="File with the certificate's private key, PEM.")] = ""
    thing: Annotated[Text, Meta(description="Name of the thing in AWS IoT. Empty: none is told.")] = ""
    gateway_url: Annotated[
        Url, Meta(description="HTTPS gateway that takes plays as JSON lines, with or without a stream. Empty: none.")
    ] = ""
    gateway_token_file: Annotated[Path_, Meta(description="File with a bearer token for it, if it wants one.")] = ""
    keep_days: Annotated[int, Meta(ge=1, le=3_650, description="How long delivered plays are kept, days.")] = 30
    keep_plays: Annotated[int, Meta(ge=1_000, le=10_000_000, description="Most delivered plays kept.")] = 300_000

    def sinks(self) -> tuple[str, ...]:
        """The sinks that are to receive every play, by their names in the journal."""
        wanted = {"kinesis": self.stream, "gateway": self.gateway_url}
        return tuple(name for name, address in wanted.items() if address)

    keep_bytes: Annotated[
        int,
        Meta(ge=16_000_000, le=1_000_000_000_000, description="Most bytes of plays kept; delivered ones go first."),
    ] = 2_000_000_000


@dataclass(frozen=True, slots=True)
class HeartbeatConfig:
    """The periodic health report."""

    url: Annotated[Url, Meta(description="Where it is posted. Empty: none is sent.")] = ""
    seconds: Annotated[
        float, Meta(ge=1, le=86_400, description="Time between two, seconds; each varies by a tenth.")
    ] = 60.0
    token_file: Annotated[Path_, Meta(description="File with a bearer token for it, if it wants one.")] = ""
    backlog: Annotated[
        int,
        Meta(ge=0, le=1_000, description="How many are kept while it cannot be reached; older ones are thinned out."),
    ] = 60
    thumbnail_every: Annotated[
        int, Meta(ge=0, le=10_000, description="Each so many, one has a small picture of the screen; 0: none has.")
    ] = 0
    emf: Annotated[
        str,
        Meta(
            pattern=r"^(?!AWS/)[A-Za-z0-9._#/-]{0,255}$",
            description="CloudWatch namespace: each is a line of metrics in the log too (EMF). Empty: none is.",
            extra={"allowed": "letters, digits and . _ # / - (up to 255 of them), not beginning with AWS/"},
        ),
    ] = ""
    emf_dimensions: Annotated[
        tuple[Literal["screen_id", "venue_id", "player_version"], ...],
        Meta(description="What these metrics are told apart by; CloudWatch bills each combination. []: nothing."),
    ] = ("screen_id",)
    textfile: Annotated[
        str,
        Meta(
            pattern=r"^(|/.+\.prom)$",
            max_length=1_000,
            description="File for the textfile collector of Prometheus' node_exporter. Empty: none is written.",
            extra={"allowed": "a path from / on that ends with .prom, or empty"},
        ),
    ] = ""
    card_tbw: Annotated[
        float,
        Meta(ge=0, le=1_000_000, description="What may be written to the card in its life, terabytes; 0: not known."),
    ] = 0.0


@dataclass(frozen=True, slots=True)
class WebConfig:
    """The local page. Off: no port is open. On: for this machine alone, or with a PIN for the local network."""

    enabled: Annotated[bool, Meta(description="Serve it.")] = False
    host: Annotated[
        Literal["loopback", "lan"],
        Meta(description="Who may reach it: this machine (ssh -L leads there), or the whole local network."),
    ] = "loopback"
    port: Annotated[int, Meta(ge=1_024, le=65_535, description="TCP port that it listens on.")] = 8_480
    pin_file: Annotated[
        Path_,
        Meta(description="File with the PIN's hash, made by `ooh-player web pin`. Empty: the page can only be read."),
    ] = ""
    names: Annotated[
        tuple[Host, ...],
        Meta(description="Further host names that it answers to, besides the machine's own name and addresses."),
    ] = ()


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


@dataclass(frozen=True, slots=True)
class LogConfig:
    """The log on standard error (journald keeps it)."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="The least that is written; debug writes all.")
    ] = "info"
    form: Annotated[Literal["text", "json"], Meta(description="Lines for people, or JSON for machines.")] = "text"


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration."""

    screen: ScreenConfig = field(default_factory=ScreenConfig)
    exchange: tuple[ExchangeConfig, ...] = ()
    ads: AdsConfig = field(default_factory=AdsConfig)
    loop: tuple[SlotConfig, ...] = (SlotConfig(),)
    show: ShowConfig = field(default_factory=ShowConfig)
    layout: LayoutConfig = field(default_factory=LayoutConfig)
    panels: PanelsConfig = field(default_factory=PanelsConfig)
    cache: CacheConfig = field(default_factory=CacheConfig)
    fetch: FetchConfig = field(default_factory=FetchConfig)
    prepare: PrepareConfig = field(default_factory=PrepareConfig)
    proof: ProofConfig = field(default_factory=ProofConfig)
    heartbeat: HeartbeatConfig = field(default_factory=HeartbeatConfig)
    web: WebConfig = field(default_factory=WebConfig)
    watchdog: WatchdogConfig = field(default_factory=WatchdogConfig)
    log: LogConfig = field(default_factory=LogConfig)

    def panels_set_up(self) -> tuple[PanelKind, ...]:
        """The layout's panels, first is largest, without those that will never have data.

        Left out are panels that are switched off, those whose feed was never named, and a brand with nothing to say.
        """
        brand = self.panels.brand
        set_up = {
            "weather": self.panels.weather.enabled
            and self.screen.latitude is not None
            and self.screen.longitude is not None,
            "scores": self.panels.scores.set_up,
            "headlines": self.panels.headlines.set_up,
            "clock": self.panels.clock.enabled,
            "brand": brand.enabled and any((brand.title.strip(), brand.line.strip(), brand.url, brand.logo)),
        }
        return tuple(kind for kind in dict.fromkeys(self.layout.panels) if set_up[kind])
