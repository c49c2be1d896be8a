"""The heap: a video's pictures stay in it while one plays, and go back to the kernel afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LOOP = """
import resource
from renderer.heap import Kept, tune

def faults(pictures=50):
    kept = [bytes(8_000_000) for _ in range(3)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(pictures):
        kept = [*kept[1:], bytearray(8_000_000)]
    return (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // pictures

tune()
playing = Kept()
with playing:
    with playing:
        pass
    faults()
    beside = faults()
print(beside, faults())
"""


def test_pictures_cost_no_page_faults_while_any_video_plays() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", LOOP], cwd=root, capture_output=True, text=True, check=True)
    playing, resting = map(int, done.stdout.split())
    assert playing * 10 < resting, "a page is 4 KiB: 2,000 of them for a picture from the kernel"
