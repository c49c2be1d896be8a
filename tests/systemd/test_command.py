"""The command as a tech types it: it becomes the player's user, and stays root only to write settings."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.systemd.machine import Machine
from tests.systemd.units import FOLDER

_PROGRAM = "/opt/ooh-player/current/bin/ooh-player"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine.below(tmp_path)
    machine.fake("setpriv", 'echo "setpriv $*"; umask; env')
    machine.fake("sudo", 'echo "sudo $*"')
    machine.fake("systemctl", 'echo "DISPLAY=:7 XAUTHORITY=/run/x PYTHONUNBUFFERED=1"')
    return machine


def typed(machine: Machine, *words: str, user: str = "root", uid: int = 0) -> str:
    machine.fake("id", f"case $1 in -un) echo {user} ;; -u) echo {uid} ;; esac")
    environ = {"PATH": f"{machine.fakes}:{os.environ['PATH']}"}
    done = subprocess.run([FOLDER / "ooh-player", *words], env=environ, capture_output=True, text=True, check=False)
    return done.stdout


def test_root_becomes_the_players_user_on_the_services_folders(machine: Machine) -> None:
    said = typed(machine, "status", "--json").splitlines()
    assert said[0] == f"setpriv --reuid ooh-player --regid ooh-player --init-groups -- {_PROGRAM} status --json"
    assert said[1] == "0077"
    assert "STATE_DIRECTORY=/var/lib/ooh-player" in said
    assert "RUNTIME_DIRECTORY=/run/ooh-player" in said


def test_setup_stays_root_and_lets_the_players_group_read(machine: Machine) -> None:
    said = typed(machine, "setup", "--yes").splitlines()
    assert said[0] == f"setpriv --regid ooh-player --clear-groups -- {_PROGRAM} setup --yes"
    assert said[1] == "0027"


def test_anybody_else_goes_by_sudo(machine: Machine) -> None:
    assert typed(machine, "status", user="pi", uid=1000) == f"sudo -- {FOLDER / 'ooh-player'} status\n"


def test_the_doctor_looks_at_the_display_that_the_screen_has(machine: Machine) -> None:
    said = typed(machine, "doctor").splitlines()
    assert "DISPLAY=:7" in said
    assert not any(line.startswith("PYTHONUNBUFFERED") for line in said)
    assert "DISPLAY=:7" not in typed(machine, "status").splitlines()
