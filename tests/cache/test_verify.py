"""An export that somebody touched is found out, by its first fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import PLAY_SCHEMA, canonical_json, play_hash, verify_export


def chain(length: int) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    for seq in range(1, length + 1):
        record: dict[str, Any] = {
            "id": f"play-{seq}",
            "seq": seq,
            "schema": PLAY_SCHEMA,
            "screen_id": "s",
            "shown_ms": 10_000 + seq,
            "prev_hash": records[-1]["hash"] if records else None,
        }
        records.append({**record, "hash": play_hash(record), "key_id": None, "signature": None})
    return records


def lines(records: list[dict[str, Any]]) -> list[bytes]:
    return [canonical_json(record) + b"\n" for record in records]


def test_a_whole_chain_is_good() -> None:
    verdict = verify_export(lines(chain(5)))
    assert (verdict.plays, verdict.fault) == (5, None)


def test_an_export_may_begin_in_the_middle() -> None:
    assert verify_export(lines(chain(9)[4:])).fault is None


def test_an_empty_export_is_good() -> None:
    assert verify_export([]).fault is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"not json\n", "not a record"),
        (b"[]\n", "not a record"),
        (b'{"schema":"ooh.play/1","seq":true}\n', "not a record"),
        (b'{"schema":"other/1","seq":1}\n', "not a record"),
        (b'{"schema":"ooh.play/1","seq":1,"x":NaN}\n', "broken"),
    ],
)
def test_what_is_no_record_is_named(line: bytes, says: str) -> None:
    assert says in (verify_export([line]).fault or "")


def test_a_missing_record_is_named() -> None:
    records = chain(5)
    verdict = verify_export(lines(records[:2] + records[3:]))
    assert (verdict.plays, verdict.fault) == (2, "line 3: seq 3: missing before seq 4")


def test_a_rewritten_record_breaks_the_chain_even_with_a_hash_of_its_own() -> None:
    records = chain(5)
    records[2]["shown_ms"] = 1
    records[2]["hash"] = play_hash(records[2])
    assert (
        verify_export(lines(records)).fault
        == "line 4: seq 4 (play-4): broken chain, it does not follow the record before it"
    )


@given(st.data())
def test_any_change_is_found(data: st.DataObject) -> None:
    records = chain(8)
    at = data.draw(st.integers(0, 6))
    kind = data.draw(st.sampled_from(["change", "repeat", "swap", "remove"]))
    if kind == "change":
        field = data.draw(st.sampled_from(sorted(set(records[at]) - {"key_id", "signature"})))
        records[at][field] = f"changed {json.dumps(records[at][field])}"
    elif kind == "repeat":
        records.insert(at, records[at])
    elif kind == "swap":
        records[at], records[at + 1] = records[at + 1], records[at]
    elif at > 0:
        del records[at]
    else:
        return  # without its first record an export is one that begins later
    assert verify_export(lines(records)).fault is not None
