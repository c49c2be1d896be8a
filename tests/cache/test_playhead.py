"""The playhead survives the process, and a stamp that was cut."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import Playhead, PlayheadState
from config import Code, OohError

BOOT = "11111111-2222-3333-4444-555555555555"
PLAY = "01a20320-a200-722c-8ba1-df5c6cbd5cfc"


def test_stamp_read_clear(tmp_path: Path) -> None:
    head = Playhead(tmp_path)
    assert head.read() is None
    head.stamp(PLAY, BOOT, 100, 200, 3, 1)
    assert head.read() == Playhead(tmp_path).read() == PlayheadState(PLAY, BOOT, 100, 200, 3, 1)
    head.stamp(PLAY, BOOT, 100, 300, 4, 1)
    assert Playhead(tmp_path).read() == PlayheadState(PLAY, BOOT, 100, 300, 4, 1)
    head.clear()
    assert Playhead(tmp_path).read() is None


def test_death_is_when_the_picture_ended(tmp_path: Path) -> None:
    screen, supervisor = Playhead(tmp_path), Playhead(tmp_path)
    supervisor.stamp_death(50)
    assert screen.read() is None
    screen.stamp(PLAY, BOOT, 100, 200, 1, 0)
    supervisor.stamp_death(900)
    supervisor.stamp_death(5_000)
    assert screen.read() == PlayheadState(PLAY, BOOT, 100, 900, 1, 0, dead=True)
    screen.stamp("next", BOOT, 6_000, 6_000, 1, 0)
    assert screen.read() == PlayheadState("next", BOOT, 6_000, 6_000, 1, 0)


def test_death_is_never_before_the_last_frame(tmp_path: Path) -> None:
    head = Playhead(tmp_path)
    head.stamp(PLAY, BOOT, 100, 200, 1, 0)
    head.stamp_death(150)
    state = head.read()
    assert state is not None
    assert state.last_ns == 200


@given(st.data())
def test_a_cut_stamp_leaves_the_one_before(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("run")
    head = Playhead(folder)
    before = data.draw(st.integers(1, 4))
    for stamp in range(before):
        head.stamp(PLAY, BOOT, 100, 200 + stamp, stamp, 0)
    kept, old = head.read(), (folder / "playhead").read_bytes()
    head.stamp(PLAY, BOOT, 100, 2**40, 99, 9)
    new = (folder / "playhead").read_bytes()
    changed = [at for at in range(len(old)) if old[at] != new[at]]
    cut = data.draw(st.sampled_from(changed[1:]))
    (folder / "playhead").write_bytes(new[:cut] + old[cut:])
    assert Playhead(folder).read() == kept


@pytest.mark.parametrize("content", [b"", b"\xff" * 256, b"x", os.urandom(256)])
def test_rubbish_is_no_playhead(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "playhead").write_bytes(content)
    head = Playhead(tmp_path)
    assert head.read() is None
    head.stamp(PLAY, BOOT, 1, 2, 3, 4)
    assert head.read() == PlayheadState(PLAY, BOOT, 1, 2, 3, 4)


def test_it_survives_kill_9(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from cache import Playhead\n"
        f"Playhead(Path(sys.argv[1])).stamp({PLAY!r}, {BOOT!r}, 1, 2, 3, 4)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -signal.SIGKILL
    assert Playhead(tmp_path).read() == PlayheadState(PLAY, BOOT, 1, 2, 3, 4)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OohError) as raised:
        Playhead(tmp_path / "missing")
    assert raised.value.code is Code.CACHE_UNAVAILABLE


def test_an_id_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Playhead(tmp_path).stamp("x" * 41, BOOT, 1, 2, 3, 4)
