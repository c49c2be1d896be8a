"""The main job, by the installed command: ads play and every play is proven, whatever dies meanwhile."""

from __future__ import annotations

import base64
import io
import json
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from cache import verify_export
from tests.e2e.harness import COMMAND, environ, last_json
from tests.player.heartbeat.facts import faults

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


class Demo:
    """A demo under way, kept in a folder."""

    def __init__(self, folder: Path, *options: str, **env: str) -> None:
        self.keep = folder / "kept"
        argv = [str(COMMAND), "demo", "--keep", str(self.keep), "--json", *options]
        self.process = subprocess.Popen(
            argv, env=environ(folder, **env), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def finish(self, timeout_s: float = 200) -> dict[str, object]:
        out, err = self.process.communicate(timeout=timeout_s)
        assert self.process.returncode == 0, f"{out}\n{err}\n{self.log('screen')}\n{self.log('agent')}"
        for beat in self.heartbeats():
            assert faults(beat) == []
        return last_json(out)

    def heartbeats(self) -> list[dict[str, Any]]:
        """Those that the sandbox received."""
        return [json.loads(line) for line in (self.keep / "heartbeats.jsonl").read_bytes().splitlines()]

    def log(self, name: str) -> str:
        file = self.keep / "logs" / f"{name}.log"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def wait_for_plays(self, count: int, timeout_s: float = 60) -> None:
        for _ in range(round(timeout_s / 0.1)):
            if self.log("screen").count(" play.started ") >= count:
                return
            time.sleep(0.1)
        raise AssertionError(self.log("screen") + self.log("agent"))

    def kill(self, *words: str) -> None:
        """``kill -9`` the child whose command line ends with these words' process."""
        for child in psutil.Process(self.process.pid).children(recursive=True):
            line = child.cmdline()
            if "-m" in line and all(word in line for word in words):
                child.send_signal(signal.SIGKILL)
                return
        raise AssertionError(f"no process {words} below the demo")


def agrees(report: dict[str, object], plays: int) -> None:
    assert (report["plays"], report["journal"], report["stream"]) == (plays, plays, plays)
    assert (report["lost"], report["duplicates"]) == (0, 0)


def check_heartbeats(demo: Demo, report: dict[str, object]) -> None:
    """They tell of this demo's plays, and have pictures of them."""
    beats = demo.heartbeats()
    assert report["heartbeats"] == len(beats) >= 2
    assert len({beat["id"] for beat in beats}) == len(beats)
    assert {beat["screen_id"] for beat in beats} == {"demo-screen"}
    assert any(beat["screen"]["running"] and beat["screen"]["showing"] for beat in beats)
    assert 0 < beats[-1]["plays"]["closed"] <= 6
    pictures = [beat["thumbnail"] for beat in beats if beat["thumbnail"] is not None]
    for picture in pictures:
        data = base64.b64decode(picture["data"])
        with Image.open(io.BytesIO(data)) as opened:
            assert (opened.format, opened.size) == ("JPEG", (320, 180))
        assert len(data) <= 32_000


def test_ads_are_shown_and_proven(tmp_path: Path) -> None:
    demo = Demo(tmp_path, "--plays", "6", "--headless")
    report = demo.finish()
    agrees(report, 6)
    assert isinstance(report["first_frame_ms"], int)
    assert report["first_frame_ms"] > 0
    assert report["creatives"]
    with Image.open(str(report["contact_sheet"])) as sheet:
        assert sheet.width > 900
    screens = sorted((demo.keep / "screens").glob("*.png"))
    assert len({screen.name[:4] for screen in screens}) >= 6
    for screen in screens:
        with Image.open(screen) as picture:
            assert picture.size == (1920, 1080)
            assert max(picture.convert("L").tobytes()) > 60, f"{screen} is black"
    with (demo.keep / "plays.jsonl").open("rb") as lines:
        verdict = verify_export(lines)
    assert (verdict.plays, verdict.fault) == (6, None)
    check_heartbeats(demo, report)


def test_an_odd_size_works_too(tmp_path: Path) -> None:
    demo = Demo(tmp_path, "--plays", "3", "--headless", "--size", "1400x400")
    report = demo.finish()
    agrees(report, 3)
    with Image.open(next((demo.keep / "screens").glob("*.png"))) as picture:
        assert picture.size == (1400, 400)


@pytest.mark.parametrize(
    "victim", [("player", "screen"), ("player", "agent"), ("sandbox", "stream")], ids=["screen", "agent", "stream"]
)
def test_kill_9_loses_and_doubles_nothing(tmp_path: Path, victim: tuple[str, str]) -> None:
    demo = Demo(tmp_path, "--plays", "8", "--headless")
    demo.wait_for_plays(3)
    demo.kill(*victim)
    report = demo.finish()
    agrees(report, 8)
    restarts = report["restarts"]
    assert isinstance(restarts, dict)
    assert restarts[victim[1]] >= 1
    plays = [json.loads(line) for line in (demo.keep / "plays.jsonl").read_bytes().splitlines()]
    crashed = [play for play in plays if play["end_reason"] == "crash"]
    assert len(crashed) == (1 if victim[1] == "screen" else 0)
    for play in crashed:
        assert not play["billable"]
        assert 0 <= play["shown_ms"] <= play["planned_ms"]


def test_a_window_opens_where_there_is_a_display(tmp_path: Path, xvfb: str) -> None:
    report = Demo(tmp_path, "--plays", "2", DISPLAY=xvfb).finish()
    agrees(report, 2)
    assert report["driver"] == "x11"


def test_without_a_display_it_says_so(tmp_path: Path) -> None:
    demo = Demo(tmp_path, "--plays", "1")
    _, err = demo.process.communicate(timeout=100)
    assert demo.process.returncode == 0
    assert re.search(r"No display here: drawing headless at 1920x1080", err)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    env = environ(tmp_path, TMPDIR=str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "here").mkdir()
    done = subprocess.run(
        [str(COMMAND), "demo", "--plays", "1", "--headless"],
        env=env,
        cwd=tmp_path / "here",
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert "plays shown 1 · in the journal 1 · in the stream 1 · lost 0 · duplicated 0" in done.stdout
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["ooh-player-demo.png"]
    assert not list((tmp_path / "tmp").iterdir())
    assert not [path for path in tmp_path.rglob("*") if path.name in {".local", ".cache"}]


def test_an_interrupted_demo_ends_its_processes(tmp_path: Path) -> None:
    demo = Demo(tmp_path, "--plays", "50", "--headless")
    demo.wait_for_plays(1)
    children = psutil.Process(demo.process.pid).children(recursive=True)
    demo.process.send_signal(signal.SIGINT)
    demo.process.communicate(timeout=60)
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert gone
    assert not alive
