"""Root's half of the watchdog: what the screen may ask for, how often, and what it cannot do with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.systemd.machine import Machine
from tests.systemd.units import FOLDER

_RESTART = "restart --no-block ooh-player.target"
_REBOOT = "reboot --no-block"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine.below(tmp_path)
    machine.fake("systemctl", f'echo "$*" >>{tmp_path}/asked')
    machine.fake("sleep", "exit 0")
    machine.fake("timeout", 'shift; case $1 in head) exec timeout.real 1 "$@" ;; esac; exec "$@"')
    (machine.fakes / "timeout.real").symlink_to("/usr/bin/timeout")
    for folder in ("/run/ooh-player", "/run/ooh-player-rescue", "/proc", "/opt/ooh-player/current/bin"):
        machine.path(folder).mkdir(parents=True)
    up_for(machine, 40_000)
    allow_reboot(machine, "false")
    return machine


def up_for(machine: Machine, seconds: int) -> None:
    machine.path("/proc/uptime").write_text(f"{seconds}.25 1.00\n", encoding="ascii")


def allow_reboot(machine: Machine, value: str) -> None:
    program = machine.path("/opt/ooh-player/current/bin/ooh-player")
    shown = f'{{"screen.id": {{"value": "x"}}, "watchdog.reboot": {{"value": {value}, "source": "default"}}}}'
    program.write_text(f"#!/bin/sh\necho '{shown}'\n", encoding="utf-8")
    program.chmod(0o755)


def rescue(machine: Machine, wish: str | None) -> tuple[list[str], str]:
    """What systemd was asked for since the last call, and what was said."""
    file = machine.path("/run/ooh-player/rescue")
    if wish is not None:
        file.write_text(wish, encoding="utf-8")
    asked = machine.root.parent / "asked"
    asked.unlink(missing_ok=True)
    code, said = machine.run(FOLDER / "rescue", str(machine.root))
    assert code == 0, said
    assert not os.path.lexists(file)
    return (asked.read_text(encoding="utf-8").splitlines() if asked.exists() else []), said


def test_everything_is_restarted_but_not_in_a_loop(machine: Machine) -> None:
    assert rescue(machine, "restart watchdog.frozen\n")[0] == [_RESTART]
    up_for(machine, 40_060)
    assert rescue(machine, "restart watchdog.frozen\n")[0] == []
    up_for(machine, 40_120)
    assert rescue(machine, "restart watchdog.frozen\n")[0] == [_RESTART]


@pytest.mark.parametrize(
    ("allowed", "up_s", "asked"),
    [("true", 3600, _REBOOT), ("true", 3599, _RESTART), ("false", 90_000, _RESTART), ('"true"', 90_000, _RESTART)],
)
def test_a_reboot_only_if_it_is_allowed_and_once_an_hour(machine: Machine, allowed: str, up_s: int, asked: str) -> None:
    allow_reboot(machine, allowed)
    up_for(machine, up_s)
    assert rescue(machine, "reboot watchdog.frozen\n")[0] == [asked]


_WISHES = ("", "rm -rf /", "rebooting", "watchdog.frozen reboot", "$(halt)", "x" * 100_000)


@pytest.mark.parametrize("wish", _WISHES, ids=["none", "rm", "longer", "second", "shell", "long"])
def test_anything_else_is_not_granted(machine: Machine, wish: str) -> None:
    allow_reboot(machine, "true")
    asked, said = rescue(machine, wish)
    assert asked == []
    assert "rm -rf" not in said


def test_a_wish_that_is_no_file_harms_nothing(machine: Machine) -> None:
    wish = machine.path("/run/ooh-player/rescue")
    precious = machine.root / "precious"
    precious.mkdir()
    (precious / "file").touch()
    wish.symlink_to(precious)
    assert rescue(machine, None)[0] == []
    assert (precious / "file").exists()
    wish.mkdir()
    (wish / "inner").symlink_to(precious)
    assert rescue(machine, None)[0] == []
    assert (precious / "file").exists()
    os.mkfifo(wish)
    assert rescue(machine, None)[0] == []
