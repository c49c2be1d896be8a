"""The script beside a process: it waits longer after each quick death, and tells when the screen's picture ended."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from cache import Playhead, PlayheadState, SystemClock
from renderer.watchdog._escalate import LAST_RESULT
from tests.systemd.units import FOLDER

PART = FOLDER / "part"
PLAY = "01a20320-a200-722c-8ba1-df5c6cbd5cfc"


def part(verb: str, name: str, run: Path, result: str = "success", *, path: str = "") -> str:
    environ = {"RUNTIME_DIRECTORY": str(run), "SERVICE_RESULT": result, "PATH": path + os.environ["PATH"]}
    return subprocess.run([PART, verb, name], env=environ, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def no_sleep(tmp_path: Path) -> str:
    """A folder for the front of PATH in which ``sleep`` only says how long it would."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "sleep").write_text('#!/bin/sh\necho "slept $1"\n', encoding="utf-8")
    (folder / "sleep").chmod(0o755)
    return f"{folder}:"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


def waits(run: Path, path: str, lives: int, result: str) -> list[int]:
    """Seconds waited before each of so many short lives."""
    waited = []
    for _ in range(lives):
        words = part("begins", "screen", run, path=path).split()
        waited.append(int(words[-1]) if "slept" in words else 0)
        part("ended", "screen", run, result)
    return waited


def test_each_quick_death_makes_it_wait_longer_up_to_half_a_minute(run: Path, no_sleep: str) -> None:
    assert waits(run, no_sleep, 9, "signal") == [0, 0, 1, 2, 4, 8, 16, 30, 30]


def test_a_life_of_a_minute_is_forgiven(run: Path, no_sleep: str) -> None:
    assert waits(run, no_sleep, 4, "signal")[-1] == 2
    (run / "screen.began").write_text("0\n", encoding="ascii")  # it was started with the machine
    if float(Path("/proc/uptime").read_text(encoding="ascii").split()[0]) >= 60:
        part("ended", "screen", run, "signal")
        assert waits(run, no_sleep, 2, "signal") == [0, 0]


def test_parts_are_counted_apart(run: Path, no_sleep: str) -> None:
    waits(run, no_sleep, 5, "signal")
    assert "slept" not in part("begins", "agent", run, path=no_sleep)


@pytest.mark.parametrize("kept", ["", "a lot\n", "-4\n", "9 9\n"], ids=["empty", "words", "negative", "two"])
def test_whatever_stands_in_its_file_it_starts(run: Path, no_sleep: str, kept: str) -> None:
    (run / "screen.short").write_text(kept, encoding="ascii")
    part("begins", "screen", run, path=no_sleep)
    part("ended", "screen", run, "signal")
    assert (run / "screen.short").read_text(encoding="ascii") == "1\n"


def test_the_screens_next_life_knows_when_its_picture_ended(run: Path) -> None:
    clock = SystemClock()
    before_ns = clock.monotonic_ns()
    Playhead(run).stamp(PLAY, clock.boot_id(), before_ns - 5_000_000_000, before_ns - 1_000_000_000, 3, 0)
    part("ended", "screen", run, "signal")
    after_ns = clock.monotonic_ns()
    head = Playhead(run)
    head.heed_death_note()
    state = head.read()
    assert state is not None
    assert state.dead
    # /proc/uptime has hundredths.
    assert before_ns - 20_000_000 <= state.last_ns <= after_ns + 20_000_000
    assert not (run / "screen.died").exists()


def test_the_first_death_stays(run: Path) -> None:
    part("ended", "screen", run, "signal")
    first = (run / "screen.died").read_text(encoding="ascii")
    time.sleep(0.03)
    part("ended", "screen", run, "watchdog")
    assert (run / "screen.died").read_text(encoding="ascii") == first


def test_how_it_ended_is_kept_for_the_next_life(run: Path) -> None:
    part("ended", "screen", run, "watchdog")
    assert (run / LAST_RESULT).read_text(encoding="ascii") == "watchdog\n"


def test_a_page_that_is_off_is_not_slowed(run: Path, no_sleep: str) -> None:
    for _ in range(5):
        assert "slept" not in part("begins", "web", run, path=no_sleep)
        part("ended", "web", run)


@pytest.mark.parametrize(("name", "result"), [("screen", "success"), ("agent", "signal")])
def test_no_death_no_note(run: Path, name: str, result: str) -> None:
    part("ended", name, run, result)
    assert not (run / "screen.died").exists()


@pytest.mark.parametrize(
    "note", ["", "nonsense", "{boot} soon", "other-boot 99999999999999999"], ids=["empty", "words", "soon", "other"]
)
def test_a_note_that_says_nothing_changes_nothing(run: Path, note: str) -> None:
    boot = SystemClock().boot_id()
    (run / "screen.died").write_text(note.format(boot=boot), encoding="ascii")
    head = Playhead(run)
    head.stamp(PLAY, boot, 100, 200, 3, 0)
    head.heed_death_note()
    assert head.read() == PlayheadState(PLAY, boot, 100, 200, 3, 0)
    assert not (run / "screen.died").exists()


def test_a_suspend_is_not_counted(run: Path) -> None:
    head = Playhead(run)
    head.stamp(PLAY, "b", 100, 200, 3, 0)
    (run / "screen.died").write_text("b 3600000000500", encoding="ascii")
    head.heed_death_note(lambda: 3_600_000_000_000)
    assert head.read() == PlayheadState(PLAY, "b", 100, 500, 3, 0, dead=True)
