"""A full disk, a read-only one, EIO, a clock set back two years, corrupt pages: the real screen process goes on.

``python -m tests.faults.disk``. The state folder is a small tmpfs of its own, in a namespace of its own (no rights are
needed; where namespaces are forbidden it says so and ends with 2). Of each fault it is shown that pictures go on
changing while it lasts, that what could not be written is counted and told, and what the journal holds in the end.
Prints its figures last.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cache import Board, Identity, Journal, KeyFile, SystemClock, verify_export

_DISK_BYTES = 24 << 20
_PAGE_BYTES = 4_096
_UP_S = 60.0
_FAULT_PLAYS = 5
_TWO_YEARS_S = 2 * 365 * 86_400
_CONFIG = """\
[screen]
id = "screen-1"
size = "640x360"

[cache]
dir = "{state}"
run_dir = "{run}"

[[loop]]
kind = "content"
seconds = 1
"""


@dataclass
class Screen:
    """One screen process and its folders: the state on a small disk, the rest on another."""

    root: Path
    errors: list[str] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        for name in ("state", "run", "switches"):
            (self.root / name).mkdir()
        (self.root / "player.toml").write_text(_CONFIG.format(state=self.state, run=self.run), encoding="utf-8")

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def run(self) -> Path:
        return self.root / "run"

    def start(self) -> None:
        argv = [sys.executable, "-m", "tests.faults.disk_child", str(self.root / "switches")]
        argv += ["screen", "--headless", "--config", str(self.root / "player.toml")]
        with (self.root / "log").open("ab") as log:
            self._process = subprocess.Popen(argv, stdout=log, stderr=log)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
                self.errors.append("the screen did not end")
            self._process = None

    def board(self) -> dict[str, Any]:
        return Board.read(self.run, "screen") or {}

    def shown(self) -> int:
        """Plays begun since its start, by its board."""
        alive = self._process is not None and self._process.poll() is None
        return int(self.board().get("plays_shown") or 0) if alive else 0

    def goes_on(self, plays: int) -> bool:
        """True when so many more plays come on, in time."""
        before = self.shown()
        return self._until(lambda: self.shown() >= before + plays, _UP_S)

    def caught_up(self) -> bool:
        """True when the journal holds as many plays as were begun."""
        return self._until(lambda: self.journal_opened() >= self.shown() > 0, _UP_S)

    def journal_opened(self) -> int:
        with contextlib.suppress(Exception), self.journal() as journal:
            return journal.counts().opened
        return -1

    @contextlib.contextmanager
    def journal(self) -> Iterator[Journal]:
        journal = Journal.open(self.state, SystemClock(), Identity("screen-1", None, "0"), check=False)
        try:
            yield journal
        finally:
            journal.close()

    def said(self, event: str) -> int:
        """How often the log has a line."""
        text = (self.root / "log").read_text(encoding="utf-8", errors="replace")
        return len(re.findall(rf"\b{re.escape(event)}\b", text))

    def _until(self, done: Callable[[], bool], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if done():
                return True
            time.sleep(0.25)
        return False


def mount(*argv: str) -> None:
    subprocess.run(["mount", *argv], check=True)


@contextlib.contextmanager
def screen(folder: Path, name: str, *, read_only: bool = False) -> Iterator[Screen]:
    """A screen on a new small disk; started."""
    root = folder / name
    root.mkdir()
    it = Screen(root)
    mount("-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(it.state))
    if read_only:
        mount("-o", "remount,ro", str(it.state))
    it.start()
    try:
        yield it
    finally:
        it.stop()
        subprocess.run(["umount", "-l", str(it.state)], check=False)


def figures(it: Screen, went_on: bool, **more: object) -> dict[str, object]:
    """What is there after a fault is over and the screen has ended."""
    shown, board = it.shown(), it.board()
    it.stop()
    with it.journal() as journal:
        journal.recover(None, ())
        rows = [row.record for row in journal.plays()]
        verdict = verify_export(rows, KeyFile(it.state, {}).known()) if rows else None
        health = journal.health()
    return {
        "went_on": went_on,
        "shown": shown,
        "recorded": len(rows),
        "errors_counted": board.get("journal_errors"),
        "lost_counted": board.get("journal_lost"),
        "lines_in_the_log": it.said("journal.failing") + it.said("disk.failing") + it.said("database.set_aside"),
        "set_aside": len(health.set_aside),
        "export": "good" if verdict is None else verdict.fault or "good",
        **more,
    }


def full(folder: Path) -> dict[str, object]:
    """Somebody else fills the disk to the last byte, and makes room again."""
    with screen(folder, "full") as it:
        before = it.goes_on(2)
        with (it.state / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(b"\0" * _PAGE_BYTES)
        went_on = before and it.goes_on(_FAULT_PLAYS)
        errors = it.board().get("journal_errors")
        (it.state / "filler").unlink()
        caught_up = it.caught_up()
        return figures(it, went_on, errors_while_full=errors, caught_up=caught_up)


def read_only(folder: Path) -> dict[str, object]:
    """The disk is read-only from the start, as one with errors is after a reboot; then it is mended."""
    with screen(folder, "read-only", read_only=True) as it:
        up = it._until(lambda: it._process is not None and it.said("disk.failing") > 0, _UP_S)
        alive = it._process is not None and it._process.poll() is None
        mount("-o", "remount,rw", str(it.state))
        went_on = up and alive and it.goes_on(2)
        return figures(it, went_on, slate_meanwhile=alive, caught_up=it.caught_up())


def eio(folder: Path) -> dict[str, object]:
    """Every write and sync of SQLite's fails with EIO, for five plays."""
    with screen(folder, "eio") as it:
        before = it.goes_on(2)
        (it.root / "switches" / "eio").touch()
        went_on = before and it.goes_on(_FAULT_PLAYS)
        errors = it.board().get("journal_errors")
        (it.root / "switches" / "eio").unlink()
        return figures(it, went_on, errors_meanwhile=errors, caught_up=it.caught_up())


