"""Prepares thousands of damaged creatives: ``python -m tests.faults.fuzz [--files 5000] [--parent 500] [--seed 1]``.

Most go through the child's own work inside its box, many to a child, each under an alarm; every tenth goes through
the whole way, `renderer.prepare.prepare_file`, one child a file, as the player does it. Prints its figures last and
ends with 1 when anything but a plate or a creative's refusal came back, a limit did not hold, or a file was left.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from config import Code, OohError, PrepareConfig, Size
from renderer.prepare import Geometry, prepare_file
from renderer.prepare._parent import order_for
from tests.faults.fuzz_seeds import damaged, seeds

LIMITS = PrepareConfig(max_pixels=4_000_000, max_frames=200, max_seconds=8, max_memory_mb=256)
GEOMETRY = Geometry(screen=Size(320, 180))
BATCH = 250
OVERRUN_SECONDS = 2.0
BASE_MEMORY_MB = 160
"""What the child holds before it reads a byte: the interpreter, Pillow and FFmpeg."""
CODES = {code.code for code in Code} - {Code.PREPARE_CRASHED.code, Code.PREPARE_STORAGE.code}
"""What may be said of a damaged creative: nothing crashed, and no disk is to blame."""


def main() -> int:
    """Fuzz, print the figures, and say whether all held."""
    arguments = _arguments()
    rng = random.Random(arguments.seed)
    kinds = seeds()
    with tempfile.TemporaryDirectory(prefix="ooh-fuzz-") as name:
        folder = Path(name)
        (folder / "out").mkdir()
        files = _write(folder, kinds, arguments.files, rng)
        share = min(arguments.parent, len(files))
        whole = rng.sample(files, share)
        started = time.monotonic()
        results, wrong = _through_parent(whole, folder / "out")
        rest = [file for file in files if file not in set(whole)]
        more, more_wrong, peak_mb = _through_children(rest, folder)
        results.update(more)
        wrong += more_wrong
        left = [path.name for path in (folder / "out").iterdir() if path.suffix == ".part"]
        wrong += [f"left behind: {name}" for name in left]
        peak_mb = max(peak_mb, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1000)
        if peak_mb > LIMITS.max_memory_mb + BASE_MEMORY_MB:
            wrong.append(f"a child of {peak_mb} MB")
        _report(results, wrong, peak_mb, share, time.monotonic() - started)
        _keep(folder, wrong, arguments.keep)
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5_000, help="how many in all")
    parser.add_argument("--parent", type=int, default=500, help="how many of them one by one through the whole way")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=None, help="folder to copy creatives to that went wrong")
    return parser.parse_args()


def _write(folder: Path, kinds: dict[str, bytes], count: int, rng: random.Random) -> list[Path]:
    names = sorted(kinds)
    files = []
    for index in range(count):
        kind = names[index % len(names)]
        path = folder / f"{index:06d}-{kind}"
        path.write_bytes(damaged(kinds[kind], rng))
        files.append(path)
    return files


def _through_parent(files: list[Path], out: Path) -> tuple[collections.Counter[str], list[str]]:
    """One by one, as the player does it, two at a time."""

    def one(path: Path) -> tuple[str, str]:
        started = time.monotonic()
        try:
            prepared = prepare_file(path, GEOMETRY, LIMITS, out)
            code = "plate"
            prepared.file.unlink(missing_ok=True)
        except OohError as error:
            code = error.code.code
        seconds = time.monotonic() - started
        fault = ""
        if code != "plate" and code not in CODES:
            fault = f"{path.name}: no code: {code}"
        elif seconds > LIMITS.max_seconds + OVERRUN_SECONDS:
            fault = f"{path.name}: {seconds:.1f} s"
        return code, fault

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(one, files))
    return collections.Counter(code for code, _ in done), [fault for _, fault in done if fault]


def _through_children(files: list[Path], folder: Path) -> tuple[collections.Counter[str], list[str], int]:
    results: collections.Counter[str] = collections.Counter()
    wrong: list[str] = []
    peak_mb = 0
    batches = [files[at : at + BATCH] for at in range(0, len(files), BATCH)]

    def run(index: int) -> tuple[int, subprocess.CompletedProcess[bytes]]:
        orders = folder / f"orders-{index}.json"
        work = [order_for(path, "ab" * 32, GEOMETRY, LIMITS, folder / f"{index}.plate") for path in batches[index]]
        orders.write_bytes(msgspec.json.encode(work))
        command = [sys.executable, "-m", "tests.faults.fuzz_child", str(orders)]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        return index, subprocess.run(command, capture_output=True, check=False, env=environment)

    with ThreadPoolExecutor(2) as pool:
        for index, done in pool.map(run, range(len(batches))):
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            answers = [line for line in lines if "code" in line]
            peak_mb = max([peak_mb, *(line["peak_mb"] for line in lines)])
            results.update(line["code"] or "plate" for line in answers)
            for path, line in zip(batches[index], answers, strict=False):
                if line["code"] and line["code"] not in CODES:
                    wrong.append(f"{path.name}: no code: {line['code']}")
                if line["seconds"] > LIMITS.max_seconds + OVERRUN_SECONDS:
                    wrong.append(f"{path.name}: {line['seconds']:.1f} s")
            if len(answers) < len(batches[index]):
                how = signal.Signals(-done.returncode).name if done.returncode < 0 else str(done.returncode)
                said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
                wrong.append(f"{batches[index][len(answers)].name}: the child ended by {how}: {said}")
    return results, wrong, peak_mb


def _keep(folder: Path, wrong: list[str], keep: Path | None) -> None:
    if keep is None:
        return
    keep.mkdir(parents=True, exist_ok=True)
    for fault in wrong:
        path = folder / fault.split(":")[0]
        if path.is_file():
            shutil.copy(path, keep)


def _report(results: collections.Counter[str], wrong: list[str], peak_mb: int, share: int, seconds: float) -> None:
    for fault in wrong:
        print("WRONG", fault)
    for code, count in results.most_common():
        print(f"{count:7d}  {code}")
    total = sum(results.values())
    print(
        f"{total} damaged creatives in {seconds:.0f} s, {share} of them through the whole way: "
        f"{results['plate']} plates, {total - results['plate']} refused with a code, "
        f"largest child {peak_mb} MB, {len(wrong)} wrong"
    )


if __name__ == "__main__":
    sys.exit(main())
