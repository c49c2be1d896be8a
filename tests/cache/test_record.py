"""The record's bytes are the same everywhere, and so is its hash."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import ClockState, Journal, Play, PlayLayout, canonical_json, play_hash, record_json
from tests.cache.shapes import make_lease, play_once
from tests.fakes import FakeClock

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [
        # RFC 8785 appendix B
        (0.0, "0"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
        (-5e-324, "-5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992.0, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (9.999999999999997e22, "9.999999999999997e+22"),
        (1e23, "1e+23"),
        (999999999999999900000.0, "999999999999999900000"),
        (1e21, "1e+21"),
        (9.999999999999997e-7, "9.999999999999997e-7"),
        (0.000001, "0.000001"),
        (333333333.3333332, "333333333.3333332"),
        (-0.0000033333333333333333, "-0.0000033333333333333333"),
        (1424953923781206.2, "1424953923781206.2"),
        (4.32, "4.32"),
        (10.0, "10"),
        # RFC 8785 §3.2.3: sorted by UTF-16 code units, so a pair of surrogates comes before U+FB33
        ({"\ufb33": 1, "\U0001f600": 2, "1": 3, "\r": 4}, '{"\\r":4,"1":3,"\U0001f600":2,"\ufb33":1}'),
        ('\u20ac$\u000f\nA\'B"\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\"/"'),
        ([True, None, []], "[true,null,[]]"),
    ],
)
def test_canonical_json_as_the_rfc_says(value: Any, text: str) -> None:
    assert canonical_json(value).decode() == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_json_cannot_say_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no form in JSON"):
        canonical_json({"x": value})


def test_a_lone_surrogate_does_not_stop_a_record() -> None:
    assert canonical_json("a\ud800") == b'"a?"'


@given(json_values)
def test_canonical_json_says_the_same_and_only_one_way(value: Any) -> None:
    once = canonical_json(value)
    assert json.loads(once, parse_int=float) == value  # RFC 8785: every number is a double
    assert canonical_json(json.loads(once)) == canonical_json(json.loads(once, parse_int=float)) == once


def test_the_record_is_every_field_and_reads_back(journal: Journal, clock: FakeClock) -> None:
    play = play_once(journal, clock, make_lease(clock))
    record = json.loads(record_json(play))
    assert set(record) == {field.name for field in fields(Play)}
    assert record["layout"] == {"creative": [0, 0, 1296, 1080], "panels": ["weather", "clock"], "scale": 4.32}
    assert (record["started_at"], record["ended_at"]) == ("2026-11-22T12:00:00.000Z", "2026-11-22T12:00:10.000Z")
    assert (record["price"], record["currency"], record["multiplier"]) == ("12.34", "USD", 7.5)
    assert msgspec.json.decode(record_json(play), type=Play) == play


def test_the_hash_can_be_made_by_anyone_with_the_record(journal: Journal, clock: FakeClock) -> None:
    record = json.loads(record_json(play_once(journal, clock, make_lease(clock))))
    found = record["hash"]
    for field in ("hash", "key_id", "signature"):
        del record[field]
    # Not by canonical_json: a verifier of another house has only the rule. 4.32 and 7.5 are spelt alike by both.
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    text = text.replace('"offset_ms":0.0', '"offset_ms":0')
    assert found == hashlib.sha256(text.encode()).hexdigest()


def test_the_hash_covers_all_but_itself_and_its_signature(journal: Journal, clock: FakeClock) -> None:
    record = json.loads(record_json(play_once(journal, clock)))
    for field in record:
        covered = field not in {"hash", "key_id", "signature"}
        assert (play_hash({**record, field: "another"}) != record["hash"]) == covered, field


def test_every_field_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "record.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `([a-z0-9_.]+)` \|", text, re.MULTILINE)
    parts = [f"layout.{field.name}" for field in fields(PlayLayout)] + [f"clock.{f.name}" for f in fields(ClockState)]
    assert sorted(documented) == sorted([field.name for field in fields(Play)] + parts)
