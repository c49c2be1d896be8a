"""``python -m tests.faults.leases``: the agent is killed again and again while it proves plays to an ad server.

A real agent, the sandbox's lease-style ad server, a journal; the screen is this program. The agent dies by SIGKILL at
a random moment after each play. At the end every play is proven, every other lease is given back, and what is not
exactly so is counted: calls repeated because the agent died between the answer and its mark (at most one a kill), and
leases that no agent lived to hear of (at most one a kill; they run out by themselves).
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from cache import (
    Board,
    Clock,
    Folders,
    Identity,
    Journal,
    LeaseState,
    PlayEnd,
    PlayLayout,
    PlayStart,
    SystemClock,
    new_id,
    ring,
)
from config import CacheConfig

ROOT = Path(__file__).parents[2]
SLOT_MS = 2_000
_SHOWN_S = 1.6
_ANSWERED_S = 1.0
"""How long after the ask a lease may have been written down: no play begins before that."""

_TOML = """\
[screen]
id = "screen-1"
venue = "bar-1"
size = "640x360"
[exchange]
kind = "vistar"
url = "http://127.0.0.1:{port}"
network_id = "sandbox-network"
api_key_file = "{state}/key"
look_ahead = 4
look_ahead_minutes = 0
[cache]
dir = "{state}"
run_dir = "{state}/run"
[fetch]
allow_hosts = ["127.0.0.1:{port}"]
[[loop]]
seconds = 2
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What was counted at the end."""

    kills: int
    billable: int
    book: dict[str, Any]
    beacons: dict[str, int]

    @property
    def good(self) -> bool:
        """Nothing lost, and no more doubled than the two documented windows allow."""
        book = self.book
        settled = book["proofs"] + book["expirations"] + book["outstanding"] == book["leased"]
        windows = book["repeated_calls"] <= self.kills and book["outstanding"] <= self.kills
        return book["proofs"] == self.billable and settled and windows and not self.beacons["PENDING"]

    def line(self) -> str:
        """One sentence."""
        book = self.book
        return (
            f"{self.kills} kills, {self.billable} billable plays, {book['proofs']} proofs counted, "
            f"{book['expirations']} expirations, {book['repeated_calls']} calls repeated, "
            f"{book['outstanding']} leases unheard of, {book['waved_off']} calls waved off and made again, "
            f"refused: {book['bad_calls'] or 'none'}"
        )


def run(plays: int, seed: int, folder: Path) -> Result:
    """Play, kill, count."""
    draw, clock = Random(seed), SystemClock()
    port = _free_port()
    toml = folder / "player.toml"
    toml.write_text(_TOML.format(port=port, state=folder), encoding="utf-8")
    (folder / "key").write_text("sandbox-key\n", encoding="utf-8")
    folders = Folders.of(CacheConfig(dir=str(folder), run_dir=str(folder / "run")), {})
    with ExitStack() as stack:
        shares = ("--broken-share", "0.2", "--nofill-share", "0.05", "--throttle-share", "0", "--slow-share", "0")
        sandbox = _process("sandbox", "exchange", "--port", str(port), "--slot-ms", str(SLOT_MS), *shares)
        stack.callback(_kill, sandbox)
        _until(lambda: _listens(port))
        journal = Journal.open(folders.state, clock, Identity("screen-1", "bar-1", "1"))
        stack.callback(journal.close)
        agents = [_process("player", "agent", "--config", str(toml))]
        stack.callback(lambda: _kill(agents[-1]))
        kills = billable = 0
        for _ in range(plays):
            billable += _show(journal, clock)
            ring(folders.run, "agent", "played")
            time.sleep(draw.uniform(0.0, 0.25))
            _kill(agents[-1])
            kills += 1
            agents.append(_process("player", "agent", "--config", str(toml)))

        def drained() -> bool:
            ring(folders.run, "agent", "drain")
            time.sleep(0.2)
            done = bool((Board.read(folders.run, "agent") or {}).get("drained"))
            return done and not journal.unsettled(1) and not journal.beacon_counts()["PENDING"]

        _until(drained)
        return Result(kills, billable, _book(port), journal.beacon_counts())


def _show(journal: Journal, clock: Clock) -> bool:
    """Show the first lease that has been ready for as long as it is to be shown; True when it may be billed."""

    def ready() -> Any:
        return next((held for held in journal.held() if held.state is LeaseState.PREPARED), None)

    _until(lambda: ready() is not None)
    lease = ready().lease
    _until(lambda: clock.now() >= lease.not_before + timedelta(seconds=_ANSWERED_S + _SHOWN_S))
    start = PlayStart(
        id=new_id(clock),
        kind="ad",
        planned_ms=lease.duration_ms,
        started_at=clock.now() - timedelta(seconds=_SHOWN_S),
        started_ns=clock.monotonic_ns(),
        boot_id=clock.boot_id(),
        layout=PlayLayout(None, (), None),
        clock=clock.state(),
        display="on",
        display_evidence=None,
        lease=lease,
    )
    journal.open_play(start)
    return journal.close_play(start.id, PlayEnd(clock.now(), SLOT_MS, 60, 0, "complete"), []).billable


def _process(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _book(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/vistar/_state", timeout=5) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(condition: Callable[[], bool], timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            message = "it never came true"
            raise TimeoutError(message)
        time.sleep(0.02)


def main() -> int:
    """Run it and print the figures; 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(options.plays, options.seed, Path(folder))
    sys.stdout.write(f"{result.line()}\n")
    return 0 if result.good else 1


if __name__ == "__main__":
    raise SystemExit(main())
