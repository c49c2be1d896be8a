"""What the kernel's connectors say, and what may be concluded from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Size
from renderer.window._evidence import ConnectorState, connectors, display_state, evidence

ON = ConnectorState("HDMI-A-1", "connected", "enabled", "On")
ASLEEP = ConnectorState("HDMI-A-1", "connected", "enabled", "Off")
UNPLUGGED = ConnectorState("HDMI-A-2", "disconnected", "disabled", "Off")


def test_connectors_are_read_from_the_kernels_folders(tmp_path: Path) -> None:
    folder = tmp_path / "card1-HDMI-A-1"
    folder.mkdir()
    (folder / "status").write_text("connected\n")
    (folder / "enabled").write_text("enabled\n")
    (tmp_path / "card1").mkdir()
    (found,) = connectors(tmp_path)
    assert found.now() == ConnectorState("HDMI-A-1", "connected", "enabled", "")


@pytest.mark.parametrize(
    ("driver", "states", "expected"),
    [
        ("kmsdrm", [ON, UNPLUGGED], "unknown"),  # connected is not lit
        ("kmsdrm", [ASLEEP, UNPLUGGED], "off"),
        ("kmsdrm", [UNPLUGGED], "off"),
        ("kmsdrm", [], "unknown"),
        ("x11", [ASLEEP], "unknown"),  # another program owns the connectors
        ("offscreen", [], "unknown"),
    ],
)
def test_off_is_said_only_when_it_is_known(driver: str, states: list[ConnectorState], expected: str) -> None:
    assert display_state(driver, states) == expected


def test_the_evidence_names_driver_mode_and_connectors() -> None:
    size = Size(1920, 1080)
    assert evidence("kmsdrm", size, [ON, UNPLUGGED]) == "kmsdrm 1920x1080 HDMI-A-1:connected"
    assert evidence("kmsdrm", size, [ASLEEP]) == "kmsdrm 1920x1080 HDMI-A-1:off"
    assert evidence("kmsdrm", size, [UNPLUGGED]) == "kmsdrm 1920x1080 disconnected"
    assert evidence("offscreen", size, []) == "offscreen 1920x1080"
