"""Parquet says the same as JSON: exports of the journals, in the Parquet table, through its view."""

from __future__ import annotations

import pytest

from tests.reporting.fleet import Fleet
from tests.reporting.warehouse import Warehouse, columns

PERIOD = ("2026-11-19", "2026-11-22")


def test_an_export_has_the_tables_columns_and_types(warehouse: Warehouse) -> None:
    names = {"VARCHAR": "TEXT", "INTEGER": "INT", "TIMESTAMP WITH TIME ZONE": "TIMESTAMP"}
    found = {}
    for row in warehouse.run("DESCRIBE plays_parquet"):
        kind = row["column_type"]
        for theirs, ours in names.items():
            kind = kind.replace(theirs, ours)
        found[row["column_name"]] = kind.replace('"', "")
    for partition in ("dt", "hour", "$path"):
        del found[partition]
    assert found == {name: kind.replace('"', "") for name, kind in columns("plays_parquet").items()}


def test_both_views_have_the_same_columns(warehouse: Warehouse) -> None:
    one = warehouse.run("DESCRIBE plays")
    other = warehouse.run("DESCRIBE plays_from_parquet")
    assert [(row["column_name"], row["column_type"]) for row in one] == [
        (row["column_name"], row["column_type"]) for row in other
    ]


def test_both_views_have_the_same_plays(warehouse: Warehouse, played: Fleet) -> None:
    json_rows = warehouse.run("SELECT * FROM plays ORDER BY id")
    parquet_rows = warehouse.run("SELECT * FROM plays_from_parquet ORDER BY id")
    for row in (*json_rows, *parquet_rows):
        del row["arrived_at"], row["copies"]
    assert json_rows == parquet_rows
    assert len(parquet_rows) == len(played.plays)


@pytest.mark.parametrize(
    "name", ["plays_per_campaign_and_day", "share_of_voice", "unbillable_by_reason", "seq_gaps", "seq_doubled"]
)
def test_a_query_over_parquet_answers_the_same(warehouse: Warehouse, name: str) -> None:
    assert warehouse.query(name, *PERIOD, view="plays_from_parquet") == warehouse.query(name, *PERIOD)
