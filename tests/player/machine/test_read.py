"""The facts of a board, read from its files; and from none at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cache import Folders, SystemClock
from player.machine import Connector, Link, Meter, Power, Roots, process_figures, read_machine
from tests.fakes import FakeClock
from tests.player.machine.board import SECTOR, FakeBoard


@pytest.fixture
def pi(tmp_path: Path, clock: FakeClock) -> FakeBoard:
    return FakeBoard(tmp_path, clock).like_a_pi()


def test_a_pi_is_read_whole(pi: FakeBoard) -> None:
    machine = pi.read(card_tbw=10.0)
    assert machine.system.model == "Raspberry Pi 4 Model B Rev 1.5"
    assert machine.system.os == "Debian GNU/Linux 12 (bookworm)"
    assert machine.boot.id == pi.clock.boot
    assert machine.boot.uptime_s == 120.5
    assert machine.processor.cores == 2
    assert machine.processor.load_1m == 0.42
    assert machine.processor.temperature_c == 61.3
    assert machine.memory.total_bytes == 1_024_000
    assert machine.memory.available_bytes == 614_400
    assert machine.memory.limits_hold is False
    assert machine.power == Power(False, False, False, False, False, False)
    assert machine.clock == pi.clock.clock_state


def test_the_disk_is_that_of_the_journal(pi: FakeBoard) -> None:
    disk = pi.read(card_tbw=10.0).disk
    assert (disk.device, disk.filesystem, disk.read_only, disk.errors) == ("mmcblk0", "ext4", False, 0)
    assert disk.written_since_boot_bytes == 2_000 * SECTOR
    assert disk.written_ever_bytes == 1_024_000_000_000
    assert (disk.life_percent_used, disk.life) == (10.2, "estimated")
    assert disk.total_bytes is not None
    assert disk.free_bytes is not None
    assert disk.total_bytes > disk.free_bytes > 0
    assert pi.read().disk.life_percent_used is None


def test_an_emmc_tells_its_life_itself(pi: FakeBoard) -> None:
    pi.write("sys/devices/mmc/block/mmcblk0/device/life_time", "0x01 0x03\n")
    disk = pi.read(card_tbw=10.0).disk
    assert (disk.life_percent_used, disk.life) == (30.0, "measured")
    pi.write("sys/devices/mmc/block/mmcblk0/device/life_time", "0x00 0x00\n")
    assert pi.read().disk.life is None


@pytest.mark.parametrize("where", ["own", "whole"])
def test_a_read_only_disk_is_seen(pi: FakeBoard, where: str) -> None:
    text = (pi.roots.proc / "self/mountinfo").read_text()
    own = text.replace(" rw - ext4", " ro - ext4")
    whole = text.replace("/dev/root rw\n", "/dev/root ro,errors=remount-ro\n")
    pi.write("proc/self/mountinfo", own if where == "own" else whole)
    assert pi.read().disk.read_only is True


def test_links(pi: FakeBoard) -> None:
    assert pi.read().links == (
        Link("eth0", "wired", True, ("10.0.0.7", "2001:db8::7"), 1000, None),
        Link("wlan0", "wifi", False, ("169.254.3.4",), None, -56),
    )


def test_connectors(pi: FakeBoard) -> None:
    edid = hashlib.sha256(b"\x00\xff edid").hexdigest()
    assert pi.read().connectors == (
        Connector("HDMI-A-2", "connected", "1920x1080", "on", edid),
        Connector("HDMI-A-1", "disconnected", None, "off", None),
    )


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        ("50005", Power(True, True, False, False, True, True)),
        ("0x50000", Power(False, False, False, False, True, True)),
        ("a", Power(False, False, True, True, False, False)),
        ("40000", Power(False, False, False, False, False, True)),
        ("0", Power(False, False, False, False, False, False)),
    ],
)
def test_what_the_firmware_says_of_the_supply(pi: FakeBoard, bits: str, expected: Power) -> None:
    pi.write("sys/bus/platform/devices/soc:firmware/get_throttled", f"{bits}\n")
    assert pi.read().power == expected
    assert pi.asked == []


def test_without_the_drivers_file_its_program_is_asked(pi: FakeBoard) -> None:
    (pi.roots.sys / "bus/platform/devices/soc:firmware/get_throttled").unlink()
    pi.told = "throttled=0x4\n"
    assert pi.read().power.throttled is True
    pi.told = "VCHI initialization failed\n"
    assert pi.read().power == Power(False, None, None, None, False, None)


def test_the_kernels_alarm_counts_where_the_firmware_is_silent(pi: FakeBoard) -> None:
    pi.write("sys/class/hwmon/hwmon0/in0_lcrit_alarm", "1\n")
    power = pi.read().power
    assert power.under_voltage is True
    assert power.under_voltage_since_boot is True


def test_the_load_is_measured_between_two_readings(pi: FakeBoard) -> None:
    meter = Meter()
    assert meter.percent(pi.roots) is None
    assert meter.percent(pi.roots) is None, "no time went by"
    pi.ticks(130, 170)
    assert meter.percent(pi.roots) == 30.0
    pi.ticks(1, 1)
    assert meter.percent(pi.roots) is None, "the count went back"


@pytest.mark.parametrize(
    ("unified", "groups", "hold"),
    [
        ("cpu memory", "", True),
        ("cpu", "memory 4 97 1", True),
        ("cpu", "memory 0 97 0", False),
        ("cpu", "", False),
        (None, "", None),
    ],
)
def test_whether_memory_limits_hold(pi: FakeBoard, unified: str | None, groups: str, hold: bool | None) -> None:
    pi.write("proc/cgroups", groups)
    if unified is None:
        (pi.roots.sys / "fs/cgroup/cgroup.controllers").unlink()
    else:
        pi.write("sys/fs/cgroup/cgroup.controllers", unified)
    assert pi.read().memory.limits_hold is hold


def test_a_machine_that_tells_nothing_is_unknown(tmp_path: Path, clock: FakeClock) -> None:
    board = FakeBoard(tmp_path, clock)
    machine = read_machine(
        Folders(tmp_path / "none", tmp_path / "none"),
        clock,
        roots=board.roots,
        meter=Meter(),
        ask_firmware=board.firmware,
        addresses=dict,
    )
    assert machine.processor.cores is machine.processor.percent is machine.processor.temperature_c is None
    assert machine.memory.total_bytes is machine.memory.limits_hold is None
    assert set(vars_of(machine.power)) == {None}
    assert set(vars_of(machine.disk)) == {None}
    assert not machine.links
    assert not machine.connectors
    assert (machine.boot.reason, machine.boot.uptime_s) == (None, None)


NONSENSE = st.binary(max_size=60) | st.just(b"-1") | st.just(b"9" * 400)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=st.lists(st.tuples(st.integers(0, 99), NONSENSE), max_size=4), told=st.none() | st.text(max_size=20))
def test_no_file_upsets_it(tmp_path: Path, damage: list[tuple[int, bytes]], told: str | None) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        board = FakeBoard(Path(folder), FakeClock()).like_a_pi()
        files = sorted(path for path in (board.folder / "root").rglob("*") if path.is_file())
        for number, text in damage:
            files[number % len(files)].write_bytes(text)
        board.told = told
        assert board.read(card_tbw=1.0).system.kernel


def test_the_machine_that_runs_this(tmp_path: Path) -> None:
    machine = read_machine(Folders(tmp_path, tmp_path), SystemClock())
    assert machine.processor.cores is not None
    assert machine.processor.cores >= 1
    assert machine.memory.total_bytes is not None
    assert machine.disk.free_bytes is not None
    assert machine.disk.filesystem


def test_processes() -> None:
    figures = process_figures({"agent": os.getpid(), "screen": None, "gone": 2**22 + 1})
    assert figures["screen"] is figures["gone"] is None
    agent = figures["agent"]
    assert agent is not None
    assert agent["rss_bytes"] >= (agent["pss_bytes"] or 0) > 1_000_000


def test_the_roots_are_the_machines_own_by_default() -> None:
    assert Roots() == Roots(Path("/proc"), Path("/sys"), Path("/run"), Path("/etc"), Path("/var"))


def vars_of(value: object) -> list[object]:
    return [getattr(value, name) for name in value.__slots__]  # type: ignore[attr-defined]
