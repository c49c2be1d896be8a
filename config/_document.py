"""The documents that the schema and the codes write: tables of keys and of errors, and the example file."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence

from config._errors import Code
from config._keys import KeyDoc, told
from config._tree import Key, Section, tree
from config._words import example, spelt, toml

_BLOCK = re.compile(r"(<!-- (keys|codes) (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)

EXAMPLE_HEAD = """\
# ooh-player: the settings of one screen.
#
# Every key is below, commented out, with its default. Take the # away and change the value,
# or let  sudo ooh-player setup  ask for what matters and write it here.
# Then:   ooh-player check          finds mistakes, each with its line
#         ooh-player reload         has the running player read it, if it has none
#         ooh-player config show    tells every value in force and where it came from
#         ooh-player doctor         looks at the whole machine and says what to do
# Secrets never stand here: the *_file keys name the files that hold them.
"""

_SAMPLES = {
    "layout.template": (
        'name = "sidebar"\nfor_screens = ["landscape"]\nfor_creatives = ["300x250", "4:3"]\n'
        'creative = "0 0 67.5% 100%"\npanels = ["weather scores: 68.75% 2.5% 30% 62.5%", "clock: 68.75% 67.5% 30% 30%"]'
    ),
    "exchange": 'url = "https://exchange.example/openrtb"\npublisher = "4711"\nfloor_cpm = 2.50\ncurrency = "EUR"',
    "loop": (
        '[[loop]]                  # the house ads, from six in the morning to ten\nkind = "house"\n'
        'creatives = ["/srv/house/breakfast-*.png"]\nstarts = "06:00"\nends = "10:00"\n\n'
        '[[loop]]                  # weather, scores and the clock on the whole screen\nkind = "content"\nseconds = 8'
    ),
}


def filled(text: str) -> str:
    """A Markdown text with every block ``<!-- keys screen --> … <!-- end -->`` written anew."""
    return _BLOCK.sub(lambda block: f"{block[1]}\n{_block(block[2], block[3])}\n{block[4]}", text)


def key_table(section: Section) -> str:
    """The Markdown table of one section's own keys."""
    rows = [_key_row(told(part)) for part in section.parts.values() if isinstance(part, Key)]
    return _table(("Key", "Type", "Default", "Allowed", "What it does"), rows)


def code_table(group: str) -> str:
    """The Markdown table of the codes that begin with ``group``."""
    rows = [(f"`{code.code}`", code.meaning, code.next_step) for code in Code if code.code.startswith(f"{group}.")]
    return _table(("Code", "What it means", "What to do"), rows)


def example_file() -> str:
    """``player.toml`` with every section open and every key commented out at its default."""
    return EXAMPLE_HEAD + "".join(_example_section(section) for section in tree().every_section())


def _block(kind: str, name: str) -> str:
    if kind == "codes":
        return code_table(name)
    return key_table(next(section for section in tree().every_section() if section.name == name))


def _key_row(doc: KeyDoc) -> tuple[str, ...]:
    default = "not set" if doc.default == "none" else f"`{doc.default}`"
    return f"`{doc.key.rpartition('.')[2]}`", doc.type, default, doc.allowed, doc.description


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _example_section(section: Section) -> str:
    own = [part for part in section.parts.values() if isinstance(part, Key)]
    if not own:
        return ""
    # One exchange is the rule, and [exchange] lets player.d change its keys; slots are several from the start.
    header = f"[{section.name}]" if section.default == () else section.header
    lines = ["", "", f"# {inspect.cleandoc(section.shape.__doc__ or '')}", header]
    if section.name in _SAMPLES:
        again = f"Write {section.header} again for each further one. " if section.header == header else ""
        lines += [f"# {again}For example:", *(f"#     {line}".rstrip() for line in _SAMPLES[section.name].splitlines())]
    for key in own:
        lines += ["", *_example_key(key)]
    return "\n".join(lines).removeprefix("\n") + "\n"


def _example_key(key: Key) -> Iterator[str]:
    doc = told(key)
    yield f"# {doc.description}"
    if key.default is None:
        yield f"# Allowed: {doc.allowed}. Not set by default."
        yield f"# {spelt(key.name.rpartition('.')[2])} = {toml(example(key.hint))}"
    else:
        yield f"# Allowed: {doc.allowed}."
        yield f"# {spelt(key.name.rpartition('.')[2])} = {doc.default}"
