"""Providers of other packages: the example of docs/feeds.md is installed and run; those that misbehave harm nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cache import FeedSnapshot
from config import Code, OohError, ScoresConfig, WeatherConfig
from player.feeds import GROUP, PROVIDERS, provider_name
from tests.fakes import FakeClock
from tests.player.feeds.sources import Source, one

DOC = (Path(__file__).parents[3] / "docs" / "feeds.md").read_text(encoding="utf-8")
NOW = 1_795_348_800


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, code: str, attribute: str) -> None:
    """As pip would: the module, and a dist-info folder with its entry point."""
    (folder / f"{module}.py").write_text(code)
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {module}:{attribute}\n")
    monkeypatch.syspath_prepend(folder)


def example() -> str:
    found = re.search(r"### Adding one.*?```python\n(.*?)```", DOC, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_documented_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(example().splitlines()) <= 30
    install(tmp_path, monkeypatch, "hut", "hut_feed", example(), "HutFeed")
    source = Source({"/now": {"at": NOW - 60, "celsius": -3.5, "sky": "snow"}})
    section = {"provider": "hut", "url": "https://hut.example/now"}
    feed = one("weather", section, source, FakeClock())

    snapshot = feed.fetch()
    assert snapshot.fetched_at == datetime.fromtimestamp(NOW - 60, UTC)
    assert (snapshot.kind, snapshot.attribution) == ("weather", "Alpine Club")
    assert snapshot.data["now"] == {"temperature": -3.5, "code": 73, "is_day": True}
    assert feed.refresh_s == 900
    source.pages["/now"] = {"celsius": "cold"}
    with pytest.raises(OohError) as found:
        feed.fetch()
    assert found.value.code is Code.FEED_INVALID


MADE = "class make:\n    refresh_s = float('nan')\n    def __init__(self, setup): pass\n"
BAD = {
    "no-such-name": "",
    "raises-at-import": "1 / 0",
    "raises-when-made": "def make(setup):\n    raise KeyError('x')",
    "raises-when-asked": f"{MADE}    def fetch(self): return {{}}['x']",
    "gives-nothing": f"{MADE}    def fetch(self): return None",
    "is-none": "make = 7",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_guest_is_a_feed_that_fails(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, name, f"bad_{name.replace('-', '_')}", BAD[name], "make")
    feed = one("weather", {"provider": name}, Source({}), FakeClock())
    assert 1 <= feed.refresh_s <= 86_400
    with pytest.raises(OohError) as found:
        feed.fetch()
    assert found.value.code is Code.FEED_PROVIDER


def test_a_snapshot_of_another_panel_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "from cache import FeedSnapshot\n"
        "class make:\n"
        "    refresh_s = 60\n"
        "    def __init__(self, setup): self.clock = setup.clock\n"
        "    def fetch(self): return FeedSnapshot('scores', self.clock.now(), 1, '', {})\n"
    )
    install(tmp_path, monkeypatch, "stray", "stray_feed", code, "make")
    with pytest.raises(OohError) as found:
        one("weather", {"provider": "stray"}, Source({}), FakeClock()).fetch()
    assert found.value.code is Code.FEED_PROVIDER
    snapshot = one("scores", {"provider": "stray"}, Source({}), FakeClock()).fetch()
    assert isinstance(snapshot, FeedSnapshot)


def test_an_unknown_provider_names_those_that_there_are() -> None:
    with pytest.raises(OohError) as found:
        one("scores", {"provider": "cricket"}, Source({}), FakeClock()).fetch()
    assert found.value.code is Code.FEED_PROVIDER
    assert "espn" in found.value.detail
    assert "mlb" in found.value.detail


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (WeatherConfig(), "open-meteo"),
        (WeatherConfig(url="https://api.weather.gov"), "nws"),
        (WeatherConfig(url="https://api.weather.gov", provider="open-meteo"), "open-meteo"),
        (WeatherConfig(url="https://api.openweathermap.org/data/2.5"), "openweathermap"),
        (WeatherConfig(url="https://weather.example/v1"), "open-meteo"),
        (WeatherConfig(url="https://statsapi.mlb.com/x"), "open-meteo"),
        (WeatherConfig(url="https://[broken/"), "open-meteo"),
        (ScoresConfig(url="https://statsapi.mlb.com/api/v1/schedule"), "mlb"),
        (ScoresConfig(url="https://api-web.nhle.com/v1/score/now"), "nhl"),
        (ScoresConfig(url="https://site.api.espn.com/x"), "espn"),
    ],
)
def test_without_a_word_the_host_says_who_provides(section: WeatherConfig | ScoresConfig, expected: str) -> None:
    assert provider_name("weather" if isinstance(section, WeatherConfig) else "scores", section) == expected


def test_every_provider_is_in_the_document_with_its_attribution() -> None:
    table = DOC.split("## Providers")[1].split("###")[0]
    for kind, name in PROVIDERS:
        assert f"| {kind} | `{name}` |" in table
