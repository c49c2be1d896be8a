"""api.weather.gov's icons and words as WMO 4677 codes (https://api.weather.gov/icons lists the icons)."""

from __future__ import annotations

import pytest

from player.feeds.weather._nws_sky import code, is_day

ROOT = "https://api.weather.gov/icons/land/"


@pytest.mark.parametrize(
    ("icon", "words", "expected"),
    [
        ("day/skc?size=medium", "Sunny", 0),
        ("night/skc?size=small", "Clear", 0),
        ("day/wind_few?size=medium", "Mostly Sunny and Windy", 1),
        ("day/sct", "Partly Sunny", 2),
        ("day/bkn", "Mostly Cloudy", 3),
        ("day/ovc", "Cloudy", 3),
        ("night/fog?size=medium", "Patchy Fog", 45),
        ("day/rain,60?size=medium", "Rain Likely", 63),
        ("day/rain,60", "Light Rain", 61),
        ("day/rain", "Heavy Rain", 65),
        ("day/rain", "Drizzle", 53),
        ("day/rain", "Light Freezing Drizzle", 56),
        ("day/rain_showers,40", "Chance Rain Showers", 81),
        ("day/rain_showers_hi", "Isolated Rain Showers", 80),
        ("day/rain", "Rain Showers", 81),
        ("day/fzra", "Freezing Rain", 67),
        ("day/rain_snow", "Rain And Snow", 66),
        ("day/sleet", "Sleet", 66),
        ("night/snow,80", "Heavy Snow", 75),
        ("night/snow", "Light Snow", 71),
        ("night/snow", "Snow Showers", 85),
        ("day/blizzard", "Blizzard", 75),
        ("day/tsra,50", "Showers And Thunderstorms", 95),
        ("day/tsra_hi/tsra_sct,40", "Slight Chance T-storms", 95),
        ("day/tornado", "Tornado", 95),
        ("day/hurricane", "Hurricane Conditions", 82),
        ("day/few/rain,20", "Mostly Sunny then Slight Chance Rain", 1),
        ("day/few/rain,70", "Mostly Sunny then Rain", 63),
        ("day/haze", "Haze", None),
        ("day/smoke", "Areas Of Smoke", None),
        ("day/cold", "Sunny and Cold", 0),
        ("day/something_new", "Partly Cloudy", 2),
    ],
)
def test_an_icon_with_its_words(icon: str, words: str, expected: int | None) -> None:
    assert code(ROOT + icon, words) == expected


@pytest.mark.parametrize("icon", [None, 7, "", "https://x.test/a.png", ROOT, ROOT + "day/", {}])
def test_without_an_icon_the_words_decide(icon: object) -> None:
    assert code(icon, "Light Rain and Fog/Mist") == 61
    assert code(icon, None) is None
    assert code(icon, ["Rain"]) is None
    assert is_day(icon) is None


def test_day_and_night() -> None:
    assert (is_day(ROOT + "day/skc"), is_day(ROOT + "night/skc")) == (True, False)
