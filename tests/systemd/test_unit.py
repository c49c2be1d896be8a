"""The unit: accepted by systemd, waits for no network, and never gives up."""

from __future__ import annotations

import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

UNIT = Path(__file__).parent.parent.parent / "systemd" / "ooh-player.service"


@pytest.fixture
def unit() -> RawConfigParser:
    parser = RawConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # systemd's keys have capitals
    parser.read(UNIT, encoding="utf-8")
    return parser


def test_systemd_accepts_it(tmp_path: Path) -> None:
    # The program is not installed where the tests run; everything else is verified as it stands.
    copy = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8").replace("/opt/ooh-player/bin/ooh-player run", "/bin/true")
    copy.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert copy.name not in done.stderr, done.stderr


def test_it_never_waits_for_the_network(unit: RawConfigParser) -> None:
    ordering = " ".join(unit.get("Unit", key, fallback="") for key in ("After", "Requires", "Wants", "BindsTo"))
    assert "network" not in ordering


def test_it_never_gives_up(unit: RawConfigParser) -> None:
    assert unit.get("Unit", "StartLimitIntervalSec") == "0"
    assert unit.get("Service", "Restart") == "always"


def test_its_folders_are_systemds(unit: RawConfigParser) -> None:
    for key in ("StateDirectory", "RuntimeDirectory", "ConfigurationDirectory"):
        assert unit.get("Service", key) == "ooh-player"