def eio_to_the_end(folder: Path) -> dict[str, object]:
    """The disk never comes back: what is lost in the end is counted and named."""
    with screen(folder, "eio-to-the-end") as it:
        before = it.goes_on(2)
        (it.root / "switches" / "eio").touch()
        went_on = before and it.goes_on(_FAULT_PLAYS)
        shown = it.shown()
        it.stop()
        lost, lines = it.board().get("journal_lost") or 0, it.said("write.lost")
        (it.root / "switches" / "eio").unlink()
        told = figures(it, went_on, lost_lines=lines, every_loss_told=lost == lines >= _FAULT_PLAYS)
        return {**told, "shown": shown}


def clock_back(folder: Path) -> dict[str, object]:
    """The wall clock is set back two years in the middle of a play, and right again later."""
    with screen(folder, "clock") as it:
        before = it.goes_on(2)
        switch = it.root / "switches" / "clock"
        switch.write_text(str(-_TWO_YEARS_S))
        went_on = before and it.goes_on(_FAULT_PLAYS)
        switch.unlink()
        went_on = it.goes_on(2) and went_on
        caught_up = it.caught_up()
        with it.journal() as journal:
            plays = [row.play for row in journal.plays()]
        lengths = [play.shown_ms for play in plays if play.end_reason == "complete"]
        sane = all(length is not None and 0 <= length < 30_000 for length in lengths)
        years = sorted({play.started_at[:4] for play in plays})
        return figures(it, went_on and sane, caught_up=caught_up, years=years, lengths_right=sane)


def corrupt(folder: Path) -> dict[str, object]:
    """Every page but the first is rubbish; the WAL is gone. It is set aside, and seq goes on above."""
    with screen(folder, "corrupt") as it:
        before = it.goes_on(3) and it.caught_up()
        it.stop()
        with it.journal() as journal:
            last_seq = journal.counts().last_seq
        file = it.state / "journal.db"
        rubbish = bytes(range(256)) * (_PAGE_BYTES // 256)
        file.write_bytes(file.read_bytes()[:_PAGE_BYTES] + rubbish * (file.stat().st_size // _PAGE_BYTES - 1))
        it.start()
        went_on = before and it.goes_on(_FAULT_PLAYS)
        it._until(lambda: it.journal_opened() > 0, _UP_S)
        with it.journal() as journal:
            first = next((row.play.seq for row in journal.plays()), 0)
        return figures(it, went_on, last_seq_before=last_seq, first_seq_after=first, seq_above=first > last_seq > 0)


FAULTS: tuple[Callable[[Path], dict[str, object]], ...] = (full, read_only, eio, eio_to_the_end, clock_back, corrupt)
_MUST = ("went_on", "caught_up", "every_loss_told", "seq_above", "slate_meanwhile")


def inside(only: str | None) -> int:
    """All faults, in the namespace."""
    good = True
    with tempfile.TemporaryDirectory(prefix="ooh-disk-") as root:
        for fault in FAULTS:
            if only in (None, fault.__name__):
                told = fault(Path(root))
                right = all(told.get(name, True) for name in _MUST) and told["export"] == "good"
                good = good and right
                print(json.dumps({"fault": fault.__name__, "good": right, **told}), flush=True)
                if not right:
                    print(_end_of_log(Path(root)), file=sys.stderr)
    print(json.dumps({"good": good}))
    return 0 if good else 1


def _end_of_log(root: Path) -> str:
    """The last screen's own words."""
    newest = max(root.glob("*/log"), key=lambda log: log.stat().st_mtime)
    return newest.read_text(encoding="utf-8", errors="replace")[-4_000:]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--only", choices=[fault.__name__ for fault in FAULTS])
    options = parser.parse_args()
    logging.getLogger("ooh").addHandler(logging.NullHandler())  # the screen's own log says it
    if options.inside:
        return inside(options.only)
    unshare = ["unshare", "--mount", "--map-root-user"]
    if subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode != 0:
        print("no namespaces here (unshare --mount --map-root-user): nothing was tried", file=sys.stderr)
        return 2
    argv = [*unshare, sys.executable, "-m", "tests.faults.disk", "--inside"]
    return subprocess.run([*argv, *(["--only", options.only] if options.only else [])], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
