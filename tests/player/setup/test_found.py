"""What is found on the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import read_answer
from player.machine import Connector, Roots
from player.setup import look_around

HDMI = Connector("HDMI-A-1", "connected", "1920x1080", "on", None)


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    made = Roots(*(tmp_path / name for name in ("proc", "sys", "run", "etc", "var")))
    for folder in (made.proc / "device-tree", made.sys / "class/dmi/id", made.sys / "class/net/eth0/device", made.etc):
        folder.mkdir(parents=True)
    return made


def named(roots: Roots, host: str) -> str:
    return look_around(roots, (), lambda: host).screen_id


def test_a_machine_with_a_name_of_its_own_keeps_it(roots: Roots) -> None:
    assert named(roots, "bar-17.local") == "bar-17"


def test_a_fresh_image_gets_the_end_of_the_boards_number(roots: Roots) -> None:
    (roots.proc / "device-tree/serial-number").write_bytes(b"10000000abcdef12\0")
    assert named(roots, "raspberrypi") == "screen-cdef12"


def test_without_a_number_the_network_cards_is_taken(roots: Roots) -> None:
    (roots.sys / "class/dmi/id/product_serial").write_text("Not Specified\n")
    (roots.sys / "class/net/eth0/address").write_text("dc:a6:32:01:02:03\n")
    assert named(roots, "debian") == "screen-010203"


@pytest.mark.parametrize("host", ["", "x" * 90, "ä ö", "a b/c", "..."])
def test_whatever_the_hosts_name_the_proposal_is_allowed_or_none(roots: Roots, host: str) -> None:
    found = named(roots, host)
    assert found == "" or read_answer("screen.id", found) == found


def test_display_and_time_zone(roots: Roots) -> None:
    (roots.etc / "localtime").symlink_to("../usr/share/zoneinfo/Europe/Berlin")
    found = look_around(roots, (HDMI,), lambda: "x")
    assert (found.display, found.timezone) == ("HDMI-A-1 1920x1080", "Europe/Berlin")


def test_debians_file_tells_the_zone_too(roots: Roots) -> None:
    (roots.etc / "timezone").write_text("America/New_York\n")
    assert look_around(roots, (), lambda: "x").timezone == "America/New_York"
