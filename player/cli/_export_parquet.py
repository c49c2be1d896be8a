"""The Parquet form of an export: the columns and types of docs/reporting/tables/plays_parquet.sql. Needs pyarrow."""

from __future__ import annotations

import dataclasses
import importlib
import types
from datetime import datetime
from typing import Any, BinaryIO, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from cache import Play, PlayRow
from config import Code, OohError

GROUP_PLAYS = 5_000
"""Plays in memory at a time, and in a row group."""
_TIMES = ("started_at", "ended_at")


class Parquet:
    """Snappy, one row group for each 5,000 plays. Times are timestamps in UTC, ``price`` is exact text."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises ``OohError`` (EXPORT_NO_PARQUET) without pyarrow."""
        try:
            # Any: pyarrow comes without types.
            self._arrow: Any = importlib.import_module("pyarrow")
            parquet: Any = importlib.import_module("pyarrow.parquet")
        except ImportError as error:
            raise OohError(Code.EXPORT_NO_PARQUET, str(error)) from error
        self._schema = self._arrow.schema(list(self._fields(Play)))
        self._sink = _Counted(file)
        self._writer = parquet.ParquetWriter(self._arrow.PythonFile(self._sink, mode="w"), self._schema)
        self._rows: list[dict[str, Any]] = []

    def add(self, row: PlayRow) -> None:
        """From the record's bytes, so that no field is forgotten."""
        record: dict[str, Any] = msgspec.json.decode(row.record)
        for name in _TIMES:
            record[name] = None if record[name] is None else datetime.fromisoformat(record[name])
        self._rows.append(record)
        if len(self._rows) == GROUP_PLAYS:
            self._write_group()

    def close(self) -> None:
        """The last group, and the file's footer."""
        self._write_group()
        self._writer.close()

    def _write_group(self) -> None:
        if self._rows:
            self._writer.write_batch(self._arrow.RecordBatch.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()

    def _fields(self, shape: type) -> Any:  # noqa: ANN401 - pyarrow's fields
        for name, hint in get_type_hints(shape).items():
            kind = self._arrow.timestamp("ms", tz="UTC") if name in _TIMES else self._kind(hint)
            yield self._arrow.field(name, kind)

    def _kind(self, hint: Any) -> Any:  # noqa: ANN401 - a type hint in, pyarrow's type out
        if get_origin(hint) in {Union, types.UnionType}:
            (hint,) = (part for part in get_args(hint) if part is not type(None))
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            return self._arrow.struct(list(self._fields(hint)))
        if get_origin(hint) is tuple:
            item = get_args(hint)[0]
            return self._arrow.list_(self._arrow.int32() if item is int else self._kind(item))
        if get_origin(hint) is Literal:
            hint = str
        kinds = {str: "string", int: "int64", float: "float64", bool: "bool_"}
        return getattr(self._arrow, kinds[hint])()


class _Counted:
    """A file that knows its own place, for a pipe does not; it is closed by whoever opened it."""

    closed = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0

    def write(self, data: bytes) -> int:
        self._file.write(data)
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.flush()

    def writable(self) -> bool:
        return True
