"""An answer: the value of one key as a person has typed it, held to the same schema as a file, in the same words."""

from __future__ import annotations

import re

from config._check import check_values
from config._environment import typed_value
from config._problem import ConfigError, Origin, Problem
from config._settings import Settings
from config._suggest import nearest
from config._tree import Key, tree

_NUMBERED = re.compile(r"^([a-z_.]+?)(?:\[(\d+)\]|\.(\d+))\.([a-z_]+)$")


def read_answer(key: str, text: str) -> object:
    """The value that ``text`` gives to ``key`` (``screen.rotation``, ``exchange.url``, ``exchange.1.url``).

    Lists and numbers are written as in the environment. Raises ``ConfigError`` with one problem, which names no file.
    """
    full, name = _full(key)
    root = tree()
    known = {one.name: one for one in root.every_key()}
    if name not in known:
        raise ConfigError((Problem("", None, key, _unknown(name, known)),))
    settings = Settings(root)
    settings.put(full, typed_value(known[name].hint, text), Origin("", None, key))
    good = check_values(settings)
    if settings.problems:
        raise ConfigError(settings.problems)
    return good[full]


def plain_key(key: str) -> str:
    """``exchange.1.url`` as the file has it: ``exchange[1].url``."""
    numbered = _NUMBERED.match(key)
    return f"{numbered[1]}[{numbered[2] or numbered[3]}].{numbered[4]}" if numbered else key


def _full(key: str) -> tuple[str, str]:
    """The key among the settings, and its name in the schema."""
    numbered = _NUMBERED.match(key)
    return plain_key(key), f"{numbered[1]}.{numbered[4]}" if numbered else key


def _unknown(name: str, known: dict[str, Key]) -> str:
    near = nearest(name, list(known))
    return f"unknown key; did you mean {near}?" if near else "unknown key; `ooh-player config show` lists them all"
