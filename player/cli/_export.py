"""An export's forms, written play by play: JSON lines as delivered, and CSV for spreadsheets."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from cache import Play, PlayRow

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet run a cell (OWASP, "CSV Injection"); the wide forms in East Asian ones."""
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


class ExportWriter(Protocol):
    """Writes plays to an open file."""

    def add(self, row: PlayRow) -> None:
        """One more play."""

    def close(self) -> None:
        """The end of the file's content; the file itself stays open."""


class JsonLines:
    """Each record's very bytes, one a line: what ``plays verify`` checks."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def add(self, row: PlayRow) -> None:
        """As delivered."""
        self._file.write(row.record + b"\n")

    def close(self) -> None:
        """Nothing is owed."""


class Csv:
    """RFC 4180, UTF-8, a header line. Nested fields are columns ``layout_…`` and ``clock_…``; unknown is empty."""

    def __init__(self, file: BinaryIO) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        self._writer = csv.writer(self._text)
        self._writer.writerow(csv_columns())

    def add(self, row: PlayRow) -> None:
        """Flat, and harmless in a spreadsheet."""
        self._writer.writerow([_cell(value) for _, value in _flat(row.play)])

    def close(self) -> None:
        """Let go of the file."""
        self._text.detach()


def csv_columns() -> tuple[str, ...]:
    """The header: the record's fields in order, nested ones joined by an underscore."""
    names: list[str] = []
    for field in dataclasses.fields(Play):
        inner = _NESTED.get(field.name)
        names += [field.name] if inner is None else [f"{field.name}_{name}" for name in inner]
    return tuple(names)


_NESTED = {"layout": ("creative", "panels", "scale"), "clock": ("synced", "source", "offset_ms", "backfilled")}


def _flat(play: Play) -> Iterator[tuple[str, object]]:
    for field in dataclasses.fields(Play):
        value = getattr(play, field.name)
        if field.name in _NESTED:
            yield from ((f"{field.name}_{name}", getattr(value, name)) for name in _NESTED[field.name])
        else:
            yield field.name, value


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, tuple):
        return harmless(" ".join(str(part) for part in value))
    return harmless(str(value))


def harmless(text: str) -> str:
    """The text, with ``'`` before it when a spreadsheet would run it as a formula. Plain numbers stay numbers."""
    runs = text.startswith(FORMULA_BEGINS) and not _NUMBER.fullmatch(text)
    return f"'{text}" if runs else text
