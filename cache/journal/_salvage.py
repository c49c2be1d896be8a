"""Salvage: what can still be read of a damaged journal goes on in the new one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from cache._shapes import DeliveryState, Lease
from cache.journal._mark import read_mark
from cache.journal._record import play_hash
from cache.journal._shapes import OpenPlay

_UNDECIDED_PLAYS = 1000
"""How far back plays are taken whose deliveries cannot be read: at 10 s a play, the last three hours."""

_LIVE = frozenset({"OFFERED", "CACHED", "PREPARED", "PLAYING"})


def salvage(new: sqlite3.Connection, kept: Path) -> str:
    """Copy what still matters: undelivered plays, live leases, waiting beacons, the last seq and the chain's end.

    What was delivered stays in the file set aside. A record is taken only when its hash fits. One whose delivery
    cannot be read is sent again: a duplicate is removed by its id, a loss is made good by nobody.
    Raises ``sqlite3.Error`` when the new database cannot be written.
    """
    with closing(sqlite3.connect(f"{kept.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as old:
        old.row_factory = sqlite3.Row
        new.execute("BEGIN IMMEDIATE")
        try:
            plays = _plays(new, old, read_mark(kept.parent))
            leases = _leases(new, old)
            beacons = _beacons(new, old)
            new.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                new.execute("ROLLBACK")
            raise
    return f"{plays} plays, {leases} leases, {beacons} beacons"


def _plays(new: sqlite3.Connection, old: sqlite3.Connection, mark: int) -> int:
    waiting: set[int] = set()
    sinks: set[str] = set()
    for row in _rows(old, "SELECT seq, sink, state FROM deliveries ORDER BY seq {0}, sink {0}"):
        if isinstance(row["seq"], int) and row["state"] in tuple(DeliveryState):
            sinks.add(str(row["sink"]))
            waiting.update([row["seq"]] if row["state"] == DeliveryState.PENDING else [])
    newest = next(_rows(old, "SELECT seq, record FROM plays ORDER BY seq {0}", ways=("DESC",)), None)
    counted = _meta(old, "plays:last_seq")
    # Without the count, the newest plays may be among what cannot be read: a gap is left, no seq is given twice.
    given = counted if isinstance(counted, int) else mark
    last_seq = max(given, newest["seq"] if newest else 0, *waiting, 0)
    owed = {row["seq"] for row in _unsettled(old) if isinstance(row["seq"], int)}
    waiting |= owed
    waiting.update(range(max(1, last_seq - _UNDECIDED_PLAYS + 1), last_seq + 1))
    taken, last_hash = 0, _meta(old, "last_hash")
    for seq in sorted(waiting):
        play = next(_rows(old, "SELECT * FROM plays WHERE seq = ? ORDER BY seq {0}", (seq,)), None)
        if play is None or not _sound(play):
            continue
        deliveries = list(_rows(old, "SELECT * FROM deliveries WHERE seq = ? ORDER BY sink {0}", (seq,)))
        if seq not in owed and deliveries and all(row["state"] != "PENDING" for row in deliveries):
            continue
        taken += 1
        _insert(new, "plays", dict(play))
        for row in deliveries:
            _insert(new, "deliveries", dict(row))
        for sink in sinks if play["closed_ms"] is not None and not deliveries else ():
            again = {"seq": seq, "sink": sink, "state": "PENDING", "updated_ms": play["closed_ms"]}
            _insert(new, "deliveries", again)
    counters = _rows(old, "SELECT key, value FROM meta WHERE key LIKE '%:%' ORDER BY key {0}")
    numbers = [(row["key"], row["value"]) for row in counters if isinstance(row["value"], int)]
    for key, value in (*numbers, ("plays:last_seq", last_seq), ("last_hash", last_hash)):
        if value:
            new.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))
    return taken


def _leases(new: sqlite3.Connection, old: sqlite3.Connection) -> int:
    taken = 0
    for row in _rows(old, "SELECT * FROM leases ORDER BY place {0}"):
        with suppress(msgspec.MsgspecError, TypeError):
            found = dict(row)
            wanted = found["state"] in _LIVE or found.get("unsettled")
            if wanted and msgspec.json.decode(found["body"], type=Lease).lease_id == found["lease_id"]:
                taken += _insert(new, "leases", found)
    return taken


def _beacons(new: sqlite3.Connection, old: sqlite3.Connection) -> int:
    rows = _rows(old, "SELECT * FROM beacons ORDER BY beacon_id {0}")
    return sum(_insert(new, "beacons", dict(row)) for row in rows if row["state"] == "PENDING")


def _unsettled(old: sqlite3.Connection) -> Iterator[sqlite3.Row]:
    """Leases whose calls are not queued yet: none in a journal of the first version."""
    return _rows(old, "SELECT seq FROM leases WHERE unsettled = 1 ORDER BY place {0}")


def _sound(play: sqlite3.Row) -> bool:
    """True when a finished record has its hash, or an unfinished play can be decoded."""
    try:
        if play["record"] is None:
            return msgspec.json.decode(play["opened"], type=OpenPlay).start.id == str(play["id"])
        record = msgspec.json.decode(play["record"], type=dict[str, object])
        return record["id"] == play["id"] and record["hash"] == play_hash(record)
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
        return False


def _meta(old: sqlite3.Connection, key: str) -> int | str | None:
    row = next(_rows(old, "SELECT value FROM meta WHERE key = ? ORDER BY key {0}", (key,)), None)
    return row["value"] if row is not None else None


def _rows(
    old: sqlite3.Connection, query: str, values: tuple[object, ...] = (), ways: tuple[str, ...] = ("ASC", "DESC")
) -> Iterator[sqlite3.Row]:
    """What can be read: from the one end up to the damage, then from the other."""
    for way in ways:
        try:
            yield from old.execute(query.format(way), values)
        except sqlite3.Error:
            continue
        return


def _insert(new: sqlite3.Connection, table: str, row: dict[str, object]) -> int:
    """Insert a row by its columns' names; one that is there, or that damage made impossible, is left out."""
    columns, places = ", ".join(row), ", ".join(f":{column}" for column in row)
    query = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - our schema's own names
    return new.execute(query, row).rowcount
