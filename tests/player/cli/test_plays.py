"""``plays`` and ``plays export``: what is told, filtered, and written in each form."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from cache import Journal, verify_export
from player.cli import _export_to, cli
from player.cli._export import FORMULA_BEGINS, csv_columns, harmless
from player.cli._export_to import export_plays
from tests.cache.shapes import SINK, make_end, make_lease, make_start, opened, play_once
from tests.fakes import FakeClock

COUNT = 6


@pytest.fixture
def config(tmp_path: Path, clock: FakeClock) -> Path:
    """A player with six plays, ten minutes apart: ad, house, ad, house …"""
    state = tmp_path / "state"
    state.mkdir()
    with opened(state, clock) as journal:
        for number in range(COUNT):
            lease = make_lease(clock, f"lease-{number}", campaign_id="=1+1") if number % 2 == 0 else None
            play_once(journal, clock, lease)
            clock.advance(590)
    file = tmp_path / "player.toml"
    file.write_text(f'[cache]\ndir = "{state}"\n')
    return file


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["plays", *map(str, args)])


def rows(done: Result) -> list[dict[str, Any]]:
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_table_has_one_line_a_play_newest_last(config: Path) -> None:
    lines = run("--config", config).stdout.splitlines()
    assert [int(line.split()[0]) for line in lines] == list(range(1, COUNT + 1))
    assert "creative-1" in lines[0]
    assert "[kinesis pending]" in lines[0]
    assert "not billable" in lines[1]


@pytest.mark.parametrize(
    ("args", "seqs"),
    [
        ((), [1, 2, 3, 4, 5, 6]),
        (("--kind", "ad"), [1, 3, 5]),
        (("--kind", "content"), []),
        (("--last", "2"), [5, 6]),
        (("--last", "99"), [1, 2, 3, 4, 5, 6]),
        (("--kind", "house", "--last", "2"), [4, 6]),
        (("--since", "2026-11-22T12:20:00Z"), [3, 4, 5, 6]),
        (("--since", "2026-11-22T12:20:00.001Z"), [4, 5, 6]),
        (("--until", "2026-11-22T12:20:00Z"), [1, 2]),
        (("--since", "2026-11-22T13:10:00+01:00", "--until", "2026-11-22T12:30:00"), [2, 3]),
        (("--since", "1m"), []),
    ],
)
def test_filters(config: Path, args: tuple[str, ...], seqs: list[int]) -> None:
    assert [row["seq"] for row in rows(run("--config", config, "--json", *args))] == seqs


def test_nothing_is_said_on_standard_output_when_nothing_is_there(config: Path) -> None:
    done = run("--config", config, "--since", "1m")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "no such plays" in done.stderr


@pytest.mark.parametrize("args", [("--since", "yesterday"), ("--until", "7w"), ("--kind", "paid"), ("--last", "0")])
def test_bad_usage(config: Path, args: tuple[str, str]) -> None:
    assert run("--config", config, *args).exit_code == 2


def test_options_before_a_sub_command_are_not_swallowed(config: Path) -> None:
    done = run("--since", "1m", "export", "--config", config)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "behind export" in done.stderr
    assert run("--config", config, "export").stdout.count("\n") == COUNT


def test_json_lines_are_the_records_and_pass_the_check(config: Path, tmp_path: Path, clock: FakeClock) -> None:
    out = tmp_path / "plays.jsonl"
    done = run("export", "--config", config, "--out", out)
    assert done.exit_code == 0, done.output
    assert f"{COUNT} plays in {out}" in done.stderr
    with opened(tmp_path / "state", clock) as journal:
        assert out.read_bytes() == b"".join(row.record + b"\n" for row in journal.plays())
    verdict = verify_export(out.read_bytes().splitlines(keepends=True))
    assert (verdict.fault, verdict.plays) == (None, COUNT)
    assert run("export", "--config", config).stdout_bytes == out.read_bytes()


def test_the_ending_of_the_file_chooses_the_form(config: Path, tmp_path: Path) -> None:
    run("export", "--config", config, "--out", tmp_path / "a.CSV")
    assert (tmp_path / "a.CSV").read_text().startswith("id,seq,schema,")
    run("export", "--config", config, "--out", tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").read_bytes()[:4] == b"PAR1"
    run("export", "--config", config, "--out", tmp_path / "b.csv", "--format", "jsonl")
    assert (tmp_path / "b.csv").read_text().startswith("{")


def test_csv_is_flat_and_complete(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "plays.csv"
    run("export", "--config", config, "--format", "csv", "--out", out, "--until", "2026-11-22T12:20:00Z")
    with out.open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    record = json.loads(run("export", "--config", config).stdout.splitlines()[0])
    assert tuple(first) == csv_columns()
    for name in set(record) - {"layout", "clock", "campaign_id"}:
        told = record[name]
        wanted = json.dumps(told) if isinstance(told, bool) else "" if told is None else str(told)
        assert first[name] == wanted, name
    assert first["campaign_id"] == "'=1+1"
    assert first["price"] == "12.34"
    assert (first["layout_creative"], first["layout_panels"], first["layout_scale"]) == (
        "0 0 1296 1080",
        "weather clock",
        "4.32",
    )
    assert (first["clock_synced"], first["clock_offset_ms"], first["clock_backfilled"]) == ("true", "0", "false")
    assert (second["kind"], second["price"], second["billable"]) == ("house", "", "false")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("-12.5", "-12.5"),
        ("+3", "+3"),
        ("-", "'-"),
        ("-1.", "'-1."),
        ("-1\n", "'-1\n"),
        ("coffee", "coffee"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_formulas_are_made_harmless(text: str, cell: str) -> None:
    assert harmless(text) == cell


@given(st.text())
def test_no_text_begins_as_a_formula(text: str) -> None:
    cell = harmless(text)
    assert cell in {text, f"'{text}"}
    assert not cell.startswith(FORMULA_BEGINS) or cell.lstrip("+-").replace(".", "", 1).isascii()


def test_parquet_has_the_records_and_their_types(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "plays.parquet"
    assert run("export", "--config", config, "--format", "parquet", "--out", out).exit_code == 0
    table = pq.read_table(out)
    assert table.schema.field("price").type == pa.string()
    assert table.schema.field("started_at").type == pa.timestamp("ms", tz="UTC")
    assert table.schema.field("multiplier").type == pa.float64()
    assert table.schema.field("billable").type == pa.bool_()
    assert table.schema.field("layout").type.field("creative").type.value_type == pa.int32()
    records = [json.loads(line) for line in run("export", "--config", config).stdout.splitlines()]
    found = table.to_pylist()
    for row in found:
        for name in ("started_at", "ended_at"):
            row[name] = row[name].isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert found == records


def test_parquet_to_a_pipe(config: Path) -> None:
    data = run("export", "--config", config, "--format", "parquet").stdout_bytes
    assert pq.read_table(pa.BufferReader(data)).num_rows == COUNT


def test_parquet_without_pyarrow_says_what_to_do(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = run("export", "--config", config, "--format", "parquet", "--out", tmp_path / "a.parquet")
    assert done.exit_code == 1
    assert done.stderr.startswith("export.no_parquet: ")
    assert "jsonl" in done.stderr
    assert list(tmp_path.glob("*a.parquet*")) == []


def test_the_other_forms_never_import_pyarrow(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run("export", "--config", config, "--format", "csv").exit_code == 0
    assert run("export", "--config", config).exit_code == 0


def test_an_export_that_fails_leaves_the_old_file(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "plays.jsonl"
    out.write_text("the last one")

    def broken(self: Journal, *_: object) -> Iterator[Any]:
        yield from whole(self, limit=2)
        raise OSError(5, "the disk is gone")

    whole = Journal.plays

    monkeypatch.setattr(Journal, "plays", broken)
    done = run("export", "--config", config, "--out", out)
    assert done.exit_code == 1
    assert out.read_text() == "the last one"
    assert [path.name for path in tmp_path.iterdir() if "plays" in path.name] == ["plays.jsonl"]


def test_a_device_is_written_as_it_is(config: Path) -> None:
    done = run("export", "--config", config, "--out", "/dev/null")
    assert done.exit_code == 0
    assert Path("/dev/null").is_char_device()


def test_no_progress_bar_without_a_terminal(config: Path, tmp_path: Path) -> None:
    assert run("export", "--config", config, "--out", tmp_path / "a").stderr.count("\n") == 1


def test_a_crash_without_times_is_exported_in_every_form(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        start = make_start(clock, make_lease(clock, price=None, multiplier=None))
        journal.open_play(start)
        end = make_end(clock, None, ended_at=None, frames_presented=None, frames_late=None, end_reason="crash")
        journal.close_play(start.id, end, (SINK,))
        for form in ("jsonl", "csv", "parquet"):
            out = tmp_path / f"plays.{form}"
            assert export_plays(journal, None, None, form, out) == 1
            since = clock.now() + timedelta(days=1)
            assert export_plays(journal, since, None, form, tmp_path / f"none.{form}") == 0
    (row,) = pq.read_table(tmp_path / "plays.parquet").to_pylist()
    assert (row["ended_at"], row["shown_ms"], row["price"]) == (None, None, None)
    assert pq.read_table(tmp_path / "none.parquet").schema == pq.read_schema(tmp_path / "plays.parquet")
    assert len((tmp_path / "none.csv").read_text().splitlines()) == 1
    assert (tmp_path / "none.jsonl").read_bytes() == b""
    assert len((tmp_path / "plays.csv").read_text().splitlines()) == 2


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
def test_a_long_export_shows_a_bar_on_a_terminal_only(
    tmp_path: Path,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    terminal: bool,
) -> None:
    monkeypatch.setattr(_export_to, "LONG_PLAYS", 100)
    monkeypatch.setattr(Console, "is_terminal", property(lambda _: terminal))
    with opened(tmp_path, clock) as journal:
        for _ in range(101):
            play_once(journal, clock)
        export_plays(journal, None, None, "jsonl", tmp_path / "a.jsonl")
        long = capsys.readouterr()
        export_plays(journal, clock.now() - timedelta(seconds=55), None, "jsonl", tmp_path / "b.jsonl")
        short = capsys.readouterr()
    assert ("101" in long.err and "plays" in long.err) is terminal
    assert "plays" not in short.err
    assert long.out == short.out == ""
    assert len((tmp_path / "b.jsonl").read_bytes().splitlines()) == 5
