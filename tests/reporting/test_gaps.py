"""Missing and doubled numbers, and a day that a play crosses: from records made for the case."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cache.shapes import opened, play_once
from tests.fakes import FakeClock
from tests.reporting import firehose
from tests.reporting.firehose import Arrival
from tests.reporting.warehouse import Warehouse

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = ("2026-11-20", "2026-11-20")


def chain(tmp_path: Path, count: int) -> list[dict[str, Any]]:
    """Records of a real journal."""
    tmp_path.mkdir(exist_ok=True)
    clock = FakeClock(wall=NOON)
    with opened(tmp_path, clock) as journal:
        for _ in range(count):
            play_once(journal, clock)
        return [json.loads(row.record) for row in journal.plays()]


def over(tmp_path: Path, records: Sequence[dict[str, Any]]) -> Warehouse:
    """A warehouse that got these records."""
    lines = [Arrival(NOON + timedelta(hours=1), json.dumps(record).encode() + b"\n") for record in records]
    firehose.write(lines, tmp_path / "lake" / "plays_json")
    warehouse = Warehouse(tmp_path / "lake")
    warehouse.create("plays")
    return warehouse


def gaps(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    names = ("screen_id", "first_missing", "last_missing", "missing", "finding")
    return [tuple(row[name] for name in names) for row in warehouse.query("seq_gaps", *DAY)]


def test_plays_that_have_not_arrived(tmp_path: Path) -> None:
    records = chain(tmp_path, 9)
    warehouse = over(tmp_path, [record for record in records if record["seq"] not in {3, 4, 7}])
    assert gaps(warehouse) == [("screen-1", 3, 4, 2, "not arrived"), ("screen-1", 7, 7, 1, "not arrived")]


def test_a_gap_that_the_chain_bridges_has_no_plays(tmp_path: Path) -> None:
    records = chain(tmp_path, 4)
    for record in records[2:]:
        record["seq"] += 5
    assert gaps(over(tmp_path, records)) == [("screen-1", 3, 7, 5, "no play closed")]


def test_a_journal_that_was_lost(tmp_path: Path) -> None:
    records = chain(tmp_path, 3)
    records[2] |= {"seq": 9, "prev_hash": None}
    assert gaps(over(tmp_path, records)) == [("screen-1", 3, 8, 6, "journal begun anew")]


@pytest.mark.usefixtures("caplog")
def test_a_real_journal_that_was_damaged_leaves_a_gap_that_is_seen(tmp_path: Path) -> None:
    clock = FakeClock(wall=NOON)
    with opened(tmp_path, clock) as journal:
        for _ in range(3):
            play_once(journal, clock)
        records = [json.loads(row.record) for row in journal.plays()]
    for name in ("journal.db", "journal.db-wal"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "journal.db").write_bytes(b"not a database, " * 512)
    with opened(tmp_path, clock) as journal:
        play_once(journal, clock)
        records += [json.loads(row.record) for row in journal.plays()]
    assert len(records) == 4
    ((screen, first, last, missing, finding),) = gaps(over(tmp_path, records))
    assert (screen, first, finding) == ("screen-1", 4, "journal begun anew")
    assert missing == last - 3 == records[-1]["seq"] - 4


def test_numbers_given_twice(tmp_path: Path) -> None:
    records = chain(tmp_path / "one", 2) + chain(tmp_path / "two", 1)
    records[2] |= {"boot_id": "another", "key_id": "f" * 16}
    (row,) = over(tmp_path, records).query("seq_doubled", *DAY)
    assert (row["screen_id"], row["seq"], row["plays"], row["boots"], row["signing_keys"]) == ("screen-1", 1, 2, 2, 2)


def test_a_copy_that_says_something_else_is_told(tmp_path: Path) -> None:
    records = chain(tmp_path, 2)
    forged = records[0] | {"shown_ms": 99_000, "hash": "0" * 64}
    (row,) = over(tmp_path, [*records, records[1], forged]).query("arrivals", *DAY)
    assert (row["lines"], row["new_plays"], row["copies"], row["conflicting"]) == (4, 2, 2, 1)


def test_a_play_over_midnight_belongs_to_both_days_uptime_and_to_one_days_bill(tmp_path: Path) -> None:
    (record,) = chain(tmp_path, 1)
    record |= {"started_at": "2026-11-20T23:59:58.000Z", "ended_at": "2026-11-21T00:00:08.000Z"}
    warehouse = over(tmp_path, [record])
    warehouse.fill("screens", [{"screen_id": "screen-1", "hours_per_day": 12.0}, {"screen_id": "dark"}])
    rows = warehouse.query("uptime", "2026-11-20", "2026-11-21", "2026-11-20", "2026-11-21")
    found = {(row["screen_id"], str(row["uptime_date"])): (row["shown_seconds"], row["percent_up"]) for row in rows}
    assert found == {
        ("screen-1", "2026-11-20"): (2.0, 0.005),
        ("screen-1", "2026-11-21"): (8.0, 0.019),
        ("dark", "2026-11-20"): (0.0, 0.0),
        ("dark", "2026-11-21"): (0.0, 0.0),
    }
    alone = warehouse.query("uptime", "2026-11-21", "2026-11-21", "2026-11-21", "2026-11-21")
    assert [row["shown_seconds"] for row in alone] == [0.0, 8.0]
    ((voice),) = warehouse.query("share_of_voice", *DAY)
    assert (voice["voice"], voice["plays"]) == ("house", 1)
    assert warehouse.query("share_of_voice", "2026-11-21", "2026-11-21") == []


def test_a_journal_held_back_for_days_arrives_late_and_is_counted_on_its_day(tmp_path: Path) -> None:
    records = chain(tmp_path, 2)
    lines = [json.dumps(record).encode() + b"\n" for record in records]
    arrivals = [Arrival(NOON + timedelta(seconds=30), lines[0]), Arrival(NOON + timedelta(days=40), lines[1])]
    firehose.write(arrivals, tmp_path / "lake" / "plays_json")
    warehouse = Warehouse(tmp_path / "lake")
    warehouse.create("plays")
    (row,) = warehouse.query("latency", *DAY)
    assert (row["plays"], row["within_15_minutes"], row["later"]) == (2, 1, 1)
    assert row["longest_seconds"] == 40 * 86_400 - 20
