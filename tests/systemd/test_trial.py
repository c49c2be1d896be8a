"""The trial: a version that presents no frames goes, one that does stays, and a pulled plug changes neither."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.systemd.machine import Machine, tree
from tests.systemd.units import FOLDER

_SYSTEMCTL = """
case "$*" in
  *ActiveState*) cat {facts}/state ;;
  *MainPID*) [ -x {facts}/pid.sh ] && . {facts}/pid.sh || cat {facts}/pid ;;
  *Result*) echo exit-code ;;
  *NRestarts*) echo 3 ;;
  *) echo "$*" >>{facts}/asked ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine.below(tmp_path)
    facts = tmp_path / "facts"
    facts.mkdir()
    machine.fake("systemctl", _SYSTEMCTL.format(facts=facts))
    machine.path("/run/ooh-player").mkdir(parents=True)
    machine.install(tree(tmp_path, "1.0"))
    machine.install(tree(tmp_path, "1.1"))
    presents(machine, state="active", pid=4711)
    return machine


def presents(machine: Machine, *, state: str, pid: int, board_pid: int = 4711, picture_ms: int | None = 900) -> None:
    facts = machine.fakes.parent / "facts"
    (facts / "state").write_text(f"{state}\n", encoding="ascii")
    (facts / "pid").write_text(f"{pid}\n", encoding="ascii")
    board = {"pid": board_pid, "version": "1.1", "first_picture_ms": picture_ms}
    text = json.dumps(board, separators=(",", ":"))
    (machine.path("/run/ooh-player") / "screen.json").write_text(text, encoding="utf-8")


def trial(machine: Machine, seconds: int = 2) -> tuple[int, str]:
    return machine.run(FOLDER / "trial", str(machine.root), str(seconds))


def asked(machine: Machine) -> str:
    file = machine.fakes.parent / "facts" / "asked"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def test_a_version_that_presents_stays(machine: Machine) -> None:
    code, said = trial(machine)
    assert code == 0, said
    assert (machine.link("current"), machine.link("previous")) == ("1.1", "1.0")
    assert not machine.path("/opt/ooh-player/trial").exists()
    assert asked(machine) == ""


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "activating", "pid": 4711},
        {"state": "failed", "pid": 0},
        {"state": "active", "pid": 4712},
        {"state": "active", "pid": 471},
        {"state": "active", "pid": 4711, "picture_ms": None},
    ],
    ids=["never ready", "dead", "a board of another process", "a pid that begins alike", "no picture"],
)
def test_a_version_that_does_not_goes(machine: Machine, facts: dict[str, object]) -> None:
    presents(machine, **facts)  # type: ignore[arg-type]
    code, said = trial(machine)
    assert code == 1
    assert "back to 1.0" in said
    assert (machine.link("current"), machine.link("previous"), machine.link("refused")) == ("1.0", "", "1.1")
    assert not machine.path("/opt/ooh-player/trial").exists()
    assert asked(machine).splitlines() == ["daemon-reload", "restart --no-block ooh-player.target"]


def test_a_version_that_begins_again_and_again_goes(machine: Machine) -> None:
    # Another process at every look: each has presented a first picture, none stays.
    board = machine.path("/run/ooh-player/screen.json")
    script = f'count=$(cat {board}.count 2>/dev/null || echo 1); echo $((count + 1)) >{board}.count; echo "$count"\n'
    script += f'printf \'{{"pid":%s,"first_picture_ms":9}}\' "$count" >{board}'
    file = machine.fakes.parent / "facts" / "pid.sh"
    file.write_text(script, encoding="utf-8")
    file.chmod(0o755)
    code, said = trial(machine, 4)
    assert code == 1, said
    assert machine.link("current") == "1.0"


def test_without_a_version_before_there_is_nothing_to_go_back_to(machine: Machine) -> None:
    presents(machine, state="failed", pid=0)
    machine.path("/opt/ooh-player/previous").unlink()
    code, said = trial(machine)
    assert code == 1
    assert "doctor" in said
    assert machine.link("current") == "1.1"


@pytest.mark.parametrize("how", ["no trial", "rolled back already"])
def test_a_boot_without_a_trial_judges_nothing(machine: Machine, how: str) -> None:
    presents(machine, state="failed", pid=0)
    mark = machine.path("/opt/ooh-player/trial")
    if how == "no trial":
        mark.unlink()
    else:  # the plug was pulled between the rename and the end
        current = machine.path("/opt/ooh-player/current")
        current.unlink()
        current.symlink_to("versions/1.0")
    code, said = trial(machine)
    assert code == 0, said
    assert not mark.exists()
    assert asked(machine) == ""
    assert machine.link("refused") == ""
