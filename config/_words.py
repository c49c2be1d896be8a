"""Plain words: how values and types are told to a person."""

from __future__ import annotations

import json
import re
from typing import Any, Literal, get_args, get_origin

from msgspec import inspect

from config._tree import Hint

_LONGEST = 60
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_USERINFO = re.compile(r"(?<=//)[^/@\s]*@")
_SECRET_QUERY = re.compile(r"([?&][^=&\s]*(?:key|token|secret|pass|pwd|sig|auth|appid)[^=&\s]*=)[^&\s]*", re.IGNORECASE)

Words = str
_NAMES: tuple[tuple[type[inspect.Type], Words], ...] = (
    (inspect.BoolType, "true or false"),
    (inspect.IntType, "whole number"),
    (inspect.FloatType, "number"),
    (inspect.StrType, "text"),
)


def toml(value: object) -> str:
    """A value as it is written in TOML; a missing one is ``none``."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:_}" if abs(value) >= 10_000 else str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{spelt(str(name))} = {toml(item)}" for name, item in value.items()) + " }"
    return str(value)


def spelt(name: str) -> str:
    """A key's name as it is written in TOML: quoted when it has to be."""
    return name if _BARE.fullmatch(name) else toml(name)


def masked(text: str) -> str:
    """Text without the passwords that a URL in it may carry."""
    return _SECRET_QUERY.sub(r"\1***", _USERINFO.sub("***@", text))


def shown(value: object) -> str:
    """A value for a message: masked, on one line, and cut when it is long."""
    text = masked(toml(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def type_words(hint: Hint) -> Words:
    """The type of a key: ``text``, ``whole number``, ``number``, ``true or false``, ``list of text``."""
    kind = _plain(hint)
    if isinstance(kind, inspect.VarTupleType):
        return "list of text" if type_words(item_hint(hint)) == "text" else "list of numbers"
    if isinstance(kind, inspect.LiteralType):
        return "text" if isinstance(kind.values[0], str) else "whole number"
    return next(words for known, words in _NAMES if isinstance(kind, known))


def allowed_words(hint: Hint) -> Words:
    """What a key allows: ``0, 90, 180 or 270``, ``5 to 100``, ``up to 200 characters``."""
    told = _metadata(hint).get("allowed")
    if told is not None:
        return str(told)
    kind = _plain(hint)
    if isinstance(kind, inspect.VarTupleType):
        return f"a list; each {allowed_words(item_hint(hint))}"
    if isinstance(kind, inspect.LiteralType):
        return either(choices(hint))
    if isinstance(kind, (inspect.IntType, inspect.FloatType)):
        return f"more than {_number(kind.gt)}, at most {_number(kind.le)}" if kind.ge is None else _span(kind)
    if isinstance(kind, inspect.StrType):
        return f"text of {kind.min_length or 'up'} to {_number(kind.max_length)} characters"
    return "true or false"


def description(hint: Hint) -> str:
    """The sentence in the schema that says what the key does."""
    told = inspect.type_info(hint)
    schema = told.extra_json_schema if isinstance(told, inspect.Metadata) else None
    return str((schema or {}).get("description", ""))


def example(hint: Hint) -> object:
    """A value to show where the default is none."""
    return _metadata(hint).get("example")


def choices(hint: Hint) -> tuple[object, ...]:
    """The values a ``Literal`` allows, in the schema's order; empty for any other type."""
    return get_args(_bare(hint)) if _family(hint) is Literal else ()


def item_hint(hint: Hint) -> Hint:
    """The type of the items of a list; None for any other type."""
    return get_args(_bare(hint))[0] if _family(hint) is tuple else None


def either(values: tuple[object, ...]) -> str:
    """``a, b or c``."""
    told = [toml(value) for value in values]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} or {told[-1]}"


def _bare(hint: Hint) -> Hint:
    """The type without ``Annotated``."""
    return hint.__origin__ if hasattr(hint, "__metadata__") else hint


def _family(hint: Hint) -> object:
    """``tuple`` of ``tuple[str, ...]``, ``Literal`` of ``Literal[0, 90]``."""
    return get_origin(_bare(hint))


def _plain(hint: Hint) -> inspect.Type:
    """The type without its metadata and without ``| None``."""
    kind = inspect.type_info(hint)
    if isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    return kind


def _metadata(hint: Hint) -> dict[str, Any]:
    told = inspect.type_info(hint)
    return (told.extra or {}) if isinstance(told, inspect.Metadata) else {}


def _span(kind: inspect.IntType | inspect.FloatType) -> str:
    return f"{_number(kind.ge)} to {_number(kind.le)}"


def _number(value: float | None) -> str:
    """A bound of the schema; every number and every text there has one."""
    return toml(int(value)) if value is not None and value == int(value) else toml(value)
