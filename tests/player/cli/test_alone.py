"""One player a state folder."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import Code, OohError
from player.cli._alone import alone

HOLD = """
import sys, time
from pathlib import Path
from player.cli._alone import alone
with alone(Path(sys.argv[1]), "player"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_player_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    with alone(tmp_path, "player"), pytest.raises(OohError) as refused, alone(tmp_path, "player"):
        pass
    assert refused.value.code is Code.PLAYER_ALREADY_RUNNING
    assert f"process {os.getpid()}" in refused.value.message
    with alone(tmp_path, "player"):
        pass


def test_parts_and_folders_do_not_stand_in_each_others_way(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with alone(tmp_path, "player"), alone(tmp_path, "screen"), alone(tmp_path / "other", "player"):
        pass


def test_a_killed_player_leaves_no_lock(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(OohError), alone(tmp_path, "player"):
            pass
        holder.kill()
    with alone(tmp_path, "player"):
        pass


def test_a_folder_that_takes_no_lock_does_not_darken_the_screen(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), alone(tmp_path / "gone", "player"):
        pass
    assert [record.message for record in caplog.records] == ["lock.not_made"]
