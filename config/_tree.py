"""The tree of everything that may be set: sections, and the keys in them, read from the schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from typing import Any, get_args, get_type_hints

from config.schema import Config

Hint = Any
"""A type as it stands in the schema, ``Annotated`` and all; typing has no name for that in 3.11."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its dotted name (``exchange.url``), its annotated type, and its default."""

    name: str
    hint: Hint
    default: Any


@dataclass(frozen=True, slots=True)
class Section:
    """One section: ``[screen]``, or with ``many`` a list of them: ``[[loop]]``."""

    name: str
    shape: type[Any]
    many: bool
    default: Any
    parts: Mapping[str, Key | Section]

    @property
    def header(self) -> str:
        """The line that opens it in TOML."""
        return f"[[{self.name}]]" if self.many else f"[{self.name}]"

    def every_key(self) -> Iterator[Key]:
        """Every key in it and below it, in the order of the schema."""
        for part in self.parts.values():
            if isinstance(part, Key):
                yield part
            else:
                yield from part.every_key()

    def every_section(self) -> Iterator[Section]:
        """Every section below it, in the order of the schema."""
        for part in self.parts.values():
            if isinstance(part, Section):
                yield part
                yield from part.every_section()


def tree() -> Section:
    """The whole configuration: a nameless section."""
    return _section("", Config, many=False, default=None)


def _section(name: str, shape: type[Any], *, many: bool, default: object) -> Section:
    hints = get_type_hints(shape, include_extras=True)
    parts = {one.name: _part(f"{name}.{one.name}".lstrip("."), hints[one.name], one) for one in fields(shape)}
    return Section(name, shape, many, default, parts)


def _part(name: str, hint: Hint, one: Field[Any]) -> Key | Section:
    default = one.default if one.default is not MISSING else None
    if isinstance(hint, type) and is_dataclass(hint):
        return _section(name, hint, many=False, default=default)
    inner = get_args(hint)[0] if get_args(hint) else None
    if isinstance(inner, type) and is_dataclass(inner):
        return _section(name, inner, many=True, default=default)
    return Key(name, hint, default)
