"""The locator: on which line of a TOML text each key stands.

``tomllib`` gives values without lines. This walks a text that ``tomllib`` has already accepted, so it need not
judge the grammar (TOML 1.0.0), only follow it; on what it cannot follow it stops and tells what it has.
"""

from __future__ import annotations

import json
import re
from collections import Counter

from config._words import spelt

_SPACES = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_NAME = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})' r"|'''.*?'''(?:'{0,2})" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_CLOSING = re.compile(r"[ \t]*\]{1,2}")
_REST_OF_LINE = re.compile(r"[^\n]*")
_DEEPEST = 40


def locate(text: str) -> dict[str, int]:
    """Each key and section of a valid TOML text → its line, counted from 1.

    Keys are dotted as they stand: ``screen.rotation``; entries of a list have their index: ``loop[1].seconds``,
    ``layout.panels[0]``. Never raises.
    """
    return walked(text.replace("\r\n", "\n")).lines


def walked(text: str) -> Walk:
    """All that is found in a valid TOML text with plain line ends. Never raises."""
    walk = Walk(text)
    walk.document()
    return walk


class Walk:
    """One walk through one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[str, int] = {}
        self.values: dict[str, tuple[int, int]] = {}
        """Where the value of each key stands in the text: from, to."""
        self.headers: list[tuple[str, int, int]] = []
        """Each section's path, and where its header stands."""
        self.entries: Counter[str] = Counter()

    def document(self) -> None:
        section = ""
        while True:
            self.take(_BLANK)
            if self.at >= len(self.text):
                return
            if self.peek("["):
                found = self.header()
                if found is None:
                    return
                section = found
            elif not self.pair(section, depth=0):
                return
            self.take(_REST_OF_LINE)

    def header(self) -> str | None:
        """``[a.b]`` or ``[[a]]``: the path of the section it opens."""
        start, many = self.at, self.peek("[[")
        self.at += 2 if many else 1
        names = self.names()
        if not names:
            return None
        path = ""
        for place, name in enumerate(names):
            path = _join(path, name)
            if many and place == len(names) - 1:
                self.entries[path] += 1
            if self.entries[path]:
                path = f"{path}[{self.entries[path] - 1}]"
        self.note(path, start)
        self.take(_CLOSING)
        self.headers.append((path, start, self.at))
        return path

    def pair(self, section: str, depth: int) -> bool:
        """``key = value``; False when it is none."""
        self.take(_BLANK)
        start, names = self.at, self.names()
        if not names or not self.peek("="):
            return False
        self.at += 1
        path = section
        for name in names:
            path = _join(path, name)
            self.note(path, start)
        self.take(_SPACES)
        begin = self.at
        self.value(path, depth)
        self.values.setdefault(path, (begin, begin + len(self.text[begin : self.at].rstrip())))
        return True

    def value(self, path: str, depth: int) -> None:
        self.take(_SPACES)
        if depth < _DEEPEST and self.peek("["):
            self.array(path, depth + 1)
        elif depth < _DEEPEST and self.peek("{"):
            self.inline(path, depth + 1)
        elif not self.take(_STRING):
            self.take(_SCALAR)

    def array(self, path: str, depth: int) -> None:
        self.at += 1
        index = 0
        while self.more("]"):
            before = self.at
            self.note(f"{path}[{index}]", self.at)
            self.value(f"{path}[{index}]", depth)
            self.take(_BLANK)
            index += self.peek(",")
            self.at += self.peek(",")
            if self.at == before:
                return

    def inline(self, path: str, depth: int) -> None:
        self.at += 1
        while self.more("}"):
            if not self.pair(path, depth):
                return
            self.take(_BLANK)
            self.at += self.peek(",")

    def more(self, closing: str) -> bool:
        """True while there are items; steps over the closing bracket when there are none."""
        self.take(_BLANK)
        if self.peek(closing):
            self.at += 1
            return False
        return self.at < len(self.text)

    def names(self) -> list[str]:
        """A dotted key: its names, unquoted."""
        found: list[str] = []
        while (match := _NAME.match(self.text, self.at)) is not None:
            found.append(_unquoted(match[1]))
            self.at = match.end()
            if not self.peek("."):
                break
            self.at += 1
        return found

    def take(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        if match is None:
            return False
        self.at = match.end()
        return True

    def peek(self, mark: str) -> bool:
        return self.text.startswith(mark, self.at)

    def note(self, path: str, start: int) -> None:
        self.lines.setdefault(path, self.text.count("\n", 0, start) + 1)


def _join(path: str, name: str) -> str:
    return f"{path}.{spelt(name)}" if path else spelt(name)


def _unquoted(name: str) -> str:
    if name.startswith("'"):
        return name[1:-1]
    if not name.startswith('"'):
        return name
    try:
        return str(json.loads(name))
    except ValueError:  # an escape that JSON does not have (\U0001F600): the name is shown as it stands
        return name[1:-1]
