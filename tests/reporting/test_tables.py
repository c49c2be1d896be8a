"""The tables have every field of the record, and the documents around them say the same."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlglot import exp

from cache import ClockState, Play, PlayLayout
from tests.reporting.fleet import Fleet
from tests.reporting.warehouse import REPORTING, Warehouse, columns, ddl

ROOT = REPORTING.parent.parent
FIELDS = [field.name for field in dataclasses.fields(Play)]
NESTED = {"layout": PlayLayout, "clock": ClockState}
TABLES = ("plays_json", "plays_parquet")


@pytest.mark.parametrize("table", TABLES)
def test_every_field_of_the_record_is_a_column(table: str) -> None:
    found = columns(table)
    assert list(found) == FIELDS
    for name, shape in NESTED.items():
        inside = [part.split()[0].strip('"') for part in re.findall(r'[(,]\s*("?\w+"? )', found[name])]
        assert inside == [field.name for field in dataclasses.fields(shape)]


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_typed_as_the_schema_says(table: str) -> None:
    schema = json.loads((ROOT / "cache" / "ooh.play-1.json").read_text(encoding="utf-8"))
    found = columns(table)
    assert set(found) == set(schema["properties"]) == set(schema["required"])
    names = {"string": "TEXT", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
    for name, told in schema["properties"].items():
        if name in {"layout", "clock"}:
            assert found[name].startswith("STRUCT(")
        elif name in {"started_at", "ended_at"} and table == "plays_parquet":
            assert found[name] == "TIMESTAMP"
        else:
            kinds = told.get("type", "string")
            kind = next(one for one in ([kinds] if isinstance(kinds, str) else kinds) if one != "null")
            assert found[name] == names[kind], name


def test_the_records_own_page_lists_the_same_fields() -> None:
    page = (ROOT / "docs" / "record.md").read_text(encoding="utf-8").split("## Fields")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `([\w.]+)` \|", page, re.MULTILINE)
    assert [name for name in listed if "." not in name] == list(columns("plays_json"))


@pytest.mark.parametrize("table", TABLES)
def test_the_view_has_every_field(table: str, warehouse: Warehouse) -> None:
    view = "plays" if table == "plays_json" else "plays_from_parquet"
    text = (REPORTING / "views" / f"{view}.sql").read_text(encoding="utf-8")
    outer = text.split("FROM (")[0]
    for name in FIELDS:
        flat = [f"{name}_{field.name}" for field in dataclasses.fields(NESTED[name])] if name in NESTED else [name]
        for one in flat:
            assert re.search(rf'(^|AS |"|  ){one}"?,?$', outer, re.MULTILINE), f"{view} lacks {one}"
    assert len(warehouse.run("SELECT * FROM plays LIMIT 1")) == 1


@pytest.mark.parametrize("table", TABLES)
def test_the_glue_table_is_the_same_table(table: str) -> None:
    glue = read(f"glue-{table.replace('_', '-')}.json")
    create = ddl(table)
    text = (REPORTING / "tables" / f"{table}.sql").read_text(encoding="utf-8")
    told = re.findall(r"^  `(\w+)` (\S+?),?$", text, re.MULTILINE)
    assert [(one["Name"], one["Type"]) for one in glue["StorageDescriptor"]["Columns"]] == told
    assert [(one["Name"], one["Type"]) for one in glue["PartitionKeys"]] == [("dt", "string"), ("hour", "string")]
    assert "PARTITIONED BY (`dt` string, `hour` string)" in text
    properties = {
        one.this.name if isinstance(one.this, exp.Expression) else one.this: one.args["value"].name
        for one in create.args["properties"].expressions
        if type(one) is exp.Property
    }
    assert glue["Parameters"] == {"EXTERNAL": "TRUE", **properties}
    assert f"LOCATION '{glue['StorageDescriptor']['Location']}'" in text
    serde = glue["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"]
    assert serde in text or (serde.endswith("ParquetHiveSerDe") and "STORED AS PARQUET" in text)


@pytest.mark.parametrize("table", TABLES)
def test_firehose_writes_where_the_table_looks(table: str) -> None:
    firehose = read(f"firehose-{table.removeprefix('plays_')}.json")["ExtendedS3DestinationConfiguration"]
    template = read(f"glue-{table.replace('_', '-')}.json")["Parameters"]["storage.location.template"]
    prefix = firehose["Prefix"].replace("!{timestamp:yyyy-MM-dd}", "${dt}").replace("!{timestamp:HH}", "${hour}")
    assert template == f"s3://BUCKET/{prefix}"
    assert firehose["CustomTimeZone"] == "UTC"
    assert not firehose["ErrorOutputPrefix"].startswith(table)
    if table == "plays_parquet":
        conversion = firehose["DataFormatConversionConfiguration"]
        assert conversion["SchemaConfiguration"]["TableName"] == table
    else:
        assert firehose["CompressionFormat"] == "GZIP"


def test_a_damaged_line_is_never_left_out_in_silence(tmp_path: Path, played: Fleet) -> None:
    place = tmp_path / "plays_json" / "dt=2026-11-20" / "hour=07"
    place.mkdir(parents=True)
    good = played.arrivals[0].line
    (place / "by-hand.json").write_bytes(good + good[:300] + b"\n" + good)
    with pytest.raises(duckdb.Error):
        Warehouse(tmp_path)


def test_files_put_there_by_hand_are_read_and_lines_that_are_no_play_counted(tmp_path: Path, played: Fleet) -> None:
    place = tmp_path / "plays_json" / "dt=2026-11-20" / "hour=07"
    place.mkdir(parents=True)
    good = played.arrivals[0].line
    (place / "by-hand.json").write_bytes(good + b'{"hello": "world"}\n' + good)
    warehouse = Warehouse(tmp_path)
    warehouse.create("plays")
    (row,) = warehouse.query("arrivals", "2026-11-20", "2026-11-20")
    assert (row["lines"], row["lines_without_id"], row["new_plays"], row["copies"]) == (3, 1, 1, 1)
    (play,) = warehouse.run("SELECT arrived_at, copies FROM plays")
    assert (str(play["arrived_at"]), play["copies"]) == ("2026-11-20 07:00:00", 2)


def read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((REPORTING / "aws" / name).read_text(encoding="utf-8"))
    return document
