"""The machine in ``status``, for people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from player.cli._machine_lines import machine_lines
from player.machine import Power
from tests.fakes import FakeClock
from tests.player.heartbeat.facts import machine
from tests.player.machine.board import FakeBoard


def test_a_screen_in_a_bar() -> None:
    board, *rest = machine_lines(machine())
    facts = "58 °C, 1390 MB of memory free, had too little voltage since boot, started after a power cut"
    assert board == f"  machine     Raspberry Pi 4 Model B Rev 1.5, {facts}"
    assert rest == [
        "  disk        24.1 of 31.3 GB free, 412 MB written today, 3 % of its life used (estimated)",
        "  network     eth0 10.20.4.17 2001:db8:4::17, wlan0 down",
    ]


def test_what_is_wrong_is_said() -> None:
    told = machine()
    worn = replace(
        told,
        power=Power(True, False, False, False, under_voltage_since_boot=True, throttled_since_boot=False),
        disk=replace(told.disk, read_only=True, errors=3),
        links=(),
    )
    lines = machine_lines(worn)
    assert "too little voltage" in lines[0]
    assert lines[1].endswith("read-only, 3 errors noted")
    assert lines[2] == "  network     no link"


def test_a_silent_machine(tmp_path: Path, clock: FakeClock) -> None:
    board = FakeBoard(tmp_path, clock)
    board.addresses = dict  # type: ignore[method-assign]
    lines = machine_lines(board.read())
    assert lines[0].startswith("  machine     ")
    assert lines[2] == "  network     no link"
