"""An export that somebody touched is found out, by its first fault."""

from __future__ import annotations

import json
from collections.abc import Callable
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
    else:
        del records[at]
    assert verify_export(lines(records), first=1, last=8).fault is not None


def test_cut_ends_are_found_when_it_is_said_where_they_are() -> None:
    records = chain(5)
    assert verify_export(lines(records), first=1, last=5).fault is None
    assert verify_export(lines(records[1:]), first=1).fault == "line 1: seq 1: missing before seq 2"
    assert verify_export(lines(records[:-1]), last=5).fault == "seq 5: missing at the end"
    assert verify_export([], last=5).fault == "seq 5: missing at the end"
    assert verify_export(lines(records), last=4).fault == "seq 5: after the end"
    verdict = verify_export(lines(records[1:]))
    assert (verdict.first_seq, verdict.last_seq, verdict.last_hash) == (2, 5, records[-1]["hash"])


def rechained(order: list[int]) -> list[dict[str, Any]]:
    """Records whose chain follows another order than their seq."""
    records, before = chain(len(order)), None
    for seq in order:
        record = records[seq - 1]
        record["prev_hash"] = before
        record["hash"] = before = play_hash(record)
    return records


@pytest.mark.parametrize("order", [[1, 2, 4, 5, 3, 6], [2, 3, 1], [1, 2, 3, 6, 5, 4]])
def test_a_play_that_was_closed_late_is_no_fault(order: list[int]) -> None:
    """When its first closing failed, it is closed at the next start: the chain is whole, in another order."""
    assert verify_export(lines(rechained(order))).fault is None


def test_of_a_late_play_nothing_may_be_missing_either() -> None:
    records = rechained([1, 2, 4, 5, 3, 6])
    records[3]["shown_ms"] = 1
    records[3]["hash"] = play_hash(records[3])
    assert "line 5: seq 5 (play-5): broken chain" in (verify_export(lines(records)).fault or "")


def test_two_records_cannot_follow_the_same_one() -> None:
    records = chain(4)
    records[3]["prev_hash"] = records[1]["hash"]
    records[3]["hash"] = play_hash(records[3])
    assert "seq 4 (play-4): broken chain" in (verify_export(lines(records)).fault or "")


@pytest.mark.parametrize(
    "spelling",
    [
        lambda line: line.replace(b'"seq":2', b'"seq": 2'),
        lambda line: line.replace(b'"seq":2', b'"seq":7,"seq":2'),
        lambda line: line.replace(b"10002", b"10002.0"),
        lambda line: b" " + line,
        lambda line: line.replace(b"\n", b"\r\n"),
    ],
    ids=["blank", "twice", "float", "indent", "crlf"],
)
def test_a_record_has_one_spelling(spelling: Callable[[bytes], bytes]) -> None:
    written = lines(chain(3))
    written[1] = spelling(written[1])
    assert "line 2: seq 2 (play-2): broken" in (verify_export(written).fault or "")
