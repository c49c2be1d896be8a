"""What a still costs: the real screen process on a warm cache, one creative and a clock panel.

``python bench/screen.py [--seconds 60]`` prints its figures last: start to first presented frame, CPU, wake-ups, PSS.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from cache import Board, Cache, Folders, HouseAd, SystemClock
from config import Size, load
from renderer.prepare import Geometry, prepare_file

CREATIVE = Path(__file__).parent.parent / "sandbox" / "creatives" / "kestrel-300x250.jpg"
CONFIG = """\
[screen]
size = "1920x1080"
[layout]
panels = ["clock"]
[cache]
dir = "{state}"
[[loop]]
kind = "house"
seconds = 600
creatives = ["{creative}"]
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=60)
    seconds = options.parse_args().seconds
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        toml = folder / "player.toml"
        toml.write_text(CONFIG.format(state=folder / "state", creative=CREATIVE), encoding="utf-8")
        folders = warm(toml, folder)
        argv = [sys.executable, "-m", "player", "screen", "--headless", "--config", str(toml)]
        screen = subprocess.Popen(argv, stderr=subprocess.DEVNULL)
        try:
            measure(psutil.Process(screen.pid), folders, seconds)
        finally:
            screen.terminate()
            screen.wait(20)


def warm(toml: Path, folder: Path) -> Folders:
    """A cache with one prepared house ad."""
    config = load(toml, {}).config
    folders = Folders.of(config.cache, os.environ)
    cache = Cache.open(folders, SystemClock(), config.cache.max_bytes)
    prepared = prepare_file(CREATIVE, Geometry.of(config, Size(1920, 1080)), config.prepare, folder)
    cache.store.put_file(prepared.file, "plate")
    cache.save_plate(prepared.plate)
    cache.set_house([HouseAd(CREATIVE.name, prepared.plate)])
    cache.close()
    return folders


def measure(screen: psutil.Process, folders: Folders, seconds: int) -> None:
    """Wait for the picture, let it settle, then watch."""
    while not (board := Board.read(folders.run, "screen") or {}).get("first_frame_ms"):
        time.sleep(0.05)
    time.sleep(3)
    before, woken = screen.cpu_times(), screen.num_ctx_switches().voluntary
    time.sleep(seconds)
    after = screen.cpu_times()
    cpu_s = after.user + after.system - before.user - before.system
    print(f"start to first presented frame of a play   {board['first_frame_ms']} ms")
    share = 100 * cpu_s / seconds
    print(f"CPU with a still and a clock on screen     {cpu_s:.2f} s in {seconds} s ({share:.2f} % of a core)")
    print(f"wake-ups                                   {screen.num_ctx_switches().voluntary - woken} in {seconds} s")
    print(f"memory                                     {screen.memory_full_info().pss / 1e6:.0f} MB PSS")


if __name__ == "__main__":
    main()
