"""The rules between keys: each is told at the line where it is mended."""

from __future__ import annotations

import zoneinfo
from pathlib import Path

import pytest

from config import ConfigError, load

TWO = '[[exchange]]\nurl = "https://a.example"\n[[exchange]]\nurl = "https://b.example"\n'


def problems_of(folder: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    main = folder / "player.toml"
    main.write_text(text, "utf-8")
    try:
        load(main, environ or {})
    except ConfigError as error:
        return [str(problem).removeprefix(f"{folder}/") for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[screen]\nlatitude = 1", "2: screen.latitude: latitude is set but longitude is not; set both or none"),
        ("[screen]\nlongitude = 1", "2: screen.longitude: longitude is set but latitude is not; set both or none"),
        (
            "[screen]\ntimezone = 'Europe/Berln'",
            '2: screen.timezone: "Europe/Berln" is no time zone that this machine knows; did you mean Europe/Berlin?',
        ),
        (
            "[screen]\ntimezone = '/etc/passwd'",
            (
                '2: screen.timezone: "/etc/passwd" is no time zone that this machine knows; '
                "use an IANA name such as Europe/Berlin, or nothing"
            ),
        ),
        (
            "[exchange]\nkind = 'vistar'\nurl = 'https://x.example'\napi_key_file = '/k'",
            '2: exchange.kind: kind = "vistar" needs network_id; the network has it',
        ),
        (TWO, '3: exchange[1].name: two exchanges are called "exchange"; give each its own name'),
        (
            TWO + "name = 'b'\n[[exchange]]\nname = 'c'",
            "6: exchange[2].url: missing; say where ad requests are posted, or take the exchange out",
        ),
        (
            "[[exchange]]\nurl = ''\n" + TWO.partition("\n[[")[0] + "\nname = 'b'",
            "2: exchange[0].url: missing; say where ad requests are posted, or take the exchange out",
        ),
        (
            "[exchange]\npublisher = '7'",
            "1: exchange.url: missing; say where ad requests are posted, or take the exchange out",
        ),
        ("loop = []", "1: loop: empty; the loop needs at least one [[loop]] slot"),
        (
            "[[loop]]\nstarts = '09:00'\nends = '09:00'",
            '3: loop[0].ends: the slot ends when it starts ("09:00") and never runs; "00:00" to "24:00" is all day',
        ),
        (
            "[[loop]]\nends = '00:00'",
            '2: loop[0].ends: the slot ends when it starts ("00:00") and never runs; "00:00" to "24:00" is all day',
        ),
        (
            "[[loop]]\nkind = 'house'",
            "1: loop[0].creatives: a house slot, but no slot names creatives; name files or a folder",
        ),
        ("[layout]\npanels = ['clock', 'clock']", '2: layout.panels: "clock" is listed twice; name each panel once'),
        (
            "[screen]\nsize = '99999x16'",
            "2: screen.size: 99999x16 is no screen; each side is from 16 to 16384 pixels",
        ),
        (
            "[screen]\nsize = '640x480'\n[layout]\nsafe_margin = 240",
            "4: layout.safe_margin: 240 at each edge leaves nothing of 640x480; use less",
        ),
        (
            "[panels.weather]\nrefresh_seconds = 86_400",
            (
                "2: panels.weather.refresh_seconds: the panel would hide between two requests: "
                "max_age_seconds (10800) is under refresh_seconds (86400)"
            ),
        ),
        (
            "[proof]\nendpoint = 'http://localhost:4567'",
            "2: proof.endpoint: an endpoint is set but no stream; name the stream",
        ),
        (
            "[proof]\ngateway_token_file = '/etc/token'",
            "2: proof.gateway_token_file: a token is set but no gateway; name it",
        ),
        (
            "[proof]\ncredentials = 'iot'\niot_endpoint = 'x'\niot_role_alias = 'y'\nkey_file = 'z'",
            '2: proof.credentials: credentials = "iot" needs certificate_file; set it, or take "chain"',
        ),
    ],
)
def test_a_broken_rule(tmp_path: Path, text: str, told: str) -> None:
    assert problems_of(tmp_path, text) == [f"player.toml:{told}"]


@pytest.mark.parametrize(
    "text",
    [
        "[screen]\nlatitude = 1\nlongitude = 2",
        "[screen]\ntimezone = 'UTC'",
        "[[loop]]\nkind = 'house'\n[[loop]]\ncreatives = ['/srv/a.png']",
        "[[loop]]\nstarts = '22:00'\nends = '02:00'",
        "[exchange]",
        "exchange = []",
        TWO + "name = 'b'",
    ],
)
def test_what_keeps_the_rules(tmp_path: Path, text: str) -> None:
    assert problems_of(tmp_path, text) == []


def test_a_wrong_value_is_told_once(tmp_path: Path) -> None:
    text = "[screen]\nlatitude = 91\nlongitude = 2\n"
    assert problems_of(tmp_path, text) == ["player.toml:2: screen.latitude: 91 is not allowed; use -90 to 90"]


def test_a_machine_without_time_zones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> zoneinfo.ZoneInfo:
        raise zoneinfo.ZoneInfoNotFoundError(name)

    monkeypatch.setattr("config._rules.ZoneInfo", none)
    monkeypatch.setattr("config._rules.available_timezones", set)
    told = "2: screen.timezone: this machine has no time zones; install the package tzdata, or leave timezone out"
    assert problems_of(tmp_path, "[screen]\ntimezone = 'Europe/Berlin'") == [f"player.toml:{told}"]


def test_a_rule_broken_in_the_environment(tmp_path: Path) -> None:
    told = "environment: OOH_PLAYER_SCREEN__LATITUDE: latitude is set but longitude is not; set both or none"
    assert problems_of(tmp_path, "", {"OOH_PLAYER_SCREEN__LATITUDE": "1"}) == [told]
