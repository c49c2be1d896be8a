"""The file for Prometheus, read by Prometheus' own parser."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from player.heartbeat import document, exposition, write_textfile
from tests.fakes import FakeClock
from tests.player.heartbeat.facts import facts, told, worst


def families(text: str) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(text: str, name: str, **labels: str) -> float:
    (found,) = (
        sample.value
        for family in families(text).values()
        for sample in family.samples
        if (sample.name, sample.labels) == (name, labels)
    )
    return float(found)


def test_it_is_read_as_it_was_meant(clock: FakeClock) -> None:
    text = exposition(told(clock))
    assert value(text, "ooh_player_plays_total", kind="ad") == 91_204
    assert value(text, "ooh_player_plays_ended_total", result="complete") == 108_901
    assert value(text, "ooh_player_queue_length", sink="kinesis") == 3
    assert value(text, "ooh_player_queue_oldest_age_seconds", sink="beacons") == 0.9
    assert value(text, "ooh_player_leases_ahead_seconds") == 40
    assert value(text, "ooh_player_cpu_ratio") == pytest.approx(0.112)
    assert value(text, "ooh_player_under_voltage_since_boot") == 1
    assert value(text, "ooh_player_link_up", link="wlan0", kind="wifi") == 0
    assert value(text, "ooh_player_watchdog_escalations_total", step="renderer") == 1
    assert value(text, "ooh_player_process_resident_memory_bytes", process="screen") == 96_468_992
    (info,) = families(text)["ooh_player_info"].samples
    assert info.labels["screen_id"] == "berlin-3"


def test_it_keeps_the_rules_of_the_format(clock: FakeClock) -> None:
    """Exposition format 0.0.4: HELP and TYPE before a family's samples, each family once, a last line feed."""
    text = exposition(document(worst(clock)))
    assert text.endswith("\n")
    seen: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("# HELP "):
            name = line.split()[2]
            assert lines[number + 1].startswith(f"# TYPE {name} ")
            assert re.fullmatch(r"ooh_player_[a-z_]+", name)
            assert name not in seen
            seen.append(name)
        elif not line.startswith("#"):
            assert line.startswith((f"{seen[-1]}{{", f"{seen[-1]} "))
            assert len(re.sub(r"\{.*\}", "", line).split(" ")) == 2, "no timestamps: the collector refuses them"


def test_names_have_units_and_counters_are_totals(clock: FakeClock) -> None:
    for name, family in families(exposition(told(clock))).items():
        assert family.documentation
        assert family.type in {"gauge", "counter"}
        samples = {sample.name for sample in family.samples}
        assert samples == {f"{name}_total" if family.type == "counter" else name}
        assert not re.search(r"_(ms|percent|kb|mb)\b", name)


def test_label_sets_are_bounded(clock: FakeClock) -> None:
    for family in families(exposition(document(worst(clock)))).values():
        assert len(family.samples) <= 40


def test_what_is_unknown_is_left_out(clock: FakeClock) -> None:
    text = exposition(told(clock, screen=None, cache=None, last_frame_age_s=None))
    assert not {"ooh_player_cache_bytes", "ooh_player_last_frame_age_seconds"} & set(families(text))
    assert value(text, "ooh_player_screen_running") == 0


@given(st.text(), st.text(min_size=1))
def test_no_name_breaks_the_file(venue: str, code: str) -> None:
    text = exposition(document(facts(FakeClock(), venue_id=venue, errors={code: 3})))
    (info,) = families(text)["ooh_player_info"].samples
    assert info.labels["venue_id"] == venue
    assert value(text, "ooh_player_errors_total", code=code) == 3


def test_the_collector_never_reads_half(tmp_path: Path, clock: FakeClock) -> None:
    file = tmp_path / "ooh_player.prom"
    write_textfile(file, told(clock))
    first = file.stat()
    write_textfile(file, told(clock))
    assert file.stat().st_ino != first.st_ino, "another file took its place"
    assert stat.S_IMODE(first.st_mode) == 0o644
    assert families(file.read_text("utf-8"))
    assert [path.name for path in tmp_path.iterdir()] == ["ooh_player.prom"]


def test_a_folder_that_refuses_is_an_error_and_leaves_nothing(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "x.prom").mkdir()
    with pytest.raises(OSError, match=r"x\.prom"):
        write_textfile(tmp_path / "x.prom", told(clock))
    assert [path.name for path in tmp_path.iterdir()] == ["x.prom"]
