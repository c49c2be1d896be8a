"""Settings: what the files and the environment have set, later over earlier, not yet checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from config._problem import Origin, Problem
from config._suggest import unknown_key
from config._tree import Key, Section
from config._words import spelt

Where = Callable[[str], Origin]
"""The origin of a dotted key as it is written in the source that is being read."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One value as it was given, and where."""

    value: object
    origin: Origin
    items: tuple[Origin, ...] = ()
    """For a list in a file: where each of its items stands."""


@dataclass(slots=True)
class Settings:
    """The merged values by full key (``screen.id``, ``loop[1].seconds``), and every problem met on the way."""

    tree: Section
    values: dict[str, Setting] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    """Entries of each list of sections that was given at all."""
    origins: dict[str, Origin] = field(default_factory=dict)
    """Where each section was opened last."""
    problems: list[Problem] = field(default_factory=list)

    def put(self, key: str, value: object, origin: Origin, items: tuple[Origin, ...] = ()) -> None:
        """Set one key; what it was before is forgotten."""
        self.values[key] = Setting(value, origin, items)

    def merge(self, document: Mapping[str, Any], where: Where) -> None:
        """Lay one parsed file over what is set so far.

        Sections merge key by key. ``[[exchange]]`` and ``[[loop]]`` replace the whole list;
        ``[exchange]`` and ``[loop]`` change the only entry there is.
        """
        self._section(self.tree, document, "", "", where)

    def only_entry(self, section: Section, origin: Origin, advice: str) -> str | None:
        """The path of a list's only entry, begun when there is none; None (and a problem) when there are several."""
        count = self.counts.get(section.name, 0)
        if count > 1:
            self.problems.append(origin.problem(f"there are {count} of {section.header}; {advice}"))
            return None
        self.counts[section.name] = 1
        self.origins[f"{section.name}[0]"] = origin
        return f"{section.name}[0]"

    def _section(self, section: Section, body: Mapping[str, Any], path: str, written: str, where: Where) -> None:
        for name, value in body.items():
            at = f"{written}.{spelt(name)}".lstrip(".")
            full = f"{path}.{name}".lstrip(".")
            part = section.parts.get(name)
            if part is None:
                found = unknown_key(self.tree, section, name, is_section=_is_section(value))
                self.problems.append(where(at).problem(found))
            elif isinstance(part, Key):
                count = len(value) if isinstance(value, list) else 0
                self.put(full, value, where(at), tuple(where(f"{at}[{index}]") for index in range(count)))
            elif part.many:
                self._entries(part, value, where)
            elif isinstance(value, dict):
                self.origins[full] = where(at)
                self._section(part, value, full, at, where)
            else:
                self.problems.append(where(at).problem(_shape_words(part, value)))

    def _entries(self, section: Section, value: object, where: Where) -> None:
        name = section.name
        if isinstance(value, dict):
            advice = f"write {section.header} to replace them all"
            path = self.only_entry(section, where(name), advice)
            if path is not None:
                self._section(section, value, path, name, where)
        elif isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            self._forget(name)
            self.counts[name] = len(value)
            self.origins[name] = where(name) if not value else where(f"{name}[0]")
            for index, entry in enumerate(value):
                path = f"{name}[{index}]"
                self.origins[path] = where(path)
                self._section(section, entry, path, path, where)
        else:
            self.problems.append(where(name).problem(_shape_words(section, value)))

    def _forget(self, name: str) -> None:
        for key in [key for key in self.values if key.startswith(f"{name}[")]:
            del self.values[key]


def _is_section(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)
    )


def _shape_words(section: Section, value: object) -> str:
    if _is_section(value):  # only [[screen]] comes here: a list where there is one
        return f"there is only one; write [{section.name}], not [[{section.name}]]"
    return f"this is a section; write its keys under {section.header}"
