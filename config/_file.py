"""One configuration file: read, parsed, and laid over the settings."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from config._locate import locate
from config._problem import Origin, Problem
from config._settings import Settings

# tomllib's words, and what they mean to someone who did not write the grammar.
_PLAIN: tuple[tuple[str, str], ...] = (
    ("Cannot overwrite a value", "this key is set twice in this file"),
    ("Cannot declare", "this section is in this file twice"),
    ("Cannot mutate immutable namespace", "this section was already given as { … } and cannot be added to"),
    ("Invalid value", 'the value cannot be read; text needs quotes, as in key = "text"'),
    ("Expected '=' after a key", "a line is either key = value, [section] or # comment"),
    ("Invalid statement", "a line is either key = value, [section] or # comment"),
    ("Invalid initial character for a key part", "a line is either key = value, [section] or # comment"),
    ("Expected newline or end of document", 'there is more on the line than one value; text needs quotes: "text"'),
    ("Expected ']' at the end of a table", "the closing ] of the section is missing"),
    ("Expected ']]' at the end of an array", "the closing ]] of the section is missing"),
    ("Unclosed array", "the closing ] of a list is missing, or a comma in it"),
    ("Unclosed inline table", "the closing } is missing, or a comma before it"),
    ("Unterminated string", "the closing quote is missing"),
    ("Illegal character '\\n'", "the closing quote is missing"),
    ("Unescaped '\\' in a string", "a \\ in quotes is written \\\\, or the text in single quotes"),
    ("Invalid hex value", "a \\ in quotes is written \\\\, or the text in single quotes"),
)
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def read_into(settings: Settings, file: Path, *, may_be_missing: bool = False) -> None:
    """Lay ``file`` over ``settings``; what is wrong with it becomes problems there."""
    name = str(file)
    try:
        text = file.read_bytes().decode("utf-8-sig")  # editors on Windows put a byte order mark before the text
        document = tomllib.loads(text)
    except OSError as error:
        if may_be_missing and isinstance(error, FileNotFoundError):
            return
        settings.problems.append(Problem(name, None, "", f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        settings.problems.append(Problem(name, line, "", "not UTF-8 text; save the file as UTF-8"))
    except RecursionError:
        settings.problems.append(Problem(name, None, "", "lists or tables are nested too deeply"))
    except ValueError as error:
        settings.problems.append(_syntax_problem(name, text, str(error)))
    else:
        lines = locate(text)
        settings.merge(document, lambda key: Origin(name, lines.get(key, lines.get(f"{key}[0]")), key))


def _syntax_problem(name: str, text: str, told: str) -> Problem:
    place = _PLACE.search(told)
    last = text.rstrip().count("\n") + 1
    line = int(place[1]) if place and place[1] else last
    words = next((plain for start, plain in _PLAIN if told.startswith(start)), _PLACE.sub("", told))
    return Problem(name, line, "", words)
