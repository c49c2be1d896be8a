"""A number of a process says nothing without its birth."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cache import Board, is_living, process_birth

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]


def test_oneself_lives() -> None:
    birth = process_birth(os.getpid())
    assert birth is not None
    assert is_living(os.getpid())
    assert is_living(os.getpid(), birth)


def test_the_same_number_with_another_birth_is_another_program() -> None:
    boot, _, ticks = str(process_birth(os.getpid())).rpartition(":")
    assert not is_living(os.getpid(), f"{boot}:{int(ticks) + 1}")
    assert not is_living(os.getpid(), f"another boot:{ticks}")
    assert is_living(os.getpid(), f":{ticks}")  # who wrote it could not read the boot's id


@pytest.mark.parametrize("pid", [None, "7", 0, -1, True, 2**31, 3.0, 2**31 - 1])
def test_what_is_no_process_does_not_live(pid: object) -> None:
    assert not is_living(pid)


def test_another_users_process_lives() -> None:
    assert is_living(1)


def test_a_dead_one_and_a_zombie_do_not_live() -> None:
    with subprocess.Popen(FOREVER) as child:
        birth = process_birth(child.pid)
        assert is_living(child.pid, birth)
        child.kill()
        end = time.monotonic() + 30
        while is_living(child.pid, birth):  # a zombie: nobody has waited for it
            assert time.monotonic() < end
            time.sleep(0.01)
    assert process_birth(child.pid) is None or process_birth(child.pid) != birth


def test_a_program_with_brackets_in_its_name(tmp_path: Path) -> None:
    odd = tmp_path / "a) Z 1 (b"
    odd.symlink_to(sys.executable)
    with subprocess.Popen([odd, *FOREVER[1:]], env={**os.environ, "PYTHONHOME": sys.base_prefix}) as child:
        assert is_living(child.pid, process_birth(child.pid))
        child.kill()


def test_a_board_is_its_living_process(tmp_path: Path) -> None:
    Board(tmp_path, "screen").write({"pid": os.getpid(), "on": "x"})
    board = Board.read_living(tmp_path, "screen")
    assert board is not None
    assert (board["on"], board["pid_born"]) == ("x", process_birth(os.getpid()))
    assert Board.read_living(tmp_path, "agent") is None


@pytest.mark.parametrize("born", ["0:1", "x", ""])
def test_a_board_of_a_number_used_again_is_dead(tmp_path: Path, born: str) -> None:
    Board(tmp_path, "screen").write({"pid": os.getppid(), "pid_born": born})
    assert Board.read(tmp_path, "screen") is not None
    assert Board.read_living(tmp_path, "screen") is None


def test_a_board_of_a_dead_process_is_dead(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    Board(tmp_path, "screen").write({"pid": child.pid})
    assert Board.read_living(tmp_path, "screen") is None
