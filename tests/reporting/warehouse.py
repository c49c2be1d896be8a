"""Athena's part, played by DuckDB: the SQL of docs/reporting, read by sqlglot, over files in Firehose's folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

REPORTING = Path(__file__).parent.parent.parent / "docs" / "reporting"
QUERIES = sorted((REPORTING / "queries").glob("*.sql"))

# What sqlglot leaves as it is: DuckDB has both as one function with its arguments turned around.
_TRINO = """
SET TimeZone = 'UTC';
CREATE MACRO at_timezone(moment, zone) AS timezone(zone, moment);
CREATE MACRO with_timezone(moment, zone) AS timezone(zone, moment);
"""


def ddl(name: str) -> exp.Create:
    """A table's definition, parsed as Athena reads it."""
    parsed = sqlglot.parse_one((REPORTING / "tables" / f"{name}.sql").read_text(encoding="utf-8"), read="athena")
    assert isinstance(parsed, exp.Create)
    return parsed


def columns(name: str) -> dict[str, str]:
    """The table's columns and their types in DuckDB's words, partitions left out."""
    return {
        column.name: column.args["kind"].sql(dialect="duckdb")
        for column in ddl(name).this.expressions
        if isinstance(column, exp.ColumnDef)
    }


class Warehouse:
    """A database whose tables lie in ``folder``, each under the last part of its LOCATION."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._db = duckdb.connect(config={"threads": 2})
        self._db.execute(_TRINO)
        for name in ("plays_json", "plays_parquet"):
            if list((folder / name).glob("dt=*/hour=*/*")):
                self._db.execute(self._partitioned(name))
        for name in ("screens", "exchange_report"):
            self._db.execute(f"CREATE TABLE {name} ({_list(columns(name), ' ')})")

    def create(self, view: str) -> None:
        """Make a view of docs/reporting/views."""
        self.run((REPORTING / "views" / f"{view}.sql").read_text(encoding="utf-8"))

    def fill(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """Rows of ``screens`` or ``exchange_report``."""
        for row in rows:
            values = [row.get(name) for name in columns(table)]
            self._db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608

    def query(self, name: str, *parameters: str, view: str = "plays") -> list[dict[str, Any]]:
        """What a query of docs/reporting/queries answers."""
        text = (REPORTING / "queries" / f"{name}.sql").read_text(encoding="utf-8")
        return self.run(text.replace("FROM plays\n", f"FROM {view}\n"), *parameters)

    def run(self, sql: str, *parameters: str) -> list[dict[str, Any]]:
        """One statement in Athena's dialect."""
        (statement,) = sqlglot.transpile(sql, read="athena", write="duckdb", unsupported_level=sqlglot.ErrorLevel.RAISE)
        done = self._db.execute(statement, list(parameters))
        names = [column[0] for column in done.description or ()]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]

    def _partitioned(self, name: str) -> str:
        files = f"{self._folder}/{name}/dt=*/hour=*/*"
        hive = "hive_partitioning = true, hive_types = {dt: VARCHAR, hour: VARCHAR}, filename = '$path'"
        if name == "plays_json":
            typed = "{" + ", ".join(f"'{column}': '{kind}'" for column, kind in columns(name).items()) + "}"
            read = f"read_json('{files}', format = 'newline_delimited', columns = {typed}, {hive})"
        else:
            read = f"read_parquet('{files}', {hive})"
        return f"CREATE TABLE {name} AS SELECT * FROM {read}"  # noqa: S608 - a test's own folder


def _list(typed: dict[str, str], between: str) -> str:
    return ", ".join(f'"{name}"{between}{kind}' for name, kind in typed.items())
