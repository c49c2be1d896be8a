"""The environment: ``OOH_PLAYER_<SECTION>__<KEY>`` over the files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from config._problem import ENVIRONMENT, Origin
from config._settings import Settings
from config._suggest import PREFIX, unknown_variable
from config._tree import Hint, Key, Section
from config._words import type_words

_SPLIT_DIGITS = re.compile(r"(\d+)")


def environment_into(settings: Settings, environ: Mapping[str, str]) -> None:
    """Lay the environment's settings over ``settings``; what is wrong with them becomes problems there.

    Only names with ``__`` are settings; another name that starts like one (``OOH_PLAYER_SCREEN_ID``) is a problem,
    because it would be ignored without a word. Other ``OOH_PLAYER_`` names are not the configuration's business.
    """
    for name in sorted((name for name in environ if name.startswith(PREFIX)), key=_natural):
        rest = name.removeprefix(PREFIX).lower()
        origin = Origin(ENVIRONMENT, None, name)
        if "__" in rest:
            _set(settings, rest.split("__"), environ[name], origin)
        elif any(rest.startswith(f"{section}_") for section in settings.tree.parts):
            settings.problems.append(origin.problem(unknown_variable(settings.tree, name)))


def _set(settings: Settings, names: list[str], text: str, origin: Origin) -> None:
    node: Key | Section | None = settings.tree
    path = ""
    rest = list(names)
    while rest and isinstance(node, Section):
        node = node.parts.get(rest.pop(0))
        if isinstance(node, Section) and node.many:
            entry = _entry(settings, node, rest, origin)
            if entry is None:
                return
            path = entry
        elif node is not None:
            path = f"{path}.{node.name.rpartition('.')[2]}".lstrip(".")
    if rest or not isinstance(node, Key):
        settings.problems.append(origin.problem(unknown_variable(settings.tree, origin.key)))
    else:
        settings.put(path, typed_value(node.hint, text), origin)


def _entry(settings: Settings, section: Section, rest: list[str], origin: Origin) -> str | None:
    """The path of the entry meant: the numbered one, or the only one. Takes the number off ``rest``."""
    if not (rest and rest[0].isdecimal()):
        numbered = f"{PREFIX}{section.name.upper().replace('.', '__')}__0__{'__'.join(rest).upper()}"
        return settings.only_entry(section, origin, f"say which one, counted from 0: {numbered}")
    index, count = int(rest.pop(0)), settings.counts.get(section.name, 0)
    path = f"{section.name}[{index}]"
    if index > count:
        settings.problems.append(origin.problem(f"there are only {count} of {section.header}, counted from 0"))
        return None
    if index == count:
        settings.counts[section.name] = count + 1
        settings.origins[path] = origin
    return path


def typed_value(hint: Hint, text: str) -> object:
    """The text as the key's type; text that does not fit stays text, and the check says what is allowed."""
    kind = type_words(hint)
    if kind == "text":
        return text
    if kind == "list of text":
        return _list(text)
    if kind == "list of numbers":
        listed = _list(text)
        return [_whole(item) for item in listed] if isinstance(listed, list) else listed
    if kind == "true or false":
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    try:
        return float(text) if kind == "number" else int(text)
    except ValueError:
        return text


def _whole(item: object) -> object:
    return int(item) if isinstance(item, str) and item.isdecimal() else item


def _list(text: str) -> object:
    """``a, b`` or ``["a", "b"]``; nothing is the empty list."""
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return [item.strip() for item in text.split(",") if item.strip()]


def _natural(name: str) -> list[str]:
    """Entry 2 before entry 10."""
    return [part.zfill(9) if part.isdecimal() else part for part in _SPLIT_DIGITS.split(name)]
