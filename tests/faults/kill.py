"""Kills and stops every process of running demos, at random moments, also two at once: is every play proven?

Run by ``make faults``, or ``python -m tests.faults.kill --rounds 3 --plays 10 --seed 7``. Prints its figures last.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.family import ROLES, Family
from tests.faults.proof import faults_in

COMMAND = Path(sys.executable).with_name("ooh-player")
_LONGEST_S = 400.0
_MOST_FAULTS = 8
_FIRST_AFTER_S = 2.0
_ORPHANS_GONE_S = 3.0


@dataclass
class Round:
    """One demo and what was done to it."""

    seed: int
    plays: int
    folder: Path
    done: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    def run(self) -> None:
        """Start the demo, hit it until it ends, and look at what it left."""
        temporary, kept = self.folder / "tmp", self.folder / "kept"
        temporary.mkdir()
        argv = [str(COMMAND), "demo", "--plays", str(self.plays), "--headless", "--keep", str(kept), "--json"]
        kept_env = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        env = {**kept_env, "HOME": str(self.folder), "TMPDIR": str(temporary)}
        began = time.monotonic()
        with (self.folder / "err").open("wb") as err:
            demo = subprocess.Popen(argv, env=env, cwd=self.folder, stdout=subprocess.PIPE, stderr=err, text=True)
        family = Family(demo.pid)
        over = threading.Event()
        hand = threading.Thread(target=self._break_things, args=(family, over))
        hand.start()
        try:
            out, _ = demo.communicate(timeout=_LONGEST_S)
        except subprocess.TimeoutExpired:
            self.found.append(f"not at its end after {_LONGEST_S:.0f} s")
            demo.kill()
            out, _ = demo.communicate()
        finally:
            over.set()
            hand.join()
        self.seconds = time.monotonic() - began
        self._judge(demo.returncode, out, family, kept)
        self.found += [f"left behind: {path.name}" for path in temporary.iterdir()]

    def _judge(self, code: int, out: str, family: Family, kept: Path) -> None:
        if code != 0:
            self.found.append(f"exit {code}: {(self.folder / 'err').read_text()[-400:]}")
        if out.strip():
            self.report = json.loads(out.strip().splitlines()[-1])
            self.found += faults_in(self.report, self.plays, kept)
            verify = [str(COMMAND), "plays", "verify", str(kept / "plays.jsonl")]
            if subprocess.run(verify, capture_output=True, check=False, cwd=self.folder).returncode != 0:
                self.found.append("plays verify says it is not good")
        until = time.monotonic() + _ORPHANS_GONE_S
        while family.left() and time.monotonic() < until:
            time.sleep(0.05)
        self.found += [f"still there: {line}" for line in family.left()]

    def _break_things(self, family: Family, over: threading.Event) -> None:
        dice = random.Random(self.seed)
        pause_s = _FIRST_AFTER_S
        for _ in range(_MOST_FAULTS):
            if _wait(family, over, pause_s):
                return
            victims = dice.sample(list(ROLES), dice.choice((1, 1, 2)))
            stop_s = dice.choice((0.0, 0.0, dice.uniform(0.5, 6.0)))
            self._hit(family, over, victims, stop_s)
            pause_s = dice.uniform(0.2, 6.0)

    def _hit(self, family: Family, over: threading.Event, victims: list[str], stop_s: float) -> None:
        """All at once; ``stop_s`` 0: kill them, else stop them for so long."""
        pids = {role: family.find(role, 4.0 if role == "prepare" else 0.0) for role in victims}
        first = signal.SIGSTOP if stop_s else signal.SIGKILL
        hit = {role: pid for role, pid in pids.items() if pid is not None and family.hit(pid, first)}
        if hit:
            self.done["+".join(sorted(hit)) + (" stopped" if stop_s else " killed")] += 1
        if stop_s:
            _wait(family, over, stop_s)
            for pid in hit.values():
                family.hit(pid, signal.SIGCONT)


def _wait(family: Family, over: threading.Event, seconds: float) -> bool:
    """Keep an eye on the family meanwhile; True when the demo is over."""
    until = time.monotonic() + seconds
    while (left_s := until - time.monotonic()) > 0:
        family.look()
        if over.wait(min(left_s, 0.2)):
            return True
    return over.is_set()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--plays", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="keep every round's folder here")
    options = parser.parse_args()
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory(prefix="ooh-faults-") as temporary:
        for seed in range(options.seed, options.seed + options.rounds):
            folder = (options.keep or Path(temporary)) / f"round-{seed}"
            folder.mkdir(parents=True)
            one = Round(seed, options.plays, folder.resolve())
            one.run()
            rounds.append(one)
            faults = ", ".join(f"{count} {what}" for what, count in one.done.items())
            print(f"round {seed}: {one.seconds:.0f} s; {faults}; restarts {one.report.get('restarts')}", flush=True)
            for line in one.found:
                print(f"  NOT GOOD {line}", flush=True)
    total = sum((one.done for one in rounds), Counter[str]())
    figures = {
        "rounds": len(rounds),
        "faults": dict(total.most_common()),
        **{name: sum(one.report.get(name, 0) for one in rounds) for name in ("plays", "journal", "stream", "lost")},
        "duplicates": sum(one.report.get("duplicates", 0) for one in rounds),
        "repeats_removed_by_id": sum(one.report.get("repeats_removed_by_id", 0) for one in rounds),
        "not_good": sum(len(one.found) for one in rounds),
    }
    print(json.dumps(figures))
    return 1 if figures["not_good"] else 0


if __name__ == "__main__":
    sys.exit(main())
