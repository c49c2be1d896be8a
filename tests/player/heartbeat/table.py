"""The documentation's table and example, from the schema: ``python -m tests.player.heartbeat.table`` writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.fakes import FakeClock
from tests.player.heartbeat.facts import told, validator

PAGE = Path(__file__).parents[3] / "docs" / "heartbeat.md"
PARTS = ("table", "example")


def table() -> str:
    """Every field with its meaning, as Markdown."""
    schema = validator().schema
    assert isinstance(schema, dict)
    lines = ["| Field | Type | Meaning |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {_kind(field)} | {field['description']} |" for name, field in _fields(schema, "")]
    return "\n".join(lines)


def example() -> str:
    """A usual heartbeat, a section a line."""
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in told(FakeClock(), id=EXAMPLE_ID).items()]
    return "```json\n{\n" + ",\n".join(lines) + "\n}\n```"


EXAMPLE_ID = "019a0b6c-1e80-7d53-9c41-5f3a7c2be901"


def filled(page: str) -> str:
    """The page with both parts as they are to be."""
    for part, text in zip(PARTS, (table(), example()), strict=True):
        begin, end = f"<!-- heartbeat {part} -->", "<!-- end -->"
        head, _, rest = page.partition(begin)
        _, _, tail = rest.partition(end)
        page = f"{head}{begin}\n\n{text}\n\n{end}{tail}"
    return page


def _fields(schema: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, field in schema["properties"].items():
        yield f"{path}{name}", field
        entry = field.get("additionalProperties")
        if "properties" in field:
            yield from _fields(field, f"{path}{name}.")
        elif isinstance(entry, dict) and "properties" in entry:
            yield from _fields(entry, f"{path}{name}.*.")
        elif isinstance(field.get("items"), dict) and "properties" in field["items"]:
            yield from _fields(field["items"], f"{path}{name}[].")


def _kind(field: dict[str, Any]) -> str:
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return " or ".join("null" if value is None else f"`{value}`" for value in field["enum"])
    kinds = field["type"] if isinstance(field["type"], list) else [field["type"]]
    return " or ".join(kinds)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
