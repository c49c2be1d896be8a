"""What spans time: bytes written today, alarms since boot, and why the machine started."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from player.machine import read_ledger
from tests.fakes import FakeClock
from tests.player.machine.board import SECTOR, FakeBoard

HOUR = 3_600.0
NEXT_BOOT = "99999999-2222-3333-4444-555555555555"


@pytest.fixture
def pi(tmp_path: Path, clock: FakeClock) -> FakeBoard:
    return FakeBoard(tmp_path, clock).like_a_pi()


def today(pi: FakeBoard) -> int | None:
    return pi.read().disk.written_today_bytes


def test_bytes_are_counted_by_day(pi: FakeBoard) -> None:
    assert today(pi) is None
    watch = pi.watch()
    assert today(pi) == 0
    pi.written(5_000)
    assert today(pi) == 3_000 * SECTOR
    pi.clock.advance(13 * HOUR)  # it was noon
    assert today(pi) is None, "nobody has counted this day yet"
    watch.look()
    pi.written(5_100)
    assert today(pi) == 100 * SECTOR


def test_the_count_goes_on_after_the_agent_and_after_a_boot(pi: FakeBoard) -> None:
    watch = pi.watch()
    pi.written(5_000)
    watch.close()
    pi.written(6_000)
    pi.watch()
    assert today(pi) == 4_000 * SECTOR
    pi.written(7_000)
    pi.watch().close()
    pi.clock.boot = NEXT_BOOT
    pi.written(300)
    pi.watch()
    assert today(pi) == 5_300 * SECTOR


def test_a_power_cut_costs_at_most_the_last_hour_of_the_count(pi: FakeBoard) -> None:
    watch = pi.watch()
    pi.written(5_000)
    pi.clock.advance(HOUR + 1)
    watch.look()
    pi.written(9_000)
    pi.clock.advance(HOUR / 2)
    watch.look()
    pi.clock.boot = NEXT_BOOT
    pi.written(10)
    pi.watch()
    assert today(pi) == 3_010 * SECTOR


def test_the_card_is_written_once_an_hour(pi: FakeBoard) -> None:
    watch = pi.watch()
    file = pi.folders.state / "machine.json"
    written = {file.stat().st_mtime_ns}
    for _ in range(3 * 60):
        pi.clock.advance(60)
        watch.look()
        written.add(file.stat().st_mtime_ns)
    assert len(written) == 4


def test_alarms_are_kept_for_the_boot(pi: FakeBoard, caplog: pytest.LogCaptureFixture) -> None:
    watch = pi.watch()
    with caplog.at_level(logging.WARNING, "ooh.machine"):
        pi.write("sys/class/hwmon/hwmon0/in0_lcrit_alarm", "1\n")
        pi.write("sys/bus/platform/devices/soc:firmware/get_throttled", "4\n")
        watch.look()
        watch.look()
    warnings = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert warnings == ["machine.power"]
    pi.write("sys/class/hwmon/hwmon0/in0_lcrit_alarm", "0\n")
    pi.write("sys/bus/platform/devices/soc:firmware/get_throttled", "0\n")
    power = pi.read().power
    assert (power.under_voltage, power.under_voltage_since_boot) == (False, True)
    assert (power.throttled, power.throttled_since_boot) == (False, True)
    pi.clock.boot = NEXT_BOOT
    assert pi.read().power.under_voltage_since_boot is False


def boot_again(pi: FakeBoard, *, stopped: bool, rescue_asked_ms: int | None = None) -> str | None:
    watch = pi.watch()
    if stopped:
        watch.close()
    pi.clock.advance(60)
    pi.clock.boot = NEXT_BOOT
    pi.watch(rescue_asked_ms)
    return pi.read().boot.reason


def test_the_first_boot_has_no_known_reason(pi: FakeBoard) -> None:
    pi.watch()
    assert pi.read().boot.reason is None


def test_stopped_in_good_order_is_a_reboot(pi: FakeBoard) -> None:
    assert boot_again(pi, stopped=True) == "reboot"


def test_not_stopped_is_a_power_cut(pi: FakeBoard) -> None:
    assert boot_again(pi, stopped=False) == "power"


def test_a_restarted_agent_knows_the_reason_still(pi: FakeBoard) -> None:
    assert boot_again(pi, stopped=False) == "power"
    pi.watch().close()
    pi.watch()
    assert pi.read().boot.reason == "power"


@pytest.mark.parametrize(
    ("status", "reason"), [("32", "watchdog"), ("33", "watchdog"), ("16", "power"), ("0", "reboot")]
)
def test_the_hardware_watchdog_says_so(pi: FakeBoard, status: str, reason: str) -> None:
    pi.write("sys/class/watchdog/watchdog0/bootstatus", f"{status}\n")
    assert boot_again(pi, stopped=True) == reason


def test_a_crash_dump_says_so(pi: FakeBoard) -> None:
    dump = pi.write("var/lib/systemd/pstore/17000/dmesg.txt", "Oops")
    os.utime(dump, ns=(0, int(pi.clock.wall.timestamp() - 9) * 10**9))
    assert boot_again(pi, stopped=False) == "power", "that was an older one"
    pi.clock.boot = "another"
    later = pi.write("sys/fs/pstore/dmesg-erst-1", "Oops")
    os.utime(later, ns=(0, int(pi.clock.wall.timestamp() + 9) * 10**9))
    pi.watch()
    assert pi.read().boot.reason == "panic"


@pytest.mark.parametrize(("ago_s", "reason"), [(30, "rescue"), (3_600, "reboot")])
def test_the_players_own_watchdog_says_so(pi: FakeBoard, ago_s: int, reason: str) -> None:
    asked_ms = round((pi.clock.wall.timestamp() + 60 - ago_s) * 1000)
    assert boot_again(pi, stopped=True, rescue_asked_ms=asked_ms) == reason


def test_a_disk_that_refuses_is_told_once(
    pi: FakeBoard, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("player.machine._watch.write_ledger", refuse)
    with caplog.at_level(logging.WARNING, "ooh.machine"):
        watch = pi.watch()
        watch.look()
        watch.close()
    assert [record.message for record in caplog.records] == ["machine.not_kept"]


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[1]", b'{"boot_id": 5}', b'{"boot_id": "\xff"}'],
    ids=["empty", "cut", "array", "number", "not UTF-8"],
)
def test_a_damaged_ledger_is_begun_anew(pi: FakeBoard, damage: bytes) -> None:
    (pi.folders.state / "machine.json").write_bytes(damage)
    pi.watch()
    ledger = read_ledger(pi.folders.state)
    assert ledger is not None
    assert ledger.reason is None
