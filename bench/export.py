"""``python -m bench.export [--plays N]``: how long an export of a full journal takes, and the most memory it holds."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cache import Identity, Journal, PlayEnd, PlayLayout, PlayStart, SystemClock, new_id

FORMS = ("jsonl", "csv", "parquet")
_SLOT = timedelta(seconds=10)
_CHILD = """
import resource, sys, time
from pathlib import Path
from cache import Identity, Journal, SystemClock
from player.cli._export_to import export_plays
journal = Journal.open(Path(sys.argv[1]), SystemClock(), Identity("bench", None, "0"), check=False)
began = time.process_time()
plays = export_plays(journal, None, None, sys.argv[2], Path(sys.argv[3]))
print(plays, time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def fill(folder: Path, plays: int) -> None:
    """A journal of so many plays: a few by its own hand, the rest copied within the file, for that takes seconds."""
    import sqlite3  # noqa: PLC0415 - only here

    clock = SystemClock()
    journal = Journal.open(folder, clock, Identity("bench", "venue", "0"))
    for _ in range(100):
        began = datetime.now(UTC)
        layout = PlayLayout((0, 0, 1296, 1080), ("weather", "clock"), 4.32)
        start = PlayStart(
            new_id(clock), "house", 10_000, began, clock.monotonic_ns(), clock.boot_id(), layout, clock.state(), "on",
            "x11", None, "a house ad.png", "c" * 64, "f" * 64,
        )  # fmt: skip
        journal.open_play(start)
        journal.close_play(start.id, PlayEnd(began + _SLOT, 10_000, 1, 0, "complete"), ("kinesis",))
    journal.finish_held(now=True)
    journal.close()
    with sqlite3.connect(folder / "journal.db", isolation_level=None) as db:
        names = [row[1] for row in db.execute("PRAGMA table_info(plays)") if row[1] not in {"seq", "id"}]
        listed = ", ".join(names)
        db.execute("BEGIN")
        for hundred in range(1, plays // 100):
            db.execute(
                f"INSERT INTO plays (seq, id, {listed}) SELECT seq + ?, id || ?, {listed} FROM plays WHERE seq <= 100",  # noqa: S608
                (hundred * 100, f"-{hundred}"),
            )
            db.execute(
                "INSERT INTO deliveries (seq, sink, state, attempts, updated_ms) "
                "SELECT seq + ?, sink, 'DELIVERED', 1, updated_ms FROM deliveries WHERE seq <= 100",
                (hundred * 100,),
            )
        db.execute("COMMIT")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.export")
    parser.add_argument("--plays", type=int, default=300_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ooh-bench-") as name:
        folder = Path(name)
        began = time.monotonic()
        fill(folder, wanted.plays)
        print(f"journal of {wanted.plays:,} plays made in {time.monotonic() - began:.0f} s")
        for form in FORMS:
            out = folder / f"plays.{form}"
            done = subprocess.run(
                [sys.executable, "-c", _CHILD, str(folder), form, str(out)], check=True, capture_output=True, text=True
            )
            plays, cpu_s, peak_mb = map(float, done.stdout.split())
            size_mb = out.stat().st_size / 1e6
            print(
                f"{form:<8} {plays:,.0f} plays, {cpu_s:.1f} CPU s ({plays / cpu_s:,.0f} plays/s), "
                f"peak {peak_mb:.0f} MB, file {size_mb:.0f} MB"
            )
            out.unlink()


if __name__ == "__main__":
    main()
