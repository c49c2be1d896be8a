"""install and uninstall, into a folder that stands for a machine."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from tests.systemd.machine import Machine, tree
from tests.systemd.units import FOLDER, UNITS

SCREEN_DROP_INS = "/etc/systemd/system/ooh-player-screen.service.d"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine.below(tmp_path)


def test_all_is_in_its_place(machine: Machine, tmp_path: Path) -> None:
    code, said = machine.install(tree(tmp_path, "1.0"))
    assert code == 0, said
    assert machine.link("current") == "1.0"
    assert machine.link("previous") == ""
    assert machine.path("/opt/ooh-player/versions/1.0/bin/ooh-player").exists()
    for unit in UNITS:
        link = machine.path(f"/etc/systemd/system/{unit.name}")
        assert str(link.readlink()) == f"/opt/ooh-player/current/systemd/{unit.name}"
    wants = machine.path("/etc/systemd/system/ooh-player.target.wants")
    assert {path.name for path in wants.iterdir()} >= {"ooh-player-screen.service", "ooh-player-agent.service"}
    assert machine.path("/etc/systemd/system/multi-user.target.wants/ooh-player.target").is_symlink()
    assert machine.path("/usr/local/bin/ooh-player").is_symlink()


def test_the_settings_have_every_key_commented_and_are_not_for_everybody(machine: Machine, tmp_path: Path) -> None:
    machine.install(tree(tmp_path, "1.0"))
    file = machine.path("/etc/ooh-player/player.toml")
    assert file.read_bytes() == (FOLDER.parent / "config" / "player.toml").read_bytes()
    modes = {name: stat.S_IMODE(machine.path(f"/etc/ooh-player/{name}").stat().st_mode) for name in ("", "secrets")}
    assert modes == {"": 0o750, "secrets": 0o700}
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_again_is_an_upgrade_which_keeps_the_settings_and_the_version_before(machine: Machine, tmp_path: Path) -> None:
    machine.install(tree(tmp_path, "1.0"))
    file = machine.path("/etc/ooh-player/player.toml")
    file.write_text('[screen]\nid = "mine"\n', encoding="utf-8")
    code, said = machine.install(tree(tmp_path, "1.1"))
    assert code == 0, said
    assert file.read_text(encoding="utf-8") == '[screen]\nid = "mine"\n'
    assert (machine.link("current"), machine.link("previous")) == ("1.1", "1.0")
    # The next boot puts it on trial.
    assert machine.path("/opt/ooh-player/trial").read_text(encoding="utf-8") == "1.1\n"


def test_the_same_number_again_is_another_version(machine: Machine, tmp_path: Path) -> None:
    same = tree(tmp_path, "1.0")
    machine.install(same)
    machine.install(same)
    assert (machine.link("current"), machine.link("previous")) == ("1.0-2", "1.0")


def test_a_version_on_trial_is_nothing_to_go_back_to(machine: Machine, tmp_path: Path) -> None:
    for version in ("1.0", "1.1", "1.2"):
        machine.install(tree(tmp_path, version))
    assert (machine.link("current"), machine.link("previous")) == ("1.2", "1.0")
    assert machine.path("/opt/ooh-player/trial").read_text(encoding="utf-8") == "1.2\n"


def test_back_by_hand(machine: Machine, tmp_path: Path) -> None:
    for version in ("1.0", "1.1"):
        machine.install(tree(tmp_path, version))
        machine.path("/opt/ooh-player/trial").unlink(missing_ok=True)  # it stayed
    code, said = machine.install(machine.path("/opt/ooh-player/previous"))
    assert code == 0, said
    assert (machine.link("current"), machine.link("previous")) == ("1.0", "1.1")


def test_what_no_link_means_is_removed(machine: Machine, tmp_path: Path) -> None:
    for version in ("1.0", "1.1", "1.2"):
        machine.install(tree(tmp_path, version))
        machine.path("/opt/ooh-player/trial").unlink(missing_ok=True)  # it stayed
    machine.install(machine.path("/opt/ooh-player/versions/1.2"))
    kept = {path.name for path in machine.path("/opt/ooh-player/versions").iterdir()}
    assert kept == {"1.1", "1.2"}


def test_settings_that_the_new_version_refuses_change_nothing(machine: Machine, tmp_path: Path) -> None:
    machine.install(tree(tmp_path, "1.0"))
    before = machine.left()
    code, said = machine.install(tree(tmp_path, "2.0", check="echo 'player.toml:4: screen.id: no'; exit 2"))
    assert code == 1
    assert "player.toml:4: screen.id: no" in said
    assert "next:" in said
    assert machine.link("current") == "1.0"
    assert machine.left() == before


@pytest.mark.parametrize("missing", ["bin/ooh-player", "systemd/trial", "player.toml"])
def test_half_a_tree_changes_nothing(machine: Machine, tmp_path: Path, missing: str) -> None:
    machine.install(tree(tmp_path, "1.0"))
    before = machine.left()
    half = tree(tmp_path, "1.1")
    install = FOLDER / "install"
    (half / missing).unlink()
    code, said = machine.run(install, "--root", str(machine.root), "--tree", str(half))
    assert code == 1, said
    assert machine.left() == before


def test_a_version_that_does_not_start_changes_nothing(machine: Machine, tmp_path: Path) -> None:
    machine.install(tree(tmp_path, "1.0"))
    before = machine.left()
    broken = tree(tmp_path, "1.1")
    (broken / "bin" / "ooh-player").write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    code, said = machine.install(broken)
    assert code == 1, said
    assert machine.left() == before


def test_an_interrupted_install_leaves_what_was_and_the_next_one_goes_on(machine: Machine, tmp_path: Path) -> None:
    machine.install(tree(tmp_path, "1.0"))
    machine.fake("sync", "kill -TERM $PPID; sleep 1")  # just before the commit point
    code, _ = machine.install(tree(tmp_path, "1.1"))
    assert code != 0
    assert machine.link("current") == "1.0"
    (machine.fakes / "sync").unlink()
    left = machine.path("/opt/ooh-player/versions/9.9")
    left.mkdir()
    (left / ".unfinished").touch()  # as a pulled plug leaves it
    code, said = machine.install(tree(tmp_path, "1.2"))
    assert code == 0, said
    assert (machine.link("current"), machine.link("previous")) == ("1.2", "1.0")
    assert not left.exists()


def test_two_installs_do_not_meet(machine: Machine, tmp_path: Path) -> None:
    machine.path("/opt/ooh-player").mkdir(parents=True)
    lock = machine.path("/opt/ooh-player/.lock")
    with subprocess.Popen(
        ["flock", str(lock), "sh", "-c", "echo locked; read -r _"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        code, said = machine.install(tree(tmp_path, "1.0"))
        assert code == 1
        assert "another install is at work" in said


@pytest.mark.parametrize("display", ["kms", "x11", "wayland"])
def test_the_display_is_a_drop_in_which_the_next_run_keeps(machine: Machine, tmp_path: Path, display: str) -> None:
    options = ("--x-authority", "/home/pi/.Xauthority") if display == "x11" else ()
    machine.install(tree(tmp_path, "1.0"), "--display", display, *options)
    drop_in = machine.path(f"{SCREEN_DROP_INS}/{display}.conf")
    first = drop_in.read_text(encoding="utf-8")
    assert "@" not in first.replace("tty1", "").replace("getty@", "")
    assert ("LoadCredential=xauthority:/home/pi/.Xauthority" in first) == (display == "x11")
    _, said = machine.install(tree(tmp_path, "1.1"))
    assert f"display: {display}, as before" in said
    assert drop_in.read_text(encoding="utf-8") == first
    machine.install(tree(tmp_path, "1.2"), "--display", "kms")
    assert [path.name for path in machine.path(SCREEN_DROP_INS).iterdir()] == ["kms.conf"]


def test_a_display_that_is_none_is_refused(machine: Machine, tmp_path: Path) -> None:
    code, said = machine.install(tree(tmp_path, "1.0"), "--display", "vga")
    assert code == 1
    assert "kms, x11 or wayland" in said
    assert machine.left() in ([], ["/opt/ooh-player/.lock"])


def test_a_techs_own_drop_in_stays(machine: Machine, tmp_path: Path) -> None:
    machine.install(tree(tmp_path, "1.0"))
    own = machine.path(f"{SCREEN_DROP_INS}/override.conf")
    own.write_text("[Service]\nMemoryMax=1G\n", encoding="utf-8")
    machine.install(tree(tmp_path, "1.1"), "--display", "x11")
    assert own.read_text(encoding="utf-8") == "[Service]\nMemoryMax=1G\n"


def test_uninstall_leaves_nothing_but_the_journal(machine: Machine, tmp_path: Path) -> None:
    machine.install(tree(tmp_path, "1.0"))
    state = machine.path("/var/lib/ooh-player")
    (state / "store").mkdir(parents=True)
    for name in ("journal.db", "journal.db-wal", "journal.db.corrupt-1", "proof.key", "cache.db", "store/a", ".hidden"):
        (state / name).touch()
    code, said = machine.run(FOLDER / "uninstall", "--root", str(machine.root))
    assert code == 0, said
    journal = ["journal.db", "journal.db-wal", "journal.db.corrupt-1", "proof.key"]
    assert machine.left() == [f"/var/lib/ooh-player/{name}" for name in journal]
    machine.run(FOLDER / "uninstall", "--root", str(machine.root), "--purge")
    assert machine.left() == []


def test_uninstall_can_leave_the_settings(machine: Machine, tmp_path: Path) -> None:
    machine.install(tree(tmp_path, "1.0"))
    machine.run(FOLDER / "uninstall", "--root", str(machine.root), "--keep-settings")
    assert machine.left() == ["/etc/ooh-player/player.toml"]


def test_uninstall_of_nothing_is_no_error(machine: Machine) -> None:
    assert machine.run(FOLDER / "uninstall", "--root", str(machine.root))[0] == 0


@pytest.mark.parametrize("script", ["install", "uninstall"])
def test_help_changes_nothing(machine: Machine, script: str) -> None:
    code, said = machine.run(FOLDER / script, "--help")
    assert code == 0
    assert "Usage: sudo systemd/" in said
    assert machine.run(FOLDER / script, "--nonsense")[0] == 2
