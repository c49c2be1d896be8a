"""The keys, told for people: what ``docs/config.md``, the example file and ``config show`` say of each."""

from __future__ import annotations

from dataclasses import dataclass

from config._tree import Key, tree
from config._words import allowed_words, description, toml, type_words


@dataclass(frozen=True, slots=True)
class KeyDoc:
    """One key: dotted name, type, default as TOML (``none`` when unset), what is allowed, what it does."""

    key: str
    type: str
    default: str
    allowed: str
    description: str


def keys() -> tuple[KeyDoc, ...]:
    """Every key that may be set, in the order of the schema; ``loop.seconds`` stands in every ``[[loop]]``."""
    return tuple(told(key) for key in tree().every_key())


def told(key: Key) -> KeyDoc:
    """One key in words."""
    default = list(key.default) if isinstance(key.default, tuple) else key.default
    return KeyDoc(key.name, type_words(key.hint), toml(default), allowed_words(key.hint), description(key.hint))
