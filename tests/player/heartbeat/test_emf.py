"""Lines of CloudWatch's Embedded Metric Format, held against its specification."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.heartbeat import document, emf_line
from tests.fakes import FakeClock
from tests.player.heartbeat.facts import facts, told, worst

UNITS = {
    "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits",
    "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count", "None",
}  # fmt: skip


def check(line: str) -> dict[str, Any]:
    """The MUSTs of the specification; each with its section."""
    assert "\n" not in line, "one line, one log event"
    assert len(line.encode()) < 256_000, "document structure: at most 256 KB"
    root: dict[str, Any] = json.loads(line)
    assert isinstance(root["_aws"]["Timestamp"], int), "metadata object: ms since 1970"
    (directive,) = root["_aws"]["CloudWatchMetrics"]
    assert set(root["_aws"]) == {"Timestamp", "CloudWatchMetrics"}
    assert set(directive) == {"Namespace", "Dimensions", "Metrics"}, "metric directive: no further members"
    assert 1 <= len(directive["Namespace"]) <= 255
    assert len(directive["Metrics"]) <= 100, "metric directive: at most 100 definitions"
    for dimensions in directive["Dimensions"]:
        assert len(dimensions) <= 9, "dimension set: at most 9 keys (30 since 2022)"
        for key in dimensions:
            assert isinstance(root[key], str), "target members: a dimension is text"
            assert 1 <= len(root[key]) <= 255
    names = [metric["Name"] for metric in directive["Metrics"]]
    assert len(names) == len(set(names))
    for metric in directive["Metrics"]:
        assert set(metric) == {"Name", "Unit"}
        assert metric["Unit"] in UNITS
        assert 1 <= len(metric["Name"]) <= 255
        value = root[metric["Name"]]
        assert isinstance(value, (int, float)), "target members: a metric is a number"
        assert not isinstance(value, bool)
    return root


def test_a_line_is_a_document(clock: FakeClock) -> None:
    root = check(emf_line(told(clock), "OohPlayer", ["screen_id"]))
    assert root["_aws"]["Timestamp"] == 1_795_348_800_000
    assert root["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "OohPlayer"
    assert root["screen_id"] == "berlin-3"
    assert root["PlaysComplete"] == 6
    assert root["KinesisWaiting"] == 3
    assert root["KinesisOldestAge"] == 61.3
    assert root["UnderVoltageSinceBoot"] == 1
    assert root["Errors"] == 1
    assert root["errors"] == {"creative.corrupt": 1}


def test_what_is_unknown_has_no_metric(clock: FakeClock) -> None:
    first = check(emf_line(told(clock, plays_before=None, screen=None, cache=None), "N", ["screen_id"]))
    names = {metric["Name"] for metric in first["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    assert not {"Plays", "PlaysComplete", "FramesLate", "CacheBytes", "GatewayWaiting"} & names
    assert first["ScreenRunning"] == 0


def test_the_worst_is_within_the_limits(clock: FakeClock) -> None:
    check(emf_line(document(worst(clock)), "N" * 255, ["screen_id", "venue_id", "player_version"]))


@pytest.mark.parametrize("dimensions", [[], ["venue_id"], ["screen_id", "venue_id", "player_version"]])
def test_dimensions_are_always_text(clock: FakeClock, dimensions: list[str]) -> None:
    root = check(emf_line(told(clock, venue_id=None), "N", dimensions))
    assert root["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [dimensions]
    assert root["venue_id"] == "unknown"


@given(st.text(max_size=600), st.floats(allow_nan=True))
def test_no_name_and_no_figure_breaks_a_line(venue: str, temperature: float) -> None:
    heartbeat = document(facts(FakeClock(), venue_id=venue))
    heartbeat["machine"]["temperature_c"] = temperature
    check(emf_line(heartbeat, "N", ["screen_id", "venue_id"]))


def test_metrics_are_named_as_cloudwatch_names_its_own(clock: FakeClock) -> None:
    root = check(emf_line(document(worst(clock)), "N", ["screen_id"]))
    metrics = root["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    assert len(metrics) > 40
    assert all(re.fullmatch(r"([A-Z][a-z0-9]*)+", metric["Name"]) for metric in metrics)
