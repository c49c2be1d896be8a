"""What the doctor says of the machine."""

from __future__ import annotations

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cache import ClockState, Folders
from player.doctor import Finding, machine_checks
from tests.fakes import FakeClock


def look(name: str, folders: Folders, clock: FakeClock, environ: dict[str, str] | None = None) -> Finding:
    checks = {check.name: check for check in machine_checks(folders, clock, environ or {})}
    return checks[name].look()


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(state=tmp_path, run=tmp_path)


def test_a_clock_from_before_the_release_fails(folders: Folders) -> None:
    finding = look("clock", folders, FakeClock(wall=datetime(2021, 1, 1, tzinfo=UTC)))
    assert finding.grade == "fail"
    assert "timedatectl" in finding.next_step


@pytest.mark.parametrize(("synced", "grade"), [(True, "ok"), (False, "warn"), (None, "warn")])
def test_a_clock_is_good_only_when_known_to_be_synchronised(folders: Folders, synced: bool | None, grade: str) -> None:
    state = ClockState(synced=synced, source="timesyncd" if synced else None, offset_ms=None)
    assert look("clock", folders, FakeClock(clock_state=state)).grade == grade


def test_a_disk_that_cannot_be_written_fails(tmp_path: Path, clock: FakeClock) -> None:
    finding = look("disk", Folders(state=tmp_path / "gone", run=tmp_path), clock)
    assert finding.grade == "fail"
    assert finding.next_step


def test_another_users_folder_is_not_called_a_worn_card(
    folders: Folders, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, _data: bytes) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    finding = look("disk", folders, clock)
    assert finding.grade == "fail"
    assert "another user" in finding.next_step


def test_a_disk_with_space_is_good_and_the_probe_is_gone(folders: Folders, clock: FakeClock) -> None:
    assert look("disk", folders, clock).grade == "ok"
    assert not list(folders.state.iterdir())


def test_the_bundled_fonts_are_there(folders: Folders, clock: FakeClock) -> None:
    assert look("fonts", folders, clock).grade == "ok"


def test_every_machine_check_gives_a_finding(folders: Folders, clock: FakeClock) -> None:
    for check in machine_checks(folders, clock, {"DISPLAY": ":93"}):
        finding = check.look()
        assert finding.name == check.name
        assert finding.grade == "ok" or finding.next_step


@pytest.mark.parametrize(("offered", "grade"), [(True, "ok"), (False, "warn")])
def test_a_box_without_a_filter_is_told(
    folders: Folders, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, offered: bool, grade: str
) -> None:
    monkeypatch.setattr("player.doctor._machine.can_filter_calls", lambda: offered)
    finding = look("box", folders, clock, {})
    assert finding.grade == grade
    assert bool(finding.next_step) is not offered


def test_the_browser_is_named_or_wished_for(folders: Folders, clock: FakeClock, tmp_path: Path) -> None:
    none = look("browser", folders, clock, {"PATH": str(tmp_path)})
    assert (none.grade, "apt-get install chromium-headless-shell" in none.next_step) == ("warn", True)
    (tmp_path / "headless_shell").write_text("x")
    (tmp_path / "headless_shell").chmod(0o755)
    found = look("browser", folders, clock, {"PATH": str(tmp_path)})
    assert (found.grade, "headless_shell" in found.what) == ("ok", True)
