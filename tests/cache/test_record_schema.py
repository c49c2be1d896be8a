"""Every record the journal makes is valid by the schema in the repository, and what is not a record is not."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cache import ClockState, DisplayState, EndReason, Journal, Play, PlayLayout
from tests.cache.shapes import SINK, make_end, make_lease, make_start, play_once
from tests.fakes import FakeClock


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(files("cache").joinpath("ooh.play-1.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def check(record: bytes | dict[str, Any]) -> list[str]:
    parsed = json.loads(record) if isinstance(record, bytes) else record
    return [f"{error.json_path}: {error.message}" for error in validator().iter_errors(parsed)]


def test_it_names_exactly_the_fields_of_the_record() -> None:
    schema = validator().schema
    assert isinstance(schema, dict)
    assert set(schema["required"]) == set(schema["properties"]) == {field.name for field in fields(Play)}
    for name, shape in (("layout", PlayLayout), ("clock", ClockState)):
        inner = schema["properties"][name]
        assert set(inner["required"]) == set(inner["properties"]) == {field.name for field in fields(shape)}
        assert inner["additionalProperties"] is False


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    has_lease=st.booleans(),
    reason=st.sampled_from(["complete", "cut", "error", "crash", "screen_off"]),
    display=st.sampled_from(["on", "off", "unknown"]),
    shown_ms=st.none() | st.integers(0, 20_000),
    synced=st.sampled_from([True, False, None]),
    creative=st.none() | st.tuples(*[st.integers(0, 4_000)] * 4),
)
def test_whatever_happens_the_record_is_valid(
    journal: Journal,
    clock: FakeClock,
    has_lease: bool,
    reason: EndReason,
    display: DisplayState,
    shown_ms: int | None,
    synced: bool | None,
    creative: tuple[int, int, int, int] | None,
) -> None:
    clock.clock_state = ClockState(synced, "timesyncd" if synced is not None else None, None)
    clock.advance(1)
    lease = make_lease(clock, f"lease-{clock.mono_ns}") if has_lease else None
    layout = PlayLayout(creative, ("clock",), None if creative is None else 1.5)
    start = make_start(clock, lease, display=display, layout=layout, creative_sha256="0" * 64)
    journal.open_play(start)
    end = make_end(clock, shown_ms, end_reason=reason)
    if shown_ms is None:
        end = replace(end, ended_at=None, frames_presented=None, frames_late=None)
    journal.close_play(start.id, end, [SINK])
    clock.clock_state = ClockState(True, "timesyncd", 0.25)
    journal.finish_held()
    row = next(iter(journal.plays(limit=1)))
    assert row.play.id == start.id
    assert check(row.record) == []
    if display == "off" or reason in {"error", "screen_off"} or shown_ms is None:
        assert row.play.billable is False


def test_a_recovered_play_is_valid(journal: Journal, clock: FakeClock) -> None:
    journal.open_play(make_start(clock, make_lease(clock)))
    journal.recover(None, [SINK])
    (queued,) = journal.pending(SINK, 1)
    assert check(queued.record) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "5"),
        ("seq", 0),
        ("schema", "ooh.play/2"),
        ("kind", "advert"),
        ("started_at", "2026-11-22 12:00:00"),
        ("started_at", None),
        ("shown_ms", -1),
        ("end_reason", "done"),
        ("billable", None),
        ("display", "lit"),
        ("display", "off"),
        ("end_reason", "error"),
        ("shown_ms", None),
        ("kind", "house"),
        ("price", 12.34),
        ("hash", None),
        ("hash", "xyz"),
        ("signature", "xyz"),
        ("signature", None),
        ("key_id", None),
        ("clock", {"synced": False, "source": None, "offset_ms": None, "backfilled": True}),
        ("clock", {"synced": True}),
        ("layout", {"creative": [1, 2, 3], "panels": [], "scale": 1}),
        ("unheard_of", 1),
    ],
)
def test_what_is_not_a_record_is_refused(journal: Journal, clock: FakeClock, field: str, value: object) -> None:
    play_once(journal, clock, make_lease(clock))
    record = json.loads(next(iter(journal.plays())).record)
    assert record["billable"] is True
    assert check(record) == []
    assert check({**record, field: value}) != []
    if field in record:
        assert check({name: one for name, one in record.items() if name != field}) != []
