"""What the doctor says of the player itself, its services and its versions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cache import Board, Escalation, Escalations, write_escalations
from cache import rfc3339 as rfc
from config import Config, WebConfig, config_hash
from player._version import player_version
from player.doctor import Finding, Patient, bare_checkup, checkup, examine
from player.doctor._player import look_at_delivery, look_at_player, look_at_watchdog
from player.doctor._service import look_at_page, look_at_proxy, look_at_service, look_at_version, run_command
from tests.fakes import FakeClock
from tests.player.doctor.patients import FakeNet, answers, is_told, patient


def board(folder: Path, name: str, **keys: Any) -> None:
    """A process that lives: this one stands for it."""
    (folder / "run").mkdir(exist_ok=True)
    told = {"pid": os.getpid(), "config": config_hash(Config()), "version": player_version(), **keys}
    Board(folder / "run", name).write(told)  # type: ignore[arg-type]


def test_a_player_that_runs_with_the_file_is_good(tmp_path: Path) -> None:
    board(tmp_path, "screen")
    board(tmp_path, "agent")
    assert is_told(look_at_player(patient(tmp_path)), "ok", f"run, version {player_version()}")


def test_a_dark_screen_fails_and_a_missing_agent_is_watched(tmp_path: Path) -> None:
    assert is_told(look_at_player(patient(tmp_path)), "warn", "neither screen nor agent runs", "ooh-player run")
    board(tmp_path, "agent")
    assert is_told(look_at_player(patient(tmp_path)), "fail", "the screen does not run", "ooh-player run")
    (tmp_path / "run/agent.json").rename(tmp_path / "run/screen.json")
    assert is_told(look_at_player(patient(tmp_path)), "warn", "the agent does not run")
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    assert is_told(look_at_player(patient(tmp_path)), "warn", "the agent", "systemctl start ooh-player.target")


def test_settings_that_were_not_reloaded(tmp_path: Path) -> None:
    board(tmp_path, "screen", config="0123456789abcdef")
    board(tmp_path, "agent")
    assert is_told(look_at_player(patient(tmp_path)), "warn", "screen runs with other settings", "ooh-player reload")


def test_another_version_than_the_installed(tmp_path: Path) -> None:
    board(tmp_path, "screen", version="0.0.9")
    board(tmp_path, "agent")
    assert is_told(look_at_player(patient(tmp_path)), "warn", "version 0.0.9 runs", "restart ooh-player.target")


@pytest.mark.parametrize(("age_h", "grade"), [(2, "warn"), (48, "ok")])
def test_what_the_watchdog_had_to_do(tmp_path: Path, age_h: int, grade: str) -> None:
    seen, clock = patient(tmp_path), FakeClock()
    assert is_told(look_at_watchdog(seen), "ok", "never had to")
    for folder in (seen.folders.state, seen.folders.run):
        folder.mkdir()
    at = rfc(clock.wall - timedelta(hours=age_h))
    told = Escalations(
        {"renderer": 2, "process": 1, "service": 0, "reboot": 0}, Escalation("process", "watchdog.x", at)
    )
    write_escalations(told, seen.folders.state, seen.folders.run)
    assert is_told(look_at_watchdog(seen), grade, "process (watchdog.x); in all 2 renderer, 1 process")


def sink(**keys: Any) -> dict[str, Any]:
    return {"pending": 0, "delivered": 9, "set_aside": 0, "oldest_pending_at": None, "error": None, **keys}


def test_plays_that_wait_too_long(tmp_path: Path) -> None:
    assert look_at_delivery(patient(tmp_path)) is None
    board(tmp_path, "agent", delivery=sink(pending=3, oldest_pending_at="2026-11-22T11:50:00Z"))
    assert is_told(look_at_delivery(patient(tmp_path)), "ok", "stream: 9 delivered, 3 wait")
    late = sink(pending=3, oldest_pending_at="2026-11-22T09:00:00Z", error="delivery.denied")
    board(tmp_path, "agent", delivery=late, gateway=sink())
    assert is_told(
        look_at_delivery(patient(tmp_path)), "warn", "3 plays wait, the oldest since 2026-11-22 09:00 (delivery"
    )
    board(tmp_path, "agent", delivery=sink(), gateway=sink(set_aside=2))
    assert is_told(look_at_delivery(patient(tmp_path)), "warn", "gateway: 2 plays were refused", "ooh-player plays")


# systemd.


def units() -> str:
    """What ``systemctl show`` prints of the three units."""
    base = {"LoadState": "loaded", "ActiveState": "active", "SubState": "active", "UnitFileState": "enabled"}
    names = ("ooh-player.target", "ooh-player-screen.service", "ooh-player-agent.service")
    blocks = []
    for name in names:
        told = {"Id": name, **base, "NRestarts": "0"}
        blocks.append("\n".join(f"{key}={text}" for key, text in told.items()))
    return "\n\n".join(blocks) + "\n"


def service(folder: Path, told: str) -> Finding | None:
    (folder / "run/systemd/system").mkdir(parents=True, exist_ok=True)

    def run(argv: Sequence[str], timeout_s: float) -> str:
        assert argv[:2] == ("systemctl", "show")
        assert 0 < timeout_s < 8
        return told

    return look_at_service(patient(folder), run)


def test_units_that_are_active_are_good(tmp_path: Path) -> None:
    assert is_told(service(tmp_path, units()), "ok", "active")


@pytest.mark.parametrize("told", ["", units().replace("LoadState=loaded", "LoadState=not-found")])
def test_where_no_unit_is_installed_there_is_no_line(tmp_path: Path, told: str) -> None:
    assert service(tmp_path, told) is None


def test_without_systemd_there_is_no_line(tmp_path: Path) -> None:
    assert look_at_service(patient(tmp_path)) is None


@pytest.mark.parametrize(
    ("old", "new", "grade", "what", "step"),
    [
        ("ActiveState=active", "ActiveState=failed", "fail", "has failed", "journalctl"),
        ("ActiveState=active", "ActiveState=inactive", "fail", "is not started", "systemctl start"),
        ("UnitFileState=enabled", "UnitFileState=disabled", "warn", "will not start when", "systemctl enable"),
        ("NRestarts=0", "NRestarts=17", "warn", "started again 17 times", "journalctl"),
    ],
)
def test_what_may_be_wrong_with_a_unit(tmp_path: Path, old: str, new: str, grade: str, what: str, step: str) -> None:
    assert is_told(service(tmp_path, units().replace(old, new)), grade, what, step)


def test_a_program_that_is_not_there_or_hangs_prints_nothing(tmp_path: Path) -> None:
    assert run_command((str(tmp_path / "none"),), 30) == ""
    assert run_command(("sleep", "60"), 0.1) == ""
    assert run_command(("echo", "hello"), 30) == "hello\n"


# Versions, page, proxy.


def test_a_version_that_was_rolled_back_is_told(tmp_path: Path) -> None:
    (tmp_path / "opt").mkdir()
    assert look_at_version(patient(tmp_path)) is None
    (tmp_path / "opt/refused").symlink_to("versions/0.2.0")
    (tmp_path / "opt/current").symlink_to("versions/0.1.0")
    told = look_at_version(patient(tmp_path))
    assert is_told(told, "warn", "0.2.0 presented no frames and was rolled back to 0.1.0", "ooh-player-trial")
    (tmp_path / "opt/trial").write_text("0.3.0\n")
    assert is_told(look_at_version(patient(tmp_path)), "warn", "0.3.0 is on trial", "minute")


def test_the_local_page(tmp_path: Path) -> None:
    assert look_at_page(patient(tmp_path)) is None
    on = Config(web=WebConfig(enabled=True))
    assert is_told(look_at_page(patient(tmp_path, on)), "warn", "nobody listens at port 8480", "ooh-player-web")
    assert is_told(look_at_page(patient(tmp_path, on, net=FakeNet(listening=True))), "ok", "port 8480")


def test_a_proxy_that_would_not_be_heeded(tmp_path: Path) -> None:
    assert look_at_proxy(patient(tmp_path, environ={"HTTPS_PROXY": ""})) is None
    assert is_told(look_at_proxy(patient(tmp_path, environ={"https_proxy": "http://p:3128"})), "warn", "https_proxy")


# The whole list.


def whole(folder: Path) -> tuple[Patient, tuple[Finding, ...]]:
    seen = patient(folder, environ={"PATH": "/usr/bin"})
    return seen, examine(checkup(seen, answers(200)), 60)


def test_what_blocks_the_picture_comes_first(tmp_path: Path) -> None:
    _, findings = whole(tmp_path)
    names = [finding.name for finding in findings]
    order = [
        "display",
        "permissions",
        "fonts",
        "disk",
        "player",
        "power",
        "clock",
        "network",
        "exchange",
        "stream",
        "browser",
    ]
    assert [name for name in names if name in order] == order
    assert len(set(names)) == len(names)


def test_every_line_that_is_not_good_says_what_to_do_and_looking_leaves_nothing(tmp_path: Path) -> None:
    _, findings = whole(tmp_path)
    assert all(finding.next_step for finding in findings if finding.grade != "ok")
    assert all("process.fault" not in finding.what for finding in findings)
    assert not list(tmp_path.iterdir())


def test_without_a_configuration_the_machine_is_looked_at_all_the_same(tmp_path: Path) -> None:
    names = {finding.name for finding in examine(bare_checkup(patient(tmp_path)), 60)}
    assert {"display", "fonts", "power", "memory", "temperature", "permissions"} <= names
    assert not names & {"exchange", "stream", "disk"}


def test_every_line_is_explained(tmp_path: Path) -> None:
    """docs/doctor.md has a row for each line that there can be."""
    page = (Path(__file__).parents[3] / "docs/doctor.md").read_text(encoding="utf-8")
    rows = "".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    for check in checkup(patient(tmp_path), answers(200)):
        assert f"`{check.name}" in rows, check.name
