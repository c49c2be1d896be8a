"""Suggestions: the known key nearest to one that is not known."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from config._tree import Key, Section

PREFIX = "OOH_PLAYER_"


def unknown_key(tree: Section, section: Section, name: str, *, is_section: bool) -> str:
    """What to say of ``name``, found in ``section`` and not known there."""
    what = "unknown section" if is_section else "unknown key"
    found = _nearest(tree, section, name, is_section=is_section)
    if found is not None:
        return f"{what}; did you mean {found.header if isinstance(found, Section) else found.name}?"
    if section is tree:
        return f"{what}; the sections are {', '.join(_headers(tree))}"
    return f"{what}; {section.header} has {', '.join(section.parts)}"


def variable(key: str) -> str:
    """The environment variable of a dotted key: ``OOH_PLAYER_SCREEN__ID``."""
    return PREFIX + key.replace(".", "__").upper()


def unknown_variable(tree: Section, name: str) -> str:
    """What to say of an environment variable that starts like a setting and is none."""
    known = [variable(key.name).removeprefix(PREFIX) for key in tree.every_key()]
    near = nearest(name.removeprefix(PREFIX), known)
    advice = f"did you mean {PREFIX}{near}?" if near else "`docs/config.md` lists the keys"
    return f"unknown variable; {advice}"


def nearest(name: str, known: list[str]) -> str | None:
    """The known name most like ``name``, or None when none is near."""
    return next(iter(get_close_matches(name, known, n=1)), None)


def _nearest(tree: Section, section: Section, name: str, *, is_section: bool) -> Key | Section | None:
    """First a near name in the same section, then the same name elsewhere, then a near section."""
    known = [part for part in section.parts if isinstance(section.parts[part], Section) == is_section]
    near = nearest(name.lower(), known)
    if near is not None:
        return section.parts[near]
    elsewhere: dict[str, Key | Section] = {}
    parts: Iterator[Key | Section] = tree.every_section() if is_section else tree.every_key()
    for part in parts:
        elsewhere.setdefault(part.name.rpartition(".")[2], part)
    if name.lower() in elsewhere:
        return elsewhere[name.lower()]
    near = nearest(name.lower(), list(elsewhere)) if is_section else None
    return elsewhere[near] if near else None


def _headers(tree: Section) -> list[str]:
    return [part.header for part in tree.parts.values() if isinstance(part, Section)]
