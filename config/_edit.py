"""Editing: one key of a TOML text is given another value; every comment and every other key stays as it stands.

A key that waits behind a ``#`` in its section, as in the example file, is opened where it stands. What comes out is
parsed and compared: either it says exactly what it said before and the new values, or nothing is handed out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from config._locate import Walk, walked
from config._words import toml

_INDEX = re.compile(r"\[(\d+)\]")
_BOM = "\ufeff"


def with_values(text: str, values: Mapping[str, object]) -> str:
    """``text`` with each dotted key (``screen.id``, ``exchange.url``, ``loop[1].seconds``) set to its value.

    None takes a key out: it is commented. Raises ``ValueError`` with a sentence when it cannot be done without
    changing anything else.
    """
    head, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    crlf = "\r\n" in body
    plain = body.replace("\r\n", "\n")
    for key, value in values.items():
        plain = _with_value(plain, key, value)
    return head + (plain.replace("\n", "\r\n") if crlf else plain)


def _with_value(text: str, key: str, value: object) -> str:
    walk = walked(text)
    path = _path(walk, key)
    new = _replaced(text, walk, path, value)
    if new is None:
        new = text if value is None else _opened(text, walk, path, value)
    if _parsed(new) != _expected(_parsed(text) or {}, path, value):
        message = f"{key} cannot be set in this file as it is written; set it by hand"
        raise ValueError(message)
    return new


def _path(walk: Walk, key: str) -> str:
    """The key as this text has it: ``exchange.url`` is ``exchange[0].url`` where there is one ``[[exchange]]``."""
    section, _, name = key.rpartition(".")
    if section in walk.entries and not _INDEX.search(section):
        count = walk.entries[section]
        if count > 1:
            message = f"there are {count} of [[{section}]]; say which one, counted from 0: {section}.0.{name}"
            raise ValueError(message)
        return f"{section}[0].{name}" if count else key
    if section.endswith("[0]") and section not in walk.lines and section[:-3] in walk.lines:
        return f"{section[:-3]}.{name}"
    return key


def _replaced(text: str, walk: Walk, path: str, value: object) -> str | None:
    """With the value of a key that is set already; None when it is not."""
    if path not in walk.values:
        return None
    start, end = walk.values[path]
    if value is not None:
        return text[:start] + toml(value) + text[end:]
    line = text.rfind("\n", 0, start) + 1
    rest = text[line:].replace("\n", "\n# ", text.count("\n", line, end))
    return f"{text[:line]}# {rest}"


def _opened(text: str, walk: Walk, path: str, value: object) -> str:
    """With a line for a key that is not set: where it waits behind a ``#``, else right below its section's header."""
    section, _, name = path.rpartition(".")
    line = f"{name} = {toml(value)}"
    place = next((number for number, (header, _, _) in enumerate(walk.headers) if header == section), None)
    if place is None:
        ending = "" if text.endswith("\n") or not text else "\n"
        return f"{text}{ending}{chr(10) if text else ''}[{_INDEX.sub('', section)}]\n{line}\n"
    begin = walk.headers[place][2]
    end = walk.headers[place + 1][1] if place + 1 < len(walk.headers) else len(text)
    for found in re.finditer(rf"^# ?{re.escape(name)} *=[^\n]*$", text[begin:end], re.MULTILINE):
        start, stop = begin + found.start(), begin + found.end()
        if not any(low <= start < high for low, high in walk.values.values()):
            return text[:start] + line + text[stop:]
    after = text.find("\n", begin)
    return f"{text[:after]}\n{line}{text[after:]}" if after >= 0 else f"{text}\n{line}\n"


def _parsed(text: str) -> dict[str, Any] | None:
    """None when it is no TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _expected(document: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """What the text should say afterwards; empty when the path leads nowhere in it."""
    expected = deepcopy(document)
    node: Any = expected
    *names, last = re.sub(r"\[(\d+)\]", r".\1", path).split(".")
    for name in names:
        try:
            node = node[int(name)] if isinstance(node, list) else node.setdefault(name, {})
        except (IndexError, ValueError, AttributeError):
            return {}
    if not isinstance(node, dict):
        return {}
    if value is None:
        node.pop(last, None)
    else:
        node[last] = list(value) if isinstance(value, tuple) else value
    return expected
