"""The check: each value against its type in the schema, told in plain words, all of them at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from config._problem import Problem
from config._settings import Setting, Settings
from config._suggest import nearest
from config._tree import Hint, Key, Section
from config._words import allowed_words, choices, item_hint, shown, toml, type_words
from config.schema import Config

Values = dict[str, Any]
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def check_values(settings: Settings) -> Values:
    """The values that are right, by full key, as the schema's types; the others become problems in ``settings``."""
    good: Values = {}
    for name, key in keys_set(settings):
        setting = settings.values[name]
        wrong = list(_faults(setting, key.hint))
        if wrong:
            settings.problems += wrong
        else:
            good[name] = msgspec.convert(setting.value, key.hint)
    return good


def keys_set(settings: Settings) -> Iterator[tuple[str, Key]]:
    """Every key that was set: its full name (``loop[1].seconds``) and what the schema says of it."""
    by_name = {key.name: key for key in settings.tree.every_key()}
    for name in settings.values:
        head, _, tail = name.partition("[")
        yield name, by_name[f"{head}{tail.partition(']')[2]}" if tail else name]


def build(settings: Settings, good: Values) -> Config:
    """The configuration from the good values; what is not there keeps its default."""
    return Config(**_arguments(settings.tree, good, settings.counts, ""))


def _arguments(section: Section, good: Values, counts: dict[str, int], path: str) -> Values:
    given: Values = {}
    for name, part in section.parts.items():
        full = f"{path}.{name}".lstrip(".")
        if isinstance(part, Section) and part.many:
            if full in counts:
                paths = [f"{full}[{index}]" for index in range(counts[full])]
                given[name] = tuple(part.shape(**_arguments(part, good, counts, path)) for path in paths)
        elif isinstance(part, Section):
            given[name] = part.shape(**_arguments(part, good, counts, full))
        elif full in good:
            given[name] = good[full]
    return given


def _faults(setting: Setting, hint: Hint) -> Iterator[Problem]:
    """Each fault of a value; in a list each wrong item is one."""
    items, value = item_hint(hint), setting.value
    if items is None:
        words = _fault(value, hint)
        if words is not None:
            yield setting.origin.problem(words)
    elif isinstance(value, list):
        origins = setting.items or (setting.origin,) * len(value)
        for origin, item in zip(origins, value, strict=True):
            words = _fault(item, items)
            if words is not None:
                yield origin.problem(words)
    elif isinstance(value, str) and value.lstrip().startswith("["):
        yield setting.origin.problem(f'{shown(value)} cannot be read as a list; write a, b or ["a", "b"]')
    else:
        yield setting.origin.problem(f"{shown(value)} is not a list; write [{shown(value)}]")


def _fault(value: object, hint: Hint) -> str | None:
    if isinstance(value, str) and _CONTROL.search(value):
        return "the text holds a line break or another control character; take it out"
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        return _words(value, hint)
    return None


def _words(value: object, hint: Hint) -> str:
    kind, allowed = type_words(hint), allowed_words(hint)
    if kind == "text" and not isinstance(value, str):
        if isinstance(value, (dict, list)):
            return f"{shown(value)} is not text; use {allowed}"
        return f'{shown(value)} is not text; put it in quotes: "{str(value).lower()}"'
    if kind != "text" and isinstance(value, str):
        return _unquoted_words(value, kind, allowed)
    if kind == "whole number" and isinstance(value, float):
        return f"{shown(value)} is not a whole number; use {allowed}"
    if isinstance(value, str) and len(value) > 60:
        return f"this text of {len(value)} characters is not allowed; use {allowed}"
    near = nearest(str(value), [str(choice) for choice in choices(hint)]) if isinstance(value, str) else None
    return f"{shown(value)} is not allowed; use {allowed}" + (f"; did you mean {toml(near)}?" if near else "")


def _unquoted_words(value: str, kind: str, allowed: str) -> str:
    bare = value.strip().lower()
    number = bare.lstrip("+-").replace(".", "", 1).isdecimal()
    if (bare in {"true", "false"}) if kind == "true or false" else number:
        return f"{shown(value)} is text; write it without quotes: {bare}"
    if kind == "true or false":
        return f"{shown(value)} is not allowed; use true or false, without quotes"
    return f"{shown(value)} is not a {kind}; use {allowed}"
