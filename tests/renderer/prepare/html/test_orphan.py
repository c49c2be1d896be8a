"""A parent that is killed takes its child and the browser with it: nobody would read the answer."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from tests.renderer.prepare.html.pages import page

LONG_FILM = page("let n = 0; setInterval(() => { h.textContent = 'Slide ' + ++n }, 40)")
PREPARE = """
import sys
from pathlib import Path
from config import PrepareConfig, Size
from renderer.prepare import Geometry, prepare_file
limits = PrepareConfig(html_seconds=120.0, html_max_seconds=600.0)
prepare_file(Path(sys.argv[1]), Geometry(Size(1920, 1080)), limits, Path(sys.argv[2]))
"""


def test_a_killed_parent_leaves_nobody_behind(tmp_path: Path) -> None:
    (tmp_path / "film.html").write_text(LONG_FILM, encoding="utf-8")
    argv = [sys.executable, "-c", PREPARE, str(tmp_path / "film.html"), str(tmp_path)]
    with subprocess.Popen(argv, cwd=Path(__file__).parents[4]) as parent:
        family: list[psutil.Process] = []
        while not any(is_browser(one) for one in family):
            assert parent.poll() is None
            time.sleep(0.05)
            family = psutil.Process(parent.pid).children(recursive=True)
        parent.kill()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert not alive


def is_browser(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return "chrom" in process.name()
    return False
