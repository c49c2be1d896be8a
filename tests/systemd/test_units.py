"""The units: accepted by systemd, boxed well, never waiting for the network, and never giving up."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.systemd.units import DISPLAYS, FOLDER, PROCESSES, UNITS, read_unit, service

# Where the player is installed is not where the tests run; everything else is judged as it stands.
_COMMAND = re.compile(r"/opt/ooh-player/current/\S+")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the units whose programs exist."""
    for unit in UNITS:
        (tmp_path / unit.name).write_text(_COMMAND.sub("/bin/true", unit.read_text(encoding="utf-8")), "utf-8")
    return tmp_path


def verified(*units: Path) -> str:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, units)], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if "ooh-player" in line]
    return "\n".join(complaints) or ("" if done.returncode == 0 else done.stderr)


def exposure(unit: Path) -> float:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found, done.stderr
    return float(found[1])


def test_systemd_accepts_all_of_them(folder: Path) -> None:
    assert verified(*sorted(folder.iterdir())) == ""


@pytest.mark.parametrize("display", DISPLAYS)
def test_systemd_accepts_the_screen_on_every_display(folder: Path, display: str) -> None:
    drop_ins = folder / "ooh-player-screen.service.d"
    drop_ins.mkdir()
    shutil.copy(FOLDER / "display" / f"{display}.conf", drop_ins)
    text = (drop_ins / f"{display}.conf").read_text(encoding="utf-8")
    filled = text.replace("@DISPLAY@", ":0").replace("@XAUTHORITY@", "/run/x").replace("@SOCKET@", "/run/wayland-0")
    assert "@" not in filled.replace("getty@tty1", "")
    (drop_ins / f"{display}.conf").write_text(filled, encoding="utf-8")
    assert verified(folder / "ooh-player-screen.service") == ""


@pytest.mark.parametrize("name", PROCESSES)
def test_it_is_boxed(name: str) -> None:
    assert exposure(FOLDER / f"ooh-player-{name}.service") <= 2.0


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_it_waits_for_no_network(unit: Path) -> None:
    found = read_unit(unit)
    ordering = " ".join(found.get("Unit", key, fallback="") for key in ("After", "Requires", "Wants", "BindsTo"))
    assert "network" not in ordering


@pytest.mark.parametrize("name", PROCESSES)
def test_it_never_gives_up(name: str) -> None:
    unit = service(name)
    assert unit.get("Unit", "StartLimitIntervalSec") == "0"
    assert unit.get("Service", "Restart") == ("on-failure" if name == "web" else "always")


@pytest.mark.parametrize("name", PROCESSES)
def test_its_folders_are_systemds_and_outlive_it(name: str) -> None:
    unit = service(name)
    for key in ("StateDirectory", "RuntimeDirectory"):
        assert unit.get("Service", key) == "ooh-player"
        assert unit.get("Service", f"{key}Mode") == "0700"
    assert unit.get("Service", "RuntimeDirectoryPreserve") == "yes"


@pytest.mark.parametrize("name", ["screen", "agent"])
def test_it_tells_systemd_how_it_is(name: str) -> None:
    unit = service(name)
    assert unit.get("Service", "Type") == "notify"
    assert unit.get("Service", "NotifyAccess") == "main"
    assert unit.get("Service", "WatchdogSec")
    # SIGABRT, the default, makes it write where it hangs; a core of a process with a GPU's memory would fill the card.
    assert not unit.has_option("Service", "WatchdogSignal")
    assert unit.get("Service", "LimitCORE") == "0"


def test_the_screen_has_no_network_and_the_agent_no_devices() -> None:
    assert service("screen").get("Service", "PrivateNetwork") == "yes"
    assert "AF_INET" not in service("screen").get("Service", "RestrictAddressFamilies")
    assert service("agent").get("Service", "PrivateDevices") == "yes"
    assert service("agent").get("Service", "DevicePolicy") == "closed"
    assert not service("agent").has_option("Service", "DeviceAllow")


@pytest.mark.parametrize("name", PROCESSES)
def test_its_memory_has_a_bound_below_a_pis(name: str) -> None:
    high, most = (int(service(name).get("Service", key).removesuffix("M")) for key in ("MemoryHigh", "MemoryMax"))
    assert high < most < 900


def test_the_screen_is_the_last_to_go_when_memory_is_short() -> None:
    scores = [int(service(name).get("Service", "OOMScoreAdjust")) for name in ("screen", "agent", "web")]
    assert scores == sorted(scores)
    # A browser that the kernel kills must not take the agent along.
    assert service("agent").get("Service", "OOMPolicy") == "continue"


@pytest.mark.parametrize("name", PROCESSES)
def test_the_target_carries_it(name: str) -> None:
    unit = service(name)
    assert unit.get("Unit", "PartOf") == "ooh-player.target"
    assert unit.get("Install", "WantedBy") == "ooh-player.target"


@pytest.mark.parametrize("name", PROCESSES)
def test_the_clocks_state_can_be_read(name: str) -> None:
    # ProtectClock= forbids even reading it (adjtimex(2)): plays under chrony would never know that the clock was set.
    unit = service(name)
    assert not unit.has_option("Service", "ProtectClock")
    assert "clock_adjtime" in unit.get("Service", "SystemCallFilter")
